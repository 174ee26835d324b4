"""checkov on what it cannot read: a plan is made for it, and what it finds is told of the program's own lines."""

import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from checker.app import Choices, check
from checker.collect.as_plan.declared import Declared
from checker.collect.as_plan.document import Plan, plan_of
from checker.collect.catalog import Recognised
from checker.collect.checkov.planned import run_planned
from checker.collect.checkov.run import Checkov
from checker.collect.source import FileSourceSpec, Inputs, Progress, silent
from checker.collect.terraform.instance import Instance
from checker.errors import UsageError
from checker.model.call import Listed
from checker.model.fact import Missing
from checker.model.finding import Verdict
from checker.model.record import Collection, Origin

PROGRAM = Path("shop/__main__.py")
URN = "urn:pulumi:prod::shop::aws:rds/instance:Instance::main"
SECRET = Missing("aws_db_instance.main: password (a secret)")
UNKNOWN = Missing("aws_db_instance.main: storageEncrypted (known after the update)")
DATABASE = Instance(
    address="aws_db_instance.main",
    type="aws_db_instance",
    values={"publicly_accessible": True, "password": SECRET, "storage_encrypted": UNKNOWN},
    origin=Origin("made", PROGRAM.as_posix(), 31, URN),
)
DECLARED = Declared(instances=(DATABASE,))


def finding(address: str, **more: object) -> Mapping[str, object]:
    return {"check_id": "CKV_AWS_17", "resource_address": address, "file_line_range": [0, 0], **more}


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """Return the file in which a stub of checkov writes down the plan that it was given."""
    return tmp_path / "seen.json"


def stub(folder: Path, seen: Path, *found: Mapping[str, object], code: int = 0, unread: bool = False) -> Checkov:
    """Return a checkov that is a program of ours; each finding is told of the plan's own file, as checkov does."""
    program = f"""
import json, os, sys
file = next(word for word in sys.argv if word.startswith("--file=")).removeprefix("--file=")
state = os.stat(file)
kept = {{"file": file, "mode": state.st_mode, "folder": os.stat(os.path.dirname(file)).st_mode}}
kept["plan"] = json.load(open(file))
open({str(seen)!r}, "w").write(json.dumps(kept))
found = [{{**one, "file_path": file}} for one in json.loads({json.dumps(json.dumps(found))})]
results = {{"failed_checks": found, "parsing_errors": [file] if {unread} else []}}
print(json.dumps({{"results": results}}))
print("cannot read", file, file=sys.stderr)
sys.exit({code})
"""
    own = folder / "stub.py"
    own.write_text(program, encoding="utf-8")
    return Checkov((sys.executable, str(own)), 20)


def made() -> Plan:
    return plan_of(DECLARED)


def test_finding_is_told_of_the_resource_in_the_program(tmp_path: Path, seen: Path) -> None:
    run = run_planned(stub(tmp_path, seen, finding("aws_db_instance.main")), made(), PROGRAM.parent, os.environ)
    [found] = run.findings

    assert (found.address, found.file, found.line) == (URN, "shop/__main__.py", 31)
    assert run.path == "shop"
    # The secret is set, so that alone is not counted as something that checkov cannot see.
    assert run.unknown == 1


def test_finding_on_no_resource_is_told_of_the_path(tmp_path: Path, seen: Path) -> None:
    run = run_planned(stub(tmp_path, seen, finding("aws.default")), made(), PROGRAM.parent, os.environ)
    [found] = run.findings

    assert (found.address, found.file, found.line) == ("aws.default", "shop", None)


def test_plan_is_its_owners_alone_and_gone_afterwards(tmp_path: Path, seen: Path) -> None:
    run_planned(stub(tmp_path, seen), made(), PROGRAM.parent, os.environ)
    kept = json.loads(seen.read_text(encoding="utf-8"))

    assert [stat.S_IMODE(kept[part]) & 0o077 for part in ("mode", "folder")] == [0, 0]
    assert kept["plan"]["resource_changes"][0]["address"] == "aws_db_instance.main"
    assert not Path(kept["file"]).parent.exists()


def test_plan_is_gone_after_a_run_that_failed_and_is_not_named(tmp_path: Path, seen: Path) -> None:
    run = run_planned(stub(tmp_path, seen, code=2, unread=True), made(), PROGRAM.parent, os.environ)

    assert run.error == "exit code 2: cannot read the plan made of it"
    assert run.unread == ("shop",)
    assert not Path(json.loads(seen.read_text(encoding="utf-8"))["file"]).exists()


class Program:
    """A source of a program, which counts how often it is run; an input that tells no instances is none of these."""

    def __init__(self) -> None:
        self.runs = 0
        self._declared: Declared | None = None

    def declared(self, progress: Progress) -> Declared:
        if self._declared is None:
            self.runs += 1
            self._declared = DECLARED
        return self._declared

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        self.declared(progress)
        return Collection("made")


class Silent:
    """A source that tells no instances."""

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        return Collection("silent")


def input_of(*sources: Program | Silent, path: Path) -> list[Recognised]:
    """Return an input whose source is the next of `sources` each time that it is opened."""
    left = iter(sources)
    spec = FileSourceSpec(
        name="made", looks_for="", recognise=lambda _path, _kinds: None, open=lambda _paths, _inputs: next(left)
    )
    return [Recognised(path, spec, "a made program")]


def test_program_is_run_once_for_us_and_for_checkov(tmp_path: Path, seen: Path) -> None:
    program = Program()
    found = stub(tmp_path, seen, finding("aws_db_instance.main", check_name="Open"))
    report = check(input_of(program, path=tmp_path), Choices(), silent, Inputs(), found)
    [result] = [one for one in report.results if one.rule == "CKV_AWS_17"]

    assert program.runs == 1
    assert result.verdict is Verdict.FAIL
    assert result.subject.origin == Origin("checkov", "shop/__main__.py", 31, URN)
    [note] = [note for note in report.notes if "checkov" in note]
    assert note.startswith(f"1 value of {tmp_path} is not known")


def test_source_that_tells_no_instances_is_wrong_usage(tmp_path: Path, seen: Path) -> None:
    with pytest.raises(UsageError, match="checkov does not read a made program"):
        check(input_of(Silent(), path=tmp_path), Choices(), silent, Inputs(), stub(tmp_path, seen))

    assert not seen.exists()

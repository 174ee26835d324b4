"""How checkov is run, and what is made of its answer; a small program stands in for it."""

import json
import os
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.collect.checkov.answer import parse
from checker.collect.checkov.run import Checkov, checkov_at, run
from checker.errors import UsageError
from checker.model.finding import Severity

FAILED = {
    "check_id": "CKV_AWS_17",
    "check_name": "Ensure RDS is not publicly accessible",
    "resource": "aws_db_instance.main",
    "resource_address": None,
    "file_path": "/main.tf",
    "file_line_range": [3, 9],
    "severity": None,
    "guideline": "https://docs.prismacloud.io/x",
    "code_block": [[4, 'password = "hunter2"']],
}
REPORT = {
    "check_type": "terraform",
    "results": {"failed_checks": [FAILED], "passed_checks": [{}], "skipped_checks": [{}, {}], "parsing_errors": []},
}
Stub = Callable[[str], Checkov]


@pytest.fixture
def stub(tmp_path: Path) -> Stub:
    """Return a maker of a checkov that is a program of ours."""

    def make(program: str, seconds: float = 20) -> Checkov:
        file = tmp_path / "stub.py"
        file.write_text(f"import json, os, sys, time\n{program}\n", encoding="utf-8")
        return Checkov((sys.executable, str(file)), seconds)

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder as it could come with a pull request."""
    infra = tmp_path / "infra"
    infra.mkdir()
    (infra / ".checkov.yaml").write_text("skip-check: [CKV_AWS_17]\n", encoding="utf-8")
    return infra


def said(stub: Stub, folder: Path, *, is_plan: bool = False, **environment: str) -> dict[str, object]:
    """Return what a program sees that is run in the place of checkov."""
    out = folder.parent / "seen.json"
    program = f"""
seen = {{"argv": sys.argv[1:], "cwd": os.listdir("."), "home": os.listdir(os.environ["HOME"]), "env": dict(os.environ)}}
open({str(out)!r}, "w").write(json.dumps(seen))
print({json.dumps(REPORT)!r})
"""
    assert not run(stub(program), folder, {**os.environ, **environment}, is_plan=is_plan).error
    return dict(json.loads(out.read_text(encoding="utf-8")))


def test_folder_is_given_so_that_its_configuration_is_not_loaded(stub: Stub, folder: Path) -> None:
    seen = said(stub, folder)

    # checkov 3.3.30 looks for `-d` and `--directory` as words of their own to find a folder's .checkov.yaml.
    assert f"--directory={folder}" in seen["argv"]  # type: ignore[operator]  # a list
    assert not {"-d", "--directory", "--config-file"} & set(seen["argv"])  # type: ignore[call-overload]  # as above
    assert (seen["cwd"], seen["home"]) == ([], [])


def test_environment_brings_no_settings(stub: Stub, folder: Path) -> None:
    seen = said(
        stub,
        folder,
        CKV_SKIP_CHECK="CKV_AWS_17",
        BC_API_KEY="secret",
        PYTHONPATH=str(folder),
        DOWNLOAD_EXTERNAL_MODULES="true",
    )["env"]

    assert isinstance(seen, dict)
    assert not {"CKV_SKIP_CHECK", "BC_API_KEY", "PYTHONPATH", "DOWNLOAD_EXTERNAL_MODULES"} & seen.keys()


def test_plan_is_given_as_a_file(stub: Stub, folder: Path) -> None:
    plan = folder / "plan.json"
    plan.write_text("{}", encoding="utf-8")
    out = folder.parent / "argv"
    checkov = stub(f"open({str(out)!r}, 'w').write(' '.join(sys.argv[1:])); print({json.dumps(REPORT)!r})")
    found = run(checkov, plan, os.environ, is_plan=True)

    assert out.read_text(encoding="utf-8").startswith(f"--file={plan} --framework=terraform_plan")
    assert [one.file for one in found.findings] == [str(plan)]


def test_finding_is_read_and_no_code_of_it(folder: Path) -> None:
    run_ = parse(json.dumps(REPORT), folder)
    [found] = run_.findings

    assert (found.check, found.address, found.line) == ("CKV_AWS_17", "aws_db_instance.main", 3)
    assert found.file == (folder / "main.tf").as_posix()
    assert found.severity is None
    assert (run_.passed, run_.skipped) == (1, 2)
    assert "hunter2" not in repr(run_)


def test_list_of_reports_is_read(folder: Path) -> None:
    other = {**FAILED, "check_id": "CKV2_AWS_5", "severity": "CRITICAL"}
    second = {"check_type": "terraform", "results": {"failed_checks": [other], "parsing_errors": ["/bad.tf"]}}
    found = parse(json.dumps([REPORT, second]), folder)

    assert [one.check for one in found.findings] == ["CKV_AWS_17", "CKV2_AWS_5"]
    assert found.findings[1].severity is Severity.HIGH
    assert found.unread == ((folder / "bad.tf").as_posix(),)


def test_nothing_to_check_is_an_answer(folder: Path) -> None:
    empty = {"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0}

    assert parse(json.dumps(empty), folder).findings == ()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "[1]",
        "null",
        "Traceback",
        '{"results": {"failed_checks": {}}}',
        '{"results": {"failed_checks": [{}]}}',
    ],
)
def test_answer_that_is_none_is_an_error(stub: Stub, folder: Path, answer: str) -> None:
    found = run(
        stub(f"print({answer!r}); print('no such thing', file=sys.stderr); sys.exit(2)"),
        folder,
        os.environ,
        is_plan=False,
    )

    assert "cannot be read" in found.error
    assert "exit code 2: no such thing" in found.error


@pytest.mark.parametrize(("code", "is_well"), [(0, True), (1, True), (2, False), (70, False)])
def test_answer_of_a_run_that_did_not_end_well_is_not_the_whole_one(
    stub: Stub, folder: Path, code: int, is_well: bool
) -> None:
    program = f"print({json.dumps(REPORT)!r}); print('killed', file=sys.stderr); sys.exit({code})"
    found = run(stub(program), folder, os.environ, is_plan=False)

    assert found.error == ("" if is_well else f"exit code {code}: killed")
    assert found.findings


def test_counts_of_failures_without_the_failures_are_no_answer(folder: Path) -> None:
    with pytest.raises(ValueError, match="without results"):
        parse('{"passed": 0, "failed": 3, "skipped": 0}', folder)


def test_run_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path, folder: Path) -> None:
    mark = tmp_path / "alive"
    child = f"import time; time.sleep(2); open({str(mark)!r}, 'w')"
    file = tmp_path / "slow.py"
    file.write_text(
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {child!r}])\ntime.sleep(60)\n",
        encoding="utf-8",
    )
    before = time.monotonic()
    found = run(Checkov((sys.executable, str(file)), 0.8), folder, os.environ, is_plan=False)

    assert "more than 0.8 seconds" in found.error
    assert time.monotonic() - before < 10
    time.sleep(2)
    assert not mark.exists()


def test_program_that_is_not_there_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="there is no program nothing-like-it"):
        checkov_at("nothing-like-it --x", 10, {"PATH": "/usr/bin"})


@pytest.mark.parametrize(
    ("command", "seconds"),
    [("", 10), ("  ", 10), ("checkov", 0), ("checkov", float("inf")), ("checkov", float("nan")), ("checkov 'x", 10)],
)
def test_command_that_cannot_be_meant(command: str, seconds: float) -> None:
    with pytest.raises(UsageError):
        checkov_at(command, seconds, {"PATH": "/usr/bin"})


def test_bare_name_is_not_looked_for_in_the_folder_that_is_judged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = folder / "checkov"
    planted.write_text("#!/bin/sh\n", encoding="utf-8")
    planted.chmod(planted.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(folder)

    for path in (".", "", f".{os.pathsep}/nowhere"):
        with pytest.raises(UsageError):
            checkov_at("checkov", 10, {"PATH": path})
    # A path is the user's own word.
    assert checkov_at("./checkov --skip-check X", 10, {"PATH": ""}).command == (str(planted), "--skip-check", "X")

"""`tierproof export`: what goes to stdout and to files, what is told on stderr, and how it ends."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checker.app import Choices, check, judge, prepare, recognised
from checker.cli.main import application
from checker.collect.as_plan.document import plan_of
from checker.collect.as_plan.values import HIDDEN
from checker.collect.pulumi_program.source import source_of
from checker.collect.source import Execution, Inputs, silent
from checker.model.finding import Verdict
from checker.model.report import Report
from checker.resources.catalog import kinds

ROOT = Path(__file__).parents[2]
STACK = "urn:pulumi:prod::shop::"
DATABASE = "aws:rds/instance:Instance"


def step(token: str, name: str, **inputs: object) -> Mapping[str, object]:
    """Return a step of a preview that makes a resource."""
    urn = f"{STACK}{token}::{name}"
    state = {"urn": urn, "custom": ":" in token.removeprefix("shop:"), "type": token, "inputs": inputs}
    return {"op": "create", "urn": urn, "newState": state}


def preview(folder: Path, *steps: Mapping[str, object], same: int = 0) -> Path:
    """Write a preview, which leaves out `same` resources that stay as they are."""
    counted = {"create": len(steps), **({"same": same} if same else {})}
    file = folder / "preview.json"
    file.write_text(json.dumps({"config": {"aws:region": "eu-west-1"}, "steps": steps, "changeSummary": counted}))
    return file


def export(*arguments: object) -> Result:
    return CliRunner().invoke(application(), ["export", *map(str, arguments), "--as", "terraform-plan"])


def test_stdout_is_the_plan_alone(tmp_path: Path) -> None:
    file = preview(tmp_path, step(DATABASE, "main", engine="mysql", password="[secret]", allocatedStorage=20))
    done = export(file)
    [resource] = json.loads(done.stdout)["planned_values"]["root_module"]["resources"]

    assert done.exit_code == 0
    assert resource["address"] == "aws_db_instance.main"
    assert resource["values"] == {"engine": "mysql", "password": HIDDEN, "allocated_storage": 20}
    assert resource["sensitive_values"] == {"password": True}
    assert "1 resource or look-up exported" in done.stderr


def test_file_is_written_and_nothing_said(tmp_path: Path) -> None:
    file, plan = preview(tmp_path, step(DATABASE, "main", engine="mysql")), tmp_path / "plan.json"
    done = export(file, "--output", plan, "--quiet")

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "")
    assert [one.what for one in recognised([plan])] == ["a Terraform plan (format 1.2)"]


def test_what_could_not_be_read_is_told_even_if_quiet_and_in_the_exit_code(tmp_path: Path) -> None:
    file = preview(tmp_path, step(DATABASE, "main", engine="mysql"), same=3)
    done = export(file, "--quiet")

    assert done.exit_code == 4
    assert "not exported: the rest of" in done.stderr
    assert "--show-sames" in done.stderr
    assert json.loads(done.stdout)["complete"] is False


def test_types_without_a_name_in_terraform_are_told(tmp_path: Path) -> None:
    password = step("random:index/randomPassword:RandomPassword", "password", length=16)
    done = export(preview(tmp_path, step(DATABASE, "main", engine="mysql"), password))

    assert done.exit_code == 0
    assert "not exported: 1 of random:index/randomPassword:RandomPassword" in done.stderr
    assert len(json.loads(done.stdout)["resource_changes"]) == 1


def test_source_that_tells_no_resources_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "vpcs.json").write_text('{"Vpcs": []}', encoding="utf-8")
    done = export(tmp_path)

    assert done.exit_code == 2
    assert "cannot be exported" in done.stderr


@pytest.mark.parametrize(("place", "why"), [("", "this is a folder"), ("none/plan.json", "there is no folder")])
def test_place_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path, place: str, why: str) -> None:
    done = export(tmp_path / "not-there", "--output", tmp_path / place)

    assert done.exit_code == 2
    assert why in done.stderr


def verdicts(report: Report, addresses: Mapping[str, str]) -> list[tuple[str, str, Verdict]]:
    """Return each rule's verdict with the address of its subject, or its kind where it has none."""
    found = []
    for one in report.results:
        address = (one.subject.origin.address if one.subject.origin else None) or one.subject.kind
        found.append((one.rule, addresses.get(address, address), one.verdict))
    return sorted(found, key=str)


def test_exported_program_gets_the_verdicts_of_the_program(tmp_path: Path) -> None:
    how = Execution(stack="dev", python=Path(sys.executable), seconds=120)
    source = source_of((ROOT,), Inputs(execution=how))
    written = judge(source.collect(kinds()), prepare(Choices()))
    plan = plan_of(source.declared(silent))
    addresses = {one.origin.address or "": address for address, one in plan.instances.items()}
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan.document), encoding="utf-8")
    read = check(recognised([file]), Choices())

    assert verdicts(read, {}) == verdicts(written, addresses)
    assert read.exit_codes == written.exit_codes
    assert len(read.results) > 60

"""`tierproof check --with-checkov` with a real checkov, on a folder that tries to switch it off."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application
from tests.policies.bridge import write_plan, write_program

PUBLIC = 'resource "aws_db_instance" "main" {\n  engine = "mysql"\n  publicly_accessible = true\n}\n'


def judged(*arguments: str) -> tuple[int, Mapping[str, list[dict[str, object]]]]:
    done = CliRunner().invoke(application(), ["check", *arguments, "--format", "json", "--quiet"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.checkov
def test_configuration_of_the_tree_is_not_loaded(checkov: str, tmp_path: Path) -> None:
    infra, ran = tmp_path / "infra", tmp_path / "ran"
    (infra / "checks").mkdir(parents=True)
    (infra / "main.tf").write_text(PUBLIC, encoding="utf-8")
    (infra / "checks" / "__init__.py").write_text("", encoding="utf-8")
    (infra / "checks" / "owned.py").write_text(f"open({str(ran)!r}, 'w')\n", encoding="utf-8")
    settings = f"soft-fail: true\nskip-check: [CKV_AWS_17]\nexternal-checks-dir: [{infra / 'checks'}]\n"
    (infra / ".checkov.yaml").write_text(settings, encoding="utf-8")
    code, report = judged(str(infra), "--with-checkov", "--checkov-command", checkov)
    [found] = [one for one in report["results"] if one["rule"] == "CKV_AWS_17"]

    assert code != 0
    assert found["verdict"] == "FAIL"
    assert not ran.exists()


@pytest.mark.checkov
def test_options_of_the_command_are_its_own(checkov: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PUBLIC, encoding="utf-8")
    _, report = judged(str(tmp_path), "--with-checkov", "--checkov-command", f"{checkov} --check CKV_AWS_17")

    assert {one["id"] for one in report["rules"] if one["source"] == "checkov"} == {"CKV_AWS_17"}


@pytest.mark.checkov
def test_folder_and_plan_give_the_same_findings(checkov: str, tmp_path: Path) -> None:
    ids = []
    for path in (write_program(tmp_path), write_plan(tmp_path)):
        command = f"{checkov} --check CKV_AWS_16,CKV_AWS_157"
        _, report = judged(str(path), "--with-checkov", "--checkov-command", command)
        theirs = [one for one in report["results"] if str(one["rule"]).startswith("CKV_")]
        ids.append({(one["rule"], one["subject"]["address"]) for one in theirs})  # type: ignore[index]  # a subject

    assert ids[0] == ids[1] >= {("CKV_AWS_16", "aws_db_instance.main"), ("CKV_AWS_16", "aws_db_instance.spare")}


def test_input_that_checkov_does_not_read_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "vpcs.json").write_text('{"Vpcs": []}', encoding="utf-8")
    done = CliRunner().invoke(
        application(), ["check", str(tmp_path), "--with-checkov", "--checkov-command", "/bin/true"]
    )

    assert done.exit_code == 2
    assert "checkov does not read" in done.stderr


def test_checkov_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PUBLIC, encoding="utf-8")
    done = CliRunner().invoke(
        application(), ["check", str(tmp_path), "--with-checkov", "--checkov-command", "/no/checkov"]
    )

    assert done.exit_code == 2
    assert "there is no program /no/checkov" in done.stderr


def test_checkov_that_fails_is_never_green(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(PUBLIC, encoding="utf-8")
    code, report = judged(
        str(tmp_path), "--with-checkov", "--checkov-command", "/bin/false", "--allow-unknown", "--allow-no-stack"
    )

    assert code == 5
    assert [one["verdict"] for one in report["results"] if one["rule"] == "CHECKOV"] == ["ERROR"]
    assert [one["status"] for one in report["coverage"] if one["source"] == "checkov"] == ["failed"]

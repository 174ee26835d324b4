"""`tierproof demo`: each of its six faults is found, in its own stack and nowhere else."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application

pytestmark = pytest.mark.slow

FOUND = {
    ("FAIL", "AZ003", "shop-bad-cache"),
    ("FAIL", "EDG001", "shop-bad-alb:8080"),
    ("FAIL", "NET001", "shop-bad-alb"),
    ("FAIL", "NET005", "shop-bad-db"),
    ("FAIL", "NET005", "shop-bad-db-replica"),
    ("FAIL", "SES001", "shop-bad-app"),
    ("FAIL", "SES002", "shop-bad-alb"),
    ("UNKNOWN", "NET004", "shop-bad-cache"),
}
DENIED = "ec2:GetManagedPrefixListEntries"


def test_six_faults_are_found_in_the_second_shop_only(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"

    done = CliRunner().invoke(application(), ["demo", "--format", "text", "--format", f"json={file}"])

    report = json.loads(file.read_text(encoding="utf-8"))
    open_ = [each for each in report["results"] if each["verdict"] in {"FAIL", "UNKNOWN", "ERROR"}]
    good = next(stack["id"] for stack in report["stacks"] if stack["name"] == "shop-good-alb")
    found = {(each["verdict"], each["rule"], each["subject"]["name"] or each["subject"]["id"]) for each in open_}
    assert done.exit_code == 0
    assert found >= FOUND
    assert {each for each in found - FOUND if each[0] != "UNKNOWN"} == set()
    assert [each["rule"] for each in open_ if each["stack"] == good] == []
    assert {line["item"] for line in report["coverage"] if line["status"] == "denied"} == {DENIED}
    assert f"{DENIED} denied" in done.stdout
    assert "jump-host" in done.stdout
    assert "It ends with 0" in done.stderr


def test_the_bad_commit_breaks_three_rules_at_its_own_lines(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"

    done = CliRunner().invoke(application(), ["demo", "--pull-request", "--format", f"json={file}"])

    report = json.loads(file.read_text(encoding="utf-8"))
    open_ = [each for each in report["results"] if each["verdict"] not in {"PASS", "NOT_APPLICABLE"}]
    places = {(step["file"], step["line"]) for each in open_ for step in each["path"]}
    assert done.exit_code == 0
    assert {(each["verdict"], each["rule"]) for each in open_} == {
        ("FAIL", "APP003"),
        ("FAIL", "NET003"),
        ("FAIL", "NET009"),
    }
    assert {name for name, _ in places} >= {"shop/app.tf", "shop/security.tf"}
    assert "main: PASS: 0 failed, 0 unknown" in done.stderr
    assert "+  cidr_ipv4" not in done.stdout  # the report alone is on stdout
    assert "would have ended with 1" in done.stderr


def test_nothing_of_a_pull_request_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    CliRunner().invoke(application(), ["demo", "--pull-request", "--quiet"])

    assert not list(tmp_path.iterdir())

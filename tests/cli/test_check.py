"""`tierproof check`: the same verdicts from files as from the account, and paths that cannot be meant."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.app import Choices, audit, check, collect, recognised
from checker.cli.main import application
from checker.collect.aws.settings import LiveSettings
from checker.demo import changes, faults, shop
from checker.demo.account import session_in
from checker.demo.emulator.embedded import embedded
from checker.model.finding import Result, Verdict
from checker.model.report import Report
from tests.collect.exporting import export

REGION = "us-east-1"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Saved:
    """The report of the demonstration's account, and the same account in files."""

    report: Report
    denied: Report
    folder: Path


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """Build the two shops of the demonstration and save them in every way."""
    folder, live = tmp_path_factory.mktemp("saved"), LiveSettings(regions=(REGION,))
    with embedded(REGION) as aws:
        session = session_in(REGION)
        shop.build(session, "shop-good")
        changes.apply(session, shop.build(session, "shop-bad"), faults.CHANGES)
        export(session, folder / "export")
        collect(live, folder / "snapshot", now=NOW)
        report = audit(live, Choices())
        aws.faults = [faults.DENIED]
        collect(live, folder / "denied", now=NOW)
        yield Saved(report, audit(live, Choices()), folder)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), list(arguments))
    return result.exit_code, result.stdout, result.stderr


def verdicts(report: Report) -> Mapping[str, tuple[Verdict, str, object]]:
    def told(result: Result) -> tuple[Verdict, str, object]:
        return result.verdict, result.message, result.witness

    return {result.key: told(result) for result in report.results}


@pytest.mark.parametrize("name", ["export", "snapshot"])
def test_files_have_the_verdicts_of_the_account(saved: Saved, name: str) -> None:
    report = check(recognised([saved.folder / name]), Choices())

    assert verdicts(report) == verdicts(saved.report)
    assert report.exit_codes == saved.report.exit_codes


def test_denied_call_is_as_unknown_in_the_snapshot(saved: Saved) -> None:
    report = check(recognised([saved.folder / "denied"]), Choices())

    assert verdicts(report) == verdicts(saved.denied)
    assert any(result.verdict is Verdict.UNKNOWN for result in report.results)


def test_export_in_two_folders_is_judged_as_one(saved: Saved, tmp_path: Path) -> None:
    for path in (saved.folder / "export").iterdir():
        part = tmp_path / ("network" if path.name.startswith("ec2") else "rest")
        part.mkdir(exist_ok=True)
        (part / path.name).write_bytes(path.read_bytes())

    report = check(recognised([tmp_path / "network", tmp_path / "rest"]), Choices())

    assert verdicts(report) == verdicts(saved.report)


@pytest.mark.parametrize("left_out", ["ec2-describe-network-acls", "ec2-describe-route-tables", "ec2-describe-subnets"])
def test_file_left_out_turns_no_verdict_to_pass(saved: Saved, tmp_path: Path, left_out: str) -> None:
    for path in (saved.folder / "export").iterdir():
        if path.stem != left_out:
            (tmp_path / path.name).write_bytes(path.read_bytes())

    report = check(recognised([tmp_path]), Choices())

    whole = verdicts(saved.report)
    wrong = [
        result.key
        for result in report.results
        if result.verdict is Verdict.PASS and result.key in whole and whole[result.key][0] is Verdict.FAIL
    ]
    assert wrong == []
    assert any(result.verdict is Verdict.UNKNOWN for result in report.results)


def test_command_says_what_it_recognised(saved: Saved) -> None:
    code, out, err = run("check", str(saved.folder / "snapshot"), "--format", "json")

    report = json.loads(out)
    assert code == saved.report.exit_code
    assert f"{saved.folder / 'snapshot'}: a snapshot" in err
    assert report["target"]["source"] == "snapshot"
    assert report["target"]["paths"] == [str(saved.folder / "snapshot")]
    assert report["collected_at"] == "2026-01-02T03:04:05+00:00"


def test_two_runs_are_equal(saved: Saved) -> None:
    first = run("check", str(saved.folder / "export"), "--format", "json")
    second = run("check", str(saved.folder / "export"), "--format", "json")

    assert first == second


def test_rules_can_be_chosen(saved: Saved) -> None:
    _, out, _ = run("check", str(saved.folder / "export"), "--select", "AZ002", "--format", "json", "--quiet")

    assert {result["rule"] for result in json.loads(out)["results"]} <= {"AZ002", "STACKS"}


@pytest.mark.parametrize(
    ("files", "arguments", "code", "message"),
    [
        ({}, [], 3, "nothing usable is there"),
        ({"v.json": '{"Vpcs": [}'}, [], 3, "v.json:1:11: this is not JSON"),
        ({"v.json": '{"Vpcs": []}'}, ["--from", "terraform"], 2, "no source of files is called 'terraform'"),
        ({"v.json": '{"Vpcs": []}'}, ["--from", "snapshot"], 3, "this is no snapshot: it has no manifest.json"),
        ({"v.json": f'{{"Vpcs": [{{"VpcId": {"9" * 5000}}}]}}'}, [], 3, "v.json:1:1: this is not JSON"),
        ({"v.json": "[" * 100_000}, [], 3, "v.json:1:1: this is not JSON: nested too deeply"),
        ({"v.json": '{"Vpcs": []}'}, ["--select", "NOPE"], 2, "NOPE"),
        ({"manifest.json": '{"format": "tierproof.snapshot/7"}'}, [], 2, "format version 7"),
        ({"manifest.json": f'{{"format": "tierproof.snapshot/{"1" * 5000}"}}'}, [], 3, "no manifest"),
        ({"manifest.json": f'{{"format": "tierproof.snapshot/1", "x": {"9" * 5000}}}'}, [], 3, "damaged"),
        ({"manifest.json": '{"format": "tierproof.snapshot/1", "x": ' + "[" * 100_000}, [], 3, "damaged"),
    ],
)
def test_bad_input(tmp_path: Path, files: Mapping[str, str], arguments: list[str], code: int, message: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")

    ended, _, err = run("check", str(tmp_path), *arguments)

    assert (ended, message in err) == (code, True), err


def test_path_that_is_not_there(tmp_path: Path) -> None:
    code, _, err = run("check", str(tmp_path / "gone"))

    assert code == 2
    assert "no such file or folder" in err


def test_links_to_nothing_are_told_and_pipes_passed_over(tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text('{"Vpcs": []}', encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.json")

    assert run("check", str(tmp_path))[0] == 4

    (tmp_path / "gone.json").symlink_to("nowhere.json")
    code, _, err = run("check", str(tmp_path))

    assert code == 3
    assert "gone.json: the file cannot be read: No such file or directory" in err


def test_folder_that_may_not_be_listed_is_no_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "v.json").write_text('{"Vpcs": []}', encoding="utf-8")
    (tmp_path / "closed").mkdir()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    code, _, err = run("check", str(tmp_path))

    assert code == 3
    assert "closed: the folder cannot be read: Permission denied" in err

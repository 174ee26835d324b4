"""`tierproof path` as its users meet it: an emulated account, usage errors, exit codes and formats."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from checker.app import collect
from checker.cli.main import application
from checker.collect.aws.settings import LiveSettings
from checker.demo import changes, faults, shop
from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "path.schema.json").read_text(encoding="utf-8"))
REGION = "us-east-1"


@pytest.fixture(scope="module")
def aws() -> Iterator[Emulator]:
    """Yield an emulated account with a shop that has the demonstration's faults."""
    with embedded(REGION) as emulator:
        session = boto3.Session(region_name=REGION)
        changes.apply(session, shop.build(session, "shop"), faults.CHANGES)
        emulator.faults = [faults.DENIED]
        yield emulator


@pytest.fixture(scope="module")
def snapshot(aws: Emulator, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the folder of a snapshot of the account."""
    folder = tmp_path_factory.mktemp("snapshot") / "shop"
    collect(LiveSettings(regions=(REGION,)), folder, now=datetime(2026, 11, 21, tzinfo=UTC))
    return str(folder)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), ["path", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("ends", "code", "word"),
    [
        (("internet", "shop-alb", "--port", "http"), 0, "REACHABLE  the internet -> shop-alb on tcp 80"),
        (("internet", "shop/app"), 1, "NOT REACHABLE  the internet -> shop-alb/app"),
        (("app", "shop-db", "--port", "5432"), 0, "REACHABLE  shop-alb/app -> shop-db on tcp 5432"),
        (("bastion", "data"), 0, "REACHABLE  bastion -> shop-alb/data"),
        (("bastion", "cache"), 4, "UNKNOWN  bastion -> shop-alb/cache"),
        (("--all", "shop-app"), 0, "shop-app reaches"),
        (("--who", "shop-db"), 0, "shop-db is reached by"),
        (("--who", "cache"), 4, "shop-alb/cache is reached by"),
    ],
)
def test_exit_code_and_first_line(snapshot: str, ends: tuple[str, ...], code: int, word: str) -> None:
    found, out, err = run("--from", snapshot, *ends)

    assert (found, out.splitlines()[0], err) == (code, word, "")
    assert out.splitlines()[-1].endswith(f"exit {code}")


def test_live_account_is_asked_without_from(aws: Emulator) -> None:
    code, out, err = run("--region", REGION, "internet", "shop-alb", "--port", "443")

    assert (code, err) == (1, "")
    assert "SUBNET_ACL_RESTRICTION" in out
    assert "change: remove inbound entry 50 of acl-" in out


@pytest.mark.parametrize("ends", [("internet", "app"), ("bastion", "cache"), ("app", "data"), ("--who", "cache")])
def test_two_answers_are_the_same_bytes_and_what_the_schema_says(snapshot: str, ends: tuple[str, ...]) -> None:
    arguments = ("--from", snapshot, "--format", "json", *ends)
    _, out, _ = run(*arguments)

    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(out))) == []
    assert run(*arguments)[1] == out


def test_formats_go_where_they_are_sent(snapshot: str, tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    code, out, _ = run("--from", snapshot, "internet", "shop-alb", "--format", "text", "--format", f"json={file}")

    assert code == 0 and out.startswith("REACHABLE")
    assert json.loads(file.read_text(encoding="utf-8"))["verdict"] == "REACHABLE"


def test_name_that_nothing_has_is_two_and_offers_the_closest(snapshot: str) -> None:
    code, out, err = run("--from", snapshot, "shop-alp", "internet")

    assert (code, out) == (2, "")
    assert err.startswith("tierproof: nothing here is called 'shop-alp'\n  did you mean ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "SRC and DST are missing"),
        (("--who",), "DST is missing"),
        (("--all",), "SRC is missing"),
        (("a", "b", "--port", "65536"), "'65536' is no port"),
        (("a", "b", "--port", "9" * 5000), "is no port"),
        (("a", "b", "--protocol", ""), "no protocol is called"),
        (("internet",), "DST is missing"),
        (("--all", "a", "b"), "--all takes one end"),
        (("--who", "a", "b"), "--who takes one end"),
        (("--all", "--who", "a"), "exclude each other"),
        (("a", "b", "--port", "htps"), "did you mean https"),
        (("a", "b", "--protocol", "tpc"), "no protocol is called"),
        (("a", "b", "--format", "jsn"), "did you mean json"),
        (("a", "b", "--from", "/nowhere/at/all"), "no such file or folder"),
        (("a", "b", "--from", ".", "--region", "eu-west-1"), "--from reads files"),
        (("a", "b", "--region", "eu-west-1", "--all-regions"), "exclude each other"),
        (("a", "b", "--external-id", "x"), "--role-arn"),
        (("a", "b", "--blueprint", "/nowhere.yaml"), "no such file"),
    ],
)
def test_wrong_usage_is_two_before_anything_is_read(arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert message in err


def test_folder_with_nothing_usable_is_three(tmp_path: Path) -> None:
    assert run("a", "b", "--from", str(tmp_path))[:2] == (3, "")


def test_denied_account_is_three(aws: Emulator) -> None:
    aws.deny_except(set())
    try:
        code, out, _ = run("--region", REGION, "internet", "shop-alb")
    finally:
        aws.deny_except(None)

    assert (code, out) == (3, "")

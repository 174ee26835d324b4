"""From a live account to the report, with rules made on the spot."""

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import boto3
import pytest
from jsonschema import Draft202012Validator

from checker.app import Case, Choices, judge
from checker.blueprints.load import load
from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.demo import shop
from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator
from checker.graph.stack import Stack
from checker.graph.view import View
from checker.model.fact import Missing
from checker.model.finding import (
    Outcome,
    Severity,
    Subject,
    Unsettled,
    Verdict,
    Violation,
)
from checker.model.record import Collection
from checker.report.format import formats
from checker.report.json_report import as_json
from checker.resources.catalog import kinds
from checker.rules.interface import Rule, SubjectKind, rule

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
REGION = "us-east-1"


def _stack(view: View) -> Iterable[Stack]:
    return (view.stack,)


def _name(stack: Stack) -> Subject:
    return stack.subject


THE_STACK = SubjectKind(_stack, _name)


@rule("NET001", subject=THE_STACK, severity=Severity.LOW)
def passes(stack: Stack, view: View) -> Iterator[Outcome]:
    yield from ()


@rule("NET002", subject=THE_STACK, severity=Severity.HIGH)
def fails(stack: Stack, view: View) -> Iterator[Outcome]:
    yield Violation("it is open", "close it")


@rule("NET003", subject=THE_STACK, severity=Severity.HIGH)
def wonders(stack: Stack, view: View) -> Iterator[Outcome]:
    yield Unsettled("nobody knows", (Missing("a fact"),))


@rule("NET004", subject=THE_STACK, severity=Severity.HIGH)
def crashes(stack: Stack, view: View) -> Iterator[Outcome]:
    raise ValueError("oops")


def case(*rules: Rule[Stack], **choices: object) -> Case:
    blueprint, document = load(None, {"EDG002"})
    return Case(Choices(**choices), rules, blueprint, (document,))  # type: ignore[arg-type]  # rules of one kind of subject


def collected() -> Collection:
    return collect_live(LiveSettings(regions=(REGION,)), kinds())


@pytest.fixture(scope="module")
def aws() -> Iterator[Emulator]:
    """Yield an emulated account with one documented shop."""
    with embedded(REGION) as emulator:
        shop.build(boto3.Session(region_name=REGION), "shop")
        yield emulator


@pytest.fixture(scope="module")
def collection(aws: Emulator) -> Collection:
    """Return all that is seen of the shop."""
    return collected()


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ((passes,), (0,)),
        ((passes, fails), (1,)),
        ((passes, wonders), (4,)),
        ((crashes, fails, wonders), (5, 1, 4)),
        ((), (3,)),
    ],
)
def test_exit_codes(collection: Collection, rules: tuple[Rule[Stack], ...], codes: tuple[int, ...]) -> None:
    assert judge(collection, case(*rules)).exit_codes == codes


def test_report_names_what_was_looked_at(collection: Collection) -> None:
    report = judge(collection, case(passes))
    stack = report.stacks[0]

    assert (report.source, report.accounts, report.regions) == ("aws", ("123456789012",), (REGION,))
    assert [rule.id for rule in report.rules] == ["NET001", "STACKS"]
    assert stack.judged
    assert set(stack.tiers["data"]) == {"shop-db", "shop-db-replica"}
    assert report.results[0].verdict is Verdict.PASS


def test_report_is_what_the_schema_says(collection: Collection) -> None:
    report = judge(collection, case(passes, fails, wonders, crashes))

    assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(as_json(report))))) == []


@pytest.mark.parametrize("name", ["text", "json"])
def test_two_collections_of_one_account_are_the_same_bytes(collection: Collection, name: str) -> None:
    texts = []
    for seen in (collection, collected()):
        out = io.StringIO()
        formats()[name].write(judge(seen, case(passes, fails, wonders)), out)
        texts.append(out.getvalue())

    assert texts[0] == texts[1]


def test_listing_that_was_denied_is_never_green(aws: Emulator) -> None:
    aws.faults = [{"service": "elasticloadbalancing", "action": "DescribeLoadBalancers", "code": "DENY"}]
    try:
        report = judge(collected(), case(passes, allow_no_stack=True))
    finally:
        aws.faults = []

    assert report.exit_code == 4
    assert {result.rule for result in report.results if result.verdict is Verdict.UNKNOWN} == {"STACKS"}

"""Waivers: what they match, until when, and what is told of those that do nothing."""

from dataclasses import replace
from datetime import date

import pytest

from checker.evaluate.exit_codes import exit_codes
from checker.evaluate.waivers import waived
from checker.model.fact import Missing
from checker.model.finding import Result, Severity, State, Step, Subject, Verdict
from checker.model.record import Origin
from checker.model.report import Report, RuleView, StackView
from checker.model.waiver import Block, Use, Waiver
from tests.evaluate.made_rules import SCOPE

TODAY = date(2026, 5, 1)
ARN = "arn:aws:rds:eu-west-1:123456789012:db:shop-db"
DATABASE = Subject(
    "database",
    "db-1",
    "shop-db",
    SCOPE,
    arn=ARN,
    origin=Origin("terraform-hcl", "data.tf", 12, 'module.data["a"].aws_db_instance.main[0]'),
)
STEP = Step("aws_security_group.data", "lets the world in", Origin("terraform-hcl", "groups.tf", 31))
FAIL = Result("NET005", Verdict.FAIL, Severity.HIGH, DATABASE, "stack-1", "open", path=(STEP,), state=State.REACHABLE)
UNKNOWN = Result(
    "NET005", Verdict.UNKNOWN, Severity.HIGH, DATABASE, "stack-1", "who knows", missing=(Missing("a route"),)
)


def report(*results: Result, rules: tuple[str, ...] = ("NET005", "DAT002")) -> Report:
    stack = StackView("stack-1", "alb", "shop", SCOPE, (), True, None, {}, {})
    views = tuple(RuleView(rule, rule.lower(), rule, Severity.HIGH, "") for rule in rules)
    return Report("0", "test", (), (), (), (stack,), views, results, ())


def waiver(subject: str = "db-1", **more: object) -> Waiver:
    values: dict[str, object] = {"rule": "NET005", "reason": "moves", "owner": "data", "until": TODAY, **more}
    return Waiver(subject=subject, place="waivers.yaml:1", **values)  # type: ignore[arg-type]  # keywords of Waiver


@pytest.mark.parametrize(
    "subject",
    [
        "db-1",
        "shop-db",
        ARN,
        'module.data["a"].aws_db_instance.main[0]',
        "module.data*.aws_db_instance.main[0]",
        "module.*",
        "shop-d?",
        "*",
    ],
)
def test_subject_is_named_by_id_name_arn_address_or_pattern(subject: str) -> None:
    found = waived(report(FAIL), [waiver(subject)], TODAY)

    assert [result.verdict for result in found.results] == [Verdict.WAIVED]
    assert found.waivers[0].use is Use.USED
    assert found.notes == ()


@pytest.mark.parametrize("subject", ["db", "DB-1", "db-?1", "module.data[*].aws_db_instance.main[1]", "[s]hop-db", ""])
def test_another_subject_is_not_matched(subject: str) -> None:
    found = waived(report(FAIL), [waiver(subject)], TODAY)

    assert found.results == (FAIL,)
    assert found.waivers[0].use is Use.UNUSED


def test_another_rule_is_not_matched() -> None:
    assert waived(report(FAIL), [waiver(rule="DAT002")], TODAY).results == (FAIL,)


@pytest.mark.parametrize(("stack", "verdict"), [("shop", "WAIVED"), ("stack-?", "WAIVED"), ("other", "FAIL")])
def test_stack_by_id_or_name(stack: str, verdict: str) -> None:
    (result,) = waived(report(FAIL), [waiver(stack=stack)], TODAY).results

    assert result.verdict.value == verdict


def test_what_is_waived_says_who_and_what_it_would_be_and_counts_no_more() -> None:
    (result,) = waived(report(UNKNOWN), [waiver()], TODAY).results

    assert (result.waived, result.waiver, result.message) == (Verdict.UNKNOWN, waiver(), "who knows")
    assert (result.missing, result.state) == ((), None)
    assert exit_codes((result,), stacks=1) == (0,)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.ERROR])
def test_only_fail_and_unknown_can_be_waived(verdict: Verdict) -> None:
    result = replace(FAIL, verdict=verdict, state=None)

    found = waived(report(result), [waiver()], TODAY)

    assert found.results == (result,)
    assert "is unused" in found.notes[0]


@pytest.mark.parametrize(("today", "use"), [(date(2026, 5, 1), Use.USED), (date(2026, 5, 2), Use.EXPIRED)])
def test_it_holds_through_its_last_day(today: date, use: Use) -> None:
    assert waived(report(FAIL), [waiver()], today).waivers[0].use is use


def test_expired_one_waives_nothing_and_is_told() -> None:
    found = waived(report(FAIL), [waiver(until=date(2026, 4, 30))], TODAY)

    assert found.results == (FAIL,)
    assert found.waivers[0].results == (FAIL.key,)
    assert found.notes == (
        "waivers.yaml:1: the waiver of NET005 on db-1 (data) ended on 2026-04-30: 1 result is no longer waived",
    )


def test_expired_one_beside_its_successor() -> None:
    old, new = waiver(until=date(2026, 4, 30)), waiver(until=date(2027, 4, 30))

    found = waived(report(FAIL), [old, new], TODAY)

    assert found.results[0].waiver == new
    assert found.notes == (
        "waivers.yaml:1: the waiver of NET005 on db-1 (data) ended on 2026-04-30, and nothing needs it",
    )


def test_unused_one_is_told() -> None:
    found = waived(report(FAIL), [waiver("db-2")], TODAY)

    assert found.notes == (
        "waivers.yaml:1: the waiver of NET005 on db-2 is unused: nothing that it matches is FAIL or UNKNOWN",
    )


def test_one_of_a_rule_that_did_not_judge_is_not_called_unused() -> None:
    found = waived(report(FAIL, rules=("DAT002",)), [waiver("db-2")], TODAY)

    assert (found.waivers[0].use, found.notes) == (Use.NOT_ASKED, ())


@pytest.mark.parametrize(
    ("block", "matches"),
    [
        (Block("data.tf", 12, 12), True),
        (Block("data.tf", 1, 11), False),
        (Block("data.tf", 13, 99), False),
        (Block("other.tf", 1, 99), False),
        (Block("groups.tf", 30, 40), True),
    ],
)
def test_inline_one_is_for_what_stands_in_its_block(block: Block, matches: bool) -> None:
    (result,) = waived(report(FAIL), [waiver("the block", block=block)], TODAY).results

    assert (result.verdict is Verdict.WAIVED) is matches


@pytest.mark.parametrize(("block", "matches"), [(Block("groups.tf", 30, 40), False), (Block("data.tf", 12, 12), True)])
def test_inline_one_beside_one_way_in_accepts_no_other_way_in(block: Block, matches: bool) -> None:
    two = replace(FAIL, also=("shop-db is open from 192.0.2.0/24 too",))
    (result,) = waived(report(two), [waiver("the block", block=block)], TODAY).results

    assert (result.verdict is Verdict.WAIVED) is matches


def test_no_waivers_change_nothing() -> None:
    assert waived(report(FAIL), [], TODAY) == report(FAIL)

"""How verdicts go from one report to the next: matched whatever moved, and never better than they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.evaluate.matching import match
from checker.evaluate.trends import trends
from checker.model.difference import Trend
from checker.model.finding import State, Verdict
from checker.model.past import PastReport, PastResult
from tests.evaluate.past_reports import past, report

FAIL, UNKNOWN, PASS = Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS
LATENT = {"state": State.LATENT}
STACKS = past(UNKNOWN, "1/eu-west-1", rule="STACKS", kind="scope", stack=None)


def told(old: PastReport | PastResult, new: PastReport | PastResult) -> list[tuple[Trend, str]]:
    reports = [one if isinstance(one, PastReport) else report(one) for one in (old, new)]
    return [(pair.trend, pair.why) for pair in trends(*reports)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (past(), past()),
        (past(file="a.tf", line=12), past(file="a.tf", line=40)),
        (past(file="a.tf", line=12), past(file="moved/b.tf", line=3)),
        (past(address="aws_db_instance.a"), past(id="shop-db", address="aws_db_instance.a")),
        (past(id="aws_db_instance.a", name="shop-db", account="", region=""), past(id="shop-db")),
        (past(id="db-1", name="shop-db"), past(id="db-ABC", name="shop-db")),
    ],
    ids=["equal", "line moved", "file moved", "address", "declared and live", "name"],
)
def test_same_verdict_on_the_same_subject_is_still_open(old: PastResult, new: PastResult) -> None:
    assert told(old, new) == [(Trend.OPEN, "")]


def test_stack_with_a_new_id_is_the_same_by_its_name() -> None:
    assert told(report(past()), report(past(stack="s-9"), stacks=("s-9",))) == [(Trend.OPEN, "")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (past(id="db-1"), past(id="db-2")),
        (past(id="db-1", name="shop-db", region="eu-west-1"), past(id="db-2", name="shop-db", region="us-east-1")),
        (past(kind="database"), past(kind="cache")),
        (past(rule="NET005"), past(rule="DAT002")),
    ],
    ids=["id", "Region", "kind", "rule"],
)
def test_another_subject_is_new_and_not_known(old: PastResult, new: PastResult) -> None:
    assert sorted(trend.value for trend, _ in told(old, new)) == ["fixed", "new"]


def test_two_that_could_be_the_same_are_not_guessed() -> None:
    old = report(past(id="a", name="db"))
    new = report(past(id="b", name="db"), past(id="c", name="db"))

    assert [trend for trend, _ in told(old, new)].count(Trend.NEW) == 2
    assert (Trend.UNSEEN, "which of several it is now cannot be told") in told(old, new)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (past(PASS), past(FAIL), "was PASS"),
        (past(PASS), past(UNKNOWN), "was PASS"),
        (past(UNKNOWN), past(FAIL), "was UNKNOWN"),
        (past(UNKNOWN), past(FAIL, **LATENT), "was UNKNOWN"),
        (past(FAIL, **LATENT), past(FAIL), "was latent"),
        (past(Verdict.WAIVED), past(FAIL), "was WAIVED"),
        (past(Verdict.ERROR), past(FAIL), "was ERROR"),
        (past(FAIL), past(Verdict.ERROR), "was FAIL"),
        (past(FAIL, severity="low"), past(FAIL), "severity was low"),
        (past(UNKNOWN, counts=False), past(UNKNOWN), "was UNKNOWN that does not count"),
        (past(), past(also=("and to the bastion",)), "was not told before: and to the bastion"),
        (
            past(name="a", message="a is open"),
            past(name="b", message="b is wide open"),
            "was not told before: ? is wide open",
        ),
        (past(), past(message="open to the bastion"), "was not told before: open to the bastion"),
        (STACKS, replace(STACKS, also=("module.b is not here",)), "was not told before: module.b is not here"),
    ],
)
def test_worse_is_new(old: PastResult, new: PastResult, why: str) -> None:
    assert told(old, new) == [(Trend.NEW, why)]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (past(FAIL), past(UNKNOWN), "was FAIL"),
        (past(FAIL), past(FAIL, **LATENT), "was FAIL"),
        (past(also=("and to the bastion (low, latent)",)), past(message="and to the bastion"), ""),
        (past(), past(also=("not decided: whether the VPN gets in",)), ""),
        (past(UNKNOWN, also=("and whether the VPN does",)), past(UNKNOWN), ""),
        (past(name="a", message="a is open to x"), past(name="b", message="b is open to x"), ""),
        (past(id="a", name="db", message="db lets subnet-1 in"), past(id="b", name="db", message="db lets s.a in"), ""),
    ],
    ids=[
        "unknown",
        "latent",
        "one of two is mended",
        "a doubt beside it",
        "one of two is settled",
        "renamed",
        "other ids in other words",
    ],
)
def test_not_worse_is_still_open(old: PastResult, new: PastResult, why: str) -> None:
    assert told(old, new) == [(Trend.OPEN, why)]


def test_what_holds_now_is_fixed() -> None:
    assert told(past(FAIL), past(PASS)) == [(Trend.FIXED, "")]


def test_waived_is_changed_and_not_fixed() -> None:
    assert told(past(FAIL), past(Verdict.WAIVED)) == [(Trend.CHANGED, "")]


def test_subject_that_is_gone_is_fixed_where_all_was_seen() -> None:
    assert told(report(past()), report(past(PASS, "db-2"))) == [(Trend.FIXED, "no longer there")]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (report(rules=("DAT002",)), "the rule was not asked"),
        (report(stacks=()), "its stack is not judged any more"),
        (report(past(PASS, "db-2"), STACKS), "not everything was seen"),
        (report(past(Verdict.ERROR, "s-1", kind="stack")), "the rule crashed"),
    ],
)
def test_subject_that_was_not_judged_again_is_not_fixed(new: PastReport, why: str) -> None:
    assert (Trend.UNSEEN, why) in told(report(past()), new)


def test_question_about_a_place_is_settled_only_where_the_place_was_looked_at() -> None:
    elsewhere = report(past(PASS, region="us-east-1"))

    assert (Trend.UNSEEN, "nothing in its account and Region was judged") in told(report(STACKS), elsewhere)
    assert told(report(STACKS), report(past(PASS))) == [(Trend.FIXED, "no longer there")]
    assert told(report(STACKS), report(past(PASS, account=""))) == [(Trend.FIXED, "no longer there")]


def test_what_passes_in_both_is_no_news() -> None:
    assert told(past(PASS), past(PASS)) == []


def test_order_of_results_does_not_matter() -> None:
    olds = [past(id=f"db-{number}", name=f"n{number % 3}") for number in range(6)]
    news = [past(id=f"db-{number + 2}", name=f"n{number % 3}") for number in range(6)]

    assert trends(report(*olds), report(*news)) == trends(report(*olds[::-1]), report(*news[::-1]))


_NAMES = st.sampled_from(["", "a", "b"])
_RESULTS = st.lists(
    st.builds(
        past,
        st.sampled_from([FAIL, PASS]),
        st.sampled_from(["1", "2", "3"]),
        _NAMES,
        address=_NAMES,
        region=st.sampled_from(["", "x", "y"]),
        stack=st.sampled_from(["s-1", "s-2", None]),
    ),
    max_size=6,
    unique_by=lambda one: one.key,
)


@given(_RESULTS, _RESULTS)
def test_every_verdict_of_both_reports_is_told_once(olds: list[PastResult], news: list[PastResult]) -> None:
    found = match(report(*olds), report(*news))

    assert sorted(one.old.key for one in found if one.old) == sorted(one.key for one in olds)
    assert [one.new for one in found if one.new] == news


@given(_RESULTS, _RESULTS)
def test_what_is_open_and_was_not_is_always_new(olds: list[PastResult], news: list[PastResult]) -> None:
    open_then = {one.key for one in olds if one.is_open}
    told_new = {pair.new.key for pair in trends(report(*olds), report(*news)) if pair.new and pair.trend is Trend.NEW}

    same_key = {one.key for one in olds}
    assert {one.key for one in news if one.is_open and one.key in same_key - open_then} <= told_new

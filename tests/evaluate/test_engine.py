"""Outcomes become one result for each rule, stack and subject."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from checker.evaluate.engine import evaluate
from checker.graph.view import View
from checker.model.fact import Missing
from checker.model.finding import (
    NotApplicable,
    Outcome,
    Result,
    Seen,
    Severity,
    State,
    Step,
    Unsettled,
    Verdict,
    Violation,
)
from tests.evaluate.made_rules import make_blueprint, make_rule, make_view, says

SEEN = Seen(Step("db", "is closed"))
LOST = Missing("ec2:DescribeRouteTables", "allow it")
OPEN_QUESTION = Unsettled("routes are not known", (LOST,))
FAULT = Violation("db is open", "close it")
EXCUSE = NotApplicable("it is no database")


def judged(view: View, *outcomes: Outcome, **on_unknown: str) -> Result:
    results, _ = evaluate([view], [make_rule(says(*outcomes))], make_blueprint(**on_unknown))
    return results[0]


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((), Verdict.PASS),
        ((SEEN,), Verdict.PASS),
        ((EXCUSE,), Verdict.NOT_APPLICABLE),
        ((SEEN, EXCUSE), Verdict.NOT_APPLICABLE),
        ((SEEN, OPEN_QUESTION), Verdict.UNKNOWN),
        ((EXCUSE, OPEN_QUESTION), Verdict.UNKNOWN),
        ((SEEN, OPEN_QUESTION, FAULT), Verdict.FAIL),
        ((EXCUSE, FAULT), Verdict.FAIL),
    ],
)
def test_the_worst_outcome_decides(view: View, outcomes: tuple[Outcome, ...], verdict: Verdict) -> None:
    assert {judged(view, *order).verdict for order in permutations(outcomes)} == {verdict}


def test_pass_shows_what_was_seen(view: View) -> None:
    assert judged(view, SEEN).evidence == (SEEN.step,)


def test_worst_violation_leads_in_any_order(view: View) -> None:
    latent = Violation("a is granted", state=State.LATENT)
    minor = Violation("b is wide", severity=Severity.LOW)
    outcomes: tuple[Outcome, ...] = (latent, minor, FAULT, OPEN_QUESTION)
    results = [judged(view, *order) for order in permutations(outcomes)]

    assert {(item.message, item.severity, item.also) for item in results} == {
        (
            "db is open",
            Severity.HIGH,
            ("a is granted (medium, latent)", "b is wide (low)", "not decided: routes are not known"),
        )
    }


def test_latent_is_one_severity_lower_and_a_given_severity_stays(view: View) -> None:
    latent = judged(view, Violation("granted", state=State.LATENT))
    given = judged(view, Violation("granted", state=State.LATENT, severity=Severity.LOW))

    assert (latent.severity, latent.state, given.severity) == (Severity.MEDIUM, State.LATENT, Severity.LOW)


def test_missing_facts_are_merged_and_ordered(view: View) -> None:
    other = Missing("a fact", "")
    result = judged(view, OPEN_QUESTION, Unsettled("more", (LOST, other)))

    assert result.missing == (other, LOST)


def test_unknown_never_lacks_a_missing_fact(view: View) -> None:
    assert judged(view, Unsettled("why not", ())).missing


@pytest.mark.parametrize(("wish", "counts"), [("fail", True), ("report", False), ("ignore", False)])
def test_blueprint_says_whether_unknown_counts(view: View, wish: str, counts: bool) -> None:
    assert judged(view, OPEN_QUESTION, NET005=wish).counts is counts


def test_blueprint_does_not_soften_a_violation(view: View) -> None:
    result = judged(view, FAULT, OPEN_QUESTION, NET005="ignore")

    assert (result.verdict, result.counts) == (Verdict.FAIL, True)


def crashing(item: object, view: View) -> Iterator[Outcome]:
    yield FAULT
    raise KeyError(object())


def test_crash_is_a_result_of_its_own_and_the_others_go_on(view: View) -> None:
    rules = [make_rule(crashing, "NET001"), make_rule(says(SEEN), "NET002")]
    results, crashes = evaluate([view], rules, make_blueprint())

    assert [item.verdict for item in results] == [Verdict.ERROR, Verdict.PASS]
    assert [(item.rule, item.subject) for item in crashes] == [("NET001", results[0].key)]
    assert "KeyError" in crashes[0].error
    assert "test_engine.py:" in crashes[0].error
    assert " at 0x" not in crashes[0].error


def test_crash_of_the_listing_is_told_of_the_stack(view: View) -> None:
    rule = make_rule(says(SEEN))
    broken = type(rule)(rule.id, rule.severity, lambda _: [1 // 0], rule.describe, rule.check, rule.page, rule.module)
    results, crashes = evaluate([view], [broken], make_blueprint())

    assert (results[0].verdict, results[0].subject.kind, len(crashes)) == (Verdict.ERROR, "stack", 1)


def test_subject_listed_twice_is_one_result(view: View) -> None:
    results, _ = evaluate([view], [make_rule(says(FAULT), subjects=("db", "db"))], make_blueprint())

    assert len(results) == 1
    assert results[0].also == ()


def test_shared_subject_has_a_result_in_each_stack_ordered_by_key() -> None:
    views = [make_view("two"), make_view("one")]
    rules = [make_rule(says(SEEN), "NET002", ("b", "a")), make_rule(says(SEEN), "NET001")]
    results, _ = evaluate(views, rules, make_blueprint())
    keys = [item.key for item in results]

    assert keys == sorted(set(keys))
    assert len(keys) == 6

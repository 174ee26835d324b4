"""A report beside an earlier one: only what is new counts with a baseline, all counts with --since."""

from dataclasses import replace

import pytest

from checker.errors import ConfigurationError
from checker.evaluate.baseline import Earlier, as_past, compared, counted
from checker.evaluate.exit_codes import exit_codes
from checker.model.finding import Standing, State, Verdict
from checker.model.report import Comparison, Document, Report
from tests.report.sample_report import sample_report

DOCUMENT = Document("baseline", "old.json", "ab" * 32)


def beside(old: Report, new: Report, *, hides: bool = True) -> Report:
    return compared(new, Earlier(as_past(old), DOCUMENT, hides))


def codes(report: Report, stacks: int = 1) -> tuple[int, ...]:
    return exit_codes(report.results, stacks=stacks, deciding=counted(report))


@pytest.fixture
def whole() -> Report:
    """Return a report with faults and open questions, and without a crash."""
    report = sample_report()
    return replace(report, results=tuple(one for one in report.results if one.verdict is not Verdict.ERROR))


def test_the_same_report_has_nothing_new(whole: Report) -> None:
    found = beside(whole, whole)

    marks = {result.verdict: result.baseline for result in found.results}
    assert marks[Verdict.FAIL] is marks[Verdict.UNKNOWN] is Standing.KNOWN
    assert marks[Verdict.PASS] is None
    assert found.comparison == Comparison(DOCUMENT, hides=True)
    assert found.documents[-1] == DOCUMENT
    assert codes(found) == (0,)


def test_since_marks_the_same_and_hides_nothing(whole: Report) -> None:
    found = beside(whole, whole, hides=False)

    assert {result.baseline for result in found.results} == {Standing.KNOWN, None}
    assert codes(found) == codes(whole) == (1, 4)


def test_what_got_worse_decides(whole: Report) -> None:
    old = replace(
        whole,
        results=tuple(replace(one, state=State.LATENT) if one.rule == "NET005" else one for one in whole.results),
    )

    found = beside(old, whole)

    assert [one.rule for one in found.results if one.baseline is Standing.NEW] == ["NET005"]
    assert codes(found) == (1,)


def test_crash_is_never_known() -> None:
    report = sample_report()

    assert codes(beside(report, report)) == (5,)


def test_nothing_judged_is_not_green_though_the_baseline_judged_nothing_either(whole: Report) -> None:
    empty = replace(whole, results=(), stacks=())

    assert codes(beside(empty, empty), stacks=0) == (3,)


def test_stack_that_may_be_hidden_is_no_excuse_when_it_is_known(whole: Report) -> None:
    hidden = [one for one in whole.results if one.rule == "STACKS"]
    blind = replace(whole, results=tuple(replace(one, counts=True) for one in hidden), stacks=())

    assert codes(beside(blind, blind), stacks=0) == (3,)


def test_fixed_ones_are_told(whole: Report) -> None:
    now = replace(
        whole,
        results=tuple(
            replace(one, verdict=Verdict.PASS, state=None) if one.rule == "NET005" else one for one in whole.results
        ),
    )

    found = beside(whole, now)

    assert found.comparison is not None
    assert [one.rule for one in found.comparison.fixed] == ["NET005"]


def test_rules_that_only_one_asked_are_noted(whole: Report) -> None:
    fewer = replace(whole, rules=tuple(rule for rule in whole.rules if rule.id != "NET005"))

    assert beside(fewer, whole).notes == ("old.json did not ask NET005: all that they find is new",)
    assert beside(whole, fewer).notes == ("old.json also asked NET005: what they found is not looked at",)


def test_baseline_of_other_rules_is_refused(whole: Report) -> None:
    others = replace(whole, rules=tuple(replace(rule, id=f"X{rule.id}") for rule in whole.rules))

    with pytest.raises(ConfigurationError, match="asked other rules"):
        beside(others, whole)

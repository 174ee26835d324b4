"""Two reports side by side: subjects that came and went, and what the command ends with."""

import pytest

from checker.errors import ConfigurationError
from checker.evaluate.difference import difference
from checker.model.finding import Severity, Verdict
from checker.model.past import PastReport, PastResult
from tests.evaluate.past_reports import past, report, side

FAIL, UNKNOWN, PASS, ERROR = Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.ERROR


def codes(old: list[PastResult], new: list[PastResult], **options: object) -> tuple[int, ...]:
    found = difference("0", side(report(*old)), side(report(*new)), **options)  # type: ignore[arg-type]  # its options
    return found.exit_codes


@pytest.mark.parametrize(
    ("old", "new", "options", "expected"),
    [
        ([past()], [past()], {}, (0,)),
        ([past()], [past(PASS)], {}, (0,)),
        ([past(PASS)], [past()], {}, (1,)),
        ([past(PASS)], [past(severity="low")], {"fail_on": Severity.MEDIUM}, (0,)),
        ([past(PASS)], [past(UNKNOWN)], {}, (4,)),
        ([past(PASS)], [past(UNKNOWN)], {"allow_unknown": True}, (0,)),
        ([past(PASS)], [past(UNKNOWN, counts=False)], {}, (0,)),
        ([past(FAIL)], [past(UNKNOWN)], {}, (0,)),
        ([], [past(), past(UNKNOWN, "db-2")], {}, (1, 4)),
        ([past(ERROR)], [past(ERROR)], {}, (5,)),
        ([past()], [], {}, (3,)),
        ([past()], [], {"allow_no_stack": True}, (0,)),
    ],
)
def test_exit_codes(
    old: list[PastResult], new: list[PastResult], options: dict[str, object], expected: tuple[int, ...]
) -> None:
    assert codes(old, new, **options) == expected


def test_later_report_without_a_stack_is_not_green() -> None:
    empty: PastReport = report(past(PASS), stacks=())

    assert difference("0", side(report(past())), side(empty)).exit_codes == (3,)


def test_subjects_that_came_and_went() -> None:
    found = difference(
        "0",
        side(report(past(PASS, "gone"), past(PASS, "same"), past(PASS, "renamed", address="a.b"))),
        side(report(past(PASS, "come"), past(PASS, "same"), past(PASS, "other", address="a.b"))),
    )

    assert [one.id for one in found.appeared] == ["come"]
    assert [one.id for one in found.disappeared] == ["gone"]


def test_subjects_of_a_rule_that_one_did_not_ask_did_not_come() -> None:
    old = report(past(PASS), rules=("NET005",))
    new = report(past(PASS), past(PASS, "table", rule="DAT002"), rules=("NET005", "DAT002"))

    assert difference("0", side(old), side(new)).appeared == ()


def test_reports_of_other_rules_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="asked other rules"):
        difference("0", side(report(rules=("AZ001",))), side(report(rules=("NET005",))))

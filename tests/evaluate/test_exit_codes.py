"""The table of exit codes."""

from dataclasses import replace

import pytest

from checker.evaluate.exit_codes import exit_codes
from checker.model.finding import Result, Severity, Subject, Verdict
from tests.evaluate.made_rules import SCOPE


def result(verdict: Verdict, severity: Severity = Severity.MEDIUM, *, counts: bool = True) -> Result:
    return Result("NET005", verdict, severity, Subject("database", "db", "db", SCOPE), "shop", "", counts=counts)


PASS, FAIL, UNKNOWN = result(Verdict.PASS), result(Verdict.FAIL), result(Verdict.UNKNOWN)
ERROR, REPORTED = result(Verdict.ERROR), result(Verdict.UNKNOWN, counts=False)
HIDDEN = replace(UNKNOWN, rule="STACKS", stack=None)


@pytest.mark.parametrize(
    ("results", "options", "codes"),
    [
        ([PASS], {}, (0,)),
        ([PASS, result(Verdict.WAIVED), result(Verdict.NOT_APPLICABLE)], {}, (0,)),
        ([FAIL], {}, (1,)),
        ([FAIL], {"fail_on": Severity.MEDIUM}, (1,)),
        ([FAIL], {"fail_on": Severity.HIGH}, (0,)),
        ([UNKNOWN], {}, (4,)),
        ([UNKNOWN], {"allow_unknown": True}, (0,)),
        ([REPORTED, PASS], {}, (0,)),
        ([UNKNOWN, FAIL], {}, (1, 4)),
        ([UNKNOWN, FAIL, ERROR], {}, (5, 1, 4)),
        ([UNKNOWN], {"stacks": 0}, (3, 4)),
        ([UNKNOWN], {"stacks": 0, "allow_no_stack": True}, (4,)),
        ([HIDDEN], {"stacks": 0}, (4,)),
        ([HIDDEN], {"stacks": 0, "allow_unknown": True}, (3,)),
        ([HIDDEN], {"stacks": 0, "allow_unknown": True, "allow_no_stack": True}, (0,)),
        ([replace(HIDDEN, counts=False)], {"stacks": 0}, (3,)),
        ([], {}, (3,)),
        ([], {"stacks": 0, "allow_no_stack": True}, (0,)),
    ],
)
def test_table(results: list[Result], options: dict[str, object], codes: tuple[int, ...]) -> None:
    assert exit_codes(results, **{"stacks": 1, **options}) == codes  # type: ignore[arg-type]  # keywords of the table

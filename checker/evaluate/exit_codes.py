"""What the command ends with."""

from __future__ import annotations

from collections.abc import Sequence

from checker.model.finding import Result, Severity, Verdict

CLEAN, FAILED, USAGE, NOTHING, UNKNOWN, CRASHED = range(6)
PRECEDENCE = (USAGE, NOTHING, CRASHED, FAILED, UNKNOWN, CLEAN)


def exit_codes(
    results: Sequence[Result],
    *,
    stacks: int,
    deciding: Sequence[Result] | None = None,
    fail_on: Severity = Severity.LOW,
    allow_unknown: bool = False,
    allow_no_stack: bool = False,
) -> tuple[int, ...]:
    """Return every code that holds, the deciding one first: usage, nothing judged, crash, FAIL, UNKNOWN, none.

    `stacks` is how many were judged. Nothing judged is never clean: neither without a stack nor where no rule found
    anything to judge in one, unless `allow_no_stack`; but where a stack may be hidden, that is what is told, as
    UNKNOWN, unless it is allowed. `deciding` are the results that count for the rest, all unless they are given.
    """
    some = results if deciding is None else deciding
    open_questions = [] if allow_unknown else [one for one in some if one.verdict is Verdict.UNKNOWN and one.counts]
    hidden = any(one.stack is None for one in open_questions)
    verdicts = {result.verdict for result in some}
    holds = {
        NOTHING: not allow_no_stack and not hidden and (stacks == 0 or not results),
        CRASHED: Verdict.ERROR in verdicts,
        FAILED: any(result.verdict is Verdict.FAIL and result.severity >= fail_on for result in some),
        UNKNOWN: bool(open_questions),
    }
    found = tuple(code for code in PRECEDENCE if holds.get(code, False))
    return found or (CLEAN,)

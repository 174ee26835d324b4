"""What the runs of a program leave open: gaps for what it may have registered, and lines of the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checker.collect.pulumi_program.evaluation import DIED, PREVIEW, STOPPED, Evaluated
from checker.collect.pulumi_program.events import Failure
from checker.collect.pulumi_program.project import Project
from checker.collect.pulumi_program.reading import NAME, Places
from checker.collect.pulumi_program.stacks import Stack
from checker.model.record import ANYTHING, Coverage, Gap, Scope, Status

_NOWHERE = Scope("", "")
_AT = re.compile(r" at 0x[0-9a-f]+")
_MOST_TEXT, _MOST_LINES, _MOST, _MOST_SAID = 2000, 12, 100, 300
_PREVIEW = "check a preview of the stack: pulumi preview --json --show-sames"


@dataclass
class Outcome:
    """Gaps, lines of the ledger, and what of the program failed, empty if nothing did."""

    gaps: list[Gap] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    failed: str = ""


def outcome(project: Project, stack: Stack, runs: Sequence[Evaluated], count: int, seconds: float) -> Outcome:
    """Return what was not read of a project's program, which registered `count` resources in at most `seconds`."""
    found = Outcome()
    places = Places(project.folder)
    item = f"{project.name}/{stack.name} ({project.main_shown})"
    failure = ending(runs)
    if failure is None:
        found.coverage.append(Coverage(NAME, _NOWHERE, item, Status.OK, count))
    else:
        found.failed = f"{item}: {told(failure, places)}"
        error = _with_traceback(told(failure, places), failure)
        found.coverage.append(Coverage(NAME, _NOWHERE, item, Status.FAILED, count, error))
        supply = _remedy(failure, runs, seconds)
        found.gaps.append(Gap(ANYTHING, _NOWHERE, item, Status.FAILED, told(failure, places), supply))
    if stack.remark:
        found.coverage.append(Coverage(NAME, _NOWHERE, "configuration", Status.EMPTY, error=stack.remark))
    _add_environments(found, stack)
    _add_errors(found, runs)
    for line in _skipped(runs, places):
        error = "it only runs on what an update tells"
        found.gaps.append(Gap(ANYTHING, _NOWHERE, f"what {line} registers", Status.UNREADABLE, error, _PREVIEW))
        found.coverage.append(Coverage(NAME, _NOWHERE, line, Status.UNREADABLE, error=error))
    for line, what in _asked(runs, places):
        error = f"asked at {line}, and only an update tells"
        found.gaps.append(Gap(ANYTHING, _NOWHERE, f"whether {what}", Status.UNREADABLE, error, _PREVIEW))
        found.coverage.append(Coverage(NAME, _NOWHERE, line, Status.UNREADABLE, error=f"it asks whether {what}"))
    for name, line in _variables(runs, places):
        error = f"it is asked for at {line}, and the program gets none"
        item = f"environment variable {name}"
        found.coverage.append(Coverage(NAME, _NOWHERE, item, Status.UNREADABLE, error=error))
    for name, given in sorted({(one.stack or one.name, one.given) for run in runs for one in run.events.stacks}):
        status, remark = (Status.OK, None) if given else (Status.UNREADABLE, "--stack-outputs gives them")
        found.coverage.append(Coverage(NAME, _NOWHERE, f"outputs of the stack {name}", status, error=remark))
    if strange := max((run.events.strange for run in runs), default=0):
        error = f"{strange} lines are not understood"
        found.gaps.append(Gap(ANYTHING, _NOWHERE, item, Status.UNREADABLE, error, "report this as a defect"))
        found.coverage.append(Coverage(NAME, _NOWHERE, item, Status.UNREADABLE, error=error))
    return found


def ending(runs: Sequence[Evaluated]) -> Failure | None:
    """Return why the program does not come to its end, None if it does: in a preview, or told any placeholders."""
    preview = next((run for run in runs if run.spelling == PREVIEW), None)
    if preview is not None:
        return preview.failure
    return next((run.failure for run in runs if run.failure), None)


def _remedy(failure: Failure, runs: Sequence[Evaluated], seconds: float) -> str:
    said = runs[-1].told.said.strip().splitlines()
    if failure.kind == STOPPED:
        return f"--program-timeout gives it more than {seconds:g} seconds"
    if failure.kind == DIED and said:
        return f"mend the program; the last that it printed: {said[-1][:_MOST_SAID]}"
    return "mend the program, which stops there"


def told(failure: Failure, places: Places) -> str:
    """Return a failure on one line, with its place in the program."""
    where = f"{places.shown(failure.file)}:{failure.line}: " if failure.file and failure.line else ""
    text = _plain(" ".join(failure.message.split()))
    return f"{where}{text[:_MOST_TEXT]}"


def _plain(text: str) -> str:
    """Return a text without the places in memory that Python tells of objects, which each run has others of."""
    return _AT.sub("", text)


def _with_traceback(text: str, failure: Failure) -> str:
    """Return the failure with the end of the program's own traceback."""
    lines = _plain(failure.traceback).strip().splitlines()
    if lines and lines[-1] == _plain(failure.message):
        lines.pop()
    return "\n".join((text, *lines[-_MOST_LINES:])) if lines else text


def _add_environments(found: Outcome, stack: Stack) -> None:
    for name in stack.environments:
        error = "environments of Pulumi ESC are not asked: the program may be configured otherwise"
        supply = f"set what {name} gives in {stack.file}, or {_PREVIEW}"
        item = f"environment {name}"
        found.coverage.append(Coverage(NAME, _NOWHERE, item, Status.UNREADABLE, error=error))
        found.gaps.append(Gap(ANYTHING, _NOWHERE, item, Status.UNREADABLE, error, supply))


def _add_errors(found: Outcome, runs: Sequence[Evaluated]) -> None:
    """Add what the program itself logs as an error: it goes on, and the update does not fail by it.

    Source: https://github.com/pulumi/pulumi/issues/5085 and https://github.com/pulumi/pulumi/pull/6573
    """
    logged = dict.fromkeys(log.message for run in runs for log in run.events.logs if log.severity == "error")
    for message in list(logged)[:_MOST_LINES]:
        found.coverage.append(Coverage(NAME, _NOWHERE, "pulumi.log.error", Status.FAILED, error=message[:_MOST_TEXT]))


def _asked(runs: Sequence[Evaluated], places: Places) -> list[tuple[str, str]]:
    """Return the places and questions that no run answers with yes: nothing that is made up is what is asked for.

    A question that one run answers so and another does not makes the runs differ, and so hides nothing.
    """
    answers: dict[tuple[str, int, str], set[bool]] = {}
    for one in (one for run in runs for one in run.events.asked):
        answers.setdefault((places.shown(one.file) or "", one.line, one.what), set()).add(one.answer)
    return [(f"{file}:{line}", what) for (file, line, what), told in sorted(answers.items()) if True not in told][
        :_MOST
    ]


def _variables(runs: Sequence[Evaluated], places: Places) -> list[tuple[str, str]]:
    """Return the variables of the environment that the program missed, each with a place that asks for it."""
    found = {one.name: f"{places.shown(one.file)}:{one.line}" for run in runs for one in run.events.variables}
    return sorted(found.items())[:_MOST]


def _skipped(runs: Sequence[Evaluated], places: Places) -> Iterator[str]:
    """Yield the places of callbacks that may register something and did not run in some run that counts."""
    found = {
        f"{places.shown(one.file) or 'a callback'}:{one.line or '?'}"
        for run in runs
        for one in run.events.skipped
        if one.may_register
    }
    yield from sorted(found)

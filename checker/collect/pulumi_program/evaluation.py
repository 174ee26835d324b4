"""One project, run: twice side by side with what is not known spelled differently, a third time if that disturbs it.

See `docs/decisions/0019-evaluating-pulumi-programs.md`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.enclosure.running import Job, NotEnclosedError, Told, run
from checker.collect.pulumi_program.events import Events, Failure, read
from checker.collect.pulumi_program.interpreter import Interpreter, interpreter
from checker.collect.pulumi_program.project import Project
from checker.collect.pulumi_program.shelter import environment, hidden
from checker.collect.pulumi_program.stacks import Stack
from checker.collect.source import Execution
from checker.errors import UsageError

EVALUATOR = Path(__file__).parent / "evaluator"
PREVIEW, STOPPED, DIED = "preview", "stopped", "died"
# A placeholder can be what ends these; nothing else than the program or its configuration ends the others.
_MAY_BE_OURS = frozenset({"exception", "run_error", "exit"})


@dataclass(frozen=True)
class Evaluated:
    """A run by `python`: what it told, and why it did not come to its end, None if it did."""

    python: Path
    spelling: str
    events: Events
    told: Told
    failure: Failure | None

    @property
    def is_whole(self) -> bool:
        """Tell whether it came to its end."""
        return self.failure is None


def evaluate(
    project: Project,
    stack: Stack,
    execution: Execution,
    outputs: Mapping[str, Mapping[str, object]],
    given: Mapping[str, str],
) -> tuple[Evaluated, ...]:
    """Return the runs of a project's program; `given` are the variables of the environment.

    Raises:
        UsageError: it cannot be run here.
    """
    python = interpreter(project, execution.python, given)
    deadline = time.monotonic() + execution.seconds
    made = _Maker(project, stack, python, outputs, given)
    first = _run(made, ("one", "two"), deadline, is_sandboxed=execution.sandboxed)
    if not any(_may_be_ours(one) for one in first):
        return first
    return (*first, *_run(made, (PREVIEW,), deadline, is_sandboxed=execution.sandboxed))


def _may_be_ours(one: Evaluated) -> bool:
    """Tell whether a run may have stopped because of a placeholder, of which it was told some then."""
    events = one.events
    has_any = any(resource.issued for resource in events.resources.values()) or bool(events.look_ups)
    return has_any and one.failure is not None and one.failure.kind in _MAY_BE_OURS


@dataclass(frozen=True)
class _Maker:
    project: Project
    stack: Stack
    python: Interpreter
    outputs: Mapping[str, Mapping[str, object]]
    given: Mapping[str, str]

    def job(self, spelling: str) -> Job:
        """Return what is run."""
        folder = Path(os.path.realpath(self.project.folder))
        config = self.stack.spelled(spelling)
        document = {
            "project": self.project.name,
            "stack": self.stack.name,
            "organization": self.stack.organization,
            "folder": str(folder),
            "main": os.path.realpath(self.project.main),
            "config": config,
            "secret_keys": self.stack.secrets,
            "stack_outputs": self.outputs,
            "spelling": spelling,
            "region": self.stack.shown.get("aws:region", ""),
            "zones": (),
        }
        return Job(
            command=(str(self.python.path), "-u", str(EVALUATOR)),
            document=document,
            environment=environment(self.given, self.python.environment),
            project=folder,
            hidden=hidden(self.given, (_repository(folder), *self.python.needs, EVALUATOR)),
        )


def _repository(folder: Path) -> Path:
    """Return the root of the repository of a folder, itself if it is in none: programs import what lies beside them."""
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def _run(made: _Maker, spellings: Sequence[str], deadline: float, *, is_sandboxed: bool) -> tuple[Evaluated, ...]:
    jobs = [made.job(spelling) for spelling in spellings]
    try:
        told = run(jobs, deadline, enclosed=is_sandboxed)
    except NotEnclosedError as error:
        hint = "allow user namespaces (docs/pulumi.md says how), or give --unsandboxed if you trust the program"
        what = f"the program cannot be shut in on this machine ({error}), so it was not run"
        raise UsageError(what, where=str(made.project.folder), hint=hint) from error
    return tuple(_evaluated(made.python.path, spelling, one) for spelling, one in zip(spellings, told, strict=True))


def _evaluated(python: Path, spelling: str, told: Told) -> Evaluated:
    events = read(told.lines)
    return Evaluated(python, spelling, events, told, _failure(events, told))


def _failure(events: Events, told: Told) -> Failure | None:
    """Return why a run did not come to its end, None if it did."""
    if told.is_late:
        last = next((one for one in events.failures if one.kind == STOPPED), Failure(kind=STOPPED))
        return Failure(kind=STOPPED, message="it was not done in time and was ended", file=last.file, line=last.line)
    if told.stopped:
        return Failure(kind=STOPPED, message=told.stopped)
    if events.failures:
        return events.failures[0]
    if events.end is not None:
        return None
    code = told.code
    if code is None:
        return Failure(kind=DIED, message="it ended without a word")
    ending = f"it was ended by signal {-code}" if code < 0 else f"it ended with exit code {code} before its end"
    return Failure(kind=DIED, message=ending)

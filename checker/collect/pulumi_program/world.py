"""Projects that are run and read as one world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checker.collect.pulumi.gathered import Gathered
from checker.collect.pulumi.registered import LookedUp, Registered
from checker.collect.pulumi.wiring import wired
from checker.collect.pulumi_program.agreement import Run, agreed
from checker.collect.pulumi_program.comments import comments
from checker.collect.pulumi_program.evaluation import PREVIEW, Evaluated, evaluate
from checker.collect.pulumi_program.events import Failure
from checker.collect.pulumi_program.loops import in_doubt
from checker.collect.pulumi_program.outcome import Outcome, ending, outcome, told
from checker.collect.pulumi_program.project import Project
from checker.collect.pulumi_program.reading import NAME, Places, reading
from checker.collect.pulumi_program.stacks import Stack, stack_of
from checker.collect.source import Execution, Progress
from checker.errors import CheckerError, ConfigurationError, SourceError, UsageError

# What a program has before it registers anything.
_OWN = ("pulumi:pulumi:Stack", "pulumi:providers:")
# A program that ends by one of these has not begun, so nothing is known of it.
_NEVER_RAN = ("config", "sdk", "syntax", "no_program")


def gathered(
    projects: Sequence[Project],
    execution: Execution,
    outputs: Mapping[str, Mapping[str, object]],
    environment: Mapping[str, str],
    progress: Progress,
) -> Gathered:
    """Return what the programs of some projects register; raises as `ProgramSource.collect` does."""
    registered: list[Registered] = []
    looked_up: list[LookedUp] = []
    outcomes: list[Outcome] = []
    configs: list[Mapping[str, str]] = []
    files: set[str] = set()
    for done, project in enumerate(projects):
        progress(str(project.folder), done, len(projects))
        stack = stack_of(project, execution.stack)
        runs = evaluate(project, stack, execution, outputs, environment)
        resources, look_ups = _agreed(project, runs)
        own = [one for one in resources if not one.type.startswith(_OWN)]
        failure = ending(runs)
        if failure and not own and _never_ran(failure):
            raise _error(project, stack, runs, failure)
        registered += resources
        looked_up += look_ups
        outcomes.append(outcome(project, stack, runs, len(own), execution.seconds))
        configs.append({key: text for key, text in stack.shown.items() if key.startswith("aws:")})
        files |= set(_files(project, own))
    return Gathered(
        name=NAME,
        registered=registered,
        looked_up=looked_up,
        gaps=[gap for one in outcomes for gap in one.gaps],
        coverage=[line for one in outcomes for line in one.coverage],
        comments=comments(files),
        paths=[str(project.folder) for project in projects],
        config=_common(configs),
        failed="; ".join(one.failed for one in outcomes if one.failed),
    )


def _agreed(project: Project, runs: Sequence[Evaluated]) -> tuple[Sequence[Registered], Sequence[LookedUp]]:
    has_preview = any(run.spelling == PREVIEW for run in runs)
    resources, looked_up = agreed(
        [Run(reading(run.events, project.folder), run.is_whole, run.spelling == PREVIEW) for run in runs]
    )
    sure = in_doubt(resources, looked_up)
    return (wired(sure) if has_preview else sure), looked_up


def _files(project: Project, own: Sequence[Registered]) -> Iterator[str]:
    """Yield the files of a project's own folder that register resources, and the one that is run."""
    inside = str(project.folder)
    yield project.main_shown
    for one in own:
        if one.origin.file and (inside == "." or one.origin.file.startswith(inside)):
            yield one.origin.file


def _common(configs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what all projects configure alike."""
    first, *others = configs
    return {key: text for key, text in first.items() if all(other.get(key) == text for other in others)}


def _never_ran(failure: Failure) -> bool:
    """Tell whether a program could not even begin; one that began and failed is UNKNOWN."""
    return failure.kind in _NEVER_RAN or (failure.kind == "import" and "'pulumi" in failure.message)


def _error(project: Project, stack: Stack, runs: Sequence[Evaluated], failure: Failure) -> CheckerError:
    """Return the error of a program that cannot begin."""
    where = project.main_shown
    text = told(failure, Places(project.folder))
    if failure.kind == "config" and failure.key:
        key = failure.key.removeprefix(f"{project.name}:")
        hint = f"pulumi config set {key} VALUE --stack {stack.name}"
        return ConfigurationError(f"the stack {stack.name} does not set {failure.key}", where=where, hint=hint)
    if failure.kind in ("sdk", "import"):
        hint = "run `pulumi install` in the project, or name the Python that has its packages with --python"
        return UsageError(f"{text} (run by {runs[-1].python})", where=where, hint=hint)
    return SourceError(f"the program registers nothing: {text}", where=where)

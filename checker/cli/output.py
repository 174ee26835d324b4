"""Where reports go: formats to stdout or to files, progress and remarks to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from checker.collect.source import Progress, silent
from checker.errors import UsageError
from checker.model.printable import clean
from checker.model.report import Report
from checker.report.format import Format, formats


@dataclass(frozen=True)
class Output:
    """One report to write: its format, and its file unless it goes to stdout."""

    format: Format
    file: Path | None


def outputs(wishes: Sequence[str]) -> tuple[Output, ...]:
    """Return what `--format NAME[=FILE]` asks for, text on stdout if nothing does.

    Raises `UsageError` before any work is done: for an unknown format, a second one on stdout, a file given twice, a
    folder in the place of a file and a file in a folder that is not there.
    """
    found: list[Output] = []
    for wish in wishes or ("text",):
        name, equals, file = wish.partition("=")
        if name not in formats():
            near = get_close_matches(name, formats(), n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(formats())}"
            raise UsageError(f"no format is called {name!r}", where="--format", hint=hint)
        found.append(Output(formats()[name], _file(wish, file) if equals else None))
    targets = [output.file for output in found]
    if len(set(targets)) < len(targets):
        raise UsageError(
            "two reports cannot go to one place", where="--format", hint="give a file: --format json=report.json"
        )
    return tuple(found)


def write(report: Report, wanted: Sequence[Output], summary: Path | None = None) -> None:
    """Write every report; raises `UsageError` for a file that cannot be written, after all others were.

    `summary` is the file of GitHub's step summary: it takes the whole report as Markdown where annotations are asked
    for, which are cut off after a few.
    """
    write_each(wanted, lambda format, out: format.write(report, out))
    if summary and any(output.format.name == "github" for output in wanted):
        try:
            # Other commands of the step may have written there.
            with summary.open("a", encoding="utf-8", newline="\n") as out:
                formats()["markdown"].write(report, out)
        except OSError as error:
            raise UsageError(f"the step summary could not be written: {summary}: {error.strerror}") from error


def step_summary(environment: Mapping[str, str]) -> Path | None:
    """Return the file of GitHub's step summary, None outside of GitHub Actions.

    Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
    """
    file = environment.get("GITHUB_STEP_SUMMARY", "")
    return Path(file) if file else None


def write_each(wanted: Sequence[Output], write_one: Callable[[Format, TextIO], None]) -> None:
    """Have `write_one` write each output to its stream; raises as `write` does."""
    failures: list[str] = []
    for output in wanted:
        if output.file is None:
            write_one(output.format, sys.stdout)
            continue
        try:
            with output.file.open("w", encoding="utf-8", newline="\n") as out:
                write_one(output.format, out)
        except OSError as error:
            failures.append(f"{output.file}: {error.strerror}")
    if failures:
        raise UsageError(f"the report could not be written: {'; '.join(failures)}")


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """Yield what to tell progress to: a bar on stderr if that is a terminal, else nothing."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich import progress as bars
    from rich.console import Console

    description = bars.TextColumn("{task.description}", markup=False)
    columns = (bars.SpinnerColumn(), description, bars.BarColumn(), bars.MofNCompleteColumn())
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda label, done, total: bar.update(task, description=clean(label), completed=done, total=total)


def _file(wish: str, text: str) -> Path:
    file = Path(text)
    if not text:
        raise UsageError("the file's name is missing", where=f"--format {wish}")
    if file.is_dir():
        raise UsageError("this is a folder", where=f"--format {wish}", hint="name a file in it")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", where=f"--format {wish}")
    return file

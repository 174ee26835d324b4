"""The report for people: stacks, then faults worst first, then what is not known and why, and one last line."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console

from checker.model.report import Report
from checker.report.format import Format
from checker.report.text_results import crashed, failed, not_seen, unknown
from checker.report.text_stacks import candidates, heading, stacks
from checker.report.text_standing import since, waived
from checker.report.text_summary import summary


def write(report: Report, out: TextIO) -> None:
    """Write the report as wide as the terminal, in colour only where the terminal has it and `NO_COLOR` is not set."""
    out.write(render(report, Console(file=out, markup=False, emoji=False, highlight=False)))


def render(report: Report, console: Console) -> str:
    """Return the report as a console would show it; a part with nothing in it does not appear."""
    with console.capture() as capture:
        for part in (heading, stacks, failed, crashed, unknown, waived, since, not_seen, candidates):
            for block in part(report):
                console.print(block)
        # One line whatever the width, so that the last line of a log is the whole verdict.
        console.print(summary(report), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


FORMAT = Format("text", write)

"""The few shapes that the text report is laid out with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from checker.model.finding import Severity, Step, Subject
from checker.model.printable import clean
from checker.model.record import Origin

SEVERITY_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}
INDENT = 10


def title(text: str, note: str = "") -> Iterator[RenderableType]:
    """Yield a part's title between blank lines."""
    yield Text("")
    yield Text.assemble((text, "bold"), (f"  {clean(note)}" if note else "", "dim"))
    yield Text("")


def entry(label: str, body: Text, style: str = "dim") -> RenderableType:
    """Return a line with a label in the margin; what wraps stays clear of the margin."""
    return _Entry(Text(f"  {label}", style=style), body)


def indented(lines: Iterable[Text], left: int = INDENT) -> Iterator[RenderableType]:
    """Yield each line under the margin."""
    for line in lines:
        yield _Entry(Text(""), line, left)


@dataclass(frozen=True)
class _Entry:
    """A text beside a margin; a table would do, and take six times as long where a report has thousands."""

    label: Text
    body: Text
    left: int = INDENT

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        margin = self.label.copy()
        margin.set_length(self.left)
        for line in self.body.wrap(console, max(options.max_width - self.left, 1), overflow="fold"):
            yield from margin.render(console)
            yield from line.render(console, end="\n")
            margin = Text(" " * self.left)


def subject_text(subject: Subject, stack: str = "") -> Text:
    """Return a subject as `database shop-db`, with its stack where that is not plain."""
    text = Text.assemble((f"{subject.kind.replace('_', ' ')} ", "dim"), clean(str(subject)))
    if stack:
        text.append(f" in {clean(stack)}", "dim")
    return text


def step_text(step: Step) -> Text:
    """Return a step as `resource: fact (file:line)`."""
    text = Text.assemble((clean(step.resource), "bold"), f": {clean(step.fact)}")
    if place := place_of(step.origin):
        text.append(f" ({place})", "dim")
    return text


def place_of(origin: Origin | None) -> str:
    """Return `file:line` for what was read in a file, nothing for what was read from an API."""
    if origin is None or origin.file is None:
        return ""
    return clean(origin.file + (f":{origin.line}" if origin.line is not None else ""))

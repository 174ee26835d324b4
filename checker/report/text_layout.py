"""The few shapes that the text report is laid out with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker.model.finding import Severity, Step, Subject
from checker.model.record import Origin

SEVERITY_STYLES = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan"}
INDENT = 10


def clean(text: str) -> str:
    """Return the text without what a terminal could obey: names and tags are other people's input."""
    return "".join(char if char.isprintable() else " " for char in text)


def title(text: str, note: str = "") -> Iterator[RenderableType]:
    """Yield a part's title between blank lines."""
    yield Text("")
    yield Text.assemble((text, "bold"), (f"  {clean(note)}" if note else "", "dim"))
    yield Text("")


def entry(label: str, body: Text, style: str = "dim") -> RenderableType:
    """Return a line with a label in the margin; what wraps stays clear of the margin."""
    table = Table.grid(padding=0)
    table.add_column(width=INDENT, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Text(f"  {label}", style=style), body)
    return table


def indented(lines: Iterable[Text], left: int = INDENT) -> Iterator[RenderableType]:
    """Yield each line under the margin."""
    for line in lines:
        yield Padding(line, (0, 0, 0, left))


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

"""Rules for readers: the list as a table or as JSON, and one rule's manual page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker.model.report import RuleView
from checker.report.json_report import rule_json
from checker.report.text_layout import SEVERITY_STYLES


def as_json(rules: Sequence[RuleView]) -> str:
    """Return the rules as the report's JSON names them."""
    return json.dumps([rule_json(rule) for rule in rules], indent=2) + "\n"


def table(rules: Sequence[RuleView], out: TextIO) -> str:
    """Return a table of the rules as wide as `out` is."""
    console = _console(out)
    grid = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    for name in ("id", "severity", "name"):
        grid.add_column(name, no_wrap=True)
    grid.add_column("what is wrong", overflow="fold")
    for rule in rules:
        grid.add_row(
            Text(rule.id, "bold"), Text(str(rule.severity), SEVERITY_STYLES[rule.severity]), rule.name, rule.title
        )
    with console.capture() as capture:
        console.print(grid)
        console.print(Text(f"\n{len(rules)} rules; tierproof explain RULE shows a rule's page", "dim"))
    return _stripped(capture.get())


def page(rule: RuleView, text: str, out: TextIO) -> str:
    """Return a rule's manual page, headings set off; `text` is its docstring."""
    console = _console(out)
    with console.capture() as capture:
        console.print(
            Text.assemble(
                (f"{rule.id} {rule.name}", "bold"), "  ", (str(rule.severity), SEVERITY_STYLES[rule.severity])
            )
        )
        console.print(Text(rule.title))
        for line in _flowing(text.strip().splitlines()[1:]):
            heading = line and not line.startswith(" ")
            console.print(Text(line, "bold") if heading else _indented(line))
        if rule.controls:
            console.print(Text("\nControls", "bold"))
            console.print(_indented("    " + ", ".join(rule.controls)))
    return _stripped(capture.get())


def _flowing(lines: Sequence[str]) -> Iterator[str]:
    """Yield each paragraph as one line, so that it wraps where the terminal ends; lists and links keep their lines."""
    paragraph = ""
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        stands_alone = not line.strip() or not indent or line.lstrip().startswith(("http", "- ", "* "))
        if paragraph and not stands_alone and len(paragraph) - len(paragraph.lstrip()) == len(indent):
            paragraph += f" {line.strip()}"
            continue
        if paragraph:
            yield paragraph
        paragraph = "" if stands_alone else line
        if stands_alone:
            yield line
    if paragraph:
        yield paragraph


def _indented(line: str) -> Padding:
    text = line.lstrip()
    return Padding(Text(text), (0, 0, 0, len(line) - len(text)))


def _console(out: TextIO) -> Console:
    return Console(file=out, markup=False, emoji=False, highlight=False)


def _stripped(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())

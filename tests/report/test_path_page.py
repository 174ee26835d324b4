"""The page about paths shows what the command says of the documented shop today."""

import io
import re
import shlex
from pathlib import Path

import pytest
from rich.console import Console

from checker.graph.query.answer import PathReport
from checker.graph.query.question import Question, answer
from checker.graph.stacks import discover
from checker.report.path_text import render
from tests.graph.shop import blueprint, shop

PAGE = (Path(__file__).parents[2] / "docs" / "path.md").read_text(encoding="utf-8")
CAPTURES = re.findall(r"```console\n\$ tierproof path (.*)\n([\s\S]*?)```", PAGE)


def question(line: str) -> Question:
    words = shlex.split(line)
    port = words.pop(words.index("--port") + 1) if "--port" in words else None
    ends = [word for word in words if not word.startswith("--")]
    if "--who" in words:
        return Question(None, ends[0], port)
    return Question(ends[0], None if "--all" in words else ends[1], port)


def said(line: str) -> str:
    """Return what the command prints at 80 columns, without its last line, which names the source."""
    graph = shop()
    found = answer(question(line), graph, discover(graph, blueprint()).stacks)
    report = PathReport("", "", (), (), (), None, found)
    console = Console(file=io.StringIO(), width=80, markup=False, emoji=False, highlight=False)
    return render(report, console).rstrip().rpartition("\n\n")[0] + "\n"


def test_page_has_examples() -> None:
    assert len(CAPTURES) >= 3


@pytest.mark.parametrize(("line", "capture"), CAPTURES, ids=[line for line, _ in CAPTURES])
def test_examples_are_what_is_said_today(line: str, capture: str) -> None:
    assert said(line) == capture

"""Every row of `docs/semantics.md` has tests that exist and name it, and no test names a row that is not there."""

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
PAGE = TESTS.parent / "docs" / "semantics.md"
_NAMED = re.compile(r"semantics ((?:\d+(?:, )?)+)")
_ROW = re.compile(r"^### (\d+)\. .+$", re.MULTILINE)
_LINK = re.compile(r"\[`(test_\w+)`\]\(\.\./tests/([\w/]+\.py)\)")
SIGNS = {"shown by": "shows it at work", "limited by": "shows its limit"}


@cache
def named() -> Mapping[int, frozenset[str]]:
    """Return the tests, as `file::name`, by the rows that a comment at the end of their heads names."""
    found: dict[int, set[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text(encoding="utf-8")
        if "semantics " not in source:
            continue
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                # The comment stands on the line of the `def`, or where a long signature ends.
                head = "\n".join(lines[node.lineno - 1 : node.body[0].lineno])
                for match in _NAMED.finditer(head):
                    for row in re.findall(r"\d+", match[1]):
                        found.setdefault(int(row), set()).add(f"{path.relative_to(TESTS)}::{node.name}")
    return {row: frozenset(tests) for row, tests in found.items()}


@cache
def rows() -> Mapping[int, str]:
    """Return the text of each row of the page."""
    parts = _ROW.split(PAGE.read_text(encoding="utf-8"))[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def listed(row: int, sign: str) -> list[str]:
    """Return the tests that a row lists under `shown by` or `limited by`."""
    lines = [line for line in rows()[row].splitlines() if line.startswith(f"- {sign}: ")]
    return [f"{file}::{name}" for line in lines for name, file in _LINK.findall(line)]


def test_rows_are_numbered_without_a_hole() -> None:
    assert list(rows()) == list(range(1, len(rows()) + 1))
    assert len(rows()) >= 69


@pytest.mark.parametrize("sign", SIGNS)
def test_every_row_has_a_test_of_either_kind(sign: str) -> None:
    lacking = [row for row in rows() if not listed(row, sign)]

    assert not lacking, f"rows without a test that {SIGNS[sign]}: {lacking}"


def test_the_tests_that_a_row_lists_exist_and_name_it() -> None:
    wrong = {
        row: lost for row in rows() for sign in SIGNS if (lost := set(listed(row, sign)) - named().get(row, set()))
    }

    assert not wrong


def test_every_row_has_a_source_and_says_what_is_done() -> None:
    for row, text in rows().items():
        assert re.search(r"^- source: \[.+\]\(https://", text, re.MULTILINE), row
        assert "- tierproof: " in text, row


def test_no_test_names_a_row_that_is_not_on_the_page() -> None:
    assert not set(named()) - set(rows())


def test_corrections_point_at_rows() -> None:
    corrected = re.findall(r"^\| \[(\d+)\]\(#row-(\d+)\) ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert corrected
    assert all(one == other and int(one) in rows() for one, other in corrected)

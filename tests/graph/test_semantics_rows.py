"""Every row of the table of AWS facts that the engine is held to has a test that names it."""

import ast
import re
from pathlib import Path

# The rows that this part of the product answers for; the others are about sources that it does not follow yet.
ROWS = {*range(1, 28), *range(30, 35), 36, 37, 39, *range(41, 47), *range(48, 56)}
_NAMED = re.compile(r"semantics ((?:\d+(?:, )?)+)")
_TESTS = Path(__file__).parent.parent


def _named() -> dict[int, set[str]]:
    """Return the tests by the rows that a comment or docstring on their own lines names."""
    found: dict[int, set[str]] = {}
    for path in sorted([*_TESTS.glob("graph/test_*.py"), *_TESTS.glob("model/test_*.py")]):
        source = path.read_text()
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                # The comment stands on the line of the `def`, or where a long signature ends.
                head = "\n".join(lines[node.lineno - 1 : node.body[0].lineno])
                for match in _NAMED.finditer(head):
                    for row in re.findall(r"\d+", match[1]):
                        found.setdefault(int(row), set()).add(f"{path.name}::{node.name}")
    return found


def test_every_row_is_named_by_a_test() -> None:
    named = _named()

    assert not ROWS - set(named), f"rows without a test: {sorted(ROWS - set(named))}"


def test_no_test_names_a_row_that_is_not_in_the_table() -> None:
    assert not {row for row in _named() if not 1 <= row <= 55}

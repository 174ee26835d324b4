"""Whether a line of a program looks something up in a table of its own by a text that nobody knows.

A dictionary compares a text only with texts of the same hash, and so is never told that one is a placeholder: what is
seen is that its hash is taken. That is done to put something in, too, and what is put in is no question.
"""

from __future__ import annotations

import ast
import inspect
import tokenize
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType

_ASKING = ("get", "pop", "__getitem__", "__contains__")
_LONGEST = 50
_DATA = (str, dict, set, frozenset, tuple, list, ModuleType)
_UNSEEN = object()


class Tables:
    """Reads the lines of a program that take the hash of a text; `is_made_up` tells a placeholder."""

    def __init__(self, is_made_up: Callable[[str], bool]) -> None:
        self._is_made_up = is_made_up
        self._files: dict[str, dict[int, list[tuple[ast.expr, ast.expr]]]] = {}

    def is_asked(self, text: str, frame: FrameType) -> bool:
        """Whether the line of a frame may look a text up in a table that has texts of the program's own."""
        file = frame.f_code.co_filename
        if file not in self._files:
            self._files[file] = _look_ups(file)
        return any(self._is_open(text, key, table, frame) for key, table in self._files[file].get(frame.f_lineno, ()))

    def _is_open(self, text: str, key: ast.expr, table: ast.expr, frame: FrameType) -> bool:
        wanted = _value(key, frame)
        if wanted is not _UNSEEN and not (isinstance(wanted, str) and str.__eq__(wanted, text)):
            return False
        if isinstance(table, (ast.Dict, ast.Set)):
            keys = table.keys if isinstance(table, ast.Dict) else table.elts
            return any(
                key is None or _value(key, frame) is _UNSEEN or self._is_known(_value(key, frame)) for key in keys
            )
        found = _value(table, frame)
        if not isinstance(found, (dict, set, frozenset)):
            # A list compares one item after the other, which is seen; what is not seen may be a table.
            return found is _UNSEEN
        if any(isinstance(each, str) and str.__eq__(each, text) for each in found):
            return False
        return any(self._is_known(each) for each in found)

    def _is_known(self, value: object) -> bool:
        return isinstance(value, str) and bool(value) and not self._is_made_up(value)


def _look_ups(file: str) -> dict[int, list[tuple[ast.expr, ast.expr]]]:
    """Return the keys and tables of what the lines of a file look up, none of a file that cannot be read."""
    try:
        with tokenize.open(file) as opened:
            tree = ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {}
    found: dict[int, list[tuple[ast.expr, ast.expr]]] = {}
    for node in ast.walk(tree):
        for key, table in _of_node(node):
            if not isinstance(key, ast.Constant) and isinstance(node, ast.expr):
                last = node.end_lineno or node.lineno
                for line in range(node.lineno, min(last, node.lineno + _LONGEST) + 1):
                    found.setdefault(line, []).append((key, table))
    return found


def _of_node(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and not isinstance(node.slice, ast.Slice):
        yield node.slice, node.value
    elif isinstance(node, ast.Compare):
        left = node.left
        for operator, right in zip(node.ops, node.comparators):  # noqa: B905 - Python 3.9
            if isinstance(operator, (ast.In, ast.NotIn)):
                yield left, right
            left = right
    elif (
        isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING
    ):
        yield node.args[0], node.func.value


def _value(node: ast.expr, frame: FrameType) -> object:
    """Return what an expression stands for where that is plain data, without running any code of the program's."""
    if isinstance(node, ast.Constant):
        return node.value
    found: object = _UNSEEN
    if isinstance(node, ast.Name):
        found = frame.f_locals.get(node.id, frame.f_globals.get(node.id, _UNSEEN))
    elif isinstance(node, ast.Attribute):
        owner = _value_of_any(node.value, frame)
        found = _UNSEEN if owner is _UNSEEN else inspect.getattr_static(owner, node.attr, _UNSEEN)
    elif isinstance(node, ast.Subscript):
        owner, key = _value(node.value, frame), _value(node.slice, frame)
        if type(owner) is dict and type(key) is str:
            found = owner.get(key, _UNSEEN)
    return found if isinstance(found, _DATA) else _UNSEEN


def _value_of_any(node: ast.expr, frame: FrameType) -> object:
    """Return the object that a name stands for, of whatever class."""
    if isinstance(node, ast.Name):
        return frame.f_locals.get(node.id, frame.f_globals.get(node.id, _UNSEEN))
    return _value(node, frame)

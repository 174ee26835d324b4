"""Calls whose failure the program handles itself: what it does then is not seen, since no look-up fails here."""

from __future__ import annotations

import ast
import functools
from pathlib import Path
from types import FrameType

from .positions import Positions

# What the SDK raises for a look-up that fails is an `Exception`, of no class of its own.
# Source: https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/runtime/invoke.py
_CATCHING = frozenset(("Exception", "BaseException"))
_ENDING = frozenset(("exit", "_exit", "quit"))


def is_guarded(frame: FrameType | None, positions: Positions) -> bool:
    """Tell whether one of the project's frames, from `frame` outwards, goes on where what it calls fails."""
    while frame is not None:
        file = frame.f_code.co_filename
        if positions.is_project(file) and any(first <= frame.f_lineno <= last for first, last in _guarded(file)):
            return True
        frame = frame.f_back
    return False


@functools.cache
def _guarded(file: str) -> tuple[tuple[int, int], ...]:
    """Return the lines, first and last, of what a file tries and goes on from."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return ()
    tried = [node for node in ast.walk(tree) if isinstance(node, ast.Try) and any(map(_goes_on, node.handlers))]
    return tuple((node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno) for node in tried)


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler catches what a look-up raises, and does not end the program."""
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if not any(each is None or _name(each) in _CATCHING for each in named):
        return False
    last = handler.body[-1]
    ends = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and _name(last.value.func) in _ENDING
    return not ends and not isinstance(last, ast.Raise)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""

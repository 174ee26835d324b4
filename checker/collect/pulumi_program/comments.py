"""Comments of a program that speak to tierproof, and the lines that each belongs to."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.model.record import Comment

MARK = "tierproof:"
_MOST_BYTES = 2_000_000


def comments(files: Iterable[str]) -> tuple[Comment, ...]:
    """Return the comments of Python files that speak to us; a file that cannot be read has none."""
    return tuple(comment for file in sorted(set(files)) for comment in _of_file(file))


def _of_file(file: str) -> Iterator[Comment]:
    path = Path(file)
    try:
        if path.stat().st_size > _MOST_BYTES:
            return
        with tokenize.open(file) as opened:
            text = opened.read()
        if MARK not in text:
            return
        found = _found(text)
        statements = sorted(_statements(ast.parse(text)))
    except (OSError, SyntaxError, ValueError, RecursionError, tokenize.TokenError):
        return
    lines = text.splitlines()
    for line, comment in found.items():
        below = line
        while below <= len(lines) and lines[below - 1].lstrip().startswith("#"):
            below += 1  # other remarks may stand between it and the statement
        around = [(first, last) for first, last in statements if first <= below and line <= last]
        # The innermost: a function that registers several resources is not one of them.
        first, last = min(around, key=lambda lines: lines[1] - lines[0], default=(line, line))
        yield Comment(file, min(line, first), last, comment, line)


def _found(text: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        token.start[0]: token.string.lstrip("# ")
        for token in tokens
        if token.type == tokenize.COMMENT and MARK in token.string
    }


def _statements(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each statement; of one that holds others, its first line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            holds = bool(getattr(node, "body", None))
            yield node.lineno, node.lineno if holds else node.end_lineno or node.lineno

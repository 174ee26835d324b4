"""What a place that is not HCL may hide: the blocks whose first lines can still be read there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADER = re.compile(r'^\s*(resource|data|module|variable|output|provider|locals|terraform)\b((?:\s+"[^"$]*")*)\s*\{?')
_LABEL = re.compile(r'"([^"]*)"')
_LABELS = {
    "resource": 2,
    "data": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
_NOTE = re.compile(r"^\s*(#|//|$)")
_PASSED = re.compile(r"\s|[\])}]+[,\s]*(?:$|#|//)")
# The end of a block's first line, and the nested blocks that have such an end.
_ENDING = re.compile(r'"\s*\{\s*$')
_INNER = re.compile(r'\s*[\w-]+\s+"[\w-]*"\s*\{\s*$')


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A block of which only the first line is known."""

    kind: str
    labels: tuple[str, ...]
    line: int


def spoiled_blocks(lines: Sequence[str], first: int, last: int) -> tuple[Spoiled, ...] | None:
    """Return the blocks that begin in some lines, counted from 1 and inclusive; None where something else may.

    A line that begins at the margin and is no part of a known block (a brace, a comment) could begin anything. Where
    the file ends inside of a block, it may be cut off, and anything may have followed.
    """
    written = [line for line in lines[first - 1 :] if line.strip()]
    reaches_end = not any(line.strip() for line in lines[last:])
    is_closed = bool(written) and written[-1].rstrip().endswith("}") and not written[-1][0].isspace()
    if reaches_end and not is_closed:
        return None
    found: list[Spoiled] = []
    for number, line in enumerate(lines[first - 1 : last], first):
        match = _HEADER.match(line)
        labels = tuple(_LABEL.findall(match[2])) if match else ()
        if match and len(labels) == _LABELS[match[1]] and "{" in line:
            found.append(Spoiled(match[1], labels, number))
            continue
        if _NOTE.match(line):
            continue
        is_header = match is not None and (not line[0].isspace() or ('"' in line and "{" in line))
        is_torn = _ENDING.search(line) is not None and not _INNER.match(line)
        if not found or is_header or is_torn or not _PASSED.match(line):
            return None
    return tuple(found)

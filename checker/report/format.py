"""What an output format is, and every one, found by looking into this folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TextIO

import checker.report
from checker._discover import declared
from checker.model.report import Report


@dataclass(frozen=True)
class Format:
    """A format: its name for `--format`, and the function that writes a whole report to a stream."""

    name: str
    write: Callable[[Report, TextIO], None]


@cache
def formats() -> Mapping[str, Format]:
    """Return the declared formats by name."""
    found = [item for _, item in declared(checker.report, "FORMAT", Format)]
    return {item.name: item for item in sorted(found, key=lambda item: item.name)}

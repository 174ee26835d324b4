"""What a starter is, and every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import checker.starters
from checker._discover import declared


@dataclass(frozen=True)
class Starter:
    """A file to begin with: its name for `tierproof init`, where it belongs, what it is for, and its text.

    `then` says what is left for the user to do. `beside` are the other files that it needs, by where they belong.
    """

    name: str
    path: str
    what: str
    text: Callable[[], str]
    then: str
    beside: tuple[tuple[str, Callable[[], str]], ...] = ()

    @property
    def files(self) -> Mapping[str, Callable[[], str]]:
        """Return the texts of all its files by where they belong, its own first."""
        return {self.path: self.text, **dict(self.beside)}


@cache
def starters() -> Mapping[str, Starter]:
    """Return the starters by name."""
    found = [item for _, item in declared(checker.starters, "STARTER", Starter)]
    return {item.name: item for item in sorted(found, key=lambda item: item.name)}

"""What all modules below one root share, and the ledger of what was read for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from checker.collect.hcl.configuration import load
from checker.collect.hcl.declarations import Configuration
from checker.collect.hcl.files import RootFiles
from checker.collect.hcl.instances import Answers
from checker.collect.hcl.sources import Copies
from checker.collect.hcl.tree import Tree, real
from checker.collect.hcl.values import Value


@dataclass(frozen=True)
class Absent:
    """A module whose files are not there: its address, its source, where it is called, and how to supply it.

    `given` tells all texts and symbols in its arguments, None where one of them is not known.
    """

    address: str
    source: str
    place: str
    reason: str
    supply: str
    given: Callable[[], frozenset[str] | None] = lambda: None


@dataclass
class Library:
    """The folders that were read, each once, by their real paths."""

    found: dict[Path, Configuration] = field(default_factory=dict)

    def configuration(self, path: Path, tree: Tree) -> Configuration:
        """Return what a folder declares; a path that was given in another way before keeps that spelling."""
        place = real(path)
        known = self.found.get(place)
        if known is None:
            known = self.found[place] = load(path, tree)
        return known


@dataclass
class Context:
    """A root module's surroundings; `workspace` is what `terraform.workspace` stands for."""

    tree: Tree
    library: Library
    copies: Copies
    files: RootFiles
    workspace: Value
    answers: Answers | None = None
    absent: dict[str, Absent] = field(default_factory=dict)

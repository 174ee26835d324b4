"""What the files of one folder declare, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checker.collect.hcl.faults import Spoiled
from checker.collect.hcl.syntax import Block, Body, Expression, Literal, Object
from checker.model.record import Comment

Key = tuple[str, ...]
BACKENDS = frozenset({"backend", "cloud"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A block of a module: its type and labels, its body after all overrides, and where it stands."""

    kind: str
    labels: Key
    body: Body
    file: str
    line: int
    end_line: int

    @property
    def place(self) -> str:
        """Return the file and line."""
        return f"{self.file}:{self.line}"

    @property
    def is_json(self) -> bool:
        """Tell whether it is written in JSON, where blocks and attributes look the same."""
        return self.file.endswith(".json")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was not read: `spoiled` are the only blocks that it may hide, and None means it may be any."""

    file: str
    line: int | None
    message: str
    supply: str
    spoiled: tuple[Spoiled, ...] | None = None

    @property
    def place(self) -> str:
        """Return the file and, where it is known, the line."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass
class Configuration:
    """A module as its files declare it; every table is by labels, such as `("aws_vpc", "main")` in `resource`."""

    folder: Path
    files: dict[str, int] = field(default_factory=dict)
    tables: dict[str, dict[Key, Declaration]] = field(default_factory=dict)
    locals: dict[str, Expression] = field(default_factory=dict)
    settings: list[Declaration] = field(default_factory=list)
    doubled: set[Key] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    def table(self, kind: str) -> dict[Key, Declaration]:
        """Return the blocks of one type by their labels; providers have their alias as a second label."""
        return self.tables.setdefault(kind, {})

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing of it was lost."""
        return not self.troubles

    def backends(self) -> Iterator[Block]:
        """Yield the blocks that say where the state is kept."""
        for one in self.settings:
            yield from (block for block in one.body.blocks if block.type in BACKENDS)
            for type_ in BACKENDS & one.body.attributes.keys():  # in JSON all blocks look like objects
                yield from _blocks_of(type_, one.body.attributes[type_])


def _blocks_of(type_: str, expression: Expression) -> Iterator[Block]:
    if not isinstance(expression, Object):
        return
    inner = {str(key.value): value for key, value in expression.items if isinstance(key, Literal)}
    if type_ == "cloud":
        yield Block(type_, (), Body(inner, ()), expression.line, expression.line)
        return
    for label, value in inner.items():
        items = value.items if isinstance(value, Object) else ()
        body = Body({str(key.value): item for key, item in items if isinstance(key, Literal)}, ())
        yield Block(type_, (label,), body, value.line, value.line)

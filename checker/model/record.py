"""What a source yields: raw records, gaps where something could not be read, and where both came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from checker.model.fact import Missing


@dataclass(frozen=True, order=True)
class Scope:
    """An account and a Region, each empty where it is not told; global services have the Region `global`."""

    account: str
    region: str

    def __str__(self) -> str:
        # A file may name neither; what is empty is left out.
        return "/".join(part for part in (self.account, self.region) if part) or "the input"


@dataclass(frozen=True)
class Origin:
    """Where a fact was read: a source's name and, for files, the place and the address in the program.

    `label` is a short form of an address that is too long to read, such as a Pulumi URN.
    """

    source: str
    file: str | None = None
    line: int | None = None
    address: str | None = None
    label: str | None = None


class Status(Enum):
    """How one call, file or module went."""

    OK = "ok"
    EMPTY = "empty"
    DENIED = "denied"
    THROTTLED = "throttled"
    FAILED = "failed"
    NOT_OPTED_IN = "not-opted-in"
    UNREADABLE = "unreadable"

    @property
    def was_read(self) -> bool:
        """Tell whether the answer is complete."""
        return self in (Status.OK, Status.EMPTY)


@dataclass(frozen=True)
class Record:
    """One raw thing in one dialect: `type` is the dialect's own name for it, `raw` is as it was read.

    A part that should be in `raw` and could not be read stands there as a `Gap`.
    """

    dialect: str
    type: str
    scope: Scope
    raw: Mapping[str, object]
    origin: Origin


ANYTHING = "*"


@dataclass(frozen=True)
class Gap:
    """Something that could not be read: `type` names the records it hides; `parent` the one record it belongs to.

    A gap of the type `ANYTHING` may hide records of every type of its dialect. What is hidden can complete only records
    that one of the texts in `given` names; None is any record.
    """

    type: str
    scope: Scope
    item: str
    status: Status
    error: str
    supply: str
    parent: str | None = None
    given: frozenset[str] | None = None

    @property
    def missing(self) -> Missing:
        """Return the gap as a missing fact."""
        where = f" of {self.parent}" if self.parent else ""
        return Missing(f"{self.item}{where} in {self.scope} ({self.status.value})", self.supply)


@dataclass(frozen=True)
class Coverage:
    """One line of the ledger: a call, file or module, how it went and how many items it gave."""

    source: str
    scope: Scope
    item: str
    status: Status
    count: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Comment:
    """A comment of a program that speaks to tierproof, and the lines of the block that it belongs to, inclusive.

    `at` is the line of the comment itself, 0 where it is the first line of the block.
    """

    file: str
    line: int
    end_line: int
    text: str
    at: int = 0


@dataclass(frozen=True)
class Collection:
    """All that a source saw."""

    source: str
    records: tuple[Record, ...] = ()
    gaps: tuple[Gap, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    paths: tuple[str, ...] = ()
    collected_at: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()

"""What is different between two reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.model.past import PastReport, PastResult, PastSubject


class Trend(Enum):
    """How one rule's verdict on one subject went from the earlier report to the later one.

    `NEW` is open and was not, or is worse; `FIXED` was open and holds now, or its subject is gone; `OPEN` is as open as
    before; `UNSEEN` was open and was not judged again; `CHANGED` is another verdict with nothing to do.
    """

    NEW = "new"
    FIXED = "fixed"
    OPEN = "open"
    UNSEEN = "unseen"
    CHANGED = "changed"


@dataclass(frozen=True)
class Pair:
    """The verdicts of one rule on one subject, one of them None where only one report has it."""

    trend: Trend
    old: PastResult | None
    new: PastResult | None
    why: str = ""

    @property
    def shown(self) -> PastResult:
        """Return the later verdict, or the earlier one where there is no later."""
        result = self.new or self.old
        if result is None:
            raise ValueError("a pair of two absent results")
        return result


@dataclass(frozen=True)
class Side:
    """One of two reports: the path that was named, what it was taken for, and its hash if it is a written report."""

    path: str
    what: str
    report: PastReport
    sha256: str | None = None


@dataclass(frozen=True)
class Difference:
    """Two reports side by side; the order of everything is that of rule and subject."""

    version: str
    old: Side
    new: Side
    pairs: tuple[Pair, ...]
    appeared: tuple[PastSubject, ...]
    disappeared: tuple[PastSubject, ...]
    notes: tuple[str, ...] = ()
    exit_codes: tuple[int, ...] = (0,)

    @property
    def exit_code(self) -> int:
        """Return the code that the command ends with."""
        return self.exit_codes[0]

    def of(self, trend: Trend) -> tuple[Pair, ...]:
        """Return the pairs that went one way."""
        return tuple(pair for pair in self.pairs if pair.trend is trend)

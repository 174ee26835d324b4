"""What surely gets through and what could: the pair of sets that three-valued reachability answers with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar, final

from checker.model.fact import NO, YES, Answer, Missing, merge


class Algebra(Protocol):
    """A set with union, intersection, difference and emptiness."""

    def __or__(self, other: Self, /) -> Self: ...
    def __and__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __bool__(self) -> bool: ...


S = TypeVar("S", bound=Algebra)
R = TypeVar("R", bound=Algebra)


@final
@dataclass(frozen=True)
class Bounds(Generic[S]):
    """A set known only between `must` (surely in) and `may` (possibly in); `missing` says what would close the gap."""

    must: S
    may: S
    missing: tuple[Missing, ...] = ()

    @classmethod
    def exactly(cls, value: S) -> Bounds[S]:
        """Return the bounds of a set that is fully known."""
        return cls(value, value)

    @property
    def exact(self) -> bool:
        """Tell whether nothing is open."""
        return self.must == self.may

    def __or__(self, other: Bounds[S]) -> Bounds[S]:
        if self.must is self.may and other.must is other.may:
            return Bounds.exactly(self.must | other.must)
        return _settled(self.must | other.must, self.may | other.may, merge(self.missing, other.missing))

    def __and__(self, other: Bounds[S]) -> Bounds[S]:
        # Where both are exact, which is nearly always, one intersection serves both bounds.
        if self.must is self.may and other.must is other.may:
            return Bounds.exactly(self.must & other.must)
        return _settled(self.must & other.must, self.may & other.may, merge(self.missing, other.missing))

    def __sub__(self, other: Bounds[S]) -> Bounds[S]:
        if self.must is self.may and other.must is other.may:
            return Bounds.exactly(self.must - other.must)
        return _settled(self.must - other.may, self.may - other.must, merge(self.missing, other.missing))

    def map(self, change: Callable[[S], R]) -> Bounds[R]:
        """Return the bounds of the changed set; `change` must be monotone."""
        if self.must is self.may:
            return Bounds.exactly(change(self.must))
        return _settled(change(self.must), change(self.may), self.missing)

    def is_empty(self) -> Answer:
        """Answer whether nothing is in the set."""
        if self.must:
            return NO
        return Answer(None, self.missing) if self.may else YES

    def covers(self, wanted: S) -> Answer:
        """Answer whether all of `wanted` is in the set."""
        if not wanted - self.must:
            return YES
        return NO if wanted - self.may else Answer(None, self.missing)


def _settled(must: S, may: S, missing: tuple[Missing, ...]) -> Bounds[S]:
    return Bounds(must, must) if must == may else Bounds(must, may, missing)

"""Exact sets of whole numbers, kept as sorted, disjoint, inclusive intervals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class IntervalSet:
    """A set of whole numbers; equal sets have equal `intervals`, so equality is set equality.

    `intervals` holds inclusive `(first, last)` pairs, ascending, neither overlapping nor touching.
    """

    intervals: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> IntervalSet:
        """Return the union of inclusive `intervals` given in any order; those with first > last are empty."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(intervals):
            if first > last:
                continue
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    @classmethod
    def span(cls, first: int, last: int) -> IntervalSet:
        """Return every number from `first` to `last`, both included."""
        return cls(((first, last),)) if first <= last else EMPTY

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self.intervals, (number, _FAR)) - 1
        return at >= 0 and self.intervals[at][1] >= number

    def __or__(self, other: IntervalSet) -> IntervalSet:
        if not other.intervals or self.intervals == other.intervals:
            return self
        return IntervalSet.of(self.intervals + other.intervals) if self.intervals else other

    def __and__(self, other: IntervalSet) -> IntervalSet:
        mine, theirs, found = self.intervals, other.intervals, []
        if mine == theirs or not mine:
            return self
        if len(mine) > len(theirs):
            mine, theirs = theirs, mine
        if not mine or mine[-1][1] < theirs[0][0] or theirs[-1][1] < mine[0][0]:
            return EMPTY
        i, j = 0, max(bisect_right(theirs, (mine[0][0], _FAR)) - 1, 0)
        while i < len(mine) and j < len(theirs):
            first, last = max(mine[i][0], theirs[j][0]), min(mine[i][1], theirs[j][1])
            if first <= last:
                found.append((first, last))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return IntervalSet(tuple(found))

    def __sub__(self, other: IntervalSet) -> IntervalSet:
        if not self.intervals or not other.intervals:
            return self
        found: list[tuple[int, int]] = []
        cuts = other.intervals
        at = max(bisect_right(cuts, (self.intervals[0][0], _FAR)) - 1, 0)
        for first, last in self.intervals:
            start = first
            while at < len(cuts) and cuts[at][1] < start:
                at += 1
            k = at
            while k < len(cuts) and cuts[k][0] <= last:
                if cuts[k][0] > start:
                    found.append((start, cuts[k][0] - 1))
                start = max(start, cuts[k][1] + 1)
                k += 1
            if start <= last:
                found.append((start, last))
        return IntervalSet(tuple(found))

    def __le__(self, other: IntervalSet) -> bool:
        return not self - other

    @property
    def first(self) -> int:
        """Return the smallest member; raises `IndexError` for the empty set."""
        return self.intervals[0][0]

    @property
    def size(self) -> int:
        """Return how many numbers are members."""
        return sum(last - first + 1 for first, last in self.intervals)


_FAR = 1 << 200
EMPTY = IntervalSet()

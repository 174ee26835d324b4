"""Exact sets of flows: pairs of a remote address and the traffic that goes with it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import final

from checker.model.addresses import EVERYWHERE
from checker.model.intervals import EMPTY, IntervalSet
from checker.model.traffic import EVERYTHING

Slab = tuple[int, int, IntervalSet]


@final
@dataclass(frozen=True)
class FlowSet:
    """A set over (address, traffic); equal sets have equal `slabs`, so equality is set equality.

    `slabs` holds `(first address, last address, traffic)`, ascending and disjoint, without empty traffic, and no two
    neighbours that touch with equal traffic. Union, intersection and difference cost the number of slabs.
    """

    slabs: tuple[Slab, ...] = ()

    @classmethod
    def box(cls, addresses: IntervalSet, traffic: IntervalSet) -> FlowSet:
        """Return every pair of an address and a traffic."""
        return cls(tuple((first, last, traffic) for first, last in addresses.intervals)) if traffic else NO_FLOWS

    @classmethod
    def union(cls, boxes: Iterable[tuple[IntervalSet, IntervalSet]]) -> FlowSet:
        """Return the union of `(addresses, traffic)` boxes in one sweep, however many they are."""
        events: dict[int, list[tuple[bool, IntervalSet]]] = {}
        for addresses, traffic in boxes:
            for first, last in addresses.intervals if traffic else ():
                events.setdefault(first, []).append((True, traffic))
                events.setdefault(last + 1, []).append((False, traffic))
        active: dict[IntervalSet, int] = {}
        slabs: list[Slab] = []
        places = sorted(events)
        for at, place in enumerate(places[:-1]):
            for starts, traffic in events[place]:
                active[traffic] = active.get(traffic, 0) + (1 if starts else -1)
                if not active[traffic]:
                    del active[traffic]
            if active:
                together = IntervalSet.of(interval for traffic in active for interval in traffic.intervals)
                slabs.append((place, places[at + 1] - 1, together))
        return cls(_joined(slabs))

    def __bool__(self) -> bool:
        return bool(self.slabs)

    def __or__(self, other: FlowSet) -> FlowSet:
        if not self.slabs or not other.slabs:
            return self if self.slabs else other
        return _combine(self, other, lambda mine, theirs: mine | theirs)

    def __and__(self, other: FlowSet) -> FlowSet:
        if self is EVERY_FLOW or other is EVERY_FLOW or self is other:
            return other if self is EVERY_FLOW else self
        return _combine(self, other, lambda mine, theirs: mine & theirs)

    def __sub__(self, other: FlowSet) -> FlowSet:
        if not self.slabs or not other.slabs:
            return self
        return _combine(self, other, lambda mine, theirs: mine - theirs)

    def __le__(self, other: FlowSet) -> bool:
        return not self - other

    def at(self, address: int) -> IntervalSet:
        """Return the traffic that goes with one address."""
        place = bisect_right(self.slabs, address, key=lambda slab: slab[0]) - 1
        return self.slabs[place][2] if place >= 0 and self.slabs[place][1] >= address else EMPTY

    def everywhere_in(self, addresses: IntervalSet) -> IntervalSet:
        """Return the traffic that goes with every one of `addresses`; nothing where there are none."""
        common: IntervalSet | None = None
        slabs = self.within(addresses).slabs
        for _, _, traffic in slabs:
            common = traffic if common is None else common & traffic
        if common is None or not addresses <= IntervalSet.of((first, last) for first, last, _ in slabs):
            return EMPTY
        return common

    def somewhere_in(self, addresses: IntervalSet) -> IntervalSet:
        """Return the traffic that goes with at least one of `addresses`."""
        slabs = self.within(addresses).slabs
        return IntervalSet.of(interval for _, _, traffic in slabs for interval in traffic.intervals)

    def within(self, addresses: IntervalSet) -> FlowSet:
        """Return the flows whose address is one of `addresses`."""
        found: list[Slab] = []
        for first, last in addresses.intervals:
            place = max(bisect_right(self.slabs, first, key=lambda slab: slab[0]) - 1, 0)
            for low, high, traffic in self.slabs[place:]:
                if low > last:
                    break
                if high >= first:
                    found.append((max(low, first), min(high, last), traffic))
        return FlowSet(_joined(found))

    def limited_to(self, traffic: IntervalSet) -> FlowSet:
        """Return the flows whose traffic is in `traffic`."""
        return FlowSet(_joined((first, last, kept) for first, last, mine in self.slabs if (kept := mine & traffic)))

    def map(self, change: Callable[[IntervalSet], IntervalSet]) -> FlowSet:
        """Return the flows with each address's traffic changed."""
        return FlowSet(_joined((first, last, new) for first, last, mine in self.slabs if (new := change(mine))))

    @property
    def addresses(self) -> IntervalSet:
        """Return every address that has any traffic."""
        return IntervalSet.of((first, last) for first, last, _ in self.slabs)

    @property
    def traffic(self) -> IntervalSet:
        """Return all traffic that any address has."""
        return IntervalSet.of(interval for _, _, traffic in self.slabs for interval in traffic.intervals)


NO_FLOWS = FlowSet()
EVERY_FLOW = FlowSet.box(EVERYWHERE, EVERYTHING)


def _joined(slabs: Iterable[Slab]) -> tuple[Slab, ...]:
    kept: list[Slab] = []
    for first, last, traffic in slabs:
        if kept and kept[-1][1] + 1 == first and kept[-1][2] == traffic:
            kept[-1] = (kept[-1][0], last, traffic)
        else:
            kept.append((first, last, traffic))
    return tuple(kept)


def _combine(one: FlowSet, two: FlowSet, join: Callable[[IntervalSet, IntervalSet], IntervalSet]) -> FlowSet:
    # However many slabs there are, they have few different traffics.
    known: dict[tuple[int, int], IntervalSet] = {}
    found: list[Slab] = []
    for first, last, mine, theirs in _pieces(one, two):
        key = (id(mine), id(theirs))
        traffic = known.get(key)
        if traffic is None:
            traffic = known[key] = join(mine, theirs)
        if traffic.intervals:
            found.append((first, last, traffic))
    return FlowSet(_joined(found))


def _pieces(one: FlowSet, two: FlowSet) -> Iterator[tuple[int, int, IntervalSet, IntervalSet]]:
    """Yield the common refinement of two sets: each piece has one traffic in each."""
    left, right = iter(one.slabs), iter(two.slabs)
    low, high, mine = next(left, _END)
    first, last, theirs = next(right, _END)
    at = min(low, first)
    while at < _FAR:
        in_mine, in_theirs = low <= at, first <= at
        end = min(high if in_mine else low - 1, last if in_theirs else first - 1)
        if in_mine or in_theirs:
            yield at, end, mine if in_mine else EMPTY, theirs if in_theirs else EMPTY
        at = end + 1
        if in_mine and high == end:
            low, high, mine = next(left, _END)
        if in_theirs and last == end:
            first, last, theirs = next(right, _END)


_FAR = 1 << 200
_END: Slab = (_FAR, _FAR, EMPTY)

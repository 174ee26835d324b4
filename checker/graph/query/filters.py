"""One try of a candidate route: the filters that a packet meets, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checker.graph.hops import ANY_CLIENT
from checker.graph.place import Place
from checker.graph.query.answer import Way
from checker.model.bounds import Bounds
from checker.model.intervals import EMPTY, IntervalSet
from checker.model.record import Origin


@dataclass(frozen=True, eq=False)
class Filter:
    """One hop of one try; `mine` is the place it stands at, if it stands at an end, and `other` whom it filters.

    `groups` are those worn at the other end where they still tell who sent the packet: not once an address was
    translated. `inward` tells which way the packet goes past `mine`.
    """

    kind: str
    resource: str
    tell: Callable[[], str]
    passes: Bounds[IntervalSet]
    code: str | None = None
    mine: Place | None = None
    other: IntervalSet = EMPTY
    groups: tuple[str, ...] = ()
    other_vpc: str | None = None
    inward: bool = False
    clients: tuple[int, int] = ANY_CLIENT
    origin: Origin | None = None
    alike: IntervalSet = EMPTY

    @property
    def others(self) -> IntervalSet:
        """Return all addresses of the other end that are filtered alike: those that a rule for them should name."""
        return self.alike or self.other


@dataclass(frozen=True, eq=False)
class Try:
    """One way from a class of senders to a class of receivers, with the traffic that passes every filter on it."""

    way: Way
    source: str
    target: str
    sender: str
    receiver: str
    filters: tuple[Filter, ...]
    passes: Bounds[IntervalSet]
    v6: bool = False
    replies: Bounds[IntervalSet] | None = None


def stands_at(resource: str, place: Place) -> bool:
    """Tell whether a hop is of the subnet of a place, by what the engine calls it."""
    return place.subnet in resource.split()

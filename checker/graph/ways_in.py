"""Ways in over several hops: how the internet comes to an endpoint that then reaches further."""

from __future__ import annotations

from collections import defaultdict, deque

from checker.graph.endpoints import Endpoints
from checker.graph.groups import Groups
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.reachability import Reachability
from checker.model import traffic
from checker.model.finding import Step
from checker.model.intervals import IntervalSet


class WaysIn:
    """The ways in of an inventory; those near one VPC are searched once, for all endpoints."""

    def __init__(self, endpoints: Endpoints, reachability: Reachability, groups: Groups) -> None:
        self._endpoints = endpoints
        self._reachability = reachability
        self._groups = groups
        self._searches: dict[str, _Search] = {}

    def to(self, endpoint: Endpoint) -> tuple[Step, ...]:
        """Return the shortest way from the internet to an endpoint, over others that may be taken; empty if none.

        Cost: at most one answer for each pair of places near its VPC. Paths are never listed.
        """
        vpc = endpoint.place.vpc
        if vpc not in self._searches:
            self._searches[vpc] = _Search(vpc, self._endpoints, self._reachability, self._groups)
        search = self._searches[vpc]
        way = search.way(endpoint.place)
        return tuple(
            self._step(place, endpoint if place == endpoint.place else search.shown[place], first=at == 0)
            for at, place in enumerate(way)
        )

    def _step(self, place: Place, endpoint: Endpoint, *, first: bool) -> Step:
        fact = f"in {place.subnet} is reachable from the step before"
        if first:
            open_ = traffic.describe(_from_internet(place, self._reachability))
            fact = f"in {place.subnet} is reachable from the internet on {open_}"
        return Step(endpoint.owner.label, fact, endpoint.owner.origin)


class _Search:
    """A search from the internet over the places near a VPC, breadth first; it goes as far as it is asked to."""

    def __init__(self, vpc: str, endpoints: Endpoints, reachability: Reachability, groups: Groups) -> None:
        self._reachability = reachability
        self._groups = groups
        self.shown: dict[Place, Endpoint] = {}
        for alike in endpoints.classes_near(vpc):
            if alike.initiates is Initiates.ANY:
                self.shown.setdefault(alike.place, next(iter(alike.members.values())))
        self._before: dict[Place, Place | None] = {}
        # Places that wear the same groups admit the same senders, so they are asked together first.
        self._unseen: dict[tuple[bool, tuple[str, ...] | None], dict[Place, None]] = defaultdict(dict)
        for place in self.shown:
            if _from_internet(place, reachability):
                self._before[place] = None
            else:
                self._unseen[place.filtered, place.groups][place] = None
        self._front = deque(self._before)

    def way(self, target: Place) -> tuple[Place, ...]:
        """Return the places on the shortest way to one, itself the last; none if there is no way."""
        if target not in self.shown and _from_internet(target, self._reachability):
            return (target,)
        while self._front and target not in self._before:
            self._expand(self._front.popleft())
        if target not in self._before:
            return self._beside(target)
        found: list[Place] = []
        at: Place | None = target
        while at is not None:
            found.append(at)
            at = self._before[at]
        return tuple(reversed(found))

    def _expand(self, near: Place) -> None:
        for worn, places in list(self._unseen.items()):
            # Whom the groups of one place do not admit, those of the others do not admit either.
            if not self._admitted(next(iter(places)), near):
                continue
            for far in list(places):
                if self._reaches(near, far):
                    del places[far]
                    self._before[far] = near
                    self._front.append(far)
            if not places:
                del self._unseen[worn]

    def _beside(self, target: Place) -> tuple[Place, ...]:
        """Return the way to a place that opens no connections itself, which the search does not pass."""
        if target in self.shown:
            return ()
        for near in self._before:
            if self._reaches(near, target):
                return (*self.way(near), target)
        return ()

    def _admitted(self, far: Place, near: Place) -> bool:
        """Tell whether the groups worn at a place may admit another; if not, no place that wears them does."""
        if not far.filtered or far.groups is None:
            return True
        filters = self._groups.filters(far.groups, ingress=True)
        named = near.groups is None or any(group in filters.by_group for group in near.groups)
        return named or bool(filters.any_group.may or filters.by_address.may.somewhere_in(near.addresses))

    def _reaches(self, near: Place, far: Place) -> bool:
        return bool(self._reachability.between(near, far).passes.must - traffic.ICMP_ERRORS)


def _from_internet(place: Place, reachability: Reachability) -> IntervalSet:
    """Return the traffic that surely gets in from the internet; answers to what was sent are no way in."""
    return reachability.from_internet(place).passes.must.traffic - traffic.ICMP_ERRORS

"""Endpoints alike: those that no question of reachability tells apart, gathered so that each class is asked once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.graph.index import Index
from checker.graph.place import Endpoint, Initiates, Place
from checker.model.fact import Missing, merge
from checker.model.resource import Resource
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.instance import Instance
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface


@dataclass(frozen=True, eq=False)
class Holders:
    """The owners of a class but for some; `first` is the endpoint that is shown for them."""

    first: Endpoint
    members: Mapping[Resource, Endpoint]
    without: frozenset[Resource] = frozenset()

    @property
    def count(self) -> int:
        """Return how many owners there are."""
        return len(self.members) - len(self.without)

    @property
    def owners(self) -> frozenset[Resource]:
        """Return the owners. Cost: their number."""
        return frozenset(self.members) - self.without


@dataclass(frozen=True, eq=False)
class EndpointClass:
    """Endpoints of one place that open the same connections and are in the same doubt, by owner, the smallest id first.

    Owners that people know by name are each a class of their own; interfaces that nobody claims and instances that run
    for themselves are one. `doubts` is what is missing of whose they are.
    """

    place: Place
    initiates: Initiates
    doubts: tuple[Missing, ...]
    members: Mapping[Resource, Endpoint]

    def split(self, named: Collection[Resource]) -> Iterator[Holders]:
        """Yield each member that is one of `named` by itself, and all others together.

        Cost: the number of `named` or of members, whichever is smaller.
        """
        few, many = (named, self.members) if len(named) < len(self.members) else (self.members, named)
        apart = sorted((owner for owner in few if owner in many), key=lambda owner: owner.id)
        for owner in apart:
            yield Holders(self.members[owner], {owner: self.members[owner]})
        without = frozenset(apart)
        first = next((one for owner, one in self.members.items() if owner not in without), None)
        if first is not None:
            yield Holders(first, self.members, without)


def doubts_of(owner: Resource, index: Index) -> tuple[Missing, ...]:
    """Return what is missing of whose an endpoint is, or what it is: it may be of one that may come in."""
    if isinstance(owner, LoadBalancer):
        return merge(owner.internet_facing.missing, owner.type.missing)
    if isinstance(owner, ClassicLoadBalancer):
        return owner.internet_facing.missing
    if not isinstance(owner, NetworkInterface):
        return ()
    if not owner.description.startswith("ELB "):
        return owner.instance.missing
    unlisted = (index.missing(kind, owner.scope) for kind in (LoadBalancer, ClassicLoadBalancer))
    return merge(owner.instance.missing, *unlisted)


def classes_of(endpoints: Iterable[Endpoint], index: Index) -> tuple[EndpointClass, ...]:
    """Return the classes of some endpoints, in the order in which their first members come."""
    found: dict[object, list[Endpoint]] = {}
    for one in endpoints:
        owner = one.owner
        if isinstance(owner, NetworkInterface):
            unsure = owner.instance.missing
            key: object = (one.place, one.place.missing, one.initiates, doubts_of(owner, index), unsure)
        elif isinstance(owner, Instance):
            key = (one.place, one.place.missing, one.initiates, Instance)
        else:
            key = one
        found.setdefault(key, []).append(one)
    return tuple(_class(alike, index) for alike in found.values())


def _class(alike: list[Endpoint], index: Index) -> EndpointClass:
    first = alike[0]
    members = {one.owner: one for one in sorted(alike, key=lambda one: one.owner.id)}
    return EndpointClass(first.place, first.initiates, doubts_of(first.owner, index), members)

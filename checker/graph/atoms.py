"""Cuts address ranges where any rule, list entry or route in view tells addresses apart."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import Flag, auto

from checker.graph.forwarding.interface import alike
from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.graph.neighbours import Neighbours
from checker.model.addresses import Cidr
from checker.model.fact import Known, known_or
from checker.model.intervals import IntervalSet
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_acl import NetworkAcl
from checker.resources.network_interface import NetworkInterface
from checker.resources.route_table import Route, RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer, SecurityGroupRule
from checker.resources.transit_gateway_route_table import TransitGatewayRouteTable

_Mark = tuple[int, int]


class Aspect(Flag):
    """Who tells addresses apart: network ACLs and routes, ingress rules, or egress rules."""

    NETWORK = auto()
    INGRESS = auto()
    EGRESS = auto()


EVERY = Aspect.NETWORK | Aspect.INGRESS | Aspect.EGRESS
# A target's address is looked at by its senders' egress rules, a sender's by its target's ingress rules.
AS_TARGET = Aspect.NETWORK | Aspect.EGRESS
AS_SOURCE = Aspect.NETWORK


class Atoms:
    """The cuts of each VPC: addresses that no rule of it or of its neighbours tells apart stay together."""

    def __init__(self, index: Index, groups: Groups, neighbours: Neighbours) -> None:
        self._index = index
        self._groups = groups
        self._neighbours = neighbours
        self._worn: Mapping[str, Iterable[str]] = {}
        self._sets: dict[str, tuple[tuple[Aspect, IntervalSet], ...]] = {}
        self._views: dict[tuple[tuple[str, ...], Aspect], _View] = {}

    def wear(self, groups: Mapping[str, Iterable[str]]) -> None:
        """Take note of groups that may be worn in each VPC, before anything is cut."""
        self._worn = groups

    def cut(self, addresses: IntervalSet, vpc: str, aspect: Aspect = EVERY) -> tuple[IntervalSet, ...]:
        """Return `addresses` in parts of which every address set in view holds all or nothing, in ascending order.

        Cost: the number of places inside `addresses` where a set begins or ends.
        """
        return self._view(vpc, aspect).cut(addresses)

    def _view(self, vpc: str, aspect: Aspect) -> _View:
        # VPCs that see each other see the same rules.
        near = tuple(sorted(self._neighbours.of(vpc)))
        if (near, aspect) not in self._views:
            seen = (item for one in near for item in self._of(one))
            self._views[near, aspect] = _View(dict.fromkeys(known for whose, known in seen if whose & aspect))
        return self._views[near, aspect]

    def _of(self, vpc: str) -> tuple[tuple[Aspect, IntervalSet], ...]:
        if vpc not in self._sets:
            self._sets[vpc] = tuple(dict.fromkeys((*self._rules(vpc), *self._network(vpc))))
        return self._sets[vpc]

    def _rules(self, vpc: str) -> Iterator[tuple[Aspect, IntervalSet]]:
        own = (one.id for one in self._index.by(SecurityGroup, "vpc", lambda group: values(group.vpc), vpc))
        here = self._index.by(NetworkInterface, "vpc", lambda item: values(item.vpc), vpc)
        worn = (id for item in here for id in values(item.groups))
        # A group of another VPC that is shared with this one counts where it is worn.
        for group in dict.fromkeys((*own, *worn, *self._worn.get(vpc, ()))):
            for rule, reach in self._naming_addresses(group):
                yield _direction(rule), reach

    def _naming_addresses(self, group: str) -> Iterator[tuple[SecurityGroupRule, IntervalSet]]:
        for rule in self._groups.rules(group)[0]:
            if isinstance(rule.peer, Known) and not isinstance(rule.peer.value, GroupPeer):
                reach = self._groups.peer_addresses(rule.peer.value)
                if isinstance(reach, Known):
                    yield rule, reach.value

    def _network(self, vpc: str) -> Iterator[tuple[Aspect, IntervalSet]]:
        for acl in self._index.by(NetworkAcl, "vpc", lambda acl: values(acl.vpc), vpc):
            for entry in acl.entries.value if isinstance(acl.entries, Known) else ():
                if isinstance(entry.peer, Known):
                    yield Aspect.NETWORK, entry.peer.value.addresses
        tables = self._index.by(RouteTable, "vpc", lambda table: values(table.vpc), vpc)
        # A gateway's table may route what comes from any VPC.
        gateways = self._index.all(TransitGatewayRouteTable).items
        for routes in (*(table.routes for table in tables), *(table.routes for table in gateways)):
            yield from self._routes(known_or(routes, ()))
            yield from self._interfaces(known_or(routes, ()))

    def _interfaces(self, routes: Iterable[Route]) -> Iterator[tuple[Aspect, IntervalSet]]:
        """Yield the addresses of interfaces and NAT gateways that routes lead to: what is for themselves is apart.

        So is what the groups of such an interface tell apart, since they filter on the way.
        """
        for id in {known_or(route.target, "") for route in routes}:
            target = self._index.get(NetworkInterface, id)
            for stand in alike(target, self._index) if target else ():
                for block in known_or(stand.addresses, ()):
                    yield Aspect.NETWORK, block.addresses
                for group in values(stand.groups):
                    for _, reach in self._naming_addresses(group):
                        yield Aspect.NETWORK, reach
            gateway = self._index.get(NatGateway, id)
            for text in known_or(gateway.addresses, ()) if gateway else ():
                yield Aspect.NETWORK, Cidr.parse(text).addresses

    def _routes(self, routes: Iterable[Route]) -> Iterator[tuple[Aspect, IntervalSet]]:
        for route in routes:
            if not isinstance(route.destination, Known):
                continue
            to = route.destination.value
            if not isinstance(to, PrefixListPeer):
                yield Aspect.NETWORK, to.addresses
                continue
            # Each entry of a list is a route of its own: a longer prefix beside it may take some of its addresses.
            entries = self._groups.list_entries(to)
            for entry in entries.value if isinstance(entries, Known) else ():
                yield Aspect.NETWORK, entry.addresses


def _direction(rule: SecurityGroupRule) -> Aspect:
    if rule.ingress.is_(True).is_yes:
        return Aspect.INGRESS
    return Aspect.EGRESS if rule.ingress.is_(False).is_yes else Aspect.INGRESS | Aspect.EGRESS


class _View:
    """Address sets by the places where each of them begins or ends."""

    def __init__(self, sets: Iterable[IntervalSet]) -> None:
        self._sets = tuple(sets)
        self._marks: list[_Mark] = sorted(
            (mark, number)
            for number, known in enumerate(self._sets)
            for first, last in known.intervals
            for mark in (first, last + 1)
        )

    def cut(self, addresses: IntervalSet) -> tuple[IntervalSet, ...]:
        """Return the parts of `addresses` that are in the same sets, in ascending order of their first addresses."""
        parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        # Of a single run only the sets that begin or end inside it matter.
        alone, many = len(addresses.intervals) == 1, len(self._sets)
        for first, last in addresses.intervals:
            held = 0 if alone else self._held(first)
            start = first
            inside = bisect_right(self._marks, (first, many)), bisect_right(self._marks, (last, many))
            for mark, number in self._marks[slice(*inside)]:
                if mark > start:
                    parts[held].append((start, mark - 1))
                    start = mark
                held ^= 1 << number
            parts[held].append((start, last))
        return tuple(sorted((IntervalSet.of(runs) for runs in parts.values()), key=lambda part: part.first))

    def _held(self, address: int) -> int:
        """Return the sets that hold an address, as the bits of a number."""
        return sum(1 << number for number, known in enumerate(self._sets) if address in known)

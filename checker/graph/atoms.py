"""Cuts address ranges where any rule, list entry or route in view tells addresses apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.model.fact import Known
from checker.model.intervals import IntervalSet
from checker.resources.network_acl import NetworkAcl
from checker.resources.peering_connection import PeeringConnection
from checker.resources.route_table import RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, Peer, PrefixListPeer


class Atoms:
    """The cuts of each VPC: addresses that no rule of it or of its peers tells apart stay together."""

    def __init__(self, index: Index, groups: Groups) -> None:
        self._index = index
        self._groups = groups
        self._sets: dict[str, tuple[IntervalSet, ...]] = {}

    def cut(self, addresses: IntervalSet, vpc: str) -> tuple[IntervalSet, ...]:
        """Return `addresses` in parts of which every address set in view holds all or nothing.

        Cost: the number of sets in view that cut `addresses`, times the number of parts.
        """
        parts = [addresses] if addresses else []
        for known in self._in_view(vpc):
            if known & addresses and not addresses <= known:
                parts = [piece for part in parts for piece in (part & known, part - known) if piece]
        return tuple(sorted(parts, key=lambda part: part.first))

    def _in_view(self, vpc: str) -> tuple[IntervalSet, ...]:
        if vpc not in self._sets:
            peerings = self._index.all(PeeringConnection).items
            pairs = [{*values(item.requester_vpc), *values(item.accepter_vpc)} for item in peerings]
            near = {vpc}.union(*(pair for pair in pairs if vpc in pair))
            self._sets[vpc] = tuple(dict.fromkeys(known for one in sorted(near) for known in self._of(one)))
        return self._sets[vpc]

    def _of(self, vpc: str) -> Iterator[IntervalSet]:
        for group in self._index.by(SecurityGroup, "vpc", lambda group: values(group.vpc), vpc):
            yield from self._peers(
                rule.peer.value for rule in self._groups.rules(group.id)[0] if isinstance(rule.peer, Known)
            )
        for acl in self._index.by(NetworkAcl, "vpc", lambda acl: values(acl.vpc), vpc):
            entries = acl.entries.value if isinstance(acl.entries, Known) else ()
            yield from (entry.peer.value.addresses for entry in entries if isinstance(entry.peer, Known))
        for table in self._index.by(RouteTable, "vpc", lambda table: values(table.vpc), vpc):
            routes = table.routes.value if isinstance(table.routes, Known) else ()
            yield from self._peers(route.destination.value for route in routes if isinstance(route.destination, Known))

    def _peers(self, peers: Iterable[Peer]) -> Iterator[IntervalSet]:
        for peer in peers:
            if isinstance(peer, GroupPeer):
                continue
            if isinstance(peer, PrefixListPeer):
                entries = self._groups.list_entries(peer)
                yield from (entry.addresses for entry in entries.value) if isinstance(entries, Known) else ()
            else:
                yield peer.addresses

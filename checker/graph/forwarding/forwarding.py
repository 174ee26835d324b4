"""Forwarding: the ways that packets from a place take to an address, by route tables and gateways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from checker.graph.acls import Acls
from checker.graph.forwarding import (
    egress_only_gateway,
    endpoint,
    interface,
    internet_gateway,
    nat_gateway,
    peering,
    transit_gateway,
    vpn_gateway,
)
from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.graph.groups import Groups
from checker.graph.hops import Hop
from checker.graph.index import Index
from checker.graph.place import Place
from checker.graph.public_access import PublicAccess
from checker.graph.routes import Leg, Routes
from checker.model import addresses as line
from checker.model.bounds import Bounds
from checker.model.fact import Known, Missing
from checker.model.finding import HopKind
from checker.model.flows import EVERY_FLOW, FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet

Follow = Callable[[Packet, str, IntervalSet, Network], Iterator[Trail]]
_NO_ROUTE = "NO_ROUTE_TO_DESTINATION"
_CARRIED: Bounds[FlowSet] = Bounds.exactly(EVERY_FLOW)

# What a route's target is shows in the prefix of its id.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
_GATEWAYS: Mapping[str, Follow] = {
    "pcx": peering.follow,
    "nat": nat_gateway.follow,
    "eni": interface.follow,
    "vpce": endpoint.follow,
    "tgw": transit_gateway.follow,
    "igw": internet_gateway.follow,
    "eigw": egress_only_gateway.follow,
    "vgw": vpn_gateway.follow,
    "lgw": vpn_gateway.follow,
    "cagw": vpn_gateway.follow,
}


class Forwarding(Network):
    """Follows packets through route tables and gateways (semantics 22-40)."""

    def __init__(
        self, index: Index, groups: Groups, acls: Acls, routes: Routes, public: PublicAccess, lost: str | None = None
    ) -> None:
        super().__init__(index, groups, acls, routes, public, lost)
        # Which routes take some addresses is asked for every pair of places, and a table may have hundreds.
        self._taken: dict[tuple[str, str, IntervalSet], tuple[tuple[Leg, IntervalSet], ...]] = {}
        self._local: dict[tuple[str, str, IntervalSet], bool] = {}

    def trails(self, source: Place, addresses: IntervalSet) -> Iterator[Trail]:
        """Yield the ways of packets from a place to some addresses of its family.

        Trails with the same addresses are alternatives of which nobody knows which one a packet takes.
        """
        yield from self.route(Packet(source, source.vpc, source.subnet), addresses)

    def coming_in(self, attachment: str, sender: Place, addresses: IntervalSet) -> Iterator[Trail]:
        """Yield the ways of packets that enter a transit gateway from a network that is no VPC."""
        yield from transit_gateway.enter(attachment, sender, addresses, self)

    def route(self, packet: Packet, addresses: IntervalSet) -> Iterator[Trail]:
        """Yield the ways of a packet to some addresses, by the routes of its subnet's table."""
        if packet.subnet in packet.passed:
            yield packet.dropped(addresses, "sends the packet in a circle", _NO_ROUTE)
            return
        legs = self.routes.legs(packet.subnet, packet.vpc)
        if not isinstance(legs, Known):
            yield self.unseen(packet, addresses, legs.missing, "is not known", packet.table)
            return
        rest = addresses
        for leg, here in self._legs(packet.vpc, packet.subnet, addresses, legs.value):
            rest = rest - here
            yield from self._take(packet, leg, here)
        public = rest & line.INTERNET
        if public and (lost := self.routes.unlisted(packet.subnet, packet.vpc)):
            # A service's addresses are public ones; which of these are its own, only the list would tell.
            text = "may have a route to them, to a service's gateway endpoint"
            yield replace(packet.lost(public, lost, text, packet.table), exit=Exit.SERVICE)
            rest = rest - public
        if rest:
            yield packet.dropped(rest, f"has no route to {line.describe(rest, 1)}", _NO_ROUTE)

    def is_local(self, source: Place, addresses: IntervalSet) -> bool:
        """Tell whether packets from a place to some addresses surely stay in its VPC, past no gateway."""
        key = (source.vpc, source.subnet, addresses)
        if key not in self._local:
            legs = self.routes.legs(source.subnet, source.vpc)
            taken = self._legs(*key, legs.value) if isinstance(legs, Known) else ()
            covered = IntervalSet.of(run for _, here in taken for run in here.intervals)
            only = all(leg.target.is_("local").is_yes for leg, _ in taken)
            self._local[key] = only and addresses <= covered
        return self._local[key]

    def _legs(
        self, vpc: str, subnet: str, addresses: IntervalSet, legs: tuple[Leg, ...]
    ) -> tuple[tuple[Leg, IntervalSet], ...]:
        key = (vpc, subnet, addresses)
        if key not in self._taken:
            self._taken[key] = tuple((leg, here) for leg in legs if (here := addresses & leg.addresses))
        return self._taken[key]

    def _take(self, packet: Packet, leg: Leg, addresses: IntervalSet) -> Iterator[Trail]:
        """Yield the ways by one route."""
        if not isinstance(leg.target, Known):
            text = f"sends {leg.destination} to an unknown target"
            yield self.unseen(packet, addresses, leg.target.missing, text, packet.table)
            return
        target = leg.target.value
        if not target:
            text = f"sends {leg.destination} to a black hole"
            yield packet.dropped(addresses, text, "BAD_STATE_ROUTE")
            return
        told = f"sends {leg.destination} to {target}"
        packet = packet.after(Hop(HopKind.ROUTE, packet.table, lambda: told, _CARRIED, _NO_ROUTE))
        if target == "local":
            yield Trail(addresses, packet, Exit.VPC, target)
            return
        packet = replace(packet, passed=packet.passed | {packet.subnet})
        if packet.leaving:
            # What goes on to somewhere else than a neighbour leaves the gateway's subnet as any other packet does.
            packet = packet.after(self.acl(packet.leaving, packet.vpc, None, egress=True))
            packet = replace(packet, leaving=None)
        follow = _GATEWAYS.get(prefixed(target).partition("-")[0])
        if follow is None:
            lost = Missing(f"what lies behind {target}", "routes to targets of this kind are not followed")
            yield self.unseen(packet, addresses, (lost,), f"leads to {target}", target)
        else:
            yield from follow(packet, target, addresses, self)

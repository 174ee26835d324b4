"""The edges of the VPCs: what comes in by the gateway that a trail leaves by, to the place where it started."""

from __future__ import annotations

from checker.graph.doors import Doors
from checker.graph.forwarding.forwarding import Forwarding
from checker.graph.forwarding.packet import Exit, Trail
from checker.graph.hops import ALL, NONE, between, either, everywhere, where
from checker.graph.index import values
from checker.graph.place import Place
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, known_or, merge
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.route_table import RouteTable
from checker.resources.transit_gateway_attachment import TransitGatewayAttachment
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment
from checker.resources.vpn_gateway import VpnGateway

_TRANSIT = "tgw-attach-"
# Virtual private, local and carrier gateways, by the prefixes of their ids.
_OUTWARD = ("vgw-", "lgw-", "cagw-")
_NOTHING = Bounds.exactly(NO_FLOWS)


class Edges:
    """Ways back in: an answer from outside comes by the gateway that the packet left by (semantics 28, 38)."""

    def __init__(self, forwarding: Forwarding, doors: Doors) -> None:
        self._forwarding = forwarding
        self._doors = doors

    def lets_in(self, trail: Trail, place: Place) -> Bounds[FlowSet]:
        """Return what comes in by the gateway that a trail leaves by, past the lists on the way to a place's subnet."""
        if trail.exit is Exit.OUTSIDE and prefixed(trail.by).startswith(_TRANSIT):
            return everywhere(self._over_transit(trail, place))
        if trail.exit is Exit.OUTSIDE:
            return self._doors.handed(trail.by, place)
        if trail.exit is Exit.INTERNET and prefixed(trail.by).startswith("igw-"):
            return everywhere(where(~self._doors.redirected(trail.by, place)))
        return Bounds.exactly(EVERY_FLOW)

    def past_list(self, trail: Trail, place: Place) -> Bounds[FlowSet]:
        """Return what comes in by an interface in the own subnet, whose list it does not meet (semantics 22)."""
        if trail.exit is not Exit.OUTSIDE or not prefixed(trail.by).startswith(_TRANSIT):
            return _NOTHING
        ways = self._ways_in(trail, place)
        here = [way for way in ways if way.is_open or way.packet.leaving == place.subnet]
        past = FlowSet.box(trail.addresses, traffic.EVERYTHING)
        if not here:
            return _NOTHING
        sure = len(here) == len(ways) and not any(way.is_open for way in here)
        return Bounds.exactly(past) if sure else Bounds(NO_FLOWS, past, (_lost(trail, place),))

    def entrances(self, vpc: str) -> tuple[str, ...]:
        """Return the gateways of a VPC to networks outside, with one without a name where not all were listed."""
        index = self._forwarding.index
        tables = index.by(RouteTable, "vpc", lambda table: values(table.vpc), vpc)
        led = {known_or(route.target, "") for table in tables for route in known_or(table.routes, ())}
        found = {id for id in led if prefixed(id).startswith(_OUTWARD)}
        found |= {one.id for one in index.by(VpnGateway, "vpc", lambda item: values(item.vpcs), vpc)}
        known = {id: index.get(VpnGateway, id) for id in found}
        here = {id for id, one in known.items() if not (one and one.vpcs.holds(lambda attached: vpc in attached).is_no)}
        return tuple(sorted({*here, ""} if index.missing(VpnGateway) else here))

    def is_joined(self, vpc: str) -> bool:
        """Tell whether a transit gateway may bring a VPC packets of networks outside, which come out in any subnet."""
        index = self._forwarding.index
        mine = index.by(TransitGatewayVpcAttachment, "vpc", lambda item: values(item.vpc), vpc)
        gateways = {id for one in mine for id in values(one.gateway)}
        ends = index.all(TransitGatewayAttachment)
        brings = any(
            gateways & set(values(end.gateway)) and not end.resource_type.is_("vpc").is_yes for end in ends.items
        )
        return brings or bool(gateways and ends.missing) or bool(index.missing(TransitGatewayVpcAttachment))

    def _ways_in(self, trail: Trail, place: Place) -> list[Trail]:
        stranger = Place("", "", (), trail.addresses, filtered=False)
        return list(self._forwarding.coming_in(trail.by, stranger, place.addresses))

    def _over_transit(self, trail: Trail, place: Place) -> Bounds[IntervalSet]:
        """Return what passes whichever of several ways in is taken: in what zone it comes out, nobody knows."""
        ways = [self._passes(way, place) for way in self._ways_in(trail, place)]
        return either(ways, _lost(trail, place)) if ways else NONE

    def _passes(self, way: Trail, place: Place) -> Bounds[IntervalSet]:
        if way.is_open:
            lost = merge(*(hop.passes.missing for hop in way.hops))
            return Bounds(traffic.NOTHING, traffic.EVERYTHING, lost)
        if not way.arrives(place.vpc) or way.packet.translated:
            return NONE  # an answer that a NAT gateway sends on as its own is none
        passes = ALL
        for hop in way.hops:
            passes &= between(hop.passes, place.addresses)
        leaving = way.packet.leaving
        if leaving and leaving != place.subnet:
            acl = self._forwarding.acl(leaving, place.vpc, None, egress=True)
            passes &= between(acl.passes, place.addresses)
        return passes


def _lost(trail: Trail, place: Place) -> Missing:
    return Missing(f"in which zone packets to {place.subnet} come in by {trail.by}", "make the routes and lists alike")

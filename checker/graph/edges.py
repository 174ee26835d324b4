"""The edges of the VPCs: what comes in by the gateway that a trail leaves by, to the place where it started."""

from __future__ import annotations

from checker.graph.doors import Doors
from checker.graph.forwarding.forwarding import Forwarding
from checker.graph.forwarding.packet import Exit, Trail
from checker.graph.hops import ALL, NONE, between, either, everywhere, where
from checker.graph.place import Place
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, merge
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet

_TRANSIT = "tgw-attach-"
_NOTHING = Bounds.exactly(NO_FLOWS)


class Edges:
    """Ways back in: an answer from outside comes by the gateway that the packet left by (semantics 28, 38)."""

    def __init__(self, forwarding: Forwarding, doors: Doors) -> None:
        self._forwarding = forwarding
        self._doors = doors

    def lets_in(self, trail: Trail, place: Place) -> Bounds[FlowSet]:
        """Return what comes in by the gateway that a trail leaves by, past the lists on the way to a place's subnet."""
        if trail.exit is Exit.OUTSIDE and trail.by.startswith(_TRANSIT):
            return everywhere(self._over_transit(trail, place))
        if trail.exit is Exit.OUTSIDE:
            return self._doors.handed(trail.by, place)
        if trail.exit is Exit.INTERNET and trail.by.startswith("igw-"):
            return everywhere(where(~self._doors.redirected(trail.by, place)))
        return Bounds.exactly(EVERY_FLOW)

    def past_list(self, trail: Trail, place: Place) -> Bounds[FlowSet]:
        """Return what comes in by an interface in the own subnet, whose list it does not meet (semantics 22)."""
        if trail.exit is not Exit.OUTSIDE or not trail.by.startswith(_TRANSIT):
            return _NOTHING
        ways = self._ways_in(trail, place)
        here = [way for way in ways if way.is_open or way.packet.leaving == place.subnet]
        past = FlowSet.box(trail.addresses, traffic.EVERYTHING)
        if not here:
            return _NOTHING
        sure = len(here) == len(ways) and not any(way.is_open for way in here)
        return Bounds.exactly(past) if sure else Bounds(NO_FLOWS, past, (_lost(trail, place),))

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
            acl = self._forwarding.network.acl(leaving, place.vpc, None, egress=True)
            passes &= between(acl.passes, place.addresses)
        return passes


def _lost(trail: Trail, place: Place) -> Missing:
    return Missing(f"in which zone packets to {place.subnet} come in by {trail.by}", "make the routes and lists alike")

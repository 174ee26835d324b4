"""What comes in from outside the VPCs: from the internet, and from networks behind VPNs and the like."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.doors import Doors
from checker.graph.edges import Edges
from checker.graph.forwarding.forwarding import Forwarding
from checker.graph.forwarding.packet import Exit, Trail
from checker.graph.hops import ANY_CLIENT, Arrival, Hop, answered, on_any, told_flows
from checker.graph.place import Place, worn
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, merge
from checker.model.finding import HopKind
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet

_SUBNET_ACL = "SUBNET_ACL_RESTRICTION"
_NOBODY = IntervalSet()
_NO_WAY = Bounds.exactly(_NOBODY)
_NOTHING = Bounds.exactly(NO_FLOWS)


class Arrivals:
    """Answers what comes in from outside, by source address."""

    def __init__(self, forwarding: Forwarding, doors: Doors, edges: Edges) -> None:
        self._network = forwarding
        self._doors = doors
        self._edges = edges

    def from_internet(self, target: Place, *, every: bool) -> Arrival:
        """Return what gets in from the internet, by address, gateway, route, ACL and group (semantics 28, 30-34)."""
        world = line.INTERNET_V6 if target.is_v6 else line.INTERNET_V4
        way = self._doors.gateway_addresses(target) & Bounds.exactly(world) if target.answers else _NO_WAY
        if not way.may:
            return Arrival.over((self._no_way(target, world),), world)
        hop: Hop[FlowSet] = Hop(
            HopKind.ROUTE,
            target.subnet,
            lambda: "has a route to an internet gateway and a public address",
            way.map(_with_all_traffic) & self._doors.handed_by_any(target) & self._doors.answers_leave(target),
            "NO_ROUTE_TO_DESTINATION",
        )
        received = self._received(target, way.may, "the internet", Bounds.exactly(EVERY_FLOW), every=every)
        return Arrival.over((hop, *received), world)

    def _no_way(self, target: Place, world: IntervalSet) -> Hop[FlowSet]:
        code, tell = "NO_ROUTE_TO_DESTINATION", "has no way to or from the internet here"
        if not target.answers:
            code, tell = "NO_POSSIBLE_DESTINATION", "is a NAT gateway's address, which answers nobody"
        elif target.public is False and not target.is_v6:
            code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
        elif self._network.public.free(target).is_no:
            code = "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"
        return Hop(HopKind.ROUTE, target.subnet, lambda: tell, Bounds.exactly(NO_FLOWS), code)

    def _received(
        self,
        target: Place,
        addresses: IntervalSet,
        whence: str,
        carried: Bounds[FlowSet],
        past: Bounds[FlowSet] = _NOTHING,
        *,
        every: bool,
    ) -> Iterator[Hop[FlowSet]]:
        """Yield the filters of the target's own subnet and groups, and of its replies, which `carried` carries on.

        What is `past` the list does not meet it on its way in.
        """
        acl_in = self._network.acls.flows(target.subnet, target.vpc, egress=False)
        if past.may:
            acl_in |= past
        acl_out = self._network.acls.flows(target.subnet, target.vpc, egress=True) & carried
        back = acl_out.map(lambda flows: flows.map(lambda known: answered(known, ANY_CLIENT, every=every)))
        groups = self._network.groups.by_address(target, ingress=True)
        acl = f"network ACL of {target.subnet}"
        yield Hop(HopKind.ACL, acl, lambda: f"lets in {told_flows(acl_in, addresses)}", acl_in, _SUBNET_ACL)
        yield Hop(
            HopKind.INGRESS,
            worn(target),
            lambda: f"admits {told_flows(groups, addresses)} from {whence}",
            groups,
            "ENI_SG_RULES_MISMATCH",
        )
        yield Hop(HopKind.REPLY, acl, lambda: f"lets replies out to {told_flows(back, addresses)}", back, _SUBNET_ACL)

    def from_outside(self, target: Place, *, every: bool) -> Arrival:
        """Return what gets in from networks behind VPNs, Direct Connect and local gateways (semantics 40).

        Whatever address the VPC's answers leave to by such a gateway may send; nobody sees the far side.
        Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
        """
        family = line.ALL_V6 if target.is_v6 else line.ALL_V4
        comes: list[tuple[IntervalSet, Bounds[FlowSet]]] = []
        goes: list[tuple[IntervalSet, Bounds[FlowSet]]] = []
        names: dict[str, None] = {}
        past = _NOTHING
        for trail in map(self._network.told, self._network.trails(target, family) if target.answers else ()):
            into, back = _NOTHING, _NOTHING
            whole = Bounds.exactly(FlowSet.box(trail.addresses, traffic.EVERYTHING))
            if trail.packet.translated:
                pass  # an answer that a NAT gateway sends on as its own is none
            elif trail.is_open:
                into, back, unlisted = self._on_open_trail(trail, target)
                past |= unlisted
            elif trail.exit is Exit.OUTSIDE:
                into, back = (
                    whole & self._edges.lets_in(trail, target),
                    Arrival.over(trail.hops, trail.addresses).passes,
                )
                past |= self._edges.past_list(trail, target)
                names[trail.by] = None
            comes.append((trail.addresses, into))
            goes.append((trail.addresses, back))
        which = Missing(f"which way packets from {target.subnet} take", "make their routes alike")
        passes, replies = on_any(comes, which), on_any(goes, which)
        text = f"is joined to the networks behind {', '.join(names)}" if names else "is joined to no network outside"
        hop: Hop[FlowSet] = Hop(HopKind.ROUTE, target.subnet, lambda: text, passes, "NO_ROUTE_TO_DESTINATION")
        if not passes.may:
            return Arrival.over((hop,), family)
        received = self._received(target, passes.may.addresses, "outside", replies, past, every=every)
        return Arrival.over((hop, *received), family)

    def _on_open_trail(self, trail: Trail, target: Place) -> tuple[Bounds[FlowSet], Bounds[FlowSet], Bounds[FlowSet]]:
        """Return what may come in against a trail that may lead anywhere, the answers it takes, and what meets no list.

        An appliance knows a connection that it let in itself: one that a VPN's gateway handed to it, or that came over
        a transit gateway. Where it stands beside the place, or the transit gateway's interface does, no list is met.
        """
        missing = merge(*(hop.passes.missing for hop in trail.hops))
        over = trail.exit is Exit.UNSEEN or any(hop.kind is HopKind.TRANSIT for hop in trail.hops)
        entrances = self._edges.entrances(target.vpc)
        brought = Bounds.exactly(EVERY_FLOW) if over or self._edges.is_joined(target.vpc) else Bounds.exactly(NO_FLOWS)
        for gateway in entrances:
            brought |= self._doors.handed(gateway, target)
        into = Bounds(NO_FLOWS, brought.may.within(trail.addresses), merge(missing, brought.missing))
        handed = any(self._network.routes.gateway_legs(gateway, target.vpc) is not None for gateway in entrances)
        kinds = (HopKind.ACL,) if over or handed else (HopKind.ACL, HopKind.INGRESS)
        back = Arrival.over((hop for hop in trail.hops if hop.kind in kinds), trail.addresses).passes
        beside = handed and any(one.subnet == target.subnet for one in trail.packet.disguises)
        comes_out = over and not self._network.comes_out(target.subnet).is_no
        return into, back, into if beside or comes_out else _NOTHING


def _with_all_traffic(addresses: IntervalSet) -> FlowSet:
    return FlowSet.box(addresses, traffic.EVERYTHING)

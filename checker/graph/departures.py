"""What gets out to addresses outside the VPCs: to the internet, and to networks behind VPNs and the like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.edges import Edges
from checker.graph.forwarding.forwarding import Forwarding
from checker.graph.forwarding.packet import Exit, Trail
from checker.graph.hops import ALL, ANY_CLIENT, NONE, Arrival, Hop, answered, between, either, on_any, told_flows
from checker.graph.place import Place, worn
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing
from checker.model.finding import HopKind
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet

_SUBNET_ACL = "SUBNET_ACL_RESTRICTION"


class Departures:
    """Answers what gets out, by destination address."""

    def __init__(self, forwarding: Forwarding, edges: Edges) -> None:
        self._network = forwarding
        self._edges = edges

    def to_internet(self, source: Place, *, services: bool = True) -> Arrival:
        """Return what a place can send to internet addresses and have answered, by any gateway.

        Without `services`, gateway endpoints do not count: they lead to a service, and not to the internet.
        """
        world = line.INTERNET_V6 if source.is_v6 else line.INTERNET_V4
        ends = (Exit.INTERNET, Exit.SERVICE) if services else (Exit.INTERNET,)
        return self.departure(source, world, ends, "the internet")

    def to_outside(self, source: Place) -> Arrival:
        """Return what a place can send to networks behind VPNs, Direct Connect and local gateways."""
        family = line.ALL_V6 if source.is_v6 else line.ALL_V4
        return self.departure(source, family, (Exit.OUTSIDE,), "the networks outside")

    def departure(self, source: Place, addresses: IntervalSet, ends: tuple[Exit, ...], whither: str) -> Arrival:
        """Return what a place can send to some addresses outside that the network carries to one of some ends."""
        trails = [self._network.told(trail) for trail in self._network.trails(source, addresses)]
        out, acl = self._network.groups.by_address(source, ingress=False), f"network ACL of {source.subnet}"
        acl_out = self._network.acls.flows(source.subnet, source.vpc, egress=True)
        replies = self._network.acls.flows(source.subnet, source.vpc, egress=False)
        leading = [trail for trail in trails if trail.exit in ends or trail.is_open]
        for trail in leading:
            # Answers meet one list after the other at the client's very port.
            rest = Bounds.exactly(FlowSet.box(line.EVERYWHERE - trail.addresses, traffic.EVERYTHING))
            if not trail.packet.translated:
                replies |= self._edges.past_list(trail, source)
            replies &= rest | (self._handed_on(source, trail) if trail.packet.translated else self._come_in(trail))
        back = replies.map(lambda flows: flows.map(lambda known: answered(known, ANY_CLIENT, every=False)))
        hops: list[Hop[FlowSet]] = [
            Hop(
                HopKind.EGRESS,
                worn(source),
                lambda: f"lets out {told_flows(out, addresses)} to {whither}",
                out,
                "ENI_SG_RULES_MISMATCH",
            ),
            Hop(HopKind.ACL, acl, lambda: f"lets out {told_flows(acl_out, addresses)}", acl_out, _SUBNET_ACL),
            *self._carried(source, trails, leading, whither),
            Hop(HopKind.REPLY, acl, lambda: f"lets replies in to {told_flows(back, addresses)}", back, _SUBNET_ACL),
        ]
        return Arrival.over(hops, addresses)

    def _carried(
        self, source: Place, trails: list[Trail], leading: list[Trail], whither: str
    ) -> Iterator[Hop[FlowSet]]:
        """Yield the hops of the one way out, or a single one that joins several."""
        if len(trails) == 1 and leading:
            yield from trails[0].hops
            yield from self._answers_come_in(source, trails[0])
            return
        carried = [
            (trail.addresses, self._passes(source, trail) if trail in leading else Bounds.exactly(NO_FLOWS))
            for trail in trails
        ]
        passes = on_any(carried, Missing(f"which way packets from {source.subnet} take", "make their routes alike"))
        names = ", ".join(dict.fromkeys(trail.by for trail in leading if trail.by))
        stops = next((hop for trail in trails for hop in trail.hops if not hop.passes.may), None)
        text = f"leads to {whither} through {names}" if leading else f"has no way to {whither}"
        code = stops.code if stops else "NO_ROUTE_TO_DESTINATION"
        yield Hop(HopKind.ROUTE, f"route table of {source.subnet}", lambda: text, passes, code)

    def _passes(self, source: Place, trail: Trail) -> Bounds[FlowSet]:
        return Arrival.over((*trail.hops, *self._answers_come_in(source, trail)), trail.addresses).passes

    def _come_in(self, trail: Trail) -> Bounds[FlowSet]:
        return self._edges.lets_in(trail, trail.packet.sender)

    def _answers_come_in(self, source: Place, trail: Trail) -> Iterator[Hop[FlowSet]]:
        """Yield what answers to a NAT gateway meet on their way to it (semantics 22)."""
        nat = trail.packet.sender
        if not trail.packet.translated:
            return
        comes = self._come_in(trail)
        if nat.subnet != source.subnet:
            comes &= self._network.acls.flows(nat.subnet, nat.vpc, egress=False)
        passes = comes.map(lambda flows: flows.map(lambda known: answered(known, ANY_CLIENT, every=False)))
        tell = lambda: f"lets replies in to {told_flows(passes, line.EVERYWHERE)}"  # noqa: E731  # made when asked for
        yield Hop(HopKind.REPLY, f"network ACL of {nat.subnet}", tell, passes, _SUBNET_ACL)

    def _handed_on(self, source: Place, trail: Trail) -> Bounds[FlowSet]:
        """Return the packets that reach a place from the translator on a trail, on its way back (semantics 35, 38)."""
        nat = trail.packet.sender
        every = FlowSet.box(trail.addresses, traffic.EVERYTHING)
        if nat.subnet == source.subnet:
            return Bounds.exactly(every)
        ways = []
        # What it hands on bears the address that answers.
        handing = replace(nat, addresses=trail.addresses)
        for way in self._network.trails(handing, source.addresses):
            passes = ALL
            for hop in way.hops:
                passes &= between(hop.passes, source.addresses)
            passes &= between(self._network.acls.flows(nat.subnet, nat.vpc, egress=True), source.addresses)
            arrives = way.is_open or way.arrives(source.vpc)
            if way.packet.leaving not in (None, source.subnet):
                acl = self._network.acls.flows(way.packet.leaving or "", source.vpc, egress=True)
                passes &= between(acl, source.addresses)
            ways.append(passes if arrives else NONE)
        lost = Missing(f"which way answers from {nat.subnet} to {source.subnet} take", "make their routes alike")
        handed = either(ways, lost)
        return handed.map(lambda known: FlowSet.box(trail.addresses, known))

"""Which packets get from one place to another, and by which hops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from checker.graph.acls import Acls
from checker.graph.arrivals import Arrivals
from checker.graph.departures import Departures
from checker.graph.doors import Doors
from checker.graph.edges import Edges
from checker.graph.forwarding.forwarding import Forwarding
from checker.graph.forwarding.packet import Exit, Trail
from checker.graph.groups import Groups
from checker.graph.hops import ALL, ANY_CLIENT, NONE, Arrival, Hop, Journey, answered, between, either, told
from checker.graph.index import Index
from checker.graph.place import Place, worn
from checker.graph.public_access import PublicAccess
from checker.graph.routes import Routes
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import YES, Missing, known_or
from checker.model.finding import HopKind
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.vpc import Vpc

_SG, _ACL, _ROUTE = "ENI_SG_RULES_MISMATCH", "SUBNET_ACL_RESTRICTION", "NO_ROUTE_TO_DESTINATION"
PlaceHop = Hop[IntervalSet]


class Reachability:
    """Answers who reaches whom; every answer is worked out once.

    Where the zone `lost` is thought lost, no gateway or appliance in it is a way to anywhere; `base` has it still,
    and answers alike where packets need none.
    """

    def __init__(
        self,
        index: Index,
        groups: Groups,
        acls: Acls,
        routes: Routes,
        lost: str | None = None,
        base: Reachability | None = None,
    ) -> None:
        self._groups = groups
        self._acls = acls
        self._base = base
        # What a list lets through between one subnet and one place is asked for every pair of places.
        self._listed: dict[tuple[object, ...], Bounds[IntervalSet]] = {}
        public = PublicAccess(index)
        self._forwarding = Forwarding(index, groups, acls, routes, public, lost)
        self._doors = Doors(self._forwarding)
        edges = Edges(self._forwarding, self._doors)
        self._in = Arrivals(self._forwarding, self._doors, edges)
        self._out = Departures(self._forwarding, edges)
        self._journeys: dict[tuple[Place, Place, tuple[int, int], bool], Journey] = {}
        self._arrivals: dict[tuple[object, ...], Arrival] = {}
        self._disguised: dict[tuple[str, str, IntervalSet], tuple[Place, ...]] = {}

    def from_internet(self, target: Place, *, every: bool = False) -> Arrival:
        """Return what gets in from the internet, by source address (semantics 28, 30-34)."""
        return self._kept(self._in.from_internet, target, every=every)

    def to_internet(self, source: Place, *, services: bool = True) -> Arrival:
        """Return what gets out to the internet and is answered, by destination address (semantics 27, 30-35).

        Without `services`, gateway endpoints do not count: they lead to a service, and not to the internet.
        """
        return self._kept(self._out.to_internet, source, services=services)

    def services(self, place: Place) -> IntervalSet:
        """Return the public addresses of services that a place's subnet reaches by a gateway endpoint (semantics 39).

        Nothing comes in from there.
        """
        return self._doors.services(place)

    def from_outside(self, target: Place, *, every: bool = False) -> Arrival:
        """Return what gets in from networks behind VPNs and the like, by source address (semantics 40)."""
        return self._kept(self._in.from_outside, target, every=every)

    def to_outside(self, source: Place) -> Arrival:
        """Return what gets out to networks behind VPNs and the like, by destination address (semantics 40)."""
        return self._kept(self._out.to_outside, source)

    def _kept(self, find: Callable[..., Arrival], place: Place, **how: bool) -> Arrival:
        key = (find.__name__, place, *how.values())
        if key not in self._arrivals:
            self._arrivals[key] = find(place, **how)
        return self._arrivals[key]

    def unfiltered(self, target: Place) -> Bounds[FlowSet]:
        """Return what gets to a place past its subnet's list, which does not see the subnet's own packets.

        Nor does it see what comes out of a transit gateway's interface there (semantics 19, 22).
        """
        listed = self._acls.into(target.subnet, target.vpc)
        network = self._forwarding
        comes_out = network.comes_out(target.subnet)
        if comes_out.is_no:
            return listed
        own = network.index.get(Vpc, target.vpc)
        blocks = known_or(own.cidrs, ()) if own else ()
        inside = IntervalSet.of(run for block in blocks for run in block.addresses.intervals)
        beyond = FlowSet.box(line.EVERYWHERE - inside, traffic.EVERYTHING)
        return listed | (Bounds.exactly(beyond) if comes_out.is_yes else Bounds(NO_FLOWS, beyond, comes_out.missing))

    def seen_as(self, source: Place, target: Place) -> tuple[Place, ...]:
        """Return as whom else a target may see what a place sends: as NAT gateways and appliances on the way."""
        if source.is_v6 is not target.is_v6 or _near(source, target):
            return ()
        key = (source.vpc, source.subnet, target.addresses)
        if key not in self._disguised:
            trails = self._forwarding.trails(source, target.addresses)
            others = (one for trail in trails for one in _senders(trail) if one is not source)
            self._disguised[key] = tuple(dict.fromkeys(others))
        return self._disguised[key]

    def admitted_addresses(self, target: Place) -> Bounds[FlowSet]:
        """Return what the groups worn at a place let in from each address."""
        return self._groups.by_address(target, ingress=True)

    def gateway_addresses(self, place: Place, *, outbound: bool = False) -> Bounds[IntervalSet]:
        """Return the internet addresses that a place exchanges packets with through an internet gateway."""
        return self._doors.gateway_addresses(place, outbound=outbound)

    def between(
        self, source: Place, target: Place, clients: tuple[int, int] = ANY_CLIENT, *, every: bool = False
    ) -> Journey:
        """Return what `source` can send to `target` and have answered.

        With `every` the reply must pass for each client port of `clients`, else for at least one of them.
        """
        key = (source, target, clients, every)
        if key not in self._journeys:
            alike = self._base if self._is_local(source, target) else None
            self._journeys[key] = (
                alike.between(source, target, clients, every=every)
                if alike
                else self._between(source, target, clients, every=every)
            )
        return self._journeys[key]

    def _is_local(self, source: Place, target: Place) -> bool:
        """Tell whether packets between two places of one VPC need no gateway in either direction."""
        if not self._base or source.vpc != target.vpc or source.is_v6 is not target.is_v6:
            return False
        is_local = self._forwarding.is_local
        return is_local(source, target.addresses) and is_local(target, source.addresses)

    def _between(self, source: Place, target: Place, clients: tuple[int, int], *, every: bool) -> Journey:
        if source.is_v6 is not target.is_v6:
            text = f"has no {source.family} address here"
            return Journey.over([Hop(HopKind.ADDRESS, target.subnet, lambda: text, NONE, "NO_POSSIBLE_DESTINATION")])
        if not target.answers:
            text = "is a NAT gateway's address, which answers nobody"
            return Journey.over([Hop(HopKind.ADDRESS, target.subnet, lambda: text, NONE, "NO_POSSIBLE_DESTINATION")])
        if _near(source, target):
            # Neither route tables nor lists see what stays in one subnet (semantics 19).
            return self._nearby(source, target)
        trails = list(self._forwarding.trails(source, target.addresses))
        ways = [
            Journey.over((*self._there(source, target, trail), *back))
            for trail in trails
            for back in self._answers(source, target, trail, clients, every=every)
        ]
        if not (source.subnet and target.subnet):
            # Where one stands was not seen, and it may be beside the other.
            ways.append(self._nearby(source, target))
        if len(ways) == 1:
            return ways[0]
        lost = Missing(
            f"which way packets from {source.subnet} to {target.subnet} take",
            "supply the address of the target, or make its routes alike",
        )
        passes = either((way.passes for way in ways), lost)
        # The least that one of them lets through is what they surely let through; that one is told.
        worst = min(ways, key=lambda way: (way.passes.must.size, way.passes.may.size))
        return Journey(worst.hops, passes)

    def _nearby(self, source: Place, target: Place) -> Journey:
        return Journey.over((self._egress(source, target, None), self._ingress((source,), target, None)))

    def _there(self, source: Place, target: Place, trail: Trail) -> Iterator[PlaceHop]:
        """Yield the filters on the way there."""
        yield self._egress(source, target, trail)
        yield self._acl(source.subnet, source.vpc, target, egress=True)
        for hop in trail.hops:
            yield _between(hop, target)
        senders = _senders(trail)
        if not (trail.is_open or trail.arrives(target.vpc)):
            yield _gone(trail, target)
        elif not (self._past_list(trail, target) or any(one.subnet == target.subnet for one in senders)):
            if trail.packet.leaving:
                yield self._acl(trail.packet.leaving, target.vpc, target, egress=True)
            yield _joined([self._acl(target.subnet, target.vpc, one, egress=False) for one in senders])
        yield self._ingress(senders, target, trail)

    def _past_list(self, trail: Trail, target: Place) -> bool:
        """Tell whether packets come, or could come, out of a gateway in the target's own subnet, which has no list."""
        if trail.is_open:
            return not self._forwarding.comes_out(target.subnet).is_no
        return trail.packet.leaving == target.subnet

    def _egress(self, source: Place, target: Place, trail: Trail | None) -> PlaceHop:
        named = trail.packet.naming if trail else YES
        if trail and trail.is_open:
            # However it leads on, outbound rules name groups of their own VPC and of its peers only (semantics 9).
            named &= self._groups.reference_holds(source.vpc, target.vpc)
        out = self._groups.admits(source, target, ingress=False, named=named)
        tell = lambda: f"lets out {told(out)} to {_told_place(target)}"  # noqa: E731  # made when asked for
        return Hop(HopKind.EGRESS, worn(source), tell, out, _SG)

    def _ingress(self, senders: tuple[Place, ...], target: Place, trail: Trail | None) -> PlaceHop:
        first, *others = senders
        named = trail.packet.named if trail else YES
        into = self._groups.admits(target, first, ingress=True, named=named)
        for other in others:
            into |= self._groups.admits(target, other, ingress=True, named=YES)
        unnamed = named.is_no and into.may != self._groups.admits(target, first, ingress=True, named=YES).may
        tell = lambda: f"admits {told(into)} from {_told_place(first)}"  # noqa: E731  # made when asked for
        return Hop(HopKind.INGRESS, worn(target), tell, into, "SG_REFERENCES_NOT_PRESERVED" if unnamed else _SG)

    def _acl(self, subnet: str, vpc: str, other: Place, *, egress: bool) -> PlaceHop:
        key = (subnet, vpc, other.addresses, other.missing, egress)
        if key not in self._listed:
            flows = self._acls.flows(subnet, vpc, egress=egress)
            self._listed[key] = between(flows, other.addresses, other.missing)
        passes = self._listed[key]
        verb = "lets out" if egress else "lets in"
        return Hop(HopKind.ACL, f"network ACL of {subnet}", lambda: f"{verb} {told(passes)}", passes, _ACL)

    def _answers(
        self, source: Place, target: Place, trail: Trail, clients: tuple[int, int], *, every: bool
    ) -> Iterator[tuple[PlaceHop, ...]]:
        """Yield the filters on each way that an answer may take; it goes to one client port, which all must pass."""
        sender = trail.packet.sender
        if sender is source and trail.packet.disguises:
            # An appliance or translator may be on the way, and take the answers back in a manner of its own.
            yield ()
        elif sender is source:
            yield from self._back(target, source, target, clients, every=every)
        else:
            for first in self._back(target, sender, target, ANY_CLIENT, every=every):
                for second in self._back(sender, source, target, clients, every=every):
                    yield (*first, *second)

    def _back(
        self, start: Place, end: Place, answerer: Place, clients: tuple[int, int], *, every: bool
    ) -> Iterator[tuple[PlaceHop, ...]]:
        """Yield the filters on each way from where an answer starts, or is handed on, to where it ends."""
        if _near(start, end):
            yield ()
            return
        # A translator hands answers on with the address that they come from.
        sender = start if start is answerer else replace(start, addresses=answerer.addresses)
        for trail in self._forwarding.trails(sender, end.addresses):
            yield tuple(self._return(trail, sender, end, answerer, clients, every=every))

    def _return(
        self, trail: Trail, start: Place, end: Place, answerer: Place, clients: tuple[int, int], *, every: bool
    ) -> Iterator[PlaceHop]:
        plain = len(trail.hops) == 1 and trail.hops[0].passes.must and start.vpc == end.vpc
        # Inside a VPC the way back is told only where a route more specific than the local one changes it.
        replies = ALL
        for hop in () if plain else trail.hops:
            here = _between(hop, end)
            if hop.kind is HopKind.ACL:
                replies &= here.passes
                yield _reply(hop.resource, replies, clients, every=every)
            elif hop.kind is HopKind.INGRESS:
                # The groups of an appliance that the way there did not pass see an answer as a packet of its own.
                yield replace(here, passes=_answered(here.passes, clients, every=every))
            else:
                yield here
        # A NAT gateway takes no answers of connections that it did not open, wherever its own routes lead.
        if trail.packet.sender is not start or not (trail.is_open or trail.arrives(end.vpc)):
            yield _gone(trail, end)
        replies &= self._acl(start.subnet, start.vpc, end, egress=True).passes
        yield _reply(f"network ACL of {start.subnet}", replies, clients, every=every)
        if self._past_list(trail, end):
            return
        if leaving := trail.packet.leaving:
            replies &= self._acl(leaving, end.vpc, end, egress=True).passes
            yield _reply(f"network ACL of {leaving}", replies, clients, every=every)
        replies &= self._acl(end.subnet, end.vpc, answerer, egress=False).passes
        yield _reply(f"network ACL of {end.subnet}", replies, clients, every=every)


def _near(one: Place, other: Place) -> bool:
    return bool(one.subnet) and one.subnet == other.subnet and one.vpc == other.vpc


def _between(hop: Hop[FlowSet], end: Place) -> PlaceHop:
    """Return a hop on the way to some addresses as one of the way to a place there."""
    return Hop(hop.kind, hop.resource, hop.tell, between(hop.passes, end.addresses, end.missing), hop.code)


def _senders(trail: Trail) -> tuple[Place, ...]:
    return (trail.packet.sender, *trail.packet.disguises)


def _gone(trail: Trail, target: Place) -> PlaceHop:
    if trail.exit is Exit.VPC:
        text = f"leads to {trail.packet.vpc}, and not to {target.subnet}"
    elif trail.exit is Exit.NOWHERE:
        text = f"brings it nowhere, and not to {target.subnet}"
    else:
        text = f"ends {trail.exit.value}, and not in {target.subnet}"
    return Hop(HopKind.ROUTE, trail.by or "route", lambda: text, NONE, _ROUTE)


def _joined(hops: list[PlaceHop]) -> PlaceHop:
    first, *others = hops
    passes = first.passes
    for hop in others:
        passes |= hop.passes
    return replace(first, passes=passes)


def _answered(replies: Bounds[IntervalSet], clients: tuple[int, int], *, every: bool) -> Bounds[IntervalSet]:
    return replies.map(lambda known: answered(known, clients, every=every))


def _reply(resource: str, replies: Bounds[IntervalSet], clients: tuple[int, int], *, every: bool) -> PlaceHop:
    passes = _answered(replies, clients, every=every)
    ports = f"{clients[0]}-{clients[1]}"

    def tell() -> str:
        return f"lets replies through to client ports {ports}" if passes.may else f"blocks replies to {ports}"

    return Hop(HopKind.REPLY, resource, tell, passes, _ACL)


def _told_place(place: Place) -> str:
    groups = f" wearing {', '.join(place.groups)}" if place.groups else ""
    return f"{line.describe(place.addresses, 1)}{groups}"

"""Which packets get from one place to another, and by which hops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from checker.graph.acls import Acls
from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.graph.place import Place
from checker.graph.routes import Leg, Routes
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, Answer, Known, Missing, all_of, any_of, merge
from checker.model.finding import HopKind, Step
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.model.record import Scope
from checker.resources.internet_gateway import InternetGateway
from checker.resources.nat_gateway import NatGateway
from checker.resources.peering_connection import PeeringConnection
from checker.resources.vpc import Vpc
from checker.resources.vpc_public_access import VpcPublicAccess
from checker.resources.vpc_public_access_exclusion import VpcPublicAccessExclusion

# Client ports of balancers, NAT gateways, Lambda and the internet, and of Linux instances (semantics 18).
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#nacl-ephemeral-ports
ANY_CLIENT = (1024, 65535)
INSTANCE_CLIENT = (32768, 60999)

# Source: https://www.rfc-editor.org/rfc/rfc792 and https://www.rfc-editor.org/rfc/rfc4443
_ECHO_REPLY = {traffic.ICMP: 0, traffic.ICMPV6: 129}

NONE = Bounds.exactly(traffic.NOTHING)
ALL = Bounds.exactly(traffic.EVERYTHING)


@dataclass(frozen=True)
class Hop:
    """One filter on the way: what it lets through, and the code of the obstacle that it is to all else.

    Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    kind: HopKind
    resource: str
    tell: Callable[[], str]
    passes: Bounds[IntervalSet]
    code: str | None = None

    @property
    def step(self) -> Step:
        """Return the hop in words; they are made when they are asked for, since most hops are never told."""
        return Step(self.resource, self.tell(), hop=self.kind)


@dataclass(frozen=True)
class Journey:
    """The way from one place to another: its hops in order, and the traffic that passes them all."""

    hops: tuple[Hop, ...]
    passes: Bounds[IntervalSet]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the hops as steps of a path."""
        return tuple(hop.step for hop in self.hops)

    def towards(self, wanted: IntervalSet) -> tuple[Step, ...]:
        """Return the hops as steps of a path; the first one that stops some of `wanted` has its code."""
        obstacle = self.obstacle(wanted)
        return tuple(replace(hop.step, code=hop.code) if hop is obstacle else hop.step for hop in self.hops)

    def obstacle(self, wanted: IntervalSet) -> Hop | None:
        """Return the first hop that surely stops some of `wanted`."""
        return next((hop for hop in self.hops if wanted - hop.passes.may), None)


@dataclass(frozen=True)
class Arrival:
    """What the internet gets through to a place, by source address."""

    steps: tuple[Step, ...]
    passes: Bounds[FlowSet]


class Reachability:
    """Answers who reaches whom; every answer is worked out once."""

    def __init__(self, index: Index, groups: Groups, acls: Acls, routes: Routes) -> None:
        self._index = index
        self._groups = groups
        self._acls = acls
        self._routes = routes
        self._journeys: dict[tuple[Place, Place, tuple[int, int], bool], Journey] = {}
        self._arrivals: dict[tuple[Place, bool], Arrival] = {}

    def between(
        self, source: Place, target: Place, clients: tuple[int, int] = ANY_CLIENT, *, every: bool = False
    ) -> Journey:
        """Return what `source` can send to `target` and have answered.

        With `every` the reply must pass for each client port of `clients`, else for at least one of them.
        """
        key = (source, target, clients, every)
        if key not in self._journeys:
            hops = tuple(self._hops(source, target, clients, every=every))
            passes = ALL
            for hop in hops:
                passes = passes & hop.passes
            self._journeys[key] = Journey(hops, passes)
        return self._journeys[key]

    def _hops(self, source: Place, target: Place, clients: tuple[int, int], *, every: bool) -> Iterator[Hop]:
        if source.is_v6 is not target.is_v6:
            yield Hop(HopKind.ADDRESS, target.subnet, lambda: f"has no {source.family} address here", NONE)
            return
        out = self._groups.admits(source, target, ingress=False)
        yield Hop(
            HopKind.EGRESS,
            _worn(source),
            lambda: f"lets out {_told(out)} to {_told_place(target)}",
            out,
            "ENI_SG_RULES_MISMATCH",
        )
        near = source.subnet == target.subnet and source.vpc == target.vpc
        if not near:
            yield self._acl(source, target, egress=True)
            yield from self._way(source, target)
            yield self._acl(target, source, egress=False)
        into = self._groups.admits(target, source, ingress=True)
        yield Hop(
            HopKind.INGRESS,
            _worn(target),
            lambda: f"admits {_told(into)} from {_told_place(source)}",
            into,
            "ENI_SG_RULES_MISMATCH",
        )
        if not near:
            # The answer goes to one client port, and the lists of both subnets must pass that very port.
            leaves = self._replies(target, source, egress=True)
            comes = leaves & self._replies(source, target, egress=False)
            yield self._reply(target, leaves, clients, every=every, egress=True)
            yield self._reply(source, comes, clients, every=every, egress=False)

    def _acl(self, mine: Place, other: Place, *, egress: bool) -> Hop:
        passes = _for(self._acls.flows(mine.subnet, mine.vpc, egress=egress), other.addresses)
        verb = "lets out" if egress else "lets in"
        name = f"network ACL of {mine.subnet}"
        return Hop(HopKind.ACL, name, lambda: f"{verb} {_told(passes)}", passes, "SUBNET_ACL_RESTRICTION")

    def _replies(self, mine: Place, other: Place, *, egress: bool) -> Bounds[IntervalSet]:
        return _for(self._acls.flows(mine.subnet, mine.vpc, egress=egress), other.addresses)

    def _reply(
        self, mine: Place, replies: Bounds[IntervalSet], clients: tuple[int, int], *, every: bool, egress: bool
    ) -> Hop:
        passes = replies.map(lambda known: answered(known, clients, every=every))
        ports = f"{clients[0]}-{clients[1]}"
        verb = "lets replies out" if egress else "lets replies in"

        def tell() -> str:
            return f"{verb} to client ports {ports}" if passes.may else f"blocks replies to {ports}"

        return Hop(HopKind.REPLY, f"network ACL of {mine.subnet}", tell, passes, "SUBNET_ACL_RESTRICTION")

    def _way(self, source: Place, target: Place) -> Iterator[Hop]:
        yield self._route(source, target)
        back = self._route(target, source)
        # Inside a VPC the way back is told only where a route more specific than the local one changes it.
        if source.vpc != target.vpc or back.passes != ALL:
            yield back

    def _route(self, source: Place, target: Place) -> Hop:
        """Return the hop of the route table: local inside a VPC, over an active peering between two."""
        leg = self._routes.leg(source.subnet, source.vpc, target.addresses)
        if not isinstance(leg, Known):
            passes = Bounds(traffic.NOTHING, traffic.EVERYTHING, leg.missing)
            return self._routed(source, lambda: "is not known", passes)
        taken = leg.value
        if taken is None:
            return self._routed(source, lambda: f"has no route to {line.describe(target.addresses, 1)}", NONE)
        to = taken.target
        arrives = self._leads(to.value, source, target) if isinstance(to, Known) else Answer(None, to.missing)
        text = to.value if isinstance(to, Known) else "an unknown target"

        def tell() -> str:
            return f"sends {taken.destination} to {text or 'a black hole'}"

        if arrives.is_unknown:
            return self._routed(source, tell, Bounds(traffic.NOTHING, traffic.EVERYTHING, arrives.missing))
        return self._routed(source, tell, ALL if arrives.is_yes else NONE)

    def _routed(self, source: Place, tell: Callable[[], str], passes: Bounds[IntervalSet]) -> Hop:
        return Hop(HopKind.ROUTE, f"route table of {source.subnet}", tell, passes, "NO_ROUTE_TO_DESTINATION")

    def _leads(self, id: str, source: Place, target: Place) -> Answer:
        if id == "local":
            return Answer.of(source.vpc == target.vpc)
        if id.startswith("pcx-"):
            return self._over_peering(id, source, target)
        if id.startswith("nat-"):
            return self._through_nat(id, target)
        if id.startswith(("eni-", "i-", "vpce-", "tgw-", "vgw-", "lgw-", "cagw-", "arn:")):
            return Answer(
                None,
                (
                    Missing(
                        f"what lies behind the route to {id}", "routes through appliances and gateways are not followed"
                    ),
                ),
            )
        return NO

    def _through_nat(self, id: str, target: Place) -> Answer:
        """Answer whether a NAT gateway sends on to a private address: not where its own table leads to the internet.

        Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
        """
        gateway = self._index.get(NatGateway, id)
        lost = Missing(
            f"what NAT gateway {id} sends on to {target.subnet}",
            "routes through NAT gateways to private addresses are not followed",
        )
        if gateway is None:
            return Answer(None, self._index.missing(NatGateway) or (lost,))
        for subnet in values(gateway.subnet):
            leg = self._routes.leg(subnet, "".join(values(gateway.vpc)), target.addresses)
            to = leg.value.target if isinstance(leg, Known) and leg.value else leg.then(lambda _: Known(""))
            if to.holds(lambda next: next.startswith("igw-") or not next).is_yes:
                return NO
        return Answer(None, (lost,))

    def _over_peering(self, id: str, source: Place, target: Place) -> Answer:
        """Answer whether a peering carries the packet: active, between the two VPCs (semantics 36).

        Source: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
        """
        peering = self._index.get(PeeringConnection, id)
        if peering is None:
            lost = Missing(f"peering connection {id}", "allow ec2:DescribeVpcPeeringConnections")
            return Answer(None, self._index.missing(PeeringConnection) or (lost,))
        ends = (
            (peering.requester_vpc, peering.accepter_vpc, peering.accepter_cidrs),
            (peering.accepter_vpc, peering.requester_vpc, peering.requester_cidrs),
        )
        joins = any_of(
            mine.is_(source.vpc)
            & theirs.is_(target.vpc)
            & blocks.holds(lambda known: any(target.addresses <= block.addresses for block in known))
            for mine, theirs, blocks in ends
        )
        return joins & peering.active.is_(True)

    def from_internet(self, target: Place, *, every: bool = False) -> Arrival:
        """Return what gets in from the internet, by address, gateway, route, ACL and group (semantics 30-34)."""
        key = (target, every)
        if key not in self._arrivals:
            self._arrivals[key] = self._arrive(target, every=every)
        return self._arrivals[key]

    def _arrive(self, target: Place, *, every: bool) -> Arrival:
        world = line.INTERNET_V6 if target.is_v6 else line.INTERNET_V4
        way = self.gateway_addresses(target) & Bounds.exactly(world)
        if not way.may:
            return Arrival((Step(target.subnet, "has no way to or from the internet here"),), Bounds.exactly(NO_FLOWS))
        open_ = way.map(lambda known: FlowSet.box(known, traffic.EVERYTHING))
        acl_in = self._acls.flows(target.subnet, target.vpc, egress=False)
        acl_out = self._acls.flows(target.subnet, target.vpc, egress=True)
        back = acl_out.map(lambda flows: flows.map(lambda known: answered(known, ANY_CLIENT, every=every)))
        groups = self.admitted_addresses(target)
        steps = (
            Step(target.subnet, "has a route to an internet gateway and a public address", hop=HopKind.ROUTE),
            Step(f"network ACL of {target.subnet}", f"lets in {_told_flows(acl_in, way.may)}"),
            Step(_worn(target), f"admits {_told_flows(groups, way.may)} from the internet"),
        )
        return Arrival(steps, open_ & acl_in & groups & back)

    def admitted_addresses(self, target: Place) -> Bounds[FlowSet]:
        """Return what the groups worn at a place let in from each address."""
        everything = FlowSet.box(line.EVERYWHERE, traffic.EVERYTHING)
        if not target.filtered:
            return Bounds.exactly(everything)
        if target.groups is None:
            return Bounds(NO_FLOWS, everything, target.missing)
        return self._groups.filters(target.groups, ingress=True).by_address

    def gateway_addresses(self, place: Place, *, outbound: bool = False) -> Bounds[IntervalSet]:
        """Return the internet addresses that a place exchanges packets with through an internet gateway.

        It takes a gateway attached to the VPC, a route of the subnet to it, a public IPv4 address or an IPv6 address,
        and no block on public access.
        Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
        """
        legs = self._routes.legs(place.subnet, place.vpc)
        family = line.ALL_V6 if place.is_v6 else line.ALL_V4
        if place.public is False and not place.is_v6:
            return Bounds.exactly(IntervalSet())
        if not isinstance(legs, Known):
            return Bounds(IntervalSet(), family, legs.missing)
        result = Bounds.exactly(IntervalSet())
        for leg in legs.value:
            leads = self._leads_to_gateway(leg, place)
            here = leg.addresses & family
            if leads.is_yes:
                result |= Bounds.exactly(here)
            elif leads.is_unknown:
                result |= Bounds(IntervalSet(), here, leads.missing)
        if place.public is None and not place.is_v6:
            result = Bounds(IntervalSet(), result.may, merge(result.missing, place.missing))
        return result & self._not_blocked(place, outbound=outbound)

    def _leads_to_gateway(self, leg: Leg, place: Place) -> Answer:
        if not isinstance(leg.target, Known):
            return Answer(None, leg.target.missing)
        if not leg.target.value.startswith("igw-"):
            return Answer.of(False)
        gateway = self._index.get(InternetGateway, leg.target.value)
        if gateway is None:
            # An active route leads to a gateway that is there: in a shared VPC its owner alone sees it.
            lost = Missing(f"internet gateway {leg.target.value}", "read the account that owns the VPC")
            return Answer(None, self._index.missing(InternetGateway) or (lost,))
        return gateway.vpcs.holds(lambda attached: place.vpc in attached)

    def _not_blocked(self, place: Place, *, outbound: bool) -> Bounds[IntervalSet]:
        """Return every address, unless block public access stops the VPC's gateways (semantics 34).

        Of its two modes the one that blocks ingress lets NAT gateways open connections, which `outbound` asks for.

        Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
        """
        everywhere, nowhere = line.EVERYWHERE, IntervalSet()
        home = self._index.get(Vpc, place.vpc)
        scope = home.scope if home else None
        blocks = [item for item in self._index.all(VpcPublicAccess).items if item.scope == scope]
        passing = ("off", "block-ingress") if outbound else ("off",)
        free = all_of(item.mode.holds(lambda mode: mode in passing) for item in blocks)
        if gaps := self._index.missing(VpcPublicAccess, scope):
            free &= Answer(None, gaps)
        if not free.is_yes:
            free |= self._excluded(place, scope)
        if free.is_unknown:
            return Bounds(nowhere, everywhere, free.missing)
        return Bounds.exactly(everywhere if free.is_yes else nowhere)

    def _excluded(self, place: Place, scope: Scope | None) -> Answer:
        """Answer whether the VPC or subnet is excluded from the block, in both directions."""
        gaps = self._index.missing(VpcPublicAccessExclusion, scope)
        listed = any_of(
            item.resource.holds(lambda id: id in (place.vpc, place.subnet))
            & item.active.is_(True)
            & item.mode.is_("allow-bidirectional")
            for item in self._index.all(VpcPublicAccessExclusion).items
        )
        return listed | Answer(None, gaps) if gaps else listed


def answered(replies: IntervalSet, clients: tuple[int, int], *, every: bool) -> IntervalSet:
    """Return the traffic whose replies are among `replies`: for each protocol all of it or none (semantics 17, 18).

    What answers ICMP is the echo reply; its other messages are errors and notices, which have no answer.
    """
    if replies == traffic.EVERYTHING:
        return traffic.EVERYTHING
    passes = replies
    for protocol in (traffic.TCP, traffic.UDP, traffic.ICMP, traffic.ICMPV6):
        whole = traffic.ports(protocol)
        echo = _ECHO_REPLY.get(protocol)
        wanted = traffic.ports(protocol, *clients) if echo is None else traffic.icmp(protocol, echo, 0)
        there = not wanted - replies if every else bool(wanted & replies)
        passes = passes | whole if there else passes - whole
    return passes


def _for(flows: Bounds[FlowSet], addresses: IntervalSet) -> Bounds[IntervalSet]:
    must = flows.must.everywhere_in(addresses)
    may = flows.may.somewhere_in(addresses)
    return Bounds(must, must) if must == may else Bounds(must, may, flows.missing)


def _worn(place: Place) -> str:
    return (
        ", ".join(place.groups)
        if place.groups
        else "no security group"
        if place.groups is not None
        else "unknown groups"
    )


def _told(passes: Bounds[IntervalSet]) -> str:
    return traffic.describe(passes.must if passes.exact else passes.may) + ("" if passes.exact else " at most")


def _told_place(place: Place) -> str:
    worn = f" wearing {', '.join(place.groups)}" if place.groups else ""
    return f"{line.describe(place.addresses, 1)}{worn}"


def _told_flows(flows: Bounds[FlowSet], addresses: IntervalSet) -> str:
    return traffic.describe(flows.may.within(addresses).traffic)

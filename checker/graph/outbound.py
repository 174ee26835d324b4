"""Ways out of a VPC to a regional AWS service: a gateway or interface endpoint, a NAT or an internet gateway."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.graph import Graph
from checker.graph.hops import ALL, ANY_CLIENT, INSTANCE_CLIENT, NONE, Hop, Journey, answered
from checker.graph.index import values
from checker.graph.place import Place
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, Unknown, all_of, any_of, known_or, merge
from checker.model.finding import HopKind
from checker.model.flows import FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.nat_gateway import NatGateway
from checker.resources.prefix_list import PrefixList
from checker.resources.route_table import RouteTable
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.vpc_endpoint import VpcEndpoint


def to_service(source: Place, service: str, graph: Graph, without_zone: str | None = None) -> Journey:
    """Return what a place can send to the public or private addresses of a regional service such as `dynamodb`."""
    public = _to_public(source, service, graph, without_zone)
    passes = public.passes
    for journey in _to_interfaces(source, service, graph, without_zone):
        if journey.passes.covers(_HTTPS).is_yes:
            return journey
        passes |= journey.passes
    return Journey(public.hops, passes)


_HTTPS = traffic.tcp(443)


def _to_public(source: Place, service: str, graph: Graph, without_zone: str | None) -> Journey:
    egress = _egress(source, service, graph)
    way = _way(source, service, graph, without_zone)
    out = graph.acls.flows(source.subnet, source.vpc, egress=True).map(
        lambda flows: flows.everywhere_in(line.INTERNET_V4)
    )
    back = graph.acls.flows(source.subnet, source.vpc, egress=False).map(
        lambda flows: answered(flows.everywhere_in(line.INTERNET_V4), INSTANCE_CLIENT, every=True)
    )
    acl = f"network ACL of {source.subnet}"
    hops = (
        egress,
        way,
        Hop(
            HopKind.ACL,
            acl,
            lambda: f"lets out {traffic.describe(out.may)} to the service",
            out,
            "SUBNET_ACL_RESTRICTION",
        ),
        Hop(HopKind.REPLY, acl, lambda: "lets replies in from the service", back, "SUBNET_ACL_RESTRICTION"),
    )
    passes = ALL
    for hop in hops:
        passes = passes & hop.passes
    return Journey(hops, passes)


def _to_interfaces(source: Place, service: str, graph: Graph, without_zone: str | None) -> Iterator[Journey]:
    """Yield the ways to the service's interface endpoints: each has subnets and groups and goes with its zone."""
    hidden = graph.index.missing(VpcEndpoint)
    if hidden:
        yield Journey((), _where(Answer(None, hidden)))
    for endpoint in _endpoints(source, graph):
        serves = _serves(endpoint, service) & endpoint.type.is_("Interface")
        lost = graph.endpoints.lost(endpoint)
        if lost and not serves.is_no:
            yield Journey((), _where(serves & Answer(None, lost)))
        for place in {one.place: None for one in graph.endpoints.of(endpoint)}:
            stands = serves if without_zone is None else serves & ~graph.zone(place.subnet).is_(without_zone)
            if not stands.is_no:
                journey = graph.reachability.between(source, place, INSTANCE_CLIENT, every=True)
                yield Journey(journey.hops, journey.passes & _where(stands))


def _endpoints(source: Place, graph: Graph) -> tuple[VpcEndpoint, ...]:
    return graph.index.by(VpcEndpoint, "vpc", lambda item: values(item.vpc), source.vpc)


def _serves(endpoint: VpcEndpoint, service: str) -> Answer:
    return endpoint.service.holds(lambda text: text.endswith(f".{service}")) & endpoint.active.is_(True)


def _where(answer: Answer) -> Bounds[IntervalSet]:
    """Return all traffic for yes, none for no."""
    if answer.is_unknown:
        return Bounds(traffic.NOTHING, traffic.EVERYTHING, answer.missing)
    return ALL if answer.is_yes else NONE


def _egress(source: Place, service: str, graph: Graph) -> Hop[IntervalSet]:
    """Return what the groups let out: to every public address, or to the service's own prefix list."""
    worn = ", ".join(source.groups or ()) or "unknown groups"
    if source.groups is None:
        return Hop(
            HopKind.EGRESS, worn, lambda: "are not known", Bounds(traffic.NOTHING, traffic.EVERYTHING, source.missing)
        )
    filters = graph.groups.filters(source.groups, ingress=False)
    flows = filters.by_address
    passes = Bounds(flows.must.everywhere_in(line.INTERNET_V4), flows.may.somewhere_in(line.INTERNET_V4), flows.missing)
    for group in source.groups:
        for rule in graph.groups.rules(group)[0]:
            if rule.ingress.is_(False).is_yes and isinstance(rule.peer, Known) and isinstance(rule.traffic, Known):
                peer = rule.peer.value
                if isinstance(peer, PrefixListPeer) and _is_list_of(peer.id, service, graph):
                    passes |= Bounds.exactly(rule.traffic.value)
                elif isinstance(peer, PrefixListPeer) and graph.index.get(PrefixList, peer.id) is None:
                    passes |= Bounds(traffic.NOTHING, rule.traffic.value, graph.index.missing(PrefixList))
    if not passes.exact and not passes.missing:
        # Some public addresses are let out to, and not all: the service's own are not among what was read.
        passes = Bounds(passes.must, passes.must) if not _may_be_service(passes) else passes
    fact = f"lets out {traffic.describe(passes.may)} to {service}"
    return Hop(HopKind.EGRESS, worn, lambda: fact, passes, "ENI_SG_RULES_MISMATCH")


def _may_be_service(passes: Bounds[IntervalSet]) -> bool:
    return bool((passes.may - passes.must) & traffic.tcp(443))


def _is_list_of(id: str, service: str, graph: Graph) -> bool:
    found = graph.index.get(PrefixList, id)
    return found is not None and found.name.endswith(f".{service}")


def _way(source: Place, service: str, graph: Graph, without_zone: str | None) -> Hop[IntervalSet]:
    """Return the hop over a gateway endpoint, a NAT or an internet gateway."""
    table = graph.routes.table(source.subnet, source.vpc)
    name = table.value.id if isinstance(table, Known) else f"route table of {source.subnet}"
    passes = NONE
    through: list[str] = []
    for endpoint in _endpoints(source, graph):
        routed = endpoint.route_tables.then(lambda ids: table.map(lambda found: found.id in ids)).is_(
            True
        )  # used at once
        leads = _serves(endpoint, service) & endpoint.type.is_("Gateway") & routed
        through += [endpoint.id] if leads.is_yes else []
        passes |= _where(leads)
    if not through and _routed_by_list(table, service, graph).is_yes:
        through.append("a gateway endpoint")
    if through:
        return Hop(HopKind.ROUTE, name, lambda: f"leads to {service} through {', '.join(through)}", ALL)
    legs = graph.routes.legs(source.subnet, source.vpc)
    if not isinstance(legs, Known):
        return Hop(
            HopKind.ROUTE, name, lambda: "is not known", Bounds(traffic.NOTHING, traffic.EVERYTHING, legs.missing)
        )
    reached, unsure = IntervalSet(), IntervalSet()
    missing = merge(passes.missing, graph.index.missing(VpcEndpoint))
    for leg in legs.value:
        answer = leg.target.then(lambda id: _known(_leads_out(id, source, graph, without_zone))).is_(True)
        if answer.is_yes:
            reached |= leg.addresses
            through.append(known_or(leg.target, ""))
        elif answer.is_unknown:
            unsure |= leg.addresses
            missing = merge(missing, answer.missing)
    world = line.INTERNET_V4
    if world <= reached:
        return Hop(HopKind.ROUTE, name, lambda: f"leads to the internet through {', '.join(through)}", ALL)
    if world <= reached | unsure or passes.may or graph.index.missing(VpcEndpoint):
        return Hop(
            HopKind.ROUTE, name, lambda: f"may lead to {service}", Bounds(traffic.NOTHING, traffic.EVERYTHING, missing)
        )
    return Hop(
        HopKind.ROUTE,
        name,
        lambda: f"has no way to {service}: no endpoint, NAT or internet gateway",
        NONE,
        "NO_ROUTE_TO_DESTINATION",
    )


def _routed_by_list(table: Fact[RouteTable], service: str, graph: Graph) -> Answer:
    """Answer whether a route of the service's own list leads to an endpoint; in a shared VPC only its owner sees that.

    Source: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
    """
    routes = known_or(table.then(lambda found: found.routes), ())
    return any_of(
        route.active.is_(True)
        & route.target.holds(lambda id: prefixed(id).startswith("vpce-") and graph.index.get(VpcEndpoint, id) is None)
        & route.destination.holds(lambda to: isinstance(to, PrefixListPeer) and _is_list_of(to.id, service, graph))
        for route in routes
    )


def _known(answer: Answer) -> Fact[bool]:
    return Unknown(*answer.missing) if answer.value is None else Known(answer.value)


def _leads_out(target: str, source: Place, graph: Graph, without_zone: str | None) -> Answer:
    """Answer whether a route's target takes packets to public addresses, with a zone gone."""
    if prefixed(target).startswith("igw-"):
        return Answer(source.public, source.missing if source.public is None else ())
    if prefixed(target).startswith(("tgw-", "vgw-", "eni-", "i-", "vpce-")):
        return YES  # an egress of the organisation's own; what lies behind it is not this stack's matter
    if not prefixed(target).startswith("nat-"):
        return NO
    gateway = graph.index.get(NatGateway, target)
    if gateway is None:
        # An active route leads to a gateway that is there: in a shared VPC its owner alone sees it.
        lost = Missing(f"NAT gateway {target}", "read the account that owns the VPC")
        return Answer(None, graph.index.missing(NatGateway) or (lost,))
    works = gateway.active.is_(True) & gateway.public.is_(True) & _passes_on(gateway, source, graph)
    if without_zone is None:
        return works
    home = gateway.subnet.then(lambda subnet: graph.zone(subnet) if subnet else Known(""))
    return works & ~(gateway.zonal.is_(True) & home.is_(without_zone))


HTTPS = 443


def _passes_on(gateway: NatGateway, source: Place, graph: Graph) -> Answer:
    """Answer whether a NAT gateway's own subnet lets HTTPS through it, from the source to the internet and back.

    Its subnet needs a route to the internet gateway, and its ACL filters all four legs (semantics 22, 35).
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    homes = values(gateway.subnet)
    if not homes:
        # A regional gateway has no subnet of its own; that of an unknown one is not known.
        return Answer(None, gateway.subnet.missing) if gateway.subnet.missing else YES
    subnet, asked = homes[0], traffic.tcp(HTTPS)
    place = Place(source.vpc, subnet, (), source.addresses, public=True, filtered=False)
    out, back = (graph.acls.flows(subnet, source.vpc, egress=egress) for egress in (True, False))
    far, near = line.INTERNET_V4, source.addresses
    legs = [(out, far, asked), (back, far, traffic.ports(traffic.TCP, *ANY_CLIENT))]
    if subnet != source.subnet:
        legs += [(back, near, asked), (out, near, traffic.ports(traffic.TCP, *INSTANCE_CLIENT))]
    routed = graph.reachability.gateway_addresses(place, outbound=True).covers(far)
    return all_of([routed, *(_everywhere(flows, addresses).covers(wanted) for flows, addresses, wanted in legs)])


def _everywhere(flows: Bounds[FlowSet], addresses: IntervalSet) -> Bounds[IntervalSet]:
    return flows.map(lambda known: known.everywhere_in(addresses))

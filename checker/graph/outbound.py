"""Ways out of a VPC to a regional AWS service: a gateway endpoint, an interface endpoint, a NAT or an internet gateway."""

from __future__ import annotations

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.place import Place
from checker.graph.reachability import ALL, INSTANCE_CLIENT, NONE, Hop, Journey, answered
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Known, merge
from checker.model.finding import Step
from checker.model.intervals import IntervalSet
from checker.resources.nat_gateway import NatGateway
from checker.resources.prefix_list import PrefixList
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.vpc_endpoint import VpcEndpoint


def to_service(source: Place, service: str, graph: Graph, without_zone: str | None = None) -> Journey:
    """Return what a place can send to the public or private addresses of a regional service such as `dynamodb`."""
    egress = _egress(source, service, graph)
    way = _way(source, service, graph, without_zone)
    out = graph.acls.flows(source.subnet, source.vpc, egress=True).map(lambda flows: flows.everywhere_in(line.INTERNET_V4))
    back = graph.acls.flows(source.subnet, source.vpc, egress=False).map(
        lambda flows: answered(flows.everywhere_in(line.INTERNET_V4), INSTANCE_CLIENT, every=True)
    )
    acl = f"network ACL of {source.subnet}"
    hops = (
        egress,
        way,
        Hop(Step(acl, f"lets out {traffic.describe(out.may)} to the service"), out, "SUBNET_ACL_RESTRICTION"),
        Hop(Step(acl, "lets replies in from the service"), back, "SUBNET_ACL_RESTRICTION"),
    )
    passes = ALL
    for hop in hops:
        passes = passes & hop.passes
    return Journey(hops, passes)


def _egress(source: Place, service: str, graph: Graph) -> Hop:
    """Return what the groups let out: to every public address, or to the service's own prefix list."""
    worn = ", ".join(source.groups or ()) or "unknown groups"
    if source.groups is None:
        return Hop(Step(worn, "are not known"), Bounds(traffic.NOTHING, traffic.EVERYTHING, source.missing))
    filters = graph.groups.filters(source.groups, ingress=False)
    flows = filters.by_address
    passes = Bounds(
        flows.must.everywhere_in(line.INTERNET_V4), flows.may.somewhere_in(line.INTERNET_V4), flows.missing
    )
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
    return Hop(Step(worn, fact), passes, "ENI_SG_RULES_MISMATCH")


def _may_be_service(passes: Bounds[IntervalSet]) -> bool:
    return bool((passes.may - passes.must) & traffic.tcp(443))


def _is_list_of(id: str, service: str, graph: Graph) -> bool:
    found = graph.index.get(PrefixList, id)
    return found is not None and found.name.endswith(f".{service}")


def _way(source: Place, service: str, graph: Graph, without_zone: str | None) -> Hop:
    table = graph.routes.table(source.subnet, source.vpc)
    name = table.value.id if isinstance(table, Known) else f"route table of {source.subnet}"
    endpoints = [
        item
        for item in graph.index.by(VpcEndpoint, "vpc", lambda item: values(item.vpc), source.vpc)
        if item.service.holds(lambda text: text.endswith(f".{service}")).is_yes and not item.active.is_(True).is_no
    ]
    for endpoint in endpoints:
        if endpoint.type.is_("Gateway").is_yes and name in values(endpoint.route_tables):
            return Hop(Step(name, f"leads to {service} through {endpoint.id}"), ALL)
        if endpoint.type.is_("Interface").is_yes:
            return Hop(Step(endpoint.id, f"answers for {service} inside {source.vpc}"), ALL)
    leg = graph.routes.legs(source.subnet, source.vpc)
    if not isinstance(leg, Known):
        return Hop(Step(name, "is not known"), Bounds(traffic.NOTHING, traffic.EVERYTHING, leg.missing))
    reached, unsure = IntervalSet(), IntervalSet()
    missing = merge(graph.index.missing(VpcEndpoint))
    through: list[str] = []
    for one in leg.value:
        if not isinstance(one.target, Known):
            unsure |= one.addresses
            missing = merge(missing, one.target.missing)
        elif _leads_out(one.target.value, source, graph, without_zone):
            reached |= one.addresses
            through.append(one.target.value)
    world = line.INTERNET_V4
    if world <= reached:
        return Hop(Step(name, f"leads to the internet through {', '.join(through)}"), ALL)
    if world <= reached | unsure or graph.index.missing(VpcEndpoint):
        return Hop(Step(name, f"may lead to {service}"), Bounds(traffic.NOTHING, traffic.EVERYTHING, missing))
    return Hop(Step(name, f"has no way to {service}: no endpoint, NAT or internet gateway"), NONE, "NO_ROUTE_TO_DESTINATION")


def _leads_out(target: str, source: Place, graph: Graph, without_zone: str | None) -> bool:
    if target.startswith("igw-"):
        return source.public is True
    if target.startswith(("tgw-", "vgw-", "eni-", "i-", "vpce-")):
        return True  # an egress of the organisation's own; what lies behind it is not this stack's matter
    if not target.startswith("nat-"):
        return False
    gateway = graph.index.get(NatGateway, target)
    if gateway is None:
        return bool(graph.index.missing(NatGateway))
    if gateway.active.is_(True).is_no or gateway.public.is_(True).is_no:
        return False
    home = values(gateway.subnet)
    gone = without_zone is not None and home and graph.zone(home[0]).is_(without_zone).is_yes
    return not (gone and gateway.zonal.is_(True).is_yes)

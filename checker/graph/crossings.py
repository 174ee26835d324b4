"""The second connection of a relay: from a load balancer's node to a target, as the node or as its client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from checker.graph.graph import Graph
from checker.graph.hops import ANY_CLIENT, Arrival, Hop, Journey, answered, between
from checker.graph.place import Endpoint, Place
from checker.graph.relays import End, Relay, sends, serves
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Answer
from checker.model.finding import HopKind
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.classic_load_balancer import ClassicLoadBalancer

_NOTHING = Bounds.exactly(traffic.NOTHING)


def as_node(relay: Relay, node: Endpoint, end: End, graph: Graph) -> Journey:
    """Return what a node gets through to a target from its own address, and has answered on every client port."""
    source, target = node.place, end.endpoint.place
    journey = graph.reachability.between(source, target, ANY_CLIENT, every=True)
    first = [_entry(relay, node, end, graph)]
    if isinstance(relay.balancer, ClassicLoadBalancer) and _beside(source, target):
        # A Classic Load Balancer's packets meet the list of its subnet even where they do not leave it (semantics 19).
        first.append(_list_hop(source, target, graph))
    passes = journey.passes
    for hop in first:
        passes &= hop.passes
    return Journey((*first, *journey.hops), passes)


def as_client(relay: Relay, node: Endpoint, end: End, graph: Graph) -> Arrival:
    """Return what a node gets through to a target from the addresses of its clients, by address (semantics 46, 47).

    It leaves by the node's own groups and network ACL; the target's group admits the client's address or names the
    node's group, and the network ACL of its subnet sees the client's address both ways. Answers go back to the node
    by themselves and not by the route to the client.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
    """
    return Arrival.over(_client_hops(relay, node, end, graph), line.EVERYWHERE)


def for_all(arrival: Arrival, clients: IntervalSet) -> Journey:
    """Return the journey of an arrival for some clients together: what each of them gets through."""

    def everywhere(passes: Bounds[FlowSet]) -> Bounds[IntervalSet]:
        must, may = passes.must.everywhere_in(clients), passes.may.everywhere_in(clients)
        return Bounds.exactly(must) if must == may else Bounds(must, may, passes.missing)

    return Journey.over(Hop(hop.kind, hop.resource, hop.tell, everywhere(hop.passes), hop.code) for hop in arrival.hops)


def unserved(relay: Relay, end: End, graph: Graph) -> Journey:
    """Return the way to a target that stands where no node of the balancer may send to."""
    return Journey.over([_zone_hop(relay, serves(relay, end, graph), "ELB_INSTALLED_AZ_RESTRICTION", end, graph)])


def _zone_hop(relay: Relay, answer: Answer, code: str, end: End, graph: Graph) -> Hop[IntervalSet]:
    everything = Bounds.exactly(traffic.EVERYTHING)
    passes = everything if answer.is_yes else _NOTHING if answer.is_no else _maybe(answer)
    zone = end.zone or _told_zone(end.endpoint.place, graph)

    def tell() -> str:
        if answer.is_yes:
            return f"sends to targets in {zone}"
        return (
            f"may send to targets in {zone}" if answer.is_unknown else f"sends nothing to targets in {zone} from here"
        )

    return Hop(HopKind.BALANCER, relay.balancer.label, tell, passes, code)


def _maybe(answer: Answer) -> Bounds[IntervalSet]:
    return Bounds(traffic.NOTHING, traffic.EVERYTHING, answer.missing)


def _told_zone(place: Place, graph: Graph) -> str:
    return str(getattr(graph.zone(place.subnet), "value", "an unknown zone"))


def _entry(relay: Relay, node: Endpoint, end: End, graph: Graph) -> Hop[IntervalSet]:
    listed = serves(relay, end, graph)
    code = "ELB_INSTALLED_AZ_RESTRICTION" if listed.is_no else "ELB_NOT_CROSSZONE"
    return _zone_hop(relay, sends(relay, node, end, graph), code, end, graph)


def _beside(source: Place, target: Place) -> bool:
    return source.vpc == target.vpc and source.subnet == target.subnet


def _list_hop(source: Place, target: Place, graph: Graph) -> Hop[IntervalSet]:
    passes = between(graph.acls.flows(source.subnet, source.vpc, egress=True), target.addresses)
    name = f"network ACL of {source.subnet}"
    return Hop(
        HopKind.ACL,
        name,
        lambda: f"lets out {traffic.describe(passes.may)} to targets in the same subnet too",
        passes,
        "ELB_ACL_RESTRICTION",
    )


def _client_hops(relay: Relay, node: Endpoint, end: End, graph: Graph) -> Iterator[Hop[FlowSet]]:
    source, target = node.place, end.endpoint.place
    yield _of_all(_entry(relay, node, end, graph))
    journey = graph.reachability.between(source, target, ANY_CLIENT, every=True)
    at_target = f"network ACL of {target.subnet}"
    for hop in journey.hops:
        # What the journey says of the target's end and of answers is about the node's own address.
        if hop.kind not in (HopKind.INGRESS, HopKind.REPLY) and (
            hop.kind is not HopKind.ACL or hop.resource != at_target
        ):
            yield _of_all(hop)
    near = _beside(source, target)
    if not near:
        let_in = graph.acls.flows(target.subnet, target.vpc, egress=False)
        yield _by_client(HopKind.ACL, target, let_in, "lets in")
    yield _ingress(source, target, graph)
    if not near:
        out = graph.acls.flows(target.subnet, target.vpc, egress=True)
        yield _by_client(HopKind.REPLY, target, out.map(_answers), "lets replies out to client ports 1024-65535 of")
        yield _of_all(_back_at_node(source, target, graph))


def _answers(flows: FlowSet) -> FlowSet:
    return flows.map(lambda known: answered(known, ANY_CLIENT, every=True))


def _back_at_node(source: Place, target: Place, graph: Graph) -> Hop[IntervalSet]:
    """Return the filter of the node's subnet on answers, which come from the target's address."""
    flows = graph.acls.flows(source.subnet, source.vpc, egress=False).map(_answers)
    passes = between(flows, target.addresses)
    name = f"network ACL of {source.subnet}"
    tell = partial("lets replies through: {}".format, traffic.describe(passes.may))
    return Hop(HopKind.REPLY, name, tell, passes, "SUBNET_ACL_RESTRICTION")


def _of_all(hop: Hop[IntervalSet]) -> Hop[FlowSet]:
    """Return a hop that takes no notice of the client as one by client."""
    return Hop(hop.kind, hop.resource, hop.tell, hop.passes.map(_for_everyone), hop.code)


def _for_everyone(passes: IntervalSet) -> FlowSet:
    return FlowSet.box(line.EVERYWHERE, passes)


def _by_client(kind: HopKind, place: Place, passes: Bounds[FlowSet], verb: str) -> Hop[FlowSet]:
    def tell() -> str:
        return f"{verb} the clients' own addresses: {_told(passes.may)}"

    return Hop(kind, f"network ACL of {place.subnet}", tell, passes, "SUBNET_ACL_RESTRICTION")


def _ingress(node: Place, target: Place, graph: Graph) -> Hop[FlowSet]:
    """Return the hop of the target's groups, which see the client's address and the node's groups."""
    # A place without an address is known by its groups alone.
    holds = graph.groups.reference_holds(target.vpc, node.vpc)
    named = graph.groups.admits(target, replace(node, addresses=IntervalSet()), ingress=True, named=holds)
    passes = graph.reachability.admitted_addresses(target) | named.map(_for_everyone)
    worn = ", ".join(target.groups or ()) or "no security group"

    def tell() -> str:
        return f"admits the clients' own addresses: {_told(passes.may)}"

    return Hop(HopKind.INGRESS, worn, tell, passes, "ENI_SG_RULES_MISMATCH")


def _told(flows: FlowSet) -> str:
    if not flows:
        return "none"
    return f"{traffic.describe(flows.traffic)} of {line.describe(flows.addresses)}"

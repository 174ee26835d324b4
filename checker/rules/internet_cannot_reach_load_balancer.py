"""
Internet that cannot reach the load balancer.

What it checks
    Every node of the stack's edge answers the declared front (by default the whole world, IPv4 and, if it is
    dual-stack, IPv6) on every required port: a listener, the security groups, the network ACLs both ways, the route to
    an internet gateway and a public address.

Why it matters
    A shop that part of the world, or one zone's load balancer node, does not answer loses those customers in silence:
    DNS hands out the address of every node.

How to fix
    Open the port to the front's addresses, give each of the load balancer's subnets a route to the internet gateway,
    and add the listener.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from collections.abc import Iterator

from checker.graph.flows import flows_into, front, ports_of
from checker.graph.place import Endpoint
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.blueprint import INTERNET
from checker.model.fact import Answer, Known, known_or
from checker.model.finding import Outcome, Seen, Severity, Step, Unsettled, Violation, Witness, require
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer
from checker.resources.vpc import Vpc
from checker.rules.interface import rule
from checker.rules.subjects import Absent, members_or_absent


@rule("NET001", subject=members_or_absent("edge"), severity=Severity.HIGH)
def check(edge: Member | Absent, view: View) -> Iterator[Outcome]:
    """Ask for each port and node whether the whole front gets through."""
    if isinstance(edge, Absent):
        yield edge.outcome("load balancer that faces the internet", "Put an internet-facing load balancer in front.")
        return
    balancer = edge.owner
    if not isinstance(balancer, LoadBalancer):
        return
    if edge.lost:
        yield Unsettled(f"where {balancer.label} stands is not known", edge.lost)
    inward = Violation(
        f"{balancer.label} is internal: no client on the internet has a way to it", "Make it internet-facing."
    )
    yield from require(balancer.internet_facing.is_(True), inward)
    wanted = front(view.blueprint, view.graph)
    if not isinstance(wanted, Known):
        yield Unsettled(f"the addresses that {balancer.label} must answer are not known", wanted.missing)
        return
    for flow in flows_into("edge", view.blueprint):
        if flow.source == INTERNET and flow.require:
            ports = known_or(ports_of(flow, edge, view.stack, view.graph), traffic.NOTHING)
            for protocol, first, last in traffic.spans(ports):
                for port in range(first, last + 1):
                    yield from _answers(edge, protocol, port, wanted.value, view)


def _answers(edge: Member, protocol: int, port: int, wanted: IntervalSet, view: View) -> Iterator[Outcome]:
    balancer = edge.owner
    assert isinstance(balancer, LoadBalancer)  # noqa: S101  # narrowed by the caller
    listeners = view.graph.balancing.listeners(balancer)
    if not any(listener.port.is_(port).is_yes for listener in listeners):
        missing = (
            *view.graph.balancing.listeners_missing(balancer),
            *(gap for one in listeners for gap in one.port.missing),
        )
        absent = Violation(f"{balancer.label} has no listener on port {port}", f"Add a listener on port {port}.")
        yield from require(Answer(None, missing) if missing else Answer.of(False), absent)
        return
    for endpoint in edge.endpoints:
        if not endpoint.interfaces or not any(
            other.place == endpoint.place and not other.interfaces for other in edge.endpoints
        ):
            yield from _node_answers(endpoint, traffic.ports(protocol, port, port), wanted, balancer.label, view)


def _node_answers(node: Endpoint, asked: IntervalSet, wanted: IntervalSet, name: str, view: View) -> Iterator[Outcome]:
    family = line.ALL_V6 if node.place.is_v6 else line.ALL_V4
    # Public addresses of the VPC itself, as every IPv6 one is, are no part of the internet that it serves.
    home = view.graph.index.get(Vpc, node.place.vpc)
    own = line.union(*map(str, known_or(home.cidrs, ()))) if home else IntervalSet()
    needed = FlowSet.box((wanted & family) - own, asked)
    arrival = view.graph.reachability.from_internet(node.place, every=True)
    answer = arrival.passes.covers(needed)
    text = traffic.describe(asked)
    shut = (needed - arrival.passes.may).addresses
    whom = line.describe(shut) if shut else "its front"
    whom = line.describe(shut) if shut else "its front"
    violation = Violation(
        message=f"{name} in {node.place.subnet} does not answer {whom} on {text}",
        fix=_fix(node, needed, view),
        path=arrival.steps,
        witness=_witness(shut, node, asked),
    )
    yield from require(answer, violation)
    if answer.is_yes:
        yield Seen(Step(node.place.subnet, f"{name} answers {line.describe(needed.addresses, 1)} on {text} here"))


def _witness(shut: IntervalSet, node: Endpoint, asked: IntervalSet) -> Witness | None:
    if not shut:
        return None
    protocol, port, _ = next(iter(traffic.spans(asked)))
    return Witness(line.witness(shut), node.witness, traffic.NAMES[protocol], port, node.place.family)


def _fix(node: Endpoint, needed: FlowSet, view: View) -> str:
    place = node.place
    groups = view.graph.reachability.admitted_addresses(place)
    if needed - groups.may:
        return (
            f"Admit {traffic.describe(needed.traffic)} from the front's addresses in {', '.join(place.groups or ())}."
        )
    if needed.addresses - view.graph.reachability.gateway_addresses(place).may:
        return f"Give {place.subnet} a default route to the VPC's internet gateway."
    return f"Let the network ACL of {place.subnet} admit the port and the replies to ports 1024-65535."

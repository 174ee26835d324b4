"""
Internet that cannot reach the load balancer.

What it checks
    Every node of the stack's edge answers the declared front (by default the whole world, IPv4 and, if it is
    dual-stack, IPv6) on every required port: a listener, the security groups, the network ACLs both ways, the route to
    an internet gateway and a public address. Where clients come by a Network Load Balancer before it, that one must
    answer them, and what it hands on must get through: under the clients' own addresses, which the edge's groups must
    admit or by the name of its group, and the health checks from its nodes.

Why it matters
    A shop that part of the world, or one zone's load balancer node, does not answer loses those customers in silence:
    DNS hands out the address of every node.

How to fix
    Open the port to the front's addresses, give each of the load balancer's subnets a route to the internet gateway,
    and add the listener.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.flows import front
from checker.graph.mending_front import open_front
from checker.graph.place import Endpoint, Place
from checker.graph.relays import listening
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Answer, Known, known_or
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Step, Unsettled, Violation, Witness, require
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer
from checker.resources.vpc import Vpc
from checker.rules.doors import handed_to, leads_on, needs_doors, required_ports
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
    wanted = front(view.blueprint, view.graph)
    if needs_doors(edge, view):
        yield from handed_to(edge, required_ports(edge, view), wanted, view)
        return
    behind = leads_on(edge, view)
    if behind and not any(needs_doors(one, view) for one in behind):
        yield NotApplicable("what it leads to faces the internet itself")
        return
    inward = Violation(
        f"{balancer.label} is internal: no client on the internet has a way to it", "Make it internet-facing."
    )
    yield from require(balancer.internet_facing.is_(True), inward)
    if not isinstance(wanted, Known):
        yield Unsettled(f"the addresses that {balancer.label} must answer are not known", wanted.missing)
        return
    failing: list[tuple[Place, FlowSet]] = []
    said: list[Outcome] = []
    for protocol, first, last in traffic.spans(required_ports(edge, view)):
        for port in range(first, last + 1):
            said.extend(_answers(edge, protocol, port, wanted.value, view, failing))
    remedy = open_front(edge, failing, view)
    for one in said:
        if isinstance(one, Violation) and not one.fix:
            # What a node does not answer is mended for all nodes and ports together.
            yield replace(one, fix=remedy.text, changes=remedy.changes)
        else:
            yield one


def _answers(
    edge: Member, protocol: int, port: int, wanted: IntervalSet, view: View, failing: list[tuple[Place, FlowSet]]
) -> Iterator[Outcome]:
    balancer = edge.owner
    assert isinstance(balancer, LoadBalancer)  # noqa: S101  # narrowed by the caller
    listeners = view.graph.balancing.listeners(balancer)
    if not traffic.ports(protocol, port, port) <= listening(balancer, view.graph):
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
            asked = traffic.ports(protocol, port, port)
            needed, answer, outcomes = _node_answers(endpoint, asked, wanted, balancer.label, view)
            if answer.is_no:
                failing.append((endpoint.place, needed))
            yield from outcomes


def _node_answers(
    node: Endpoint, asked: IntervalSet, wanted: IntervalSet, name: str, view: View
) -> tuple[FlowSet, Answer, list[Outcome]]:
    """Return what a node must answer, whether it does, and what to say of it."""
    family = line.ALL_V6 if node.place.is_v6 else line.ALL_V4
    # Public addresses of the VPC itself, as every IPv6 one is, are no part of the internet that it serves.
    home = view.graph.index.get(Vpc, node.place.vpc)
    own = line.union(*map(str, known_or(home.cidrs, ()))) if home else IntervalSet()
    # Nor is a service that the subnet reaches by a gateway endpoint: it is never a client.
    needed = FlowSet.box((wanted & family) - own - view.graph.reachability.services(node.place), asked)
    arrival = view.graph.reachability.from_internet(node.place, every=True)
    answer = arrival.passes.covers(needed)
    text = traffic.describe(asked)
    if answer.is_yes:
        fact = f"{name} answers {line.describe(needed.addresses, 1)} on {text} here"
        return needed, answer, [Seen(Step(node.place.subnet, fact))]
    shut = (needed - arrival.passes.may).addresses
    whom = line.describe(shut) if shut else "its front"
    violation = Violation(
        message=f"{name} in {node.place.subnet} does not answer {whom} on {text}",
        path=arrival.steps,
        witness=_witness(shut, node, asked),
    )
    return needed, answer, list(require(answer, violation))


def _witness(shut: IntervalSet, node: Endpoint, asked: IntervalSet) -> Witness | None:
    if not shut:
        return None
    protocol, port, _ = next(iter(traffic.spans(asked)))
    return Witness(line.witness(shut), node.witness, traffic.NAMES[protocol], port, node.place.family)

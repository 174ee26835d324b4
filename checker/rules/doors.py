"""Network Load Balancers before the stack's own: what they hand on to it, and whether that gets through."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.connections import Attempt, relayed
from checker.graph.flows import flows_into, ports_of
from checker.graph.relays import listening, relays
from checker.graph.stack import Member
from checker.graph.target_groups import Balancer
from checker.graph.view import View
from checker.model import traffic
from checker.model.blueprint import INTERNET
from checker.model.fact import Fact, Known, Missing, known_or, merge
from checker.model.finding import HopKind, Outcome, Seen, Step, Unsettled, Violation, Witness
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer


def doors_of(edge: Member, view: View) -> tuple[LoadBalancer, ...]:
    """Return the Network Load Balancers of the stack that lead to an edge."""
    if not isinstance(edge.owner, LoadBalancer):
        return ()
    mine = view.stack.owners("edge")
    return tuple(door for door in view.graph.balancing.doors(edge.owner) if door in mine)


def needs_doors(edge: Member, view: View) -> bool:
    """Tell whether clients come to an edge by Network Load Balancers only: it is internal, or declared so."""
    owner = edge.owner
    inner = isinstance(owner, LoadBalancer) and owner.internet_facing.is_(False).is_yes
    declared = view.blueprint.tiers["edge"].front == "nlb"
    return (inner or declared) and bool(doors_of(edge, view))


def leads_on(edge: Member, view: View) -> tuple[Member, ...]:
    """Return the edges of the stack that a Network Load Balancer leads to."""
    return tuple(one for one in view.stack.tier("edge") if edge.owner in doors_of(one, view))


def handed_to(edge: Member, required: IntervalSet, clients: Fact[IntervalSet], view: View) -> Iterator[Outcome]:
    """Prove that what doors take in on required ports, and their health checks, get through to an edge.

    A port on which no door listens is the door's own fault, and not told here.
    """
    doors = doors_of(edge, view)
    taken, heard = traffic.NOTHING, listening(_balancer(edge), view.graph)
    missing: tuple[Missing, ...] = ()
    for door in doors:
        found = relays(door, view.graph)
        missing = merge(missing, found.missing)
        for relay in found.items:
            ends = [end for end in relay.ends if end.endpoint.owner is edge.owner]
            takes = known_or(relay.takes, traffic.EVERYTHING)
            if ends and takes & required:
                taken |= takes
                deaf = IntervalSet.of(run for end in ends for run in end.traffic.intervals) - heard
                if deaf:
                    yield from _deaf(door, edge, deaf, view)
        for relay, attempt in relayed(door, _balancer(edge), view.graph, clients):
            if known_or(relay.takes, traffic.EVERYTHING) & required:
                yield _judged(door, edge, attempt)
    names = ", ".join(door.label for door in doors)
    lost = IntervalSet.of(run for door in doors for run in listening(door, view.graph).intervals) & required - taken
    if lost and not missing:
        yield Violation(
            f"{names} leads to {edge.owner.label} on other ports than {traffic.describe(lost)}",
            f"Forward {traffic.describe(lost)} of {names} to {edge.owner.label}.",
        )
    if missing:
        yield Unsettled(f"what {names} hands on to {edge.owner.label} is not all known", missing)


def _balancer(edge: Member) -> Balancer:
    assert isinstance(edge.owner, LoadBalancer)  # noqa: S101  # only a load balancer has doors
    return edge.owner


def _deaf(door: LoadBalancer, edge: Member, deaf: IntervalSet, view: View) -> Iterator[Outcome]:
    told = f"{door.label} sends {traffic.describe(deaf)} on to {edge.owner.label}, which has no listener there"
    balancer = edge.owner
    missing = view.graph.balancing.listeners_missing(balancer) if isinstance(balancer, LoadBalancer) else ()
    stop = Step(edge.owner.label, "has no listener on that port", edge.owner.origin, "ELBV2_LISTENERS_MISMATCH")
    if missing:
        yield Unsettled(told, missing, (stop,))
    else:
        yield Violation(told, f"Add a listener on {traffic.describe(deaf)}.", (stop,))


def _judged(door: LoadBalancer, edge: Member, attempt: Attempt) -> Outcome:
    wanted, ends = attempt.wanted, f"{door.label} -> {edge.owner.label}"
    text = traffic.describe(wanted)
    if attempt.answer.is_yes:
        return Seen(Step(attempt.source, f"{ends}: {text} gets through to {attempt.target}"))
    if attempt.answer.is_unknown:
        return Unsettled(f"{ends} on {text} is not settled", attempt.answer.missing, attempt.towards(wanted))
    obstacle, shut = attempt.obstacle(wanted), wanted - attempt.passes.may
    at = f" at {obstacle.resource}: {obstacle.fact}" if obstacle else ""
    protocol, port, _ = next(iter(traffic.spans(shut)))
    return Violation(
        message=f"{ends} is blocked on {traffic.describe(shut)} from {attempt.source} to {attempt.target}{at}",
        fix=remedy_of(obstacle, shut),
        path=attempt.towards(wanted),
        witness=Witness(attempt.sender, attempt.receiver, traffic.NAMES[protocol], port, attempt.family),
        order=1,
    )


def remedy_of(obstacle: Step | None, shut: IntervalSet) -> str:
    """Return what to change where a load balancer's second connection, or its choice of zones, is the obstacle."""
    if obstacle is None:
        return ""
    if obstacle.hop is HopKind.BALANCER:
        return f"Add a subnet in that zone to {obstacle.resource}, or take the targets out of that zone."
    return f"Let {obstacle.resource} pass {traffic.describe(shut)} between the two."


def required_ports(edge: Member, view: View) -> IntervalSet:
    """Return the traffic that the world must get through to an edge, by the blueprint."""
    found = traffic.NOTHING
    for flow in flows_into("edge", view.blueprint):
        if flow.source == INTERNET and flow.require:
            ports = ports_of(flow, edge, view.stack, view.graph)
            found |= ports.value if isinstance(ports, Known) else traffic.NOTHING
    return found

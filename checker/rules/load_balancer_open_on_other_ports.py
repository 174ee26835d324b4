"""
Load balancer that the world gets in to on further ports.

What it checks
    Whatever the edge's security groups let in from the internet, apart from declared networks, is on the ports of the
    blueprint's flows. Without a listener on such a port the grant is latent. ICMP errors are allowed.

Why it matters
    A port that nobody meant to open is one that nobody watches; the next listener on it is public at once.

How to fix
    Remove the rule, or list the port as a flow or the source as a network in the blueprint.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.graph.exposure import Opening, rank
from checker.graph.flows import front
from checker.graph.mending import close
from checker.graph.relays import listening as heard_by
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known, Missing, merge
from checker.model.finding import Outcome, Severity, State, Unsettled, Violation, require
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer
from checker.rules.doors import doors_of
from checker.rules.interface import rule
from checker.rules.openings import admitted, violation
from checker.rules.subjects import members


@rule("NET002", subject=members("edge"), severity=Severity.HIGH)
def check(edge: Member, view: View) -> Iterator[Outcome]:
    """Take what the groups grant the internet, minus the flows from it."""
    if edge.lost:
        yield Unsettled(f"where {edge.owner.label} stands is not known", edge.lost)
    wanted = front(view.blueprint, view.graph)
    if not isinstance(wanted, Known):
        yield Unsettled(f"the addresses that {edge.owner.label} is there for are not known", wanted.missing)
    yield from _around(edge, view)
    balancer = edge.owner
    listening = heard_by(balancer, view.graph) if isinstance(balancer, LoadBalancer) else traffic.NOTHING
    told: set[tuple[str, State]] = set()
    missing: tuple[Missing, ...] = ()
    named = line.union(*(block for blocks in view.blueprint.networks.values() for block in blocks))
    unheard = _unheard(balancer, view) if isinstance(balancer, LoadBalancer) else ()
    found = rank(_answered(_from(line.INTERNET - named, view.openings(edge)), listening, unheard))
    # Declared networks may come in on any port, and no remedy shuts them out.
    remedy = close(edge, found, view, FlowSet.box(named, traffic.EVERYTHING))
    for opening in found:
        missing = merge(missing, opening.missing)
        heard = opening.traffic & listening
        state = opening.state if heard else State.LATENT
        name = opening.rule.id if opening.rule else opening.group
        if not opening.missing and (name, state) not in told:
            told.add((name, state))
            shown = heard if state is State.REACHABLE else opening.traffic
            yield violation(
                replace(opening, state=state, traffic=shown), edge, view, remedy, "no listener answers there today"
            )
    if missing:
        yield Unsettled(f"what else {edge.owner.label} is open on is not settled", missing)
    if not found:
        yield from admitted(edge, view)


def _from(world: IntervalSet, openings: Iterable[Opening]) -> Iterator[Opening]:
    """Yield the openings that addresses of the world may use, limited to these."""
    for opening in openings:
        sent = opening.flows.within(world)
        if opening.source is None and sent:
            yield replace(opening, addresses=sent.addresses, traffic=sent.traffic)


def _unheard(balancer: LoadBalancer, view: View) -> tuple[Missing, ...]:
    """Return why a balancer may have listeners on further ports."""
    listeners = view.graph.balancing.listeners(balancer)
    unsure = (merge(one.port.missing, one.protocol.missing) for one in listeners)
    return merge(view.graph.balancing.listeners_missing(balancer), *unsure)


def _answered(openings: Iterable[Opening], heard: IntervalSet, unheard: tuple[Missing, ...]) -> Iterator[Opening]:
    """Yield the openings; where no group filters, as of a balancer made without, listeners alone let anybody in.

    `unheard` is why there may be further listeners.
    """
    for opening in openings:
        if opening.rule or opening.group or opening.missing:
            yield opening
        elif sent := opening.traffic & heard:
            yield replace(opening, traffic=sent, flows=opening.flows.limited_to(sent))
        elif unheard:
            yield replace(opening, state=State.LATENT, missing=unheard)


def _around(edge: Member, view: View) -> Iterator[Outcome]:
    """Tell of an edge that clients reach beside the Network Load Balancer that the blueprint puts before it."""
    balancer = edge.owner
    declared = view.blueprint.tiers["edge"].front == "nlb"
    if declared and isinstance(balancer, LoadBalancer) and doors_of(edge, view):
        beside = Violation(
            f"{balancer.label} faces the internet itself, beside its Network Load Balancer", "Make it internal."
        )
        yield from require(balancer.internet_facing.is_(False), beside)

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
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known, Missing, merge
from checker.model.finding import Outcome, Severity, State, Unsettled
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer
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
    listening = _listening(edge, view)
    told: set[tuple[str, State]] = set()
    missing: tuple[Missing, ...] = ()
    named = line.union(*(block for blocks in view.blueprint.networks.values() for block in blocks))
    found = rank(_from(line.INTERNET - named, view.openings(edge)))
    for opening in found:
        missing = merge(missing, opening.missing)
        heard = opening.traffic & listening
        state = opening.state if heard else State.LATENT
        name = opening.rule.id if opening.rule else opening.group
        if not opening.missing and (name, state) not in told:
            told.add((name, state))
            shown = heard if state is State.REACHABLE else opening.traffic
            yield violation(replace(opening, state=state, traffic=shown), edge, view, "no listener answers there today")
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


def _listening(edge: Member, view: View) -> IntervalSet:
    balancer = edge.owner
    found = traffic.NOTHING
    if isinstance(balancer, LoadBalancer):
        for listener in view.graph.balancing.listeners(balancer):
            if isinstance(listener.port, Known):
                found |= traffic.tcp(listener.port.value)
    return found

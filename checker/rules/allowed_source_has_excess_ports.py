"""
Allowed source with more ports than it needs.

What it checks
    A rule that lets in a tier which may come in admits no more than the ports of its flow: target and health-check
    ports for the app, a store's own port for the app tier. ICMP errors are allowed.

Why it matters
    Who takes over one instance gets every open port of the tier behind it, and not only the one that the app uses.

How to fix
    Narrow the rule to the ports that the flow needs.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Iterator

from checker.graph.flows import is_tier, ports_of
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import traffic
from checker.model.blueprint import TIERS
from checker.model.fact import Fact, Known, Missing, Unknown, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Unsettled, Violation
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.security_group_rule import GroupPeer
from checker.rules.interface import rule
from checker.rules.openings import step
from checker.rules.subjects import INGRESS_RULES, RuleUse, open_sources


@rule("NET010", subject=INGRESS_RULES, severity=Severity.LOW)
def check(use: RuleUse, view: View) -> Iterator[Outcome]:
    """Take the rule's traffic minus what its source needs of each member behind it."""
    ingress, group = use.rule, known_or(use.rule.group, "")
    sources = {owner for member in use.members for owner in _sources(use, member, view)}
    unread = ingress.peer.then(view.graph.groups.peer_addresses).missing
    hidden = open_sources(use, view)
    if not sources and not unread:
        yield (
            Unsettled(f"whom {ingress.id} lets in is not known", hidden)
            if hidden
            else NotApplicable("lets in no tier of the stack")
        )
        return
    if not view.stack.attached and any(member.tier == "app" for member in use.members):
        yield NotApplicable(
            "the app stands behind no load balancer, which APP002 tells: what it would need is not told"
        )
        return
    if not isinstance(ingress.traffic, Known):
        yield Unsettled(f"what {ingress.id} admits is not known", ingress.traffic.missing, (step(ingress, group),))
        return
    needed = traffic.ICMP_ERRORS
    missing: tuple[Missing, ...] = ()
    for member in use.members:
        ports = _needed(member, view)
        needed |= known_or(ports, traffic.NOTHING)
        missing = merge(missing, ports.missing)
    excess = ingress.traffic.value - needed
    names = ", ".join(sorted(owner.label for owner in sources))
    if excess and unread:
        yield Unsettled(f"whom {ingress.id} lets in is not known", unread, (step(ingress, group),))
    elif excess and missing:
        yield Unsettled(f"what {names} needs is not known", missing, (step(ingress, group),))
    elif excess:
        wanted = traffic.describe(needed - traffic.ICMP_ERRORS)
        yield Violation(
            message=f"{ingress.id} of {group} gives {names} {traffic.describe(excess)} beyond {wanted}",
            fix=f"Narrow {ingress.id} to {wanted}.",
            path=(step(ingress, group),),
        )
    else:
        yield Seen(step(ingress, group))


def _sources(use: RuleUse, member: Member, view: View) -> Iterator[Resource]:
    """Yield the owners in other tiers that the rule lets in."""
    if not isinstance(use.rule.peer, Known):
        return
    peer = use.rule.peer.value
    reach = view.graph.groups.peer_addresses(peer)
    for owner in view.allowed(member).owners - view.stack.owners(member.tier):
        for endpoint in view.graph.endpoints.of(owner):
            worn = isinstance(peer, GroupPeer) and peer.id in (endpoint.place.groups or ())
            inside = isinstance(reach, Known) and endpoint.place.addresses & reach.value
            if worn or inside:
                yield owner
                break


def _needed(member: Member, view: View) -> Fact[IntervalSet]:
    """Return what all tiers together need of a member."""
    found = traffic.NOTHING
    missing: tuple[Missing, ...] = ()
    for flow in view.blueprint.flows:
        if is_tier(flow.target, member.tier) and any(is_tier(flow.source, tier) for tier in TIERS):
            ports = ports_of(flow, member, view.stack, view.graph)
            found |= known_or(ports, traffic.NOTHING)
            missing = merge(missing, ports.missing)
    return Unknown(*missing) if missing else Known(found)

"""From an opening to what a person reads: the message, the path, the packet and the rule to change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.exposure import Opening
from checker.graph.mending import Remedy, close
from checker.graph.place import Endpoint
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known, merge
from checker.model.finding import HopKind, Outcome, Seen, State, Step, Unsettled, Violation
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer, SecurityGroupRule


def judge(member: Member, view: View) -> Iterator[Outcome]:
    """Yield a violation for each way in to a member that the blueprint does not list."""
    if member.lost:
        yield Unsettled(f"where {member.owner.label} stands is not known", member.lost)
    found = view.openings(member)
    told: set[tuple[str, str | None, State]] = set()
    open_questions = [opening for opening in found if opening.missing]
    remedy = close(member, found, view)
    for opening in found:
        who = str(opening.source.owner.id) if opening.source else None
        key = (opening.rule.id if opening.rule else opening.group, who, opening.state)
        if opening.missing or key in told:
            continue
        told.add(key)
        yield replace(violation(opening, member, view, remedy), order=len(told))
    if open_questions:
        missing = merge(*(opening.missing for opening in open_questions))
        yield Unsettled(
            f"who else reaches {member.owner.label} is not settled", missing, _path(open_questions[0], view)
        )
    if not found:
        yield from admitted(member, view)


def admitted(member: Member, view: View) -> Iterator[Seen]:
    """Yield what each group that a member wears lets in, as evidence."""
    for group in sorted({group for endpoint in member.endpoints for group in endpoint.place.groups or ()}):
        rules, _ = view.graph.groups.rules(group)
        inward = [rule for rule in rules if rule.ingress.is_(True).is_yes]
        told = "; ".join(spell(rule) for rule in inward) or "nothing"
        yield Seen(Step(group, f"admits {told}", inward[0].origin if inward else None))


def violation(opening: Opening, member: Member, view: View, remedy: Remedy, why_latent: str = "") -> Violation:
    """Return an opening as a violation; `why_latent` says why nobody uses it today, where the rule knows better.

    `remedy` mends all openings of the member, and so it is the same for each.
    """
    port = traffic.describe(opening.traffic)
    reached = "is reachable" if opening.state is State.REACHABLE else "is open"
    why = "" if opening.state is State.REACHABLE else f"; {why_latent or _why_latent(opening)}"
    return Violation(
        message=f"{member.owner.label} {reached} from {who(opening)} on {port}{why}",
        fix=remedy.text,
        path=_path(opening, view),
        witness=opening.witness,
        state=opening.state,
        changes=remedy.changes,
    )


def who(opening: Opening) -> str:
    """Return what to call the source of an opening."""
    if opening.source:
        more = f" and {opening.others:,} more like it" if opening.others else ""
        return f"{opening.source.owner.label}{more} ({_told(opening.source)})"
    if opening.named:
        return f"members of {opening.named}"
    internet = opening.addresses & line.INTERNET
    if internet and opening.state is State.REACHABLE:
        return f"the internet ({line.describe(internet)})" if internet != line.INTERNET else "the internet"
    return peer(opening.rule) if opening.rule else line.describe(opening.addresses)


def _told(endpoint: Endpoint) -> str:
    return f"in {endpoint.place.subnet}"


def _why_latent(opening: Opening) -> str:
    if opening.source:
        return "it opens no such connection today"
    if opening.named:
        return "nobody who wears the group opens such a connection today"
    return "nobody there has a way in today"


def spell(rule: SecurityGroupRule) -> str:
    """Return a rule in words: traffic and peer."""
    passes = traffic.describe(rule.traffic.value) if isinstance(rule.traffic, Known) else "unknown traffic"
    return f"{passes} from {peer(rule)}"


def peer(rule: SecurityGroupRule) -> str:
    """Return the other end of a rule: a block of addresses, or the id of a group or prefix list."""
    if not isinstance(rule.peer, Known):
        return "an unknown peer"
    known = rule.peer.value
    return known.id if isinstance(known, GroupPeer | PrefixListPeer) else str(known)


def step(rule: SecurityGroupRule, group: str) -> Step:
    """Return a rule as a step of a path."""
    return Step(group, f"{rule.id} admits {spell(rule)}", rule.origin, hop=HopKind.RULE)


def _path(opening: Opening, view: View) -> tuple[Step, ...]:
    steps: list[Step] = []
    if opening.source:
        steps.extend(view.graph.ways_in.to(opening.source))
    steps.extend(opening.steps)
    if opening.rule:
        steps.append(step(opening.rule, opening.group))
    return tuple(steps)

"""What rules judge: members of tiers, rules of their groups, listeners, target groups, and tiers that are missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.flows import flows_into, is_tier, target_groups
from checker.graph.stack import Member, Stack, subject_of
from checker.graph.view import View
from checker.model.blueprint import TIERS, TierName, Unless
from checker.model.fact import Known, Missing, merge
from checker.model.finding import Outcome, Subject, Unsettled, Violation
from checker.resources.listener import Listener
from checker.resources.security_group_rule import SecurityGroupRule
from checker.resources.target_group import TargetGroup
from checker.rules.interface import SubjectKind


@dataclass(frozen=True, eq=False)
class Absent:
    """A tier that a stack must have and has not, as far as was seen."""

    tier: TierName
    stack: Stack

    @property
    def subject(self) -> Subject:
        """Return the stack: a missing tier is its fault."""
        return self.stack.subject

    def outcome(self, what: str, fix: str) -> Outcome:
        """Return the violation, or the question where members may be hidden."""
        message = f"{self.stack.name} has no {what}"
        missing = self.stack.open.get(self.tier, ())
        return Unsettled(message, missing) if missing else Violation(message, fix)


def is_required(tier: TierName, view: View) -> bool:
    """Tell whether the blueprint asks a stack for a tier."""
    spec = view.blueprint.tiers.get(tier)
    if spec is None:
        return False
    if isinstance(spec.required, Unless):
        return not view.stack.tier(spec.required.unless)
    return spec.required


def members(*tiers: TierName) -> SubjectKind[Member]:
    """Return the members of some tiers as subjects."""
    return SubjectKind(
        lambda view: (member for tier in tiers for member in view.stack.tier(tier)), lambda one: one.subject, tiers
    )


def members_or_absent(tier: TierName) -> SubjectKind[Member | Absent]:
    """Return the members of a tier, or its absence where the blueprint requires it."""

    def found(view: View) -> Iterator[Member | Absent]:
        yield from view.stack.tier(tier)
        if not view.stack.tier(tier) and is_required(tier, view):
            yield Absent(tier, view.stack)

    return SubjectKind(found, lambda one: one.subject, (tier,))


@dataclass(frozen=True, eq=False)
class RuleUse:
    """An ingress rule, with the members that stand behind it."""

    rule: SecurityGroupRule
    members: tuple[Member, ...]


def _rule_uses(view: View) -> Iterator[RuleUse]:
    uses: dict[str, tuple[SecurityGroupRule, list[Member]]] = {}
    for tier in ("app", "cache", "data", "files"):
        for member in view.stack.tier(tier):
            groups = {group for endpoint in member.endpoints for group in endpoint.place.groups or ()}
            for rule in view.graph.groups.ingress_rules(tuple(sorted(groups))):
                if not rule.ingress.is_(True).is_no:
                    uses.setdefault(rule.id, (rule, []))[1].append(member)
    for rule, found in uses.values():
        yield RuleUse(rule, tuple(found))


def open_sources(use: RuleUse, view: View) -> tuple[Missing, ...]:
    """Return why the tiers that may come in behind a rule may have more members, or stand elsewhere."""
    tiers = {
        source
        for member in use.members
        for flow in flows_into(member.tier, view.blueprint)
        for source in TIERS
        if is_tier(flow.source, source)
    }
    sources = [member for tier in sorted(tiers) for member in view.stack.tier(tier)]
    return merge(*(view.stack.open.get(tier, ()) for tier in sorted(tiers)), *(member.lost for member in sources))


INGRESS_RULES = SubjectKind(_rule_uses, lambda use: subject_of(use.rule))


@dataclass(frozen=True, eq=False)
class EdgeListener:
    """A listener with the edge that it belongs to."""

    listener: Listener
    edge: Member


def listeners(*protocols: str) -> SubjectKind[EdgeListener]:
    """Return the edge's listeners of some protocols, those of unknown protocol included."""

    def found(view: View) -> Iterator[EdgeListener]:
        for edge in view.stack.tier("edge"):
            for listener in view.graph.balancing.listeners(edge.owner):  # type: ignore[arg-type]  # edges are balancers
                if not listener.protocol.holds(lambda name: name in protocols).is_no:
                    yield EdgeListener(listener, edge)

    return SubjectKind(found, _listener_subject)


def _listener_subject(one: EdgeListener) -> Subject:
    subject = subject_of(one.listener)
    port = one.listener.port.value if isinstance(one.listener.port, Known) else "?"
    return Subject(
        subject.kind,
        subject.id,
        f"{one.edge.owner.label}:{port}",
        subject.scope,
        subject.arn,
        subject.tags,
        subject.origin,
    )


def _groups(view: View) -> Iterator[TargetGroup]:
    yield from target_groups(view.stack, view.graph)


TARGET_GROUPS: SubjectKind[TargetGroup] = SubjectKind(_groups, subject_of)
THE_STACK: SubjectKind[Stack] = SubjectKind(lambda view: (view.stack,), lambda stack: stack.subject)

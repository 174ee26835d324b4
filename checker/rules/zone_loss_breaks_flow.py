"""
Zone whose loss breaks a flow.

What it checks
    For each zone in which the stack stands: without it, some app subnet that is left still has all required flows, to
    stores and services as they would then stand. Flows that AZ001 to AZ005 already fail are not told twice.

Why it matters
    Every part may span two zones and the whole still fail: by a route into the lost zone, or an ACL of the other one.

How to fix
    Give each zone what its instances need: its own NAT gateway or endpoint, and the same ACLs and routes as the others.

References
    https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/use-fault-isolation-to-protect-your-workload.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.connections import attempts
from checker.graph.flows import RequiredFlow, front
from checker.graph.stack import Member, Stack
from checker.graph.view import View
from checker.graph.zones import zones, zones_of
from checker.model.blueprint import TierName
from checker.model.fact import YES, Answer, Known, Missing, all_of, any_of, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Subject, Unsettled, Violation, require
from checker.model.resource import Resource
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.replication_group import ReplicationGroup
from checker.rules.interface import SubjectKind, rule


@dataclass(frozen=True, eq=False)
class LostZone:
    """A stack and a zone that it is thought to lose; no zone, but what is missing, where these are not all known."""

    stack: Stack
    zone: str
    missing: tuple[Missing, ...] = ()


def _lost_zones(view: View) -> Iterator[LostZone]:
    edge, app = (zones_of(view.stack, tier, view.graph) for tier in _FRONT)
    known = {*known_or(edge, ()), *known_or(app, ())}
    yield from (LostZone(view.stack, zone) for zone in sorted(known))
    # A zone that the edge alone stands in takes nothing from the app.
    if missing := app.missing or (() if known else edge.missing):
        yield LostZone(view.stack, "", missing)


def _subject(lost: LostZone) -> Subject:
    if lost.missing:
        return lost.stack.subject
    name = f"{lost.stack.name} without {lost.zone}"
    return Subject("zone", f"{lost.stack.id}/{lost.zone}", name, lost.stack.scope)


_FRONT: tuple[TierName, ...] = ("edge", "app")
LOST_ZONES: SubjectKind[LostZone] = SubjectKind(_lost_zones, _subject)


@rule("AZ007", subject=LOST_ZONES, severity=Severity.HIGH)
def check(lost: LostZone, view: View) -> Iterator[Outcome]:
    """Take the zone away and prove the required flows again."""
    if lost.missing:
        yield Unsettled(f"in which zones {view.stack.name} stands is not known", lost.missing)
        return
    subnets = {one.place.subnet for app in view.stack.tier("app") for one in app.endpoints}
    left = sorted(subnet for subnet in subnets if not view.graph.zone(subnet).is_(lost.zone).is_yes)
    open_ = merge(view.stack.open.get("app", ()), *(app.lost for app in view.stack.tier("app")))
    if not left:
        yield (
            Unsettled(f"{view.stack.name} may have apps elsewhere", open_)
            if open_
            else NotApplicable("the app stands in this zone only: AZ002 tells it")
        )
        return
    flows = [flow for flow in view.required_flows if _survives(flow, lost.zone, view)]
    answers: dict[str, list[tuple[RequiredFlow, Answer]]] = {subnet: [] for subnet in left}
    for flow in flows:
        for subnet, answer in _by_subnet(flow, left, lost.zone, view).items():
            answers[subnet].append((flow, answer))
    whole = any_of(all_of(answer for _, answer in found) for found in answers.values())
    if whole.is_no and (astray := merge(*(app.lost for app in view.stack.tier("app")))):
        whole = Answer(None, astray)
    broken = {flow: None for found in answers.values() for flow, answer in found if answer.is_no}
    names = sorted(map(_name, broken))
    if whole.is_no and all(_works_now(flow, view).is_no for flow in broken):
        yield (
            Unsettled(f"{view.stack.name} may have apps elsewhere", open_)
            if open_
            else NotApplicable("broken with every zone there: NET007 tells it")
        )
        return
    violation = Violation(
        message=f"without {lost.zone}, no app subnet of {view.stack.name} has all it needs"
        + (f": {', '.join(names)}" if names else ""),
        fix="Give each zone its own way to what the app needs (endpoint or NAT gateway), and the same ACLs.",
        path=tuple(
            Step(subnet, f"would lose {', '.join(_name(flow) for flow, answer in found if answer.is_no)}")
            for subnet, found in answers.items()
            if any(answer.is_no for _, answer in found)
        ),
    )
    good = next((subnet for subnet, found in answers.items() if all_of(answer for _, answer in found).is_yes), left[0])
    yield from require(whole, violation, Step(good, f"keeps every required flow without {lost.zone}"))


def _name(flow: RequiredFlow) -> str:
    return f"{flow.source.owner.label if flow.source else 'internet'} -> {flow.target.owner.label}"


def _survives(flow: RequiredFlow, zone: str, view: View) -> bool:
    """Tell whether the ends of a flow outlive the zone by their own flags; where they do not, AZ001 to AZ005 say so."""
    return all(_outlives(member, zone, view) for member in (flow.source, flow.target) if member)


def _outlives(member: Member, zone: str, view: View) -> bool:
    placed = zones(member, view.graph)
    elsewhere = not isinstance(placed, Known) or not placed.value or bool(set(placed.value) - {zone})
    return elsewhere and not _fails_over(member.owner).is_no


def _fails_over(owner: Resource) -> Answer:
    """Answer whether a store goes on in another zone by itself, by its own flags."""
    if isinstance(owner, DbInstance):
        return owner.multi_az.is_(True) & owner.replica_of.is_(None)
    if isinstance(owner, DbCluster):
        return owner.multi_az.is_(True) | owner.is_multi_az_cluster.is_(True)
    if isinstance(owner, ReplicationGroup):
        return owner.multi_az.is_(True) & owner.failover.is_(True)
    return YES


def _by_subnet(flow: RequiredFlow, subnets: list[str], zone: str, view: View) -> dict[str, Answer]:
    """Return for each app subnet whether a flow works for the app there, with the zone gone."""
    if not isinstance(flow.ports, Known):
        return dict.fromkeys(subnets, Answer(None, flow.ports.missing))
    found: dict[str, list[Answer]] = {subnet: [] for subnet in subnets}
    for attempt in attempts(flow, view.graph, zone, front(view.blueprint, view.graph)):
        subnet = attempt.target if flow.target.tier == "app" else attempt.source
        if subnet in found:
            found[subnet].append(attempt.answer)
    return {subnet: all_of(tried) for subnet, tried in found.items()}


def _works_now(flow: RequiredFlow, view: View) -> Answer:
    if not isinstance(flow.ports, Known):
        return Answer(None, flow.ports.missing)
    clients = front(view.blueprint, view.graph)
    return all_of(attempt.answer for attempt in attempts(flow, view.graph, clients=clients))

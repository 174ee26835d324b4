"""
Required flow that is blocked.

What it checks
    Each flow that the blueprint requires works between each two places where its ends may stand: the load balancer to
    the app on every forwarded target port and health-check port, the app to its stores on their ports; there and back,
    through security groups, network ACLs and routes. Each node of a load balancer is asked for the targets that it
    sends to: those of its own zone where it does not cross zones, and none where it has no node. Where a Network Load
    Balancer hands on its clients' own addresses, the targets must admit all of the front, or name its group.

Why it matters
    A path that is closed for one subnet, or for replies, shows as errors at random: after a failover, a scale-out or a
    deployment into another zone.

How to fix
    Open what the obstacle in the path names: the security group rule, the network ACL entry or the route.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from collections.abc import Iterator

from checker.graph.connections import Attempt, attempts
from checker.graph.flows import RequiredFlow, front
from checker.graph.mending import Remedy
from checker.graph.mending_blocked import open_flow
from checker.graph.view import View
from checker.model import traffic
from checker.model.fact import Known
from checker.model.finding import Outcome, Seen, Severity, Step, Subject, Unsettled, Violation, Witness
from checker.model.intervals import IntervalSet
from checker.rules.doors import remedy_of
from checker.rules.interface import SubjectKind, rule


def _subject(flow: RequiredFlow) -> Subject:
    ends = f"{flow.source.owner.label if flow.source else 'internet'} -> {flow.target.owner.label}"
    return Subject("flow", ends, ends, flow.target.owner.scope, origin=flow.target.owner.origin)


FLOWS: SubjectKind[RequiredFlow] = SubjectKind(lambda view: view.required_flows, _subject)


@rule("NET007", subject=FLOWS, severity=Severity.HIGH)
def check(flow: RequiredFlow, view: View) -> Iterator[Outcome]:
    """Try the flow between every two places of its ends."""
    ends = _subject(flow).name
    if not isinstance(flow.ports, Known):
        yield Unsettled(f"the ports of {ends} are not known", flow.ports.missing)
        return
    for member in (flow.source, flow.target):
        if member and member.lost:
            yield Unsettled(f"where {member.owner.label} stands is not known", member.lost)
    tries = list(attempts(flow, view.graph, clients=front(view.blueprint, view.graph)))
    failing = [attempt for attempt in tries if attempt.answer.is_no]
    remedy = open_flow(flow, failing, view) if failing else Remedy()
    for attempt in tries:
        wanted, answer = attempt.wanted, attempt.answer
        if answer.is_no:
            yield _blocked(ends, attempt, wanted, remedy)
        elif answer.is_unknown:
            what = f"{ends} on {traffic.describe(wanted)} is not settled"
            yield Unsettled(what, answer.missing, attempt.towards(wanted))
        else:
            fact = f"{ends}: {traffic.describe(wanted)} gets through to {attempt.target}"
            yield Seen(Step(attempt.source, fact))


def _blocked(ends: str, attempt: Attempt, wanted: IntervalSet, remedy: Remedy) -> Violation:
    obstacle = attempt.obstacle(wanted)
    shut = wanted - attempt.passes.may
    protocol, port, _ = next(iter(traffic.spans(shut)))
    at = f" at {obstacle.resource}: {obstacle.fact}" if obstacle else ""
    return Violation(
        message=f"{ends} is blocked on {traffic.describe(shut)} from {attempt.source} to {attempt.target}{at}",
        fix=remedy.text or remedy_of(obstacle, shut),
        path=attempt.towards(wanted),
        witness=Witness(
            attempt.sender, attempt.receiver, traffic.NAMES.get(protocol, str(protocol)), port, attempt.family
        ),
        changes=remedy.changes,
    )

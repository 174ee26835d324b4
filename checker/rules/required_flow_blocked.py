"""
Required flow that is blocked.

What it checks
    Each flow that the blueprint requires works between each two places where its ends may stand: the load balancer to
    the app on every forwarded target port and health-check port, the app to its stores on their ports; there and back,
    through security groups, network ACLs and routes.

Why it matters
    A path that is closed for one subnet, or for replies, shows as errors at random: after a failover, a scale-out or a
    deployment into another zone.

How to fix
    Open what the obstacle in the path names: the security group rule, the network ACL entry or the route.

References
    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
    https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
"""

from collections.abc import Iterator

from checker.graph.connections import Attempt, attempts
from checker.graph.flows import RequiredFlow
from checker.graph.view import View
from checker.model import traffic
from checker.model.fact import Known
from checker.model.finding import Outcome, Seen, Severity, Step, Subject, Unsettled, Violation, Witness
from checker.model.intervals import IntervalSet
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
    blocked = 0
    for attempt in attempts(flow, view.graph):
        answer = attempt.passes.covers(flow.ports.value)
        if answer.is_no:
            blocked += 1
            yield _blocked(ends, attempt, flow.ports.value)
        elif answer.is_unknown:
            yield Unsettled(
                f"{ends} on {traffic.describe(flow.ports.value)} is not settled",
                answer.missing,
                attempt.towards(flow.ports.value),
            )
        else:
            fact = f"{ends}: {traffic.describe(flow.ports.value)} gets through to {attempt.target}"
            yield Seen(Step(attempt.source, fact))


def _blocked(ends: str, attempt: Attempt, wanted: IntervalSet) -> Violation:
    obstacle = attempt.obstacle(wanted)
    shut = wanted - attempt.passes.may
    protocol, port, _ = next(iter(traffic.spans(shut)))
    at = f" at {obstacle.resource}: {obstacle.fact}" if obstacle else ""
    return Violation(
        message=f"{ends} is blocked on {traffic.describe(shut)} from {attempt.source} to {attempt.target}{at}",
        fix=f"Let {obstacle.resource} pass {traffic.describe(shut)} between the two." if obstacle else "",
        path=attempt.towards(wanted),
        witness=Witness(
            attempt.sender, attempt.receiver, traffic.NAMES.get(protocol, str(protocol)), port, attempt.family
        ),
    )

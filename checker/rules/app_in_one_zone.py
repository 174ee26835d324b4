"""
App group in one zone.

What it checks
    The subnets in which an Auto Scaling group may launch lie in at least as many zones as the blueprint asks for;
    instances without a group are counted together.

Why it matters
    A group that may launch in one zone only has nowhere to go when that zone fails.

How to fix
    Add subnets in other zones to the Auto Scaling group.

References
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.graph.zones import placed, spans
from checker.model.fact import NO, Answer
from checker.model.finding import Outcome, Severity, Step, Violation, require
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.service import Service
from checker.rules.interface import rule
from checker.rules.spread import spread
from checker.rules.subjects import members


@rule("AZ002", subject=members("app"), severity=Severity.HIGH)
def check(app: Member, view: View) -> Iterator[Outcome]:
    """Count the zones of the group's subnets, or those of all single instances together."""
    fix = "Add private subnets in other zones to the Auto Scaling group."
    if isinstance(app.owner, Service):
        fix = "Add private subnets in other zones to the service."
    if isinstance(app.owner, AutoScalingGroup | Service):
        yield from spread(app, view, what="may launch", fix=fix)
        return
    wanted = view.blueprint.zones.at_least
    alone = [member for member in view.stack.tier("app") if not isinstance(member.owner, AutoScalingGroup | Service)]
    shown = ", ".join(placed(alone, view.graph).items) or "no zone"
    violation = Violation(f"the app's instances stand in {shown} only", fix)
    # What seems to stand alone may be of a group that was not listed, which launches in other zones too.
    missing = view.graph.index.missing(AutoScalingGroup, app.owner.scope)
    enough = spans(alone, view.graph, wanted) | (Answer(None, missing) if missing else NO)
    yield from require(enough, violation, Step(app.owner.id, f"the app's instances stand in {shown}"))

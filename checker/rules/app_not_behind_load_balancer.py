"""
App that is not behind the load balancer.

What it checks
    The app group is attached to a target group that the edge forwards to, and replaces what the load balancer finds ill
    (health checks of type ELB).

Why it matters
    Instances that no listener leads to serve nobody; instances that only EC2 checks stay in service when the app hangs.

How to fix
    Attach the group to the target group, and set its health check type to ELB.

References
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-load-balancer-asg.html
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import Outcome, Seen, Severity, Step, Unsettled, Violation, require
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.rules.interface import rule
from checker.rules.subjects import Absent, members_or_absent


@rule("APP002", subject=members_or_absent("app"), severity=Severity.HIGH)
def check(app: Member | Absent, view: View) -> Iterator[Outcome]:
    """Look for the attachment, then for the type of health checks."""
    if isinstance(app, Absent):
        yield app.outcome("app behind its load balancer", "Attach an Auto Scaling group to the target group.")
        return
    name = app.owner.label
    if not view.stack.attached or not view.stack.tier("edge"):
        missing = view.stack.open.get("app", ())
        loose = Violation(
            message=f"{name} is not attached to a target group of the stack's load balancer",
            fix=f"Attach {name} to the target group that the listeners forward to.",
            path=(Step(name, "is attached to no target group that a listener forwards to", app.owner.origin),),
        )
        yield Unsettled(loose.message, missing) if missing else loose
    if isinstance(app.owner, AutoScalingGroup):
        ill = Violation(
            message=f"{name} does not ask the load balancer whether its instances are well",
            fix="Set the health check type to ELB.",
            path=(Step(name, "has EC2 health checks only", app.owner.origin),),
        )
        yield from require(app.owner.health_check.holds(lambda kinds: "ELB" in kinds), ill)
    yield Seen(Step(name, "stands behind the load balancer", app.owner.origin))

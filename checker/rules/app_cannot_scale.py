"""
App that cannot scale.

What it checks
    The app is an Auto Scaling group with at least two instances, room for more, and a scaling policy that uses it.

Why it matters
    Hundreds of users at once come in waves; a group of a fixed size is too small in one and too dear between two.

How to fix
    Set the minimum to two or more, the maximum above it, and add a target tracking policy.

References
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

from collections.abc import Iterator

from checker.graph.index import values
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import NO, Answer, Missing, any_of, merge
from checker.model.finding import Outcome, Severity, Step, Violation, require
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.instance import Instance
from checker.resources.scaling_policy import ScalingPolicy
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("APP004", subject=members("app"), severity=Severity.MEDIUM, own=(ScalingPolicy,))
def check(app: Member, view: View) -> Iterator[Outcome]:
    """Read the group's sizes and look for an enabled policy."""
    group = app.owner
    if not isinstance(group, AutoScalingGroup):
        alone = Violation(f"{group.label} is in no Auto Scaling group", "Run the app in an Auto Scaling group.")
        yield from require(Answer(None, lost) if (lost := _lost(group, view)) else NO, alone)
        return
    path = (Step(group.label, "has its sizes and policies set so", group.origin),)
    few = Violation(f"{group.label} may run with fewer than two instances", "Set the minimum to 2 or more.", path)
    yield from require(group.minimum.holds(lambda count: count >= 2), few)
    fixed = Violation(f"{group.label} has no room to grow", "Set the maximum above the minimum.", path)
    yield from require(group.minimum.then(lambda low: group.maximum.map(lambda high: high > low)).is_(True), fixed)
    policies = [
        item
        for item in view.graph.index.by(ScalingPolicy, "group", lambda item: values(item.group), group.id)
        if item.scope == group.scope
    ]
    used = any_of(policy.enabled.is_(True) for policy in policies)
    missing = view.graph.index.missing(ScalingPolicy, group.scope)
    strays = [item.group.missing for item in view.graph.index.all(ScalingPolicy).items if item.scope == group.scope]
    missing = merge(missing, *strays)
    answer = used | (Answer(None, missing) if missing else NO)
    none = Violation(f"{group.label} has no scaling policy", "Add a target tracking policy.", path)
    yield from require(answer, none, Step(group.label, "scales by a policy", group.origin))


def _lost(owner: Resource, view: View) -> tuple[Missing, ...]:
    """Return why something else may scale what is in no Auto Scaling group that was seen."""
    if isinstance(owner, Instance):
        return view.graph.index.missing(AutoScalingGroup, owner.scope)
    # Tasks of a container service stand behind an address; the service scales them.
    return (Missing(f"what runs behind {owner.label} and scales it", "read the service that owns the interface"),)

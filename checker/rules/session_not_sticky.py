"""
Session that does not stick.

What it checks
    Every target group that a listener really forwards to has stickiness on, by the load balancer's or the app's cookie;
    so has every forward action over two or more weighted groups. Groups of functions and of load balancers are not
    concerned, nor are groups of weight 0.

Why it matters
    A client that is sent to another instance between two requests loses what that instance alone knows of it.

How to fix
    Turn on stickiness (lb_cookie or app_cookie) for the target group, and between the groups of a weighted forward.

References
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
"""

from collections.abc import Iterator

from checker.graph.view import View
from checker.model.fact import NO, Answer, Missing, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Unsettled, Violation, require
from checker.resources.listener import Action
from checker.resources.load_balancer import LoadBalancer
from checker.resources.target_group import TargetGroup
from checker.rules.interface import rule
from checker.rules.subjects import TARGET_GROUPS

COOKIES = ("lb_cookie", "app_cookie")


@rule("SES001", subject=TARGET_GROUPS, severity=Severity.HIGH)
def check(group: TargetGroup, view: View) -> Iterator[Outcome]:
    """Read the group's attributes, then the forward actions that it is a part of."""
    if view.blueprint.sessions.stickiness == "optional":
        yield NotApplicable("the blueprint does not ask for stickiness")
        return
    other = group.target_type.holds(lambda kind: kind in ("lambda", "alb"))
    if other.is_yes:
        yield NotApplicable(f"targets of type {known_or(group.target_type, 'unknown')}")
        return
    uses, missing = _uses(group, view)
    idle = not any(_reached(group, action) for _, action in uses)
    if idle and not missing:
        yield NotApplicable("every forward to the group has weight 0")
        return
    cookie = group.stickiness_type.holds(lambda kind: kind in COOKIES)
    told = "has no sticky sessions" if not group.stickiness.is_(True).is_yes else _how(group)
    off = Violation(
        message=f"{group.label} {told}",
        fix=f"Set stickiness.enabled=true and stickiness.type=lb_cookie on {group.label}.",
        path=(Step(group.label, told, group.origin),),
    )
    lost = merge(other.missing, missing if idle else ())
    excused = Answer(None, lost) if lost else NO
    yield from require(group.stickiness.is_(True) & cookie | excused, off, Step(group.label, _how(group), group.origin))
    for name, action in uses:
        used = [arn for arn, weight in action.target_groups if weight > 0]
        if group.id in used and len(used) > 1 and not action.sticky:
            yield Violation(
                message=f"{name} spreads over {len(used)} weighted groups without stickiness between them",
                fix="Turn on stickiness in the forward action.",
                path=(Step(name, "forwards to weighted groups, TargetGroupStickinessConfig off"),),
            )
    if missing:
        yield Unsettled("what the load balancer forwards to is not all known", missing)


def _how(group: TargetGroup) -> str:
    return f"sticks by {known_or(group.stickiness_type, None) or 'no cookie'}"


def _uses(group: TargetGroup, view: View) -> tuple[list[tuple[str, Action]], tuple[Missing, ...]]:
    """Return the edge's actions that name a group, each with its listener, and why there may be more."""
    uses: list[tuple[str, Action]] = []
    gaps: list[tuple[Missing, ...]] = []
    for edge in view.stack.tier("edge"):
        if not isinstance(edge.owner, LoadBalancer):
            continue
        gaps.append(view.graph.balancing.listeners_missing(edge.owner))
        for listener in view.graph.balancing.listeners(edge.owner):
            actions, missing = view.graph.balancing.actions(listener)
            gaps.append(missing)
            name = f"{edge.owner.label}:{known_or(listener.port, 0)}"
            uses.extend((name, action) for action in actions if group.id in dict(action.target_groups))
    return uses, merge(*gaps)


def _reached(group: TargetGroup, action: Action) -> bool:
    # The weight of the only group of an action means nothing.
    return len(action.target_groups) == 1 or dict(action.target_groups)[group.id] > 0

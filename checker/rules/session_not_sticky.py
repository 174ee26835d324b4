"""
Session that does not stick.

What it checks
    Every target group that a listener really forwards to has stickiness on, by the load balancer's or the app's cookie;
    so has every forward action over two or more weighted groups. Groups of functions and of load balancers are not
    concerned.

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
from checker.model.fact import known_or
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Unsettled, Violation, require
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
    if not group.target_type.holds(lambda kind: kind in ("lambda", "alb")).is_no:
        yield NotApplicable(f"targets of type {known_or(group.target_type, 'unknown')}")
        return
    cookie = group.stickiness_type.holds(lambda kind: kind in COOKIES)
    kind = known_or(group.stickiness_type, None) or "no cookie"
    off = Violation(
        message=f"{group.label} has no sticky sessions" if group.stickiness.is_(False).is_yes else f"{group.label} sticks by {kind}",
        fix=f"Set stickiness.enabled=true and stickiness.type=lb_cookie on {group.label}.",
        path=(Step(group.label, "stickiness.enabled is false" if group.stickiness.is_(False).is_yes else f"sticks by {kind}"),),
    )
    yield from require(group.stickiness.is_(True) & cookie, off, Step(group.label, f"sticks by {kind}"))
    for edge in view.stack.tier("edge"):
        if isinstance(edge.owner, LoadBalancer):
            yield from _weighted(group, edge.owner, view)


def _weighted(group: TargetGroup, edge: LoadBalancer, view: View) -> Iterator[Outcome]:
    for listener in view.graph.balancing.listeners(edge):
        actions, missing = view.graph.balancing.actions(listener)
        if missing:
            yield Unsettled(f"what {edge.label}:{known_or(listener.port, 0)} forwards to is not all known", missing)
        for action in actions:
            used = [arn for arn, weight in action.target_groups if weight > 0]
            if group.id in used and len(used) > 1 and not action.sticky:
                port = known_or(listener.port, 0)
                yield Violation(
                    message=f"{edge.label}:{port} spreads over {len(used)} weighted groups without stickiness between them",
                    fix="Turn on stickiness in the forward action.",
                    path=(Step(f"{edge.label}:{port}", "forwards to weighted groups, TargetGroupStickinessConfig off"),),
                )

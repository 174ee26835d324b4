"""As much around one resource as makes it a part of a stack, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checker.collect.pulumi.addresses import stack_of
from checker.collect.pulumi.registered import Reference, Registered
from checker.collect.pulumi.tokens import terraform_type
from checker.model.fact import Missing

_BALANCER = "aws:lb/loadBalancer:LoadBalancer"
_LISTENER = "aws:lb/listener:Listener"
_TARGETS = "aws:lb/targetGroup:TargetGroup"
_GROUP = "aws:autoscaling/group:Group"


def with_stand_ins(resource: Registered) -> tuple[Registered, ...]:
    """Return a resource and what it cannot be without; of that nothing is known but that it is there."""
    match terraform_type(resource.type):
        case "aws_lb_listener" | "aws_alb_listener":
            balancer, targets = _balancer(resource), _stand_in(resource, _TARGETS, {})
            forwards = _forwarding(resource.properties, Reference(targets.urn, "arn"))
            held = {**forwards, "loadBalancerArn": Reference(balancer.urn, "arn")}
            return (replace(resource, properties=held), balancer, targets)
        case "aws_lb_target_group" | "aws_alb_target_group":
            balancer = _balancer(resource)
            forward = {"type": "forward", "targetGroupArn": Reference(resource.urn, "arn")}
            held = {"loadBalancerArn": Reference(balancer.urn, "arn"), "port": 443, "defaultActions": [forward]}
            return (resource, balancer, _stand_in(resource, _LISTENER, held))
        case "aws_launch_template":
            template = {"id": Reference(resource.urn, "id"), "version": "$Latest"}
            return (resource, _stand_in(resource, _GROUP, {"launchTemplate": template}))
    return (resource,)


def _balancer(resource: Registered) -> Registered:
    given = {"name": "its load balancer", "loadBalancerType": "application", "internal": False}
    return _stand_in(resource, _BALANCER, given)


def _stand_in(resource: Registered, token: str, properties: Mapping[str, object]) -> Registered:
    project, stack = stack_of(resource.urn)
    name = f"{resource.name}-beside"
    return Registered(
        urn=f"urn:pulumi:{stack}::{project}::{token}::{name}",
        type=token,
        name=name,
        properties=properties,
        origin=replace(resource.origin, address=None),
        provider=resource.provider,
    )


def _forwarding(properties: Mapping[str, object], group: Reference) -> dict[str, object]:
    """Return a listener's properties; where a preview does not know which group it forwards to, it is some group."""

    def known(value: object, key: str = "") -> object:
        if isinstance(value, Missing) and key == "targetGroupArn":
            return group
        if isinstance(value, Mapping):
            return {name: known(item, name) for name, item in value.items()}
        return [known(item) for item in value] if isinstance(value, list) else value

    return {key: known(value, key) for key, value in properties.items()}

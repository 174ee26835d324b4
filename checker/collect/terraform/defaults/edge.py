"""Defaults of load balancers, their targets, Auto Scaling, templates, certificates and names.

Those of a plan are what the provider fills in itself; the others it leaves to AWS, and the page says what that is.

Source: the "Argument Reference" of each type's page below
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from collections.abc import Mapping

_ACTION = {
    "redirect.port": "#{port}",
    "redirect.protocol": "#{protocol}",
    "forward.target_group.weight": 1,
    "forward.stickiness.enabled": False,
}

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    "aws_lb": {
        "load_balancer_type": "application",
        "internal": False,
        "ip_address_type": "ipv4",
    },
    "aws_elb": {
        "internal": False,
        "cross_zone_load_balancing": True,
    },
    "aws_lb_listener": {f"default_action.{path}": value for path, value in _ACTION.items()},
    "aws_lb_listener_rule": {f"action.{path}": value for path, value in _ACTION.items()},
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    "aws_lb_target_group": {
        "target_type": "instance",
        "ip_address_type": "ipv4",
        "health_check.enabled": True,
        "health_check.port": "traffic-port",
        "stickiness.enabled": True,
    },
    # Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
    "aws_autoscaling_group": {
        "health_check_type": "EC2",
        "launch_template.version": "$Default",
        "mixed_instances_policy.launch_template.launch_template_specification.version": "$Default",
        "mixed_instances_policy.launch_template.override.launch_template_specification.version": "$Default",
    },
    "aws_autoscaling_policy": {
        "enabled": True,
        "policy_type": "SimpleScaling",
    },
    "aws_instance": {"metadata_options.http_endpoint": "enabled"},
}

"""Nested blocks that the provider never makes by itself."""

from collections.abc import Mapping

from checker.collect.terraform.types import canonical

# In a plan, blocks of which nothing is known are `dynamic` ones over a collection that is not known, or ones that were
# not written and that the provider makes. It never makes these: a plan without them tells `[]`.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs, and what the provider plans for each type
_PARAMETERS = frozenset({"parameter"})
_RESTORE = frozenset({"restore_to_point_in_time", "s3_import", "scaling_configuration"})
_PLAIN: Mapping[str, frozenset[str]] = {
    "aws_autoscaling_group": frozenset({"tag", "warm_pool"}),
    "aws_autoscaling_policy": frozenset(
        {"predictive_scaling_configuration", "step_adjustment", "target_tracking_configuration"}
    ),
    "aws_db_instance": _RESTORE,
    "aws_db_parameter_group": _PARAMETERS,
    "aws_db_proxy": frozenset({"auth"}),
    "aws_default_network_acl": frozenset({"egress", "ingress"}),
    "aws_docdb_cluster_parameter_group": _PARAMETERS,
    "aws_dynamodb_table": frozenset({"attribute", "global_secondary_index", "replica"}),
    "aws_ecs_service": frozenset({"load_balancer", "network_configuration"}),
    "aws_elb": frozenset({"listener"}),
    "aws_instance": frozenset({"launch_template"}),
    "aws_launch_template": frozenset(
        {"block_device_mappings", "iam_instance_profile", "network_interfaces", "placement", "tag_specifications"}
    ),
    "aws_lb_listener": frozenset({"default_action"}),
    "aws_lb_listener_rule": frozenset({"action", "condition"}),
    "aws_neptune_cluster_parameter_group": _PARAMETERS,
    "aws_rds_cluster": _RESTORE,
    "aws_rds_cluster_parameter_group": _PARAMETERS,
    "aws_route53_record": frozenset(
        {
            *("alias", "cidr_routing_policy", "failover_routing_policy", "geolocation_routing_policy"),
            *("geoproximity_routing_policy", "latency_routing_policy", "weighted_routing_policy"),
        }
    ),
    "aws_route53_zone": frozenset({"vpc"}),
}
_NONE: frozenset[str] = frozenset()


def plain_blocks(type_: str) -> frozenset[str]:
    """Return the dotted paths of a type's blocks that are there only where they were written."""
    return _PLAIN.get(canonical(type_), _NONE)

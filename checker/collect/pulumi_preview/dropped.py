"""What becomes of properties that a program gave before an update and does not give any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.collect.pulumi.shape import attribute
from checker.collect.pulumi.states import State
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.terraform.types import canonical
from checker.model.fact import Missing

_GROUPS = ("security_group_ids", "subnet_group_name")
_OF_A_CACHE = (*_GROUPS, "engine_version", "network_type", "parameter_group_name", "transit_encryption_enabled")
_OF_A_DATABASE = (
    *("availability_zone", "backup_retention_period", "db_subnet_group_name", "engine_version", "network_type", "port"),
    "vpc_security_group_ids",
)
# What stays as it was where it is not given: the provider's schema has it as optional and computed, and what is said in
# blocks is removed by giving an empty list only.
# Source: "Attribute Reference" of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route_table (route)
# Source: https://developer.hashicorp.com/terraform/language/attr-as-blocks
_STAYS: Mapping[str, Sequence[str]] = {
    "aws_autoscaling_group": (
        *("availability_zones", "desired_capacity", "health_check_type", "load_balancers", "target_group_arns"),
        "vpc_zone_identifier",
    ),
    "aws_db_instance": (*_OF_A_DATABASE, "engine", "multi_az", "parameter_group_name"),
    "aws_db_proxy": ("vpc_security_group_ids",),
    "aws_default_route_table": ("route",),
    "aws_default_security_group": ("egress", "ingress"),
    "aws_efs_file_system": ("availability_zone_name", "encrypted"),
    "aws_efs_mount_target": ("security_groups",),
    "aws_elasticache_cluster": (*_OF_A_CACHE, "availability_zone", "az_mode", "engine", "num_cache_nodes", "port"),
    "aws_elasticache_replication_group": (
        *(*_OF_A_CACHE, "at_rest_encryption_enabled", "cluster_mode", "num_cache_clusters", "num_node_groups"),
        *("replicas_per_node_group", "transit_encryption_mode"),
    ),
    "aws_elasticache_serverless_cache": ("security_group_ids", "snapshot_retention_limit", "subnet_ids"),
    "aws_elb": ("availability_zones", "instances", "internal", "security_groups", "subnets"),
    "aws_instance": ("associate_public_ip_address", "security_groups", "subnet_id", "vpc_security_group_ids"),
    "aws_launch_configuration": ("associate_public_ip_address",),
    "aws_lb": ("internal", "ip_address_type", "security_groups", "subnets"),
    "aws_lb_listener": ("protocol", "ssl_policy"),
    "aws_lb_target_group": ("ip_address_type", "protocol_version"),
    "aws_network_acl": ("egress", "ingress", "subnet_ids"),
    "aws_network_interface": ("private_ips", "security_groups"),
    "aws_rds_cluster": (
        *(name for name in _OF_A_DATABASE if name != "availability_zone"),
        *("availability_zones", "db_cluster_parameter_group_name", "storage_encrypted"),
    ),
    "aws_rds_cluster_instance": ("availability_zone", "db_parameter_group_name", "publicly_accessible"),
    "aws_route_table": ("propagating_vgws", "route"),
    "aws_security_group": ("egress", "ingress"),
    "aws_vpc": ("enable_dns_hostnames", "ipv6_cidr_block"),
    "aws_vpc_endpoint": ("policy", "private_dns_enabled", "route_table_ids", "security_group_ids", "subnet_ids"),
}
# Tags are mappings, or blocks of an Auto Scaling group, and go.
_GOES = ("tag", "tags")


def dropped(new: State, before: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    """Return the properties of a resource that were given `before` and are not now, as they will be all the same.

    What stays is as in `told`, the outputs before the update. Of other blocks it is not known whether the provider
    keeps them. Everything else is what it is where nobody gives it, and is left out.
    """
    type_ = canonical(terraform_type(new.type) or "")
    found: dict[str, object] = {}
    for name, value in before.items():
        terraform = attribute(type_, name)
        if name in (new.inputs or {}) or terraform in _GOES or name.startswith("__"):
            continue
        if terraform in _STAYS.get(type_, ()):
            if name in told:
                found[name] = told[name]
        elif _holds_blocks(value):
            why = f"{name} (given before and not any more, and the provider may keep it as it was)"
            found[name] = Missing(why, "give it, or audit the account after the update")
    return found


def _holds_blocks(value: object) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value))

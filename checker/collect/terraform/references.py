"""Which attributes name other things, and of what type those are."""

from collections.abc import Iterator, Mapping

# An attribute's name says what it names, in blocks as at the top; a list names several.
# Source: "Argument Reference" of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_NAMED: Mapping[str, str] = {
    "accepter_vpc_id": "aws_vpc",
    "allocation_id": "aws_eip",
    "autoscaling_group_name": "aws_autoscaling_group",
    "carrier_gateway_id": "aws_ec2_carrier_gateway",
    "certificate_arn": "aws_acm_certificate",
    "cluster_identifier": "aws_rds_cluster",
    "db_parameter_group_name": "aws_db_parameter_group",
    "db_proxy_name": "aws_db_proxy",
    "db_subnet_group_name": "aws_db_subnet_group",
    "default_network_acl_id": "aws_network_acl",
    "default_route_table_id": "aws_route_table",
    "destination_prefix_list_id": "aws_ec2_managed_prefix_list",
    "egress_only_gateway_id": "aws_egress_only_internet_gateway",
    "file_system_id": "aws_efs_file_system",
    "launch_configuration": "aws_launch_configuration",
    "launch_template_id": "aws_launch_template",
    "lb_target_group_arn": "aws_lb_target_group",
    "listener_arn": "aws_lb_listener",
    "load_balancer_arn": "aws_lb",
    "nat_gateway_id": "aws_nat_gateway",
    "network_acl_id": "aws_network_acl",
    "network_interface": "aws_network_interface",
    "network_interface_id": "aws_network_interface",
    "peer_vpc_id": "aws_vpc",
    "prefix_list_id": "aws_ec2_managed_prefix_list",
    "prefix_list_ids": "aws_ec2_managed_prefix_list",
    "referenced_security_group_id": "aws_security_group",
    "replicate_source_db": "aws_db_instance",
    "replication_group_id": "aws_elasticache_replication_group",
    "route_table_id": "aws_route_table",
    "route_table_ids": "aws_route_table",
    "security_group_id": "aws_security_group",
    "security_group_ids": "aws_security_group",
    "security_groups": "aws_security_group",
    "source_security_group_id": "aws_security_group",
    "subnet": "aws_subnet",
    "subnet_group_name": "aws_elasticache_subnet_group",
    "subnet_id": "aws_subnet",
    "subnet_ids": "aws_subnet",
    "subnets": "aws_subnet",
    "target_group_arn": "aws_lb_target_group",
    "target_group_arns": "aws_lb_target_group",
    "transit_gateway_attachment_id": "aws_ec2_transit_gateway_vpc_attachment",
    "transit_gateway_id": "aws_ec2_transit_gateway",
    "transit_gateway_route_table_id": "aws_ec2_transit_gateway_route_table",
    "vpc_endpoint_id": "aws_vpc_endpoint",
    "vpc_id": "aws_vpc",
    "vpc_peering_connection_id": "aws_vpc_peering_connection",
    "vpc_security_group_ids": "aws_security_group",
    "vpc_zone_identifier": "aws_subnet",
    "vpn_gateway_id": "aws_vpn_gateway",
}

# Where a name says it for one type only, or means something else there; None is nothing that is looked up.
_NAMED_BY: Mapping[str, Mapping[str, str | None]] = {
    "aws_autoscaling_attachment": {"elb": "aws_elb"},
    "aws_autoscaling_group": {"load_balancers": "aws_elb"},
    "aws_db_instance": {"parameter_group_name": "aws_db_parameter_group"},
    "aws_docdb_cluster": {"db_subnet_group_name": "aws_docdb_subnet_group"},
    "aws_docdb_cluster_instance": {
        "cluster_identifier": "aws_docdb_cluster",
        "db_subnet_group_name": "aws_docdb_subnet_group",
    },
    "aws_elb": {"instances": "aws_instance"},
    "aws_iam_instance_profile": {"role": "aws_iam_role"},
    "aws_iam_role_policy": {"role": "aws_iam_role"},
    "aws_iam_role_policy_attachment": {"role": "aws_iam_role", "policy_arn": "aws_iam_policy"},
    # Outside of EC2-Classic these are names of groups.
    "aws_instance": {"security_groups": None, "iam_instance_profile": "aws_iam_instance_profile"},
    "aws_launch_configuration": {"iam_instance_profile": "aws_iam_instance_profile"},
    "aws_neptune_cluster": {"neptune_subnet_group_name": "aws_neptune_subnet_group"},
    "aws_neptune_cluster_instance": {
        "cluster_identifier": "aws_neptune_cluster",
        "neptune_subnet_group_name": "aws_neptune_subnet_group",
    },
    "aws_rds_cluster": {"db_cluster_parameter_group_name": "aws_rds_cluster_parameter_group"},
    "aws_route53_record": {"zone_id": "aws_route53_zone"},
    "aws_security_group": {"security_groups": "aws_security_group"},
}
# In some blocks the name says too little by itself.
_NAMED_IN: Mapping[tuple[str, str], str] = {
    ("alias", "name"): "aws_lb",
    ("alias", "zone_id"): "aws_lb",
    ("iam_instance_profile", "arn"): "aws_iam_instance_profile",
    ("iam_instance_profile", "name"): "aws_iam_instance_profile",
    ("launch_template", "id"): "aws_launch_template",
    # A template's own number of its latest version, told before there is one.
    ("launch_template", "version"): "aws_launch_template",
    ("launch_template_specification", "version"): "aws_launch_template",
    ("launch_template", "name"): "aws_launch_template",
    ("target_group", "arn"): "aws_lb_target_group",
}
# A gateway is told by its id alone.
_GATEWAYS = {"igw-": "aws_internet_gateway", "vgw-": "aws_vpn_gateway", "eigw-": "aws_egress_only_internet_gateway"}
# An alias names what it leads to by the name that DNS knows, and that may be anything.
_NOT_LOOKED_UP = frozenset({"alias"})
# What stands under these keys is words of the user's own.
_WORDS = frozenset(
    {"tags", "tags_all", "user_data", "user_data_base64", "policy", "assume_role_policy", "inline_policy"}
)


def references(type_: str, raw: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield (type of what is named, what it is named by) for each attribute of a canonical type's values.

    The second is whatever stands there: a text, a symbol, or a list of them and of what is not known.
    """
    yield from _references(_NAMED_BY.get(type_, {}), raw, "")


def named_by(type_: str, block: str, key: str) -> tuple[str, ...]:
    """Return the types of what an attribute of a canonical type can name, in a block or (empty) at the top."""
    if key == "gateway_id":
        return tuple(_GATEWAYS.values())
    own = _NAMED_BY.get(type_, {})
    found = own[key] if key in own and not block else _NAMED.get(key) or _NAMED_IN.get((block, key))
    return (found,) if found else ()


def _references(own: Mapping[str, str | None], raw: Mapping[str, object], block: str) -> Iterator[tuple[str, object]]:
    for key, value in raw.items():
        if not value or key in _WORDS:
            continue
        target = own[key] if key in own and not block else _NAMED.get(key) or _NAMED_IN.get((block, key))
        if target is not None and block not in _NOT_LOOKED_UP and _is_named(value):
            yield target, value
        elif key == "gateway_id" and isinstance(value, str):
            yield from ((type_, value) for prefix, type_ in _GATEWAYS.items() if value.startswith(prefix))
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    yield from _references(own, item, key)


def _is_named(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and not isinstance(value[0], Mapping))

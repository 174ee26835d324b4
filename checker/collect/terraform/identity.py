"""Who an instance is before it exists, and what a reference to one of its attributes stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.collect.terraform.types import canonical
from checker.model.fact import Missing
from checker.model.symbol import Symbol


@dataclass(frozen=True)
class Identity:
    """How a type's instances are called.

    `id_is` are the attributes that always equal the id: the id is that of them which is configured. `names` are other
    attributes by which things elsewhere call it, or call what came into being with it.
    """

    id_is: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


_PLAIN = Identity()
_BY_ARN = Identity(("arn",))
_NAME_AND_ARN = Identity(("name",), ("arn",))
_WITH_ARN = Identity((), ("arn",))

# Source: "Attribute Reference" and "Argument Reference" of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_IDENTITIES: Mapping[str, Identity] = {
    "aws_acm_certificate": _BY_ARN,
    "aws_autoscaling_group": _NAME_AND_ARN,
    "aws_autoscaling_policy": _NAME_AND_ARN,
    "aws_cloudfront_distribution": Identity((), ("arn", "domain_name")),
    "aws_db_instance": Identity(("resource_id",), ("identifier", "arn")),
    "aws_db_option_group": _NAME_AND_ARN,
    "aws_db_parameter_group": _NAME_AND_ARN,
    "aws_db_proxy": _NAME_AND_ARN,
    "aws_db_subnet_group": _NAME_AND_ARN,
    "aws_default_network_acl": Identity(("default_network_acl_id",)),
    "aws_default_route_table": Identity(("default_route_table_id",)),
    "aws_default_vpc": Identity(
        (), ("default_network_acl_id", "default_route_table_id", "default_security_group_id", "main_route_table_id")
    ),
    "aws_dms_replication_subnet_group": Identity(("replication_subnet_group_id",), ("replication_subnet_group_arn",)),
    "aws_docdb_cluster": Identity(("cluster_identifier",), ("arn",)),
    "aws_docdb_cluster_instance": Identity(("identifier",), ("arn",)),
    "aws_docdb_cluster_parameter_group": _NAME_AND_ARN,
    "aws_docdb_subnet_group": _NAME_AND_ARN,
    "aws_dynamodb_table": _NAME_AND_ARN,
    "aws_ec2_managed_prefix_list": _WITH_ARN,
    "aws_ec2_transit_gateway": Identity(
        (), ("arn", "association_default_route_table_id", "propagation_default_route_table_id")
    ),
    "aws_ec2_transit_gateway_peering_attachment_accepter": Identity(("transit_gateway_attachment_id",)),
    "aws_ec2_transit_gateway_vpc_attachment_accepter": Identity(("transit_gateway_attachment_id",)),
    "aws_ecs_cluster": _BY_ARN,
    "aws_efs_file_system": _WITH_ARN,
    "aws_eip": Identity(("allocation_id",), ("arn", "public_ip")),
    "aws_elasticache_cluster": Identity(("cluster_id",), ("arn",)),
    "aws_elasticache_parameter_group": _NAME_AND_ARN,
    "aws_elasticache_replication_group": Identity(("replication_group_id",), ("arn",)),
    "aws_elasticache_serverless_cache": _NAME_AND_ARN,
    "aws_elasticache_subnet_group": _NAME_AND_ARN,
    "aws_elb": Identity(("name",), ("arn", "dns_name", "zone_id", "source_security_group_id")),
    "aws_globalaccelerator_accelerator": Identity(("arn",), ("dns_name",)),
    "aws_globalaccelerator_endpoint_group": _BY_ARN,
    "aws_globalaccelerator_listener": _BY_ARN,
    "aws_iam_instance_profile": _NAME_AND_ARN,
    "aws_iam_policy": _BY_ARN,
    "aws_iam_role": _NAME_AND_ARN,
    "aws_iam_user": _NAME_AND_ARN,
    "aws_instance": Identity((), ("arn", "primary_network_interface_id")),
    "aws_kms_key": Identity(("key_id",), ("arn",)),
    "aws_lambda_function": Identity(("function_name",), ("arn",)),
    "aws_launch_configuration": _NAME_AND_ARN,
    "aws_launch_template": Identity((), ("name", "arn")),
    "aws_lb": Identity(("arn",), ("dns_name", "zone_id")),
    "aws_lb_listener": _BY_ARN,
    "aws_lb_listener_rule": _BY_ARN,
    "aws_lb_target_group": _BY_ARN,
    "aws_lb_trust_store": _BY_ARN,
    "aws_nat_gateway": Identity((), ("network_interface_id",)),
    "aws_neptune_cluster": Identity(("cluster_identifier",), ("arn",)),
    "aws_neptune_cluster_instance": Identity(("identifier",), ("arn",)),
    "aws_neptune_cluster_parameter_group": _NAME_AND_ARN,
    "aws_neptune_subnet_group": _NAME_AND_ARN,
    "aws_rds_cluster": Identity(("cluster_identifier",), ("arn",)),
    "aws_rds_cluster_instance": Identity(("identifier",), ("arn",)),
    "aws_rds_cluster_parameter_group": _NAME_AND_ARN,
    "aws_rds_global_cluster": Identity(("global_cluster_identifier",), ("arn",)),
    "aws_redshift_subnet_group": _NAME_AND_ARN,
    "aws_route53_zone": Identity(("zone_id",), ("arn",)),
    "aws_security_group": _WITH_ARN,
    "aws_vpc": Identity(
        (), ("default_network_acl_id", "default_route_table_id", "default_security_group_id", "main_route_table_id")
    ),
    "aws_vpc_endpoint": Identity((), ("arn", "prefix_list_id")),
    "aws_vpc_peering_connection_accepter": Identity(("vpc_peering_connection_id",)),
    "aws_vpc_peering_connection_options": Identity(("vpc_peering_connection_id",)),
    "aws_vpc_security_group_egress_rule": Identity(("security_group_rule_id",), ("arn",)),
    "aws_vpc_security_group_ingress_rule": Identity(("security_group_rule_id",), ("arn",)),
}


def identity_of(type_: str) -> Identity:
    """Return how the instances of a type are called."""
    return _IDENTITIES.get(canonical(type_), _PLAIN)


# Attributes that users set to a name of their own; what else equals an id or is called by comes from AWS.
_CHOSEN = frozenset(
    {
        "cluster_id",
        "cluster_identifier",
        "function_name",
        "global_cluster_identifier",
        "identifier",
        "name",
        "replication_group_id",
        "replication_subnet_group_id",
    }
)


def chosen_name(type_: str) -> str | None:
    """Return the attribute by which things elsewhere call an instance and which users set, None for ids of AWS's own.

    Such a name may be known, and stand in a variable, before there is anything that has it.
    """
    known = identity_of(type_)
    return next((name for name in (*known.id_is, *known.names) if name in _CHOSEN), None)


def _own(type_: str) -> str:
    """Return the attribute by which many data sources look up a thing of their type, and tell its id again.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/internet_gateway
    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/route_table
    """
    return _OWN.get(type_) or f"{type_.removeprefix('aws_')}_id"


_OWN = {
    "aws_ec2_transit_gateway_route_table": "transit_gateway_route_table_id",
    "aws_efs_file_system": "file_system_id",
    "aws_instance": "instance_id",
}


def attribute_of(type_: str, address: str, name: str, given: Callable[[str], object]) -> object:
    """Return what `address.name` stands for; `given` returns what an attribute was set to, and None for what was not.

    What is set is itself. An id that is not, and what equals it, is the symbol `address`, unless one of those that
    equal it is set. What else is not set gets its value from the provider: it is the symbol `address.name`. A default
    that the provider documents is for the caller to give (`checker.collect.terraform.filling.default_of`).
    """
    found = given(name)
    if found is not None and not isinstance(found, Missing):
        return found
    known = identity_of(type_)
    if name in ("id", _own(type_)) or name in known.id_is:
        return _id(type_, address, given)
    if found is None or name in known.names:
        return Symbol(f"{address}.{name}")
    return found


def _id(type_: str, address: str, given: Callable[[str], object]) -> str:
    for name in ("id", _own(type_), *identity_of(type_).id_is):
        found = given(name)
        if isinstance(found, str) and found:
            return found
    if canonical(type_) == "aws_default_security_group":
        # It has no argument that names it: it is the group that came with its VPC.
        vpc = given("vpc_id")
        if isinstance(vpc, Symbol):
            return Symbol(f"{vpc}.default_security_group_id")
    return Symbol(address)


def identified(type_: str, address: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of an instance with its id, what equals the id, and its names, as a reference finds them."""
    raw = dict(values)
    known = identity_of(type_)
    raw["id"] = id_ = _id(type_, address, values.get)
    for name in known.id_is:
        if not isinstance(raw.get(name), str):
            raw[name] = id_
    for name in known.names:
        if raw.get(name) is None or isinstance(raw[name], Missing):
            raw[name] = Symbol(f"{address}.{name}")
    return raw

"""The tags of resources with those that their provider adds to each."""

from __future__ import annotations

from checker.collect.hcl.values import Value

# Types in the fields that are judged which have no tags of their own, or none that a provider adds to.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs (no `tags_all` among their attributes)
_WITHOUT = frozenset(
    {
        "aws_acm_certificate_validation",
        "aws_ec2_managed_prefix_list_entry",
        "aws_ec2_tag",
        "aws_ec2_transit_gateway_prefix_list_reference",
        "aws_ec2_transit_gateway_route",
        "aws_ecs_cluster_capacity_providers",
        "aws_eip_domain_name",
        "aws_elasticache_global_replication_group",
        "aws_globalaccelerator_endpoint_group",
        "aws_globalaccelerator_listener",
        "aws_db_proxy_default_target_group",
        "aws_db_proxy_target",
        "aws_dynamodb_contributor_insights",
        "aws_dynamodb_global_table",
        "aws_dynamodb_table_item",
        "aws_efs_mount_target",
        "aws_efs_replication_configuration",
        "aws_kms_alias",
        "aws_lambda_alias",
        "aws_lambda_function_url",
        "aws_lambda_permission",
        "aws_launch_configuration",
        "aws_network_acl_rule",
        "aws_rds_cluster_activity_stream",
        "aws_route",
        "aws_route53_hosted_zone_dnssec",
        "aws_route53_record",
        "aws_route53_resolver_config",
        "aws_secretsmanager_secret_version",
        "aws_security_group_rule",
        "aws_vpc_block_public_access_options",
        "aws_vpc_endpoint_connection_accepter",
        "aws_vpc_endpoint_private_dns",
        "aws_vpc_peering_connection_options",
    }
)
_ENDINGS = ("_association", "_attachment", "_propagation", "_listener_certificate", "_policy", "_group_tag")
_WITH = frozenset({"aws_ec2_transit_gateway_vpc_attachment", "aws_ec2_transit_gateway_peering_attachment"})
_TAGGED_POLICIES = frozenset({"aws_iam_policy", "aws_networkfirewall_firewall_policy", "aws_organizations_policy"})
_AUTOSCALING = "aws_autoscaling_"


def has_tags(type_: str) -> bool:
    """Tell whether a provider's default tags reach resources of a type."""
    if type_ in _WITH or type_ in _TAGGED_POLICIES:
        return True
    is_without = type_ in _WITHOUT or type_.endswith(_ENDINGS) or type_.startswith(_AUTOSCALING)
    return type_.startswith("aws_") and not is_without


def all_tags(own: Value, added: Value) -> Value:
    """Return both, a resource's own tags over those that its provider adds; None where there are none.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs#default_tags-configuration-block
    """
    if own is None or added is None:
        return added if own is None else own
    if isinstance(own, dict) and isinstance(added, dict):
        return {**added, **own}
    return added if isinstance(own, dict) else own

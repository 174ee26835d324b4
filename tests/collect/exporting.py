"""An account saved as people save it: one file for each `aws … describe-*`, and for each parent."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3

# service, operation, key of the answer; the CLI goes through all pages itself
LISTINGS = (
    ("ec2", "describe_vpcs", "Vpcs"),
    ("ec2", "describe_subnets", "Subnets"),
    ("ec2", "describe_route_tables", "RouteTables"),
    ("ec2", "describe_network_acls", "NetworkAcls"),
    ("ec2", "describe_security_groups", "SecurityGroups"),
    ("ec2", "describe_security_group_rules", "SecurityGroupRules"),
    ("ec2", "describe_network_interfaces", "NetworkInterfaces"),
    ("ec2", "describe_instances", "Reservations"),
    ("ec2", "describe_internet_gateways", "InternetGateways"),
    ("ec2", "describe_nat_gateways", "NatGateways"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints"),
    ("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"),
    ("ec2", "describe_managed_prefix_lists", "PrefixLists"),
    ("ec2", "describe_vpc_block_public_access_options", "VpcBlockPublicAccessOptions"),
    ("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"),
    ("autoscaling", "describe_policies", "ScalingPolicies"),
    ("elbv2", "describe_load_balancers", "LoadBalancers"),
    ("elbv2", "describe_target_groups", "TargetGroups"),
    ("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
    ("rds", "describe_db_instances", "DBInstances"),
    ("rds", "describe_db_clusters", "DBClusters"),
    ("rds", "describe_db_subnet_groups", "DBSubnetGroups"),
    ("rds", "describe_db_proxies", "DBProxies"),
    ("elasticache", "describe_cache_clusters", "CacheClusters"),
    ("elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups"),
    ("elasticache", "describe_replication_groups", "ReplicationGroups"),
    ("elasticache", "describe_serverless_caches", "ServerlessCaches"),
    ("efs", "describe_file_systems", "FileSystems"),
    ("acm", "list_certificates", "CertificateSummaryList"),
    ("dynamodb", "list_tables", "TableNames"),
    ("route53", "list_hosted_zones", "HostedZones"),
)
ARGUMENTS: Mapping[str, Mapping[str, object]] = {"describe_cache_clusters": {"ShowCacheNodeInfo": True}}


def export(session: boto3.Session, folder: Path) -> None:
    """Write the account's Region into `folder`, as files of AWS CLI output."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Any]] = {}
    for service, operation, key in LISTINGS:
        answer = _whole(session, service, operation, key, **ARGUMENTS.get(operation, {}))
        found[key] = answer.get(key, []) if isinstance(answer.get(key, []), list) else []
        _write(folder / f"{service}-{operation.replace('_', '-')}.json", answer)
    versions = session.client("ec2").describe_launch_template_versions(Versions=["$Latest", "$Default"])
    _write(folder / "launch-template-versions.json", versions)
    for name, answer in _details(session, found):
        _write(folder / f"{name}.json", answer)


def _details(session: boto3.Session, found: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    elbv2, ec2 = session.client("elbv2"), session.client("ec2")
    for balancer in found["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        listeners = elbv2.describe_listeners(LoadBalancerArn=arn)
        yield f"listeners-{_short(arn)}", listeners
        yield (
            f"load-balancer-attributes-{_short(arn)}",
            elbv2.describe_load_balancer_attributes(LoadBalancerArn=arn),
        )
        for listener in listeners["Listeners"]:
            yield f"rules-{_short(listener['ListenerArn'])}", elbv2.describe_rules(ListenerArn=listener["ListenerArn"])
    arns = [balancer["LoadBalancerArn"] for balancer in found["LoadBalancers"]]
    if arns:
        yield "load-balancer-tags", elbv2.describe_tags(ResourceArns=arns)
    for group in found["TargetGroups"]:
        arn = group["TargetGroupArn"]
        yield f"target-group-attributes-{_short(arn)}", elbv2.describe_target_group_attributes(TargetGroupArn=arn)
        yield f"target-health-{_short(arn)}", elbv2.describe_target_health(TargetGroupArn=arn)
    for list_ in found["PrefixLists"]:
        id_ = list_["PrefixListId"]
        yield f"prefix-list-entries-{id_}", ec2.get_managed_prefix_list_entries(PrefixListId=id_)
    for system in found["FileSystems"]:
        id_ = system["FileSystemId"]
        yield f"mount-targets-{id_}", session.client("efs").describe_mount_targets(FileSystemId=id_)
    for zone in found["HostedZones"]:
        answer = session.client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])
        yield f"records-{zone['Id'].rpartition('/')[2]}", answer


def _whole(session: boto3.Session, service: str, operation: str, key: str, **arguments: object) -> dict[str, Any]:
    client = session.client(service)  # type: ignore[call-overload]  # the name comes from the table
    if client.can_paginate(operation):
        pages = list(client.get_paginator(operation).paginate(**arguments))
        return {key: [item for page in pages for item in page[key]]}
    answer: dict[str, Any] = getattr(client, operation)(**arguments)
    return answer


def _short(arn: str) -> str:
    return re.sub(r"[:/]", "-", arn.rpartition(":")[2])


def _write(path: Path, answer: Mapping[str, object]) -> None:
    kept = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    path.write_text(json.dumps(kept, indent=4, default=_text))


def _text(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

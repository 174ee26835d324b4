"""The six faults of the demonstration, as data: changes to the second shop, and a call that is denied."""

from collections.abc import Mapping

Change = Mapping[str, object]


def _instance(name: str, subnet: str, *, public: bool) -> tuple[Change, Change]:
    """Return a security group and an instance that wears it, both called `name`."""
    group = {"GroupName": name, "Description": "administration", "VpcId": "${vpc}"}
    interface = {
        "DeviceIndex": 0,
        "SubnetId": subnet,
        "Groups": [f"${{sg.{name}}}"],
        "AssociatePublicIpAddress": public,
    }
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}]
    instance = {
        "ImageId": "ami-12345678",
        "MinCount": 1,
        "MaxCount": 1,
        "NetworkInterfaces": [interface],
        "TagSpecifications": tags,
    }
    return (
        {"service": "ec2", "call": "create_security_group", "with": group, "as": f"sg.{name}", "take": "GroupId"},
        {"service": "ec2", "call": "run_instances", "with": instance},
    )


def _let_in(group: str, port: int, source: Change) -> Change:
    permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **source}
    return {
        "service": "ec2",
        "call": "authorize_security_group_ingress",
        "with": {"GroupId": f"${{sg.{group}}}", "IpPermissions": [permission]},
    }


def _wearing(group: str) -> Change:
    return {"UserIdGroupPairs": [{"GroupId": f"${{sg.{group}}}"}]}


DATABASE_THROUGH_TWO_HOPS: tuple[Change, ...] = (
    *_instance("jump-host", "${subnet.public.0}", public=True),
    *_instance("bastion", "${subnet.app.0}", public=False),
    _let_in("jump-host", 22, {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}),
    _let_in("bastion", 22, _wearing("jump-host")),
    _let_in("db", 5432, _wearing("bastion")),
)
SECOND_LISTENER_OF_PLAIN_HTTP: tuple[Change, ...] = (
    {
        "service": "elbv2",
        "call": "create_listener",
        "with": {
            "LoadBalancerArn": "${alb}",
            "Protocol": "HTTP",
            "Port": 8080,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": "${tg}"}],
        },
    },
)
CACHE_IN_ONE_ZONE: tuple[Change, ...] = (
    {
        "service": "elasticache",
        "call": "modify_cache_subnet_group",
        "with": {"CacheSubnetGroupName": "${cache.subnets}", "SubnetIds": ["${subnet.data.0}"]},
    },
)
NO_STICKINESS: tuple[Change, ...] = (
    {
        "service": "elbv2",
        "call": "modify_target_group_attributes",
        "with": {"TargetGroupArn": "${tg}", "Attributes": [{"Key": "stickiness.enabled", "Value": "false"}]},
    },
)
HTTPS_CUT_BY_THE_NETWORK_ACL: tuple[Change, ...] = (
    {
        "service": "ec2",
        "call": "describe_network_acls",
        "with": {"Filters": [{"Name": "vpc-id", "Values": ["${vpc}"]}]},
        "as": "nacl",
        "take": "NetworkAcls[0].NetworkAclId",
    },
    {
        "service": "ec2",
        "call": "create_network_acl_entry",
        "with": {
            "NetworkAclId": "${nacl}",
            "RuleNumber": 50,
            "Egress": False,
            "RuleAction": "deny",
            "Protocol": "6",
            "PortRange": {"From": 443, "To": 443},
            "CidrBlock": "0.0.0.0/0",
        },
    },
)
# Only the second shop uses a prefix list, so only its verdicts rest on the call that is denied.
CACHE_OPEN_TO_WHAT_MAY_NOT_BE_READ: tuple[Change, ...] = (
    {
        "service": "ec2",
        "call": "create_managed_prefix_list",
        "with": {
            "PrefixListName": "offices",
            "MaxEntries": 5,
            "AddressFamily": "IPv4",
            "Entries": [{"Cidr": "203.0.113.0/24"}],
        },
        "as": "pl",
        "take": "PrefixList.PrefixListId",
    },
    _let_in("cache", 6379, {"PrefixListIds": [{"PrefixListId": "${pl}"}]}),
)
DENIED: Change = {"service": "ec2", "action": "GetManagedPrefixListEntries", "code": "DENY"}

CHANGES: tuple[Change, ...] = (
    *DATABASE_THROUGH_TWO_HOPS,
    *SECOND_LISTENER_OF_PLAIN_HTTP,
    *CACHE_IN_ONE_ZONE,
    *NO_STICKINESS,
    *HTTPS_CUT_BY_THE_NETWORK_ACL,
    *CACHE_OPEN_TO_WHAT_MAY_NOT_BE_READ,
)

"""A security group."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from checker.model import traffic
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, known_or
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE, VPCS
from checker.resources.reader import REQUIRED, Reader, collect
from checker.resources.security_group_rule import (
    ADOPTED,
    GROUPS,
    GroupPeer,
    Peer,
    PrefixListPeer,
    SecurityGroupRule,
    permitted,
)
from checker.resources.terraform import attribute, common, mappings

# The lists of peers in a permission, and the field of an item that names the peer.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
PEERS = {
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
    "UserIdGroupPairs": "GroupId",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class SecurityGroup(Resource):
    """A group; `permissions` are its rules as the group tells them, without the ids that the rules' own listing gives.

    One that stands `outside` of what was read may be worn by anybody there.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroup.html
    """

    kind = "security_group"

    vpc: Fact[str]
    is_default: Fact[bool]
    permissions: Fact[tuple[SecurityGroupRule, ...]]
    outside: bool = False


def _peer(reader: Reader, field: str) -> Fact[Peer]:
    if field == "PrefixListId":
        return reader.text(field).map(PrefixListPeer)
    return reader.text(field).map(GroupPeer) if field == "GroupId" else reader.cidr(field)


def _rule(reader: Reader, permission: Reader, group: str, ingress: bool, field: str) -> Fact[SecurityGroupRule]:
    allowed = permitted(permission)
    direction, preposition = ("ingress", "from") if ingress else ("egress", "to")
    what = known_or(allowed.map(traffic.describe), "unknown traffic")
    return Known(
        SecurityGroupRule(
            id=f"{group} {direction} {what} {preposition} {reader.plain(field, 'an unknown peer')}",
            scope=reader.scope,
            origin=reader.origin,
            name=reader.plain("Description"),
            group=Known(group),
            ingress=Known(ingress),
            traffic=allowed,
            peer=_peer(reader, field),
        )
    )


def _permission(permission: Reader, group: str, ingress: bool) -> Fact[tuple[SecurityGroupRule, ...]]:
    lists = collect(
        permission.each(path, partial(_rule, permission=permission, group=group, ingress=ingress, field=field))
        for path, field in PEERS.items()
    )
    return lists.map(lambda found: tuple(rule for rules in found for rule in rules))


def _permissions(reader: Reader, group: str) -> Fact[tuple[SecurityGroupRule, ...]]:
    directions = collect(
        reader.each(path, partial(_permission, group=group, ingress=ingress), default=REQUIRED)
        for path, ingress in (("IpPermissions", True), ("IpPermissionsEgress", False))
    )
    return directions.map(lambda found: tuple(rule for lists in found for rules in lists for rule in rules))


def _from_api(reader: Reader) -> Iterator[SecurityGroup]:
    id_ = reader.must("GroupId")
    yield SecurityGroup(
        id=id_,
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("GroupName"),
        arn=reader.plain("SecurityGroupArn") or None,
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        is_default=reader.text("GroupName").map(lambda name: name == "default"),
        permissions=_permissions(reader, id_),
    )


def _apart(reader: Reader) -> Fact[tuple[SecurityGroupRule, ...]]:
    # The rules are resources of their own, whether written in the group or apart from it.
    return reader.unknown("rules, other than those told apart")


def _from_terraform(reader: Reader) -> Iterator[SecurityGroup]:
    default = reader.type == ADOPTED
    yield SecurityGroup(
        **common(reader, "name"), vpc=reader.id("vpc_id"), is_default=Known(default), permissions=_apart(reader)
    )


def _from_lookup(reader: Reader) -> Iterator[SecurityGroup]:
    is_default = reader.text("name").map(lambda name: name == "default")
    yield SecurityGroup(
        **common(reader, "name"),
        vpc=reader.id("vpc_id"),
        is_default=is_default,
        permissions=_apart(reader),
        outside=True,
    )


def _from_vpc(reader: Reader) -> Iterator[SecurityGroup]:
    """Yield the default group of a VPC, unless the configuration has it as a resource."""
    if not mappings(reader, ADOPTED).items:
        yield SecurityGroup(
            id=attribute(reader, "default_security_group_id"),
            scope=reader.scope,
            origin=reader.origin,
            name="default",
            vpc=Known(str(reader.must("id"))),
            is_default=Known(True),
            permissions=_apart(reader),
            outside=reader.type != MADE,
        )


KIND = Kind(
    type=SecurityGroup,
    spellings={
        ("aws-api", "SecurityGroup"): _from_api,
        **{("terraform", group): _from_terraform for group in GROUPS},
        **{("terraform", vpc): _from_vpc for vpc in VPCS},
        ("terraform", "data.aws_security_group"): _from_lookup,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_security_groups",
            type="SecurityGroup",
            result="SecurityGroups",
            page=("MaxResults", 1000),
        ),
    ),
)

"""One rule of a security group: a direction, a peer and the traffic it admits."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader


@dataclass(frozen=True)
class GroupPeer:
    """A security group named as the other end."""

    id: str


@dataclass(frozen=True)
class PrefixListPeer:
    """A prefix list named as the other end."""

    id: str


Peer = Cidr | GroupPeer | PrefixListPeer


@dataclass(frozen=True, eq=False, kw_only=True)
class SecurityGroupRule(Resource):
    """A rule; `peer` is the source of an ingress rule and the destination of an egress rule.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    """

    kind = "security_group_rule"
    belongs = ("group",)

    group: Fact[str]
    ingress: Fact[bool]
    traffic: Fact[IntervalSet]
    peer: Fact[Peer]


def permitted(reader: Reader) -> Fact[IntervalSet]:
    """Return the traffic of `IpProtocol`, `FromPort` and `ToPort`."""
    return reader.text("IpProtocol").then(
        lambda protocol: reader.maybe_number("FromPort").then(
            lambda first: reader.maybe_number("ToPort").then(
                lambda last: reader.check("IpProtocol", lambda: traffic.permitted(protocol, first, last))
            )
        )
    )


def _peer(reader: Reader) -> Fact[Peer]:
    if reader.has("CidrIpv4"):
        return reader.cidr("CidrIpv4")
    if reader.has("CidrIpv6"):
        return reader.cidr("CidrIpv6")
    if reader.has("PrefixListId"):
        return reader.text("PrefixListId").map(PrefixListPeer)
    return reader.text("ReferencedGroupInfo.GroupId").map(GroupPeer)


def _from_api(reader: Reader) -> Iterator[SecurityGroupRule]:
    yield SecurityGroupRule(
        id=reader.must("SecurityGroupRuleId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("Description"),
        arn=reader.plain("SecurityGroupRuleArn") or None,
        tags=reader.tags(),
        group=reader.text("GroupId"),
        ingress=reader.flag("IsEgress").map(lambda egress: not egress),
        traffic=permitted(reader),
        peer=_peer(reader),
    )


KIND = Kind(
    type=SecurityGroupRule,
    spellings={("aws-api", "SecurityGroupRule"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_security_group_rules",
            type="SecurityGroupRule",
            result="SecurityGroupRules",
            page=("MaxResults", 1000),
        ),
    ),
)

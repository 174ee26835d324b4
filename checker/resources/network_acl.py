"""A network access control list: the stateless filter at the border of subnets."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader


@dataclass(frozen=True, eq=False, kw_only=True)
class AclEntry:
    """An entry; of those of a direction that match a packet the one with the lowest `number` decides.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html
    """

    number: int
    egress: Fact[bool]
    allow: Fact[bool]
    traffic: Fact[IntervalSet]
    peer: Fact[Cidr]


@dataclass(frozen=True, eq=False, kw_only=True)
class NetworkAcl(Resource):
    """A list with its `subnets` and all its entries, the final denials included, in the order in which AWS gives them.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAcl.html
    """

    kind = "network_acl"

    vpc: Fact[str]
    is_default: Fact[bool]
    subnets: Fact[tuple[str, ...]]
    entries: Fact[tuple[AclEntry, ...]]


def _matched(reader: Reader, protocol: str) -> Fact[IntervalSet]:
    is_icmp = protocol.lower() in ("1", "icmp", "58", "icmpv6")
    first, last = ("IcmpTypeCode.Type", "IcmpTypeCode.Code") if is_icmp else ("PortRange.From", "PortRange.To")
    return reader.maybe_number(first).then(
        lambda low: reader.maybe_number(last).then(
            lambda high: reader.check("Protocol", lambda: traffic.permitted(protocol, low, high))
        )
    )


def _allows(action: str) -> bool:
    if action.lower() not in ("allow", "deny"):
        raise ValueError(f"neither allow nor deny: {action}")
    return action.lower() == "allow"


def _entry(reader: Reader) -> Fact[AclEntry]:
    return reader.number("RuleNumber").map(
        lambda number: AclEntry(
            number=number,
            egress=reader.flag("Egress"),
            allow=reader.text("RuleAction").then(lambda action: reader.check("RuleAction", lambda: _allows(action))),
            traffic=reader.text("Protocol").then(lambda protocol: _matched(reader, protocol)),
            peer=reader.cidr("Ipv6CidrBlock" if reader.has("Ipv6CidrBlock") else "CidrBlock"),
        )
    )


def _from_api(reader: Reader) -> Iterator[NetworkAcl]:
    yield NetworkAcl(
        id=reader.must("NetworkAclId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        is_default=reader.flag("IsDefault", default=False),
        # Without the list a subnet would be taken for one that follows the default list.
        subnets=reader.each("Associations", lambda item: item.text("SubnetId"), default=REQUIRED),
        # Every list has its final denials, so an absent list was left out.
        entries=reader.each("Entries", _entry, default=REQUIRED),
    )


KIND = Kind(
    type=NetworkAcl,
    spellings={("aws-api", "NetworkAcl"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_network_acls",
            type="NetworkAcl",
            result="NetworkAcls",
            page=("MaxResults", 1000),
        ),
    ),
)

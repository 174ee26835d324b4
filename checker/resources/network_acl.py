"""A network access control list: the stateless filter at the border of subnets."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Unknown, known_or
from checker.model.intervals import IntervalSet
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE, VPCS, vpc_that_made
from checker.resources.protocols import number_of
from checker.resources.reader import REQUIRED, Reader, joined
from checker.resources.terraform import attribute, common, mappings
from checker.resources.vpc import has_v6

RULE = "aws_network_acl_rule"
ASSOCIATION = "aws_network_acl_association"
ADOPTED = "aws_default_network_acl"
LISTS = ("aws_network_acl", ADOPTED)
LOOKUP = "data.aws_network_acl"
# The numbers that AWS gives the entries which no list lacks.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
FIRST_V4, FIRST_V6, LAST_V4 = 100, 101, 32767


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


def _terraform_traffic(reader: Reader, protocol: str) -> Fact[IntervalSet]:
    """Return the traffic of an entry, whose ports and ICMP type are 0 where they are not set.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/network_acl
    """
    number = number_of(protocol)
    is_icmp = number.lower() in ("1", "icmp", "58", "icmpv6")
    first, last = ("icmp_type", "icmp_code") if is_icmp else ("from_port", "to_port")
    return reader.number(first, default=0).then(
        lambda low: reader.number(last, default=0).then(
            lambda high: reader.check("protocol", lambda: traffic.permitted(number, low, high))
        )
    )


def _terraform_entry(reader: Reader, number: str, action: str, egress: Fact[bool]) -> Fact[AclEntry]:
    v4 = not reader.maybe("cidr_block").is_(None).is_yes
    return reader.number(number).map(
        lambda found: AclEntry(
            number=found,
            egress=egress,
            allow=reader.text(action).then(lambda text: reader.check(action, lambda: _allows(text))),
            traffic=reader.text("protocol").then(lambda protocol: _terraform_traffic(reader, protocol)),
            peer=reader.cidr("cidr_block" if v4 else "ipv6_cidr_block"),
        )
    )


def _always(number: int, block: str, *, egress: bool, allow: bool) -> AclEntry:
    return AclEntry(
        number=number,
        egress=Known(egress),
        allow=Known(allow),
        traffic=Known(traffic.EVERYTHING),
        peer=Known(Cidr.parse(block)),
    )


LAST = tuple(_always(LAST_V4, "0.0.0.0/0", egress=egress, allow=False) for egress in (True, False))


def _terraform_entries(reader: Reader, first: tuple[AclEntry, ...] = ()) -> Fact[tuple[AclEntry, ...]]:
    """Return the entries written in a list and those apart from it, which the provider reads into the list too."""
    apart = reader.each(
        RULE, lambda item: _terraform_entry(item, "rule_number", "rule_action", item.flag("egress", default=False))
    )
    inline = [
        reader.each(key, lambda item: _terraform_entry(item, "rule_no", "action", Known(key == "egress")))  # noqa: B023  # used at once
        for key in ("egress", "ingress")
    ]

    def together(found: tuple[AclEntry, ...]) -> tuple[AclEntry, ...]:
        # Of two with one number in one direction there is but one.
        once = {(entry.number, known_or(entry.egress, id(entry))): entry for entry in (*first, *found, *LAST)}
        return tuple(once.values())

    return joined(*inline, apart).map(together)


def _subnets(reader: Reader) -> Fact[tuple[str, ...]]:
    return joined(reader.ids("subnet_ids"), reader.ids(ASSOCIATION, "subnet_id"))


def _from_terraform(reader: Reader) -> Iterator[NetworkAcl]:
    yield NetworkAcl(
        **common(reader),
        vpc=vpc_that_made(reader, "id", "default_network_acl_id"),
        is_default=Known(reader.type == ADOPTED),
        subnets=_subnets(reader),
        entries=_terraform_entries(reader),
    )


def _from_vpc(reader: Reader) -> Iterator[NetworkAcl]:
    """Yield the default list of a VPC, which lets everything through, unless the configuration adopts it.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    adopted = mappings(reader, ADOPTED)
    if adopted.items:
        return
    blocks = ((FIRST_V4, "0.0.0.0/0"), (FIRST_V6, "::/0"))
    first = tuple(
        _always(number, block, egress=egress, allow=True)
        for number, block in (blocks if has_v6(reader) else blocks[:1])
        for egress in (True, False)
    )
    lost = adopted.missing or (() if reader.type == MADE else reader.unknown("entries of the default list").missing)
    yield NetworkAcl(
        id=attribute(reader, "default_network_acl_id"),
        scope=reader.scope,
        origin=reader.origin,
        vpc=Known(str(reader.must("id"))),
        is_default=Known(True),
        subnets=reader.ids(ASSOCIATION, "subnet_id"),
        entries=Unknown(*lost) if lost else _terraform_entries(reader, first),
    )


def _from_lookup(reader: Reader) -> Iterator[NetworkAcl]:
    """Yield a list that stands elsewhere, with the subnets that are associated with it here."""
    here = mappings(reader, ASSOCIATION).items
    yield NetworkAcl(
        **common(reader),
        vpc=reader.id("vpc_id"),
        is_default=reader.flag("is_default"),
        subnets=reader.ids(ASSOCIATION, "subnet_id") if here else reader.ids("subnet_ids"),
        entries=reader.unknown("entries"),
    )


KIND = Kind(
    type=NetworkAcl,
    spellings={
        ("aws-api", "NetworkAcl"): _from_api,
        **{("terraform", one): _from_terraform for one in LISTS},
        **{("terraform", vpc): _from_vpc for vpc in VPCS},
        ("terraform", LOOKUP): _from_lookup,
    },
    # A list that came with its VPC is called by an attribute of it.
    parts=(
        *(
            Part(type=part, of=whole, by="network_acl_id")
            for part in (RULE, ASSOCIATION)
            for whole in (*LISTS, *VPCS, LOOKUP)
        ),
        *(Part(type=ADOPTED, of=vpc, by="default_network_acl_id") for vpc in VPCS),
    ),
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

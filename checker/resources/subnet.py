"""A subnet: the part of a VPC's addresses that lies in one zone."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Missing, Unknown
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined, present
from checker.resources.terraform import common, owner_of
from checker.resources.vpc import associated


@dataclass(frozen=True, eq=False, kw_only=True)
class Subnet(Resource):
    """A subnet; `zone_id` compares between accounts, `zone` does not; `owner` is another account's for a shared one.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
    """

    kind = "subnet"
    belongs = ("vpc",)

    vpc: Fact[str]
    cidrs: Fact[tuple[Cidr, ...]]
    zone: Fact[str]
    zone_id: Fact[str | None]
    public_on_launch: Fact[bool]
    ipv6_on_launch: Fact[bool]
    owner: Fact[str]


def _cidrs(reader: Reader) -> Fact[tuple[Cidr, ...]]:
    first: Fact[tuple[Cidr, ...]] = reader.maybe("CidrBlock").then(
        lambda text: collect([reader.cidr("CidrBlock")]) if text else Known(())
    )
    # Only an IPv6-only subnet lacks the IPv4 block; one without any block does not exist.
    return joined(first, associated(reader, "Ipv6")).then(
        lambda found: Known(found) if found else reader.unknown("CidrBlock")
    )


def _from_api(reader: Reader) -> Iterator[Subnet]:
    yield Subnet(
        id=reader.must("SubnetId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        arn=reader.plain("SubnetArn") or None,
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        cidrs=_cidrs(reader),
        zone=reader.text("AvailabilityZone"),
        zone_id=reader.maybe("AvailabilityZoneId"),
        public_on_launch=reader.flag("MapPublicIpOnLaunch", default=False),
        ipv6_on_launch=reader.flag("AssignIpv6AddressOnCreation", default=False),
        owner=reader.text("OwnerId"),
    )


def _block(reader: Reader, key: str) -> Fact[Cidr | None]:
    return reader.maybe(key).then(lambda text: reader.cidr(key) if text else Known(None))


def _zone_id(reader: Reader) -> Fact[str | None]:
    # Before the apply a zone is known by its name alone, which tells subnets of one account apart as well.
    told = reader.maybe("availability_zone_id")
    return told if isinstance(told, Known) or reader.text("availability_zone").missing else Known(None)


def _chosen(reader: Reader) -> Missing:
    """Return a zone that is left open.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/subnet
    """
    return Missing(f"{reader.label}: availability_zone", "set availability_zone: AWS chooses otherwise")


def _from_terraform(reader: Reader) -> Iterator[Subnet]:
    given = present(collect([_block(reader, "cidr_block"), _block(reader, "ipv6_cidr_block")]))
    yield Subnet(
        **common(reader),
        vpc=reader.id("vpc_id"),
        cidrs=given.then(lambda found: Known(found) if found else reader.unknown("cidr_block")),
        zone=reader.text("availability_zone") if reader.has("availability_zone") else Unknown(_chosen(reader)),
        zone_id=_zone_id(reader),
        public_on_launch=reader.flag("map_public_ip_on_launch", default=False),
        ipv6_on_launch=reader.flag("assign_ipv6_address_on_creation", default=False),
        owner=reader.text("owner_id") if reader.type.startswith("data.") else owner_of(reader),
    )


KIND = Kind(
    type=Subnet,
    spellings={
        ("aws-api", "Subnet"): _from_api,
        ("terraform", "aws_subnet"): _from_terraform,
        ("terraform", "aws_default_subnet"): _from_terraform,
        ("terraform", "data.aws_subnet"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_subnets",
            type="Subnet",
            result="Subnets",
            page=("MaxResults", 1000),
        ),
    ),
)

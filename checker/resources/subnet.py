"""A subnet: the part of a VPC's addresses that lies in one zone."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined
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


KIND = Kind(
    type=Subnet,
    spellings={("aws-api", "Subnet"): _from_api},
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

"""A peering connection between two VPCs."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined
from checker.resources.route_table import is_routed_to


@dataclass(frozen=True, eq=False, kw_only=True)
class PeeringConnection(Resource):
    """A connection with the VPC, blocks, Region and account of either end.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcPeeringConnection.html
    """

    kind = "peering_connection"

    active: Fact[bool]
    requester_vpc: Fact[str]
    accepter_vpc: Fact[str]
    requester_cidrs: Fact[tuple[Cidr, ...]]
    accepter_cidrs: Fact[tuple[Cidr, ...]]
    requester_region: Fact[str | None]
    accepter_region: Fact[str | None]
    requester_account: Fact[str | None]
    accepter_account: Fact[str | None]


def _cidrs(reader: Reader, end: str) -> Fact[tuple[Cidr, ...]]:
    # Every VPC has an IPv4 block: an end without one is not told, as before it has accepted.
    v4 = (
        reader.cidrs(f"{end}.CidrBlockSet", "CidrBlock")
        if reader.has(f"{end}.CidrBlockSet")
        else collect([reader.cidr(f"{end}.CidrBlock")])
    )
    return joined(v4, reader.cidrs(f"{end}.Ipv6CidrBlockSet", "Ipv6CidrBlock"))


def _from_api(reader: Reader) -> Iterator[PeeringConnection]:
    yield PeeringConnection(
        id=reader.must("VpcPeeringConnectionId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        active=reader.text("Status.Code").map(lambda code: code == "active"),
        requester_vpc=reader.text("RequesterVpcInfo.VpcId"),
        accepter_vpc=reader.text("AccepterVpcInfo.VpcId"),
        requester_cidrs=_cidrs(reader, "RequesterVpcInfo"),
        accepter_cidrs=_cidrs(reader, "AccepterVpcInfo"),
        requester_region=reader.maybe("RequesterVpcInfo.Region"),
        accepter_region=reader.maybe("AccepterVpcInfo.Region"),
        requester_account=reader.maybe("RequesterVpcInfo.OwnerId"),
        accepter_account=reader.maybe("AccepterVpcInfo.OwnerId"),
    )


KIND = Kind(
    type=PeeringConnection,
    spellings={("aws-api", "VpcPeeringConnection"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpc_peering_connections",
            type="VpcPeeringConnection",
            result="VpcPeeringConnections",
            page=("MaxResults", 1000),
            after=("RouteTable",),
            when=is_routed_to("pcx-"),
        ),
    ),
)

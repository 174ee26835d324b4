"""A peering connection between two VPCs."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall
from checker.model.fact import Fact, Known, known_or
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE
from checker.resources.reader import Reader, collect, joined
from checker.resources.route_table import is_routed_to
from checker.resources.terraform import common, mappings
from checker.resources.vpc import blocks

CONNECTION = "aws_vpc_peering_connection"
ACCEPTER = "aws_vpc_peering_connection_accepter"


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


def _blocks_of(reader: Reader, end: str) -> Fact[tuple[Cidr, ...]]:
    """Return the blocks of the VPC at an end, where it is among what was read."""
    vpc = known_or(reader.id(end), "")
    found = (item for item in mappings(reader, MADE).items if item.plain("id") == vpc)
    home = next(found, None)
    return blocks(home) if home else reader.unknown(f"the address blocks of {vpc or end}")


def _is_accepted(reader: Reader) -> Fact[bool]:
    """Tell whether a connection works: who accepts it may be the configuration of another.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_peering_connection
    """
    status = reader.text("accept_status", default="")
    if isinstance(status, Known) and status.value == "active":
        return Known(True)
    accepts = (reader, *mappings(reader, ACCEPTER).items)
    if any(one.flag("auto_accept", default=False).is_(True).is_yes for one in accepts):
        return Known(True)
    return reader.unknown("whether the other end accepts it")


def _from_terraform(reader: Reader) -> Iterator[PeeringConnection]:
    # Without them the other end is in the Region and account of this one, whichever these are.
    region, account = reader.scope.region, reader.scope.account
    elsewhere = reader.has("peer_region")
    yield PeeringConnection(
        **common(reader),
        active=_is_accepted(reader),
        requester_vpc=reader.id("vpc_id"),
        accepter_vpc=reader.id("peer_vpc_id"),
        requester_cidrs=_blocks_of(reader, "vpc_id"),
        accepter_cidrs=_blocks_of(reader, "peer_vpc_id"),
        requester_region=Known(region) if region or not elsewhere else reader.unknown("its Region"),
        accepter_region=reader.maybe("peer_region").map(lambda told: told or region),
        requester_account=Known(account),
        accepter_account=reader.maybe("peer_owner_id").map(lambda told: told or account),
    )


def _from_lookup(reader: Reader) -> Iterator[PeeringConnection]:
    def told(end: str) -> Fact[tuple[Cidr, ...]]:
        return joined(
            collect([reader.cidr(f"{end}cidr_block")]),
            reader.cidrs(f"{end}cidr_block_set", "cidr_block"),
            reader.cidrs(f"{end}ipv6_cidr_block_set", "ipv6_cidr_block"),
        )

    yield PeeringConnection(
        **common(reader),
        active=reader.text("status").map(lambda code: code == "active"),
        requester_vpc=reader.id("vpc_id"),
        accepter_vpc=reader.id("peer_vpc_id"),
        requester_cidrs=told(""),
        accepter_cidrs=told("peer_"),
        requester_region=reader.maybe("region"),
        accepter_region=reader.maybe("peer_region"),
        requester_account=reader.maybe("owner_id"),
        accepter_account=reader.maybe("peer_owner_id"),
    )


KIND = Kind(
    type=PeeringConnection,
    spellings={
        ("aws-api", "VpcPeeringConnection"): _from_api,
        ("terraform", CONNECTION): _from_terraform,
        ("terraform", "data.aws_vpc_peering_connection"): _from_lookup,
    },
    parts=(
        Part(type=ACCEPTER, of=CONNECTION, by="vpc_peering_connection_id"),
        *(Part(type=MADE, of=CONNECTION, by="id", to=end) for end in ("vpc_id", "peer_vpc_id")),
    ),
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

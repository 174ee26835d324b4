"""A NAT gateway: the way out for many private addresses."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import SUBNETS, vpc_of
from checker.resources.reader import Reader, collect, present
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class NatGateway(Resource):
    """A gateway; a `zonal` one stands in its `subnet`, a regional one has none and works in every zone of its VPC.

    `route_table` routes what leaves a regional gateway, which has no subnet whose table could; `addresses` are private.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
    """

    kind = "nat_gateway"

    vpc: Fact[str]
    subnet: Fact[str | None]
    public: Fact[bool]
    active: Fact[bool]
    zonal: Fact[bool]
    route_table: Fact[str | None]
    interfaces: Fact[tuple[str, ...]]
    addresses: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[NatGateway]:
    yield NatGateway(
        id=reader.must("NatGatewayId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        subnet=reader.maybe("SubnetId"),
        public=reader.text("ConnectivityType", default="public").map(lambda kind: kind == "public"),
        active=reader.text("State").map(lambda state: state == "available"),
        zonal=reader.text("AvailabilityMode", default="zonal").map(lambda mode: mode == "zonal"),
        route_table=reader.maybe("RouteTableId"),
        interfaces=present(reader.each("NatGatewayAddresses", lambda item: item.maybe("NetworkInterfaceId"))),
        addresses=present(reader.each("NatGatewayAddresses", lambda item: item.maybe("PrivateIp"))),
    )


def _from_terraform(reader: Reader) -> Iterator[NatGateway]:
    subnet = reader.maybe_id("subnet_id")
    yield NatGateway(
        **common(reader),
        vpc=vpc_of(reader),
        subnet=subnet,
        public=reader.text("connectivity_type", default="public").map(lambda kind: kind == "public"),
        active=reader.text("state", default="available").map(lambda state: state == "available"),
        zonal=reader.text("availability_mode", default="zonal").map(lambda mode: mode == "zonal"),
        route_table=Known(None),
        # Both are for the apply to settle, unless the address is chosen.
        interfaces=collect([reader.id("network_interface_id")]),
        addresses=collect([reader.text("private_ip")]),
    )


KIND = Kind(
    type=NatGateway,
    spellings={
        ("aws-api", "NatGateway"): _from_api,
        ("terraform", "aws_nat_gateway"): _from_terraform,
        ("terraform", "data.aws_nat_gateway"): _from_terraform,
    },
    parts=tuple(Part(type=subnet, of="aws_nat_gateway", by="id", to="subnet_id") for subnet in SUBNETS),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_nat_gateways",
            type="NatGateway",
            result="NatGateways",
            page=("MaxResults", 1000),
        ),
    ),
)

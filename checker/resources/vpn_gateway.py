"""A virtual private gateway: the VPC's end of a VPN or of Direct Connect."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect, joined, present, texts_at
from checker.resources.route_table import is_routed_to
from checker.resources.terraform import common

PREFIX = "vgw-"
ATTACHMENT = "aws_vpn_gateway_attachment"


@dataclass(frozen=True, eq=False, kw_only=True)
class VpnGateway(Resource):
    """A gateway with the VPCs it is attached to: one at the most, none once it was detached.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnGateway.html
    """

    kind = "vpn_gateway"

    vpcs: Fact[tuple[str, ...]]
    active: Fact[bool]


def _attached(reader: Reader) -> Fact[str | None]:
    # While it is attached or detached, packets may or may not pass.
    return reader.text("State").then(
        lambda state: (
            reader.maybe("VpcId")
            if state == "attached"
            else Known(None)
            if state == "detached"
            else reader.unknown(f"VpcId while State is {state}")
        )
    )


def _from_api(reader: Reader) -> Iterator[VpnGateway]:
    yield VpnGateway(
        id=reader.must("VpnGatewayId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpcs=present(reader.each("VpcAttachments", _attached)),
        active=reader.text("State").map(lambda state: state == "available"),
    )


def _from_terraform(reader: Reader) -> Iterator[VpnGateway]:
    own = present(collect([reader.maybe_id("vpc_id")]))
    yield VpnGateway(**common(reader), vpcs=joined(own, reader.ids(ATTACHMENT, "vpc_id")), active=Known(True))


def _from_lookup(reader: Reader) -> Iterator[VpnGateway]:
    here = reader.ids(ATTACHMENT, "vpc_id")
    there = present(collect([reader.maybe_id("attached_vpc_id")]))
    yield VpnGateway(
        **common(reader),
        vpcs=here if isinstance(here, Known) and here.value else there,
        active=reader.text("state").map(lambda state: state == "available"),
    )


def _is_named(seen: Seen) -> bool:
    """Tell whether some route leads to such a gateway, or some table routes what comes in by one."""
    return is_routed_to(PREFIX)(seen) or any(
        id.startswith(PREFIX) for table in seen.raw("RouteTable") for id in texts_at(table, "Associations.GatewayId")
    )


KIND = Kind(
    type=VpnGateway,
    spellings={
        ("aws-api", "VpnGateway"): _from_api,
        ("terraform", "aws_vpn_gateway"): _from_terraform,
        ("terraform", "data.aws_vpn_gateway"): _from_lookup,
    },
    parts=tuple(
        Part(type=ATTACHMENT, of=gateway, by="vpn_gateway_id")
        for gateway in ("aws_vpn_gateway", "data.aws_vpn_gateway")
    ),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpn_gateways",
            type="VpnGateway",
            result="VpnGateways",
            after=("RouteTable",),
            when=_is_named,
        ),
    ),
)

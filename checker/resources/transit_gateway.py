"""A transit gateway: a router between VPCs and other networks of a Region."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.route_table import is_routed_to
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class TransitGateway(Resource):
    """A gateway; `references` says whether security groups may be named across it.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayOptions.html
    """

    kind = "transit_gateway"

    references: Fact[bool]


def any_listed(seen: Seen) -> bool:
    """Tell whether there is, or could be, a transit gateway."""
    return bool(seen.raw("TransitGateway")) or not seen.complete("TransitGateway")


def _from_api(reader: Reader) -> Iterator[TransitGateway]:
    yield TransitGateway(
        id=reader.must("TransitGatewayId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        arn=reader.plain("TransitGatewayArn") or None,
        tags=reader.tags(),
        references=reader.text("Options.SecurityGroupReferencingSupport", default="disable").map(
            lambda support: support == "enable"
        ),
    )


def _from_terraform(reader: Reader) -> Iterator[TransitGateway]:
    support = reader.text("security_group_referencing_support", default="disable")
    yield TransitGateway(**common(reader), references=support.map(lambda state: state == "enable"))


KIND = Kind(
    type=TransitGateway,
    spellings={
        ("aws-api", "TransitGateway"): _from_api,
        ("terraform", "aws_ec2_transit_gateway"): _from_terraform,
        ("terraform", "data.aws_ec2_transit_gateway"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_transit_gateways",
            type="TransitGateway",
            result="TransitGateways",
            page=("MaxResults", 1000),
            after=("RouteTable",),
            when=is_routed_to("tgw-"),
        ),
    ),
)

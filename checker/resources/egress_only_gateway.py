"""An egress-only internet gateway: the way out for IPv6 that nobody can come in by."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.internet_gateway import attached
from checker.resources.kind import Kind
from checker.resources.reader import Reader, collect
from checker.resources.route_table import is_routed_to
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class EgressOnlyGateway(Resource):
    """A gateway; `vpcs` are those it is attached to.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EgressOnlyInternetGateway.html
    """

    kind = "egress_only_gateway"

    vpcs: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[EgressOnlyGateway]:
    yield EgressOnlyGateway(
        id=reader.must("EgressOnlyInternetGatewayId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpcs=attached(reader),
    )


def _from_terraform(reader: Reader) -> Iterator[EgressOnlyGateway]:
    yield EgressOnlyGateway(**common(reader), vpcs=collect([reader.id("vpc_id")]))


KIND = Kind(
    type=EgressOnlyGateway,
    spellings={
        ("aws-api", "EgressOnlyInternetGateway"): _from_api,
        ("terraform", "aws_egress_only_internet_gateway"): _from_terraform,
        ("terraform", "data.aws_egress_only_internet_gateway"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_egress_only_internet_gateways",
            type="EgressOnlyInternetGateway",
            result="EgressOnlyInternetGateways",
            page=("MaxResults", 255),
            after=("RouteTable",),
            when=is_routed_to("eigw-"),
        ),
    ),
)

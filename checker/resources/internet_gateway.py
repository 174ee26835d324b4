"""An internet gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, present


@dataclass(frozen=True, eq=False, kw_only=True)
class InternetGateway(Resource):
    """A gateway; `vpcs` are those it is attached to.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGateway.html
    """

    kind = "internet_gateway"

    vpcs: Fact[tuple[str, ...]]


def attached(reader: Reader) -> Fact[tuple[str, ...]]:
    """Return the VPCs that a gateway is attached to.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InternetGatewayAttachment.html
    """

    def vpc(item: Reader) -> Fact[str | None]:
        # An internet gateway's attachment is `available`, though the enumeration knows `attached` only.
        # A state is not returned for a gateway that is not attached.
        state = item.text("State", default="detached")
        return state.then(lambda code: item.text("VpcId") if code in ("available", "attached") else Known(None))

    return present(reader.each("Attachments", vpc, default=REQUIRED))


def _from_api(reader: Reader) -> Iterator[InternetGateway]:
    yield InternetGateway(
        id=reader.must("InternetGatewayId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpcs=attached(reader),
    )


KIND = Kind(
    type=InternetGateway,
    spellings={("aws-api", "InternetGateway"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_internet_gateways",
            type="InternetGateway",
            result="InternetGateways",
            page=("MaxResults", 1000),
        ),
    ),
)

"""An internet gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, collect, joined, present
from checker.resources.terraform import common

ATTACHMENT = "aws_internet_gateway_attachment"


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


def _from_terraform(reader: Reader) -> Iterator[InternetGateway]:
    own = present(collect([reader.maybe_id("vpc_id")]))
    yield InternetGateway(**common(reader), vpcs=joined(own, reader.ids(ATTACHMENT, "vpc_id")))


def _from_lookup(reader: Reader) -> Iterator[InternetGateway]:
    def vpc(item: Reader) -> Fact[str | None]:
        state = item.text("state")
        return state.then(lambda code: item.id("vpc_id") if code in ("available", "attached") else Known(None))

    # A gateway may be attached here that was made elsewhere.
    here = reader.ids(ATTACHMENT, "vpc_id")
    there = present(reader.each("attachments", vpc, default=REQUIRED))
    yield InternetGateway(**common(reader), vpcs=here if isinstance(here, Known) and here.value else there)


KIND = Kind(
    type=InternetGateway,
    spellings={
        ("aws-api", "InternetGateway"): _from_api,
        ("terraform", "aws_internet_gateway"): _from_terraform,
        ("terraform", "data.aws_internet_gateway"): _from_lookup,
    },
    parts=tuple(
        Part(type=ATTACHMENT, of=gateway, by="internet_gateway_id")
        for gateway in ("aws_internet_gateway", "data.aws_internet_gateway")
    ),
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

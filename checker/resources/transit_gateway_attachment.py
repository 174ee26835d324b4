"""An attachment of a VPC or another network to a transit gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.transit_gateway import any_listed

# The second name is an older spelling of the first.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html
PEERING = ("peering", "tgw-peering")


@dataclass(frozen=True, eq=False, kw_only=True)
class TransitGatewayAttachment(Resource):
    """An attachment; `resource` is the id of what is attached, `table` routes the packets that come in by it.

    The two gateways of a peering have one attachment id between them, so each end is called by its gateway too.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html
    """

    kind = "transit_gateway_attachment"

    attachment: str
    gateway: Fact[str]
    resource: Fact[str]
    resource_type: Fact[str]
    active: Fact[bool]
    table: Fact[str | None]


def _table(reader: Reader) -> Fact[str | None]:
    owner = reader.plain("TransitGatewayOwnerId", reader.scope.account)
    if not reader.has("Association") and owner != reader.scope.account:
        # Only the gateway's owner sees which table is associated.
        return reader.unknown("Association")
    table: Fact[str | None] = reader.text("Association.State", default="associated").then(
        lambda state: reader.maybe("Association.TransitGatewayRouteTableId") if state == "associated" else Known(None)
    )
    # A policy table chooses the route table by rules that are not read.
    return reader.maybe("Association.TransitGatewayPolicyTableId").then(
        lambda policy: reader.unknown("Association.TransitGatewayRouteTableId") if policy else table
    )


def _from_api(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    attachment = reader.must("TransitGatewayAttachmentId")
    is_peering = reader.plain("ResourceType") in PEERING
    yield TransitGatewayAttachment(
        id=f"{attachment} of {reader.plain('TransitGatewayId')}" if is_peering else attachment,
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        attachment=attachment,
        gateway=reader.text("TransitGatewayId"),
        resource=reader.text("ResourceId"),
        resource_type=reader.text("ResourceType"),
        # An attachment goes on carrying packets while it is modified.
        active=reader.text("State").map(lambda state: state in ("available", "modifying")),
        table=_table(reader),
    )


KIND = Kind(
    type=TransitGatewayAttachment,
    spellings={("aws-api", "TransitGatewayAttachment"): _from_api},
    calls=(
        ListCall(
            service="ec2",
            operation="describe_transit_gateway_attachments",
            type="TransitGatewayAttachment",
            result="TransitGatewayAttachments",
            page=("MaxResults", 1000),
            after=("TransitGateway",),
            when=any_listed,
        ),
    ),
)

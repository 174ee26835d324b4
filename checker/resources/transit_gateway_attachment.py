"""An attachment of a VPC or another network to a transit gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Unknown, known_or
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import attribute, common, mappings
from checker.resources.transit_gateway import any_listed

# The second name is an older spelling of the first.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayAttachment.html
PEERING = ("peering", "tgw-peering")
GATEWAY = "aws_ec2_transit_gateway"
ASSOCIATION = "aws_ec2_transit_gateway_route_table_association"
PEERING_ACCEPTER = "aws_ec2_transit_gateway_peering_attachment_accepter"
# Terraform's types of what may be attached, with the API's name of it and the attribute that names the gateway.
ATTACHED = {
    "aws_ec2_transit_gateway_vpc_attachment": ("vpc", "transit_gateway_id"),
    "aws_ec2_transit_gateway_connect": ("connect", "transit_gateway_id"),
    "aws_vpn_connection": ("vpn", "transit_gateway_id"),
    "aws_dx_gateway_association": ("direct-connect-gateway", "associated_gateway_id"),
    "aws_ec2_transit_gateway_peering_attachment": ("peering", "transit_gateway_id"),
}


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


def _terraform_table(reader: Reader) -> Fact[str | None]:
    """Return the table that is associated with an attachment, else the gateway's default one where it has one.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ec2_transit_gateway
    """
    associated = mappings(reader, ASSOCIATION)
    if associated.missing:
        return Unknown(*associated.missing)
    if associated.items:
        told = associated.items[0].id("transit_gateway_route_table_id")
        return told.map(lambda id: id or None)
    gateways = mappings(reader, GATEWAY).items
    if not gateways:
        return reader.unknown("the route table associated with it")
    own = reader.flag("transit_gateway_default_route_table_association", default=True)
    default = gateways[0].text("default_route_table_association", default="enable")
    table = attribute(gateways[0], "association_default_route_table_id")
    return own.then(lambda wanted: default.map(lambda state: table if wanted and state == "enable" else None))


def _from_terraform(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    kind, key = ATTACHED[reader.type]
    gateway = reader.maybe_id(key)
    if gateway.is_(None).is_yes:
        return  # a VPN connection to a virtual private gateway
    told = common(reader)
    named = kind in ("vpc", "connect", "peering")
    attachment = told["id"] if named else attribute(reader, "transit_gateway_attachment_id")
    accepted = any(
        not item.maybe_id("transit_gateway_attachment_id").is_(None).is_yes
        for item in mappings(reader, PEERING_ACCEPTER).items
    )
    resource = {"vpc": "vpc_id", "peering": "peer_transit_gateway_id", "connect": "transport_attachment_id"}.get(kind)
    told["id"] = f"{attachment} of {known_or(gateway, '')}" if kind == "peering" else attachment
    yield TransitGatewayAttachment(
        **told,
        attachment=attachment,
        gateway=gateway.map(lambda id: id or ""),
        resource=reader.id(resource) if resource else Known(str(reader.must("id"))),
        resource_type=Known(kind),
        active=Known(True) if kind != "peering" or accepted else reader.unknown("whether the other end accepts it"),
        # One id stands for both ends of a peering, so an association does not say which of them it is for.
        table=reader.unknown("the route table associated with it") if kind == "peering" else _terraform_table(reader),
    )


def _from_lookup(reader: Reader) -> Iterator[TransitGatewayAttachment]:
    """Yield what stands for the attachments of a gateway that stands elsewhere: nobody knows what else it joins."""
    told = common(reader)
    gateway, told["id"] = told["id"], f"attachments of {told['id']}"
    lost = reader.unknown("what else is attached to it")
    yield TransitGatewayAttachment(
        **told,
        attachment=told["id"],
        gateway=Known(gateway),
        resource=lost,
        resource_type=lost,
        active=lost,
        table=lost,
    )


KIND = Kind(
    type=TransitGatewayAttachment,
    spellings={
        ("aws-api", "TransitGatewayAttachment"): _from_api,
        **{("terraform", type_): _from_terraform for type_ in ATTACHED},
        ("terraform", f"data.{GATEWAY}"): _from_lookup,
    },
    parts=(
        *(Part(type=ASSOCIATION, of=type_, by="transit_gateway_attachment_id") for type_ in ATTACHED),
        *(Part(type=GATEWAY, of=type_, by="id", to=key) for type_, (_, key) in ATTACHED.items()),
        Part(
            type=PEERING_ACCEPTER,
            of="aws_ec2_transit_gateway_peering_attachment",
            by="transit_gateway_attachment_id",
        ),
    ),
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

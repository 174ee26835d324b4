"""The attachment of a transit gateway to another one, in this Region or another."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common, mappings
from checker.resources.transit_gateway_attachment import PEERING, PEERING_ACCEPTER
from checker.resources.transit_gateway_vpc_attachment import ACTIVE

OWN = "aws_ec2_transit_gateway_peering_attachment"


@dataclass(frozen=True, eq=False, kw_only=True)
class TransitGatewayPeeringAttachment(Resource):
    """A peering, called by the id that both ends see, with the gateway, Region and account of either end.

    An end's gateway is `None` where it is a core network of Cloud WAN.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayPeeringAttachment.html
    """

    kind = "transit_gateway_peering_attachment"

    requester_gateway: Fact[str | None]
    accepter_gateway: Fact[str | None]
    requester_region: Fact[str | None]
    accepter_region: Fact[str | None]
    requester_account: Fact[str | None]
    accepter_account: Fact[str | None]
    active: Fact[bool]


def _gateway(reader: Reader, end: str) -> Fact[str | None]:
    if reader.has(f"{end}.CoreNetworkId") or reader.has(f"{end}.TransitGatewayId"):
        return reader.maybe(f"{end}.TransitGatewayId")
    return reader.unknown(f"{end}.TransitGatewayId")


def _from_api(reader: Reader) -> Iterator[TransitGatewayPeeringAttachment]:
    yield TransitGatewayPeeringAttachment(
        id=reader.must("TransitGatewayAttachmentId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        requester_gateway=_gateway(reader, "RequesterTgwInfo"),
        accepter_gateway=_gateway(reader, "AccepterTgwInfo"),
        requester_region=reader.maybe("RequesterTgwInfo.Region"),
        accepter_region=reader.maybe("AccepterTgwInfo.Region"),
        requester_account=reader.maybe("RequesterTgwInfo.OwnerId"),
        accepter_account=reader.maybe("AccepterTgwInfo.OwnerId"),
        active=reader.text("State").map(lambda state: state in ACTIVE),
    )


def _from_terraform(reader: Reader) -> Iterator[TransitGatewayPeeringAttachment]:
    region, account = reader.scope.region, reader.scope.account
    accepted = mappings(reader, PEERING_ACCEPTER).items
    yield TransitGatewayPeeringAttachment(
        **common(reader),
        requester_gateway=reader.maybe_id("transit_gateway_id"),
        accepter_gateway=reader.maybe_id("peer_transit_gateway_id"),
        requester_region=Known(region) if region else reader.unknown("its Region"),
        accepter_region=reader.maybe("peer_region"),
        requester_account=Known(account),
        accepter_account=reader.maybe("peer_account_id").map(lambda told: told or account),
        active=Known(True) if accepted else reader.unknown("whether the other end accepts it"),
    )


def _any_peering(seen: Seen) -> bool:
    if not seen.complete("TransitGatewayAttachment"):
        return True
    return any(raw.get("ResourceType") in PEERING for raw in seen.raw("TransitGatewayAttachment"))


KIND = Kind(
    type=TransitGatewayPeeringAttachment,
    spellings={
        ("aws-api", "TransitGatewayPeeringAttachment"): _from_api,
        ("terraform", OWN): _from_terraform,
    },
    parts=(Part(type=PEERING_ACCEPTER, of=OWN, by="transit_gateway_attachment_id"),),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_transit_gateway_peering_attachments",
            type="TransitGatewayPeeringAttachment",
            result="TransitGatewayPeeringAttachments",
            page=("MaxResults", 1000),
            after=("TransitGatewayAttachment",),
            when=_any_peering,
        ),
    ),
)

"""The attachment of a VPC to a transit gateway, with the options that only this call tells."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common
from checker.resources.transit_gateway import any_listed

# An attachment goes on carrying packets while it is modified.
# Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
ACTIVE = ("available", "modifying")


@dataclass(frozen=True, eq=False, kw_only=True)
class TransitGatewayVpcAttachment(Resource):
    """A VPC's attachment, called by the attachment's id; `subnets` are those that hold its interfaces, one for a zone.

    `references` says whether this VPC takes part in naming security groups across the gateway. The owners of the
    gateway and of the VPC both see it.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayVpcAttachment.html
    """

    kind = "transit_gateway_vpc_attachment"

    gateway: Fact[str]
    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]
    active: Fact[bool]
    references: Fact[bool]
    appliance_mode: Fact[bool]
    ipv6: Fact[bool]


def _option(reader: Reader, name: str, default: str) -> Fact[bool]:
    return reader.text(f"Options.{name}", default=default).map(lambda state: state == "enable")


def _from_api(reader: Reader) -> Iterator[TransitGatewayVpcAttachment]:
    yield TransitGatewayVpcAttachment(
        id=reader.must("TransitGatewayAttachmentId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        gateway=reader.text("TransitGatewayId"),
        vpc=reader.text("VpcId"),
        # No attachment is without a subnet, so an absent list was left out.
        subnets=reader.texts("SubnetIds") if reader.has("SubnetIds") else reader.unknown("SubnetIds"),
        active=reader.text("State").map(lambda state: state in ACTIVE),
        # Source: API_CreateTransitGatewayVpcAttachmentRequestOptions (on by default, unlike the gateway's own option).
        references=_option(reader, "SecurityGroupReferencingSupport", "enable"),
        appliance_mode=_option(reader, "ApplianceModeSupport", "disable"),
        ipv6=_option(reader, "Ipv6Support", "disable"),
    )


def _from_terraform(reader: Reader) -> Iterator[TransitGatewayVpcAttachment]:
    def enabled(name: str, default: str) -> Fact[bool]:
        return reader.text(name, default=default).map(lambda state: state == "enable")

    yield TransitGatewayVpcAttachment(
        **common(reader),
        gateway=reader.id("transit_gateway_id"),
        vpc=reader.id("vpc_id"),
        subnets=reader.ids("subnet_ids"),
        # The provider waits until it is; where another account has to accept it, that is its own to do.
        active=Known(True),
        references=enabled("security_group_referencing_support", "enable"),
        appliance_mode=enabled("appliance_mode_support", "disable"),
        ipv6=enabled("ipv6_support", "disable"),
    )


KIND = Kind(
    type=TransitGatewayVpcAttachment,
    spellings={
        ("aws-api", "TransitGatewayVpcAttachment"): _from_api,
        ("terraform", "aws_ec2_transit_gateway_vpc_attachment"): _from_terraform,
        ("terraform", "data.aws_ec2_transit_gateway_vpc_attachment"): _from_terraform,
    },
    calls=(
        ListCall(
            service="ec2",
            operation="describe_transit_gateway_vpc_attachments",
            type="TransitGatewayVpcAttachment",
            result="TransitGatewayVpcAttachments",
            page=("MaxResults", 1000),
            after=("TransitGateway",),
            when=any_listed,
        ),
    ),
)

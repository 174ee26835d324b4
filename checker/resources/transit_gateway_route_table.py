"""A route table of a transit gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall
from checker.model.fact import Fact, Known, Unknown, merge
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, collect
from checker.resources.route_table import Route
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.terraform import attribute, common, mappings
from checker.resources.transit_gateway import any_listed
from checker.resources.vpc import blocks

GATEWAY = "aws_ec2_transit_gateway"
TABLE = "aws_ec2_transit_gateway_route_table"
ROUTE = "aws_ec2_transit_gateway_route"
LIST_ROUTE = "aws_ec2_transit_gateway_prefix_list_reference"
PROPAGATION = "aws_ec2_transit_gateway_route_table_propagation"
VPC_ATTACHMENT = "aws_ec2_transit_gateway_vpc_attachment"


# What may bring routes of networks outside, with the attribute that names the gateway.
OTHERS = {
    "aws_ec2_transit_gateway_connect": "transit_gateway_id",
    "aws_vpn_connection": "transit_gateway_id",
    "aws_dx_gateway_association": "associated_gateway_id",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class TransitGatewayRouteTable(Resource):
    """A table; each route's `target` is an attachment, and a route with several attachments is told once for each.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRoute.html
    """

    kind = "transit_gateway_route_table"

    gateway: Fact[str]
    routes: Fact[tuple[Route, ...]]


def _destination(reader: Reader) -> Fact[Cidr | PrefixListPeer]:
    # A route that comes from a prefix list names the list besides the block.
    if reader.has("PrefixListId") and not reader.has("DestinationCidrBlock"):
        return reader.text("PrefixListId").map(PrefixListPeer)
    return reader.cidr("DestinationCidrBlock")


def _alternatives(reader: Reader) -> Fact[tuple[Route, ...]]:
    state = reader.text("State", default="active")
    if state.holds(lambda code: code in ("pending", "deleting", "deleted")).is_yes:
        return Known(())
    attachments = reader.texts("TransitGatewayAttachments", "TransitGatewayAttachmentId")
    targets: Fact[tuple[str, ...]] = attachments.map(lambda ids: ids or ("",))
    return targets.map(
        lambda ids: tuple(
            Route(
                destination=_destination(reader),
                target=Known(target),
                active=state.map(lambda code: code == "active"),
                propagated=reader.text("Type", default="static").map(lambda kind: kind == "propagated"),
            )
            for target in ids
        )
    )


def _routes(reader: Reader) -> Fact[tuple[Route, ...]]:
    listed = reader.each("Search.Routes", _alternatives, default=REQUIRED)
    routes = listed.map(lambda found: tuple(route for alternatives in found for route in alternatives))
    is_cut = reader.flag("Search.AdditionalRoutesAvailable", default=False)
    return is_cut.then(lambda cut: reader.unknown("Search.Routes beyond those returned") if cut else routes)


def _from_api(reader: Reader) -> Iterator[TransitGatewayRouteTable]:
    yield TransitGatewayRouteTable(
        id=reader.must("TransitGatewayRouteTableId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        gateway=reader.text("TransitGatewayId"),
        routes=_routes(reader),
    )


def _static(reader: Reader) -> Fact[Route]:
    listed = reader.has("prefix_list_id")
    target = reader.maybe_id("transit_gateway_attachment_id").map(lambda id: id or "")
    hole = reader.flag("blackhole", default=False)
    return Known(
        Route(
            destination=reader.id("prefix_list_id").map(PrefixListPeer)
            if listed
            else reader.cidr("destination_cidr_block"),
            target=hole.then(lambda drops: Known("") if drops else target),
            active=hole.map(lambda drops: not drops),
            propagated=Known(False),
        )
    )


def _of_attachment(reader: Reader, attachment: str) -> Fact[tuple[Route, ...]]:
    """Return the routes to the blocks of the VPC at an attachment."""
    homes = mappings(reader, "aws_vpc").items
    if not homes:
        return reader.unknown("the address blocks that it propagates")

    def route(block: Cidr) -> Route:
        return Route(destination=Known(block), target=Known(attachment), active=Known(True), propagated=Known(True))

    return blocks(homes[0]).map(lambda found: tuple(map(route, found)))


def _told_routes(reader: Reader) -> Fact[tuple[Route, ...]]:
    """Return the routes written down for a table, and those that its propagations lead to."""
    static = collect([reader.each(ROUTE, _static), reader.each(LIST_ROUTE, _static)])

    def propagated(item: Reader) -> Fact[tuple[Route, ...]]:
        attached = mappings(item, VPC_ATTACHMENT).items
        if not attached:
            return item.unknown("the address blocks that it propagates")
        return _of_attachment(attached[0], attached[0].plain("id"))

    more = reader.each(PROPAGATION, propagated)
    return static.then(lambda own: more.map(lambda rest: tuple(route for part in (*own, *rest) for route in part)))


def _from_terraform(reader: Reader) -> Iterator[TransitGatewayRouteTable]:
    yield TransitGatewayRouteTable(
        **common(reader), gateway=reader.id("transit_gateway_id"), routes=_told_routes(reader)
    )


def _from_gateway(reader: Reader) -> Iterator[TransitGatewayRouteTable]:
    """Yield the default tables of a gateway, to which each attachment propagates that does not say otherwise.

    Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    own = _told_routes(reader)
    default = reader.text("default_route_table_propagation", default="enable")

    def brought(item: Reader) -> Fact[tuple[Route, ...]]:
        wanted = item.flag("transit_gateway_default_route_table_propagation", default=True)
        return wanted.then(lambda yes: _of_attachment(item, item.plain("id")) if yes else Known(()))

    attached = default.then(lambda state: reader.each(VPC_ATTACHMENT, brought) if state == "enable" else Known(()))
    others = merge(*(mappings(reader, key).missing for key in OTHERS))
    if others or any(mappings(reader, key).items for key in OTHERS):
        attached = Unknown(*(others or reader.unknown("routes that a VPN or Direct Connect propagates").missing))
    routes = own.then(lambda told: attached.map(lambda more: (*told, *(one for part in more for one in part))))
    ids = [attribute(reader, f"{use}_default_route_table_id") for use in ("association", "propagation")]
    # Both are the same table, though a reference may call it by either attribute.
    for id_ in dict.fromkeys(ids):
        yield TransitGatewayRouteTable(
            id=id_, scope=reader.scope, origin=reader.origin, gateway=Known(str(reader.must("id"))), routes=routes
        )


KIND = Kind(
    type=TransitGatewayRouteTable,
    spellings={
        ("aws-api", "TransitGatewayRouteTable"): _from_api,
        ("terraform", TABLE): _from_terraform,
        ("terraform", GATEWAY): _from_gateway,
    },
    # A default table is called by an attribute of its gateway.
    parts=(
        *(
            Part(type=part, of=whole, by="transit_gateway_route_table_id")
            for part in (ROUTE, LIST_ROUTE, PROPAGATION)
            for whole in (TABLE, GATEWAY)
        ),
        Part(type=VPC_ATTACHMENT, of=GATEWAY, by="transit_gateway_id"),
        Part(type=VPC_ATTACHMENT, of=PROPAGATION, by="id", to="transit_gateway_attachment_id"),
        Part(type="aws_vpc", of=VPC_ATTACHMENT, by="id", to="vpc_id"),
        *(Part(type=other, of=GATEWAY, by=key) for other, key in OTHERS.items()),
    ),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_transit_gateway_route_tables",
            type="TransitGatewayRouteTable",
            result="TransitGatewayRouteTables",
            page=("MaxResults", 1000),
            after=("TransitGateway",),
            when=any_listed,
        ),
        DetailCall(
            service="ec2",
            operation="search_transit_gateway_routes",
            of="TransitGatewayRouteTable",
            identity="TransitGatewayRouteTableId",
            argument="TransitGatewayRouteTableId",
            arguments={"Filters": [{"Name": "type", "Values": ["static", "propagated"]}]},
            # The answer can be cut short without a token to go on with, and then says so.
            result="{Routes: Routes, AdditionalRoutesAvailable: AdditionalRoutesAvailable}",
            into="Search",
        ),
    ),
)

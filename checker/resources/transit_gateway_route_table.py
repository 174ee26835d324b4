"""A route table of a transit gateway."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader
from checker.resources.route_table import Route
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.transit_gateway import any_listed


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


KIND = Kind(
    type=TransitGatewayRouteTable,
    spellings={("aws-api", "TransitGatewayRouteTable"): _from_api},
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

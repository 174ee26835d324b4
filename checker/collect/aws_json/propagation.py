"""The routes that attachments propagate into a transit gateway's table, where only the propagations are told."""

from collections.abc import Iterator, Mapping

from checker.collect.aws.calls import Answer
from checker.collect.aws.refusal import Refusal
from checker.collect.aws_json.keys import spelled
from checker.collect.aws_json.listings import Listings
from checker.model.call import DetailCall, ListCall, Raw
from checker.model.record import Status

_TABLE = "TransitGatewayRouteTableId"
SEARCH = DetailCall(
    service="ec2",
    operation="search_transit_gateway_routes",
    of="TransitGatewayRouteTable",
    identity=_TABLE,
    argument=_TABLE,
    result="Routes",
    into="Search",
)
# No kind reads the propagations: the search for routes finds what they lead to.
PROPAGATIONS = DetailCall(
    service="ec2",
    operation="get_transit_gateway_route_table_propagations",
    of="TransitGatewayRouteTable",
    identity=_TABLE,
    argument=_TABLE,
    result="TransitGatewayRouteTablePropagations",
    into="Propagations",
)
_VPCS = ListCall(service="ec2", operation="describe_vpcs", type="Vpc", result="Vpcs")
_ATTACHMENTS = ListCall(
    service="ec2",
    operation="describe_transit_gateway_vpc_attachments",
    type="TransitGatewayVpcAttachment",
    result="TransitGatewayVpcAttachments",
)


def compose(call: DetailCall, search: object, propagations: object, listings: Listings, table: str) -> Answer:
    """Return the result of a search that found static routes only, with the routes that are propagated.

    A VPC propagates its address blocks; where a static route has the same block, that one is used.
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    found = dict(search) if isinstance(search, Mapping) else {}
    listed = found.get("Routes")
    routes = [route for route in listed if isinstance(route, Mapping)] if isinstance(listed, list) else []
    blocks = {route.get("DestinationCidrBlock") for route in routes}
    have = {id_ for route in routes if route.get("Type") == "propagated" for id_ in _attachments(route)}
    for item in propagations if isinstance(propagations, list) else ():
        if not isinstance(item, Mapping) or item.get("State") not in ("enabled", "enabling"):
            continue
        if item.get("TransitGatewayAttachmentId") in have:
            continue
        told = _blocks(item, listings)
        if isinstance(told, str):
            hint = f"add the output of `{spelled(call)}` of {table}, static and propagated routes, to the folder"
            return Answer(None, Refusal(Status.UNREADABLE, "NotComposed", told, supply=hint))
        attachment = {
            key: item[key] for key in ("ResourceId", "ResourceType", "TransitGatewayAttachmentId") if key in item
        }
        routes += [_route(block, attachment) for block in told if block not in blocks]
    return Answer({**found, "Routes": routes})


def _route(block: str, attachment: Raw) -> Raw:
    return {
        "DestinationCidrBlock": block,
        "TransitGatewayAttachments": [attachment],
        "Type": "propagated",
        "State": "active",
    }


def _attachments(route: Raw) -> Iterator[object]:
    listed = route.get("TransitGatewayAttachments")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping):
            yield item.get("TransitGatewayAttachmentId")


def _blocks(propagation: Raw, listings: Listings) -> list[str] | str:
    """Return the blocks that an attachment propagates, or what is not known of them."""
    kind, resource = propagation.get("ResourceType"), propagation.get("ResourceId")
    if kind != "vpc":
        return f"the routes that {kind} {resource} propagates are in no file"
    vpc = _find(_VPCS, "VpcId", resource, listings)
    if vpc is None:
        return f"{resource} propagates its blocks, and no file holds it"
    blocks = list(_associated(vpc, "CidrBlock", "CidrBlockAssociationSet"))
    plain = vpc.get("CidrBlock")
    if not blocks and isinstance(plain, str):
        blocks = [plain]
    if six := list(_associated(vpc, "Ipv6CidrBlock", "Ipv6CidrBlockAssociationSet")):
        id_ = propagation.get("TransitGatewayAttachmentId")
        attachment = _find(_ATTACHMENTS, "TransitGatewayAttachmentId", id_, listings)
        options = attachment.get("Options") if attachment else None
        support = options.get("Ipv6Support") if isinstance(options, Mapping) else None
        if support is None:
            return f"whether {id_} carries IPv6 is in no file"
        blocks += six if support == "enable" else []
    return blocks or f"the address blocks of {resource} are in no file"


def _associated(vpc: Raw, key: str, under: str) -> Iterator[str]:
    listed = vpc.get(under)
    for item in listed if isinstance(listed, list) else ():
        state = item.get(f"{key}State") if isinstance(item, Mapping) else None
        code = state.get("State") if isinstance(state, Mapping) else "associated"
        block = item.get(key) if isinstance(item, Mapping) else None
        if isinstance(block, str) and code == "associated":
            yield block


def _find(call: ListCall, key: str, id_: object, listings: Listings) -> Raw | None:
    for scope in listings.scopes:
        listing = listings.get(call, scope)
        items = listing.values.get(call.result) if listing else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, Mapping) and item.get(key) == id_:
                return item
    return None

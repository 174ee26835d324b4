"""A route table of a VPC, and one route."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known, Unknown, merge
from checker.model.ids import is_symbolic, prefixed
from checker.model.part import Part
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.kind import Kind
from checker.resources.neighbours import MADE, VPCS, vpc_that_made
from checker.resources.reader import REQUIRED, Reader, joined, present, texts_at, unsettled
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.terraform import attribute, common, mappings

# A route to an instance names its interface too, and only the interface says where the packet goes.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
    "InstanceId",
)
PROPAGATED = ("EnableVgwRoutePropagation", "Advertisement")
# Terraform's names of the same, and of destinations; a route alone and one in its table spell those differently.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/route
TERRAFORM_TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_peering_connection_id",
    "vpc_endpoint_id",
    "egress_only_gateway_id",
    "local_gateway_id",
    "carrier_gateway_id",
    "core_network_arn",
    "odb_network_arn",
    "network_interface_id",
    "instance_id",
)
BLOCKS = ("cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block")
LISTS = "destination_prefix_list_id"
ROUTE = "aws_route"
ASSOCIATION = "aws_route_table_association"
MAIN = "aws_main_route_table_association"
PROPAGATION = "aws_vpn_gateway_route_propagation"
ADOPTED = "aws_default_route_table"
TABLES = ("aws_route_table", ADOPTED)
LOOKUP = "data.aws_route_table"
NOT_ASSOCIATED = ("disassociating", "disassociated", "failed")


@dataclass(frozen=True, eq=False, kw_only=True)
class Route:
    """A route; `target` is the target's id, `local`, or empty for none, and an inactive route drops its packets."""

    destination: Fact[Cidr | PrefixListPeer]
    target: Fact[str]
    active: Fact[bool]
    propagated: Fact[bool]


@dataclass(frozen=True, eq=False, kw_only=True)
class RouteTable(Resource):
    """A table with those associated with it by name: `subnets`, and `gateways` whose incoming packets it routes.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTable.html
    """

    kind = "route_table"

    vpc: Fact[str]
    is_main: Fact[bool]
    subnets: Fact[tuple[str, ...]]
    gateways: Fact[tuple[str, ...]]
    routes: Fact[tuple[Route, ...]]


def _destination(reader: Reader) -> Fact[Cidr | PrefixListPeer]:
    if reader.has("DestinationIpv6CidrBlock"):
        return reader.cidr("DestinationIpv6CidrBlock")
    if reader.has("DestinationPrefixListId"):
        return reader.text("DestinationPrefixListId").map(PrefixListPeer)
    return reader.cidr("DestinationCidrBlock")


def _target(reader: Reader) -> Fact[str]:
    found = (reader.text(key) for key in TARGETS if not reader.maybe(key).is_(None).is_yes)
    # A black hole may have lost its target; an active route without one leads to something of a kind not known here.
    live = reader.text("State", default="active").is_("active").is_yes
    return next(found, reader.unknown("GatewayId") if live else Known(""))


def _route(reader: Reader) -> Fact[Route]:
    return Known(
        Route(
            destination=_destination(reader),
            target=_target(reader),
            active=reader.text("State", default="active").map(lambda state: state == "active"),
            propagated=reader.text("Origin", default="CreateRoute").map(lambda origin: origin in PROPAGATED),
        )
    )


def _associated(reader: Reader, field: str) -> Fact[tuple[str, ...]]:
    def one(item: Reader) -> Fact[str | None]:
        state = item.text("AssociationState.State", default="associated")
        return state.then(lambda code: Known(None) if code in NOT_ASSOCIATED else item.maybe(field))

    # Without the list a subnet would be taken for one that follows the main table.
    return present(reader.each("Associations", one, default=REQUIRED))


def _is_main(reader: Reader) -> Fact[bool]:
    return reader.each("Associations", lambda item: item.flag("Main", default=False), default=REQUIRED).map(any)


def _from_api(reader: Reader) -> Iterator[RouteTable]:
    yield RouteTable(
        id=reader.must("RouteTableId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        is_main=_is_main(reader),
        subnets=_associated(reader, "SubnetId"),
        gateways=_associated(reader, "GatewayId"),
        # Every table has its local routes, so an absent list was left out.
        routes=reader.each("Routes", _route, default=REQUIRED),
    )


def _terraform_target(reader: Reader) -> Fact[str]:
    """Return what a route leads to: of the attributes of which just one may be set, that which is."""
    told = [reader.maybe_id(key) for key in TERRAFORM_TARGETS if reader.has(key)]
    for one in told:
        if isinstance(one, Known) and one.value:
            # What sort of gateway a symbol such as `var.gateway` is, shows in no id.
            unsure = is_symbolic(one.value) and prefixed(one.value) == one.value
            return Unknown(unsettled(Symbol(one.value))) if unsure else Known(one.value)
    missing = merge(*(one.missing for one in told))
    return Unknown(*missing) if missing else reader.unknown("gateway_id")


def _terraform_destination(reader: Reader) -> Fact[Cidr | PrefixListPeer]:
    for key in BLOCKS:
        if not reader.maybe(key).is_(None).is_yes:
            return reader.cidr(key)
    return reader.id(LISTS).map(PrefixListPeer)


def terraform_route(reader: Reader) -> Fact[Route]:
    """Return a route as Terraform tells it, which is active but where its state says something else."""
    state = reader.text("state", default="active")
    return Known(
        Route(
            destination=_terraform_destination(reader),
            target=_terraform_target(reader),
            active=Known(not state.is_("blackhole").is_yes),
            propagated=Known(reader.text("origin", default="").holds(lambda origin: origin in PROPAGATED).is_yes),
        )
    )


def _propagated(reader: Reader) -> Fact[tuple[Route, ...]]:
    """Return the route of each gateway that puts its own into a table: what they lead to is for the other side to say.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpn_gateway_route_propagation
    """
    gateways = joined(reader.ids("propagating_vgws"), reader.ids(PROPAGATION, "vpn_gateway_id"))
    lost = reader.unknown("destinations of the routes that a virtual private gateway propagates")
    return gateways.map(
        lambda ids: tuple(
            Route(destination=lost, target=Known(id), active=Known(True), propagated=Known(True)) for id in ids
        )
    )


def _terraform_routes(reader: Reader, inline: str = "route") -> Fact[tuple[Route, ...]]:
    """Return the routes written in a table and those apart from it; the provider reads the latter into the table too.

    The local routes are nowhere written; the VPC's blocks tell them.
    """

    def together(within: tuple[Route, ...], apart: tuple[Route, ...]) -> tuple[Route, ...]:
        told = {one.destination.value for one in apart if isinstance(one.destination, Known)}
        kept = (one for one in within if not (isinstance(one.destination, Known) and one.destination.value in told))
        return (*kept, *apart)

    apart = reader.each(ROUTE, terraform_route)
    routes = reader.each(inline, terraform_route).then(lambda within: apart.map(lambda one: together(within, one)))
    return routes.then(lambda found: _propagated(reader).map(lambda more: (*found, *more)))


def _terraform_associated(reader: Reader, field: str) -> Fact[tuple[str, ...]]:
    return present(reader.each(ASSOCIATION, lambda item: item.maybe_id(field)))


def _from_terraform(reader: Reader) -> Iterator[RouteTable]:
    made_main = mappings(reader, MAIN)
    is_main: Fact[bool] = Known(bool(made_main.items) or reader.type == ADOPTED)
    yield RouteTable(
        **common(reader),
        vpc=vpc_that_made(reader, "id", "default_route_table_id"),
        is_main=Unknown(*made_main.missing) if made_main.missing and is_main.is_(False).is_yes else is_main,
        subnets=_terraform_associated(reader, "subnet_id"),
        gateways=_terraform_associated(reader, "gateway_id"),
        routes=_terraform_routes(reader),
    )


def _from_lookup(reader: Reader) -> Iterator[RouteTable]:
    """Yield a table that stands elsewhere, with those that are associated with it here."""

    def told(field: str) -> Fact[tuple[str, ...]]:
        there = present(reader.each("associations", lambda item: item.maybe_id(field)))
        if not mappings(reader, ASSOCIATION).items:
            return there
        # What is associated here is sure; of others than these this input could not tell.
        here = _terraform_associated(reader, field)
        return joined(there, here) if isinstance(there, Known) else here

    yield RouteTable(
        **common(reader),
        vpc=reader.id("vpc_id"),
        is_main=reader.each("associations", lambda item: item.flag("main", default=False)).map(any),
        subnets=told("subnet_id"),
        gateways=told("gateway_id"),
        routes=reader.each("routes", terraform_route),
    )


def _from_vpc(reader: Reader) -> Iterator[RouteTable]:
    """Yield the main table that a VPC comes with, which has local routes alone, unless the configuration adopts it.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
    """
    adopted, replaced = mappings(reader, ADOPTED), mappings(reader, MAIN)
    if adopted.items:
        return
    own = _terraform_routes(reader, inline="")
    lost = adopted.missing or (() if reader.type == MADE else reader.unknown("routes of the main table").missing)
    is_main: Fact[bool] = Unknown(*replaced.missing) if replaced.missing else Known(not replaced.items)
    key = "main_route_table_id" if reader.type.startswith("data.") else "default_route_table_id"
    yield RouteTable(
        id=attribute(reader, key),
        scope=reader.scope,
        origin=reader.origin,
        vpc=Known(str(reader.must("id"))),
        is_main=is_main,
        subnets=_terraform_associated(reader, "subnet_id"),
        gateways=_terraform_associated(reader, "gateway_id"),
        routes=Unknown(*lost) if lost else own,
    )


def is_routed_to(prefix: str) -> Callable[[Seen], bool]:
    """Return a test of whether some route leads to an id that starts with `prefix`, as far as tables were read."""

    def leads(seen: Seen) -> bool:
        if not seen.complete("RouteTable"):
            return True
        return any(
            id.startswith(prefix)
            for table in seen.raw("RouteTable")
            for field in TARGETS
            for id in texts_at(table, f"Routes.{field}")
        )

    return leads


KIND = Kind(
    type=RouteTable,
    spellings={
        ("aws-api", "RouteTable"): _from_api,
        **{("terraform", table): _from_terraform for table in TABLES},
        **{("terraform", vpc): _from_vpc for vpc in VPCS},
        ("terraform", LOOKUP): _from_lookup,
    },
    # A table that came with its VPC is called by an attribute of it.
    parts=(
        *(
            Part(type=part, of=whole, by="route_table_id")
            for part in (ROUTE, ASSOCIATION, PROPAGATION)
            for whole in (*TABLES, *VPCS, LOOKUP)
        ),
        *(Part(type=MAIN, of=table, by="route_table_id") for table in TABLES),
        *(Part(type=MAIN, of=vpc, by="vpc_id") for vpc in VPCS),
        *(Part(type=ADOPTED, of=vpc, by="default_route_table_id") for vpc in VPCS),
    ),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_route_tables",
            type="RouteTable",
            result="RouteTables",
            # A page holds 100 tables at the most where its size is asked for; without, it holds what there is.
        ),
    ),
)

"""A route table of a VPC, and one route."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader, present, texts_at
from checker.resources.security_group_rule import PrefixListPeer

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
    spellings={("aws-api", "RouteTable"): _from_api},
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

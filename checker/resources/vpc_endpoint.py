"""An endpoint of a VPC: a private way to a service."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known, Unknown
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import VPCS, default_group, main_table
from checker.resources.reader import Reader, joined
from checker.resources.terraform import common, mappings, owner_of

ENDPOINT = "aws_vpc_endpoint"
TABLE_OF = "aws_vpc_endpoint_route_table_association"
SUBNET_OF = "aws_vpc_endpoint_subnet_association"
GROUP_OF = "aws_vpc_endpoint_security_group_association"


@dataclass(frozen=True, eq=False, kw_only=True)
class VpcEndpoint(Resource):
    """An endpoint; a `Gateway` works by its route tables, the other types by interfaces in subnets.

    `type` is as AWS spells it: `Gateway`, `Interface`, `GatewayLoadBalancer`, `Resource`, `ServiceNetwork`, `Tunnel`.
    `managed` says that a service made it, as Network Firewall does; only a `GatewayLoadBalancer` one takes routes.
    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
    """

    kind = "vpc_endpoint"
    belongs = ("vpc",)

    vpc: Fact[str]
    type: Fact[str]
    service: Fact[str]
    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    route_tables: Fact[tuple[str, ...]]
    interfaces: Fact[tuple[str, ...]]
    active: Fact[bool]
    managed: Fact[bool]
    owner: Fact[str]


def _from_api(reader: Reader) -> Iterator[VpcEndpoint]:
    yield VpcEndpoint(
        id=reader.must("VpcEndpointId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.name_tag(),
        tags=reader.tags(),
        vpc=reader.text("VpcId"),
        type=reader.text("VpcEndpointType", default="Gateway"),
        service=reader.text("ServiceName"),
        subnets=reader.texts("SubnetIds"),
        groups=reader.texts("Groups", "GroupId"),
        route_tables=reader.texts("RouteTableIds"),
        interfaces=reader.texts("NetworkInterfaceIds"),
        # The documents spell states both as `available` and as `Available`; a partial one works in some subnets.
        active=reader.text("State").map(lambda state: state.lower() in ("available", "partial")),
        managed=reader.flag("RequesterManaged", default=False),
        owner=reader.text("OwnerId"),
    )


def _groups(reader: Reader, type_: Fact[str]) -> Fact[tuple[str, ...]]:
    """Return the groups of an endpoint with interfaces, which wears its VPC's default one where none is named.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_endpoint
    Source: ../vpc_endpoint_security_group_association (replace_default_association)
    """
    within, apart = reader.ids("security_group_ids"), reader.ids(GROUP_OF, "security_group_id")
    added = mappings(reader, GROUP_OF).items
    replaced = any(item.flag("replace_default_association", default=False).is_(True).is_yes for item in added)

    def worn(own: tuple[str, ...], kind: str) -> Fact[tuple[str, ...]]:
        if own or replaced or kind != "Interface":
            return joined(Known(own), apart)
        return joined(reader.id("vpc_id").map(lambda vpc: (default_group(vpc, reader),)), apart)

    return within.then(lambda own: type_.then(lambda kind: worn(own, kind)))


def _from_terraform(reader: Reader) -> Iterator[VpcEndpoint]:
    type_ = reader.text("vpc_endpoint_type", default="Gateway")
    state = reader.text("state", default="available").map(lambda code: code.lower() in ("available", "partial"))
    interfaces = reader.ids("network_interface_ids")
    # The apply makes the interfaces of all but the gateway type.
    none: Fact[tuple[str, ...]] = type_.then(
        lambda kind: Known(()) if kind == "Gateway" else reader.unknown("network_interface_ids")
    )
    yield VpcEndpoint(
        **common(reader),
        vpc=reader.id("vpc_id"),
        type=type_,
        service=reader.text("service_name"),
        subnets=joined(reader.ids("subnet_ids"), reader.ids(SUBNET_OF, "subnet_id")),
        groups=_groups(reader, type_),
        route_tables=joined(reader.ids("route_table_ids"), reader.ids(TABLE_OF, "route_table_id")).map(
            lambda ids: tuple(map(main_table, ids))
        ),
        interfaces=interfaces if isinstance(interfaces, Known) and interfaces.value else none,
        active=Known(True) if isinstance(state, Unknown) else state,
        managed=Known(reader.flag("requester_managed", default=False).is_(True).is_yes),
        owner=owner_of(reader),
    )


def _from_lookup(reader: Reader) -> Iterator[VpcEndpoint]:
    yield VpcEndpoint(
        **common(reader),
        vpc=reader.id("vpc_id"),
        type=reader.text("vpc_endpoint_type"),
        service=reader.text("service_name"),
        subnets=reader.ids("subnet_ids"),
        groups=reader.ids("security_group_ids"),
        route_tables=reader.ids("route_table_ids"),
        interfaces=reader.ids("network_interface_ids"),
        active=reader.text("state").map(lambda code: code.lower() in ("available", "partial")),
        managed=reader.flag("requester_managed"),
        owner=reader.text("owner_id"),
    )


KIND = Kind(
    type=VpcEndpoint,
    spellings={
        ("aws-api", "VpcEndpoint"): _from_api,
        ("terraform", ENDPOINT): _from_terraform,
        ("terraform", f"data.{ENDPOINT}"): _from_lookup,
    },
    parts=(
        *(Part(type=part, of=ENDPOINT, by="vpc_endpoint_id") for part in (TABLE_OF, SUBNET_OF, GROUP_OF)),
        *(Part(type=vpc, of=ENDPOINT, by="id", to="vpc_id") for vpc in VPCS),
    ),
    calls=(
        ListCall(
            service="ec2",
            operation="describe_vpc_endpoints",
            type="VpcEndpoint",
            result="VpcEndpoints",
            page=("MaxResults", 1000),
        ),
    ),
)

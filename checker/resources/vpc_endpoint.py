"""An endpoint of a VPC: a private way to a service."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader


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


KIND = Kind(
    type=VpcEndpoint,
    spellings={("aws-api", "VpcEndpoint"): _from_api},
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

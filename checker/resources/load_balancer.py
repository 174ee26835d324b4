"""An application, network or gateway load balancer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader

_CROSS_ZONE = "load_balancing.cross_zone.enabled"


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadBalancer(Resource):
    """A load balancer, called by its ARN; `dns_name` is in lower case, `active` unless it could not be set up.

    `tags` are read only where they could tell apart several front doors of one VPC, and empty elsewhere.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
    """

    kind = "load_balancer"
    belongs = ("vpc",)

    type: Fact[str]
    internet_facing: Fact[bool]
    dns_name: Fact[str]
    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    address_type: Fact[str]
    active: Fact[bool]
    cross_zone: Fact[bool]


def _from_api(reader: Reader) -> Iterator[LoadBalancer]:
    type_ = reader.text("Type", default="application")
    yield LoadBalancer(
        id=reader.must("LoadBalancerArn"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("LoadBalancerName"),
        arn=reader.plain("LoadBalancerArn"),
        tags=reader.tags(),
        type=type_,
        internet_facing=type_.then(lambda kind: _internet_facing(reader, kind)),
        dns_name=reader.text("DNSName", default="").map(str.lower),
        vpc=reader.text("VpcId"),
        subnets=reader.texts("AvailabilityZones", "SubnetId"),
        groups=reader.texts("SecurityGroups"),
        address_type=reader.text("IpAddressType", default="ipv4"),
        active=reader.text("State.Code", default="active").map(lambda code: code != "failed"),
        cross_zone=type_.then(lambda kind: _cross_zone(reader, kind)),
    )


def _internet_facing(reader: Reader, kind: str) -> Fact[bool]:
    # Gateway load balancers have no scheme: only their endpoints reach them.
    scheme = reader.text("Scheme", default="internal") if kind == "gateway" else reader.text("Scheme")
    return scheme.map(lambda found: found == "internet-facing")


def _cross_zone(reader: Reader, kind: str) -> Fact[bool]:
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    if kind == "application":
        return Known(True)
    if not reader.has("Attributes"):
        return reader.unknown("Attributes")
    return reader.tags("Attributes").map(lambda found: found.get(_CROSS_ZONE) == "true")


def _has_attributes_of_interest(balancer: Raw, seen: Seen) -> bool:
    return balancer.get("Type") in ("network", "gateway")


def _tags_may_decide(balancer: Raw, seen: Seen) -> bool:
    """Tell whether tags could say whose a store is, or that an internal balancer is claimed as a stack's edge."""
    doors = Counter(raw.get("VpcId") for raw in seen.raw("LoadBalancer") if raw.get("Scheme") == "internet-facing")
    internal = balancer.get("Scheme") != "internet-facing"
    return internal or not seen.complete("LoadBalancer") or doors[balancer.get("VpcId")] > 1


KIND = Kind(
    type=LoadBalancer,
    spellings={("aws-api", "LoadBalancer"): _from_api},
    calls=(
        ListCall(
            service="elbv2",
            operation="describe_load_balancers",
            type="LoadBalancer",
            result="LoadBalancers",
            page=("PageSize", 400),
        ),
        DetailCall(
            service="elbv2",
            operation="describe_load_balancer_attributes",
            of="LoadBalancer",
            identity="LoadBalancerArn",
            argument="LoadBalancerArn",
            result="Attributes",
            into="Attributes",
            when=_has_attributes_of_interest,
        ),
        DetailCall(
            service="elbv2",
            operation="describe_tags",
            of="LoadBalancer",
            identity="LoadBalancerArn",
            argument="ResourceArns",
            result="TagDescriptions",
            into="Tags",
            batch=20,
            match="ResourceArn",
            when=_tags_may_decide,
        ),
    ),
)

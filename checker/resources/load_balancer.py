"""An application, network or gateway load balancer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing, vpc_of
from checker.resources.reader import Reader, collect, text_of
from checker.resources.terraform import common

_CROSS_ZONE = "load_balancing.cross_zone.enabled"
_NO_IPV6 = "ipv6.deny_all_igw_traffic"
_IPV4 = "ipv4"
# The switch is told only where the balancer has groups, and is on until it is turned off.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
_PRIVATE_LINK = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
_DECLARED_PRIVATE_LINK = "enforce_security_group_inbound_rules_on_private_link_traffic"
_DECLARED_NODE_FIELDS = ("private_ipv4_address", "ipv6_address")
_NODE_FIELDS = ("IpAddress", "PrivateIPv4Address", "IPv6Address")


@dataclass(frozen=True)
class NodeAddress:
    """A fixed address of a node, and the subnet that the node stands in."""

    subnet: str
    address: Cidr


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadBalancer(Resource):
    """A load balancer, called by its ARN; `dns_name` is in lower case, `active` unless it could not be set up.

    `address_type` is `ipv4`, `dualstack` or `dualstack-without-public-ipv4`. `nodes` are fixed addresses of a network
    load balancer's nodes, public and private ones, by subnet; the others' are those of their interfaces.
    `hides_ipv6` says whether its IPv6 addresses are kept from the internet gateway, whatever routes and rules say.
    `enforces_on_private_link` says whether the groups' inbound rules hold for clients of its endpoint services too.
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
    nodes: Fact[tuple[NodeAddress, ...]]
    hides_ipv6: Fact[bool]
    enforces_on_private_link: Fact[bool]


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
        address_type=reader.text("IpAddressType", default=_IPV4),
        active=reader.text("State.Code", default="active").map(lambda code: code != "failed"),
        cross_zone=type_.then(lambda kind: _cross_zone(reader, kind)),
        nodes=reader.each("AvailabilityZones", _nodes).map(
            lambda zones: tuple(node for zone in zones for node in zone)
        ),
        hides_ipv6=_hides_ipv6(reader),
        enforces_on_private_link=reader.text(_PRIVATE_LINK, default="on").map(lambda state: state != "off"),
    )


def _from_terraform(reader: Reader) -> Iterator[LoadBalancer]:
    """Yield an `aws_lb`; it is called by its ARN or, until that is known, by its address.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb
    """
    type_ = reader.text("load_balancer_type")
    internal = reader.flag("internal")
    facing = type_.then(lambda kind: Known(False) if kind == "gateway" else internal.map(lambda found: not found))
    yield LoadBalancer(
        **common(reader, "name"),
        type=type_,
        internet_facing=facing,
        dns_name=reader.id("dns_name").map(str.lower),
        vpc=vpc_of(reader),
        subnets=_declared_subnets(reader),
        groups=type_.then(lambda kind: _declared_groups(reader, kind)),
        address_type=reader.text("ip_address_type"),
        active=Known(True),
        cross_zone=type_.then(
            lambda kind: (
                Known(True) if kind == "application" else reader.flag("enable_cross_zone_load_balancing", default=False)
            )
        ),
        nodes=reader.each("subnet_mapping", _declared_nodes).map(
            lambda lists: tuple(node for nodes in lists for node in nodes)
        ),
        # The provider has no argument that would turn it off.
        hides_ipv6=facing.map(lambda faces: not faces),
        enforces_on_private_link=reader.text(_DECLARED_PRIVATE_LINK, default="on").map(lambda state: state != "off"),
    )


def _declared_subnets(reader: Reader) -> Fact[tuple[str, ...]]:
    # One of the two is given; after an apply both are told, and before it the other may be left open.
    mapped = reader.ids("subnet_mapping", "subnet_id")
    if isinstance(mapped, Known) and mapped.value:
        return mapped
    return reader.ids("subnets") if reader.has("subnets") else mapped.then(lambda _: reader.unknown("subnets"))


def _declared_groups(reader: Reader, kind: str) -> Fact[tuple[str, ...]]:
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    return groups_worn(reader, "security_groups", reader) if kind == "application" else reader.ids("security_groups")


def _declared_nodes(mapping: Reader) -> Fact[tuple[NodeAddress, ...]]:
    if not mapping.maybe_id("allocation_id").is_(None).is_yes:
        return mapping.unknown("allocation_id")  # its address is the elastic one's, which the record does not tell
    fields = [field for field in _DECLARED_NODE_FIELDS if mapping.raw.get(field) not in (None, "")]
    return mapping.id("subnet_id").then(
        lambda subnet: collect(mapping.cidr(field) for field in fields).map(
            lambda found: tuple(NodeAddress(subnet, address) for address in found)
        )
    )


def _internet_facing(reader: Reader, kind: str) -> Fact[bool]:
    # Gateway load balancers have no scheme: only their endpoints reach them.
    scheme = reader.text("Scheme", default="internal") if kind == "gateway" else reader.text("Scheme")
    return scheme.map(lambda found: found == "internet-facing")


def _nodes(zone: Reader) -> Fact[tuple[NodeAddress, ...]]:
    def one(subnet: str, item: Reader) -> Fact[tuple[NodeAddress, ...]]:
        told = [item.cidr(field) for field in _NODE_FIELDS if item.has(field)]
        return collect(told).map(lambda found: tuple(NodeAddress(subnet, address) for address in found))

    return zone.text("SubnetId", default="").then(
        lambda subnet: zone.each("LoadBalancerAddresses", partial(one, subnet)).map(
            lambda lists: tuple(node for nodes in lists for node in nodes)
        )
    )


def _cross_zone(reader: Reader, kind: str) -> Fact[bool]:
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    if kind == "application":
        return Known(True)
    if not reader.has("Attributes"):
        return reader.unknown("Attributes")
    return reader.tags("Attributes").map(lambda found: found.get(_CROSS_ZONE) == "true")


def _hides_ipv6(reader: Reader) -> Fact[bool]:
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
    by_default = reader.text("Scheme", default="internal").map(lambda scheme: scheme != "internet-facing")
    if reader.has("Attributes"):
        return reader.tags("Attributes").then(
            lambda found: Known(found[_NO_IPV6] == "true") if _NO_IPV6 in found else by_default
        )
    # It was not asked of a balancer without IPv6 addresses, which has none to hide.
    return by_default.then(
        lambda hidden: reader.text("IpAddressType", default=_IPV4).then(
            lambda type_: Known(hidden) if type_ == _IPV4 else reader.unknown("Attributes")
        )
    )


def _has_attributes_of_interest(balancer: Raw, seen: Seen) -> bool:
    return balancer.get("Type") in ("network", "gateway") or balancer.get("IpAddressType", _IPV4) != _IPV4


def _tags_may_decide(balancer: Raw, seen: Seen) -> bool:
    """Tell whether tags could say whose a store is, or that an internal balancer is claimed as a stack's edge."""
    doors = Counter(text_of(raw, "VpcId") for raw in seen.raw("LoadBalancer") if raw.get("Scheme") == "internet-facing")
    internal = balancer.get("Scheme") != "internet-facing"
    return internal or not seen.complete("LoadBalancer") or doors[text_of(balancer, "VpcId")] > 1


KIND = Kind(
    type=LoadBalancer,
    spellings={
        ("aws-api", "LoadBalancer"): _from_api,
        ("terraform", "aws_lb"): _from_terraform,
        ("terraform", "data.aws_lb"): _from_terraform,
    },
    parts=standing("aws_lb", subnets=("subnets", "subnet_mapping.subnet_id"), groups=("security_groups",)),
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

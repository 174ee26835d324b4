"""What to change so that a hop lets a packet through: one sentence that names the resource and the rule."""

from __future__ import annotations

from checker.graph.graph import Graph
from checker.graph.query.filters import Filter
from checker.graph.query.grants import FINAL, acl_of, deciding, table_of
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.resources.peering_connection import PeeringConnection
from checker.resources.vpc import Vpc

_ANY_V4, _ANY_V6 = "0.0.0.0/0", "::/0"
_PORTS = {traffic.TCP, traffic.UDP}

_ROUTES = ("NO_ROUTE_TO_DESTINATION", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS")

# What mends the obstacles that are no rule or entry, by AWS's code for them.
# Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
_BY_CODE = {
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED": "exclude the VPC or subnet from VPC block public access, in both directions",
    "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": (
        "give {mine} a public IPv4 address and its subnet a route to an internet gateway, or go through a load balancer"
    ),
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS": "give {mine} a public IPv4 address, or route {subnet} to a NAT gateway",
    "ENI_SOURCE_DEST_CHECK_RESTRICTION": "turn the source/destination check of {resource} off",
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": "route the peer's own blocks only: a peering passes nothing on to others",
    "TGW_ROUTE_AZ_RESTRICTION": "add a subnet of the sender's zone to the transit gateway attachment",
    "TGW_ATTACH_VPC_AZ_RESTRICTION": "add a subnet of the sender's zone to the transit gateway attachment",
    "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION": "associate the attachment with a transit gateway route table",
    "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT": "add a route to {other} in that transit gateway route table",
    "TGW_RTB_BAD_STATE_ROUTE": "replace the black hole in that transit gateway route table",
    "BAD_STATE_ROUTE": "replace the route, whose target is gone",
    "NGW_REQUIRES_SOURCE_IN_VPC": "route {subnet} to a NAT gateway of its own VPC",
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION": "ask for TCP or ICMP echo: a gateway endpoint takes nothing else",
    "PROTOCOL_RESTRICTION": "ask for traffic that {resource} carries",
    "SG_REFERENCES_NOT_PRESERVED": "name addresses instead of groups in the rule",
    "SG_REFERENCING_SUPPORT": "turn security group referencing on, or name addresses in the rule",
    "ELBV2_LISTENERS_MISMATCH": "add a listener for {packet} to {resource}, or use one of its ports",
    "ELB_LISTENERS_MISMATCH": "add a listener for {packet} to {resource}, or use one of its ports",
    "GATEWAY_REJECTS_SPOOFED_TRAFFIC": "send from an address that the interface has",
    "BAD_STATE_ATTACHMENT": "ask about the gateway of that VPC: {resource} {fact}",
    "DISCONNECTED_VPCS": "join the two VPCs by a peering connection or a transit gateway, with routes in both",
}


def change(filter: Filter, packet: IntervalSet, graph: Graph) -> str:
    """Return what lets a packet past the hop that stops it."""
    if filter.code == "ENI_SG_RULES_MISMATCH" and filter.mine is not None:
        return _of_groups(filter, packet)
    if filter.code == "SUBNET_ACL_RESTRICTION":
        return _of_acl(filter, packet, graph)
    if filter.code in _ROUTES and filter.mine is not None:
        return _of_routes(filter, graph)
    if filter.kind == HopKind.ADDRESS.value:
        return "give both ends addresses of one family"
    sentence = _BY_CODE.get(filter.code or "", "change {resource}: it {fact}")
    return sentence.format(
        mine=f"the interface in {filter.mine.subnet}" if filter.mine else "the interface",
        subnet=filter.mine.subnet if filter.mine else "the subnet",
        vpc=filter.mine.vpc if filter.mine else "the VPC",
        resource=filter.resource,
        other=line.describe(filter.others, 1),
        packet=_wanted(packet),
        fact=filter.tell(),
    )


def _of_groups(filter: Filter, packet: IntervalSet) -> str:
    worn = filter.mine.groups if filter.mine else ()
    if not worn:
        return "give it a security group whose rules admit the packet"
    direction, preposition = ("inbound", "from") if filter.inward else ("outbound", "to")
    near = filter.groups[0] if filter.groups and filter.mine and filter.mine.vpc == filter.other_vpc else None
    which = worn[0] if len(worn) == 1 else f"{worn[0]} (or another group it wears)"
    return f"add to {which} an {direction} rule: {_wanted(packet)} {preposition} {near or _block(filter.others)}"


def _of_acl(filter: Filter, packet: IntervalSet, graph: Graph) -> str:
    is_reply = filter.kind == HopKind.REPLY.value
    # On the way between the ends only the hop's own words tell which way it filters.
    egress = (filter.inward if is_reply else not filter.inward) if filter.mine else filter.tell().startswith("lets out")
    if is_reply:
        protocol = next(traffic.spans(packet))[0]
        packet = traffic.ports(protocol, *filter.clients) if protocol in _PORTS else traffic.ports(protocol)
    acl = acl_of(filter, graph)
    name = acl.id if acl else filter.resource
    direction, preposition = ("outbound", "to") if egress else ("inbound", "from")
    why = ", for the replies: network ACLs are stateless" if is_reply else ""
    entry = deciding(acl, packet, filter.other, egress=egress) if acl else None
    wanted = f"an {direction} entry that allows {traffic.describe(packet)} {preposition} {_block(filter.others)}{why}"
    if entry is None or entry.number >= FINAL:
        return f"add to {name} {wanted}"
    return f"remove {direction} entry {entry.number} of {name}, or add under a lower number {wanted}"


def _of_routes(filter: Filter, graph: Graph) -> str:
    table = table_of(filter, graph)
    name = f"{table.id} of {filter.mine.subnet}" if table and filter.mine else filter.resource
    if filter.mine is None or filter.other_vpc is None:
        return f"add to {name} a route for {_block(filter.others)} to {_gateway(filter)}"
    if filter.other_vpc != filter.mine.vpc and _home_of(filter.mine.vpc, filter.other, graph):
        return (
            f"give one of {filter.mine.vpc} and {filter.other_vpc} other addresses, or offer the service by an"
            " endpoint: both have these addresses, and packets to them stay in their own VPC"
        )
    if filter.other_vpc == filter.mine.vpc:
        return f"remove from {name} the route that takes {_block(filter.others)} away from the VPC's own"
    joined = _peering(filter.mine.vpc, filter.other_vpc, graph)
    block = _home(filter, graph)
    if joined:
        return f"add to {name} a route for {block} to {joined}"
    return (
        f"join {filter.mine.vpc} and {filter.other_vpc} by a peering connection or a transit gateway,"
        f" and add to {name} a route for {block} to it"
    )


def _gateway(filter: Filter) -> str:
    """Return the gateway that leads to the other end; to the internet it is not to open a private subnet to it."""
    if not filter.others <= line.INTERNET:
        return "a virtual private or transit gateway"
    if filter.inward or (filter.mine and filter.mine.public):
        return "an internet gateway"
    return "an egress-only internet gateway" if filter.others <= line.ALL_V6 else "a NAT gateway"


def _peering(one: str, two: str, graph: Graph) -> str | None:
    """Return an active peering of two VPCs."""
    for item in graph.index.all(PeeringConnection).items:
        ends = (item.requester_vpc, item.accepter_vpc)
        if item.active.is_(True).is_yes and any(
            near.is_(one).is_yes and far.is_(two).is_yes for near, far in (ends, ends[::-1])
        ):
            return item.id
    return None


def _home(filter: Filter, graph: Graph) -> str:
    """Return the block of the other end's VPC that it lies in."""
    return _home_of(filter.other_vpc or "", filter.other, graph) or _block(filter.others)


def _home_of(vpc: str, addresses: IntervalSet, graph: Graph) -> str | None:
    found = graph.index.get(Vpc, vpc)
    blocks = found.cidrs.value if found and isinstance(found.cidrs, Known) else ()
    return next((str(block) for block in blocks if addresses <= block.addresses), None)


def _block(addresses: IntervalSet) -> str:
    """Return addresses as a rule names them."""
    if addresses and addresses <= line.INTERNET and addresses.size > 1 << 24:
        return _ANY_V6 if addresses <= line.ALL_V6 else _ANY_V4
    text = line.describe(addresses, 2)
    return f"{text}/{128 if ':' in text else 32}" if "/" not in text and addresses.size == 1 else text


def _wanted(packet: IntervalSet) -> str:
    return traffic.describe(packet)

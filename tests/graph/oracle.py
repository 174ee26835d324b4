"""An oracle for reachability: one packet at a time, walked by hand through a tiny network.

It is written from AWS's documentation alone and shares nothing with the product: no sets, no bounds. Slow and plain on
purpose, so that it can be read against the pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58


@dataclass(frozen=True)
class Packet:
    """A packet that opens a connection: `port` is its destination's (of ICMP `type * 256 + code`)."""

    protocol: int
    port: int
    client: int


@dataclass(frozen=True)
class Rule:
    """A rule of a security group; `protocol` -1 is all, `peer` a block or a group's id."""

    ingress: bool
    protocol: int
    first: int
    last: int
    peer: str


@dataclass(frozen=True)
class Entry:
    """An entry of a network ACL."""

    number: int
    egress: bool
    allow: bool
    protocol: int
    first: int
    last: int
    block: str


@dataclass(frozen=True)
class Route:
    """A listed route; `target` is `local` or an id."""

    block: str
    target: str
    active: bool


@dataclass(frozen=True)
class Subnet:
    """A subnet with the ids of its network, list and table."""

    vpc: str
    block: str
    acl: str
    table: str


@dataclass(frozen=True)
class Interface:
    """An interface with one private IPv4 address."""

    subnet: str
    address: str
    groups: tuple[str, ...]
    public: bool


@dataclass(frozen=True)
class Peering:
    """A peering of two networks."""

    vpcs: tuple[str, str]
    active: bool
    same_region: bool


@dataclass(frozen=True)
class World:
    """A tiny network, everything by id."""

    vpcs: dict[str, tuple[str, ...]]
    subnets: dict[str, Subnet]
    groups: dict[str, tuple[Rule, ...]]
    acls: dict[str, tuple[Entry, ...]]
    tables: dict[str, tuple[Route, ...]]
    interfaces: dict[str, Interface]
    peerings: dict[str, Peering]
    gateways: dict[str, str | None]


@cache
def is_in(address: str, block: str) -> bool:
    """Tell whether an address lies in a block; families never mix (semantics 13)."""
    network = ip_network(block, strict=False)
    return ip_address(address).version == network.version and ip_address(address) in network


def matches(protocol: int, first: int, last: int, packet_protocol: int, port: int) -> bool:
    """Tell whether a permission or entry means a protocol and destination port (semantics 11, 12, 21)."""
    if protocol == -1:
        return True
    if protocol != packet_protocol:
        return False
    if protocol in (ICMP, ICMPV6):
        kind, code = divmod(port, 256)
        return first == -1 or (first == kind and last in (-1, code))
    return protocol not in (TCP, UDP) or first <= port <= last


def group_admits(
    world: World, mine: Interface, other: Interface | None, address: str, packet: Packet, ingress: bool
) -> bool:
    """Tell whether any group worn lets the packet through (semantics 1, 3, 5, 9); none filter nothing."""
    if not mine.groups:
        return True
    for group in mine.groups:
        for rule in world.groups[group]:
            if rule.ingress is not ingress or not matches(
                rule.protocol, rule.first, rule.last, packet.protocol, packet.port
            ):
                continue
            if not rule.peer.startswith("sg-"):
                if is_in(address, rule.peer):
                    return True
            elif other is not None and rule.peer in other.groups and may_name(world, mine, other):
                return True
    return False


def may_name(world: World, mine: Interface, other: Interface) -> bool:
    """Tell whether a group of one network may be named in the other (semantics 9)."""
    here, there = world.subnets[mine.subnet].vpc, world.subnets[other.subnet].vpc
    return here == there or any(
        {here, there} == set(peering.vpcs) and peering.active and peering.same_region
        for peering in world.peerings.values()
    )


def acl_passes(world: World, subnet: str, address: str, protocol: int, port: int, egress: bool) -> bool:
    """Tell what the first entry that matches says; none is a denial (semantics 17)."""
    for entry in sorted(world.acls[world.subnets[subnet].acl], key=lambda entry: entry.number):
        here = entry.egress is egress and is_in(address, entry.block)
        if here and matches(entry.protocol, entry.first, entry.last, protocol, port):
            return entry.allow
    return False


def next_hop(world: World, subnet: str, address: str) -> str | None:
    """Return where the longest prefix leads; a listed route replaces the local one of its block (semantics 24, 25)."""
    best: tuple[int, str | None] | None = None
    for block in world.vpcs[world.subnets[subnet].vpc]:
        if is_in(address, block):
            best = max(best or (-1, None), (ip_network(block).prefixlen, "local"), key=lambda found: found[0])
    for route in world.tables[world.subnets[subnet].table]:
        if is_in(address, route.block):
            length = ip_network(route.block, strict=False).prefixlen
            if best is None or length >= best[0]:
                best = (length, route.target if route.active else None)
    return best[1] if best else None


def routed(world: World, source: Interface, target: Interface) -> bool:
    """Tell whether the network carries a packet from one interface to another (semantics 24, 36, 37)."""
    here, there = world.subnets[source.subnet].vpc, world.subnets[target.subnet].vpc
    hop = next_hop(world, source.subnet, target.address)
    if hop == "local":
        return here == there
    peering = world.peerings.get(hop or "")
    return (
        peering is not None
        and peering.active
        and here != there
        and {here, there} == set(peering.vpcs)
        and any(is_in(target.address, block) for block in world.vpcs[there])
    )


def reply_port(packet: Packet) -> int:
    """Return the destination port of the answer: the client's, or the ICMP echo reply."""
    if packet.protocol == ICMP:
        return 0
    return 129 * 256 if packet.protocol == ICMPV6 else packet.client


def reaches(world: World, source: Interface, target: Interface, packet: Packet) -> bool:
    """Tell whether a packet gets there and its answer back."""
    if not group_admits(world, source, target, target.address, packet, ingress=False):
        return False
    if not group_admits(world, target, source, source.address, packet, ingress=True):
        return False
    if source.subnet == target.subnet:
        return True  # an ACL sees only what crosses the border of its subnet (semantics 19)
    back = reply_port(packet)
    return (
        acl_passes(world, source.subnet, target.address, packet.protocol, packet.port, egress=True)
        and routed(world, source, target)
        and acl_passes(world, target.subnet, source.address, packet.protocol, packet.port, egress=False)
        and acl_passes(world, target.subnet, source.address, packet.protocol, back, egress=True)
        and routed(world, target, source)
        and acl_passes(world, source.subnet, target.address, packet.protocol, back, egress=False)
    )


def arrives(world: World, address: str, target: Interface, packet: Packet) -> bool:
    """Tell whether a packet from an address of the internet gets in and its answer out (semantics 30, 31)."""
    vpc = world.subnets[target.subnet].vpc
    hop = next_hop(world, target.subnet, address)
    return (
        target.public
        and hop is not None
        and hop in world.gateways
        and world.gateways[hop] == vpc
        and acl_passes(world, target.subnet, address, packet.protocol, packet.port, egress=False)
        and group_admits(world, target, None, address, packet, ingress=True)
        and acl_passes(world, target.subnet, address, packet.protocol, reply_port(packet), egress=True)
    )

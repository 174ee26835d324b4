"""An oracle for reachability: what one concrete packet meets in a tiny network, said plainly.

It is written from AWS's documentation alone and shares nothing with the product: no sets, no bounds. Slow and plain on
purpose, so that it can be read against the pages. Here are the network and what its filters and tables say of one
packet; `oracle_walk` moves the packet from hop to hop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address, ip_network

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
ANYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class Packet:
    """A packet: `port` is its destination's (of ICMP `type * 256 + code`); no filter of AWS looks at the source's."""

    source: str
    target: str
    protocol: int
    port: int


@dataclass(frozen=True)
class Rule:
    """A rule of a security group; `protocol` -1 is all, `peer` a block, a prefix list or a group's id."""

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
    """A listed route to a block or prefix list; `target` is `local` or an id."""

    block: str
    target: str
    active: bool = True
    propagated: bool = False


@dataclass(frozen=True)
class Subnet:
    """A subnet; `acl` None follows the VPC's default list, `table` None its main table."""

    vpc: str
    blocks: tuple[str, ...]
    zone: str
    acl: str | None
    table: str | None


@dataclass(frozen=True)
class Interface:
    """An interface with at most one address of either family; `checks` is its source/destination check."""

    subnet: str
    addresses: tuple[str, ...]
    groups: tuple[str, ...] = ()
    public: bool = False
    checks: bool = True
    kind: str = "interface"


@dataclass(frozen=True)
class Peering:
    """A peering of two VPCs."""

    vpcs: tuple[str, str]
    active: bool
    same_region: bool


@dataclass(frozen=True)
class Nat:
    """A NAT gateway of one zone with one address."""

    subnet: str
    address: str
    public: bool
    active: bool


@dataclass(frozen=True)
class Attachment:
    """What a transit gateway is attached to: a VPC by subnets, `peer`, another transit gateway, or a VPN."""

    gateway: str
    vpc: str
    subnets: tuple[str, ...]
    table: str | None
    active: bool
    references: bool = True
    appliance: bool = False
    peer: str = ""
    vpn: bool = False


@dataclass(frozen=True, eq=False)
class World:
    """A tiny network, everything by id."""

    vpcs: dict[str, tuple[str, ...]]
    subnets: dict[str, Subnet]
    groups: dict[str, tuple[Rule, ...]]
    acls: dict[str, tuple[Entry, ...]]
    tables: dict[str, tuple[Route, ...]]
    interfaces: dict[str, Interface]
    peerings: dict[str, Peering] = field(default_factory=dict)
    # Internet, egress-only and VPN gateways by the VPC they are attached to; the tables that route what comes in.
    gateways: dict[str, str | None] = field(default_factory=dict)
    edges: dict[str, str] = field(default_factory=dict)
    nats: dict[str, Nat] = field(default_factory=dict)
    # Transit gateways by whether they let groups be named across, their attachments and their tables.
    transits: dict[str, bool] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    block: str = "off"
    exclusions: dict[str, str] = field(default_factory=dict)
    # The VPCs that lie in another Region.
    elsewhere: tuple[str, ...] = ()


def vpc_of(world: World, group_or_table: str) -> str:
    """Return the home of a list, table or group that is called `kind-number-letter`."""
    return f"vpc-{group_or_table.rpartition('-')[2]}"


@cache
def is_in(address: str, block: str) -> bool:
    """Tell whether an address lies in a block; families never mix (semantics 13)."""
    network = ip_network(block, strict=False)
    return ip_address(address).version == network.version and ip_address(address) in network


@cache
def length(block: str) -> int:
    """Return the length of a block's prefix."""
    return ip_network(block, strict=False).prefixlen


@cache
def is_v6(address: str) -> bool:
    """Tell whether an address is of IPv6."""
    return ":" in address


def matches(protocol: int, first: int, last: int, packet: Packet) -> bool:
    """Tell whether a permission or entry means a packet's protocol and destination port (semantics 11, 12, 21)."""
    if protocol == -1:
        return True
    if protocol != packet.protocol:
        return False
    if protocol in (ICMP, ICMPV6):
        kind, code = divmod(packet.port, 256)
        return first == -1 or (first == kind and last in (-1, code))
    return protocol not in (TCP, UDP) or first <= packet.port <= last


def group_admits(
    world: World, mine: Interface, address: str, packet: Packet, named: tuple[str, ...], *, ingress: bool
) -> bool:
    """Tell whether any group worn lets a packet through (semantics 1, 3, 6, 9); none filter nothing.

    `address` is the other end's, `named` the groups by which a rule may mean that end.
    """
    if not mine.groups:
        return True
    for group in mine.groups:
        for rule in world.groups[group]:
            if rule.ingress is not ingress or not matches(rule.protocol, rule.first, rule.last, packet):
                continue
            if rule.peer.startswith("sg-"):
                if rule.peer in named:
                    return True
            elif any(is_in(address, block) for block in blocks_of(world, rule.peer)):
                return True
    return False


def blocks_of(world: World, peer: str) -> tuple[str, ...]:
    """Return the block itself, or the entries of a prefix list (semantics 14)."""
    return world.lists[peer] if peer.startswith("pl-") else (peer,)


def peered(world: World, one: str, two: str) -> bool:
    """Tell whether a group of one VPC may be named in the other: the same, or an active peering in a Region."""
    return one == two or any(
        {one, two} == set(peering.vpcs) and peering.active and peering.same_region
        for peering in world.peerings.values()
    )


def acl_passes(world: World, subnet: str, address: str, packet: Packet, *, egress: bool) -> bool:
    """Tell what the first entry that matches says; none is a denial (semantics 17, 20)."""
    home = world.subnets[subnet]
    entries = world.acls[home.acl or f"acl-default-{home.vpc[-1]}"]
    for entry in sorted(entries, key=lambda entry: entry.number):
        if (
            entry.egress is egress
            and is_in(address, entry.block)
            and matches(entry.protocol, entry.first, entry.last, packet)
        ):
            return entry.allow
    return False


def next_hop(world: World, subnet: str, address: str) -> str | None:
    """Return where a subnet's table leads: its own, else the VPC's main one (semantics 23); None drops."""
    home = world.subnets[subnet]
    return looked_up(world, home.table or f"rtb-main-{home.vpc[-1]}", home.vpc, address)


def looked_up(world: World, table: str, vpc: str, address: str) -> str | None:
    """Return where the longest prefix leads (semantics 24, 25, 26).

    Of routes to one block a static one beats a prefix list's, and that one beats a propagated one; a listed route
    replaces the local route of its block, but a propagated one never does, however specific it is.
    """
    best: tuple[int, int, str | None] = (-1, 0, None)
    local = [block for block in world.vpcs[vpc] if is_in(address, block)]
    for block in local:
        best = max(best, (length(block), 2, "local"), key=_rank)
    for route in world.tables[table]:
        if route.propagated and local:
            continue
        for block in blocks_of(world, route.block):
            if is_in(address, block):
                kind = 1 if route.propagated else 3 if route.block.startswith("pl-") else 4
                best = max(best, (length(block), kind, route.target if route.active else None), key=_rank)
    return best[2]


def _rank(found: tuple[int, int, str | None]) -> tuple[int, int]:
    return found[:2]


def transit_hop(world: World, table: str, address: str) -> str | None:
    """Return the attachment that a transit gateway's table leads to; None drops (semantics 38)."""
    best: tuple[int, int, str | None] = (-1, 0, None)
    for route in world.tables[table]:
        if is_in(address, route.block):
            target = route.target if route.active else None
            best = max(best, (length(route.block), 0 if route.propagated else 1, target), key=_rank)
    return best[2]


def holder(world: World, vpc: str, address: str) -> str | None:
    """Return the interface or NAT gateway of a VPC that has an address; other VPCs may have it too (semantics 37)."""
    for id, interface in world.interfaces.items():
        if address in interface.addresses and world.subnets[interface.subnet].vpc == vpc:
            return id
    for id, nat in world.nats.items():
        if nat.address == address and world.subnets[nat.subnet].vpc == vpc:
            return id
    return None


def subnet_of(world: World, id: str) -> str:
    """Return the subnet of an interface or NAT gateway."""
    return world.nats[id].subnet if id in world.nats else world.interfaces[id].subnet


def let_in(world: World, subnet: str) -> bool:
    """Tell whether a block on public access lets connections from the internet into a subnet (semantics 34)."""
    return world.block == "off" or "allow-bidirectional" in _excluded(world, subnet)


def let_out(world: World, subnet: str, *, directly: bool) -> bool:
    """Tell whether it lets connections out to the internet; `directly`, and not by a NAT or egress-only gateway.

    What may only go out has to go by such a gateway, under the block on ingress as under an exclusion for egress, and
    an exclusion for egress says nothing under the block on ingress.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-example.html (scenarios 3, 5 and 6).
    """
    excluded = _excluded(world, subnet)
    if world.block == "off" or "allow-bidirectional" in excluded:
        return True
    return not directly and (world.block == "block-ingress" or "allow-egress" in excluded)


def _excluded(world: World, subnet: str) -> set[str]:
    return {world.exclusions[id] for id in (subnet, world.subnets[subnet].vpc) if id in world.exclusions}


def answer_port(protocol: int, client: int) -> int:
    """Return the destination port of the answer: the client's, or the ICMP echo reply."""
    if protocol == ICMP:
        return 0
    return 129 * 256 if protocol == ICMPV6 else client if protocol in (TCP, UDP) else 0

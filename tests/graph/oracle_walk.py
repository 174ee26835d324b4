"""The walk of one packet, hop by hop: every place where AWS's pages say that it is sent on, changed or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.graph import oracle
from tests.graph.oracle import ICMP, TCP, UDP, Attachment, Interface, Packet, World, is_v6

YES, MAYBE, UNTOLD, NO = 3, 2, 1, 0
INTERNET, OUTSIDE = "internet", "outside"
MOST_HOPS = 6
TRANSLATED = (TCP, UDP, ICMP)


@dataclass(frozen=True)
class Way:
    """How a packet came so far.

    `gates` are those between VPCs that it crossed, `nat` is the NAT gateway whose address it bears, and `known` are
    the appliances that let the connection through before, which track it.
    """

    gates: tuple[tuple[str, ...], ...] = ()
    nat: str = ""
    known: tuple[str, ...] = ()
    doubt: bool = False
    trail: tuple[str, ...] = ()

    def by(self, hop: str) -> Way:
        """Return the way with one more hop."""
        return replace(self, trail=(*self.trail, hop))


@dataclass(frozen=True)
class End:
    """Where a packet came out: `internet`, `outside`, an id of who has its address, or `""` and why no further."""

    where: str
    packet: Packet
    way: Way
    why: str = ""

    @property
    def verdict(self) -> int:
        """Return what is sure of this end."""
        if self.way.doubt:
            return MAYBE if self.where else UNTOLD
        return YES if self.where else NO


def lost(packet: Packet, way: Way, why: str) -> Iterator[End]:
    """Yield the one end of a packet that is dropped."""
    yield End("", packet, way, why)


def outbound(world: World, subnet: str, packet: Packet) -> bool:
    """Tell whether the subnet's list lets a packet out."""
    return oracle.acl_passes(world, subnet, packet.target, packet, egress=True)


def inbound(world: World, subnet: str, packet: Packet) -> bool:
    """Tell whether the subnet's list lets a packet in."""
    return oracle.acl_passes(world, subnet, packet.source, packet, egress=False)


def leave(world: World, packet: Packet, subnet: str, way: Way, *, answers: bool = False) -> Iterator[End]:
    """Yield where a packet that is in a subnet, at whatever sends it there, comes out."""
    vpc = world.subnets[subnet].vpc
    mine = oracle.holder(world, vpc, packet.target)
    if mine and oracle.subnet_of(world, mine) == subnet:
        yield End(mine, packet, way.by("subnet"))  # a list sees only what crosses its subnet's border (semantics 19)
        return
    hop = oracle.next_hop(world, subnet, packet.target)
    kind = (hop or "").partition("-")[0]
    step = _STEPS.get(kind)
    if hop is None or step is None or len(way.trail) > MOST_HOPS:
        yield from lost(packet, way, "loop" if hop and step else "route")
        return
    yield from step(world, packet, subnet, hop, way.by(kind), answers)


def _local(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    return deliver(world, packet, world.subnets[subnet].vpc, way)


def deliver(world: World, packet: Packet, vpc: str, way: Way) -> Iterator[End]:
    """Yield the holder of the packet's target in a VPC, where its subnet's list lets it in."""
    there = oracle.holder(world, vpc, packet.target)
    if there is None:
        yield from lost(packet, way, "nobody")
    elif not inbound(world, oracle.subnet_of(world, there), packet):
        yield from lost(packet, way, "acl-in")
    else:
        yield End(there, packet, way)


def crosses(world: World, id: str, vpc: str, packet: Packet) -> str | None:
    """Return the VPC beyond a peering, where the peering takes a packet there (semantics 36)."""
    peering = world.peerings.get(id)
    if peering is None or not peering.active or vpc not in peering.vpcs:
        return None
    there = peering.vpcs[1 - peering.vpcs.index(vpc)]
    return there if any(oracle.is_in(packet.target, block) for block in world.vpcs[there]) else None


def _peering(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    there = crosses(world, hop, world.subnets[subnet].vpc, packet)
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if there is None:
        return lost(packet, way, "peering")
    if any(gate[0].startswith("tgw") for gate in way.gates):
        way = replace(way, doubt=True)  # no page tells whether a peering takes what a transit gateway brought
    return deliver(world, packet, there, replace(way, gates=(*way.gates, (hop,))))


def _nat(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    nat = world.nats.get(hop)
    if nat is None or not nat.active or world.subnets[nat.subnet].vpc != world.subnets[subnet].vpc:
        return lost(packet, way, "nat")
    if not answers and not any(
        oracle.is_in(packet.source, block) for blocks in world.vpcs.values() for block in blocks
    ):
        # NGW_REQUIRES_SOURCE_IN_VPC
        # Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
        return lost(packet, way, "nat")
    if packet.target == nat.address:
        return lost(packet, replace(way, doubt=True), "nat")  # no page tells what becomes of packets to itself
    if answers or is_v6(packet.source) or packet.protocol not in TRANSLATED or way.nat == hop:
        return lost(packet, way, "nat")  # it opens connections only, of three protocols (semantics 35)
    if nat.subnet != subnet and not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if nat.subnet != subnet and not inbound(world, nat.subnet, packet):
        return lost(packet, way, "nat-acl")
    if way.nat:
        return lost(packet, replace(way, doubt=True), "nat")  # no page tells of one behind another
    return leave(world, replace(packet, source=nat.address), nat.subnet, replace(way, nat=hop))


def shown(world: World, vpc: str, packet: Packet) -> bool:
    """Tell whether an internet gateway has a public address for the source (semantics 31, 33, 35)."""
    sender = oracle.holder(world, vpc, packet.source)
    if sender is None:
        return False
    if sender in world.nats:
        return world.nats[sender].public
    return is_v6(packet.source) or world.interfaces[sender].public


def _internet(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    vpc = world.subnets[subnet].vpc
    if world.gateways.get(hop) != vpc or is_private(packet.target):
        return lost(packet, way, "gateway")
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if not shown(world, vpc, packet):
        return lost(packet, way, "public")
    # The block looks at who opens the connection, so its answer passes.
    sender = oracle.holder(world, vpc, packet.source)
    home = oracle.subnet_of(world, sender) if sender else subnet
    if not answers and not oracle.let_out(world, home, directly=not way.nat):
        return lost(packet, way, "block")
    return iter([End(INTERNET, packet, way)])


def _egress_only(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    vpc = world.subnets[subnet].vpc
    if world.gateways.get(hop) != vpc or not is_v6(packet.target) or answers or is_private(packet.target):
        return lost(packet, way, "gateway")
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if oracle.holder(world, vpc, packet.source) is None:
        return lost(packet, way, "public")
    if not oracle.let_out(world, subnet, directly=False):
        return lost(packet, way, "block")
    return iter([End(INTERNET, packet, way)])


def _vpn(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    vpc = world.subnets[subnet].vpc
    if world.gateways.get(hop) != vpc:
        return lost(packet, way, "gateway")
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if oracle.holder(world, vpc, packet.source) is None:
        return lost(packet, replace(way, doubt=True), "gateway")  # no page tells whether it takes others' packets
    return iter([End(OUTSIDE, packet, way)])


def is_private(address: str) -> bool:
    """Tell whether an address is one that internet gateways do not route to."""
    blocks = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "2600:1f18::/32")
    return any(oracle.is_in(address, block) for block in blocks)


def takes_foreign(interface: Interface) -> bool:
    """Tell whether an interface takes packets that are not for itself (semantics 29)."""
    return not interface.checks


def _appliance(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    interface = world.interfaces.get(hop)
    if interface is None or world.subnets[interface.subnet].vpc != world.subnets[subnet].vpc:
        return lost(packet, way, "interface")
    if interface.subnet != subnet and not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if interface.subnet != subnet and not inbound(world, interface.subnet, packet):
        return lost(packet, way, "acl-in")
    return forward(world, packet, hop, way, answers=answers)


def forward(world: World, packet: Packet, id: str, way: Way, *, answers: bool) -> Iterator[End]:
    """Yield where an interface that a route leads to sends a packet on, if it does as it could."""
    interface = world.interfaces[id]
    if packet.target in interface.addresses:
        yield End(id, packet, way)
        return
    if not takes_foreign(interface):
        yield from lost(packet, way, "check")
        return
    if id not in way.known and not passes_groups(world, packet, interface):
        yield from lost(packet, way, "appliance-group")
        return
    way = replace(way, doubt=True, known=(*way.known, id))
    if not answers and not oracle.group_admits(world, interface, packet.target, packet, (), ingress=False):
        yield from lost(packet, way, "appliance-group")  # no page tells whether its groups see the packet go as well
        return
    yield from leave(world, packet, interface.subnet, way, answers=answers)


def passes_groups(world: World, packet: Packet, appliance: Interface) -> bool:
    """Tell whether an appliance's groups let it take a packet of another's and send it on."""
    sender = oracle.holder(world, world.subnets[appliance.subnet].vpc, packet.source)
    named = world.interfaces[sender].groups if sender in world.interfaces else ()
    return oracle.group_admits(world, appliance, packet.source, packet, named, ingress=True)


def _transit(world: World, packet: Packet, subnet: str, hop: str, way: Way, answers: bool) -> Iterator[End]:
    here = world.subnets[subnet]
    found = [
        id
        for id, one in world.attachments.items()
        if (one.gateway, one.vpc, one.active) == (hop, here.vpc, True) and hop in world.transits
    ]
    if not found:
        return lost(packet, way, "attachment")
    door = entrance(world, world.attachments[found[0]], here.zone)
    if door is None:
        return lost(packet, way, "zone")
    # Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    if not outbound(world, subnet, packet):
        return lost(packet, way, "acl-out")
    if not inbound(world, door, packet):
        return lost(packet, way, "transit-acl")
    return across(world, packet, found[0], here.zone, way, answers=answers)


def entrance(world: World, attachment: Attachment, zone: str) -> str | None:
    """Return the subnet by which a sender of a zone gets to an attachment: one in that zone (semantics 38)."""
    return next((one for one in attachment.subnets if world.subnets[one].zone == zone), None)


def associated(attachment: Attachment) -> str | None:
    """Return the table that routes what comes in by an attachment (semantics 38)."""
    return attachment.table


def exits(world: World, attachment: Attachment, zone: str) -> tuple[str, ...]:
    """Return the subnets by which packets of a zone may come out of an attachment.

    They stay in the sender's zone where the attachment has a subnet there, unless it is in appliance mode.
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html
    """
    same = tuple(one for one in attachment.subnets if world.subnets[one].zone == zone)
    return same if same and not attachment.appliance else attachment.subnets


def across(world: World, packet: Packet, by: str, zone: str, way: Way, *, answers: bool) -> Iterator[End]:
    """Yield where a packet that came to a transit gateway by an attachment comes out."""
    came = world.attachments[by]
    table = associated(came)
    leads = oracle.transit_hop(world, table, packet.target) if table else None
    there = world.attachments.get(leads or "")
    if leads is None or there is None or not there.active or there.gateway != came.gateway:
        yield from lost(packet, way, "transit-route" if table else "association")
        return
    way = replace(way, gates=(*way.gates, (came.gateway, by, leads)))
    if there.vpn:
        yield End(OUTSIDE, packet, way)
        return
    if there.peer:
        twin = next(
            id for id, one in world.attachments.items() if one.peer == there.gateway and one.gateway == there.peer
        )
        if not world.attachments[twin].active or len(way.trail) > MOST_HOPS:
            yield from lost(packet, way, "attachment")
            return
        yield from across(world, packet, twin, "", way.by("tgw"), answers=answers)
        return
    for subnet in exits(world, there, zone):
        yield from leave(world, packet, subnet, way, answers=answers)


_STEPS = {
    "local": _local,
    "pcx": _peering,
    "nat": _nat,
    "igw": _internet,
    "eigw": _egress_only,
    "eni": _appliance,
    "tgw": _transit,
    "vgw": _vpn,
}


def is_redirected(world: World, subnet: str, address: str) -> bool:
    """Tell whether the internet gateway's own table hands what comes for an address to something else (semantics 28).

    Such an address cannot use the gateway directly, although its subnet's table has the route.
    Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html (INGRESS_RTB_TRAFFIC_REDIRECTION)
    """
    vpc = world.subnets[subnet].vpc
    gateway = next((id for id, home in world.gateways.items() if home == vpc and id.startswith("igw")), None)
    table = world.edges.get(gateway or "")
    hop = oracle.looked_up(world, table, vpc, address) if table else "local"
    return hop != "local" and not (hop in world.interfaces and address in world.interfaces[hop].addresses)


def enter(world: World, packet: Packet, vpc: str, way: Way, *, by: str = "igw", answers: bool) -> Iterator[End]:
    """Yield where a packet that comes in by a VPC's internet or VPN gateway comes out (semantics 28, 31, 40)."""
    gateway = next((id for id, home in world.gateways.items() if home == vpc and id.startswith(by)), None)
    if gateway is None:
        return lost(packet, way, "gateway")
    table = world.edges.get(gateway)
    hop = oracle.looked_up(world, table, vpc, packet.target) if table else "local"
    if hop in world.interfaces:
        there = world.interfaces[hop].subnet
        if not inbound(world, there, packet):
            return lost(packet, way, "acl-in")
        return forward(world, packet, hop, way.by("edge"), answers=answers)
    return deliver(world, packet, vpc, way) if hop == "local" else lost(packet, way, "edge")

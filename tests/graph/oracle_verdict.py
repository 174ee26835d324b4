"""What the oracle makes of a packet and of its answer: from one interface to another, from the internet and to it.

A verdict is YES, NO, or one of two doubts: what happens beyond an appliance is its owner's choice. MAYBE gets there if
the appliance forwards packets as they are; UNTOLD would not, but an appliance may also rewrite them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.graph import oracle
from tests.graph import oracle_walk as walk
from tests.graph.oracle import Interface, Packet, World, is_v6
from tests.graph.oracle_walk import INTERNET, MAYBE, NO, OUTSIDE, UNTOLD, YES, End, Way


def named_over(world: World, end: End, source: Interface) -> tuple[str, ...]:
    """Return the groups by which the target's inbound rules may mean the source (semantics 9, 10)."""
    target = world.interfaces[end.where]
    here, there = world.subnets[source.subnet].vpc, world.subnets[target.subnet].vpc
    if end.way.nat or end.way.doubt or len(end.way.gates) > 1:
        return ()
    if not end.way.gates:
        return source.groups if here == there else ()
    gate = end.way.gates[0]
    if gate[0].startswith("pcx"):
        return source.groups if oracle.peered(world, here, there) else ()
    return source.groups if named_over_transit(world, gate) else ()


def named_over_transit(world: World, gate: tuple[str, ...]) -> bool:
    """Tell whether a transit gateway and both its attachments let groups be named across."""
    gateway, *attachments = gate
    return world.transits[gateway] and all(world.attachments[id].references for id in attachments)


def named_from(world: World, source: Interface, target: Interface | None) -> tuple[str, ...]:
    """Return the groups by which the source's outbound rules may mean the target: never over a transit gateway."""
    if target is None:
        return ()
    here, there = world.subnets[source.subnet].vpc, world.subnets[target.subnet].vpc
    return target.groups if oracle.peered(world, here, there) else ()


def address_of(interface: Interface, like: str) -> str | None:
    """Return an interface's address of the family of another."""
    return next((one for one in interface.addresses if is_v6(one) is is_v6(like)), None)


def between(world: World, source: str, target: str, v6: bool, protocol: int, port: int) -> list[tuple[int, End]]:
    """Return how a packet from one interface gets to another: `(verdict, end)` for each way that it may take."""
    mine, other = world.interfaces[source], world.interfaces[target]
    here, there = (next((one for one in item.addresses if is_v6(one) is v6), None) for item in (mine, other))
    if here is None or there is None:
        return []
    packet = Packet(here, there, protocol, port)
    if not oracle.group_admits(world, mine, there, packet, named_from(world, mine, other), ingress=False):
        return [(NO, End("", packet, Way(), "group-out"))]
    return [
        _judged(world, end, target, named_over(world, end, mine) if end.where == target else ())
        for end in walk.leave(world, packet, mine.subnet, Way())
    ]


def _judged(world: World, end: End, target: str, named: tuple[str, ...]) -> tuple[int, End]:
    if not end.where:
        return end.verdict, end
    if end.where != target:
        return UNTOLD if end.way.doubt else NO, replace(end, where="", why="elsewhere")
    other = world.interfaces[target]
    if not oracle.group_admits(world, other, end.packet.source, end.packet, named, ingress=True):
        return UNTOLD if end.way.doubt else NO, replace(end, why="group-in")
    return end.verdict, end


def answered(world: World, source: str, end: End, own: str, translated: int, client: int) -> int:
    """Return whether the answer to a packet that came out at `end` gets back to the interface that sent it.

    `own` is the sender's address, `client` its port and `translated` the port of the NAT gateway on the way.
    """
    packet = end.packet
    port = oracle.answer_port(packet.protocol, translated if end.way.nat else client)
    answer = Packet(packet.target, packet.source, packet.protocol, port)
    known = Way(known=end.way.known)
    if end.where == INTERNET:
        home = oracle.subnet_of(world, end.way.nat or source)
        if end.way.trail[-1] == "igw" and not end.way.doubt and walk.is_redirected(world, home, packet.source):
            return NO
        vpc = world.subnets[oracle.subnet_of(world, end.way.nat or source)].vpc
        back = (
            walk.deliver(world, answer, vpc, known)
            if end.way.trail[-1] == "eigw"
            else walk.enter(world, answer, vpc, known, answers=True)
        )
    elif end.where == OUTSIDE and end.way.doubt:
        return UNTOLD
    elif end.where == OUTSIDE:
        back = comes_in(world, answer, entrance_of(world, end, end.way.nat or source), known, answers=True)
    else:
        back = walk.leave(world, answer, world.interfaces[end.where].subnet, known, answers=True)
    # An appliance that rewrites what it forwards gets the answer itself.
    return max(settled(_home(world, one, source, end, own, client) for one in back), UNTOLD * end.way.doubt)


def _home(world: World, back: End, source: str, end: End, own: str, client: int) -> int:
    if back.where == source and not end.way.nat:
        return back.verdict
    if back.where and back.where == end.way.nat:
        # It is translated back and goes on from the gateway's subnet.
        answer = replace(back.packet, target=own, port=oracle.answer_port(back.packet.protocol, client))
        last = walk.leave(
            world, answer, world.nats[back.where].subnet, replace(back.way, gates=(), trail=()), answers=True
        )
        return settled(one.verdict if one.where == source else min(one.verdict, UNTOLD) * one.way.doubt for one in last)
    return UNTOLD if back.way.doubt else NO


def settled(verdicts: Iterable[int]) -> int:
    """Return one verdict of several ways of which nobody knows which is taken."""
    found = set(verdicts)
    if len(found) <= 1:
        return next(iter(found), NO)
    return MAYBE if found & {YES, MAYBE} else UNTOLD


def arrives(world: World, far: str, target: str, protocol: int, port: int) -> tuple[int, End]:
    """Return how a packet from an address of the internet gets to an interface (semantics 30, 31, 33)."""
    other = world.interfaces[target]
    own = address_of(other, far)
    vpc = world.subnets[other.subnet].vpc
    packet = Packet(far, own or "", protocol, port)
    if own is None or not (is_v6(own) or other.public):
        return NO, End("", packet, Way(), "public")
    if not oracle.let_in(world, other.subnet):
        return NO, End("", packet, Way(), "block")
    (end,) = walk.enter(world, packet, vpc, Way(trail=("igw",)), answers=False)
    return _judged(world, end, target, ())


def sent_back(world: World, far: str, target: str, end: End, client: int) -> int:
    """Return whether the answer to a packet from the internet gets out to it (semantics 30)."""
    packet = end.packet
    answer = Packet(packet.target, far, packet.protocol, oracle.answer_port(packet.protocol, client))
    known = Way(known=end.way.known)
    ends = walk.leave(world, answer, world.interfaces[target].subnet, known, answers=True)
    return max(settled(_out(world, target, one) for one in ends), UNTOLD * end.way.doubt)


def _out(world: World, target: str, end: End) -> int:
    # An answer that another gateway sends bears another address.
    mine = not end.way.nat and end.packet.source in world.interfaces[target].addresses
    if mine and not end.way.doubt and walk.is_redirected(world, world.interfaces[target].subnet, end.packet.source):
        return NO
    return end.verdict if end.where == INTERNET and mine else UNTOLD if end.way.doubt else NO


def departs(world: World, source: str, far: str, protocol: int, port: int) -> list[tuple[int, End]]:
    """Return how a packet from an interface gets to an address of the internet."""
    return _sent(world, source, far, INTERNET, protocol, port)


def _sent(world: World, source: str, far: str, to: str, protocol: int, port: int) -> list[tuple[int, End]]:
    mine = world.interfaces[source]
    own = address_of(mine, far)
    packet = Packet(own or "", far, protocol, port)
    if own is None:
        return []
    if not oracle.group_admits(world, mine, far, packet, (), ingress=False):
        return [(NO, End("", packet, Way(), "group-out"))]
    return [
        (one.verdict if one.where == to else UNTOLD if one.way.doubt else NO, one)
        for one in walk.leave(world, packet, mine.subnet, Way())
    ]


def entrances(world: World, target: str) -> list[str]:
    """Return the VPN gateway of an interface's VPC and the VPN attachments of transit gateways, as far as they work."""
    vpc = world.subnets[world.interfaces[target].subnet].vpc
    gateways = [id for id, home in world.gateways.items() if home == vpc and id.startswith("vgw")]
    return gateways + [id for id, one in world.attachments.items() if one.vpn and one.active]


def comes_in(world: World, packet: Packet, by: str, way: Way, *, answers: bool) -> Iterator[End]:
    """Yield where a packet that a VPN brings comes out (semantics 40)."""
    if by in world.attachments:
        return walk.across(world, packet, by, "", way.by("tgw"), answers=answers)
    return walk.enter(world, packet, world.gateways[by] or "", way.by("vgw"), by="vgw", answers=answers)


def entrance_of(world: World, end: End, sender: str) -> str:
    """Return by what the answer to a packet that a VPN took comes back: by what it left."""
    if end.way.gates:
        return end.way.gates[-1][-1]
    vpc = world.subnets[oracle.subnet_of(world, sender)].vpc
    return next(id for id, home in world.gateways.items() if home == vpc and id.startswith("vgw"))


def comes_from_outside(world: World, far: str, target: str, by: str, protocol: int, port: int) -> list[tuple[int, End]]:
    """Return how a packet that a VPN brings gets to an interface: `(verdict, end)` for each way it may take."""
    own = address_of(world.interfaces[target], far)
    if own is None:
        return []
    packet = Packet(far, own, protocol, port)
    return [_judged(world, end, target, ()) for end in comes_in(world, packet, by, Way(), answers=False)]


def goes_back_outside(world: World, far: str, target: str, by: str, end: End, client: int) -> int:
    """Return whether the answer gets out by what brought the packet."""
    packet = end.packet
    answer = Packet(packet.target, far, packet.protocol, oracle.answer_port(packet.protocol, client))
    ends = walk.leave(world, answer, world.interfaces[target].subnet, Way(known=end.way.known), answers=True)
    found = settled(_beyond(world, target, by, one) for one in ends)
    return max(found, UNTOLD * end.way.doubt)


def _beyond(world: World, target: str, by: str, end: End) -> int:
    if end.way.doubt or end.where != OUTSIDE or end.way.nat:
        return UNTOLD if end.way.doubt else NO
    # Another VPN may or may not lead to the same network.
    return end.verdict if entrance_of(world, end, target) == by else UNTOLD


def goes_outside(world: World, source: str, far: str, protocol: int, port: int) -> list[tuple[int, End]]:
    """Return how a packet from an interface gets to an address behind a VPN."""
    return _sent(world, source, far, OUTSIDE, protocol, port)

"""A NAT gateway on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.forwarding.internet_gateway import lead_out
from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail, carries
from checker.graph.hops import Hop
from checker.graph.place import Place
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import YES, Answer, Known, Missing, known_or, merge
from checker.model.finding import HopKind
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.nat_gateway import NatGateway

_TRANSLATED = traffic.ports(traffic.TCP) | traffic.ports(traffic.UDP) | traffic.ports(traffic.ICMP)


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways through a NAT gateway, which sends on as its own what it is sent (semantics 35).

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
    """
    gateway = network.index.get(NatGateway, id)
    if gateway is None:
        yield network.unseen(packet, addresses, network.absent(NatGateway, id).missing, "is not known", id)
        return
    if gateway.active.is_(False).is_yes:
        yield packet.dropped(addresses, "is not available", "BAD_STATE", id)
        return
    if not packet.sender.vpc:
        text = "does not translate what comes from a VPN or Direct Connect"
        yield packet.dropped(addresses, text, "NGW_REQUIRES_SOURCE_IN_VPC", id)
        return
    if packet.sender.is_v6:
        yield packet.dropped(addresses, "translates IPv4 only", "PROTOCOL_RESTRICTION", id)
        return
    if missing := merge(gateway.active.missing, gateway.subnet.missing, gateway.public.missing):
        yield network.unseen(packet, addresses, missing, "is not known", id)
        return
    packet = packet.after(carries(HopKind.NAT, id, "translates TCP, UDP and ICMP", _TRANSLATED))
    subnet = known_or(gateway.subnet, None)
    if subnet is None:
        yield from _in_region(packet, gateway, addresses, network)
        return
    home, gone = network.nat_place(gateway, subnet), network.is_lost(subnet)
    if gone.is_yes:
        yield packet.dropped(addresses, "is in the zone that is lost", "BAD_STATE", id)
        return
    if not isinstance(home, Known) or gone.is_unknown:
        missing = merge(home.missing, gone.missing)
        yield network.unseen(packet, addresses, missing, "has an address or zone that is not known", id)
        return
    if own := addresses & home.value.addresses:
        lost = Missing(f"what {id} does with packets to itself", "route them to the subnet that it stands in")
        unsure: Bounds[FlowSet] = Bounds(NO_FLOWS, EVERY_FLOW, (lost,))
        hop = Hop(HopKind.NAT, id, lambda: "is their target itself", unsure, "NO_POSSIBLE_DESTINATION")
        yield Trail(own, packet.after(hop), Exit.VPC, id)
    addresses = addresses - home.value.addresses
    if not addresses:
        return
    if subnet != packet.subnet:
        packet = packet.after(network.acl(subnet, packet.vpc, packet.sender, egress=False))
    on = replace(packet, sender=home.value, subnet=subnet, vpc=home.value.vpc, leaving=subnet, translated=True)
    yield from network.route(on, addresses)


def _in_region(packet: Packet, gateway: NatGateway, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways through a regional gateway, which stands in no subnet and leads to the internet alone.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
    """
    own = Place(packet.vpc, packet.subnet, (), packet.sender.addresses, public=True, filtered=False)
    free = network.public.free(own, outbound=True)
    works, public = _routed(gateway, packet.vpc, network), addresses & line.INTERNET_V4
    yield from lead_out(replace(packet, sender=own), gateway.id, public, works, free)
    if private := addresses - line.INTERNET_V4:
        yield packet.dropped(private, "leads to the internet only", "NO_ROUTE_TO_DESTINATION", gateway.id)


def _routed(gateway: NatGateway, vpc: str, network: Network) -> Answer:
    """Answer whether the gateway's own table leads to the internet; AWS makes one that does."""
    table = known_or(gateway.route_table, None)
    legs = network.routes.table_legs(table, vpc) if table else None
    if legs is None:
        return YES
    if not isinstance(legs, Known):
        return Answer(None, legs.missing)
    out = [leg.addresses for leg in legs.value if leg.target.holds(lambda id: prefixed(id).startswith("igw-")).is_yes]
    reached = IntervalSet.of(run for found in out for run in found.intervals)
    return Answer.of(bool(reached & line.INTERNET_V4))

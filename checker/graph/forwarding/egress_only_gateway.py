"""An egress-only internet gateway on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.forwarding.internet_gateway import lead_out
from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Packet, Trail
from checker.model import addresses as line
from checker.model.fact import Answer
from checker.model.intervals import IntervalSet
from checker.resources.egress_only_gateway import EgressOnlyGateway


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways out for IPv6 packets of the gateway's own VPC.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html (semantics 27, 33)
    """
    gateway = network.index.get(EgressOnlyGateway, id)
    here = (
        gateway.vpcs.holds(lambda attached: packet.vpc in attached)
        if gateway
        else network.absent(EgressOnlyGateway, id)
    )
    works = here & Answer.of(packet.sender.vpc == packet.vpc and packet.sender.is_v6)
    free = network.public.free(packet.sender, outbound=True)
    yield from lead_out(packet, id, addresses & line.INTERNET_V6, works, free)
    if private := addresses - line.INTERNET_V6:
        yield packet.dropped(private, "leads to the internet only", "NO_ROUTE_TO_DESTINATION", id)

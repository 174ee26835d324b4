"""An internet gateway on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.graph.hops import Hop
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Answer
from checker.model.finding import HopKind
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.internet_gateway import InternetGateway


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways out by an internet gateway, for what comes from a public address of its own VPC.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html (semantics 30, 31)
    """
    gateway = network.index.get(InternetGateway, id)
    here = (
        gateway.vpcs.holds(lambda attached: packet.vpc in attached) if gateway else network.absent(InternetGateway, id)
    )
    if here.is_no:
        yield packet.dropped(addresses, f"is not attached to {packet.vpc}", "BAD_STATE_ATTACHMENT", id)
        return
    sender = packet.sender
    public = sender.public if not sender.is_v6 else None if sender.hidden is None else not sender.hidden
    shown = Answer(public, sender.missing if public is None else ())
    if sender.vpc != packet.vpc or shown.is_no:
        text = "drops what comes from an address without a public one"
        yield packet.dropped(addresses, text, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", id)
        return
    world = line.INTERNET_V6 if sender.is_v6 else line.INTERNET_V4
    if private := addresses - world:
        text, code = "drops what goes to private addresses", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
        yield packet.dropped(private, text, code, id)
    # A NAT gateway may open connections where an instance may not.
    # Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html
    free = network.public.free(sender, outbound=packet.translated)
    yield from lead_out(packet, id, addresses & world, here & shown, free)


def lead_out(packet: Packet, id: str, addresses: IntervalSet, works: Answer, free: Answer) -> Iterator[Trail]:
    """Yield the way out to internet addresses where a gateway works and VPC Block Public Access leaves it free."""
    if not addresses:
        return
    if free.is_no:
        text, code = "is shut by VPC Block Public Access", "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"
        yield packet.dropped(addresses, text, code, id)
        return
    if works.is_no:
        yield packet.dropped(addresses, "does not take these packets", "BAD_STATE_ATTACHMENT", id)
        return
    sure = works & free
    out = FlowSet.box(addresses, traffic.EVERYTHING)
    passes = Bounds.exactly(out) if sure.is_yes else Bounds(NO_FLOWS, out, sure.missing)
    hop = Hop(HopKind.GATEWAY, id, lambda: "leads to the internet", passes)
    yield Trail(addresses, packet.after(hop), Exit.INTERNET, id)

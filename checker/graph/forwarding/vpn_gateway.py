"""A virtual private, local or carrier gateway on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.model.intervals import IntervalSet
from checker.resources.vpn_gateway import VpnGateway


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the way out of AWS, for packets of the gateway's own VPC: it leads nowhere else (semantics 36, 40).

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
    """
    gateway = network.index.get(VpnGateway, id)
    if packet.sender.vpc != packet.vpc:
        code = "VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS"
        yield packet.dropped(addresses, "takes packets of its own VPC only", code, id)
    elif gateway is not None and gateway.vpcs.holds(lambda attached: packet.vpc in attached).is_no:
        yield packet.dropped(addresses, f"is not attached to {packet.vpc}", "BAD_STATE_ATTACHMENT", id)
    else:
        yield Trail(addresses, packet, Exit.OUTSIDE, id)

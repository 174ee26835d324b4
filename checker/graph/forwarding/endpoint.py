"""A VPC endpoint that a route leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail, carries
from checker.model import traffic
from checker.model.fact import Missing, known_or, merge
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.resources.vpc_endpoint import VpcEndpoint

# Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
_CODE = "VPCE_GATEWAY_PROTOCOL_RESTRICTION"
_ECHO = 8
_CARRIED = traffic.ports(traffic.TCP) | traffic.icmp(traffic.ICMP, _ECHO, -1)


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the way of an endpoint: a gateway endpoint leads to its service, the others to a firewall or appliance.

    Source: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html (semantics 10, 39)
    """
    endpoint = network.index.get(VpcEndpoint, id)
    if endpoint is None:
        yield network.unseen(packet, addresses, network.absent(VpcEndpoint, id).missing, "is not known", id)
        return
    kind = known_or(endpoint.type, "")
    stands = known_or(endpoint.subnets, ())
    if kind != "Gateway" and stands and all(network.is_lost(subnet).is_yes for subnet in stands):
        yield packet.dropped(addresses, "is in the zone that is lost", "BAD_STATE", id)
    elif kind != "Gateway":
        lost = Missing(f"what is let through behind {id}", "look at the firewall or appliances behind the endpoint")
        missing = merge(endpoint.type.missing, (lost,))
        yield packet.handed(addresses, missing, "hands packets to an appliance", id)
    elif packet.sender.vpc != packet.vpc:
        yield packet.dropped(addresses, "serves its own VPC only", "NO_ROUTE_TO_DESTINATION", id)
    else:
        hop = replace(carries(HopKind.GATEWAY, id, "carries TCP and ICMP echo", _CARRIED), code=_CODE)
        yield Trail(addresses, packet.after(hop), Exit.SERVICE, id)

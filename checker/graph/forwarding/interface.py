"""A network interface that a route leads to: an appliance on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.forwarding.network import Network, standing
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.graph.hops import Hop, everywhere, told
from checker.graph.index import Index, values
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, known_or, merge
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.resources.network_interface import NetworkInterface


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways to an interface: what is not for its own addresses it takes only with its check off.

    What an appliance does with it is no fact of the network, and groups are not told behind it (semantics 10, 29).
    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
    """
    interface = network.index.get(NetworkInterface, id)
    if interface is None:
        missing = network.absent(NetworkInterface, id, "allow ec2:DescribeNetworkInterfaces").missing
        yield network.unseen(packet, addresses, missing, "is not known", id)
        return
    if interface.addresses.missing:
        # Which packets are for itself, and as whom it sends others on, is not known.
        yield network.unseen(packet, addresses, interface.addresses.missing, "has addresses that are not known", id)
        return
    own = IntervalSet.of(run for block in known_or(interface.addresses, ()) for run in block.addresses.intervals)
    if mine := addresses & own:
        yield Trail(mine, packet, Exit.VPC, id)
    if not (rest := addresses - own):
        return
    if network.is_lost("".join(values(interface.subnet))).is_yes:
        yield packet.dropped(rest, "is in the zone that is lost", "BAD_STATE", id)
        return
    checks = interface.source_dest_check.is_(True)
    if checks.is_yes:
        text = "has its source/destination check on and drops what is not for it"
        yield packet.dropped(rest, text, "ENI_SOURCE_DEST_CHECK_RESTRICTION", id)
        return
    subnet = "".join(values(interface.subnet))
    if subnet != packet.subnet:
        packet = packet.after(network.acl(subnet, packet.vpc, packet.sender, egress=False))
    stands = tuple(stand for one in alike(interface, network.index) for stand in standing(one))
    admitted = Bounds.exactly(traffic.NOTHING)
    for stand in stands:
        admitted |= network.groups.admits(stand, packet.sender, ingress=True, named=packet.named)
    worn = ", ".join(known_or(interface.groups, ())) or id
    hop = Hop(HopKind.INGRESS, worn, lambda: f"admits {told(admitted)} to {id}", everywhere(admitted))
    lost = Missing(f"what the appliance behind {id} forwards", "route past it, or look at its own configuration")
    # It may send on as any of its own addresses.
    seen = replace(packet.after(hop), disguises=(*packet.disguises, *stands))
    yield seen.handed(rest, merge(checks.missing, (lost,)), "forwards as it sees fit", id)


def alike(interface: NetworkInterface, index: Index) -> tuple[NetworkInterface, ...]:
    """Return every interface of the same instance: an appliance may send from each."""
    instance = known_or(interface.instance, None)
    if not instance:
        return (interface,)
    return index.by(NetworkInterface, "instance", lambda item: values(item.instance), instance)

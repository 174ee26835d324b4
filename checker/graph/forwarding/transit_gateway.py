"""A transit gateway on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail, carries
from checker.graph.forwarding.transit import Onward
from checker.graph.index import values
from checker.graph.place import Place
from checker.model.bounds import Bounds
from checker.model.fact import NO, Fact, Known, Missing, Unknown, known_or, merge
from checker.model.finding import HopKind
from checker.model.flows import NO_FLOWS
from checker.model.intervals import IntervalSet
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment

_BAD = "BAD_STATE_ATTACHMENT"


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways over a transit gateway, which takes packets in zones where the VPC's attachment has a subnet.

    Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html (semantics 38)
    """
    transit = network.transit
    attachment = transit.of_vpc(id, packet.vpc)
    if attachment is None:
        yield network.unseen(packet, addresses, transit.lost(id, packet.vpc), "has attachments not known", id)
        return
    works = attachment.active.is_(True)
    if packet.sender.is_v6:
        works &= attachment.ipv6.is_(True)
    if works.is_no:
        yield packet.dropped(addresses, "does not carry these packets", _BAD, attachment.id)
        return
    zone = network.zone(packet.subnet)
    entries = attachment.subnets.then(lambda subnets: zone.then(lambda here: network.in_zone(subnets, here)))
    if not isinstance(entries, Known) or works.is_unknown:
        missing = merge(works.missing, entries.missing)
        yield network.unseen(packet, addresses, missing, "takes packets in zones not known", attachment.id)
        return
    if not entries.value:
        text = f"has no subnet in {known_or(zone, 'the zone')}, where the packet comes from"
        yield packet.dropped(addresses, text, "TGW_ROUTE_AZ_RESTRICTION", attachment.id)
        return
    # The list of the attachment's subnet sees where packets come from, even within that subnet.
    # Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html
    packet = packet.after(network.acl(entries.value[0], packet.vpc, packet.sender, egress=False))
    for onward in transit.onward(id, attachment.id, addresses):
        yield from _leave(packet, onward, attachment, zone, network)


def enter(attachment: str, sender: Place, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways of packets that enter a transit gateway from a network that is no VPC (semantics 40)."""
    packet = Packet(sender, "", "", named=NO, naming=NO)
    for gateway in sorted({id for end in network.transit.seen(attachment) for id in values(end.gateway)}):
        for onward in network.transit.onward(gateway, attachment, addresses):
            yield from _leave(packet, onward, None, Unknown(), network)


def _leave(
    packet: Packet, onward: Onward, came_by: TransitGatewayVpcAttachment | None, zone: Fact[str], network: Network
) -> Iterator[Trail]:
    for resource, text in onward.tells:
        packet = packet.after(carries(HopKind.TRANSIT, resource, text))
    if onward.lost:
        yield network.unseen(packet, onward.addresses, onward.lost, "leads somewhere not known", onward.gateway)
    elif onward.outside:
        yield Trail(onward.addresses, packet, Exit.OUTSIDE, onward.to or "")
    elif onward.to is None:
        *before, last = packet.hops
        stop = replace(last, passes=Bounds.exactly(NO_FLOWS), code=onward.code)
        yield Trail(onward.addresses, replace(packet, hops=(*before, stop)), Exit.NOWHERE, last.resource)
    else:
        yield from _come_out(packet, onward, came_by, zone, network)


def _come_out(
    packet: Packet, onward: Onward, came_by: TransitGatewayVpcAttachment | None, zone: Fact[str], network: Network
) -> Iterator[Trail]:
    """Yield the ways of a packet into a VPC: it is routed by the table of the subnet that it comes out in."""
    id = onward.to or ""
    there = network.index.get(TransitGatewayVpcAttachment, id)
    missing = merge(there.subnets.missing, there.vpc.missing, there.active.missing) if there else ()
    if there and packet.sender.is_v6:
        missing = merge(missing, there.ipv6.missing)
    if there is None or missing:
        lost = Missing(f"the subnets of attachment {id}", "read the account that owns the VPC")
        gaps = missing or network.index.missing(TransitGatewayVpcAttachment) or (lost,)
        yield network.unseen(packet, onward.addresses, gaps, "has subnets not known", id)
        return
    if there.active.is_(False).is_yes or (packet.sender.is_v6 and there.ipv6.is_(False).is_yes):
        yield packet.dropped(onward.addresses, "does not carry these packets", _BAD, id)
        return
    transit = network.transit
    named = NO if came_by is None or onward.across else transit.names_groups(onward.gateway, came_by, there)
    told = known_or(there.subnets, ())
    gone = {subnet: network.is_lost(subnet) for subnet in told}
    subnets = tuple(subnet for subnet in told if not gone[subnet].is_yes)
    if unsure := merge(*(answer.missing for answer in gone.values())):
        yield network.unseen(packet, onward.addresses, unsure, "has subnets in zones not known", id)
        return
    if not subnets:
        yield packet.dropped(onward.addresses, "stands in the zone that is lost", _BAD, id)
        return
    mine = known_or(zone.then(lambda here: network.in_zone(subnets, here)), ())
    # It stays in the zone it comes from where it can; an attachment in appliance mode takes a zone by the flow.
    # Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-az-overview
    for subnet in mine or subnets if there.appliance_mode.is_(True).is_no else subnets:
        inside = replace(packet, vpc="".join(values(there.vpc)), subnet=subnet, leaving=subnet)
        yield from network.route(replace(inside, named=packet.named & named, naming=NO), onward.addresses)

"""A VPC peering connection on the way of a packet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.forwarding.network import Network
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.model.fact import NO, Known, merge
from checker.model.intervals import IntervalSet
from checker.resources.peering_connection import PeeringConnection

_CODE = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"


def follow(packet: Packet, id: str, addresses: IntervalSet, network: Network) -> Iterator[Trail]:
    """Yield the ways over a peering: active, between this VPC and the one with the address, and no further.

    Source: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html (semantics 36)
    """
    peering = network.index.get(PeeringConnection, id)
    if peering is None:
        missing = network.absent(PeeringConnection, id, "allow ec2:DescribeVpcPeeringConnections").missing
        yield network.unseen(packet, addresses, missing, "is not known", id)
        return
    one, two = peering.requester_vpc.is_(packet.vpc), peering.accepter_vpc.is_(packet.vpc)
    theirs, blocks = (
        (peering.accepter_vpc, peering.accepter_cidrs)
        if one.is_yes
        else (peering.requester_vpc, peering.requester_cidrs)
    )
    works = (one | two) & peering.active.is_(True)
    if packet.sender.vpc != packet.vpc:
        # It came in from elsewhere: a peering is for its own two VPCs only.
        works = NO
    if works.is_no:
        yield packet.dropped(addresses, "is not active between these two VPCs", _CODE, id)
        return
    if works.is_unknown or not isinstance(theirs, Known) or not isinstance(blocks, Known):
        missing = merge(works.missing, theirs.missing, blocks.missing)
        yield network.unseen(packet, addresses, missing, "is not known", id)
        return
    there = IntervalSet.of(run for block in blocks.value for run in block.addresses.intervals)
    # Groups are told between the VPCs of one Region only (semantics 9).
    # Source: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
    region = peering.requester_region.then(lambda mine: peering.accepter_region.map(lambda other: mine == other))
    told = region.is_(True)
    over = replace(packet, vpc=theirs.value, named=packet.named & told, naming=packet.naming & told)
    if inside := addresses & there:
        yield Trail(inside, over, Exit.VPC, id)
    if beyond := addresses - there:
        yield packet.dropped(beyond, f"carries only packets to addresses of {theirs.value}", _CODE, id)

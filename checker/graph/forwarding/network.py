"""What the gateways of a network have in common: look-ups, lists at subnets, zones, and routing on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property, partial

from checker.graph.acls import Acls
from checker.graph.forwarding.packet import Exit, Packet, Trail
from checker.graph.forwarding.transit import Transit
from checker.graph.groups import Groups
from checker.graph.hops import Hop, between, everywhere
from checker.graph.index import Index, values
from checker.graph.place import Place
from checker.graph.public_access import PublicAccess
from checker.graph.routes import Routes
from checker.model import traffic
from checker.model.addresses import ALL_V4, ALL_V6, Cidr
from checker.model.bounds import Bounds
from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, Unknown, any_of, known_or, merge
from checker.model.finding import HopKind
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_interface import NetworkInterface
from checker.resources.subnet import Subnet
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment
from checker.resources.vpc import Vpc

_SUBNETS = "allow ec2:DescribeSubnets"


class Network(ABC):
    """The network as a gateway sees it.

    Nothing works that stands in the zone `lost`, where one is thought to be.
    """

    def __init__(
        self, index: Index, groups: Groups, acls: Acls, routes: Routes, public: PublicAccess, lost: str | None = None
    ) -> None:
        self.index = index
        self.groups = groups
        self.acls = acls
        self.routes = routes
        self.public = public
        self.transit = Transit(index, groups)
        self.lost = lost

    @abstractmethod
    def route(self, packet: Packet, addresses: IntervalSet) -> Iterator[Trail]:
        """Yield the ways of a packet to some addresses, on from the subnet that it is in."""

    def is_lost(self, subnet: str) -> Answer:
        """Answer whether a subnet is in the zone that is thought to be lost."""
        if self.lost is None:
            return NO
        found = self.index.get(Subnet, subnet)
        if found is None:
            return Answer(None, self.index.missing(Subnet) or (Missing(f"the zone of {subnet}", _SUBNETS),))
        return found.zone.is_(self.lost)

    def acl(self, subnet: str, vpc: str, source: Place | None, *, egress: bool) -> Hop[FlowSet]:
        """Return the filter of a subnet on the way, by where packets go, or from `source` by where they come from."""
        flows = self.acls.flows(subnet, vpc, egress=egress)
        if source is not None:
            flows = everywhere(between(flows, source.addresses, source.missing))
        tell = partial(_tell, "lets out" if egress else "lets in", flows)
        return Hop(HopKind.ACL, f"network ACL of {subnet}", tell, flows, "SUBNET_ACL_RESTRICTION")

    def zone(self, subnet: str) -> Fact[str]:
        """Return the Availability Zone of a subnet by its id, which means the same in every account, where it is told.

        Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
        """
        found = self.index.get(Subnet, subnet)
        if found is None:
            lost = Missing(f"the zone of {subnet}", "allow ec2:DescribeSubnets")
            return Unknown(*self.index.missing(Subnet) or (lost,))
        return found.zone_id.then(lambda id: Known(id) if id else found.zone)

    def in_zone(self, subnets: tuple[str, ...], zone: str) -> Fact[tuple[str, ...]]:
        """Return those of some subnets that are in a zone."""
        zones = [(subnet, self.zone(subnet)) for subnet in subnets]
        here = tuple(subnet for subnet, found in zones if found.is_(zone).is_yes)
        missing = merge(*(found.missing for _, found in zones))
        return Unknown(*missing) if missing and not here else Known(here)

    def comes_out(self, subnet: str) -> Answer:
        """Answer whether a transit gateway has an interface in a subnet, past whose list packets come.

        Where attachments were not all read, a complete listing of interfaces tells it to the subnet's own account.
        """
        kind = TransitGatewayVpcAttachment
        if self.index.by(kind, "subnet", lambda item: values(item.subnets), subnet):
            return YES
        lost = merge(self.index.missing(kind), *(item.subnets.missing for item in self.index.all(kind).items))
        home = self.index.get(Subnet, subnet)
        if not lost:
            return NO
        here = self.index.by(NetworkInterface, "subnet", lambda item: values(item.subnet), subnet)
        found = any_of(item.type.is_("transit_gateway") for item in here)
        if home is None or not home.owner.is_(home.scope.account).is_yes or self.index.missing(NetworkInterface):
            return found | Answer(None, lost)
        return found

    def absent(self, kind: type[Resource], id: str, supply: str = "read the account that owns the VPC") -> Answer:
        """Return why something that an active route leads to was not seen: in a shared VPC its owner alone sees it."""
        return Answer(None, self.index.missing(kind) or (Missing(id, supply),))

    def unseen(self, packet: Packet, addresses: IntervalSet, missing: tuple[Missing, ...], text: str, at: str) -> Trail:
        """Return a trail of which nothing is known; a NAT gateway of the VPC may be on it, and so the sender."""
        nats = self.index.by(NatGateway, "vpc", lambda item: values(item.vpc), packet.vpc)
        homes = [self.nat_place(nat, "".join(values(nat.subnet))) for nat in nats]
        hidden = [home.value for home in homes if isinstance(home, Known)]
        if self.translators:
            hidden.append(Place("", "", (), self.translators, filtered=False))
        # So may an appliance that takes what is not for itself, and it may send it on as its own.
        forwards = self.index.by(NetworkInterface, "forwarding in", _forwards_in, packet.vpc)
        hidden += [stand for item in forwards for stand in standing(item)]
        return replace(packet, disguises=(*packet.disguises, *hidden)).lost(addresses, missing, text, at)

    @cached_property
    def translators(self) -> IntervalSet:
        """Return the addresses of NAT gateways that packets could come to by ways that were not seen.

        They are those of VPCs with a transit gateway, and any address where the gateways were not all listed.
        """
        if self.index.missing(NatGateway):
            return ALL_V4
        attached = {vpc for item in self.index.all(TransitGatewayVpcAttachment).items for vpc in values(item.vpc)}
        nats = (nat for nat in self.index.all(NatGateway).items if attached & set(values(nat.vpc)))
        homes = [self.nat_place(nat, "".join(values(nat.subnet))) for nat in nats]
        own = (home.value.addresses for home in homes if isinstance(home, Known))
        return IntervalSet.of(run for addresses in own for run in addresses.intervals)

    def told(self, trail: Trail) -> Trail:
        """Return a trail as it is, or as one whose end is not known where it leads into a VPC that was not read."""
        vpc = trail.packet.vpc
        if trail.exit is not Exit.VPC or self.index.get(Vpc, vpc):
            return trail
        missing = (Missing(f"what stands in {vpc}", "read the account and the Region of the VPC"),)
        return trail.packet.lost(trail.addresses, missing, f"leads into {vpc}, which was not read", trail.by)

    def nat_place(self, gateway: NatGateway, subnet: str) -> Fact[Place]:
        """Return where a NAT gateway stands: without groups, at its own address or somewhere in its subnet."""
        told = known_or(gateway.addresses, ())
        home = self.index.get(Subnet, subnet)
        lost = self.index.missing(Subnet) or (Missing(f"subnet {subnet}", "allow ec2:DescribeSubnets"),)
        blocks: Fact[tuple[Cidr, ...]] = home.cidrs if home else Unknown(*lost)
        if told:
            blocks = Known(tuple(Cidr.parse(text) for text in told))

        def stand(known: tuple[Cidr, ...]) -> Fact[Place]:
            mine = IntervalSet.of(run for block in known for run in block.addresses.intervals) & ALL_V4
            public = known_or(gateway.public, None)
            unsure = () if told else (Missing(f"the private address of {gateway.id}", "allow ec2:DescribeNatGateways"),)
            return gateway.vpc.map(
                lambda vpc: Place(vpc, subnet, (), mine, public=public, filtered=False, missing=unsure)
            )

        return blocks.then(stand)


def _tell(verb: str, flows: Bounds[FlowSet]) -> str:
    return f"{verb} {traffic.describe(flows.may.traffic)}"


def _forwards_in(interface: NetworkInterface) -> tuple[str, ...]:
    return () if interface.source_dest_check.is_(True).is_yes else values(interface.vpc)


def standing(interface: NetworkInterface) -> Iterator[Place]:
    """Yield the places of an interface, one for each address block of it; where these were not read, any address."""
    groups = tuple(sorted(interface.groups.value)) if isinstance(interface.groups, Known) else None
    subnet, vpc = "".join(values(interface.subnet)), "".join(values(interface.vpc))
    blocks = interface.addresses.map(lambda known: tuple(block.addresses for block in known))
    missing = merge(interface.groups.missing, interface.addresses.missing)
    for addresses in known_or(blocks, (ALL_V4, ALL_V6)):
        yield Place(vpc, subnet, groups, addresses, filtered=groups != (), missing=missing)

"""A packet under way, and the trail that it leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from checker.graph.hops import Hop
from checker.graph.place import Place
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, YES, Answer, Missing
from checker.model.finding import HopKind
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet


class Exit(Enum):
    """Where the network is done with a packet."""

    VPC = "at an address of a VPC"
    INTERNET = "on the internet"
    SERVICE = "at a service behind a gateway endpoint"
    OUTSIDE = "in a network behind a VPN, Direct Connect or local gateway"
    NOWHERE = "dropped"
    APPLIANCE = "in the hands of an appliance"
    UNSEEN = "somewhere that is not known"


@dataclass(frozen=True)
class Packet:
    """A packet under way: whose it seems to be, where it is, and what it passed.

    `named` answers whether ingress rules at its target still see the groups of its sender, `naming` whether egress
    rules of the sender see those of its target. `disguises` are others that it may seem to come from. `leaving` is the
    subnet of a gateway's interface that it has come out of, whose list it meets where it goes on to another subnet.
    `passed` are the subnets whose tables routed it, and `translated` tells that a NAT gateway sent it on as its own.
    """

    sender: Place
    vpc: str
    subnet: str
    hops: tuple[Hop[FlowSet], ...] = ()
    named: Answer = YES
    naming: Answer = YES
    disguises: tuple[Place, ...] = ()
    leaving: str | None = None
    passed: frozenset[str] = frozenset()
    translated: bool = False

    @property
    def table(self) -> str:
        """Return in words which table routes it."""
        return f"route table of {self.subnet}"

    def after(self, hop: Hop[FlowSet]) -> Packet:
        """Return the packet once it has passed a hop."""
        return replace(self, hops=(*self.hops, hop))

    def dropped(self, addresses: IntervalSet, text: str, code: str, at: str | None = None) -> Trail:
        """Return the trail that ends here for sure."""
        stop: Hop[FlowSet] = Hop(HopKind.ROUTE, at or self.table, lambda: text, Bounds.exactly(NO_FLOWS), code)
        return Trail(addresses, self.after(stop), Exit.NOWHERE, at or "")

    def lost(self, addresses: IntervalSet, missing: tuple[Missing, ...], text: str, at: str) -> Trail:
        """Return the trail whose end is not known."""
        return self._open(addresses, missing, text, at, Answer(None, missing), Exit.UNSEEN)

    def handed(self, addresses: IntervalSet, missing: tuple[Missing, ...], text: str, at: str) -> Trail:
        """Return the trail that ends at an appliance, behind which groups are not told (semantics 10)."""
        return self._open(addresses, missing, text, at, NO, Exit.APPLIANCE)

    def _open(
        self, addresses: IntervalSet, missing: tuple[Missing, ...], text: str, at: str, told: Answer, end: Exit
    ) -> Trail:
        passes = Bounds(NO_FLOWS, EVERY_FLOW, missing)
        hop: Hop[FlowSet] = Hop(HopKind.ROUTE, at, lambda: text, passes, "NO_ROUTE_TO_DESTINATION")
        # What was lost on the way so far is not found again.
        unsure = Answer(None, missing)
        seen = replace(self.after(hop), named=self.named & told, naming=self.naming & unsure)
        return Trail(addresses, seen, end, at)


@dataclass(frozen=True)
class Trail:
    """One way that packets to some addresses take: what it led through, and where it ends; `by` is the last gateway."""

    addresses: IntervalSet
    packet: Packet
    exit: Exit
    by: str = ""

    @property
    def hops(self) -> tuple[Hop[FlowSet], ...]:
        """Return what the packet passed, by the address that it goes to."""
        return self.packet.hops

    @property
    def is_open(self) -> bool:
        """Tell whether it may lead anywhere."""
        return self.exit in (Exit.APPLIANCE, Exit.UNSEEN)

    def arrives(self, vpc: str) -> bool:
        """Tell whether it ends at its addresses in a VPC."""
        return self.exit is Exit.VPC and self.packet.vpc == vpc


def carries(kind: HopKind, resource: str, text: str, passes: IntervalSet = traffic.EVERYTHING) -> Hop[FlowSet]:
    """Return the hop of something that carries some traffic to any address."""
    flows = EVERY_FLOW if passes == traffic.EVERYTHING else FlowSet.box(line.EVERYWHERE, passes)
    return Hop(kind, resource, lambda: text, Bounds.exactly(flows), "PROTOCOL_RESTRICTION")

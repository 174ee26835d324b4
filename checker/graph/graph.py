"""The graph of an inventory: one value that joins the questions which rules and commands ask."""

from __future__ import annotations

from copy import copy

from checker.graph.acls import Acls
from checker.graph.atoms import Atoms
from checker.graph.balancing import Balancing
from checker.graph.endpoints import Endpoints
from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.graph.neighbours import Neighbours
from checker.graph.reachability import Reachability
from checker.graph.routes import Routes
from checker.graph.ways_in import WaysIn
from checker.model.addresses import PRIVATE, Cidr
from checker.model.bounds import Bounds
from checker.model.fact import Fact, Known, Listing, Missing, Unknown, known_or, merge
from checker.model.intervals import IntervalSet
from checker.resources.inventory import Inventory
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc


class Graph:
    """An inventory with its endpoints and the filters between them; answers are worked out when first asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.index = Index(inventory)
        self.groups = Groups(self.index)
        self.acls = Acls(self.index)
        self.routes = Routes(self.index, self.groups)
        neighbours = Neighbours(self.index)
        self.endpoints = Endpoints(self.index, Atoms(self.index, self.groups, neighbours), neighbours)
        self.reachability = Reachability(self.index, self.groups, self.acls, self.routes)
        self.ways_in = WaysIn(self.endpoints, self.reachability, self.groups)
        self.balancing = Balancing(self.index)
        self._empty: dict[str, Bounds[IntervalSet]] = {}
        self._lost: dict[str, Reachability] = {}
        self._zones: dict[str, Fact[str]] = {}
        self._spread: dict[tuple[str, ...], Listing[str]] = {}

    def without(self, zone: str) -> Graph:
        """Return the graph in which nothing on the way works that stands in a zone; its endpoints are the same."""
        if zone not in self._lost:
            self._lost[zone] = Reachability(self.index, self.groups, self.acls, self.routes, zone, self.reachability)
        rest = copy(self)
        rest.reachability = self._lost[zone]
        return rest

    def empty_space(self, vpc: str) -> Bounds[IntervalSet]:
        """Return the addresses of a VPC in which no subnet lies; where not all are known, one may lie there."""
        if vpc not in self._empty:
            self._empty[vpc] = self._find_empty(vpc)
        return self._empty[vpc]

    def _find_empty(self, vpc: str) -> Bounds[IntervalSet]:
        home = self.index.get(Vpc, vpc)
        subnets = self.index.by(Subnet, "vpc", lambda item: values(item.vpc), vpc)
        taken = _all(tuple(block for item in subnets for block in known_or(item.cidrs, ())))
        if home is None or not isinstance(home.cidrs, Known):
            lost = Missing(f"the address blocks of {vpc}", "allow ec2:DescribeVpcs")
            return Bounds(IntervalSet(), PRIVATE - taken, home.cidrs.missing if home else (lost,))
        empty = _all(home.cidrs.value) - taken
        gaps = merge(self.index.missing(Subnet, home.scope), *(subnet.cidrs.missing for subnet in subnets))
        return Bounds(IntervalSet(), empty, gaps) if gaps else Bounds.exactly(empty)

    def zones_of(self, subnets: tuple[str, ...]) -> Listing[str]:
        """Return the Availability Zones of some subnets, each once and in order."""
        if subnets not in self._spread:
            told = [self.zone(subnet) for subnet in subnets]
            known = {zone for fact in told if (zone := known_or(fact, None))}
            self._spread[subnets] = Listing(tuple(sorted(known)), merge(*(fact.missing for fact in told)))
        return self._spread[subnets]

    def zone(self, subnet: str) -> Fact[str]:
        """Return the Availability Zone of a subnet."""
        if subnet not in self._zones:
            found = self.index.get(Subnet, subnet)
            lost = Missing(f"the zone of {subnet}", "allow ec2:DescribeSubnets")
            self._zones[subnet] = found.zone if found else Unknown(*self.index.missing(Subnet) or (lost,))
        return self._zones[subnet]


def _all(blocks: tuple[Cidr, ...]) -> IntervalSet:
    return IntervalSet.of(run for block in blocks for run in block.addresses.intervals)

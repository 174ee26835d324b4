"""Route tables: which table a subnet has, and where it sends each address."""

from __future__ import annotations

from dataclasses import dataclass

from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing, Unknown, merge
from checker.model.intervals import IntervalSet
from checker.resources.route_table import Route, RouteTable
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.vpc import Vpc


@dataclass(frozen=True)
class Leg:
    """The addresses that one route takes, and its target: an id, `local`, or nothing for a black hole."""

    addresses: IntervalSet
    target: Fact[str]
    destination: str


class Routes:
    """The route tables of an inventory.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html#route-tables-priority
    """

    def __init__(self, index: Index, groups: Groups) -> None:
        self._index = index
        self._groups = groups
        self._legs: dict[str, Fact[tuple[Leg, ...]]] = {}

    def table(self, subnet: str, vpc: str) -> Fact[RouteTable]:
        """Return the subnet's effective table: the associated one, else the VPC's main table (semantics 23)."""
        mine = self._index.by(RouteTable, "subnet", lambda table: values(table.subnets), subnet)
        if mine:
            return Known(mine[0])
        here = self._index.by(RouteTable, "vpc", lambda table: values(table.vpc), vpc)
        home = self._index.get(Vpc, vpc)
        missing = merge(
            self._index.missing(RouteTable, home.scope if home else None),
            *(merge(table.subnets.missing, table.is_main.missing) for table in here),
        )
        main = [table for table in here if table.is_main.is_(True).is_yes]
        if missing or len(main) != 1:
            lost = Missing(f"the route table of {subnet}", "allow ec2:DescribeRouteTables")
            return Unknown(*missing or (lost,))
        return Known(main[0])

    def legs(self, subnet: str, vpc: str) -> Fact[tuple[Leg, ...]]:
        """Return the disjoint legs of the subnet's table, most specific first (semantics 24-27)."""
        if subnet not in self._legs:
            self._legs[subnet] = self.table(subnet, vpc).then(lambda table: self._split(table, vpc))
        return self._legs[subnet]

    def leg(self, subnet: str, vpc: str, addresses: IntervalSet) -> Fact[Leg | None]:
        """Return the leg that takes all of `addresses`, or None where no route does."""

        def pick(legs: tuple[Leg, ...]) -> Fact[Leg | None]:
            for leg in legs:
                if addresses & leg.addresses:
                    if addresses <= leg.addresses:
                        return Known(leg)
                    return Unknown(
                        Missing(f"which route of {subnet} takes the address", "supply the subnet's address block")
                    )
            return Known(None)

        return self.legs(subnet, vpc).then(pick)

    def _split(self, table: RouteTable, vpc: str) -> Fact[tuple[Leg, ...]]:
        home = self._index.get(Vpc, vpc)
        if home is None:
            lost = Missing(f"the address blocks of {vpc}", "allow ec2:DescribeVpcs")
            return Unknown(*self._index.missing(Vpc) or (lost,))
        return home.cidrs.then(lambda local: table.routes.then(lambda routes: self._order(local, routes)))

    def _order(self, local: tuple[Cidr, ...], routes: tuple[Route, ...]) -> Fact[tuple[Leg, ...]]:
        ranked: list[tuple[int, int, str, IntervalSet, Fact[str]]] = [
            (-block.prefix - _shift(block), 1, str(block), block.addresses, Known("local")) for block in local
        ]
        for route in routes:
            if not isinstance(route.destination, Known):
                return Unknown(*route.destination.missing)
            target = _live_target(route)
            if isinstance(route.destination.value, PrefixListPeer):
                entries = self._groups.list_entries(route.destination.value)
                if not isinstance(entries, Known):
                    # Without its entries a list could take any address; only a gateway endpoint's is a service's.
                    if target.holds(lambda id: id.startswith("vpce-")).is_yes:
                        continue
                    return Unknown(*entries.missing)
                # On equal prefixes a static route beats a list, and a list beats a propagated route. A static route of
                # a block of the VPC's own is the local route with its target replaced.
                blocks, order = entries.value, 2
            else:
                blocks, order = (route.destination.value,), 3 if route.propagated.is_(True).is_yes else 0
            ranked += [(-block.prefix - _shift(block), order, str(block), block.addresses, target) for block in blocks]
        taken = IntervalSet()
        legs: list[Leg] = []
        for _, _, text, addresses, target in sorted(ranked, key=lambda rank: rank[:3]):
            free = addresses - taken
            if free:
                legs.append(Leg(free, target, text))
                taken |= free
        return Known(tuple(legs))


def _live_target(route: Route) -> Fact[str]:
    """Return a route's target, or nothing for a black hole, which still wins over shorter ones (semantics 25)."""
    return route.active.then(lambda active: route.target if active else Known(""))


def _shift(block: Cidr) -> int:
    """Return what lets prefixes of the two families be ranked in one list; they never overlap."""
    return 0 if block.is_v6 else 96

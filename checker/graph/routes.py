"""Route tables: which table a subnet has, and where it sends each address."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing, Unknown, known_or, merge
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.route_table import Route, RouteTable
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.vpc import Vpc
from checker.resources.vpc_endpoint import VpcEndpoint


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
        self._incoming: dict[str, Fact[tuple[Leg, ...]] | None] = {}

    def table(self, subnet: str, vpc: str) -> Fact[RouteTable]:
        """Return the subnet's effective table: the associated one, else the VPC's main table (semantics 23)."""
        if not subnet:
            return Unknown(Missing("the subnet that something stands in", "allow ec2:DescribeNetworkInterfaces"))
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

    def leading_out(self, subnet: str, vpc: str) -> Fact[tuple[Leg, ...]]:
        """Return the legs of the subnet's table; where the VPC's own blocks are not known, those of its routes alone.

        No route to an internet gateway, and no default route, lies inside of a VPC's blocks.
        Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
        """
        legs, home = self.legs(subnet, vpc), self._index.get(Vpc, vpc)
        if isinstance(legs, Known) or home is None or isinstance(home.cidrs, Known):
            return legs
        return self.table(subnet, vpc).then(lambda table: table.routes.then(lambda routes: self._order((), routes)))

    def table_legs(self, table: str, vpc: str) -> Fact[tuple[Leg, ...]] | None:
        """Return the disjoint legs of a table; None where it was not seen."""
        found = self._index.get(RouteTable, table)
        return self._split(found, vpc) if found else None

    def gateway_legs(self, gateway: str, vpc: str) -> Fact[tuple[Leg, ...]] | None:
        """Return the disjoint legs of the table that routes what comes in by a gateway; None where there is none.

        Source: https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
        """
        key = f"{gateway} into {vpc}"
        if key not in self._incoming:
            mine = self._index.by(RouteTable, "gateway", lambda table: values(table.gateways), gateway)
            here = self._index.by(RouteTable, "vpc", lambda table: values(table.vpc), vpc)
            if mine:
                self._incoming[key] = self._split(mine[0], vpc)
            else:
                home = self._index.get(Vpc, vpc)
                lost = merge(
                    self._index.missing(RouteTable, home.scope if home else None),
                    *(table.gateways.missing for table in here),
                )
                self._incoming[key] = Unknown(*lost) if lost else None
        return self._incoming[key]

    def unlisted(self, subnet: str, vpc: str) -> tuple[Missing, ...]:
        """Return what is missing of the lists that lead to gateway endpoints: `legs` has none of their addresses."""
        table = known_or(self.table(subnet, vpc), None)
        lists = (
            route.destination.value
            for route in (known_or(table.routes, ()) if table else ())
            if isinstance(route.destination, Known) and _live_target(route).holds(self._may_serve).is_yes
        )
        return merge(*(self._groups.list_entries(one).missing for one in lists if isinstance(one, PrefixListPeer)))

    def _may_serve(self, target: str) -> bool:
        endpoint = self._index.get(VpcEndpoint, target)
        return prefixed(target).startswith("vpce-") and (endpoint is None or not endpoint.type.is_("Gateway").is_no)

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
        own = IntervalSet.of(run for block in local for run in block.addresses.intervals)
        for route in routes:
            if not isinstance(route.destination, Known):
                return Unknown(*route.destination.missing)
            target = _live_target(route)
            if isinstance(route.destination.value, PrefixListPeer):
                entries = self._groups.list_entries(route.destination.value)
                if not isinstance(entries, Known):
                    # Without its entries a list could take any address; only a gateway endpoint's is a service's.
                    if target.holds(self._may_serve).is_yes:
                        continue
                    return Unknown(*entries.missing)
                # On equal prefixes a static route beats a list, and a list beats a propagated route. A static route of
                # a block of the VPC's own is the local route with its target replaced.
                blocks, order = entries.value, 2
            else:
                blocks, order = (route.destination.value,), 3 if route.propagated.is_(True).is_yes else 0
            # What a virtual private gateway propagates never takes an address of the VPC, however specific it is.
            # Source: https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
            kept = (
                own
                if order == 3 and route.target.holds(lambda id: prefixed(id).startswith("vgw-")).is_yes
                else IntervalSet()
            )
            ranked += [
                (-block.prefix - _shift(block), order, str(block), block.addresses - kept, target) for block in blocks
            ]
        taken = IntervalSet()
        legs: list[Leg] = []
        for (_, order, text), tied in groupby(sorted(ranked, key=lambda rank: rank[:3]), key=lambda rank: rank[:3]):
            rivals = tuple(tied)
            free = rivals[0][3] - taken
            if free:
                legs.append(
                    Leg(free, _chosen(text, [rank[4] for rank in rivals]) if order == 2 else rivals[0][4], text)
                )
                taken |= free
        return Known(tuple(legs))


def _chosen(block: str, targets: list[Fact[str]]) -> Fact[str]:
    """Return the target of a block that several prefix lists name: AWS picks one of theirs, and does not say which."""
    known = {target.value if isinstance(target, Known) else None for target in targets}
    if len(known) == 1:
        return targets[0]
    lost = Missing(f"which prefix list's route takes {block}", "let the lists have no block in common")
    return Unknown(*merge(*(target.missing for target in targets)), lost)


def _live_target(route: Route) -> Fact[str]:
    """Return a route's target, or nothing for a black hole, which still wins over shorter ones (semantics 25)."""
    return route.active.then(lambda active: route.target if active else Known(""))


def _shift(block: Cidr) -> int:
    """Return what lets prefixes of the two families be ranked in one list; they never overlap."""
    return 0 if block.is_v6 else 96

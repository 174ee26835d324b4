"""Routes that lead where they must not: from the subnets of inner tiers to the internet gateway."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.index import values
from checker.graph.mending_apply import route_value
from checker.graph.mending_routes import DEFAULTS, served, to_gateway
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.change import Action, Association, Change, TableRoute
from checker.model.fact import Known, all_of, known_or
from checker.resources.load_balancer import LoadBalancer
from checker.resources.nat_gateway import NatGateway
from checker.resources.route_table import RouteTable


def make_private(member: Member, view: View) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Return the fewest changes after which no subnet of a member is public, and the subnets that none can mend."""
    by_table: dict[str, tuple[RouteTable, str, list[str]]] = {}
    for subnet, vpc in view.graph.endpoints.sites(member.owner).items:
        found = view.graph.routes.table(subnet, vpc)
        if isinstance(found, Known) and any(to_gateway(found.value)):
            by_table.setdefault(found.value.id, (found.value, vpc, []))[2].append(subnet)
    changes: list[Change] = []
    left: list[str] = []
    for table, vpc, subnets in by_table.values():
        public = set(_meant_to_be_public(vpc, view))
        if not public & set(served(table, vpc, view)):
            changes.extend(_closed(table, vpc, view))
            continue
        for subnet in subnets:
            move = _moved(subnet, table, vpc, view) if subnet not in public else None
            if move:
                changes.append(move)
            else:
                left.append(subnet)
    return tuple(changes), tuple(left)


def _meant_to_be_public(vpc: str, view: View) -> Iterator[str]:
    """Yield the subnets of what must have a way to the internet gateway: balancers that face it, and NAT gateways."""
    for balancer in view.graph.index.all(LoadBalancer).items:
        if not balancer.internet_facing.is_(False).is_yes:
            yield from (subnet for subnet, home in view.graph.endpoints.sites(balancer).items if home == vpc)
    for gateway in view.graph.index.all(NatGateway).items:
        if not gateway.public.is_(False).is_yes:
            yield from values(gateway.subnet)


def _closed(table: RouteTable, vpc: str, view: View) -> Iterator[Change]:
    """Yield a change for each route to the gateway: it leads to the zone's NAT gateway, where there is one, or goes."""
    others = [value for route in known_or(table.routes, ()) if (value := route_value(route))]
    zones = {known_or(view.graph.zone(subnet), "") for subnet in served(table, vpc, view)}
    nats = [
        gateway.id
        for gateway in view.graph.index.all(NatGateway).items
        if all_of((gateway.vpc.is_(vpc), gateway.active.is_(True), gateway.public.is_(True))).is_yes
        and zones == {known_or(view.graph.zone(home), "") for home in values(gateway.subnet)}
    ]
    for value in to_gateway(table):
        default = value.destination == DEFAULTS[False]
        if default and nats and not any(one.destination == value.destination and one != value for one in others):
            yield Change(Action.REPLACE, table.id, TableRoute(value.destination, nats[0]), value)
        else:
            yield Change(Action.REMOVE, table.id, value)


def _moved(subnet: str, table: RouteTable, vpc: str, view: View) -> Change | None:
    """Return the association of a subnet with a table of its VPC that is not public: one of its own zone's first."""
    zone = known_or(view.graph.zone(subnet), "")
    private = [
        other
        for other in view.graph.index.by(RouteTable, "vpc", lambda item: values(item.vpc), vpc)
        if other.id != table.id and not any(to_gateway(other)) and not other.routes.missing
    ]

    def far(other: RouteTable) -> tuple[bool, bool, str]:
        zones = {known_or(view.graph.zone(one), "") for one in served(other, vpc, view)}
        return zones != {zone}, zone not in zones, other.id

    if not private:
        return None
    best = min(private, key=far)
    return Change(Action.REPLACE, subnet, Association(best.id), Association(table.id))

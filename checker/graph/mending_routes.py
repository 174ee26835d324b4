"""Routes that are wanting: to another subnet, to the internet, to a service."""

from __future__ import annotations

from collections.abc import Iterator

from checker.graph.index import values
from checker.graph.mending_apply import route_value
from checker.graph.place import Place
from checker.graph.view import View
from checker.model.addresses import Cidr
from checker.model.change import Action, Association, Change, TableRoute
from checker.model.fact import Known, all_of, known_or
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.internet_gateway import InternetGateway
from checker.resources.nat_gateway import NatGateway
from checker.resources.peering_connection import PeeringConnection
from checker.resources.route_table import RouteTable
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc

DEFAULTS = {False: "0.0.0.0/0", True: "::/0"}


def to_gateway(table: RouteTable) -> Iterator[TableRoute]:
    """Yield the routes of a table that lead to an internet gateway."""
    for route in known_or(table.routes, ()):
        value = route_value(route)
        if value and value.active and prefixed(value.target).startswith("igw-"):
            yield value


def served(table: RouteTable, vpc: str, view: View) -> Iterator[str]:
    """Yield the subnets whose effective table is this one."""
    for subnet in view.graph.index.by(Subnet, "vpc", lambda item: values(item.vpc), vpc):
        found = view.graph.routes.table(subnet.id, vpc)
        if isinstance(found, Known) and found.value.id == table.id:
            yield subnet.id


def lead_to(source: Place, target: Place, view: View) -> tuple[Change, ...] | None:
    """Return the changes of a subnet's table after which it leads to a place; None where no route can."""
    table = view.graph.routes.table(source.subnet, source.vpc)
    wanted = "local" if source.vpc == target.vpc else _peering(source, target, view)
    if not isinstance(table, Known) or wanted is None or not isinstance(table.value.routes, Known):
        return None
    changes: list[Change] = []
    routes = [
        (Cidr.parse(value.destination), value)
        for route in table.value.routes.value
        if (value := route_value(route)) and not prefixed(value.destination).startswith("pl-")
    ]
    local = known_or(home.cidrs, ()) if (home := view.graph.index.get(Vpc, source.vpc)) else ()
    best_local = max((block.prefix for block in local if target.addresses <= block.addresses), default=-1)
    for block, value in sorted(routes, key=lambda item: -item[0].prefix):
        if not target.addresses <= block.addresses or value.target == "local" or block.prefix < best_local:
            continue
        if value.active and value.target == wanted:
            return tuple(changes)
        if wanted == "local":
            changes.append(Change(Action.REMOVE, table.value.id, value))
        else:
            return (*changes, Change(Action.REPLACE, table.value.id, TableRoute(value.destination, wanted), value))
    if wanted == "local":
        return tuple(changes)
    there = known_or(far.cidrs, ()) if (far := view.graph.index.get(Vpc, target.vpc)) else ()
    home_block = next((str(block) for block in there if target.addresses <= block.addresses), None)
    return (Change(Action.ADD, table.value.id, TableRoute(home_block, wanted)),) if home_block else None


def _peering(source: Place, target: Place, view: View) -> str | None:
    for item in view.graph.index.all(PeeringConnection).items:
        ends = {*values(item.requester_vpc), *values(item.accepter_vpc)}
        if item.active.is_(True).is_yes and ends == {source.vpc, target.vpc}:
            return item.id
    return None


def lead_to_internet(place: Place, missing: IntervalSet, view: View) -> tuple[Change, ...] | None:
    """Return the changes after which a subnet leads to its VPC's internet gateway; None where no route can."""
    gateway = next(
        (
            item.id
            for item in view.graph.index.all(InternetGateway).items
            if item.vpcs.holds(lambda ids: place.vpc in ids).is_yes
        ),
        None,
    )
    table = view.graph.routes.table(place.subnet, place.vpc)
    legs = view.graph.routes.legs(place.subnet, place.vpc)
    if gateway is None or not isinstance(table, Known) or not isinstance(legs, Known):
        return None
    wrong = [leg for leg in legs.value if leg.addresses & missing and not leg.target.is_(gateway).is_yes]
    unrouted = missing - IntervalSet.of(run for leg in legs.value for run in leg.addresses.intervals)
    if not wrong and not unrouted:
        return None  # the routes are right: it is the address or the block on public access
    if other := _public_table(place, table.value, missing, gateway, view):
        return (Change(Action.REPLACE, place.subnet, Association(other), Association(table.value.id)),)
    default = DEFAULTS[place.is_v6]
    found = {value.destination: value for route in known_or(table.value.routes, ()) if (value := route_value(route))}
    changes: list[Change] = []
    for leg in wrong:
        value = found.get(leg.destination)
        if value is None:
            return None
        if leg.destination == default:
            changes.append(Change(Action.REPLACE, table.value.id, TableRoute(default, gateway), value))
        else:
            changes.append(Change(Action.REMOVE, table.value.id, value))
    if unrouted or (wrong and default not in found):
        changes.append(Change(Action.ADD, table.value.id, TableRoute(default, gateway)))
    return tuple(changes)


def _public_table(place: Place, table: RouteTable, missing: IntervalSet, gateway: str, view: View) -> str | None:
    """Return a table that leads to the gateway already, where the subnet's own serves others that must stay private."""
    inner = {
        subnet for tier in ("app", "cache", "data", "files") for one in view.stack.tier(tier) for subnet in one.subnets
    }
    # The main table is what a new subnet follows: it stays as private as it is.
    if not inner & set(served(table, place.vpc, view)) and not table.is_main.is_(True).is_yes:
        return None
    found: str | None = None
    for subnet in view.graph.index.by(Subnet, "vpc", lambda item: values(item.vpc), place.vpc):
        legs = view.graph.routes.legs(subnet.id, place.vpc)
        other = view.graph.routes.table(subnet.id, place.vpc)
        if not isinstance(legs, Known) or not isinstance(other, Known) or other.value.id == table.id:
            continue
        led = [leg.addresses for leg in legs.value if leg.target.is_(gateway).is_yes]
        if missing <= IntervalSet.of(run for one in led for run in one.intervals):
            found = min(found or other.value.id, other.value.id)
    return found


def lead_to_service(source: Place, view: View, endpoint: str | None) -> tuple[Change, ...] | None:
    """Return the change after which a subnet has a way to a regional service: its gateway endpoint, or a NAT gateway.

    The NAT gateway must be of the subnet's own zone, so that the loss of another zone does not close the way.
    """
    table = view.graph.routes.table(source.subnet, source.vpc)
    if not isinstance(table, Known):
        return None
    if endpoint:
        return (Change(Action.ADD, endpoint, Association(table.value.id)),)
    zone = view.graph.zone(source.subnet)
    default = DEFAULTS[False]
    old = next(
        (
            value
            for route in known_or(table.value.routes, ())
            if (value := route_value(route)) and value.destination == default
        ),
        None,
    )
    for gateway in view.graph.index.all(NatGateway).items:
        there = all_of(
            (
                gateway.vpc.is_(source.vpc),
                gateway.active.is_(True),
                gateway.public.is_(True),
                gateway.subnet.then(lambda home: view.graph.zone(home or "")).is_(known_or(zone, "?")),
            )
        )
        if there.is_yes and (old is None or old.target != gateway.id):
            new = TableRoute(default, gateway.id)
            return (Change(Action.REPLACE if old else Action.ADD, table.value.id, new, old),)
    return None

"""An inventory as it would be after some changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker.graph.mending_grants import as_value, peer_of
from checker.model.addresses import Cidr
from checker.model.change import Action, Association, Change, Changed, GroupRule, ListEntry, TableRoute
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.inventory import Inventory
from checker.resources.network_acl import AclEntry, NetworkAcl
from checker.resources.route_table import Route, RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer, SecurityGroupRule
from checker.resources.vpc_endpoint import VpcEndpoint


def apply(inventory: Inventory, changes: Iterable[Change]) -> Inventory:
    """Return a changed copy of an inventory; raises `ValueError` for a change of something that is not there."""
    resources = list(inventory.resources)
    for at, change in enumerate(changes):
        resources = _changed(resources, change, at)
    return Inventory(resources, inventory.gaps, inventory.lost)


def _changed(resources: list[Resource], change: Change, at: int) -> list[Resource]:
    gone = change.old if change.action is Action.REPLACE else change.what if change.action is Action.REMOVE else None
    new = None if change.action is Action.REMOVE else change.what
    if not any(_is_there(item, change, gone) for item in resources):
        raise ValueError(f"nothing to change: {change}")
    if isinstance(gone or new, GroupRule):
        return _rules(resources, change, gone, new, at)
    if isinstance(gone or new, Association):
        return _associations(resources, change)
    return [_listed(item, gone, new) if item.id == change.resource else item for item in resources]


def _is_there(item: Resource, change: Change, gone: Changed | None) -> bool:
    """Tell whether a resource has what a change takes away, or may have what it adds."""
    if isinstance(gone, Association):
        return isinstance(item, RouteTable) and item.id == gone.table
    if isinstance(item, SecurityGroupRule) and item.group.is_(change.resource).is_yes:
        return gone is not None and as_value(item) == gone
    if item.id != change.resource:
        return False
    if gone is None:
        return True
    if isinstance(item, SecurityGroup):
        return item.permissions.holds(lambda rules: any(as_value(rule) == gone for rule in rules)).is_yes
    if isinstance(item, NetworkAcl):
        return item.entries.holds(lambda found: any(entry_value(entry) == gone for entry in found)).is_yes
    return (
        isinstance(item, RouteTable)
        and item.routes.holds(lambda found: any(route_value(route) == gone for route in found)).is_yes
    )


def _rules(
    resources: list[Resource], change: Change, gone: Changed | None, new: Changed | None, at: int
) -> list[Resource]:
    found: list[Resource] = []
    listed = any(isinstance(item, SecurityGroupRule) and item.group.is_(change.resource).is_yes for item in resources)
    for item in resources:
        mine = isinstance(item, SecurityGroupRule) and item.group.is_(change.resource).is_yes
        if isinstance(item, SecurityGroupRule) and mine and gone is not None and as_value(item) == gone:
            continue
        if not isinstance(item, SecurityGroup) or item.id != change.resource:
            found.append(item)
            continue
        made = _made(new, item, change.rule or f"sgr-new-{at}") if isinstance(new, GroupRule) else None
        kept = item.permissions.map(
            lambda rules: tuple(rule for rule in rules if gone is None or as_value(rule) != gone)
        )
        more = (made,) if made else ()
        told = Known((*kept.value, *more)) if isinstance(kept, Known) else kept
        found.append(replace(item, permissions=told))
        # Where the group alone tells its rules, a rule that is listed apart would hide the others.
        if made and (listed or not isinstance(item.permissions, Known)):
            found.append(made)
    return found


def _made(value: GroupRule, group: SecurityGroup, id_: str) -> SecurityGroupRule:
    return SecurityGroupRule(
        id=id_,
        scope=group.scope,
        origin=group.origin,
        group=Known(group.id),
        ingress=Known(value.ingress),
        traffic=Known(value.traffic),
        peer=Known(peer_of(value.peer)),
    )


def _associations(resources: Sequence[Resource], change: Change) -> list[Resource]:
    gone = change.old.table if isinstance(change.old, Association) else ""
    new = change.what.table if isinstance(change.what, Association) else ""
    found: list[Resource] = []
    for item in resources:
        if isinstance(item, RouteTable) and item.id in (gone, new) and change.action is Action.REPLACE:
            others = item.subnets.map(lambda ids: tuple(id for id in ids if id != change.resource))
            joined = others.map(lambda ids: (*ids, change.resource)) if item.id == new else others
            found.append(replace(item, subnets=joined))
        elif isinstance(item, VpcEndpoint) and item.id == change.resource:
            found.append(replace(item, route_tables=item.route_tables.map(lambda ids: (*ids, new))))
        else:
            found.append(item)
    return found


def _listed(item: Resource, gone: Changed | None, new: Changed | None) -> Resource:
    if isinstance(item, NetworkAcl):
        kept = item.entries.map(lambda found: tuple(one for one in found if gone is None or entry_value(one) != gone))
        made = _entry(new) if isinstance(new, ListEntry) else None
        return replace(item, entries=kept.map(lambda found: (*found, made) if made else found))
    if isinstance(item, RouteTable):
        routes = item.routes.map(lambda found: tuple(one for one in found if gone is None or route_value(one) != gone))
        added = _route(new) if isinstance(new, TableRoute) else None
        return replace(item, routes=routes.map(lambda found: (*found, added) if added else found))
    return item


def entry_value(entry: AclEntry) -> ListEntry | None:
    """Return an entry as a value; None where it is not wholly known."""
    match entry.egress, entry.allow, entry.traffic, entry.peer:
        case Known(egress), Known(allow), Known(passes), Known(block):
            return ListEntry(entry.number, egress, allow, passes, str(block))
    return None


def route_value(route: Route) -> TableRoute | None:
    """Return a route as a value; None where it is not wholly known."""
    match route.destination, route.target, route.active:
        case Known(destination), Known(target), Known(active):
            text = destination.id if isinstance(destination, PrefixListPeer) else str(destination)
            return TableRoute(text, target, active)
    return None


def _entry(value: ListEntry) -> AclEntry:
    return AclEntry(
        number=value.number,
        egress=Known(value.egress),
        allow=Known(value.allow),
        traffic=Known(value.traffic),
        peer=Known(Cidr.parse(value.block)),
    )


def _route(value: TableRoute) -> Route:
    peer = peer_of(value.destination)
    if isinstance(peer, GroupPeer):
        raise TypeError(f"no route leads to a group: {value}")
    to: Fact[Cidr | PrefixListPeer] = Known(peer)
    return Route(destination=to, target=Known(value.target), active=Known(value.active), propagated=Known(False))

"""Changes of an inventory that must not change any answer, or change it in one direction only.

Each takes a source of chance and an inventory, and returns the inventory after the change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import ip_network
from random import Random

from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.model.traffic import EVERYTHING
from checker.resources.inventory import Inventory
from checker.resources.network_acl import AclEntry, NetworkAcl
from checker.resources.network_interface import NetworkInterface
from checker.resources.route_table import Route, RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import SecurityGroupRule
from tests.graph.network import Network

Change = Callable[[Random, Inventory], Inventory]
STEP = 2


def remade(world: Inventory, change: Callable[[Resource], Iterable[Resource]]) -> Inventory:
    """Return a world of what each resource becomes; groups that tell their rules go on telling them all."""
    items = [new for item in world.resources for new in change(item)]
    rules: dict[str, list[SecurityGroupRule]] = {}
    for item in items:
        if isinstance(item, SecurityGroupRule) and isinstance(item.group, Known):
            rules.setdefault(item.group.value, []).append(item)

    def told(item: Resource) -> Resource:
        if not isinstance(item, SecurityGroup) or not isinstance(item.permissions, Known):
            return item
        own = (
            dataclasses.replace(rule, id=f"{item.id} rule {at}") for at, rule in enumerate(rules.get(item.id, ()), 1)
        )
        return dataclasses.replace(item, permissions=Known(tuple(own)))

    return Inventory(map(told, items), world.gaps, world.lost)


def _each(type_: type[Resource], change: Callable[..., Iterable[Resource]]) -> Callable[[Resource], Iterable[Resource]]:
    return lambda item: change(item) if isinstance(item, type_) else (item,)


def _inside(fact: Fact[tuple[object, ...]], change: Callable[..., Iterable[object]]) -> Fact[tuple[object, ...]]:
    """Return the list with each item replaced by what it becomes."""
    return fact.map(lambda items: tuple(new for item in items for new in change(item)))


def halves(block: Cidr) -> tuple[Cidr, ...]:
    """Return the two halves of a block; a single address stays whole."""
    network = ip_network(block.text)
    return (
        (block,) if network.prefixlen == network.max_prefixlen else tuple(Cidr(str(half)) for half in network.subnets())
    )


def parts(traffic: IntervalSet) -> tuple[IntervalSet, ...]:
    """Return a set of traffic in two, cut in the middle of its longest run."""
    first, last = max(traffic.intervals, key=lambda run: run[1] - run[0])
    if first == last:
        return (traffic,)
    low = IntervalSet.span(first, (first + last) // 2)
    return low, traffic - low


def _split_rule(
    rule: SecurityGroupRule, field: str, pieces: Callable[..., tuple[object, ...]], type_: type
) -> Iterator[Resource]:
    fact = getattr(rule, field)
    if not isinstance(fact, Known) or not isinstance(fact.value, type_) or not fact.value:
        yield rule
        return
    for at, piece in enumerate(pieces(fact.value)):
        yield dataclasses.replace(rule, id=f"{rule.id}{'xyz'[at]}", **{field: Known(piece)})


def _split_entry(entry: AclEntry, field: str, pieces: Callable[..., tuple[object, ...]]) -> Iterator[AclEntry]:
    fact = getattr(entry, field)
    for at, piece in enumerate(pieces(fact.value) if isinstance(fact, Known) and fact.value else ()):
        yield dataclasses.replace(entry, number=entry.number * STEP + at, **{field: Known(piece)})
    if not isinstance(fact, Known) or not fact.value:
        yield dataclasses.replace(entry, number=entry.number * STEP)


def split_blocks(chance: Random, world: Inventory) -> Inventory:
    """Write each block of a rule and of an entry as its two halves."""
    world = remade(world, _each(SecurityGroupRule, lambda rule: _split_rule(rule, "peer", halves, Cidr)))
    return _entries(world, lambda entry: _split_entry(entry, "peer", halves))


def split_ports(chance: Random, world: Inventory) -> Inventory:
    """Write each range of ports of a rule and of an entry as two."""
    world = remade(world, _each(SecurityGroupRule, lambda rule: _split_rule(rule, "traffic", parts, IntervalSet)))
    return _entries(world, lambda entry: _split_entry(entry, "traffic", parts))


def _entries(world: Inventory, change: Callable[[AclEntry], Iterable[AclEntry]]) -> Inventory:
    return remade(
        world, _each(NetworkAcl, lambda acl: (dataclasses.replace(acl, entries=_inside(acl.entries, change)),))
    )


def split_routes(chance: Random, world: Inventory) -> Inventory:
    """Write each route to a block as two to its halves, where no other route is to one of them."""

    def change(table: RouteTable) -> Iterator[Resource]:
        taken = (
            {str(route.destination.value) for route in table.routes.value} if isinstance(table.routes, Known) else set()
        )

        def split(route: Route) -> Iterator[Route]:
            to = route.destination
            if (
                not isinstance(to, Known)
                or not isinstance(to.value, Cidr)
                or route.target.is_("local").is_yes
                or taken & set(map(str, halves(to.value)))
                or _is_home(world, to.value)
            ):
                yield route
            else:
                yield from (dataclasses.replace(route, destination=Known(half)) for half in halves(to.value))

        yield dataclasses.replace(table, routes=_inside(table.routes, split))

    return remade(world, _each(RouteTable, change))


def _is_home(world: Inventory, block: Cidr) -> bool:
    """Tell whether a VPC's own block is this one or a half of it: then a half would be a local route's rival."""
    near = {block, *halves(block)}
    return any(
        one in near
        for item in world.resources
        if item.kind == "vpc"
        for one in (item.cidrs.value if isinstance(item.cidrs, Known) else ())  # type: ignore[attr-defined]  # a VPC
    )


def reorder(chance: Random, world: Inventory) -> Inventory:
    """Tell the items of every list in another order; where the order means something, the items say it themselves."""
    fields = {
        NetworkAcl: ("entries", "subnets"), RouteTable: ("routes", "subnets"), NetworkInterface: ("groups",),
    }  # fmt: skip

    def change(item: Resource) -> Iterator[Resource]:
        new = {
            name: getattr(item, name).map(lambda items: tuple(chance.sample(items, len(items))))
            for name in fields.get(type(item), ())
        }
        yield dataclasses.replace(item, **new) if new else item

    found = remade(world, change)
    return Inventory(chance.sample(found.resources, len(found.resources)), found.gaps, found.lost)


def repeat_rules(chance: Random, world: Inventory) -> Inventory:
    """Say every rule and every entry twice."""
    world = remade(
        world, _each(SecurityGroupRule, lambda rule: (rule, dataclasses.replace(rule, id=f"{rule.id}-again")))
    )
    return _entries(
        world, lambda entry: (dataclasses.replace(entry, number=entry.number * STEP + at) for at in range(STEP))
    )


def part_groups(chance: Random, world: Inventory) -> Inventory:
    """Move some rules of a group to a new one that everybody who wears the old one wears too.

    Read backwards it merges two groups that are always worn together.
    """
    groups = [
        item for item in world.resources if isinstance(item, SecurityGroup) and not item.is_default.is_(True).is_yes
    ]
    if not groups:
        return world
    old = chance.choice(groups)
    new = f"{old.id}-more"

    def change(item: Resource) -> Iterator[Resource]:
        if isinstance(item, SecurityGroupRule) and item.group.is_(old.id).is_yes and chance.random() < 1 / 2:
            yield dataclasses.replace(item, group=Known(new))
            return
        if item is old:
            yield dataclasses.replace(old, id=new, name=new)
        worn = getattr(item, "groups", None)
        if isinstance(worn, Known) and old.id in (worn.value or ()):
            item = dataclasses.replace(item, groups=Known((*worn.value, new)))  # type: ignore[call-arg]  # it has groups
        yield item

    return remade(world, change)


def add_unrelated(chance: Random, world: Inventory) -> Inventory:
    """Add networks that nothing leads to, of the same addresses, open to all, their ids before and after all others."""
    net = Network()
    for at in (0, "z"):
        vpc, subnet = f"vpc-{at}", f"subnet-{at}"
        net.vpc(vpc, "10.0.0.0/16", "10.1.0.0/16").subnet(subnet, "10.0.0.0/24", vpc=vpc)
        net.group(f"sg-{at}", "in all 0.0.0.0/0", "in all ::/0", "out all 0.0.0.0/0", "in all sg-0", vpc=vpc)
        net.acl(f"acl-{at}", [], "1 in allow all 0.0.0.0/0", "1 out allow all 0.0.0.0/0", vpc=vpc, default=True)
        net.table(f"rtb-{at}", [], f"0.0.0.0/0 igw-{at}", vpc=vpc, main=True).gateway(f"igw-{at}", vpc)
        net.interface(f"eni-{at}", subnet, "10.0.0.9", groups=[f"sg-{at}"], public="192.0.2.250", vpc=vpc)
    scope = next((item.scope for item in world.resources if item.kind == "vpc"), None)
    more = [dataclasses.replace(item, scope=scope) for item in net.inventory().resources] if scope else []
    return Inventory([*world.resources, *more], world.gaps, world.lost)


def allow_more(chance: Random, world: Inventory) -> Inventory:
    """Add a rule to a group that lets in, or out, from anywhere or any group."""
    rules = [item for item in world.resources if isinstance(item, SecurityGroupRule)]
    if not rules:
        return world
    model, peer = chance.choice(rules), chance.choice(rules).peer
    rule = dataclasses.replace(
        model, id=f"{model.id}-more", ingress=Known(chance.random() < 1 / 2), peer=peer,
        traffic=chance.choice((Known(EVERYTHING), model.traffic, chance.choice(rules).traffic)),
    )  # fmt: skip
    return remade(world, lambda item: (item, rule) if item is model else (item,))


def deny_more(chance: Random, world: Inventory) -> Inventory:
    """Add a denial to a network ACL, before, between or after its entries."""
    acls = [item for item in world.resources if isinstance(item, NetworkAcl)]
    known = [entry for acl in acls for entry in (acl.entries.value if isinstance(acl.entries, Known) else ())]
    if not known:
        return world
    model, number, hit = chance.choice(known), chance.randint(1, 400), chance.choice(acls)
    denial = dataclasses.replace(
        model, number=number * STEP + 1, allow=Known(False), egress=Known(chance.random() < 1 / 2),
        peer=chance.choice((model.peer, Known(Cidr("0.0.0.0/0")))),
    )  # fmt: skip
    world = _entries(world, lambda entry: (dataclasses.replace(entry, number=entry.number * STEP),))
    return remade(
        world,
        lambda item: (
            (
                dataclasses.replace(item, entries=item.entries.map(lambda entries: (*entries, denial))),  # type: ignore[attr-defined]  # an ACL
            )
            if item.id == hit.id
            else (item,)
        ),
    )


def cut_off(chance: Random, world: Inventory) -> Inventory:
    """Take the routes to internet gateways out of the tables, all of them."""
    stays = lambda route: () if route.target.holds(lambda id: id.startswith("igw-")).is_yes else (route,)  # noqa: E731  # short
    return remade(
        world, _each(RouteTable, lambda table: (dataclasses.replace(table, routes=_inside(table.routes, stays)),))
    )


SAME: Mapping[str, Change] = {
    "blocks in halves": split_blocks,
    "ports in halves": split_ports,
    "routes in halves": split_routes,
    "another order": reorder,
    "everything twice": repeat_rules,
    "a group in two": part_groups,
    "an unrelated network": add_unrelated,
}

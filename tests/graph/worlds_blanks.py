"""What a fact that was not seen could have been: the networks of which the product must leave every one open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tests.graph.oracle import TCP, Entry, Route, Rule, World, vpc_of
from tests.graph.worlds_records import Blank


def completions(world: World, blank: Blank) -> Iterator[World]:
    """Yield the network as it is, and as it would be were the fact another."""
    yield world
    kind, id, at = blank
    if kind == "groups":
        letter = world.subnets[world.interfaces[id].subnet].vpc[-1]
        for worn in ((), (f"sg-0-{letter}",), (f"sg-1-{letter}",)):
            yield replace(world, interfaces=world.interfaces | {id: replace(world.interfaces[id], groups=worn)})
    elif kind == "list":
        for blocks in (("0.0.0.0/0",), ("10.1.0.0/25", "203.0.113.0/24"), ("192.0.2.0/24",)):
            yield replace(world, lists={id: blocks})
    elif kind in ("peer", "traffic"):
        rules = world.groups[id]
        for rule in _rules(rules[at], kind, tuple(world.groups)):
            yield replace(world, groups=world.groups | {id: (*rules[:at], rule, *rules[at + 1 :])})
    elif kind.startswith("entry"):
        entries = world.acls[id]
        for entry in _entries(entries[at], kind):
            yield replace(world, acls=world.acls | {id: (*entries[:at], entry, *entries[at + 1 :])})
    else:
        routes = world.tables[id]
        for route in _routes(routes[at], world, vpc_of(world, id)):
            yield replace(world, tables=world.tables | {id: (*routes[:at], route, *routes[at + 1 :])})


def _rules(rule: Rule, kind: str, groups: tuple[str, ...]) -> Iterator[Rule]:
    if kind == "traffic":
        yield replace(rule, protocol=-1)
        yield replace(rule, protocol=TCP, first=443, last=443)
        return
    for peer in ("0.0.0.0/0", "10.0.0.0/25", "192.0.2.0/24", *groups):
        yield replace(rule, peer=peer)


def _entries(entry: Entry, kind: str) -> Iterator[Entry]:
    if kind == "entry-action":
        yield replace(entry, allow=not entry.allow)
    elif kind == "entry-traffic":
        yield replace(entry, protocol=-1)
        yield replace(entry, protocol=TCP, first=1024, last=1024)
    else:
        for block in ("0.0.0.0/0", "10.0.0.0/25", "10.1.0.0/24", "192.0.2.0/24"):
            yield replace(entry, block=block)


def _routes(route: Route, world: World, vpc: str) -> Iterator[Route]:
    here = [
        id for id in (*world.nats, *world.peerings, *world.transits) if not id.startswith("nat") or id[-1] == vpc[-1]
    ]
    for target in (f"igw-{vpc[-1]}", *here):
        if not (target.startswith("nat") and ":" in route.block):
            yield replace(route, target=target)

"""Hops in words, for one packet: what each rests on, and what lets the packet through where it is stopped."""

from __future__ import annotations

from checker.graph.graph import Graph
from checker.graph.query.answer import Stop
from checker.graph.query.changes import change
from checker.graph.query.filters import Filter, Try
from checker.graph.query.grants import (
    Ground,
    acl_of,
    deciding,
    entry_text,
    group_origin,
    rule_ground,
    subnet_of,
    table_of,
)
from checker.model import addresses as line
from checker.model import traffic
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet


def stops(one: Try, packet: IntervalSet, graph: Graph) -> tuple[Stop, ...]:
    """Return the hops of a try for one packet; the first that surely stops it says what to change."""
    found: list[Stop] = []
    stopped = False
    for filter in one.filters:
        passes = _passes(filter, packet)
        found.append(_stop(filter, packet, passes, graph, first=passes is False and not stopped))
        stopped = stopped or passes is False
    return tuple(found)


def _passes(filter: Filter, packet: IntervalSet) -> bool | None:
    if packet <= filter.passes.must:
        return True
    return None if packet <= filter.passes.may else False


def _stop(filter: Filter, packet: IntervalSet, passes: bool | None, graph: Graph, *, first: bool) -> Stop:
    ground = _ground(filter, packet, passes, graph)
    return Stop(
        kind=filter.kind,
        resource=ground.resource,
        fact=ground.fact,
        passes=passes,
        origin=ground.origin,
        code=filter.code if passes is False else None,
        change=change(filter, packet, graph) if first else "",
    )


def _ground(filter: Filter, packet: IntervalSet, passes: bool | None, graph: Graph) -> Ground:
    """Return what a hop rests on, as exactly as that can be told; else what the engine says of it."""
    found: Ground | None = None
    if filter.kind in (HopKind.EGRESS.value, HopKind.INGRESS.value):
        found = _of_groups(filter, packet, passes, graph)
    elif filter.kind in (HopKind.ACL.value, HopKind.REPLY.value):
        found = _of_acl(filter, packet, passes, graph)
    elif (
        filter.kind == HopKind.ROUTE.value
        and (where := subnet_of(filter, graph))
        and where[0] in filter.resource.split()
    ):
        table = table_of(filter, graph)
        found = Ground(f"{table.id} of {where[0]}", filter.tell(), table.origin) if table else None
    return found or Ground(filter.resource, filter.tell(), filter.origin)


def _of_groups(filter: Filter, packet: IntervalSet, passes: bool | None, graph: Graph) -> Ground | None:
    if filter.mine is None or filter.mine.groups is None:
        return None
    if not filter.mine.filtered:
        return Ground(filter.mine.subnet, "has no security groups here, which filters nothing", None)
    if passes is None:
        return None
    if found := rule_ground(filter, packet, graph):
        return found
    if passes:
        return None
    groups = filter.mine.groups
    verb, preposition = ("admits", "from") if filter.inward else ("lets out", "to")
    other = line.describe(filter.other, 1) + (f" wearing {', '.join(filter.groups)}" if filter.groups else "")
    fact = f"no rule {verb} {traffic.describe(packet)} {preposition} {other}"
    return Ground(", ".join(groups), fact, group_origin(groups[0], graph) if groups else None)


def _of_acl(filter: Filter, packet: IntervalSet, passes: bool | None, graph: Graph) -> Ground | None:
    acl, where = acl_of(filter, graph), subnet_of(filter, graph)
    if acl is None or where is None:
        return None
    name = f"{acl.id} of {where[0]}"
    if filter.mine is None:
        return Ground(name, filter.tell(), acl.origin)
    if filter.kind == HopKind.REPLY.value:
        first, last = filter.clients
        verb, way = "blocks" if passes is False else "lets" if passes else "may let", "out" if filter.inward else "in"
        told = f"{verb} replies {'' if passes is False else way + ' '}to client ports {first}-{last}"
        return Ground(name, told, acl.origin)
    entry = deciding(acl, packet, filter.other, egress=not filter.inward)
    return Ground(name, entry_text(entry) if entry else filter.tell(), acl.origin)

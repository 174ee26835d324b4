"""Tries that are alike, told as one route: who is on it, what it carries, and the hops of one packet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.graph.graph import Graph
from checker.graph.query.answer import Reach, Route, Way
from checker.graph.query.filters import Filter, Try, stands_at
from checker.graph.query.grants import acl_of, table_of
from checker.graph.query.packets import farthest, pick, witness
from checker.graph.query.stops import stops
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet

_ORDER = (Reach.REACHABLE, Reach.UNKNOWN, Reach.NOT_REACHABLE)
_WAYS = tuple(Way)
# What `end.labels` adds where several places of one subnet would be called the same.
_PART = re.compile(r" \([0-9a-f:./]+(, …)?\)$")


def any_route(verdicts: Iterable[Reach]) -> Reach:
    """Return the verdict on several routes: one that passes is enough."""
    found = set(verdicts)
    return next((one for one in _ORDER if one in found), Reach.NOT_REACHABLE)


def routes_of(found: Sequence[Try], asked: IntervalSet, prefer: IntervalSet, graph: Graph) -> Iterator[Route]:
    """Yield the routes of some tries, those that are alike together, the ones that pass first.

    The way over public addresses between two ends of the same networks is told only where it makes a difference.
    """
    groups: dict[tuple[object, ...], list[Try]] = {}
    for one in found:
        groups.setdefault(_alike(one, asked, graph), []).append(one)
    sources, targets = (Counter(map(_plain, dict.fromkeys(names))) for names in _names(found))
    told = [
        replace(one, sources=_shortened(one.sources, sources), targets=_shortened(one.targets, targets))
        for one in (_route(alike, asked, prefer, graph) for alike in groups.values())
    ]
    private = any(one.verdict is Reach.REACHABLE and one.way is Way.PRIVATE for one in told)
    kept = [one for one in told if not private or one.verdict is Reach.REACHABLE or one.way is Way.PRIVATE]
    yield from sorted(kept, key=lambda one: (_ORDER.index(one.verdict), _WAYS.index(one.way)))


def _names(found: Sequence[Try]) -> tuple[list[str], list[str]]:
    return [one.source for one in found], [one.target for one in found]


def _plain(name: str) -> str:
    return _PART.sub("", name)


def _shortened(names: tuple[str, ...], all_: Mapping[str, int]) -> tuple[str, ...]:
    """Return the names, without the addresses that tell the places of one subnet apart where all of them are there."""
    here = Counter(map(_plain, names))
    return tuple(dict.fromkeys(_plain(name) if here[_plain(name)] == all_[_plain(name)] else name for name in names))


def _alike(one: Try, asked: IntervalSet, graph: Graph) -> tuple[object, ...]:
    if one.passes.must:
        return (one.way, Reach.REACHABLE, one.passes.must)
    if one.passes.may:
        return (one.way, Reach.UNKNOWN, one.passes.may, one.passes.missing)
    left = farthest(one, asked)
    stop = next((filter for filter in one.filters if not left & filter.passes.may), None)
    where = (stop.kind, _which(stop, graph), stop.code) if stop else ()
    return (one.way, Reach.NOT_REACHABLE, *where)


def _which(stop: Filter, graph: Graph) -> str:
    """Return what has to be changed: a list or table that subnets share is one, and so is what they all lack."""
    if stop.kind in (HopKind.ACL.value, HopKind.REPLY.value):
        acl = acl_of(stop, graph)
        return acl.id if acl else stop.resource
    if stop.kind != HopKind.ROUTE.value or stop.mine is None or not stands_at(stop.resource, stop.mine):
        return stop.resource
    table = table_of(stop, graph) if stop.code == "NO_ROUTE_TO_DESTINATION" else None
    return table.id if table else stop.resource.replace(stop.mine.subnet, "")


def _route(alike: Sequence[Try], asked: IntervalSet, prefer: IntervalSet, graph: Graph) -> Route:
    one = alike[0]
    verdict = Reach.REACHABLE if one.passes.must else Reach.UNKNOWN if one.passes.may else Reach.NOT_REACHABLE
    among = one.passes.must or one.passes.may or farthest(one, asked)
    packet = pick(among, prefer)
    return Route(
        way=one.way,
        verdict=verdict,
        sources=tuple(dict.fromkeys(each.source for each in alike)),
        targets=tuple(dict.fromkeys(each.target for each in alike)),
        traffic=one.passes.must or one.passes.may,
        packet=witness(one, packet),
        hops=stops(one, packet, graph),
        missing=one.passes.missing if verdict is Reach.UNKNOWN else (),
    )

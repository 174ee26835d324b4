"""Candidate routes over addresses outside of every VPC: from them, to them, and by them from one place to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.graph.graph import Graph
from checker.graph.hops import Arrival, Hop
from checker.graph.place import Place
from checker.graph.query.answer import Way
from checker.graph.query.end import End, Spot, labels
from checker.graph.query.filters import Filter, Try, stands_at
from checker.graph.query.listening import listening
from checker.graph.query.words import told
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.finding import HopKind
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import EMPTY, IntervalSet


def from_outside(source: End, target: End, graph: Graph) -> Iterator[Try]:
    """Yield the tries from the addresses of a source that lie outside, one for each class of them that is alike."""
    far = labels(target)
    for spot in target.spots if source.outside else ():
        for way, addresses in _parts(source.outside, spot.place):
            arrival = _arrives(way, spot.place, graph) if _attached(source, spot) else _detached(source, spot)
            listens = listening(spot.owner, graph)
            for alike, at in _classes(arrival, addresses):
                filters = [_inward(hop, spot, at, alike) for hop in arrival.hops]
                yield _outside(way, told(alike), far(spot), at, spot, [*filters, *([listens] if listens else [])])


def to_outside(source: End, target: End, graph: Graph) -> Iterator[Try]:
    """Yield the tries to the addresses of a target that lie outside, one for each class of them that is alike."""
    near = labels(source)
    for spot in source.spots if target.outside else ():
        for way, addresses in _parts(target.outside, spot.place):
            arrival = _leaves(way, target, spot.place, graph) if _attached(target, spot) else _detached(target, spot)
            for alike, at in _classes(arrival, addresses):
                filters = [_outward(hop, spot, at, alike) for hop in arrival.hops]
                yield _outside(way, near(spot), told(alike), at, spot, filters, inward=False)


def _outside(
    way: Way, source: str, target: str, at: int, spot: Spot, filters: list[Filter], *, inward: bool = True
) -> Try:
    passes = Bounds.exactly(traffic.EVERYTHING)
    for one in filters:
        passes = passes & one.passes
    # From the internet an interface is called by the public address in front of it.
    own = spot.public[0] if inward and way is Way.INTERNET and spot.public else spot.address
    sender, receiver = (line.address(at), own) if inward else (own, line.address(at))
    return Try(way, source, target, sender, receiver, tuple(filters), passes, spot.place.is_v6)


def _parts(outside: IntervalSet, place: Place) -> Iterator[tuple[Way, IntervalSet]]:
    """Yield the addresses of a place's family that lie on the internet, and those that lie on other networks."""
    mine = outside & (line.ALL_V6 if place.is_v6 else line.ALL_V4)
    if on_internet := mine & line.INTERNET:
        yield Way.INTERNET, on_internet
    if elsewhere := mine - line.INTERNET:
        yield Way.OUTSIDE, elsewhere


def _arrives(way: Way, place: Place, graph: Graph) -> Arrival:
    if way is Way.INTERNET:
        return graph.reachability.from_internet(place)
    return graph.reachability.from_outside(place)


def _leaves(way: Way, target: End, place: Place, graph: Graph) -> Arrival:
    if way is Way.INTERNET:
        # A service behind a gateway endpoint is reached by its addresses; the internet as such is not.
        return graph.reachability.to_internet(place, services=target.kind != "internet")
    return graph.reachability.to_outside(place)


def _attached(end: End, spot: Spot) -> bool:
    return not end.vpcs or spot.place.vpc in end.vpcs


def _detached(end: End, spot: Spot) -> Arrival:
    fact = f"is attached to {', '.join(end.vpcs)}, not to {spot.place.vpc}"
    hop = Hop(HopKind.ROUTE, end.id, lambda: fact, Bounds.exactly(NO_FLOWS), "BAD_STATE_ATTACHMENT")
    return Arrival((hop,), Bounds.exactly(NO_FLOWS))


def _classes(arrival: Arrival, addresses: IntervalSet) -> Iterator[tuple[IntervalSet, int]]:
    """Yield the classes of addresses outside that are alike in what passes, each with one of its addresses.

    Those that nothing passes for are one class, and told only where there is no other.
    """
    must, may = arrival.passes.must.within(addresses), arrival.passes.may.within(addresses)
    groups: dict[tuple[IntervalSet, IntervalSet], list[tuple[int, int]]] = {}
    for first, last, possible in may.slabs:
        left = IntervalSet.span(first, last)
        for low, high, sure in must.within(left).slabs:
            groups.setdefault((sure, possible), []).append((low, high))
            left -= IntervalSet.span(low, high)
        if left:
            groups.setdefault((EMPTY, possible), []).extend(left.intervals)
    if not groups:
        groups[EMPTY, EMPTY] = list(addresses.intervals)
    for runs in groups.values():
        alike = IntervalSet.of(runs)
        yield alike, _one(alike)


def _one(addresses: IntervalSet) -> int:
    return (addresses & line.EXAMPLES or addresses).first


def _inward(hop: Hop[FlowSet], spot: Spot, at: int, alike: IntervalSet = EMPTY) -> Filter:
    at_end = hop.kind in (HopKind.EGRESS, HopKind.INGRESS) or stands_at(hop.resource, spot.place)
    return Filter(
        hop.kind.value, hop.resource, hop.tell, hop.passes.map(lambda flows: flows.at(at)), hop.code,
        spot.place if at_end else None, IntervalSet.span(at, at), inward=True, alike=alike,
    )  # fmt: skip


def _outward(hop: Hop[FlowSet], spot: Spot, at: int, alike: IntervalSet = EMPTY) -> Filter:
    return replace(_inward(hop, spot, at, alike), inward=False, clients=spot.clients)


def over_internet(source: End, target: End, graph: Graph) -> Iterator[Try]:
    """Yield the tries from a place in a VPC to the public address of another."""
    near, far = labels(source), labels(target)
    for one in source.spots:
        for two in target.spots:
            if one.place.is_v6 is two.place.is_v6 and one.place != two.place and _is_shown(two.place):
                yield _hairpin(one, two, graph, near(one), far(two))


def _is_shown(place: Place) -> bool:
    return place.is_v6 or place.public is not False


def _hairpin(one: Spot, two: Spot, graph: Graph, source: str, target: str) -> Try:
    out, into = graph.reachability.to_internet(one.place), graph.reachability.from_internet(two.place)
    there, here = _seen_as(two), _seen_as(one)
    filters = [
        *(_translated(_outward(hop, one, there.first), hop, there) for hop in out.hops),
        *(_translated(_inward(hop, two, here.first), hop, here) for hop in into.hops),
    ]
    listens = listening(two.owner, graph)
    passes = Bounds.exactly(traffic.EVERYTHING)
    for one_filter in [*filters, *([listens] if listens else [])]:
        passes = passes & one_filter.passes
    sender, receiver = (one.public or (one.address,))[0], (two.public or (two.address,))[0]
    every = (*filters, listens) if listens else tuple(filters)
    return Try(Way.INTERNET, source, target, sender, receiver, every, passes, two.place.is_v6)


def _translated(filter: Filter, hop: Hop[FlowSet], other: IntervalSet) -> Filter:
    """Return a filter for any of several addresses that the other end may be seen as."""
    must = hop.passes.must.everywhere_in(other)
    may = hop.passes.may.somewhere_in(other)
    passes = Bounds.exactly(must) if must == may else Bounds(must, may, hop.passes.missing)
    return replace(filter, passes=passes, other=other)


def _seen_as(spot: Spot) -> IntervalSet:
    """Return the addresses that a spot has on the internet: any, where its own or its NAT gateway's are not known."""
    if spot.place.is_v6:
        return spot.place.addresses
    return line.union(*spot.public) if spot.public else line.INTERNET_V4


def of_clients(arrival: Arrival, source: End, spot: Spot, name: str) -> Iterator[Try]:
    """Yield a try for each class of a source's addresses, as a target sees them whose balancer preserves them."""
    family = line.ALL_V6 if spot.place.is_v6 else line.ALL_V4
    inside = (one.place.addresses for one in source.spots)
    seen = IntervalSet.of(run for part in (source.outside, *inside) for run in (part & family).intervals)
    for alike, at in _classes(arrival, seen) if seen else ():
        filters = [_inward(hop, spot, at, alike) for hop in arrival.hops]
        yield _outside(Way.PRIVATE, told(alike), name, at, spot, filters)

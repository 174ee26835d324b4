"""The answer to "does this reach that": every candidate route tried, and told by what is alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.errors import UsageError
from checker.graph.graph import Graph
from checker.graph.place import Initiates
from checker.graph.query.allowed import grouped
from checker.graph.query.answer import PathAnswer, Reach, Route, Stop, Way
from checker.graph.query.collapse import any_route, routes_of
from checker.graph.query.end import End
from checker.graph.query.filters import Try
from checker.graph.query.packets import own
from checker.graph.query.relayed import hidden, relayed
from checker.graph.query.tries import narrowed, tries
from checker.model import traffic
from checker.model.fact import Missing, merge
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet


def path(source: End, target: End, asked: IntervalSet, graph: Graph) -> PathAnswer:
    """Return whether packets get from one end to another without anybody in between who takes them.

    Cost: one answer of the engine for each pair of places. Raises `UsageError` where neither end is in a VPC.
    """
    placed = source.spots or target.spots or source.vacant or target.vacant
    if not placed and source.outside and (target.outside or not target.missing):
        alike = source.label == target.label
        what = f"{source.label} is in no" if alike else f"neither {source.label} nor {target.label} is in a"
        raise UsageError(f"{what} network that was read", hint="one end must be a resource, or an address of one")
    found = list(narrowed(tries(source, target, graph), asked))
    routes = list(routes_of(found, asked, own(target, graph), graph)) or [_nowhere(source, target)]
    missing: tuple[Missing, ...] = ()
    verdict = any_route(one.verdict for one in routes)
    if verdict is not Reach.REACHABLE:
        # Where an end may stand is not all known: what was not seen may get through.
        missing = merge(source.missing, target.missing, *(one.missing for one in routes))
        verdict = Reach.UNKNOWN if missing else verdict
    relays = relayed(source, target, asked, graph)
    return PathAnswer(
        source=source.view(),
        target=target.view(),
        asked=asked,
        verdict=verdict,
        allowed=grouped((one.source, one.target, one.passes.must) for one in found),
        possible=grouped((one.source, one.target, one.passes.may - one.passes.must) for one in found),
        routes=(*routes, *relays),
        missing=missing,
        remarks=tuple(_remarks(source, target, found, asked, graph)),
    )


def _nowhere(source: End, target: End) -> Route:
    """Return the route of ends of which one stands nowhere, or whose addresses are of two families."""
    inside, outside = (source, target) if target.outside else (target, source)
    if inside.spots and outside.outside:
        return _strangers(source, target, inside, outside)
    end = target if source.spots or source.outside else source
    fact = end.vacant or "has no place in a network: no interface, and no subnet that it may stand in"
    change = "ask for an interface that is there" if end.vacant else f"place {end.label} in a subnet"
    if end.missing:
        return Route(Way.PRIVATE, Reach.UNKNOWN, (source.label,), (target.label,), traffic.NOTHING, missing=end.missing)
    stop = Stop(HopKind.ADDRESS.value, end.label, fact, False, None, "UNASSOCIATED_COMPONENT", change)
    return Route(Way.PRIVATE, Reach.NOT_REACHABLE, (source.label,), (target.label,), traffic.NOTHING, None, (stop,))


def _strangers(source: End, target: End, inside: End, outside: End) -> Route:
    """Return the route between a place and addresses outside that are not of its family."""
    has, asks = ("IPv6", "IPv4") if inside.spots[0].place.is_v6 else ("IPv4", "IPv6")
    fact = f"has {has} addresses only, and {outside.label} is {asks}"
    change = f"give {inside.label} an {asks} address, or ask for an {has} one"
    stop = Stop(HopKind.ADDRESS.value, inside.label, fact, False, None, "NO_POSSIBLE_DESTINATION", change)
    verdict = Reach.UNKNOWN if inside.missing else Reach.NOT_REACHABLE
    missing = inside.missing
    ends = ((source.label,), (target.label,))
    return Route(Way.PRIVATE, verdict, *ends, traffic.NOTHING, None, (stop,), missing)


def _remarks(source: End, target: End, found: Sequence[Try], asked: IntervalSet, graph: Graph) -> Iterator[str]:
    yield from (note for end in (source, target) for note in end.notes)
    opens = {spot.opens for spot in source.spots}
    if opens == {Initiates.NEVER}:
        yield f"{source.label} opens no connections of its own: this is what the network would let through"
    elif opens == {Initiates.TARGETS} and not _is_served(source, target, graph):
        yield f"{source.label} opens connections to its targets only, and {target.label} is none of them"
    for end in (source, target):
        if end.spots and not any(spot.interfaces for spot in end.spots):
            yield f"no interface of {end.label} is seen now: it is taken for wherever it may stand"
    if target.spots and (lost := hidden(graph)):
        yield f"there may be ways through load balancers that were not seen: {lost[0].fact}"
    passing = [one for one in found if one.passes.must]
    if any(one.replies is not None and one.passes.must - one.replies.must for one in passing):
        yield "replies to some client ports are blocked by a network ACL: some connections will fail"
    through = traffic.NOTHING
    for one in passing:
        through |= one.passes.must
    if passing and asked - through and asked != traffic.EVERYTHING - traffic.ICMP_ERRORS and asked.size < traffic.WIDTH:
        yield f"not of what was asked: {traffic.describe(asked - through)}"


def _is_served(source: End, target: End, graph: Graph) -> bool:
    balancers = {balancer for owner in target.owners for balancer in graph.balancing.balancers_of(owner)}
    return any(owner in balancers for owner in source.owners)

"""Candidate routes between two ends: each pair of their places, on private networks and over public addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.graph.graph import Graph
from checker.graph.hops import Hop, Journey
from checker.graph.outbound import to_service
from checker.graph.query.answer import Way
from checker.graph.query.end import End, Spot, labels
from checker.graph.query.filters import Filter, Try, stands_at
from checker.graph.query.listening import listening
from checker.graph.query.tries_outside import from_outside, over_internet, to_outside
from checker.model import addresses as line
from checker.model.bounds import Bounds
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.resources.dynamo_table import DynamoTable


def tries(source: End, target: End, graph: Graph) -> Iterator[Try]:
    """Yield every candidate route of direct packets.

    Cost: one answer of the engine for each pair of places, which it works out once.
    """
    if not target.fronted:
        yield from _private(source, target, graph)
    yield from over_internet(source, target, graph)
    yield from from_outside(source, target, graph)
    yield from to_outside(source, target, graph)
    if any(isinstance(owner, DynamoTable) for owner in target.owners):
        yield from _to_service(source, target, graph)


def _private(source: End, target: End, graph: Graph) -> Iterator[Try]:
    pairs = [(one, two) for one in source.spots for two in target.spots]
    alike = [(one, two) for one, two in pairs if one.place.is_v6 is two.place.is_v6]
    near, far = labels(source), labels(target)
    # Ends without a family in common are shown as what they are, by one pair.
    for one, two in alike or pairs[:1]:
        yield between(one, two, graph, near(one), far(two))


def between(one: Spot, two: Spot, graph: Graph, source: str, target: str) -> Try:
    """Return the try on private networks from one spot to another."""
    journey = graph.reachability.between(one.place, two.place, one.clients)
    strict = graph.reachability.between(one.place, two.place, one.clients, every=True)
    return replace(of_journey(journey, one, two, (source, target), graph), replies=strict.passes)


def of_journey(journey: Journey, one: Spot, two: Spot, names: tuple[str, str], graph: Graph) -> Try:
    """Return a journey from one spot to another as a try; a load balancer takes only what it listens on."""
    filters = [_between(hop, one, two) for hop in journey.hops]
    passes = journey.passes
    if listens := listening(two.owner, graph):
        filters.append(listens)
        passes = passes & listens.passes
    source, target = names
    return Try(Way.PRIVATE, source, target, one.address, two.address, tuple(filters), passes, two.place.is_v6)


def _between(hop: Hop[IntervalSet], one: Spot, two: Spot) -> Filter:
    there = Filter(
        hop.kind.value, hop.resource, hop.tell, hop.passes, hop.code,
        two.place, one.place.addresses, one.place.groups or (), one.place.vpc, inward=True, clients=one.clients,
    )  # fmt: skip
    here = replace(
        there,
        mine=one.place,
        other=two.place.addresses,
        groups=two.place.groups or (),
        other_vpc=two.place.vpc,
        inward=False,
    )
    if hop.kind is HopKind.EGRESS:
        return here
    if hop.kind is HopKind.INGRESS:
        return there
    if stands_at(hop.resource, two.place) and not stands_at(hop.resource, one.place):
        return there
    # What stands on the way between is no matter of either end's lists; a route that goes astray is the sender's.
    astray = hop.kind is HopKind.ROUTE and not hop.passes.may
    return here if astray or stands_at(hop.resource, one.place) else replace(here, mine=None)


def _to_service(source: End, target: End, graph: Graph) -> Iterator[Try]:
    near = labels(source)
    for spot in source.spots:
        if spot.place.is_v6:
            continue
        for table in (owner for owner in target.owners if isinstance(owner, DynamoTable)):
            journey: Journey = to_service(spot.place, "dynamodb", graph)
            filters = tuple(
                replace(_between(hop, spot, spot), other=line.INTERNET_V4, groups=()) for hop in journey.hops
            )
            name = f"dynamodb.{table.scope.region}"
            yield Try(Way.SERVICE, near(spot), table.label, spot.address, name, filters, journey.passes)


def narrowed(found: Iterable[Try], wanted: IntervalSet) -> Iterator[Try]:
    """Yield tries with only what was asked about."""
    for one in found:
        yield replace(one, passes=one.passes & Bounds.exactly(wanted))

"""What lies outside of every VPC in a list: the internet, networks on premises, services, and who comes by a relay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from checker.graph.graph import Graph
from checker.graph.hops import Arrival
from checker.graph.outbound import to_service
from checker.graph.place import Place
from checker.graph.query.answer import Reach, Reached
from checker.graph.query.end import End
from checker.graph.query.listening import listening
from checker.graph.query.relayed import relayed
from checker.graph.query.words import told
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.dynamo_table import DynamoTable

_NOTHING: Bounds[IntervalSet] = Bounds.exactly(traffic.NOTHING)


def exchanged_outside(place: Place, end: End, graph: Graph, *, inward: bool) -> Bounds[IntervalSet]:
    """Return what the addresses of an end outside exchange with a place."""
    found = _NOTHING
    if not end.outside or (end.vpcs and place.vpc not in end.vpcs):
        return found
    reach = graph.reachability
    if on_internet := end.outside & line.INTERNET:
        found |= _somewhere(reach.to_internet(place) if inward else reach.from_internet(place), on_internet)
    if elsewhere := end.outside - line.INTERNET:
        found |= _somewhere(reach.to_outside(place) if inward else reach.from_outside(place), elsewhere)
    return found


def _somewhere(arrival: Arrival, addresses: IntervalSet) -> Bounds[IntervalSet]:
    return arrival.passes.map(lambda flows: flows.within(addresses).traffic)


def outside(end: End, asked: IntervalSet, graph: Graph, *, inward: bool) -> Iterator[Reached]:
    """Yield the addresses outside that an end exchanges packets with, one entry for those with the same traffic."""
    reach = graph.reachability
    ways = (
        ("internet", reach.from_internet if inward else reach.to_internet),
        ("on-premises", reach.from_outside if inward else reach.to_outside),
    )
    for kind, way in ways:
        flows: Bounds[FlowSet] = Bounds.exactly(NO_FLOWS)
        for spot in end.spots:
            found = way(spot.place).passes
            listens = listening(spot.owner, graph) if inward else None
            if listens:
                found &= listens.passes.map(lambda known: FlowSet.box(line.EVERYWHERE, known))
            flows |= found
        must, may = flows.must.limited_to(asked), flows.may.limited_to(asked)
        yield from _by_traffic(kind, Reach.REACHABLE, must, ())
        yield from _by_traffic(kind, Reach.UNKNOWN, may - must, flows.missing)


def _by_traffic(kind: str, verdict: Reach, flows: FlowSet, missing: tuple[Missing, ...]) -> Iterator[Reached]:
    groups: dict[IntervalSet, list[tuple[int, int]]] = defaultdict(list)
    for first, last, passes in flows.slabs:
        groups[passes].append((first, last))
    for passes, runs in groups.items():
        text = told(IntervalSet.of(runs))
        yield Reached(verdict, kind, None, (text,), 1, 0, passes, address=text, missing=missing)


def through(end: End, asked: IntervalSet, graph: Graph) -> Iterator[Reached]:
    """Yield the internet where it comes through a load balancer."""
    world = End("internet", "internet", "internet", "the internet", outside=line.INTERNET)
    for route in relayed(world, end, asked, graph):
        if route.verdict is not Reach.NOT_REACHABLE:
            yield Reached(
                route.verdict, "internet", None, ("the internet",), 1, 0, route.traffic,
                through=route.through, missing=route.missing,
            )  # fmt: skip


def services(end: End, asked: IntervalSet, graph: Graph, tiers: Mapping[Resource, str]) -> Iterator[Reached]:
    """Yield the tables that an end can send to: all of a Region, since one way leads to all of them."""
    spots = {spot.place: spot for spot in end.spots if not spot.place.is_v6}
    tables = graph.index.all(DynamoTable).items
    passes = _NOTHING
    for place in spots if tables else ():
        passes |= to_service(place, "dynamodb", graph).passes
    passes &= Bounds.exactly(asked)
    alike: dict[str | None, list[str]] = defaultdict(list)
    for table in tables if passes.may else ():
        if end.scope is None or table.scope.region == end.scope.region:
            alike[tiers.get(table)].append(table.label)
    for tier, names in alike.items():
        for verdict, told_, missing in told_apart(passes):
            shown = tuple(sorted(names)[:8])
            yield Reached(verdict, "dynamo_table", tier, shown, len(names), 0, told_, missing=missing)


def told_apart(passes: Bounds[IntervalSet]) -> Iterator[tuple[Reach, IntervalSet, tuple[Missing, ...]]]:
    """Yield what surely passes, and apart from it what may pass besides, with the facts that would settle that."""
    if passes.must:
        yield Reach.REACHABLE, passes.must, ()
    if rest := passes.may - passes.must:
        yield Reach.UNKNOWN, rest, passes.missing

"""Routes through load balancers: two connections, one behind the other, each with a verdict of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.graph.crossings import as_client, as_node
from checker.graph.graph import Graph
from checker.graph.place import Endpoint
from checker.graph.query.answer import Reach, Route, Way
from checker.graph.query.collapse import any_route, routes_of
from checker.graph.query.end import End, Spot, labels, spots
from checker.graph.query.filters import Try
from checker.graph.query.holdings import end_of
from checker.graph.query.tries import narrowed, of_journey, tries
from checker.graph.query.tries_outside import of_clients
from checker.graph.relays import End as RelayEnd
from checker.graph.relays import Relay, nodes, relays
from checker.graph.target_groups import Balancer
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, known_or, merge
from checker.model.intervals import IntervalSet
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.listener import Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.target_group import TargetGroup

# A Network Load Balancer in front of an Application Load Balancer is the longest chain there is.
_LONGEST = 2


def relayed(source: End, target: End, asked: IntervalSet, graph: Graph, depth: int = _LONGEST) -> Iterator[Route]:
    """Yield a route for each load balancer that forwards to something of the target's (semantics 41-48).

    What was asked about are the ports that clients use, or those of the targets.
    """
    owners = dict.fromkeys(balancer for owner in target.owners for balancer in graph.balancing.balancers_of(owner))
    for balancer in owners:
        if balancer in source.owners or balancer in target.owners:
            continue
        behind = _behind(balancer, source, target, graph)
        if behind.tries:
            yield _route(balancer, source, target, _wanted(asked, behind), behind, graph, depth)


def hidden(graph: Graph) -> tuple[Missing, ...]:
    """Return why there may be ways through load balancers that were not seen."""
    balancers = merge(*(graph.index.missing(kind) for kind in (LoadBalancer, ClassicLoadBalancer)))
    if not balancers and not graph.index.all(LoadBalancer).items:
        return ()
    return merge(balancers, *(graph.index.missing(kind) for kind in (Listener, TargetGroup)))


@dataclass(frozen=True, eq=False)
class _Behind:
    """A balancer's connections to a target: what its listeners take for it, what it sends on, and each try."""

    takes: IntervalSet
    sends: IntervalSet
    tries: tuple[Try, ...]


def _wanted(asked: IntervalSet, behind: _Behind) -> IntervalSet:
    """Return the packets to a balancer that are meant: of the port asked about, or all that end at such a port."""
    return asked & behind.takes or (behind.takes if asked & behind.sends else asked)


def _behind(balancer: Balancer, source: End, target: End, graph: Graph) -> _Behind:
    places = {spot.place: spot for spot in target.spots}
    far = labels(target)
    takes = sends = traffic.NOTHING
    found: list[Try] = []
    for relay in relays(balancer, graph).items:
        for end in relay.ends:
            spot = places.get(end.endpoint.place)
            if spot is None or not end.traffic:
                continue
            takes |= known_or(relay.takes, traffic.EVERYTHING)
            sends |= end.traffic
            for node in nodes(balancer, graph):
                if node.place.is_v6 is end.endpoint.place.is_v6:
                    ways = _connections(relay, node, end, spot, source, graph, far(spot))
                    found += narrowed(ways, end.traffic)
    return _Behind(takes, sends, tuple(found))


def _connections(
    relay: Relay, node: Endpoint, end: RelayEnd, spot: Spot, source: End, graph: Graph, name: str
) -> Iterator[Try]:
    """Yield a node's connection to a target from its own address, or one for each class of clients that targets see."""
    sender = spots([node], graph)[0]
    plain = of_journey(as_node(relay, node, end, graph), sender, spot, (node.place.subnet, name), graph)
    if relay.preserves.is_no:
        yield plain
        return
    for seen in of_clients(as_client(relay, node, end, graph), source, spot, name):
        if relay.preserves.is_yes:
            yield seen
            continue
        # Whether targets see the client or the node is not known.
        must, may = plain.passes.must & seen.passes.must, plain.passes.may | seen.passes.may
        missing = merge(plain.passes.missing, seen.passes.missing, relay.preserves.missing)
        yield replace(plain, passes=Bounds(must, must) if must == may else Bounds(must, may, missing))


def _route(
    balancer: Balancer, source: End, target: End, wanted: IntervalSet, behind: _Behind, graph: Graph, depth: int
) -> Route:
    door = end_of(balancer, balancer.label, graph)
    front = list(routes_of(list(narrowed(tries(source, door, graph), wanted)), wanted, wanted, graph))
    first = front[:1]
    if depth > 1 and any_route(one.verdict for one in front) is not Reach.REACHABLE:
        chained = list(relayed(source, door, wanted, graph, depth - 1))
        first = [one for one in chained if one.verdict is Reach.REACHABLE][:1] or first
    second = list(routes_of(behind.tries, behind.sends, behind.sends, graph))[:1]
    legs = tuple((leg.legs if leg.relayed else (leg,)) for leg in (*first, *second))
    verdict = _both(first, second)
    return Route(
        way=Way.BALANCER,
        verdict=verdict,
        sources=(source.label,),
        targets=(target.label,),
        traffic=first[0].traffic if first else traffic.NOTHING,
        missing=merge(*(one.missing for one in (*first, *second))) if verdict is Reach.UNKNOWN else (),
        through=balancer.label,
        legs=tuple(one for part in legs for one in part),
    )


def _both(first: list[Route], second: list[Route]) -> Reach:
    """Return the verdict on two connections of which both must work."""
    verdicts = [any_route(one.verdict for one in part) for part in (first, second)]
    if Reach.NOT_REACHABLE in verdicts:
        return Reach.NOT_REACHABLE
    return Reach.UNKNOWN if Reach.UNKNOWN in verdicts else Reach.REACHABLE

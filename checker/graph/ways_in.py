"""Ways in over several hops: how the internet comes to an endpoint that then reaches further."""

from __future__ import annotations

import networkx

from checker.graph.graph import Graph
from checker.graph.place import Endpoint, Initiates, Place
from checker.model import traffic
from checker.model.finding import Step

# A hop that only answers errors is no way in.
_MOST = 400


def way_in(endpoint: Endpoint, graph: Graph) -> tuple[Step, ...]:
    """Return the shortest way from the internet to an endpoint, over other endpoints that may be taken; empty if none.

    Cost: one answer for each pair of places that was reached, breadth first, over places and not over endpoints.
    """
    by_place: dict[Place, Endpoint] = {}
    for other in graph.endpoints.near(endpoint.place.vpc):
        if other.initiates is Initiates.ANY:
            by_place.setdefault(other.place, other)
    if len(by_place) > _MOST:
        by_place = {endpoint.place: endpoint}
    by_place[endpoint.place] = endpoint
    steps = networkx.DiGraph()
    front = [place for place in by_place if _from_internet(place, graph)]
    for place in front:
        steps.add_edge("internet", place)
    seen = set(front)
    while front and endpoint.place not in seen:
        behind: list[Place] = []
        for near in front:
            for far in by_place:
                if far not in seen and graph.reachability.between(near, far).passes.must - traffic.ICMP_ERRORS:
                    seen.add(far)
                    behind.append(far)
                    steps.add_edge(near, far)
        front = behind
    if endpoint.place not in seen:
        return ()
    way = networkx.shortest_path(steps, "internet", endpoint.place)
    return tuple(
        _step(place, by_place[place], at == 1, graph) for at, place in enumerate(way) if isinstance(place, Place)
    )


def _from_internet(place: Place, graph: Graph) -> bool:
    return bool((graph.reachability.from_internet(place).passes.must.traffic) - traffic.ICMP_ERRORS)


def _step(place: Place, endpoint: Endpoint, first: bool, graph: Graph) -> Step:
    if first:
        open_ = traffic.describe(graph.reachability.from_internet(place).passes.must.traffic - traffic.ICMP_ERRORS)
        return Step(
            endpoint.owner.label, f"in {place.subnet} is reachable from the internet on {open_}", endpoint.owner.origin
        )
    return Step(endpoint.owner.label, f"in {place.subnet} is reachable from the step before", endpoint.owner.origin)

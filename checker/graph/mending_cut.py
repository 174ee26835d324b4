"""The fewest grants to take away so that nothing of what must be stopped gets through: a minimum cut."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import networkx

# One more change always outweighs every preference among cuts of as many changes.
_CHANGE = 10_000

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Edge:
    """A grant at a gate: what taking it away costs in changes (None: it must stay), and how little it is preferred."""

    grant: Hashable
    cost: int | None
    rank: int = 0


Gate = tuple[Edge, ...]


def minimum_cut(ways: Sequence[Sequence[Gate]]) -> frozenset[Hashable] | None:
    """Return the grants to take away so that each way has a gate without any; None where no grants do it.

    A way passes its gates one after the other, and a gate lets it through by any of its grants. A grant that serves
    several ways is one edge, so it is counted once. Among smallest cuts the one of the lowest ranks is taken.
    Cost: a maximum flow over as many edges as the ways have grants.
    """
    if single := _single(ways):
        return frozenset((single,))
    import networkx  # it takes longer to import than all of tierproof, and few remedies need it

    graph = networkx.DiGraph()
    for number, gates in enumerate(ways):
        nodes: list[Hashable] = ["source", *(("between", number, at) for at in range(1, len(gates))), "target"]
        if not gates:
            return None
        for (near, far), gate in zip(pairwise(nodes), gates, strict=True):
            for edge in gate:
                _join(graph, near, far, edge)
    if graph.number_of_edges() == 0:
        return frozenset()
    try:
        _, (near_side, _) = networkx.minimum_cut(graph, "source", "target")
    except networkx.NetworkXUnbounded:
        return None
    return frozenset(
        one[1]
        for one, other in graph.edges
        if one in near_side and other not in near_side and isinstance(one, tuple) and one[0] == "into"
    )


def _single(ways: Sequence[Sequence[Gate]]) -> Hashable | None:
    """Return the one grant that every way must pass, if it costs one change and none is preferred to it."""
    last = {way[-1] for way in ways if way}
    if len(last) != 1 or not all(ways):
        return None
    (gate,) = last
    return gate[0].grant if len(gate) == 1 and gate[0].cost == 1 and gate[0].rank == 0 else None


def _join(graph: networkx.DiGraph, near: Hashable, far: Hashable, edge: Edge) -> None:
    into, out_of = ("into", edge.grant), ("out of", edge.grant)
    graph.add_edge(near, into)  # without a capacity, which networkx takes for an infinite one
    graph.add_edge(out_of, far)
    if edge.cost is None:
        graph.add_edge(into, out_of)
    else:
        graph.add_edge(into, out_of, capacity=edge.cost * _CHANGE + edge.rank)

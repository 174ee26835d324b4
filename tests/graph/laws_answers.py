"""Every answer about a network: what passes between any two addresses of its interfaces, and in from the internet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.graph.graph import Graph
from checker.graph.place import Place
from checker.model.addresses import Cidr
from checker.model.bounds import Bounds
from checker.model.fact import Known
from checker.resources.network_interface import NetworkInterface

Where = tuple[str, str]
"""An interface and one of its addresses."""
Question = tuple[str, Where, Where, bool]
Answers = Mapping[Question, Bounds]


def places(graph: Graph) -> Mapping[Where, Place]:
    """Return the place of every address of every interface."""
    return {
        (interface.id, str(block)): endpoint.place
        for interface in graph.index.all(NetworkInterface).items
        for block in (interface.addresses.value if isinstance(interface.addresses, Known) else ())
        for endpoint in graph.endpoints.all()
        if interface.id in endpoint.interfaces and endpoint.place.addresses & block.addresses
    }


def answers(graph: Graph, *, own: bool = False) -> Answers:
    """Return all answers; with `own` each address is asked for alone, and not as one of the place that it is in."""
    found = places(graph)
    if own:
        found = {where: replace(place, addresses=Cidr.parse(where[1]).addresses) for where, place in found.items()}
    return dict(_asked(graph, found))


def _asked(graph: Graph, found: Mapping[Where, Place]) -> Iterator[tuple[Question, Bounds]]:
    ask = graph.reachability
    for source, here in found.items():
        for every in (False, True):
            yield ("arrives", source, source, every), ask.from_internet(here, every=every).passes
            for target, there in found.items():
                if source[0] != target[0]:
                    yield ("reaches", source, target, every), ask.between(here, there, every=every).passes


def differences(one: Answers, two: Answers) -> list[Question]:
    """Return the questions of the first that the second answers in another way."""
    return [at for at, said in one.items() if (said.must, said.may) != ((now := two[at]).must, now.may)]

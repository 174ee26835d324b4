"""Whole ways of clients through load balancers: to a node, on to a target, and through a second balancer behind it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from checker.graph.crossings import as_client, as_node, for_all
from checker.graph.graph import Graph
from checker.graph.hops import INSTANCE_CLIENT, Hop, Journey
from checker.graph.place import Endpoint, Place
from checker.graph.relays import End, Relay, nodes, relays
from checker.graph.target_groups import Balancer
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, Answer, Known, known_or
from checker.model.finding import HopKind, Step
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.load_balancer import LoadBalancer

_NOBODY = Bounds.exactly(IntervalSet())


@dataclass(frozen=True)
class Leg:
    """One connection of a passage: from the client (`source` None is the internet) or a node, to a node or a target."""

    source: Endpoint | Place | None
    target: Endpoint
    journey: Journey
    wanted: IntervalSet


@dataclass(frozen=True)
class Passage:
    """One way through a balancer to one target, by one node; a balancer that is a target itself adds a leg.

    `clients` are the addresses that get all the way. The journeys of `legs` are those of one of them, where there are
    none of any client.
    """

    relays: tuple[Relay, ...]
    end: End
    legs: tuple[Leg, ...]
    clients: Bounds[IntervalSet]

    @property
    def passes(self) -> Answer:
        """Answer whether any client gets all the way."""
        return ~self.clients.is_empty()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the hops of every leg; the first obstacle has its code."""
        found: list[Step] = []
        for leg in self.legs:
            found.extend(leg.journey.towards(leg.wanted))
            if leg.journey.obstacle(leg.wanted):
                break
        return tuple(found)

    @property
    def obstacle(self) -> Step | None:
        """Return the first hop that surely stops the client."""
        hops = (leg.journey.obstacle(leg.wanted) for leg in self.legs)
        return next((hop.obstructed for hop in hops if hop), None)


def around(target: Endpoint, own: Collection[Resource], graph: Graph) -> tuple[FlowSet, tuple[Step, ...]]:
    """Return what surely comes to a target from the internet by other balancers than its `own`, and one way's hops.

    It is by the addresses that the target sees, and so only of balancers that hand on their clients' own.
    """
    boxes: list[tuple[IntervalSet, IntervalSet]] = []
    steps: tuple[Step, ...] = ()
    for balancer in graph.balancing.balancers_of(target.owner):
        for passage in through(balancer, None, graph, target.place) if balancer not in own else ():
            if not passage.relays[-1].preserves.is_no and passage.clients.must:
                boxes.append((passage.clients.must, passage.end.traffic))
                steps = steps or passage.steps
    return FlowSet.union(boxes), steps


def through(balancer: Balancer, client: Place | None, graph: Graph, target: Place | None = None) -> Iterator[Passage]:
    """Yield each way of a client, or of the internet where it is None, through a balancer to any target or to one.

    Relays to functions are none; a target that stands where no node may send to is told with its obstacle.
    """
    for relay in relays(balancer, graph).items:
        for node in nodes(balancer, graph):
            if client is not None and client.is_v6 is not node.place.is_v6:
                continue
            coming = _coming(client, node, relay, graph)
            for end in relay.ends:
                sender = _sender(node, end, graph)
                if end.traffic and sender and target in (None, end.endpoint.place):
                    yield from _on(relay, client, (node, sender), end, coming, graph)


def _sender(node: Endpoint, end: End, graph: Graph) -> Endpoint | None:
    """Return the node that sends on to a target: itself, or by the other family its like in the same subnet."""
    if node.place.is_v6 is end.endpoint.place.is_v6:
        return node
    alike = (one for one in graph.endpoints.of(node.owner) if one.place.subnet == node.place.subnet)
    return next((one for one in alike if one.place.is_v6 is end.endpoint.place.is_v6), None)


def _coming(client: Place | None, node: Endpoint, relay: Relay, graph: Graph) -> Bounds[IntervalSet]:
    """Return the clients that a node's listener answers."""
    if not isinstance(relay.takes, Known):
        return Bounds(IntervalSet(), line.EVERYWHERE, relay.takes.missing)
    takes = relay.takes.value
    if client is None:
        passes = graph.reachability.from_internet(node.place).passes
        return passes.map(lambda flows: flows.limited_to(takes).addresses)
    covered = graph.reachability.between(client, node.place, INSTANCE_CLIENT).passes.covers(takes)
    return _of(covered, client.addresses)


def _of(answer: Answer, addresses: IntervalSet) -> Bounds[IntervalSet]:
    if answer.is_unknown:
        return Bounds(IntervalSet(), addresses, answer.missing)
    return Bounds.exactly(addresses) if answer.is_yes else _NOBODY


def _on(
    relay: Relay,
    client: Place | None,
    pair: tuple[Endpoint, Endpoint],
    end: End,
    coming: Bounds[IntervalSet],
    graph: Graph,
) -> Iterator[Passage]:
    node, sender = pair
    own = as_node(relay, sender, end, graph)
    # Clients keep their address only where both ends speak the same family.
    hands_on = relay.preserves if sender is node else NO
    through_own = _of(~(own.passes & Bounds.exactly(end.traffic)).is_empty(), line.EVERYWHERE)
    getting = through_own
    if not hands_on.is_no:
        seen = as_client(relay, node, end, graph).passes
        getting = seen.map(lambda flows: flows.limited_to(end.traffic).addresses)
        if hands_on.is_unknown:
            missing = (*hands_on.missing, *getting.missing, *through_own.missing)
            getting = Bounds(getting.must & through_own.must, getting.may | through_own.may, missing)
    clients = coming & getting
    one = _example(clients, coming, client, node)
    first = Leg(client, node, _first(client, node, one, graph), known_or(relay.takes, traffic.NOTHING))
    journey = own if hands_on.is_no else for_all(as_client(relay, node, end, graph), one)
    # A target with several ports is reached if one of them is.
    reached = journey.passes.may & end.traffic
    second = Leg(sender, end.endpoint, journey, reached or end.traffic)
    passage = Passage((relay,), end, (first, second), clients)
    if not isinstance(end.endpoint.owner, LoadBalancer):
        yield passage
        return
    yield from _chained(passage, end.endpoint.owner, graph)


def _chained(passage: Passage, balancer: LoadBalancer, graph: Graph) -> Iterator[Passage]:
    """Yield the ways on from a load balancer that is a target; without a listener there the passage ends."""
    here = passage.end.endpoint
    onward = [
        relay
        for relay in relays(balancer, graph).items
        if known_or(relay.takes, traffic.EVERYTHING) & passage.end.traffic
    ]
    if not onward:
        yield replace(passage, legs=(*passage.legs, _deaf(passage, balancer)), clients=_NOBODY)
    for relay in onward:
        for end in relay.ends:
            if end.traffic and here.place.is_v6 is end.endpoint.place.is_v6:
                journey = as_node(relay, here, end, graph)
                gets = ~(journey.passes & Bounds.exactly(end.traffic)).is_empty()
                reached = journey.passes.may & end.traffic
                leg = Leg(here, end.endpoint, journey, reached or end.traffic)
                clients = passage.clients & _of(gets, line.EVERYWHERE)
                yield Passage((*passage.relays, relay), end, (*passage.legs, leg), clients)


def _deaf(passage: Passage, balancer: LoadBalancer) -> Leg:
    port = traffic.describe(passage.end.traffic)
    hop = Hop(
        HopKind.BALANCER,
        balancer.label,
        lambda: f"sends nothing on that comes in on {port}",
        Bounds.exactly(traffic.NOTHING),
        "ELBV2_LISTENERS_MISMATCH",
    )
    here = passage.end.endpoint
    return Leg(here, here, Journey.over([hop]), passage.end.traffic)


def _example(
    clients: Bounds[IntervalSet], coming: Bounds[IntervalSet], client: Place | None, node: Endpoint
) -> IntervalSet:
    """Return the addresses of the client, or one of the internet: one that gets furthest."""
    if client is not None:
        return client.addresses
    family = line.INTERNET_V6 if node.place.is_v6 else line.INTERNET_V4
    best = next((found for found in (clients.must, clients.may, coming.must, coming.may) if found), family)
    return line.union(line.witness(best))


def _first(client: Place | None, node: Endpoint, one: IntervalSet, graph: Graph) -> Journey:
    if client is not None:
        return graph.reachability.between(client, node.place, INSTANCE_CLIENT)
    return for_all(graph.reachability.from_internet(node.place), one)

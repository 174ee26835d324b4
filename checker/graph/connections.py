"""Tries of a required flow: between every two places of its ends, there and back, for every client port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.crossings import as_client, as_node, for_all, unserved
from checker.graph.flows import RequiredFlow
from checker.graph.graph import Graph
from checker.graph.hops import ANY_CLIENT, INSTANCE_CLIENT, Journey
from checker.graph.outbound import to_service
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.relays import End, Relay, nodes, relays, sends, serves
from checker.graph.target_groups import Balancer
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Answer, Fact, Known, known_or, merge
from checker.model.finding import Step
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.load_balancer import LoadBalancer
from checker.resources.vpc import Vpc

WORLD: Fact[IntervalSet] = Known(line.INTERNET)
_Key = tuple[Place, Place, IntervalSet, str]


@dataclass(frozen=True)
class Attempt:
    """One try: `source` and `target` name subnets or services, `sender` and `receiver` addresses.

    `wanted` is what must get through. Where a balancer hands on its clients' own addresses, `sender` is one of these.
    """

    source: str
    target: str
    sender: str
    receiver: str
    family: str
    journey: Journey
    wanted: IntervalSet

    @property
    def passes(self) -> Bounds[IntervalSet]:
        """Return the traffic that gets through."""
        return self.journey.passes

    @property
    def answer(self) -> Answer:
        """Answer whether all that is wanted gets through."""
        return self.passes.covers(self.wanted)

    def towards(self, wanted: IntervalSet) -> tuple[Step, ...]:
        """Return the hops as a path; the first obstacle to `wanted` has its code."""
        return self.journey.towards(wanted)

    def obstacle(self, wanted: IntervalSet) -> Step | None:
        """Return the first hop that surely stops some of `wanted`."""
        hop = self.journey.obstacle(wanted)
        return hop.step if hop else None


def attempts(
    flow: RequiredFlow, graph: Graph, without_zone: str | None = None, clients: Fact[IntervalSet] = WORLD
) -> Iterator[Attempt]:
    """Yield a try for each pair of places that must be connected; those in `without_zone` are gone.

    `clients` are the addresses that the stack's front is there for: what a balancer that hands them on sends from.
    """
    if flow.source is None or not isinstance(flow.ports, Known):
        return
    if without_zone is not None:
        graph = graph.without(without_zone)
    wanted = flow.ports.value
    if isinstance(flow.source.owner, LoadBalancer | ClassicLoadBalancer) and flow.flow.ports == "targets":
        found = relayed(flow.source.owner, flow.target.owner, graph, clients, without_zone)
        yield from (attempt for _, attempt in found)
        return
    sources = list(_places(flow.source.endpoints, graph, without_zone))
    if isinstance(flow.target.owner, DynamoTable):
        for endpoint in sources:
            if not endpoint.place.is_v6:
                journey = to_service(endpoint.place, "dynamodb", graph, without_zone)
                receiver = f"dynamodb.{flow.target.owner.scope.region}"
                yield Attempt(endpoint.place.subnet, "DynamoDB", endpoint.witness, receiver, "ipv4", journey, wanted)
        return
    targets = list(_places(flow.target.endpoints, graph, without_zone))
    v4 = any(not one.place.is_v6 for one in sources) and any(not one.place.is_v6 for one in targets)
    for source in sources:
        for target in _faced(source, targets, flow, graph):
            # Both ends speak IPv4 wherever they can; IPv6 is asked where it is all they have in common.
            if source.place.is_v6 is not target.place.is_v6 or source.place.is_v6 is v4:
                continue
            ports = INSTANCE_CLIENT if source.initiates is Initiates.ANY else ANY_CLIENT
            journey = graph.reachability.between(source.place, target.place, ports, every=True)
            yield _attempt(source, target, journey, wanted)


def _attempt(source: Endpoint, target: Endpoint, journey: Journey, wanted: IntervalSet, sender: str = "") -> Attempt:
    place = source.place
    return Attempt(
        place.subnet,
        target.place.subnet,
        sender or source.witness,
        target.witness,
        place.family,
        journey,
        wanted,
    )


def relayed(
    balancer: Balancer,
    owner: Resource,
    graph: Graph,
    clients: Fact[IntervalSet] = WORLD,
    without_zone: str | None = None,
) -> Iterator[tuple[Relay, Attempt]]:
    """Yield the tries of a balancer's second connections and health checks (semantics 41, 43, 47, 48).

    Each node tries the targets that it may send to: those of its own zone, or all of them. A target where no node may
    send to gets nothing.
    """
    here = [node for node in nodes(balancer, graph) if not _in(node.place, without_zone, graph)]
    tried: set[_Key] = set()
    for relay in relays(balancer, graph).items:
        ends = [
            end
            for end in relay.ends
            if end.endpoint.owner is owner and not _in(end.endpoint.place, without_zone, graph)
        ]
        v4 = any(not node.place.is_v6 for node in here) and any(not end.endpoint.place.is_v6 for end in ends)
        senders = [node for node in here if node.place.is_v6 is not v4]
        for end in ends if senders else ():
            if end.endpoint.place.is_v6 is v4:
                continue
            for attempt, key in _into(relay, end, senders, graph, clients):
                if key not in tried:
                    tried.add(key)
                    yield relay, attempt


def _into(
    relay: Relay, end: End, senders: list[Endpoint], graph: Graph, clients: Fact[IntervalSet]
) -> Iterator[tuple[Attempt, _Key]]:
    target = end.endpoint
    if serves(relay, end, graph).is_no:
        wanted = end.traffic | end.health
        attempt = _attempt(senders[0], target, unserved(relay, end, graph), wanted)
        yield attempt, (senders[0].place, target.place, wanted, "")
        return
    for node in senders:
        may_send = sends(relay, node, end, graph)
        if may_send.is_no:
            continue
        own = _if_sent(may_send, serves(relay, end, graph), as_node(relay, node, end, graph))
        # Where clients speak another family than the target, they come from the node's own address all the same.
        translated = any(one.place.is_v6 is not target.place.is_v6 for one in nodes(relay.balancer, graph))
        seen = end.health | end.traffic if relay.preserves.is_no or translated else end.health
        if seen:
            yield _attempt(node, target, own, seen), (node.place, target.place, seen, "")
        if not relay.preserves.is_no and end.traffic:
            yield from _of_clients(relay, node, end, graph, clients)


def _if_sent(sends: Answer, serves: Answer, journey: Journey) -> Journey:
    """Return a journey to a zone that it is not known whether the node sends to: a way that works is right anyway."""
    if not sends.is_unknown or not serves.is_yes:
        return journey
    # The first hop is the balancer's own.
    works = Journey.over(journey.hops[1:]).passes.must
    return Journey(journey.hops, Bounds(works, traffic.EVERYTHING, sends.missing))


def _of_clients(
    relay: Relay, node: Endpoint, end: End, graph: Graph, clients: Fact[IntervalSet]
) -> Iterator[tuple[Attempt, _Key]]:
    """Yield the try of what clients send under their own addresses, all of them together."""
    everyone = _clients(relay.balancer, node, graph, clients)
    if not everyone:
        return
    arrival = as_client(relay, node, end, graph)
    journey = for_all(arrival, everyone)
    journey = _if_sent(sends(relay, node, end, graph), serves(relay, end, graph), journey)
    if relay.preserves.is_unknown:
        # Packets come from either the clients' addresses or the node's.
        own = as_node(relay, node, end, graph).passes
        must, may = journey.passes.must & own.must, journey.passes.may | own.may
        missing = merge(relay.preserves.missing, journey.passes.missing, own.missing)
        journey = Journey(journey.hops, Bounds.exactly(must) if must == may else Bounds(must, may, missing))
    if clients.missing:
        passes = journey.passes
        journey = Journey(journey.hops, Bounds(passes.must, traffic.EVERYTHING, clients.missing))
    shut = everyone - arrival.passes.may.limited_to(end.traffic).addresses
    sender = line.witness(shut or everyone)
    key = (node.place, end.endpoint.place, end.traffic, "clients")
    yield _attempt(node, end.endpoint, journey, end.traffic, sender), key


def _clients(balancer: Balancer, node: Endpoint, graph: Graph, clients: Fact[IntervalSet]) -> IntervalSet:
    """Return whose addresses a node may hand on: the front's, or of an internal balancer those of its own VPC."""
    family = line.ALL_V6 if node.place.is_v6 else line.ALL_V4
    home = graph.index.get(Vpc, node.place.vpc)
    own = line.union(*map(str, known_or(home.cidrs, ()))) if home else IntervalSet()
    if balancer.internet_facing.is_(True).is_no:
        return own & family
    return (known_or(clients, line.INTERNET) & family) - own


def _in(place: Place, zone: str | None, graph: Graph) -> bool:
    return zone is not None and graph.zone(place.subnet).is_(zone).is_yes


def _places(endpoints: tuple[Endpoint, ...], graph: Graph, without_zone: str | None) -> Iterator[Endpoint]:
    seen: set[Place] = set()
    for endpoint in endpoints:
        if endpoint.place in seen:
            continue
        seen.add(endpoint.place)
        if not _in(endpoint.place, without_zone, graph):
            yield endpoint


def _faced(source: Endpoint, targets: list[Endpoint], flow: RequiredFlow, graph: Graph) -> list[Endpoint]:
    """Return the targets that a source turns to: of a file system the mount target in its own zone, where there is one.

    Source: https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html
    """
    if not isinstance(flow.target.owner, FileSystem):
        return targets
    zone = graph.zone(source.place.subnet)
    if not isinstance(zone, Known):
        return targets
    return [one for one in targets if graph.zone(one.place.subnet).is_(zone.value).is_yes] or targets

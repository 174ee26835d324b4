"""Tries of a required flow: between every two places of its ends, there and back, for every client port."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.flows import RequiredFlow
from checker.graph.graph import Graph
from checker.graph.outbound import to_service
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.reachability import ANY_CLIENT, INSTANCE_CLIENT, Journey
from checker.model.bounds import Bounds
from checker.model.fact import Known
from checker.model.finding import Step
from checker.model.intervals import IntervalSet
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem


@dataclass(frozen=True)
class Attempt:
    """One try: `source` and `target` name subnets or services, `sender` and `receiver` addresses."""

    source: str
    target: str
    sender: str
    receiver: str
    family: str
    journey: Journey

    @property
    def passes(self) -> Bounds[IntervalSet]:
        """Return the traffic that gets through."""
        return self.journey.passes

    def towards(self, wanted: IntervalSet) -> tuple[Step, ...]:
        """Return the hops as a path; the first obstacle to `wanted` has its code."""
        return self.journey.towards(wanted)

    def obstacle(self, wanted: IntervalSet) -> Step | None:
        """Return the first hop that surely stops some of `wanted`."""
        hop = self.journey.obstacle(wanted)
        return hop.step if hop else None


def attempts(flow: RequiredFlow, graph: Graph, without_zone: str | None = None) -> Iterator[Attempt]:
    """Yield a try for each pair of places that must be connected; those in `without_zone` are gone."""
    if flow.source is None:
        return
    sources = list(_places(flow.source.endpoints, graph, without_zone))
    if isinstance(flow.target.owner, DynamoTable):
        for endpoint in sources:
            if not endpoint.place.is_v6:
                journey = to_service(endpoint.place, "dynamodb", graph, without_zone)
                receiver = f"dynamodb.{flow.target.owner.scope.region}"
                yield Attempt(endpoint.place.subnet, "DynamoDB", endpoint.witness, receiver, "ipv4", journey)
        return
    targets = list(_places(flow.target.endpoints, graph, without_zone))
    v4 = any(not one.place.is_v6 for one in sources) and any(not one.place.is_v6 for one in targets)
    for source in sources:
        for target in _faced(source, targets, flow, graph):
            # Both ends speak IPv4 wherever they can; IPv6 is asked where it is all they have in common.
            if source.place.is_v6 is not target.place.is_v6 or source.place.is_v6 is v4:
                continue
            clients = INSTANCE_CLIENT if source.initiates is Initiates.ANY else ANY_CLIENT
            journey = graph.reachability.between(source.place, target.place, clients, every=True)
            yield Attempt(
                source.place.subnet, target.place.subnet, source.witness, target.witness, source.place.family, journey
            )


def _places(endpoints: tuple[Endpoint, ...], graph: Graph, without_zone: str | None) -> Iterator[Endpoint]:
    seen: set[Place] = set()
    for endpoint in endpoints:
        if endpoint.place in seen:
            continue
        seen.add(endpoint.place)
        if without_zone is None or not graph.zone(endpoint.place.subnet).is_(without_zone).is_yes:
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

"""Everything that an end reaches, and everything that reaches it, told by class and never one line per interface."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker.graph.graph import Graph
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.query.answer import Reach, Reached, ReachList
from checker.graph.query.end import End, Spot
from checker.graph.query.listening import listening
from checker.graph.query.listing_outside import exchanged_outside, outside, services, through, told_apart
from checker.graph.query.relayed import hidden
from checker.graph.stack import Stack
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Missing, merge
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.peering_connection import PeeringConnection
from checker.resources.transit_gateway_attachment import TransitGatewayAttachment
from checker.resources.transit_gateway_peering_attachment import TransitGatewayPeeringAttachment
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment

_NOTHING: Bounds[IntervalSet] = Bounds.exactly(traffic.NOTHING)
_SHOWN = 8
_JOINS = (PeeringConnection, TransitGatewayAttachment, TransitGatewayVpcAttachment, TransitGatewayPeeringAttachment)
_ORDER = (Reach.REACHABLE, Reach.UNKNOWN, Reach.NOT_REACHABLE)


@dataclass
class _Tally:
    """What one owner exchanges with the end, as it is added up over the owner's places."""

    passes: Bounds[IntervalSet] = _NOTHING
    interfaces: set[str] = field(default_factory=set)


def reach_list(end: End, asked: IntervalSet, graph: Graph, stacks: Sequence[Stack], *, inward: bool) -> ReachList:
    """Return what an end reaches, or who reaches it if `inward`.

    Cost: one answer of the engine for each pair of the end's places and of all places; owners share their places'.
    """
    tiers = {
        member.owner: f"{stack.name}/{name}"
        for stack in stacks
        for name in stack.members
        for member in stack.tier(name)
    }
    entries = [
        *_classes(_tallies(end, asked, graph, inward=inward), tiers),
        *outside(end, asked, graph, inward=inward),
        *(through(end, asked, graph) if inward else services(end, asked, graph, tiers)),
    ]
    return ReachList(
        end=end.view(),
        inward=inward,
        asked=asked,
        entries=tuple(sorted(entries, key=_rank)),
        missing=merge(end.missing, graph.endpoints.unseen(), hidden(graph) if inward else ()),
        remarks=tuple(_remarks(end, inward=inward)),
    )


def _tallies(end: End, asked: IntervalSet, graph: Graph, *, inward: bool) -> Mapping[Resource, _Tally]:
    # Nothing passes between networks that are not joined, and nearly all of an organisation's are not.
    near = {vpc: _joined(vpc, graph) for vpc in {spot.place.vpc for spot in end.spots}}
    joined = frozenset[str]().union(*near.values())
    by_place: dict[tuple[Place, Initiates], list[Endpoint]] = defaultdict(list)
    for owner in graph.endpoints.owners:
        for endpoint in graph.endpoints.of(owner):
            if end.outside or endpoint.place.vpc in joined:
                by_place[endpoint.place, endpoint.initiates].append(endpoint)
    wanted = Bounds.exactly(asked)
    tallies: dict[Resource, _Tally] = defaultdict(_Tally)
    for (place, opens), here in by_place.items():
        alike = [one for one in here if _takes_part(one, end, graph, inward=inward)]
        passes = _exchanged(place, opens, end, graph, near, inward=inward) & wanted if alike else _NOTHING
        for endpoint in alike if passes.may else ():
            listens = None if inward else listening(endpoint.owner, graph)
            taken = passes & listens.passes if listens else passes
            if taken.may:
                tally = tallies[endpoint.owner]
                tally.passes |= taken
                tally.interfaces.update(endpoint.interfaces)
    return tallies


def _joined(vpc: str, graph: Graph) -> frozenset[str]:
    """Return the VPCs that packets may pass to or from: every one where what joins them was not all read."""
    if any(graph.index.missing(kind) for kind in _JOINS):
        return frozenset(
            endpoint.place.vpc for owner in graph.endpoints.owners for endpoint in graph.endpoints.of(owner)
        )
    return frozenset({vpc, *(one.place.vpc for one in graph.endpoints.classes_near(vpc))})


def _takes_part(endpoint: Endpoint, end: End, graph: Graph, *, inward: bool) -> bool:
    """Tell whether an endpoint is one to list: not the end itself, and for senders one that opens connections."""
    if endpoint.owner in end.owners and not _is_many(endpoint):
        return False
    if not inward or endpoint.initiates is Initiates.ANY:
        return True
    if endpoint.initiates is Initiates.NEVER:
        return False
    if isinstance(endpoint.owner, DbProxy):
        return any(isinstance(owner, DbInstance | DbCluster) for owner in end.owners)
    return any(endpoint.owner in graph.balancing.balancers_of(owner) for owner in end.owners)


def _is_many(endpoint: Endpoint) -> bool:
    """Tell whether an owner has members that may talk to each other."""
    return isinstance(endpoint.owner, AutoScalingGroup) or len(endpoint.interfaces) > 1


def _exchanged(
    place: Place, opens: Initiates, end: End, graph: Graph, near: Mapping[str, frozenset[str]], *, inward: bool
) -> Bounds[IntervalSet]:
    """Return what an end sends to a place, or a place to an end if `inward`."""
    found = exchanged_outside(place, end, graph, inward=inward)
    for spot in end.spots:
        if spot.place.is_v6 is not place.is_v6 or place.vpc not in near[spot.place.vpc]:
            continue
        if inward:
            clients = Spot(spot.owner, place, "", opens).clients
            passes = graph.reachability.between(place, spot.place, clients).passes
            listens = listening(spot.owner, graph)
            found |= passes & listens.passes if listens else passes
        else:
            found |= graph.reachability.between(spot.place, place, spot.clients).passes
    return found


def _classes(tallies: Mapping[Resource, _Tally], tiers: Mapping[Resource, str]) -> Iterator[Reached]:
    """Yield one entry for all owners of a kind and tier that exchange the same."""
    alike: dict[tuple[Reach, str, str | None, IntervalSet, tuple[Missing, ...]], list[Resource]] = defaultdict(list)
    for owner, tally in tallies.items():
        for verdict, told, missing in told_apart(tally.passes):
            alike[verdict, owner.kind, tiers.get(owner), told, missing].append(owner)
    for (verdict, kind, tier, passes, missing), owners in alike.items():
        names = sorted(owner.label for owner in owners)
        count = len(set().union(*(tallies[owner].interfaces for owner in owners)))
        yield Reached(verdict, kind, tier, tuple(names[:_SHOWN]), len(owners), count, passes, missing=missing)


def _rank(one: Reached) -> tuple[int, bool, str, str, tuple[str, ...], str]:
    return (_ORDER.index(one.verdict), one.through is not None, one.tier or "~", one.kind, one.names, one.address or "")


def _remarks(end: End, *, inward: bool) -> Iterator[str]:
    yield from end.notes
    if not inward and end.spots and {spot.opens for spot in end.spots} == {Initiates.NEVER}:
        yield f"{end.label} opens no connections of its own: this is what the network would let through"
    if not inward and end.spots and {spot.opens for spot in end.spots} == {Initiates.TARGETS}:
        yield f"{end.label} opens connections to its targets only: this is what the network would let through"

"""What a blueprint lets in to the members behind a security group: what no change of its rules may take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.flows import flows_into, is_tier, own_ports, ports_of
from checker.graph.mending_grants import Grants
from checker.graph.place import Initiates, Place
from checker.graph.relays import relays
from checker.graph.stack import Member
from checker.graph.target_groups import Balancer
from checker.graph.view import View
from checker.model import traffic
from checker.model.blueprint import TIERS
from checker.model.fact import known_or
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.db_proxy import DbProxy
from checker.resources.load_balancer import LoadBalancer


@dataclass(frozen=True)
class Needs:
    """What may come in to a member: from places of owners, from wearers of groups, and from addresses."""

    owners: tuple[tuple[Resource, IntervalSet], ...]
    groups: tuple[tuple[str, IntervalSet], ...]
    flows: FlowSet


def members_behind(group: str, view: View) -> tuple[Member, ...]:
    """Return the members of the stack that wear a group."""
    return tuple(
        member
        for tier in TIERS
        for member in view.stack.tier(tier)
        if any(group in (endpoint.place.groups or ()) for endpoint in member.endpoints)
    )


def needs_of(member: Member, view: View, spare: FlowSet = NO_FLOWS) -> Needs:
    """Return what may come in to a member; `spare` are flows by address that are nobody's fault either."""
    allowed = view.allowed(member)
    owners: dict[Resource, IntervalSet] = dict(allowed.guests)
    for owner, ports in _senders(member, view):
        owners[owner] = owners.get(owner, traffic.NOTHING) | ports
    homes = FlowSet.union(
        (endpoint.place.addresses, ports)
        for owner, ports in allowed.guests.items()
        for endpoint in view.graph.endpoints.of(owner)
    )
    ordered = sorted(owners.items(), key=lambda item: (item[0].kind, item[0].id))
    return Needs(tuple(ordered), tuple(sorted(allowed.groups.items())), (allowed.flows - homes) | spare)


def _senders(member: Member, view: View) -> Iterator[tuple[Resource, IntervalSet]]:
    """Yield the owners that may send to a member, with the ports that they need of it."""
    told: set[Resource] = set()
    for flow in flows_into(member.tier, view.blueprint):
        ports = known_or(ports_of(flow, member, view.stack, view.graph), traffic.EVERYTHING)
        for tier in TIERS:
            if is_tier(flow.source, tier):
                for other in view.stack.tier(tier):
                    told.add(other.owner)
                    yield other.owner, ports
    # Beside the tiers: balancers that lead to the app, and the proxies of a database. Other kin has no need of a grant.
    for owner in sorted(view.allowed(member).owners - told, key=lambda one: (one.kind, one.id)):
        if isinstance(owner, LoadBalancer | ClassicLoadBalancer):
            yield owner, _led_to(owner, member, view)
        elif isinstance(owner, DbProxy):
            yield owner, known_or(own_ports(member.owner), traffic.NOTHING)


def _led_to(balancer: Balancer, member: Member, view: View) -> IntervalSet:
    ends = (end for relay in relays(balancer, view.graph).items for end in relay.ends)
    mine = (end.traffic | end.health for end in ends if end.endpoint.owner is member.owner)
    return IntervalSet.of(run for sent in mine for run in sent.intervals)


class Scene:
    """A view with what the search for a remedy asks of it again and again; `spare` are flows that may stay as well."""

    def __init__(self, view: View, spare: FlowSet = NO_FLOWS) -> None:
        self.view = view
        self.grants = Grants(view.graph)
        self._spare = spare
        self._needs: dict[Member, Needs] = {}
        self._behind: dict[str, tuple[Member, ...]] = {}
        self._places: dict[tuple[Resource, bool], tuple[Place, ...]] = {}

    def needs(self, member: Member) -> Needs:
        """Return what may come in to a member."""
        if member not in self._needs:
            self._needs[member] = needs_of(member, self.view, self._spare)
        return self._needs[member]

    def behind(self, group: str) -> tuple[Member, ...]:
        """Return the members that wear a group."""
        if group not in self._behind:
            self._behind[group] = members_behind(group, self.view)
        return self._behind[group]

    def places(self, owner: Resource, *, v6: bool) -> tuple[Place, ...]:
        """Return the places of one family from which an owner opens connections."""
        if (owner, v6) not in self._places:
            self._places[owner, v6] = places_of(owner, self.view, v6=v6)
        return self._places[owner, v6]


def places_of(owner: Resource, view: View, *, v6: bool) -> tuple[Place, ...]:
    """Return the places of one family from which an owner opens connections."""
    places = {
        endpoint.place: None
        for endpoint in view.graph.endpoints.of(owner)
        if endpoint.initiates is not Initiates.NEVER and endpoint.place.is_v6 is v6
    }
    return tuple(places)

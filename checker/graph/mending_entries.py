"""Entries of network ACLs as gates: those that let in what may not come."""

from __future__ import annotations

from dataclasses import dataclass

from checker.graph.acls import evaluate
from checker.graph.exposure import Opening
from checker.graph.flows import is_tier
from checker.graph.index import values
from checker.graph.mending_apply import entry_value
from checker.graph.mending_blocks import addresses_in
from checker.graph.mending_cut import Edge, Gate
from checker.graph.mending_lists import box_of
from checker.graph.mending_needs import Scene
from checker.graph.stack import Member
from checker.model import addresses as line
from checker.model import traffic
from checker.model.blueprint import TIERS
from checker.model.change import ListEntry
from checker.model.fact import Known, known_or
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.network_acl import NetworkAcl
from checker.resources.subnet import Subnet


@dataclass(frozen=True)
class Entry:
    """An entry of a list."""

    acl: str
    value: ListEntry


class Lists:
    """The entries of network ACLs as gates; what many openings ask of an entry is worked out once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._view = scene.view
        self._inward: dict[str, tuple[ListEntry, ...] | None] = {}
        self._spare: dict[Entry, bool] = {}
        self._used: dict[Resource, FlowSet] = {}

    def gate(self, opening: Opening, rank: int) -> Gate | None:
        """Return the entries that let an opening's packets in, or None where the list does not decide it."""
        place = opening.target.place
        source = opening.source
        sent = FlowSet.box(source.place.addresses, opening.traffic) if source else opening.flows
        family = line.ALL_V6 if place.is_v6 else line.ALL_V4
        home = self._view.graph.index.get(Subnet, place.subnet)
        own = addresses_in(known_or(home.cidrs, ())) if home else IntervalSet()
        acl = self._view.graph.acls.of(place.subnet, place.vpc)
        if not isinstance(acl, Known) or not sent or sent.addresses & own or not sent.addresses <= family:
            return None
        if acl.value.id not in self._inward:
            self._inward[acl.value.id] = _inward(acl.value)
        entries = self._inward[acl.value.id]
        if entries is None:
            return None
        return tuple(
            Edge(Entry(acl.value.id, one), 1 if self._is_spare(acl.value, one) else None, rank)
            for one in entries
            if sent & box_of(one)
        )

    def _is_spare(self, acl: NetworkAcl, value: ListEntry) -> bool:
        entry = Entry(acl.id, value)
        if entry not in self._spare:
            self._spare[entry] = self._find_spare(acl, value)
        return self._spare[entry]

    def _find_spare(self, acl: NetworkAcl, entry: ListEntry) -> bool:
        """Tell whether nothing that the blueprint lists needs an inbound entry; where that is not plain, it does."""
        if not isinstance(acl.subnets, Known) or acl.is_default.is_(True).is_yes:
            return False
        entries = known_or(acl.entries, ())
        left = tuple(one for one in entries if entry_value(one) != entry)
        lost = evaluate(entries, egress=False).must - evaluate(left, egress=False).must
        members = {member.owner: member for tier in TIERS for member in self._view.stack.tier(tier)}
        for vpc in values(acl.vpc):
            for endpoint in self._view.graph.endpoints.inside(vpc):
                if endpoint.place.subnet not in acl.subnets.value:
                    continue
                member = members.get(endpoint.owner)
                if member is None:
                    return False
                if member.owner not in self._used:
                    self._used[member.owner] = _used(member, self._scene)
                if lost & self._used[member.owner]:
                    return False
        return True


def _inward(acl: NetworkAcl) -> tuple[ListEntry, ...] | None:
    """Return the inbound entries that allow; None where not all entries are known."""
    found = [entry_value(entry) for entry in known_or(acl.entries, ())]
    if acl.entries.missing or any(value is None for value in found):
        return None
    return tuple(value for value in found if value and value.allow and not value.egress)


def _used(member: Member, scene: Scene) -> FlowSet:
    """Return what comes in to a member by the blueprint: what it is sent, and the answers to what it sends."""
    view, needs = scene.view, scene.needs(member)
    sent = [(one.place.addresses, ports) for owner, ports in needs.owners for one in view.graph.endpoints.of(owner)]
    answers = [
        (addresses, traffic.EVERYTHING)
        for flow in view.blueprint.flows
        if is_tier(flow.source, member.tier)
        for tier in TIERS
        if is_tier(flow.target, tier)
        for other in view.stack.tier(tier)
        # A service without endpoints of its own answers from the internet.
        for addresses in [one.place.addresses for one in other.endpoints] or [line.INTERNET]
    ]
    return needs.flows | FlowSet.union([*sent, *answers])

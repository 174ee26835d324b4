"""Rules of security groups as values, and what each of them grants."""

from __future__ import annotations

from dataclasses import dataclass

from checker.graph.graph import Graph
from checker.graph.place import Place
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.change import GroupRule
from checker.model.fact import Known, known_or
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.security_group_rule import GroupPeer, Peer, PrefixListPeer, SecurityGroupRule


def peer_of(text: str) -> Peer:
    """Return the peer that a text names; one that is no block of addresses and no list is some group, known or not."""
    if prefixed(text).startswith("pl-"):
        return PrefixListPeer(text)
    try:
        return GroupPeer(text) if prefixed(text).startswith("sg-") else Cidr.parse(text)
    except ValueError:
        return GroupPeer(text)


def as_value(rule: SecurityGroupRule) -> GroupRule | None:
    """Return a rule as a value; None where it is not wholly known."""
    match rule.ingress, rule.traffic, rule.peer:
        case Known(ingress), Known(passes), Known(peer):
            return GroupRule(ingress, passes, peer.id if isinstance(peer, GroupPeer | PrefixListPeer) else str(peer))
    return None


@dataclass(frozen=True)
class Grant:
    """A rule of a group that is wholly known; `id` is its own, where it has one."""

    group: str
    id: str
    value: GroupRule


class Grants:
    """The rules of an inventory's groups as values; each group and each peer is looked at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._of: dict[tuple[str, bool], tuple[Grant, ...]] = {}
        self._addresses: dict[str, IntervalSet] = {}

    def of(self, group: str, *, ingress: bool) -> tuple[Grant, ...]:
        """Return the rules of a group in one direction that are wholly known."""
        key = (group, ingress)
        if key not in self._of:
            found = ((rule.id, as_value(rule)) for rule in self._graph.groups.rules(group)[0])
            self._of[key] = tuple(Grant(group, id, value) for id, value in found if value and value.ingress is ingress)
        return self._of[key]

    def addresses(self, value: GroupRule) -> IntervalSet:
        """Return the addresses that a rule names; none for a group, or for a list that was not read."""
        if value.peer not in self._addresses:
            reach = self._graph.groups.peer_addresses(peer_of(value.peer))
            self._addresses[value.peer] = known_or(reach, IntervalSet())
        return self._addresses[value.peer]

    def passes(self, value: GroupRule, mine: Place, other: Place) -> IntervalSet:
        """Return what a rule of a group worn at `mine` surely grants to `other`."""
        if prefixed(value.peer).startswith("sg-"):
            named = value.peer in (other.groups or ())
            holds = named and self._graph.groups.reference_holds(mine.vpc, other.vpc).is_yes
            return value.traffic if holds else traffic.NOTHING
        return value.traffic if other.addresses <= self.addresses(value) else traffic.NOTHING

"""Security groups: what the rules of the groups that an interface wears let through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.index import Index, values
from checker.graph.place import Place
from checker.model import traffic
from checker.model.addresses import EVERYWHERE, Cidr
from checker.model.bounds import Bounds
from checker.model.fact import YES, Answer, Fact, Known, Missing, Unknown, any_of, merge
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.ids import program_of
from checker.model.intervals import IntervalSet
from checker.resources.peering_connection import PeeringConnection
from checker.resources.prefix_list import PrefixList
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, Peer, PrefixListPeer, SecurityGroupRule

# What AWS's own ids of groups begin with.
_OWN = "sg-"


@dataclass(frozen=True)
class Filters:
    """The rules of some groups in one direction: by address, and by group named as the other end."""

    by_address: Bounds[FlowSet]
    by_group: dict[str, Bounds[IntervalSet]]
    any_group: Bounds[IntervalSet]


class Groups:
    """The security groups of an inventory.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._rules: dict[str, tuple[tuple[SecurityGroupRule, ...], tuple[Missing, ...]]] = {}
        self._filters: dict[tuple[tuple[str, ...], bool], Filters] = {}
        self._peered: dict[tuple[str, str], Answer] = {}
        self._outside = {one.id for one in index.all(SecurityGroup).items if one.outside}

    def rules(self, group: str) -> tuple[tuple[SecurityGroupRule, ...], tuple[Missing, ...]]:
        """Return the rules of a group, and what is missing of them."""
        if group not in self._rules:
            self._rules[group] = self._find_rules(group)
        return self._rules[group]

    def _find_rules(self, group: str) -> tuple[tuple[SecurityGroupRule, ...], tuple[Missing, ...]]:
        known = self._index.get(SecurityGroup, group)
        listed = self._index.by(SecurityGroupRule, "group", lambda rule: values(rule.group), group)
        if known is None:
            supply = "read the account that owns the group"
            gaps = self._index.missing(SecurityGroup) or (Missing(f"security group {group}", supply),)
            return listed, gaps
        gaps = self._index.missing(SecurityGroupRule, known.scope)
        # Both listings tell the same rules; the embedded one lacks only their ids, and static sources know only it.
        if isinstance(known.permissions, Known) and (gaps or not listed):
            return known.permissions.value, ()
        return listed, gaps

    def strangers(self, group: str) -> tuple[Missing, ...]:
        """Return why somebody who was not seen may wear a group: it stands outside of what was read."""
        if group not in self._outside:
            return ()
        return (Missing(f"who wears security group {group}", "check the configuration that makes the group too"),)

    def ingress_rules(self, groups: tuple[str, ...]) -> Iterator[SecurityGroupRule]:
        """Yield the ingress rules of some groups, as far as they are known to be such."""
        for group in groups:
            for rule in self.rules(group)[0]:
                if not rule.ingress.is_(False).is_yes:
                    yield rule

    def peer_addresses(self, peer: Peer) -> Fact[IntervalSet]:
        """Return the addresses of a block or prefix list; none for a group."""
        match peer:
            case Cidr():
                return Known(peer.addresses)
            case PrefixListPeer():
                return self.list_entries(peer).map(
                    lambda entries: IntervalSet.of(run for entry in entries for run in entry.addresses.intervals)
                )
            case GroupPeer():
                return Known(IntervalSet())

    def list_entries(self, peer: PrefixListPeer) -> Fact[tuple[Cidr, ...]]:
        """Return the blocks of a prefix list; one that was not read is unknown, never empty (semantics 14)."""
        found = self._index.get(PrefixList, peer.id)
        if found is None:
            gaps = self._index.missing(PrefixList)
            return Unknown(*gaps or (Missing(f"the entries of prefix list {peer.id}", "read the prefix list"),))
        return found.entries

    def filters(self, groups: tuple[str, ...], *, ingress: bool) -> Filters:
        """Return the union of the groups' rules in one direction (semantics 1)."""
        key = (groups, ingress)
        if key not in self._filters:
            self._filters[key] = self._make_filters(groups, ingress=ingress)
        return self._filters[key]

    def _make_filters(self, groups: tuple[str, ...], *, ingress: bool) -> Filters:
        must: list[tuple[IntervalSet, IntervalSet]] = []
        may: list[tuple[IntervalSet, IntervalSet]] = []
        by_group: dict[str, Bounds[IntervalSet]] = {}
        open_to_group = Bounds(traffic.NOTHING, traffic.NOTHING)
        missing: tuple[Missing, ...] = ()
        for group in groups:
            rules, gaps = self.rules(group)
            if gaps:
                may.append((EVERYWHERE, traffic.EVERYTHING))
                open_to_group |= Bounds(traffic.NOTHING, traffic.EVERYTHING, gaps)
                missing = merge(missing, gaps)
            for rule in rules:
                direction = rule.ingress.is_(ingress)
                if direction.is_no:
                    continue
                sure = direction.is_yes
                passes = (
                    Bounds.exactly(rule.traffic.value)
                    if isinstance(rule.traffic, Known)
                    else Bounds(traffic.NOTHING, traffic.EVERYTHING, rule.traffic.missing)
                )
                if not sure:
                    passes = Bounds(traffic.NOTHING, passes.may, merge(passes.missing, direction.missing))
                missing = merge(missing, passes.missing)
                if not isinstance(rule.peer, Known):
                    may.append((EVERYWHERE, passes.may))
                    open_to_group |= Bounds(traffic.NOTHING, passes.may, rule.peer.missing)
                    missing = merge(missing, rule.peer.missing)
                elif isinstance(rule.peer.value, GroupPeer):
                    named = rule.peer.value.id
                    by_group[named] = by_group[named] | passes if named in by_group else passes
                else:
                    reach = self.peer_addresses(rule.peer.value)
                    if isinstance(reach, Known):
                        must.append((reach.value, passes.must))
                        may.append((reach.value, passes.may))
                    else:
                        may.append((EVERYWHERE, passes.may))
                        missing = merge(missing, reach.missing)
        flows = Bounds(FlowSet.union(must), FlowSet.union(may), missing)
        return Filters(Bounds.exactly(flows.must) if flows.exact else flows, by_group, open_to_group)

    def admits(self, mine: Place, other: Place, *, ingress: bool, named: Answer) -> Bounds[IntervalSet]:
        """Return what the groups worn at `mine` let in from `other`, or out to it (semantics 1, 3-9, 13).

        `named` answers whether the way between them lets rules see the groups of the other end.
        """
        if not mine.filtered:
            return Bounds.exactly(traffic.EVERYTHING)
        if mine.groups is None:
            return Bounds(traffic.NOTHING, traffic.EVERYTHING, mine.missing)
        filters = self.filters(mine.groups, ingress=ingress)
        flows = filters.by_address
        admitted = Bounds(
            flows.must.everywhere_in(other.addresses),
            flows.may.somewhere_in(other.addresses),
            flows.missing or other.missing,
        )
        if other.groups is None:
            for passes in filters.by_group.values() if not named.is_no else ():
                admitted |= Bounds(traffic.NOTHING, passes.may, merge(passes.missing, other.missing))
        elif meant := [filters.by_group[group] for group in other.groups if group in filters.by_group]:
            for passes in meant if not named.is_no else ():
                unsure = Bounds(traffic.NOTHING, passes.may, merge(passes.missing, named.missing))
                admitted |= passes if named.is_yes else unsure
        if self._outside and other.groups is not None and not named.is_no:
            for group, passes in filters.by_group.items():
                if group not in other.groups and (lost := self._same(group, other.groups)):
                    admitted |= Bounds(traffic.NOTHING, passes.may, merge(passes.missing, lost))
        return admitted | filters.any_group if filters.any_group.may else admitted

    def _same(self, group: str, others: tuple[str, ...]) -> tuple[Missing, ...]:
        """Return why a group may be one of some others, though it is called by another name: one stands outside."""
        found = next((one for one in others if self._may_be_same(group, one)), None)
        fact = f"whether security group {group} is {found}"
        return (Missing(fact, "give its id, or check the configuration that makes it too"),) if found else ()

    def _may_be_same(self, one: str, other: str) -> bool:
        """Tell whether a group that a rule names may be one that somebody wears."""
        # Two ids of AWS's own tell two groups apart; and a program wears no group under another name than its own.
        if one.startswith(_OWN) and other.startswith(_OWN):
            return False
        return one in self._outside or (other in self._outside and (program_of(one) or "") != (program_of(other) or ""))

    def by_address(self, place: Place, *, ingress: bool) -> Bounds[FlowSet]:
        """Return what the groups worn at a place let in from each address, or out to it."""
        if not place.filtered:
            return Bounds.exactly(EVERY_FLOW)
        if place.groups is None:
            return Bounds(NO_FLOWS, EVERY_FLOW, place.missing)
        return self.filters(place.groups, ingress=ingress).by_address

    def reference_holds(self, vpc: str, other: str) -> Answer:
        """Answer whether rules in one VPC may name groups of another (semantics 9): itself, or an active peer nearby.

        Source: https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
        """
        if vpc == other:
            return YES
        key = (vpc, other)
        if key not in self._peered:
            listed = any_of(_names(peering, vpc, other) for peering in self._index.all(PeeringConnection).items)
            gaps = self._index.missing(PeeringConnection)
            self._peered[key] = listed | Answer(None, gaps) if gaps else listed
        return self._peered[key]


def _names(peering: PeeringConnection, vpc: str, other: str) -> Answer:
    """Answer whether a peering lets rules in two VPCs name each other's groups."""
    one, two = peering.requester_vpc, peering.accepter_vpc
    joins = (one.is_(vpc) & two.is_(other)) | (one.is_(other) & two.is_(vpc))
    region = peering.requester_region.then(lambda here: peering.accepter_region.map(lambda there: here == there))
    return joins & peering.active.is_(True) & region.is_(True)

"""What must be granted again where rules are taken away: as few rules as do it, by group wherever a group tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checker.graph.mending_blocks import blocks, runs
from checker.graph.mending_grants import Grant
from checker.graph.mending_needs import Scene
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.stack import Member
from checker.model import traffic
from checker.model.change import Action, Change, GroupRule
from checker.model.fact import known_or
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.prefix_list import PrefixList

# More rules than these are no change that anybody makes: what tells the ends apart is wanting.
_MOST = 20


class CannotTellApartError(Exception):
    """No group and no block tells those who may come in from those who may not; the text says who wears what."""


@dataclass
class Restorer:
    """Works out the changes that take rules away and lose nothing that may come in.

    `unwanted` is the traffic of each rule that must go, by the rule's id.
    """

    scene: Scene
    unwanted: Mapping[str, IntervalSet]
    by_group_only: bool = False
    _added: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))

    def without(self, cut: Sequence[Grant]) -> tuple[Change, ...]:
        """Return the changes that take all of `cut` away; raises `CannotTellApartError`."""
        changes: list[Change] = []
        for group in sorted({grant.group for grant in cut}):
            mine = sorted((grant for grant in cut if grant.group == group), key=lambda grant: grant.id)
            changes.extend(self._replaced(mine, self._lost(group, mine, cut)))
        return tuple(changes)

    def _replaced(self, mine: Sequence[Grant], rules: Sequence[GroupRule]) -> Iterable[Change]:
        """Yield a replacement for each pair of an old and a new rule, and a removal or addition for what is left."""
        left = list(rules)
        for grant in mine:
            # A rule that keeps its peer or its ports is changed into what it was meant to be.
            near = sorted(
                left, key=lambda rule: (rule.peer != grant.value.peer, not rule.traffic & grant.value.traffic)
            )
            if near:
                left.remove(near[0])
                yield Change(Action.REPLACE, grant.group, near[0], grant.value, grant.id)
            else:
                yield Change(Action.REMOVE, grant.group, grant.value, rule=grant.id)
        for rule in left:
            yield Change(Action.ADD, mine[0].group, rule)

    def _lost(self, group: str, mine: Sequence[Grant], cut: Sequence[Grant]) -> tuple[GroupRule, ...]:
        """Return the rules that a group needs once `cut` is gone."""
        gone = set(cut)
        found: dict[str, IntervalSet] = {}

        def need(peer: str, wanted: IntervalSet) -> None:
            found[peer] = found.get(peer, traffic.NOTHING) | wanted

        for member in self.scene.behind(group):
            needs = self.scene.needs(member)
            for place in dict.fromkeys(one.place for one in member.endpoints if group in (one.place.groups or ())):
                kept = [
                    grant
                    for worn in place.groups or ()
                    for grant in (*self.scene.grants.of(worn, ingress=True), *self._added[worn])
                    if grant not in gone
                ]
                by_place: dict[Place, IntervalSet] = {}
                for owner, ports in needs.owners:
                    for source in self.scene.places(owner, v6=place.is_v6):
                        before = self._granted(mine, place, source) & ports
                        if before and (missing := before - self._granted(kept, place, source)):
                            by_place[source] = by_place.get(source, traffic.NOTHING) | missing
                for peer, wanted in self.peers(by_place, member, place):
                    need(peer, wanted)
                for peer, wanted in self._other(needs.groups, needs.flows, mine, kept):
                    need(peer, wanted)
        rules = tuple(
            GroupRule(True, IntervalSet.span(first, last), peer)
            for peer in sorted(found)
            for first, last in runs(found[peer])
        )
        if len(rules) > _MOST:
            raise CannotTellApartError(f"{group} would need {len(rules)} rules to name those who may come in")
        self._added[group].extend(Grant(group, "", rule) for rule in rules)
        for grant in mine:
            if any(rule == grant.value for rule in rules):
                names = ", ".join(member.owner.label for member in self.scene.behind(group))
                raise CannotTellApartError(f"{grant.id} is needed by one of {names}, which all wear {group}")
        return rules

    def _granted(self, grants: Iterable[Grant], mine: Place, other: Place) -> IntervalSet:
        return IntervalSet.of(
            run for grant in grants for run in self.scene.grants.passes(grant.value, mine, other).intervals
        )

    def _other(
        self,
        groups: tuple[tuple[str, IntervalSet], ...],
        flows: FlowSet,
        mine: Sequence[Grant],
        kept: Sequence[Grant],
    ) -> Iterable[tuple[str, IntervalSet]]:
        """Yield what groups and addresses that the blueprint names need."""
        for named, ports in groups:
            direct = _traffic(grant for grant in mine if grant.value.peer == named)
            nearby = [
                grant
                for grant in mine
                if any(one.place.addresses <= self.scene.grants.addresses(grant.value) for one in self._wearing(named))
            ]
            before = (direct | _traffic(nearby)) & ports
            if left := before - _traffic(grant for grant in kept if grant.value.peer == named):
                yield named, left
        if not flows:
            return
        still = FlowSet.union((self.scene.grants.addresses(one.value), one.value.traffic) for one in kept)
        for grant in mine:
            reach = self.scene.grants.addresses(grant.value)
            lost = (flows & FlowSet.box(reach, grant.value.traffic)) - still
            bad = self.unwanted.get(grant.id, traffic.NOTHING)
            by_traffic: dict[IntervalSet, IntervalSet] = {}
            for first, last, wanted in lost.slabs:
                by_traffic[wanted] = by_traffic.get(wanted, IntervalSet()) | IntervalSet.span(first, last)
            for wanted, where in by_traffic.items():
                whole = not wanted & bad and not self.by_group_only
                for peer in (grant.value.peer,) if whole else self._blocks(where):
                    yield peer, wanted

    def _wearing(self, group: str) -> tuple[Endpoint, ...]:
        return self.scene.view.graph.endpoints.wearing(group)

    def _blocks(self, where: IntervalSet) -> tuple[str, ...]:
        """Return the prefix list that has exactly these addresses, or their blocks."""
        for listed in self.scene.view.graph.index.all(PrefixList).items:
            entries = known_or(listed.entries, ())
            if entries and IntervalSet.of(run for one in entries for run in one.addresses.intervals) == where:
                return (listed.id,)
        return blocks(where)

    def peers(
        self, by_place: Mapping[Place, IntervalSet], member: Member, target: Place
    ) -> Iterable[tuple[str, IntervalSet]]:
        """Yield for each source the peer to name: a group that only those wear who may come in."""
        open_ = dict(by_place)
        while open_:
            serving: dict[str, list[Place]] = defaultdict(list)
            for source, wanted in open_.items():
                for group in source.groups or ():
                    if self._only_theirs(group, wanted, member, source, target):
                        serving[group].append(source)
            if not serving:
                break
            best = max(sorted(serving), key=lambda group: len(serving[group]))
            for source in serving[best]:
                yield best, open_.pop(source)
        for source, wanted in open_.items():
            if source.groups and self.scene.view.graph.groups.reference_holds(target.vpc, source.vpc).is_yes:
                raise CannotTellApartError(self._account(source, wanted, member))
            for block in blocks(source.addresses):
                yield block, wanted

    def _only_theirs(self, group: str, wanted: IntervalSet, member: Member, source: Place, target: Place) -> bool:
        if not self.scene.view.graph.groups.reference_holds(target.vpc, source.vpc).is_yes:
            return False
        return not self._strangers(group, wanted, member)

    def _strangers(self, group: str, wanted: IntervalSet, member: Member) -> list[Endpoint]:
        allowed = self.scene.view.allowed(member)
        return [
            one
            for one in self._wearing(group)
            if one.owner is not member.owner and self._opens(one, member) and wanted - allowed.of(one)
        ]

    def _opens(self, source: Endpoint, member: Member) -> bool:
        if source.initiates is Initiates.TARGETS:
            return source.owner in self.scene.view.graph.balancing.balancers_of(member.owner)
        return source.initiates is Initiates.ANY

    def _account(self, source: Place, wanted: IntervalSet, member: Member) -> str:
        for group in source.groups or ():
            if strangers := self._strangers(group, wanted, member):
                names = sorted({one.owner.label for one in strangers})
                return f"{', '.join(names)} and those who may come in both wear {group}"
        return "those who may come in wear no group of their own"


def _traffic(grants: Iterable[Grant]) -> IntervalSet:
    return IntervalSet.of(run for grant in grants for run in grant.value.traffic.intervals)

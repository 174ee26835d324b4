"""The smallest change that mends a fault: who gets in and may not, found as a minimum cut over the rules that grant it.

A grant that nobody uses today is a fault too, so only what grants counts: the rules of the member's own groups, the
entries of its network ACL that let the addresses in, and, for a stranger that stands where allowed members may stand,
the egress rules of the stranger's groups. An entry that denies would hide a grant and not take it away.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from checker.graph.exposure import Opening
from checker.graph.mending_cut import Edge, Gate, minimum_cut
from checker.graph.mending_entries import Entry, Lists
from checker.graph.mending_grants import Grant, as_value
from checker.graph.mending_needs import Scene
from checker.graph.mending_restore import CannotTellApartError, Restorer
from checker.graph.place import Place
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model import traffic
from checker.model.blueprint import TIERS
from checker.model.change import Action, Change, told
from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.security_group_rule import SecurityGroupRule

# What is nearer to the member is preferred among changes of equal number.
_AT_TARGET, _AT_SOURCE, _AT_LIST = 0, 1, 2


@dataclass(frozen=True)
class Remedy:
    """What mends a fault: `changes` of rules, entries and routes, and `advice` for what none of them can do."""

    changes: tuple[Change, ...] = ()
    advice: str = ""

    @property
    def text(self) -> str:
        """Return it as sentences."""
        return " ".join(part for part in (told(self.changes), self.advice) if part)


def close(member: Member, openings: Iterable[Opening], view: View, spare: FlowSet = NO_FLOWS) -> Remedy:
    """Return the fewest changes after which nobody gets in to a member who may not; `spare` flows are left alone."""
    settled = [opening for opening in openings if not opening.missing]
    unwanted: dict[str, IntervalSet] = {}
    for one in settled:
        if one.rule:
            unwanted[one.rule.id] = unwanted.get(one.rule.id, traffic.NOTHING) | one.traffic
    costs: dict[Grant, tuple[int | None, str]] = {}
    scene = Scene(view, spare)
    gates = _Gates(scene)
    ways: dict[tuple[Gate, ...], bool] = {}
    advice: dict[str, None] = {}
    for one in settled:
        grant = _grant(one)
        if grant is None:
            advice[f"Give {member.owner.label} a security group."] = None
            continue
        if grant not in costs:
            costs[grant] = _cost(Restorer(scene, unwanted), grant)
        cost, account = costs[grant]
        way = gates.of(one, grant, cost)
        if way not in ways:
            ways[way] = cost is not None or minimum_cut([way]) is not None
        if not ways[way]:
            advice[account] = None
    # Two rules may each be spared for the other, and not both: then what names a group is the one that stays.
    cut = set(minimum_cut([way for way, mends in ways.items() if mends]) or ())
    inward = [one for one in cut if isinstance(one, Grant) and one.value.ingress]
    doubtful = sorted(inward, key=lambda one: (prefixed(one.value.peer).startswith("sg-"), one.id))
    while True:
        try:
            return Remedy(_changes(cut, Restorer(scene, unwanted)), " ".join(advice))
        except CannotTellApartError as error:
            advice[_apart(error)] = None
            if not doubtful:
                return Remedy(advice=" ".join(advice))
            cut.discard(doubtful.pop())


def name_groups(rule: SecurityGroupRule, group: str, view: View) -> Remedy:
    """Return the changes after which a rule that names addresses names the groups of those who stand there."""
    value = as_value(rule)
    if value is None:
        return Remedy()
    restorer = Restorer(Scene(view), {rule.id: traffic.EVERYTHING}, by_group_only=True)
    try:
        return Remedy(restorer.without((Grant(group, rule.id, value),)))
    except CannotTellApartError as error:
        return Remedy(advice=_apart(error))


def _grant(opening: Opening) -> Grant | None:
    value = as_value(opening.rule) if opening.rule else None
    return Grant(opening.group, opening.rule.id, value) if opening.rule and value else None


def _cost(restorer: Restorer, grant: Grant) -> tuple[int | None, str]:
    """Return how many changes it takes to close one rule and lose nothing; where it cannot be done, None and why."""
    try:
        return len(restorer.without((grant,))), ""
    except CannotTellApartError as error:
        return None, _apart(error)


def _apart(error: CannotTellApartError) -> str:
    return f"No rule tells them apart: {error}. Give one of them a security group of its own."


class _Gates:
    """The gates that openings pass; what many openings ask of a group or an entry is worked out once."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._view = scene.view
        self._lists = Lists(scene)
        self._spare: dict[str, bool] = {}
        self._sending: dict[str, tuple[Grant, ...] | None] = {}
        self._needed: tuple[set[Resource], set[str]] | None = None

    def of(self, opening: Opening, grant: Grant, cost: int | None) -> tuple[Gate, ...]:
        """Return the gates of an opening, from its source to its target."""
        last: Gate = (Edge(grant, cost, _AT_TARGET),)
        if prefixed(grant.value.peer).startswith("sg-"):
            return (last,)
        egress = self._egress(opening, opening.source.place) if opening.source else None
        listed = self._lists.gate(opening, _AT_LIST)
        return tuple(gate for gate in (egress, listed, last) if gate)

    def _egress(self, opening: Opening, source: Place) -> Gate | None:
        """Return the egress rules by which a source sends, or None where they do not decide it."""
        if source.groups is None or not source.filtered:
            return None
        edges: list[Edge] = []
        for group in source.groups:
            if group not in self._sending:
                self._sending[group] = self._rules(group)
            rules = self._sending[group]
            if rules is None:
                return None
            edges += [
                Edge(one, 1 if self._is_spare(group) else None, _AT_SOURCE)
                for one in rules
                if self._scene.grants.passes(one.value, source, opening.target.place) & opening.traffic
            ]
        return tuple(edges)

    def _rules(self, group: str) -> tuple[Grant, ...] | None:
        """Return the egress rules of a group; None where not all that it has is known."""
        rules, missing = self._view.graph.groups.rules(group)
        if missing or any(as_value(rule) is None for rule in rules):
            return None
        return self._scene.grants.of(group, ingress=False)

    def _is_spare(self, group: str) -> bool:
        """Tell whether nobody wears a group who sends something that the blueprint lists."""
        if group not in self._spare:
            if self._needed is None:
                members = [member for tier in TIERS for member in self._view.stack.tier(tier)]
                needs = [self._scene.needs(member) for member in members]
                listed = {owner for one in needs for owner, _ in one.owners} | {member.owner for member in members}
                self._needed = listed, {name for one in needs for name, _ in one.groups}
            owners, groups = self._needed
            worn = {one.owner for one in self._view.graph.endpoints.wearing(group)}
            self._spare[group] = not worn & owners and group not in groups
        return self._spare[group]


def _changes(cut: AbstractSet[Hashable], restorer: Restorer) -> tuple[Change, ...]:
    grants = [one for one in cut if isinstance(one, Grant)]
    inward: Sequence[Grant] = [one for one in grants if one.value.ingress]
    outward = sorted((one for one in grants if not one.value.ingress), key=lambda one: (one.group, one.id))
    entries = sorted((one for one in cut if isinstance(one, Entry)), key=lambda one: (one.acl, one.value.number))
    return (
        *restorer.without(inward),
        *(Change(Action.REMOVE, one.group, one.value, rule=one.id) for one in outward),
        *(Change(Action.REMOVE, one.acl, one.value) for one in entries),
    )

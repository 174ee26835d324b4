"""Entries of network ACLs that are wanting: those to add, or to remove, for what must get through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.graph.acls import evaluate
from checker.graph.index import values
from checker.graph.mending_apply import entry_value
from checker.graph.mending_blocks import cover
from checker.graph.view import View
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.blueprint import TIERS
from checker.model.change import Action, Change, ListEntry
from checker.model.fact import Known, known_or
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.network_acl import AclEntry, NetworkAcl

_LAST = 32767  # the number of the final denial, which no other entry can have


def let_through(acl: NetworkAcl, needed: FlowSet, view: View, *, egress: bool) -> tuple[Change, ...] | None:
    """Return the fewest changes of a list after which it passes `needed` in a direction; None where none do."""
    entries = known_or(acl.entries, ())
    shut = needed - evaluate(entries, egress=egress).may
    if not shut:
        return ()
    inside = [value for entry in entries if (value := entry_value(entry)) and value.egress is egress]
    denying = [one for one in inside if not one.allow and one.number < _LAST and shut & box_of(one)]
    # An entry for a whole run of ports that are needed may take the place of several for what is left of it.
    whole = FlowSet.union((piece.addresses, traffic_of) for piece, traffic_of in _runs_touched(needed, shut))
    additions = [_additions(acl, flows, inside, denying, view, egress=egress) for flows in (shut, whole)]
    removed = _removals(acl, needed, entries, denying, view, egress=egress)
    options = [option for option in (*additions, removed) if option is not None]
    return min(options, key=len) if options else None


def _runs_touched(needed: FlowSet, shut: FlowSet) -> Iterator[tuple[FlowSet, IntervalSet]]:
    """Yield the addresses that are shut out with each run of needed traffic that is not wholly let through there."""
    for run in {run for _, _, passes in needed.slabs for run in passes.intervals}:
        one = IntervalSet.span(*run)
        if touched := shut.limited_to(one):
            yield touched, one


def _additions(
    acl: NetworkAcl,
    shut: FlowSet,
    inside: Sequence[ListEntry],
    denying: Sequence[ListEntry],
    view: View,
    *,
    egress: bool,
) -> tuple[Change, ...] | None:
    taken = {one.number for one in inside}
    by_traffic: dict[IntervalSet, IntervalSet] = {}
    for first, last, wanted in shut.slabs:
        by_traffic[wanted] = by_traffic.get(wanted, IntervalSet()) | IntervalSet.span(first, last)
    changes: list[Change] = []
    for wanted, where in by_traffic.items():
        for protocol, first, last in traffic.spans(wanted):
            for block in cover(where, view):
                number = _number(taken, denying)
                if number is None:
                    return None
                taken.add(number)
                entry = ListEntry(number, egress, True, traffic.ports(protocol, first, last), block)
                changes.append(Change(Action.ADD, acl.id, entry))
    return tuple(changes)


def _number(taken: set[int], denying: Sequence[ListEntry]) -> int | None:
    """Return a free number before every entry that denies, or after all where none does."""
    if denying:
        first = min(one.number for one in denying)
        return next((number for number in range(first - 1, 0, -1) if number not in taken), None)
    last = max((number for number in taken if number < _LAST), default=90)
    return next(number for number in range(min(last + 10, _LAST - 1), 0, -1) if number not in taken)


def _removals(
    acl: NetworkAcl,
    needed: FlowSet,
    entries: tuple[AclEntry, ...],
    denying: Sequence[ListEntry],
    view: View,
    *,
    egress: bool,
) -> tuple[Change, ...] | None:
    """Return the removal of the entries that deny, where that lets through all that is needed and lays nothing bare."""
    left = tuple(entry for entry in entries if entry_value(entry) not in denying)
    after = evaluate(left, egress=egress).must
    if not denying or needed - after:
        return None
    gained = after - evaluate(entries, egress=egress).must
    if not egress and not _is_harmless(acl, gained, view):
        return None
    return tuple(Change(Action.REMOVE, acl.id, one) for one in denying)


def _is_harmless(acl: NetworkAcl, gained: FlowSet, view: View) -> bool:
    """Tell whether no group behind a list admits addresses that only the list keeps out."""
    members = {member.owner: member for tier in TIERS for member in view.stack.tier(tier)}
    for vpc in values(acl.vpc):
        for endpoint in view.graph.endpoints.inside(vpc):
            mine = view.graph.acls.of(endpoint.place.subnet, vpc)
            if not isinstance(mine, Known) or mine.value.id != acl.id:
                continue
            member = members.get(endpoint.owner)
            if member is None:
                continue
            bare = view.graph.reachability.admitted_addresses(endpoint.place).may & gained
            if bare - view.allowed(member).flows:
                return False
    return True


def box_of(entry: ListEntry) -> FlowSet:
    """Return the flows that an entry matches, by the address at the other end."""
    return FlowSet.box(Cidr.parse(entry.block).addresses, entry.traffic)

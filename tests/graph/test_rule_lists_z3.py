"""Groups and network ACLs against z3: what AWS's pages say of a list holds for every packet there is.

Where facts were not seen, `must` is what every completion of them lets through, and `may` what some completion does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.graph import acls
from checker.graph.groups import Groups
from checker.graph.place import Place
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, YES, Answer, Known, Missing
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.resources.network_acl import AclEntry, NetworkAcl
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_lists import GROUPS, Entry, Lists, Open, decided, entries, lists
from tests.graph.laws_permissions import Permission
from tests.graph.laws_z3 import ADDRESS, IS_V6, PACKET, always, ever, is_address_in, is_flow_in, is_traffic_in, prove
from tests.graph.network import Network

OTHERS = ("10.0.0.17", "10.0.0.200", "10.1.0.9", "203.0.113.9", "2001:db8::9", "fd00::1")
PARTS = ("10.0.0.0/24", "0.0.0.0/1", "0.0.0.0/0", "2001:db8::/33", "::/0")
worn = st.one_of(
    st.none(), st.lists(st.sampled_from(GROUPS), max_size=2, unique=True).map(lambda ids: tuple(sorted(ids)))
)
FILTERS = {"drawn": lists, "egress": st.booleans()}
NAMED = (YES, YES, NO, Answer(None, (Missing("the way", "read it"),)))
ENDS = {**FILTERS, "address": st.sampled_from(OTHERS), "groups": worn, "named": st.sampled_from(NAMED)}
AREAS = {**FILTERS, "block": st.sampled_from(PARTS)}
mostly_in = st.sampled_from((False, False, True))
SEEN = {"listed": entries(()), "egress": mostly_in}
ACTIONS = {"listed": entries(("action",)), "egress": mostly_in}
UNSEEN = {"listed": entries(), "egress": mostly_in}


def filters_law(drawn: Lists, *, egress: bool) -> None:
    open_ = Open()
    claim = drawn.claim(egress=egress, open_=open_, others={}, by_address=True)
    found = drawn.network().graph().groups.filters(drawn.worn, ingress=not egress).by_address
    prove(is_flow_in(found.must) == always(claim, open_.questions), PACKET)
    prove(is_flow_in(found.may) == ever(claim, open_.questions), PACKET)

    assert found.exact is not bool(found.missing)


def ends_law(drawn: Lists, address: str, groups: tuple[str, ...] | None, named: Answer, *, egress: bool) -> None:
    open_ = Open()
    # Whether the way between two ends lets rules name groups is for the network to say (semantics 9, 10).
    way = open_() if named.is_unknown else z3.BoolVal(named.is_yes)
    others = {group: z3.And(way, open_() if groups is None else z3.BoolVal(group in groups)) for group in GROUPS}
    claim = drawn.claim(egress=egress, open_=open_, others=others, by_address=False)
    here = line.Cidr.parse(address).addresses
    mine = Place("vpc-a", "subnet-a", drawn.worn, line.union("10.0.0.5"))
    other = Place("vpc-a", "subnet-b", groups, here)
    found = drawn.network().graph().groups.admits(mine, other, ingress=not egress, named=named)
    at = here.first - line.V6 if here.first >= line.V6 else here.first
    claim = z3.substitute(claim, (ADDRESS, z3.BitVecVal(at, 128)), (IS_V6, z3.BoolVal(":" in address)))
    prove(is_traffic_in(found.must) == always(claim, open_.questions))
    prove(is_traffic_in(found.may) == ever(claim, open_.questions))


def areas_law(drawn: Lists, block: str, *, egress: bool) -> None:
    """What a place admits surely is admitted at each of its addresses; what it could is all that any of them could."""
    open_ = Open()
    claim = drawn.claim(egress=egress, open_=open_, others={}, by_address=False)
    here = line.union(block)
    mine, other = Place("vpc-a", "subnet-a", drawn.worn, line.union("10.0.0.5")), Place("vpc-a", "subnet-b", (), here)
    found = drawn.network().graph().groups.admits(mine, other, ingress=not egress, named=YES)
    lies = z3.And(PACKET, is_address_in(here))
    prove(z3.Implies(is_traffic_in(found.must), always(claim, open_.questions)), lies)
    prove(z3.Implies(ever(claim, open_.questions), is_traffic_in(found.may)), lies)


def read(listed: Sequence[Entry]) -> tuple[AclEntry, ...]:
    """Return the entries as the product reads them."""
    raw = [entry.raw() for entry in listed]
    net = Network().add("NetworkAcl", NetworkAclId="acl-a", VpcId="vpc-a", IsDefault=True, Associations=[], Entries=raw)
    (acl,) = net.inventory().all(NetworkAcl).items
    assert isinstance(acl.entries, Known)

    return acl.entries.value


def list_law(listed: Sequence[Entry], *, egress: bool) -> None:
    open_ = Open()
    claim = decided(listed, egress=egress, open_=open_)
    found = acls.evaluate(read(listed), egress=egress)
    prove(is_flow_in(found.must) == always(claim, open_.questions), PACKET)
    prove(is_flow_in(found.may) == ever(claim, open_.questions), PACKET)

    assert found.exact is not bool(found.missing)


def between_law(listed: Sequence[Entry], *, egress: bool) -> None:
    open_ = Open()
    claim = decided(listed, egress=egress, open_=open_)
    found = acls.evaluate(read(listed), egress=egress)
    prove(z3.Implies(is_flow_in(found.must), always(claim, open_.questions)), PACKET)
    prove(is_flow_in(found.may) == ever(claim, open_.questions), PACKET)


# semantics 1, 11, 12, 13, 14
@draws(0.5)
@given(**FILTERS)
def test_groups_let_through_what_some_rule_of_theirs_does(drawn: Lists, egress: bool) -> None:
    filters_law(drawn, egress=egress)


# semantics 1, 5, 7, 9, 13
@draws(0.5)
@given(**ENDS)
def test_an_end_is_admitted_by_its_address_or_by_its_groups(
    drawn: Lists, egress: bool, address: str, groups: tuple[str, ...] | None, named: Answer
) -> None:
    ends_law(drawn, address, groups, named, egress=egress)


@draws(0.5)
@given(**AREAS)
def test_a_place_of_many_addresses_is_bounded_by_each_of_them(drawn: Lists, egress: bool, block: str) -> None:
    areas_law(drawn, block, egress=egress)


# semantics 17, 21
@draws(0.5)
@given(**SEEN)
def test_the_lowest_number_that_matches_decides(listed: Sequence[Entry], egress: bool) -> None:
    list_law(listed, egress=egress)


@draws(0.5)
@given(**ACTIONS)
def test_an_unseen_action_opens_just_what_its_entry_decides(listed: Sequence[Entry], egress: bool) -> None:
    list_law(listed, egress=egress)


@draws(0.5)
@given(**UNSEEN)
def test_unseen_entries_bound_every_list_that_they_could_make(listed: Sequence[Entry], egress: bool) -> None:
    between_law(listed, egress=egress)


@draws(0.5)
@given(**UNSEEN)
def test_unseen_entries_leave_open_only_what_they_could_change(listed: Sequence[Entry], egress: bool) -> None:
    list_law(listed, egress=egress)


@pytest.mark.parametrize("unseen", ["direction", "traffic", "peer"])
def test_an_unseen_entry_that_allows_what_the_next_allows_too_leaves_nothing_open(unseen: str) -> None:
    everything = Permission("-1", None, None)
    first = Entry(100, False, True, everything, "10.0.0.0/8", frozenset({unseen}))

    list_law(
        (first, Entry(200, False, True, everything, "0.0.0.0/0"), Entry(300, False, True, everything, "::/0")),
        egress=False,
    )


def test_an_interface_without_groups_filters_nothing_and_unknown_groups_settle_nothing() -> None:
    graph, far = Network().graph(), Place("vpc-a", "subnet-b", (), line.union("10.0.0.9"))
    bare = Place("vpc-a", "subnet-a", (), line.union("10.0.0.5"), filtered=False)
    unknown = Place("vpc-a", "subnet-a", None, line.union("10.0.0.5"))
    free, open_ = (graph.groups.admits(mine, far, ingress=True, named=YES) for mine in (bare, unknown))

    prove(is_traffic_in(free.must))
    prove(z3.Not(is_traffic_in(open_.must)))
    prove(is_traffic_in(open_.may))


filters_, admits_, evaluate_ = Groups.filters, Groups.admits, acls.evaluate


def _one_family(self: Groups, mine: Place, other: Place, *, ingress: bool, named: Answer) -> Bounds[IntervalSet]:
    """Take ::/0 for 0.0.0.0/0."""
    found = self.filters(mine.groups or (), ingress=ingress).by_address
    extra = traffic.NOTHING if other.is_v6 else found.must.at(line.V6)
    return admits_(self, mine, other, ingress=ingress, named=named) | Bounds.exactly(extra)


def _changed(listed: Sequence[AclEntry], **change: object) -> tuple[AclEntry, ...]:
    return tuple(dataclasses.replace(entry, **change) for entry in listed)


def _by_first(self: Groups, groups: tuple[str, ...], *, ingress: bool) -> object:
    return filters_(self, groups[:1], ingress=ingress)


def _other_end(self: Groups, mine: Place, other: Place, *, ingress: bool, named: Answer) -> Bounds[IntervalSet]:
    return admits_(self, mine, other, ingress=not ingress, named=named)


def _way_ignored(self: Groups, mine: Place, other: Place, *, ingress: bool, named: Answer) -> Bounds[IntervalSet]:
    return admits_(self, mine, other, ingress=ingress, named=YES)


def _half_read(self: Groups, groups: tuple[str, ...], *, ingress: bool) -> object:
    found = filters_(self, groups, ingress=ingress)
    return dataclasses.replace(found, by_address=Bounds.exactly(found.by_address.must))


def _allowed_together(listed: Sequence[AclEntry], *, egress: bool) -> Bounds[FlowSet]:
    return evaluate_(tuple(entry for entry in listed if not entry.allow.is_(False).is_yes), egress=egress)


def _unseen_is_absent(listed: Sequence[AclEntry], *, egress: bool) -> Bounds[FlowSet]:
    seen = tuple(
        one
        for one in listed
        if not (one.allow.missing or one.peer.missing or one.traffic.missing or one.egress.missing)
    )
    return evaluate_(seen, egress=egress)


def _unseen_is_seen(listed: Sequence[AclEntry], *, egress: bool) -> Bounds[FlowSet]:
    return evaluate_(
        tuple(
            dataclasses.replace(one, peer=Known(line.Cidr.parse("0.0.0.0/0"))) if one.peer.missing else one
            for one in listed
        ),
        egress=egress,
    )


MUTANTS = {
    "only the first group counts": (Groups, "filters", _by_first, filters_law, FILTERS),
    "what was not read is not there": (Groups, "filters", _half_read, filters_law, FILTERS),
    "the families are mixed up": (Groups, "admits", _one_family, ends_law, ENDS),
    "directions are mixed up": (Groups, "admits", _other_end, ends_law, ENDS),
    "every way lets rules name groups": (Groups, "admits", _way_ignored, ends_law, ENDS),
    "what one address of an area has they all have": (
        FlowSet,
        "everywhere_in",
        FlowSet.somewhere_in,
        areas_law,
        AREAS,
    ),
    "the order is ignored": (
        acls,
        "evaluate",
        lambda listed, *, egress: evaluate_(
            _changed(listed, number=100),
            egress=egress,
        ),
        list_law,
        SEEN,
    ),
    "denials are ignored": (acls, "evaluate", _allowed_together, list_law, SEEN),
    "the directions of a list are one": (
        acls,
        "evaluate",
        lambda listed, *, egress: evaluate_(_changed(listed, egress=Known(egress)), egress=egress),
        list_law,
        SEEN,
    ),
    "unseen entries are absent": (acls, "evaluate", _unseen_is_absent, between_law, UNSEEN),
    "unseen blocks are the IPv4 world": (acls, "evaluate", _unseen_is_seen, between_law, UNSEEN),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    owner, name, broken, law, drawn = MUTANTS[mutant]
    with replaced(owner, name, broken):
        found = notices(law, drawn)

    assert found

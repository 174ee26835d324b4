"""Laws of reachability over drawn networks: what must not change an answer, and what changes it one way only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.graph import acls
from checker.graph.acls import Acls
from checker.graph.graph import Graph
from checker.graph.groups import Groups
from checker.model import traffic
from checker.model.addresses import EVERYWHERE
from checker.model.bounds import Bounds
from checker.model.fact import Known
from checker.model.flows import FlowSet
from checker.resources.inventory import Inventory
from checker.resources.network_acl import NetworkAcl
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_answers import Answers, answers, differences
from tests.graph.laws_changes import SAME, Change, allow_more, cut_off, deny_more
from tests.graph.laws_names import names_of, rename, renamed
from tests.graph.oracle import World
from tests.graph.worlds import worlds
from tests.graph.worlds_records import spell

DRAWN = {"world": worlds(), "chance": st.randoms(use_true_random=False)}
ALONE = {"world": worlds()}
SHARE = 0.15


def inventory_of(world: World) -> Inventory:
    """Return a drawn network as the product reads it."""
    return spell(world).inventory()


def said(world: Inventory) -> Answers:
    """Return every answer about an inventory."""
    return answers(Graph(world))


def same_law(world: World, chance: Random, change: Change) -> None:
    before = inventory_of(world)

    assert differences(said(before), said(change(chance, before))) == []


def rename_law(world: World, chance: Random) -> None:
    before = inventory_of(world)
    names = names_of(before, chance)
    after = said(rename(before, names))
    told = {
        (kind, *map(partial(renamed, names=names), ends), every): now
        for (kind, *ends, every), now in said(before).items()
    }

    assert differences(told, after) == []


def more_law(world: World, chance: Random) -> None:
    before = inventory_of(world)
    one, two = said(before), said(allow_more(chance, before))

    assert [at for at in one if not (one[at].must <= two[at].must and one[at].may <= two[at].may)] == []


def less_law(world: World, chance: Random) -> None:
    before = inventory_of(world)
    one, two = said(before), said(deny_more(chance, before))

    assert [at for at in one if not (two[at].must <= one[at].must and two[at].may <= one[at].may)] == []


def cut_off_law(world: World, chance: Random) -> None:
    two = said(cut_off(chance, inventory_of(world)))
    targets = {route.target.partition("-")[0] for routes in world.tables.values() for route in routes}
    # An answer that another VPC or somebody's appliance forwards may still find a way.
    direct = not targets & {"eni", "tgw", "nat"}

    assert [at for at in two if at[0] == "arrives" and (two[at].may if direct else two[at].must)] == []


@pytest.mark.parametrize("change", SAME)
def test_the_answer_stays_the_same_with(change: str) -> None:
    @draws(SHARE)
    @given(**DRAWN)
    def law(world: World, chance: Random) -> None:
        same_law(world, chance, SAME[change])

    law()


@draws(SHARE)
@given(**DRAWN)
def test_ids_are_only_names(world: World, chance: Random) -> None:
    rename_law(world, chance)


@draws(SHARE)
@given(**DRAWN)
def test_one_more_rule_takes_nothing_away(world: World, chance: Random) -> None:
    more_law(world, chance)


@draws(SHARE)
@given(**DRAWN)
def test_one_more_denial_adds_nothing(world: World, chance: Random) -> None:
    less_law(world, chance)


@draws(SHARE)
@given(**DRAWN)
def test_nothing_arrives_where_no_route_leads_to_a_gateway(world: World, chance: Random) -> None:
    cut_off_law(world, chance)


filters_, rules_, evaluate_ = Groups.filters, Groups.rules, acls.evaluate


def _only(test: Callable[..., bool]) -> Callable[..., object]:
    """Return rules of a group of which some do not count."""

    def rules(self: Groups, group: str) -> object:
        found, gaps = rules_(self, group)
        return tuple(rule for rule in found if test(rule)), gaps

    return rules


def _in_order(entries: object, *, egress: bool) -> Bounds[FlowSet]:
    numbered = tuple(dataclasses.replace(one, number=at) for at, one in enumerate(entries))  # type: ignore[arg-type]  # a tuple
    return evaluate_(numbered, egress=egress)


def _denials_allow(entries: object, *, egress: bool) -> Bounds[FlowSet]:
    denials = sum(one.allow.is_(False).is_yes for one in entries)  # type: ignore[attr-defined]  # a tuple
    if denials % 2:
        return Bounds.exactly(FlowSet.box(EVERYWHERE, traffic.EVERYTHING))
    return evaluate_(entries, egress=egress)  # type: ignore[arg-type]  # a tuple


def _first_group(self: Groups, groups: tuple[str, ...], *, ingress: bool) -> object:
    return filters_(self, tuple(sorted(groups))[:1], ingress=ingress)


def _first_three(self: Groups, group: str) -> object:
    found, gaps = rules_(self, group)
    return found[:3], gaps


def _crowded(self: Groups, group: str) -> object:
    found, gaps = rules_(self, group)
    return (found if len(found) % 2 else ()), gaps


def _any_list(self: Acls, subnet: str, vpc: str) -> object:
    return Known(self._index.all(NetworkAcl).items[-1])


def law_of(change: str) -> Callable[[World, Random], None]:
    return lambda world, chance: same_law(world, chance, SAME[change])


MUTANTS = {
    "only rules for all traffic count": (
        Groups,
        "rules",
        _only(lambda rule: rule.traffic.holds(lambda known: known.size == traffic.EVERYTHING.size).is_yes),
        law_of("ports in halves"),
        DRAWN,
    ),
    "only rules for all addresses count": (
        Groups,
        "rules",
        _only(lambda rule: rule.peer.holds(lambda to: getattr(to, "prefix", 0) == 0).is_yes),
        law_of("blocks in halves"),
        DRAWN,
    ),
    "only three rules count": (Groups, "rules", _first_three, law_of("everything twice"), DRAWN),
    "entries count in the order told": (acls, "evaluate", _in_order, law_of("another order"), DRAWN),
    "only the first group counts": (Groups, "filters", _first_group, law_of("a group in two"), DRAWN),
    "the first group by id counts": (Groups, "filters", _first_group, rename_law, DRAWN),
    "the last list counts everywhere": (Acls, "of", _any_list, law_of("an unrelated network"), DRAWN),
    "groups of two rules let nothing through": (Groups, "rules", _crowded, more_law, DRAWN),
    "an odd number of denials allows": (acls, "evaluate", _denials_allow, less_law, DRAWN),
}


@pytest.mark.sampled(one_in=2)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    owner, name, broken, law, drawn = MUTANTS[mutant]
    with replaced(owner, name, broken):
        found = notices(law, drawn)

    assert found

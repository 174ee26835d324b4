"""Laws of whole verdicts: the documented stack with a fault of the rules' cases, changed in ways that mean nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.graph import acls
from checker.graph.groups import Groups
from checker.model.bounds import Bounds
from checker.model.flows import FlowSet
from checker.resources.inventory import Inventory
from checker.rules.catalog import rules
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_changes import SAME
from tests.graph.laws_names import names_of, rename, renamed
from tests.rules.cases_reader import Case, blueprint, cases
from tests.rules.test_cases import judged

Told = Mapping[tuple[str, ...], tuple[str, ...]]
SHARE = 0.1


@cache
def known() -> tuple[Case, ...]:
    """Return every case of every rule: each is the stack with a fault, a gap, or something that is none."""
    return tuple(cases())


# These make other rules of the rules that there were, and some verdicts are on single rules.
OTHER_RULES = ("blocks in halves", "ports in halves", "everything twice", "a group in two")
DRAWN = {"case": st.sampled_from(range(len(known()))), "chance": st.randoms(use_true_random=False)}


def told(world: Inventory, case: Case) -> Told:
    """Return every rule's verdict on every subject, with its state and weight."""
    results, _ = judged(world, blueprint(case.blueprint), rules())
    return {
        (result.rule, result.stack, result.subject.kind, result.subject.id): (
            result.verdict.value, str(result.state), str(result.severity),
        )
        for result in results
    }  # fmt: skip


def differences(one: Told, two: Told, *, rules_too: bool = True) -> list[tuple[object, ...]]:
    """Return what one tells and the other does not, or not so."""
    asked = [at for at in sorted({**one, **two}) if rules_too or at[2] != "security_group_rule"]
    return [(*at, one.get(at), two.get(at)) for at in asked if one.get(at) != two.get(at)]


def same_law(case: int, chance: Random, change: str) -> None:
    given_ = known()[case]
    before = given_.world()

    after = told(SAME[change](chance, before), given_)

    assert differences(told(before, given_), after, rules_too=change not in OTHER_RULES) == [], given_.name


def rename_law(case: int, chance: Random) -> None:
    given_ = known()[case]
    before = given_.world()
    names = names_of(before, chance)
    wanted = {tuple(str(renamed(part, names)) for part in at): said for at, said in told(before, given_).items()}

    assert differences(wanted, told(rename(before, names), given_)) == [], given_.name


@pytest.mark.parametrize("change", SAME)
def test_every_verdict_stays_the_same_with(change: str) -> None:
    @draws(SHARE)
    @given(**DRAWN)
    def law(case: int, chance: Random) -> None:
        same_law(case, chance, change)

    law()


@draws(SHARE)
@given(**DRAWN)
def test_verdicts_do_not_hang_on_the_names_of_things(case: int, chance: Random) -> None:
    rename_law(case, chance)


filters_, evaluate_ = Groups.filters, acls.evaluate


def _first_group(self: Groups, groups: tuple[str, ...], *, ingress: bool) -> object:
    return filters_(self, tuple(sorted(groups))[:1], ingress=ingress)


def _in_order(entries: object, *, egress: bool) -> Bounds[FlowSet]:
    numbered = tuple(dataclasses.replace(one, number=at) for at, one in enumerate(entries))  # type: ignore[arg-type]  # a tuple
    return evaluate_(numbered, egress=egress)


MUTANTS = {
    "only the first group counts": (Groups, "filters", _first_group, "a group in two"),
    "entries count in the order told": (acls, "evaluate", _in_order, "another order"),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    owner, name, broken, change = MUTANTS[mutant]
    with replaced(owner, name, broken):
        found = notices(lambda case, chance: same_law(case, chance, change), DRAWN, SHARE)

    assert found

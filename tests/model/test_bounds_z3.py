"""Bounds against z3: every completion of what is open stays between the bounds, and both bounds are met."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.model.bounds import Bounds
from checker.model.fact import Missing
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_z3 import is_point_in, is_possible, prove

LOST, OTHER = Missing("a fact", "read it"), Missing("another", "read that")
runs = st.builds(lambda first, size: IntervalSet.span(first, first + size), st.integers(0, 8), st.integers(0, 4))
flows = st.lists(st.tuples(runs, runs), max_size=3).map(FlowSet.union)
MINE, THEIRS = z3.Bool("mine"), z3.Bool("theirs")
COMBINED: tuple[tuple[Callable[..., Bounds[FlowSet]], Callable[..., z3.BoolRef]], ...] = (
    (operator.or_, z3.Or),
    (operator.and_, z3.And),
    (operator.sub, lambda mine, theirs: z3.And(mine, z3.Not(theirs))),
)


def bounded(missing: Missing) -> st.SearchStrategy[Bounds[FlowSet]]:
    """Draw bounds, half of them of a set that is known."""

    def make(must: FlowSet, open_: FlowSet, known: bool) -> Bounds[FlowSet]:
        may = must if known else must | open_
        return Bounds.exactly(must) if may == must else Bounds(must, may, (missing,))

    return st.builds(make, st.one_of(flows, flows, st.just(FlowSet())), flows, st.booleans())


PAIRS = {"one": bounded(LOST), "two": bounded(OTHER)}
ASKED = {"one": bounded(LOST), "wanted": flows}


def is_completion(member: z3.BoolRef, bounds: Bounds[FlowSet]) -> z3.BoolRef:
    """Return the claim that a set that the bounds may stand for has the point (or has not, as `member` says)."""
    return z3.And(z3.Implies(is_point_in(bounds.must), member), z3.Implies(member, is_point_in(bounds.may)))


def pairs_law(one: Bounds[FlowSet], two: Bounds[FlowSet]) -> None:
    possible = z3.And(is_completion(MINE, one), is_completion(THEIRS, two))
    for operate, combine in COMBINED:
        found, told = operate(one, two), combine(MINE, THEIRS)
        prove(is_point_in(found.must) == z3.ForAll([MINE, THEIRS], z3.Implies(possible, told)))
        prove(is_point_in(found.may) == z3.Exists([MINE, THEIRS], z3.And(possible, told)))

        assert found.exact is (found.must == found.may) is (not found.missing)
        assert set(found.missing) <= {*one.missing, *two.missing}


def asked_law(one: Bounds[FlowSet], wanted: FlowSet) -> None:
    must, may = is_point_in(one.must), is_point_in(one.may)
    # Of a set that is empty, and of one that holds all that is asked for: is every completion such, or none?
    asked = [(one.is_empty(), may, must)]
    for some in (wanted, one.may & wanted, one.must & wanted):
        here = is_point_in(some)
        asked.append((one.covers(some), z3.And(here, z3.Not(must)), z3.And(here, z3.Not(may))))
    for answer, not_every, not_one in asked:
        yes, no = not is_possible(not_every), is_possible(not_one)

        assert answer.value is (True if yes else False if no else None)
        assert bool(answer.missing) is answer.is_unknown
    kept = one.map(lambda known: known.limited_to(IntervalSet.span(2, 5)))
    prove(z3.Implies(is_point_in(kept.must), must))
    prove(z3.Implies(is_point_in(kept.may), may))
    assert kept.must <= kept.may
    assert kept.exact is not bool(kept.missing)


@draws(0.5)
@given(**PAIRS)
def test_the_bounds_of_a_combination_are_met_and_never_left(one: Bounds[FlowSet], two: Bounds[FlowSet]) -> None:
    pairs_law(one, two)


@draws(0.5)
@given(**ASKED)
def test_an_answer_is_given_exactly_where_every_completion_gives_it(one: Bounds[FlowSet], wanted: FlowSet) -> None:
    asked_law(one, wanted)


sub_, or_, and_ = Bounds.__sub__, Bounds.__or__, Bounds.__and__
covers_, is_empty_ = Bounds.covers, Bounds.is_empty
MUTANTS = {
    "a difference takes must from must": (
        "__sub__",
        lambda one, two: Bounds(one.must - two.must, one.may - two.may, (*one.missing, *two.missing)),
        pairs_law,
        PAIRS,
    ),
    "a difference gives up": (
        "__sub__",
        lambda one, two: Bounds(FlowSet(), one.may, (LOST,)) if two.missing else sub_(one, two),
        pairs_law,
        PAIRS,
    ),
    "a union is as sure as its surest part": (
        "__or__",
        lambda one, two: or_(one, Bounds.exactly(two.must)) if not one.missing else or_(one, two),
        pairs_law,
        PAIRS,
    ),
    "an intersection forgets what is missing": (
        "__and__",
        lambda one, two: Bounds((found := and_(one, two)).must, found.may),
        pairs_law,
        PAIRS,
    ),
    "possible cover is cover": (
        "covers",
        lambda one, wanted: covers_(Bounds.exactly(one.may), wanted),
        asked_law,
        ASKED,
    ),
    "what is not sure is not there": ("is_empty", lambda one: is_empty_(Bounds.exactly(one.must)), asked_law, ASKED),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    name, broken, law, drawn = MUTANTS[mutant]
    with replaced(Bounds, name, broken):
        found = notices(law, drawn)

    assert found

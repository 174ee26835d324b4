"""Sets of numbers and of flows against z3: each operation is the logical one, at every point there is."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_z3 import PLACE, TRAFFIC, V6_STARTS, is_number_in, is_point_in, is_possible, prove

# Where families, halves of the world, protocols and services begin and end, on the two lines of the product.
END = V6_STARTS + (1 << 128) - 1
PLACES = (0, 1, 0x0A000000, 0x0A0000FF, 0x0A000100, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
PLACES += (V6_STARTS, V6_STARTS + 1, V6_STARTS + (1 << 127) - 1, V6_STARTS + (1 << 127), END)
PORTS = (
    0,
    65535,
    65536,
    6 * 65536,
    6 * 65536 + 79,
    6 * 65536 + 80,
    6 * 65536 + 81,
    7 * 65536 - 1,
    7 * 65536,
    2**24 - 1,
)


def sets(ends: tuple[int, ...]) -> st.SearchStrategy[IntervalSet]:
    """Draw sets whose runs begin and end at ends of interest or next to them, and small runs that nearly touch."""
    end = st.builds(
        lambda at, shift: min(max(at + shift, 0), ends[-1]), st.sampled_from(ends), st.sampled_from((-1, 0, 1))
    )
    runs = st.lists(st.tuples(end, end).map(lambda pair: (min(pair), max(pair))), max_size=3)
    steps = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=4)
    return st.one_of(runs, runs, st.builds(_beads, st.sampled_from(ends[:-1]), steps)).map(IntervalSet.of)


def _beads(at: int, steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found = []
    for gap, size in steps:
        found.append((at, at + size))
        at += size + gap
    return found


places, traffics = sets(PLACES), sets(PORTS)
boxes = st.lists(st.tuples(places, traffics), max_size=4)
flows = boxes.map(FlowSet.union)
NUMBERS = {"one": places, "two": places}
POINTS = {"one": flows, "two": flows}
CUTS = {"one": flows, "where": places, "what": traffics}
COMBINED: tuple[tuple[Callable[..., object], Callable[..., z3.BoolRef]], ...] = (
    (operator.or_, z3.Or),
    (operator.and_, z3.And),
    (operator.sub, lambda mine, theirs: z3.And(mine, z3.Not(theirs))),
)


def numbers_law(one: IntervalSet, two: IntervalSet) -> None:
    mine, theirs = is_number_in(PLACE, one), is_number_in(PLACE, two)
    for operate, combine in COMBINED:
        prove(is_number_in(PLACE, operate(one, two)) == combine(mine, theirs))
    differs = is_possible(mine != theirs)

    assert (one <= two) is not is_possible(z3.And(mine, z3.Not(theirs)))
    assert (one == two) is not differs
    assert bool(one) is is_possible(mine)


def points_law(one: FlowSet, two: FlowSet) -> None:
    mine, theirs = is_point_in(one), is_point_in(two)
    for operate, combine in COMBINED:
        prove(is_point_in(operate(one, two)) == combine(mine, theirs))
    differs = is_possible(mine != theirs)

    assert (one <= two) is not is_possible(z3.And(mine, z3.Not(theirs)))
    assert (one == two) is not differs
    assert (one - two) | (one & two) == one
    assert bool(one) is is_possible(mine)


def sweep_law(given_: list[tuple[IntervalSet, IntervalSet]]) -> None:
    wanted = z3.Or(*(z3.And(is_number_in(PLACE, wide), is_number_in(TRAFFIC, tall)) for wide, tall in given_))
    prove(is_point_in(FlowSet.union(given_)) == wanted)
    prove(z3.Or(*(is_point_in(FlowSet.box(*box)) for box in given_)) == wanted)


def cuts_law(one: FlowSet, where: IntervalSet, what: IntervalSet) -> None:
    mine, here, passes = is_point_in(one), is_number_in(PLACE, where), is_number_in(TRAFFIC, what)
    prove(is_point_in(one.within(where)) == z3.And(mine, here))
    prove(is_point_in(one.limited_to(what)) == z3.And(mine, passes))
    prove(is_point_in(one.map(lambda known: known - what)) == z3.And(mine, z3.Not(passes)))
    prove(is_number_in(PLACE, one.addresses) == z3.Exists([TRAFFIC], mine))
    prove(is_number_in(TRAFFIC, one.traffic) == z3.Exists([PLACE], mine))
    prove(is_number_in(TRAFFIC, one.somewhere_in(where)) == z3.Exists([PLACE], z3.And(here, mine)))
    everywhere = z3.ForAll([PLACE], z3.Implies(here, mine)) if where else z3.BoolVal(False)
    prove(is_number_in(TRAFFIC, one.everywhere_in(where)) == everywhere)
    for place in PLACES:
        prove(is_number_in(TRAFFIC, one.at(place)) == z3.substitute(mine, (PLACE, z3.IntVal(place))))


@draws(0.5)
@given(**NUMBERS)
def test_sets_of_numbers_are_combined_as_logic_has_it(one: IntervalSet, two: IntervalSet) -> None:
    numbers_law(one, two)


@draws(0.5)
@given(**POINTS)
def test_sets_of_flows_are_combined_as_logic_has_it(one: FlowSet, two: FlowSet) -> None:
    points_law(one, two)


@draws(0.5)
@given(given_=boxes)
def test_a_sweep_holds_what_some_box_holds(given_: list[tuple[IntervalSet, IntervalSet]]) -> None:
    sweep_law(given_)


@draws(0.5)
@given(**CUTS)
def test_a_set_of_flows_is_cut_where_it_is_asked_to_be(one: FlowSet, where: IntervalSet, what: IntervalSet) -> None:
    cuts_law(one, where, what)


def _merging_neighbours_of_neighbours(intervals: object) -> IntervalSet:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(intervals):  # type: ignore[call-overload]  # a mutant
        if first <= last and merged and first <= merged[-1][1] + 2:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        elif first <= last:
            merged.append((first, last))
    return IntervalSet(tuple(merged))


def _without_last(result: FlowSet) -> FlowSet:
    return FlowSet(result.slabs[:-1])


def _halved(result: FlowSet) -> FlowSet:
    halves = (((first, first, mine), (first + 1, last, mine)) for first, last, mine in result.slabs)
    return FlowSet(tuple(half for pair in halves for half in pair if half[0] <= half[1]))


or_, sub_, box_, at_ = FlowSet.__or__, FlowSet.__sub__, FlowSet.box, FlowSet.at
MUTANTS = {
    "runs that nearly touch are joined": (IntervalSet, "of", _merging_neighbours_of_neighbours, numbers_law, NUMBERS),
    "numbers: the end of a cut stays": (
        IntervalSet,
        "__sub__",
        lambda one, two: IntervalSet.of(
            run
            for first, last in one.intervals
            for run in (
                [(first, last)]
                if not two.intervals
                else [(first, min(last, two.first)), (max(first, two.first + 1), last)]
            )
        ),
        numbers_law,
        NUMBERS,
    ),
    "numbers: covering is touching": (IntervalSet, "__le__", lambda one, two: bool(one & two), numbers_law, NUMBERS),
    "a difference forgets a slab": (
        FlowSet,
        "__sub__",
        lambda one, two: _without_last(sub_(one, two)),
        points_law,
        POINTS,
    ),
    "a difference takes whole addresses": (
        FlowSet,
        "__sub__",
        lambda one, two: one.within(one.addresses - two.addresses),
        points_law,
        POINTS,
    ),
    "an intersection ignores traffic": (
        FlowSet,
        "__and__",
        lambda one, two: one.within(two.addresses),
        points_law,
        POINTS,
    ),
    "a union gives everything to every address": (
        FlowSet,
        "__or__",
        lambda one, two: FlowSet.box(one.addresses | two.addresses, one.traffic | two.traffic),
        points_law,
        POINTS,
    ),
    "slabs that touch stay apart": (FlowSet, "__or__", lambda one, two: _halved(or_(one, two)), points_law, POINTS),
    "a sweep forgets the last address": (
        FlowSet,
        "box",
        lambda addresses, traffic: box_(
            IntervalSet.of((first, last - 1) for first, last in addresses.intervals), traffic
        ),
        sweep_law,
        {"given_": boxes},
    ),
    "everywhere is somewhere": (FlowSet, "everywhere_in", FlowSet.somewhere_in, cuts_law, CUTS),
    "somewhere is everywhere": (FlowSet, "somewhere_in", FlowSet.everywhere_in, cuts_law, CUTS),
    "within keeps whole slabs": (
        FlowSet,
        "within",
        lambda one, where: FlowSet(tuple(slab for slab in one.slabs if IntervalSet.span(slab[0], slab[1]) & where)),
        cuts_law,
        CUTS,
    ),
    "an address has what its left neighbour has": (
        FlowSet,
        "at",
        lambda one, place: at_(one, place - 1),
        cuts_law,
        CUTS,
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    owner, name, broken, law, drawn = MUTANTS[mutant]
    with replaced(owner, name, broken):
        found = notices(law, drawn)

    assert found

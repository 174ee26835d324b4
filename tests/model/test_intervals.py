"""Interval sets are sets of numbers, and equal sets are equal values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.model.intervals import EMPTY, IntervalSet

SIZE = 24
pairs = st.lists(st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)), max_size=6)
sets = pairs.map(IntervalSet.of)


def points(found: IntervalSet) -> set[int]:
    """Return the members, asked for one by one."""
    return {number for number in range(-2, SIZE + 3) if number in found}


@given(pairs)
def test_of_is_the_union_of_its_intervals_in_any_order(given_: list[tuple[int, int]]) -> None:
    wanted = {number for first, last in given_ for number in range(first, last + 1)}

    assert points(IntervalSet.of(given_)) == wanted
    assert IntervalSet.of(reversed(given_)) == IntervalSet.of(given_)


@given(sets, sets)
def test_operators_are_those_of_sets_of_points(one: IntervalSet, two: IntervalSet) -> None:
    assert points(one | two) == points(one) | points(two)
    assert points(one & two) == points(one) & points(two)
    assert points(one - two) == points(one) - points(two)
    assert (one <= two) is (points(one) <= points(two))


@given(sets, sets)
def test_equal_sets_are_equal_values_with_one_hash(one: IntervalSet, two: IntervalSet) -> None:
    assert (one == two) is (points(one) == points(two))
    for built in ((one | two) - two | (one & two), one):
        assert built == one and hash(built) == hash(one)


@given(sets, sets)
def test_every_result_is_sorted_disjoint_and_apart(one: IntervalSet, two: IntervalSet) -> None:
    for found in (one | two, one & two, one - two):
        ends = [end for interval in found.intervals for end in interval]

        assert all(first <= last for first, last in found.intervals)
        assert all(after - before > 1 for before, after in zip(ends[1::2], ends[2::2], strict=False))


@given(sets)
def test_size_first_and_truth_are_those_of_the_points(one: IntervalSet) -> None:
    assert one.size == len(points(one))
    assert bool(one) is bool(points(one))
    if one:
        assert one.first == min(points(one))


def test_the_empty_set_has_no_first() -> None:
    assert IntervalSet.span(5, 4) == EMPTY

    with pytest.raises(IndexError):
        _ = EMPTY.first


def test_membership_reaches_to_the_end_of_ipv6() -> None:
    far = (1 << 128) + (1 << 32)

    assert far in IntervalSet.span(0, far)
    assert far + 1 not in IntervalSet.span(0, far)

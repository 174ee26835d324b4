"""Flow sets are sets of (address, traffic) points, and equal sets are equal values."""

from hypothesis import given
from hypothesis import strategies as st

from checker.model.flows import NO_FLOWS, FlowSet
from checker.model.intervals import EMPTY, IntervalSet

WIDE, TALL = 10, 6
Points = set[tuple[int, int]]


def spans(size: int) -> st.SearchStrategy[IntervalSet]:
    """Draw sets of numbers below a size."""
    return st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=3).map(IntervalSet.of)


addresses, traffics = spans(WIDE), spans(TALL)
boxes = st.lists(st.tuples(addresses, traffics), max_size=5)
flows = boxes.map(FlowSet.union)


def numbers(found: IntervalSet) -> set[int]:
    """Return the members of a small set of numbers."""
    return {number for first, last in found.intervals for number in range(first, last + 1)}


def points(found: FlowSet) -> Points:
    """Return the members, asked for one by one."""
    return {
        (address, one) for address in range(-1, WIDE + 1) for one in range(-1, TALL + 1) if one in found.at(address)
    }


@given(boxes)
def test_the_sweep_is_the_union_of_its_boxes(given_: list[tuple[IntervalSet, IntervalSet]]) -> None:
    wanted = {(address, one) for wide, tall in given_ for address in numbers(wide) for one in numbers(tall)}
    one_by_one = NO_FLOWS
    for box in given_:
        one_by_one |= FlowSet.box(*box)

    assert points(FlowSet.union(given_)) == wanted
    assert FlowSet.union(given_) == one_by_one == FlowSet.union(reversed(given_))


@given(flows, flows)
def test_operators_are_those_of_sets_of_points(one: FlowSet, two: FlowSet) -> None:
    assert points(one | two) == points(one) | points(two)
    assert points(one & two) == points(one) & points(two)
    assert points(one - two) == points(one) - points(two)
    assert (one <= two) is (points(one) <= points(two))
    assert bool(one) is bool(points(one))


@given(flows, flows)
def test_equal_sets_are_equal_values_with_one_hash(one: FlowSet, two: FlowSet) -> None:
    assert (one == two) is (points(one) == points(two))
    built = ((one | two) - two) | (one & two)

    assert built == one and hash(built) == hash(one)


@given(flows, flows, addresses, traffics)
def test_every_result_is_sorted_disjoint_and_without_needless_borders(
    one: FlowSet, two: FlowSet, where: IntervalSet, what: IntervalSet
) -> None:
    results = (
        one | two,
        one & two,
        one - two,
        one.within(where),
        one.limited_to(what),
        one.map(lambda mine: mine | what),
    )
    for found in results:
        assert all(first <= last and traffic for first, last, traffic in found.slabs)
        for (_, last, mine), (first, _, theirs) in zip(found.slabs, found.slabs[1:], strict=False):
            assert last < first
            assert last + 1 < first or mine != theirs


@given(flows, addresses)
def test_questions_about_addresses(one: FlowSet, where: IntervalSet) -> None:
    here = [numbers(one.at(address)) for address in sorted(numbers(where))]

    assert points(one.within(where)) == {point for point in points(one) if point[0] in numbers(where)}
    assert numbers(one.everywhere_in(where)) == (set.intersection(*here) if here else set())
    assert numbers(one.somewhere_in(where)) == set().union(*here)


@given(flows, traffics)
def test_questions_about_traffic(one: FlowSet, what: IntervalSet) -> None:
    assert points(one.limited_to(what)) == {point for point in points(one) if point[1] in numbers(what)}
    assert points(one.map(lambda mine: mine - what)) == {
        point for point in points(one) if point[1] not in numbers(what)
    }
    assert numbers(one.addresses) == {address for address, _ in points(one)}
    assert numbers(one.traffic) == {traffic for _, traffic in points(one)}


def test_a_box_without_addresses_or_traffic_is_empty() -> None:
    some = IntervalSet.span(0, 3)

    assert FlowSet.box(some, EMPTY) == FlowSet.box(EMPTY, some) == NO_FLOWS

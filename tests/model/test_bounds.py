"""Bounds keep must within may, and say no more than is known."""

from hypothesis import given
from hypothesis import strategies as st

from checker.model.bounds import Bounds
from checker.model.fact import Missing
from checker.model.intervals import IntervalSet

SIZE = 8
sets = st.lists(st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)), max_size=3).map(IntervalSet.of)
LOST = Missing("a fact", "read it")
OTHER = Missing("another", "read that")


def bounded(missing: Missing) -> st.SearchStrategy[tuple[Bounds[IntervalSet], IntervalSet]]:
    """Draw bounds and a set that they may stand for."""

    def make(three: tuple[IntervalSet, IntervalSet, IntervalSet]) -> tuple[Bounds[IntervalSet], IntervalSet]:
        must, open_, some = three
        truth = must | (open_ & some)
        return Bounds(must, must | open_, () if must | open_ == must else (missing,)), truth

    return st.tuples(sets, sets, sets).map(make)


@given(bounded(LOST), bounded(OTHER))
def test_every_operator_bounds_what_it_would_give_if_all_were_known(
    one: tuple[Bounds[IntervalSet], IntervalSet], two: tuple[Bounds[IntervalSet], IntervalSet]
) -> None:
    (mine, truth), (theirs, other) = one, two
    for found, wanted in (
        (mine | theirs, truth | other),
        (mine & theirs, truth & other),
        (mine - theirs, truth - other),
    ):
        assert found.must <= wanted <= found.may
        assert found.exact is (found.must == found.may) is (not found.missing)


@given(bounded(LOST), bounded(OTHER))
def test_bounds_are_as_tight_as_they_can_be(
    one: tuple[Bounds[IntervalSet], IntervalSet], two: tuple[Bounds[IntervalSet], IntervalSet]
) -> None:
    mine, theirs = one[0], two[0]

    assert (mine | theirs).must == mine.must | theirs.must and (mine | theirs).may == mine.may | theirs.may
    assert (mine & theirs).must == mine.must & theirs.must and (mine & theirs).may == mine.may & theirs.may
    assert (mine - theirs).must == mine.must - theirs.may and (mine - theirs).may == mine.may - theirs.must


@given(bounded(LOST), sets)
def test_answers_hold_for_whatever_is_the_truth(
    pair: tuple[Bounds[IntervalSet], IntervalSet], wanted: IntervalSet
) -> None:
    found, truth = pair
    for answer, fact in ((found.is_empty(), not truth), (found.covers(wanted), wanted <= truth)):
        assert answer.value in (None, fact)
        assert answer.is_unknown is bool(answer.missing)


@given(sets, sets)
def test_what_is_known_is_always_answered(value: IntervalSet, wanted: IntervalSet) -> None:
    found = Bounds.exactly(value)

    assert found.exact
    assert found.is_empty().value is (not value)
    assert found.covers(wanted).value is (wanted <= value)


@given(bounded(LOST), sets)
def test_unknown_is_said_only_where_both_are_possible(
    pair: tuple[Bounds[IntervalSet], IntervalSet], wanted: IntervalSet
) -> None:
    found, _ = pair

    assert found.is_empty().is_unknown is (not found.must and bool(found.may))
    assert found.covers(wanted).is_unknown is (wanted <= found.may and not wanted <= found.must)


@given(bounded(LOST), sets)
def test_a_monotone_change_keeps_the_truth_between(
    pair: tuple[Bounds[IntervalSet], IntervalSet], more: IntervalSet
) -> None:
    found, truth = pair
    changed = found.map(lambda known: known | more)

    assert changed.must <= truth | more <= changed.may
    assert changed.exact is not bool(changed.missing)


def test_an_open_question_keeps_both_reasons_once() -> None:
    everything, nothing = IntervalSet.span(0, SIZE), IntervalSet()
    one, two = Bounds(nothing, everything, (LOST,)), Bounds(nothing, everything, (OTHER, LOST))

    assert (one | two).missing == (LOST, OTHER)

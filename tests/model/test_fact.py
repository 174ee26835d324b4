"""Facts refuse what would take "not seen" for "no"; answers follow Kleene's tables."""

import operator
from collections.abc import Callable
from itertools import permutations, product

import pytest

from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, Unknown, all_of, any_of, known_or, merge

LOST, OTHER = Missing("a fact", "read it"), Missing("another")
MAYBE = Answer(None, (LOST,))
FACTS: list[Fact[object]] = [Known(()), Known("text"), Known(None), Unknown(LOST)]
VALUE = {True: YES, False: NO, None: MAYBE}


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(
    "question",
    [
        bool,
        iter,
        len,
        lambda fact: fact == 1,
        lambda fact: fact != 1,
        lambda fact: 1 in fact,
    ],
)
def test_a_fact_refuses_questions_that_have_no_third_answer(
    fact: Fact[object], question: Callable[[object], object]
) -> None:
    with pytest.raises(TypeError):
        question(fact)


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_cannot_be_a_key(fact: Fact[object]) -> None:
    with pytest.raises(TypeError):
        hash(fact)


@pytest.mark.parametrize("answer", [YES, NO, MAYBE])
def test_an_answer_is_no_truth_value(answer: Answer) -> None:
    with pytest.raises(TypeError):
        bool(answer)


@pytest.mark.parametrize(("one", "two"), [*product([True, False, None], repeat=2)])
def test_and_or_and_not_are_kleenes(one: bool | None, two: bool | None) -> None:
    both = None if None in (one, two) and False not in (one, two) else one is True and two is True
    either = None if None in (one, two) and True not in (one, two) else one is True or two is True

    assert (VALUE[one] & VALUE[two]).value is both
    assert (VALUE[one] | VALUE[two]).value is either
    assert (~VALUE[one]).value is (None if one is None else not one)


@pytest.mark.parametrize(("one", "two"), [*product([True, False, None], repeat=2)])
def test_an_answer_says_what_is_missing_exactly_where_it_is_unknown(one: bool | None, two: bool | None) -> None:
    for answer in (VALUE[one] & VALUE[two], VALUE[one] | VALUE[two], ~VALUE[one]):
        assert answer.is_unknown is bool(answer.missing)
        assert [answer.is_yes, answer.is_no, answer.is_unknown].count(True) == 1


@pytest.mark.parametrize("answers", [[], [YES], [NO], [MAYBE], [YES, MAYBE], [NO, MAYBE], [YES, NO, MAYBE], [YES, NO]])
def test_all_and_any_are_folds_that_do_not_depend_on_order(answers: list[Answer]) -> None:
    values = [answer.value for answer in answers]
    every = False if False in values else None if None in values else True
    some = True if True in values else None if None in values else False

    for order in permutations(answers):
        assert all_of(order).value is every
        assert any_of(order).value is some


def test_known_facts_are_changed_and_asked() -> None:
    fact = Known(3)

    assert known_or(fact.map(lambda value: value + 1), 0) == 4
    assert known_or(fact.then(lambda value: Known(value * 2)), 0) == 6
    assert fact.then(lambda _: Unknown(LOST)).missing == (LOST,)
    assert fact.is_(3).is_yes and fact.is_(4).is_no
    assert fact.holds(lambda value: value > 2).is_yes
    assert fact.missing == ()


def test_unknown_facts_stay_so_and_run_nothing() -> None:
    fact: Fact[int] = Unknown(LOST, OTHER)

    assert fact.map(operator.neg).missing == (LOST, OTHER)
    assert fact.then(lambda _: pytest.fail("nothing is there to change")).missing == (LOST, OTHER)
    assert fact.holds(lambda _: pytest.fail("nothing is there to test")).is_unknown
    assert fact.is_(3).missing == (LOST, OTHER)
    assert known_or(fact, 7) == 7


def test_known_none_is_known() -> None:
    assert Known(None).is_(None).is_yes
    assert Unknown(LOST).is_(None).is_unknown


def test_merge_keeps_each_once_in_order() -> None:
    assert merge((LOST, OTHER), (OTHER,), (LOST,)) == (LOST, OTHER)
    assert merge() == ()


def test_missing_facts_are_ordered_together_whatever_their_class() -> None:
    class Narrow(Missing):
        """A subclass, as parsers have them."""

    found = [Missing("b"), Narrow("c", "x"), Narrow("a"), Missing("c", "a")]

    assert [(item.fact, item.supply) for item in sorted(found)] == [("a", ""), ("b", ""), ("c", "a"), ("c", "x")]

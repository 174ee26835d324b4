"""Rules are chosen by id, by the beginning of an id, or by name."""

import pytest

from checker.errors import UsageError
from checker.evaluate.selection import find, select
from tests.evaluate.made_rules import make_rule, says

RULES = tuple(make_rule(says(), id) for id in ("AZ001", "NET001", "NET005", "NET010"))


@pytest.mark.parametrize(
    ("chosen", "ignored", "left"),
    [
        ([], [], ["AZ001", "NET001", "NET005", "NET010"]),
        (["NET"], [], ["NET001", "NET005", "NET010"]),
        (["NET00"], [], ["NET001", "NET005"]),
        (["net005,AZ"], [], ["AZ001", "NET005"]),
        ([], ["NET00"], ["AZ001", "NET010"]),
        (["NET"], ["NET005"], ["NET001", "NET010"]),
        (["NET005"], ["NET"], ["NET005"]),
    ],
)
def test_longer_word_wins(chosen: list[str], ignored: list[str], left: list[str]) -> None:
    assert [rule.id for rule in select(RULES, chosen, ignored)] == left


def test_name_selects() -> None:
    assert len(select(RULES, ["database-reachable-from-elsewhere"])) == 4


def test_unknown_word_names_the_closest() -> None:
    with pytest.raises(UsageError, match=r"no rule is called 'NET05'.*did you mean NET005"):
        select(RULES, ["NET05"])


def test_nothing_left_is_refused() -> None:
    with pytest.raises(UsageError, match="no rule is left"):
        select(RULES, [], ["NET", "AZ"])


def test_find_takes_any_case_and_no_beginnings() -> None:
    assert find(RULES, "net005").id == "NET005"
    with pytest.raises(UsageError, match="did you mean"):
        find(RULES, "NET00")

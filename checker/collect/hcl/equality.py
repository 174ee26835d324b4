"""Whether two values are equal: yes, no, or unknown for want of a value."""

from __future__ import annotations

from collections.abc import Iterable

from checker.collect.hcl.certain import beginning, made_type
from checker.collect.hcl.values import List, Map, Set, Several, Value, is_unordered, missing_of, order_of
from checker.model.fact import NO, YES, Answer, Missing, all_of
from checker.model.symbol import Symbol


def equal(left: Value, right: Value) -> Answer:
    """Answer whether two values are equal; values of different types are not.

    Source: https://developer.hashicorp.com/terraform/language/expressions/operators#equality-operators
    """
    if isinstance(left, (Missing, Symbol)) or isinstance(right, (Missing, Symbol)):
        return _of_unknown(left, right)
    if left is None or right is None:
        return Answer.of(left is right)
    if isinstance(left, bool) or isinstance(right, bool):
        return Answer.of(left is right)
    if isinstance(left, (str, int, float)) or isinstance(right, (str, int, float)):
        same_type = isinstance(left, str) == isinstance(right, str)
        return Answer.of(same_type and left == right)
    return _of_collections(left, right)


def _of_unknown(left: Value, right: Value) -> Answer:
    if isinstance(left, Symbol) and isinstance(right, Symbol) and str(left) == str(right):
        return YES
    if _are_apart(left, right) or _are_apart(right, left):
        return NO
    unknown = left if isinstance(left, (Missing, Symbol)) else right
    return Answer(None, (missing_of(unknown),)) if isinstance(unknown, (Missing, Symbol)) else NO


def _are_apart(left: Value, right: Value) -> bool:
    """Tell whether one is the id of a resource that is made, and the other surely something else."""
    type_ = made_type(left)
    if type_ == "":
        return False
    if right is None or made_type(right) == type_:
        return True
    return type(right) is str and (right == "" or not right.startswith(beginning(left)))


def _of_collections(left: Value, right: Value) -> Answer:
    if left is right:
        return YES
    if isinstance(left, list) and isinstance(right, list):
        return _of_lists(left, right)
    left = left if isinstance(left, (list, dict)) else _whole(left)
    right = right if isinstance(right, (list, dict)) else _whole(right)
    if isinstance(left, Missing) or isinstance(right, Missing):
        return _of_unknown(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return NO
        return all_of(equal(value, right[key]) for key, value in left.items()) & _same_type(left, right, Map)
    return NO


def _whole(value: Value) -> Value:
    if value is None or isinstance(value, (str, int, float, list, dict, Missing)):
        return value
    return value.whole()


def _of_lists(left: list[Value], right: list[Value]) -> Answer:
    if isinstance(left, Set) != isinstance(right, Set):
        return NO
    if isinstance(left, Set):
        return _of_sets(left, right)
    several = next((item for item in (*left, *right) if isinstance(item, Several)), None)
    if several is not None:
        return Answer(None, (missing_of(several),))
    if len(left) != len(right):
        return NO
    unordered = next((some for some in (left, right) if is_unordered(some)), None)
    if unordered is not None:
        return Answer(None, (order_of(unordered),))
    return all_of(equal(one, two) for one, two in zip(left, right, strict=True)) & _same_type(left, right, List)


def _same_type(left: Value, right: Value, typed: type[List | Map]) -> Answer:
    """Answer whether two collections are both of a declared type or both not, where that is known."""
    if isinstance(left, typed) == isinstance(right, typed):
        return YES
    return Answer(None, (Missing("whether a collection is of a declared type"),))


def _of_sets(left: list[Value], right: list[Value]) -> Answer:
    unknown = next((item for item in (*left, *right) if isinstance(item, (Missing, Symbol))), None)
    same = len(left) == len(right) and all(equal(one, two).is_yes for one, two in zip(left, right, strict=True))
    if same or unknown is None:
        return Answer.of(same)
    return Answer(None, (missing_of(unknown),))


def distinct(items: Iterable[Value]) -> list[Value]:
    """Return the items without those that surely equal an earlier one."""
    kept: list[Value] = []
    simple: set[tuple[type, object]] = set()
    for item in items:
        if isinstance(item, (str, int, float)):
            mark = (_type(item), str(item) if isinstance(item, str) else item)
            if mark in simple:
                continue
            simple.add(mark)
        elif any(equal(item, other).is_yes for other in kept):
            continue
        kept.append(item)
    return kept


def _type(item: str | float) -> type:
    if isinstance(item, (Symbol, bool)):
        return type(item)
    return str if isinstance(item, str) else float

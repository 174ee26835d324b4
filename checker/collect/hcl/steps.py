"""The steps of a reference: an attribute of a value, and an item of a list or map."""

from __future__ import annotations

import json

from checker.collect.hcl.convert import counted, kind_of, number_of, text_of
from checker.collect.hcl.spelling import spell
from checker.collect.hcl.syntax import Attribute, Index
from checker.collect.hcl.values import FailureError, Set, UndecidedError, Value, is_unordered, missing_of, order_of
from checker.model.fact import Missing
from checker.model.symbol import Symbol


def attribute_of(of: Value, name: str, expression: Attribute) -> Value:
    """Return the attribute of an object; of a symbol it is a symbol again."""
    if isinstance(of, dict):
        if name in of:
            return of[name]
        raise FailureError(f'{spell(expression.of)} in line {expression.line} has no attribute "{name}"')
    if isinstance(of, Symbol):
        return _of_symbol(of, f".{name}")
    if isinstance(of, Missing):
        return of
    if of is None or isinstance(of, (str, int, float, list)):
        where = f"{spell(expression.of)} in line {expression.line}"
        raise FailureError(f'{where} is {kind_of(of)} and has no attribute "{name}"')
    return of.attribute(name)


def item_of(of: Value, key: Value, expression: Index) -> Value:
    """Return an item of a list by its number, or of a map by its key."""
    where = f"{spell(expression.of)} in line {expression.line}"
    if key is None:
        raise FailureError(f"{where} is asked for the item null")
    if isinstance(of, Missing):
        return of
    if isinstance(key, (Missing, Symbol)):
        return missing_of(key)
    if isinstance(of, Symbol):
        return _of_symbol(of, f"[{key}]" if isinstance(key, int) else f"[{json.dumps(key, ensure_ascii=False)}]")
    if isinstance(of, Set):
        raise FailureError(f"{where} is a set: its items have no numbers")
    if isinstance(of, list):
        return _by_number(of, key, where)
    if isinstance(of, dict):
        name = text_of(key)
        if name in of:
            return of[name]
        raise FailureError(f'{where} has no item "{name}"')
    if of is None or isinstance(of, (str, int, float)):
        raise FailureError(f"{where} is {kind_of(of)} and has no items")
    return of.attribute(text_of(key))


def _by_number(of: list[Value], key: Value, where: str) -> Value:
    number = number_of(key)
    if isinstance(number, int) and number >= 0:
        if number < len(of):
            if is_unordered(of):
                raise UndecidedError(order_of(of))
            counted(of[: number + 1])
            return of[number]
        counted(of)
    raise FailureError(f"index {number} of {where} is out of range: it has {len(of)}")


def _of_symbol(of: Symbol, step: str) -> Value:
    if "${" in of:
        raise UndecidedError(missing_of(of))
    return Symbol(of + step)

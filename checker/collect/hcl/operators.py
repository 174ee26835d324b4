"""The operators of expressions on two values or one; `&&` and `||`, which may skip a side, are not among them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from checker.collect.hcl.convert import exact, number_of, plain_number, truth_of
from checker.collect.hcl.equality import equal
from checker.collect.hcl.values import FailureError, UndecidedError, Value, settled


def _equals(left: Value, right: Value) -> bool:
    answer = equal(left, right)
    if answer.value is None:
        raise UndecidedError(answer.missing[0])
    return answer.value


def _numbers(left: Value, right: Value) -> tuple[Fraction, Fraction]:
    for value in (left, right):  # a side that can be no number is refused, whatever the other is
        if value is None:
            raise FailureError("a number is needed, not null")
    return exact(number_of(left)), exact(number_of(right))


def _divide(left: Value, right: Value) -> Value:
    one, other = _numbers(left, right)
    if not other:
        raise FailureError("division by zero")
    return plain_number(one / other)


def _remainder(left: Value, right: Value) -> Value:
    one, other = _numbers(left, right)
    if not other:
        raise FailureError("division by zero")
    return plain_number(one - other * math.trunc(one / other))


def _arithmetic(compute: Callable[[Fraction, Fraction], Fraction]) -> Callable[[Value, Value], Value]:
    return lambda left, right: plain_number(compute(*_numbers(left, right)))


def _order(compare: Callable[[Fraction, Fraction], bool]) -> Callable[[Value, Value], Value]:
    return lambda left, right: compare(*_numbers(left, right))


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "==": _equals,
    "!=": lambda left, right: not _equals(left, right),
    "<": _order(lambda one, other: one < other),
    "<=": _order(lambda one, other: one <= other),
    ">": _order(lambda one, other: one > other),
    ">=": _order(lambda one, other: one >= other),
    "+": _arithmetic(lambda one, other: one + other),
    "-": _arithmetic(lambda one, other: one - other),
    "*": _arithmetic(lambda one, other: one * other),
    "/": _divide,
    "%": _remainder,
}

UNARY: dict[str, Callable[[Value], Value]] = {
    "-": lambda value: plain_number(-exact(number_of(settled(value)))),
    "!": lambda value: not truth_of(value),
}

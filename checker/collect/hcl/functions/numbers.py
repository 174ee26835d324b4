"""Functions of numbers, and conversions to the simple types.

Source: https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

import math
from collections.abc import Callable

from checker.collect.hcl.convert import exact, number_of, plain_number, text_of, truth_of, whole_of
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.collect.terraform.sensitive import concealed
from checker.model.fact import Missing
from checker.model.symbol import Symbol


def _extreme(numbers: tuple[Value, ...], choose: Callable[[list[int | float]], int | float]) -> Value:
    return choose([number_of(number) for number in numbers])


def power(base: Value, exponent: Value) -> Value:
    """Raise a number to a power."""
    one, other = number_of(base), number_of(exponent)
    try:
        result = float(one) ** float(other)
    except (OverflowError, ZeroDivisionError):
        raise FailureError("the power is too large") from None
    if isinstance(result, complex):
        raise FailureError("the power is no number")
    return _whole_float(result)


def log(number: Value, base: Value) -> Value:
    """Return the logarithm of a number."""
    one, other = float(number_of(number)), float(number_of(base))
    try:
        return _whole_float(math.log(one) / math.log(other))
    except (ValueError, ZeroDivisionError):
        raise FailureError("the logarithm is no number") from None


def _whole_float(value: float) -> Value:
    if not math.isfinite(value):
        raise FailureError("the number is not finite")
    return int(value) if value.is_integer() else value


def parseint(text: Value, base: Value) -> Value:
    """Read a whole number in some base."""
    if isinstance(text, (int, float)):
        raise FailureError("a text is needed, not a number")
    digits, radix = text_of(text), whole_of(base)
    if not 2 <= radix <= 62:
        raise FailureError("the base is not between 2 and 62")
    if len(digits) > 300:
        raise UndecidedError(Missing("a number of more than 300 digits"))
    sign = digits[:1] if digits[:1] in ("-", "+") else ""
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[:radix]
    rest = digits[len(sign) :] if radix > 36 else digits[len(sign) :].lower()
    if not rest or any(digit not in alphabet for digit in rest):
        raise FailureError("the text is no number in this base")
    value = 0
    for digit in rest:
        value = value * radix + alphabet.index(digit)
    return -value if sign == "-" else value


def signum(number: Value) -> Value:
    """Return -1, 0 or 1."""
    value = whole_of(number)
    return (value > 0) - (value < 0)


def tostring(value: Value) -> Value:
    """Return a value as text; a symbol remains itself."""
    return value if value is None or isinstance(value, Symbol) else text_of(value)


def tonumber(value: Value) -> Value:
    """Return a value as a number; a symbol remains itself."""
    if isinstance(value, bool):
        raise FailureError("a number is needed, not a truth value")
    return value if value is None or isinstance(value, Symbol) else number_of(value)


def tobool(value: Value) -> Value:
    """Return a value as true or false; a symbol remains itself."""
    return value if value is None or isinstance(value, Symbol) else truth_of(value)


def minimum(*numbers: Value) -> Value:
    """Return the least of numbers."""
    return _extreme(numbers, min)


def maximum(*numbers: Value) -> Value:
    """Return the greatest of numbers."""
    return _extreme(numbers, max)


def known_part(value: Value) -> Value:
    """Return the value itself: what is secret of it was concealed when it was marked."""
    return value


def secret(value: Value) -> Value:
    """Return a value as it may be used once it is marked as sensitive: its texts are never told."""
    return concealed("sensitive()", "its argument", value)  # type: ignore[return-value]  # of values it makes values


def is_secret(value: Value) -> Value:
    """Leave open whether a value is marked as secret."""
    raise UndecidedError(Missing("whether a value is marked as sensitive is not worked out"))


FUNCTIONS: dict[str, Function] = {
    "abs": pure(lambda number: plain_number(abs(exact(number_of(number)))), 1),
    "ceil": pure(lambda number: math.ceil(exact(number_of(number))), 1),
    "ephemeralasnull": pure(known_part, 1, nulls=True),
    "floor": pure(lambda number: math.floor(exact(number_of(number))), 1),
    "issensitive": pure(is_secret, 1, nulls=True),
    "log": pure(log, 2),
    "max": pure(maximum, 1, None),
    "min": pure(minimum, 1, None),
    "nonsensitive": pure(known_part, 1, nulls=True),
    "parseint": pure(parseint, 2),
    "pow": pure(power, 2),
    "sensitive": pure(secret, 1, nulls=True),
    "signum": pure(signum, 1),
    "tobool": pure(tobool, 1, nulls=True),
    "tonumber": pure(tonumber, 1, nulls=True),
    "tostring": pure(tostring, 1, nulls=True),
}

"""The conversions of values that Terraform makes on its own: to text, to numbers and to truth values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from checker.collect.hcl.values import FailureError, Set, Several, UndecidedError, Value, settled
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 400
_PLACEHOLDER = re.compile(r"\$\$\{|\$\{")
_HOLE = re.compile(r'\$\$\{|\$\{((?:[^"}]|"[^"]*")*)\}')
Number = int | float


def kind_of(value: Value) -> str:
    """Return the word for what a value is, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"


def text_of(value: Value) -> str:
    """Return a value as text; raise where it is not known or has no text.

    Source: https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
    """
    value = settled(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    raise FailureError(f"a text is needed, not {kind_of(value)}")


def number_text(value: Number) -> str:
    """Return the digits of a number as Terraform writes them, without exponents."""
    if isinstance(value, int):
        return str(value)
    if len(repr(value).replace("-", "").replace(".", "").partition("e")[0].lstrip("0")) > 15:
        raise UndecidedError(Missing("a fraction of many digits has no short text"))
    return format(Decimal(repr(value)), "f")


def number_of(value: Value) -> Number:
    """Return a value as a number; raise where it is not known or is none."""
    value = settled(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) < _LONGEST_NUMBER and _DECIMAL.fullmatch(value):
        return plain_number(Fraction(value))
    raise FailureError(f"a number is needed, not {kind_of(value)}")


def whole_of(value: Value) -> int:
    """Return a value as a whole number."""
    number = number_of(value)
    if isinstance(number, float):
        raise FailureError(f"a whole number is needed, not {number}")
    return number


def exact(value: Number) -> Fraction:
    """Return a number as its decimal digits mean it."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def plain_number(value: Fraction) -> Number:
    """Return an exact number as a whole number, or as a fraction with the digits that a float has."""
    if value.denominator == 1:
        if abs(value.numerator).bit_length() > 2000:
            raise FailureError("the number is too large")
        return value.numerator
    return value.numerator / value.denominator


def truth_of(value: Value) -> bool:
    """Return a value as true or false; raise where it is not known or is neither."""
    value = settled(value)
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise FailureError(f"true or false is needed, not {kind_of(value)}")


def items_of(value: Value) -> list[Value]:
    """Return the items of a list, set or tuple; they may hold what is not known."""
    value = settled(value)
    if isinstance(value, list):
        return value
    raise FailureError(f"a list is needed, not {kind_of(value)}")


def mapping_of(value: Value) -> dict[str, Value]:
    """Return the entries of a map or object."""
    value = settled(value)
    if isinstance(value, dict):
        return value
    raise FailureError(f"a map is needed, not {kind_of(value)}")


def counted(items: Sequence[Value]) -> Sequence[Value]:
    """Return the items of a list; raise where it is not known how many they are."""
    for item in items:
        if isinstance(item, Several):
            raise UndecidedError(item)
    return items


def _rank(value: Value) -> tuple[int, int | float | str]:
    if isinstance(value, bool):
        return (0, value)
    if isinstance(value, (int, float)):
        return (1, value)
    return (2, value) if isinstance(value, str) else (3, str(value))


def set_of(items: Iterable[Value]) -> Set:
    """Return the items once each, in Terraform's order; what is not known stands behind them."""
    from checker.collect.hcl.equality import distinct

    known = [item for item in items if not isinstance(item, (Missing, Symbol))]
    unknown = [item for item in items if isinstance(item, (Missing, Symbol))]
    return Set([*sorted(distinct(known), key=_rank), *distinct(unknown)])


def composed(parts: Iterable[Value]) -> Value:
    """Return the texts joined; with symbols among them the symbol of the text, spelt `arn:aws:s3:::${var.name}/*`.

    Texts of symbols mark what is not known with `${ }`; a `${` that was in a known text is doubled to `$${`.
    """
    pieces: list[str] = []
    symbolic = False
    for part in parts:
        if isinstance(part, Symbol):
            symbolic = True
            pieces.append(placeholder(part))
        else:
            pieces.append(text_of(part).replace("${", "$${"))
    if not symbolic:
        return "".join(pieces).replace("$${", "${")
    whole = "".join(pieces)
    return bare(whole)


def placeholder(symbol: Symbol) -> str:
    """Return a symbol as it stands inside of a longer text."""
    return str(symbol) if is_composed(symbol) else f"${{{symbol}}}"


def decomposed(symbol: Symbol) -> list[str | Symbol]:
    """Return the texts and symbols that a symbol is joined of, itself alone where it is a name."""
    if not is_composed(symbol):
        return [symbol]
    parts: list[str | Symbol] = []
    end = 0
    for hole in _HOLE.finditer(symbol):
        if hole[1] is not None:
            parts.extend([str(symbol)[end : hole.start()].replace("$${", "${"), Symbol(hole[1])])
            end = hole.end()
    return [*parts, str(symbol)[end:].replace("$${", "${")]


def is_composed(symbol: Symbol) -> bool:
    """Tell whether a symbol is a text with others in it, not a name."""
    return "${" in symbol


def bare(text: str) -> Value:
    """Return the value that a text with `${ }` spells: one name alone, a longer text, or one without any."""
    holes = [match.start() for match in _PLACEHOLDER.finditer(text) if match[0] == "${"]
    if not holes:
        return text.replace("$${", "${")
    if holes == [0] and text.endswith("}") and "}" not in text[2:-1]:
        return Symbol(text[2:-1])
    return Symbol(text)

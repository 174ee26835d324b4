"""`format` and `formatlist`.

Source: https://developer.hashicorp.com/terraform/language/functions/format
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from checker.collect.hcl.convert import (
    composed,
    counted,
    kind_of,
    number_of,
    number_text,
    text_of,
    truth_of,
    whole_of,
)
from checker.collect.hcl.functions.documents import json_text
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value, missing_of, settled
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_VERB = re.compile(
    r"%(?P<flags>[ 0#+-]*)(?P<width>\d+|\*)?(?:\.(?P<precision>\d+|\*)?)?(?:\[(?P<at>\d+)\])?(?P<verb>.)", re.DOTALL
)
_WIDEST = 1000


def format_(pattern: Value, *arguments: Value) -> Value:
    """Return the pattern with its verbs replaced; a symbol for `%s` makes it the symbol of the text."""
    source = text_of(pattern)
    parts: list[Value] = []
    position = 0
    following = 0
    highest = 0
    for match in _VERB.finditer(source):
        if match.start() < position:
            continue
        parts.append(source[position : match.start()])
        position = match.end()
        if match["verb"] == "%":
            parts.append("%")
            continue
        number = int(match["at"]) - 1 if match["at"] else following
        following = number + 1
        highest = max(highest, following)
        if not 0 <= number < len(arguments):
            raise FailureError("there are fewer arguments than verbs in the pattern")
        parts.append(_verb(match, arguments[number]))
    if "%" in source[position:]:
        raise FailureError('the pattern ends in "%"')
    parts.append(source[position:])
    if highest < len(arguments):
        raise FailureError("there are more arguments than verbs in the pattern")
    return composed(parts)


def _verb(match: re.Match[str], value: Value) -> Value:
    width = match["width"] or "0"
    precision = match["precision"]
    if "*" in (width, precision):
        raise UndecidedError(Missing('what "*" in a pattern of format() gives is not worked out'))
    if int(width) > _WIDEST or int(precision or 0) > _WIDEST:
        raise UndecidedError(Missing("a text of more than 1000 characters from one verb"))
    verb = match["verb"]
    if isinstance(value, Symbol) and verb in "sv" and width == "0" and precision is None:
        return value
    text = _shown(verb, match["flags"], precision, value)
    zero = "0" in match["flags"] and "-" not in match["flags"]
    if zero and verb in "bdoxXfeEgGvs":
        sign = text[:1] if text[:1] in "+-" and verb not in "sv" else ""
        return sign + text[len(sign) :].rjust(int(width) - len(sign), "0")
    return text.ljust(int(width)) if "-" in match["flags"] else text.rjust(int(width))


def _shown(verb: str, flags: str, precision: str | None, value: Value) -> str:
    if isinstance(value, (Missing, Symbol)):
        raise UndecidedError(missing_of(value))
    if verb == "v":
        return _plain(value, sharp="#" in flags)
    if value is None:
        raise FailureError("an argument is null")
    if verb == "t":
        return "true" if truth_of(value) else "false"
    if verb in "sq":
        text = text_of(value)
        text = text if precision is None else text[: int(precision)]
        return text if verb == "s" else json_text(text)
    if verb in "bdoxX":
        number = whole_of(value)
        sign = "+" if "+" in flags and number >= 0 else " " if " " in flags and number >= 0 else ""
        if "#" in flags and verb != "x":
            raise UndecidedError(Missing(f"what %#{verb} gives is not worked out"))
        if precision is not None and verb == "d":
            return ("-" if number < 0 else sign) + str(abs(number)).rjust(int(precision), "0")
        return sign + format(number, ("#" if "#" in flags and verb != "d" else "") + verb)
    if verb in "feEgG":
        return _fraction(verb, flags, precision, value)
    raise FailureError(f'"%{verb}" is no verb of format()')


def _fraction(verb: str, flags: str, precision: str | None, value: Value) -> str:
    number = number_of(value)
    sign = "+" if "+" in flags else " " if " " in flags else ""
    if verb in "gG" and precision is None:
        if number and not 1e-4 <= abs(number) < 1e21:
            raise UndecidedError(Missing("what %g gives for a number of this size is not worked out"))
        text = number_text(number)
        return text if number < 0 else sign + text
    if abs(number) > 2**53 or verb in "gG" or "#" in flags:
        raise UndecidedError(Missing(f"what %{verb} gives for this number is not worked out"))
    if verb in "eE":
        return format(float(number), f"{sign}.{precision or 6}{verb}")
    return format(float(number), f"{sign}.{6 if precision is None else precision}{verb}")


def _plain(value: Value, *, sharp: bool) -> str:
    value = settled(value) if value is not None else None
    if value is None:
        return "null"
    if isinstance(value, str) and not sharp:
        return value
    if isinstance(value, (bool, int, float)) and not sharp:
        return text_of(value)
    return json_text(value)


def formatlist(pattern: Value, *arguments: Value) -> Value:
    """Format once for each item of the lists among the arguments."""
    lists = [counted(value) for value in arguments if isinstance(value, list)]
    for value in arguments:
        if isinstance(value, (Missing, Symbol)):
            raise UndecidedError(missing_of(value))
        if isinstance(value, dict):
            raise FailureError(f"a list or a text is needed, not {kind_of(value)}")
    if not lists:
        return [format_(pattern, *arguments)]
    lengths = {len(some) for some in lists}
    if len(lengths) > 1:
        raise FailureError("the lists are not of one length")
    return [_at(pattern, arguments, number) for number in range(lengths.pop())]


def _at(pattern: Value, arguments: Sequence[Value], number: int) -> Value:
    try:
        return format_(pattern, *(value[number] if isinstance(value, list) else value for value in arguments))
    except UndecidedError as error:
        return error.missing


FUNCTIONS: dict[str, Function] = {
    "format": pure(format_, 1, None, nulls=True),
    "formatlist": pure(formatlist, 1, None, nulls=True),
}

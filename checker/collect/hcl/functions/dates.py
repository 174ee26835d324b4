"""Functions of points in time.

Source: https://developer.hashicorp.com/terraform/language/functions/formatdate
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from checker.collect.hcl.convert import text_of
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.model.fact import Missing

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION = re.compile(r"([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)", re.ASCII)
_PIECE = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_SECONDS = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "μs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+", re.DOTALL)


def _time(value: Value) -> datetime:
    text = text_of(value)
    if not _STAMP.fullmatch(text):
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:\d\d)", text, re.ASCII):
            raise UndecidedError(Missing("points in time with fractions of seconds are not read"))
        raise FailureError("the text is no point in time of RFC 3339")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise FailureError("the text is no point in time of RFC 3339") from None


def _stamp(time: datetime) -> str:
    text = time.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def timeadd(time: Value, duration: Value) -> Value:
    """Return a point in time so much later."""
    start, text = _time(time), text_of(duration)
    match = _DURATION.fullmatch(text)
    if text in ("0", "+0", "-0"):
        seconds = Fraction(0)
    elif match:
        seconds = sum(
            (Fraction(number) * _SECONDS[unit] for number, unit in _PIECE.findall(match[2])), start=Fraction(0)
        )
        seconds = -seconds if match[1] == "-" else seconds
    else:
        raise FailureError("the text is no duration")
    if seconds.denominator != 1:
        raise UndecidedError(Missing("durations with fractions of seconds are not worked out"))
    try:
        return _stamp(start + timedelta(seconds=int(seconds)))
    except OverflowError:
        raise FailureError("the time is beyond all years") from None


def timecmp(one: Value, other: Value) -> Value:
    """Return -1, 0 or 1 as the first time is before, at or after the second."""
    left, right = _time(one), _time(other)
    return (left > right) - (left < right)


def formatdate(pattern: Value, time: Value) -> Value:
    """Return a point in time as a pattern spells it."""
    source, moment = text_of(pattern), _time(time)
    result: list[str] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if not match:
            raise FailureError("the pattern has a quote that is not closed")
        position = match.end()
        if match[1] is not None:
            result.append(match[1].replace("''", "'"))
        else:
            result.append(_token(match[0], moment) if match[2] else match[0])
    return "".join(result)


def _token(token: str, moment: datetime) -> str:
    known = _fields(moment).get(token)
    if known is None:
        raise FailureError(f'"{token}" is nothing in the pattern of a date')
    return known


def _fields(moment: datetime) -> dict[str, str]:
    offset = moment.strftime("%z")
    with_colon = f"{offset[:3]}:{offset[3:5]}"
    hour = moment.hour % 12 or 12
    return {
        "YYYY": f"{moment.year:04}",
        "YY": f"{moment.year % 100:02}",
        "MMMM": _MONTHS[moment.month - 1],
        "MMM": _MONTHS[moment.month - 1][:3],
        "MM": f"{moment.month:02}",
        "M": str(moment.month),
        "DD": f"{moment.day:02}",
        "D": str(moment.day),
        "EEEE": _DAYS[moment.weekday()],
        "EEE": _DAYS[moment.weekday()][:3],
        "hh": f"{moment.hour:02}",
        "h": str(moment.hour),
        "HH": f"{hour:02}",
        "H": str(hour),
        "AA": "AM" if moment.hour < 12 else "PM",
        "aa": "am" if moment.hour < 12 else "pm",
        "mm": f"{moment.minute:02}",
        "m": str(moment.minute),
        "ss": f"{moment.second:02}",
        "s": str(moment.second),
        "ZZZZZ": with_colon,
        "ZZZZ": offset,
        "ZZZ": "UTC" if moment.utcoffset() == UTC.utcoffset(None) else offset,
        "Z": "Z" if moment.utcoffset() == UTC.utcoffset(None) else with_colon,
    }


FUNCTIONS: dict[str, Function] = {
    "formatdate": pure(formatdate, 2),
    "timeadd": pure(timeadd, 2),
    "timecmp": pure(timecmp, 2),
}

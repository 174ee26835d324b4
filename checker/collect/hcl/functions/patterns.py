"""Regular expressions in the dialect RE2 of Go, by Python's where they mean the same."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from checker.collect.hcl.values import FailureError, UndecidedError, Value
from checker.model.fact import Missing

MAX_SUBJECT = 20_000
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7F",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
_NOT_GO = re.compile(r"\(\?(?:[=!>(#]|<[=!]|P[=>])|(?<!\\)(?:\\\\)*\\[1-9]|[*+?}]\+")
_NOT_PYTHON = re.compile(r"(?<!\\)(?:\\\\)*\\(?:[pPQEC]|x\{)|\(\?[a-z]*U|\{,")
_NESTED_REPEAT = re.compile(r"[*+}]\)?\)[*+{]")
_GROUP = re.compile(r"\$(?:\{(\w+)\}|(\w+)|\$)", re.ASCII)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern; raise where Go refuses it, or where Python's dialect does not have it.

    Source: https://github.com/google/re2/wiki/Syntax
    """
    if _NOT_GO.search(pattern):
        raise FailureError("the pattern has a part that RE2 does not know")
    if _NOT_PYTHON.search(pattern) or _NESTED_REPEAT.search(pattern):
        raise UndecidedError(Missing("what a pattern of this form fits is not worked out"))
    if "(?i" in pattern and not pattern.isascii():
        raise UndecidedError(Missing("what a pattern of this form fits is not worked out"))
    posix = _POSIX.sub(lambda match: _CLASSES.get(match[2], match[0]) if not match[1] else match[0], pattern)
    if _POSIX.search(posix):
        raise UndecidedError(Missing("what a pattern of this form fits is not worked out"))
    source = re.sub(r"\(\?<(?![=!])", "(?P<", posix)
    source = re.sub(r"(?<!\\)((?:\\\\)*)\\z", r"\1\\Z", source)
    source = re.sub(r"(?<![\\$])((?:\\\\)*)\$$", r"\1\\Z", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(source, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise FailureError("the pattern is no regular expression") from None


def _subject(text: str) -> str:
    if len(text) > MAX_SUBJECT:
        raise UndecidedError(Missing("what a pattern fits in a text of more than 20000 characters"))
    return text


def _found(match: re.Match[str]) -> Value:
    names = match.re.groupindex
    if names:
        if len(names) != match.re.groups:
            raise FailureError("the pattern has groups with and without names")
        return {name: match[name] for name in names}
    return list[Value](match.groups()) if match.re.groups else match[0]


def searched(pattern: str, text: str) -> Value:
    """Return what fits first: the text, or its groups as a list or by their names."""
    match = compiled(pattern).search(_subject(text))
    if not match:
        raise FailureError("the pattern does not fit the text")
    return _found(match)


def searched_all(pattern: str, text: str) -> Value:
    """Return everything that fits."""
    return [_found(match) for match in _matches(pattern, text)]


def _matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """Yield what fits; nothing at all does not fit right behind something that did."""
    end = -1
    for match in compiled(pattern).finditer(_subject(text)):
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def replaced(text: str, pattern: str, by: str) -> str:
    """Replace what fits; `$1` and `${name}` in the new text stand for groups."""
    pieces: list[str] = []
    position = 0
    for match in _matches(pattern, text):
        pieces.append(text[position : match.start()])
        pieces.append(_expanded(match, by))
        position = match.end()
    return "".join([*pieces, text[position:]])


def _expanded(match: re.Match[str], by: str) -> str:
    return _GROUP.sub(lambda group: _named(match, group), by)


def _named(match: re.Match[str], group: re.Match[str]) -> str:
    name = group[1] or group[2]
    if name is None:
        return "$"
    if name.isdigit():
        return (match[int(name)] or "") if int(name) <= match.re.groups else ""
    return (match[name] or "") if name in match.re.groupindex else ""

"""The blueprint's keys and types, checked part by part so that every error has its line."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Literal, TypeVar

import msgspec

from checker.blueprints.document import Document, Place
from checker.errors import ConfigurationError
from checker.model.blueprint import (
    TIERS,
    Allowance,
    Blueprint,
    Flow,
    Ranges,
    Selector,
    Sessions,
    Tier,
    Unless,
    Zones,
)

T = TypeVar("T")
_AT = re.compile(r"^(?P<what>.*?)(?: - at `(?P<key>key` in `)?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN_KEY = re.compile(r"Object contains unknown field `(.*)`")
_NO_KEY = re.compile(r"Object missing required field `(.*)`")
_BAD_VALUE = re.compile(r"Invalid enum value (.*)")
_TYPES = re.compile(r"Expected `(.*)`, got `(.*)`")
_PART = re.compile(r"\[(\d+)\]|\.([^.\[]+)")
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "null": "nothing",
    "float": "a number",
}


def shape(document: Document) -> Blueprint:
    """Return the blueprint that a document spells; raises `ConfigurationError` with file and line."""
    root = document.value
    if not isinstance(root, dict):
        raise document.error((), "a blueprint is a mapping with the keys blueprint, tiers and flows")
    known = [field.encode_name for field in msgspec.structs.fields(Blueprint)]
    for key in root:
        if key not in known:
            raise unknown_key(document, (key,), known)
    for name, value in _entries(root, "tiers"):
        if name not in TIERS:
            raise document.error(("tiers", name), f"there is no tier {name!r}", suggest(name, TIERS), at_key=True)
        _convert(document, ("tiers", name), value, Tier)
    for name, value in _entries(root, "networks"):
        _convert(document, ("networks", name), value, tuple[str, ...])
    for name, value in _entries(root, "on_unknown"):
        _convert(document, ("on_unknown", name), value, Literal["fail", "report", "ignore"])  # type: ignore[arg-type]  # msgspec takes any type expression
    return _convert(document, (), root, Blueprint)


def unknown_key(document: Document, place: Place, known: list[str]) -> ConfigurationError:
    """Return the error for the key at the end of `place`, with the closest known one."""
    key = str(place[-1])
    return document.error(
        place, f"unknown key {key!r}", suggest(key, known) or f"known: {', '.join(known)}", at_key=True
    )


def suggest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return `did you mean …?` or nothing."""
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else ""


def _entries(root: dict[str, object], key: str) -> list[tuple[str, object]]:
    part = root.get(key)
    return list(part.items()) if isinstance(part, dict) else []


def _convert(document: Document, place: Place, value: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as error:
        raise _explain(document, place, str(error)) from error


def _explain(document: Document, place: Place, text: str) -> ConfigurationError:
    found = _AT.match(text)
    what = found["what"] if found else text
    inner = _PART.findall(found["path"] or "") if found else []
    place = (*place, *(int(index) if index else name for index, name in inner))
    known = [field.encode_name for struct in _structs(place) for field in msgspec.structs.fields(struct)]
    if match := _UNKNOWN_KEY.match(what):
        return unknown_key(document, (*place, match[1]), known)
    if match := _NO_KEY.match(what):
        return document.error(place, f"the key {match[1]!r} is missing")
    if match := _BAD_VALUE.match(what):
        choices = _choices(place)
        value = match[1].strip("'")
        hint = suggest(value, choices) or (f"one of: {', '.join(choices)}" if choices else "")
        return document.error(place, f"{_name(place)} cannot be {value!r}", hint)
    if match := _TYPES.match(what):
        wanted = " or ".join(
            _WORDS.get(word.strip(), word.strip()) for word in match[1].split("|") if word.strip() != "null"
        )
        return document.error(place, f"{_name(place)} must be {wanted}, not {_WORDS.get(match[2], match[2])}")
    return document.error(place, what)


def _name(place: Place) -> str:
    texts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in place]
    return "".join(texts).lstrip(".") or "the blueprint"


def _structs(place: Place) -> list[type[msgspec.Struct]]:
    """Return the structures that may stand at a place."""
    match place:
        case ():
            return [Blueprint]
        case ("tiers", _):
            return [Tier]
        case ("tiers", _, "front"):
            return [Ranges]
        case ("tiers", _, "required"):
            return [Unless]
        case ("flows", int()):
            return [Flow]
        case ("allow", int()):
            return [Allowance]
        case ("flows" | "allow", int(), "from" | "to"):
            return [Selector]
        case ("zones",):
            return [Zones]
        case ("sessions",):
            return [Sessions]
    return []


def _choices(place: Place) -> tuple[str, ...]:
    match place:
        case (*_, "protocol"):
            return ("tcp", "udp", "icmp", "all")
        case (*_, "ports"):
            return ("targets", "own", "all")
        case (*_, "tier" | "behind" | "unless"):
            return TIERS
        case (*_, "front"):
            return ("world", "cloudfront", "global-accelerator", "nlb")
        case (*_, "stickiness"):
            return ("required", "optional")
        case (*_, "store") | (*_, "store", int()):
            return ("cache", "table")
        case ("on_unknown", _):
            return ("fail", "report", "ignore")
    return ()

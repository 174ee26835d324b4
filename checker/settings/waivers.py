"""Waiver files: a YAML list, every fault of which has its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches

from checker.blueprints.document import Document, Place, parse
from checker.blueprints.files import File
from checker.blueprints.shape import unknown_key
from checker.model.waiver import Waiver

_REQUIRED = ("rule", "subject", "reason", "owner", "until")
_KNOWN = (*_REQUIRED, "stack")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_waivers(file: File, rule_ids: Collection[str]) -> tuple[Waiver, ...]:
    """Return the waivers of a file, in its order; raises `ConfigurationError` with the line of what is wrong."""
    document = parse(file.text, file.source)
    if not isinstance(document.value, list):
        raise document.error((), "a waiver file is a list", "begin each waiver with - rule: ID, or write [] for none")
    return tuple(_waiver(document, (index,), item, rule_ids) for index, item in enumerate(document.value))


def _waiver(document: Document, place: Place, item: object, rule_ids: Collection[str]) -> Waiver:
    if not isinstance(item, dict):
        raise document.error(place, "a waiver is a mapping", f"its keys are {', '.join(_KNOWN)}")
    for key in item:
        if key not in _KNOWN:
            raise unknown_key(document, (*place, key), list(_KNOWN))
    texts = dict(_texts(document, place, item))
    rule = texts["rule"]
    if rule not in rule_ids:
        raise document.error((*place, "rule"), *unknown_rule(rule, rule_ids))
    until = day(texts["until"])
    if until is None:
        raise document.error((*place, "until"), f"{texts['until']!r} is no date", "write YYYY-MM-DD")
    return Waiver(
        rule=rule,
        subject=texts["subject"],
        reason=texts["reason"],
        owner=texts["owner"],
        until=until,
        place=f"{document.source}:{document.lines[place]}",
        stack=texts.get("stack"),
    )


def _texts(document: Document, place: Place, item: dict[str, object]) -> Iterator[tuple[str, str]]:
    for key in _KNOWN:
        if key not in item:
            if key in _REQUIRED:
                raise document.error(place, f"the key {key!r} is missing", f"a waiver has {', '.join(_REQUIRED)}")
            continue
        value = item[key]
        if not isinstance(value, str) or not value.strip():
            what = "is empty" if value is None or value == "" else "must be text"
            raise document.error((*place, key), f"{key} {what}", "put it in quotes" if what == "must be text" else "")
        yield key, value.strip()


def unknown_rule(rule: str, rule_ids: Collection[str]) -> tuple[str, str]:
    """Return what is wrong with the name of a rule, and what to try."""
    near = get_close_matches(rule.upper(), rule_ids, n=1, cutoff=0.6)
    return f"there is no rule {rule!r}", f"did you mean {near[0]!r}?" if near else "tierproof rules lists the ids"


def day(text: str) -> date | None:
    """Return the day that `YYYY-MM-DD` names, or None where it names none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None

"""Inline waivers: comments of a program that accept a risk of the block they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from checker.model.record import Comment
from checker.model.waiver import Block, Waiver
from checker.settings.waivers import day, unknown_rule

MARK = re.compile(r"tierproof:waive\b(.*)")
_PAIR = re.compile(r"""\s*(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))""")
_RULES = re.compile(r"\s*([A-Za-z0-9]+(?:,[A-Za-z0-9]+)*)(?=\s|$)")
_KNOWN = ("until", "reason", "owner")
_EXAMPLE = 'write # tierproof:waive NET005 until=2027-01-31 reason="why" owner=team'


def inline_waivers(
    comments: Sequence[Comment], rule_ids: Collection[str]
) -> tuple[tuple[Waiver, ...], tuple[str, ...]]:
    """Return the waivers in comments, one for each rule, and a note with file and line for each that makes no sense."""
    waivers: list[Waiver] = []
    notes: list[str] = []
    for comment, line, text in _marked(comments):
        try:
            waivers.extend(_waivers(comment, line, text, rule_ids))
        except ValueError as error:
            notes.append(f"{comment.file}:{line}: the waiver is not honoured: {error}")
    return tuple(waivers), tuple(notes)


def not_honoured(comments: Sequence[Comment]) -> tuple[str, ...]:
    """Return a note on how many inline waivers there are, none of which was looked at."""
    found = list(_marked(comments))
    if not found:
        return ()
    first, line, _ = found[0]
    many = "1 inline waiver was" if len(found) == 1 else f"{len(found)} inline waivers were"
    return (f"{many} not honoured ({first.file}:{line}): --inline-waivers honours them",)


def _marked(comments: Sequence[Comment]) -> Iterator[tuple[Comment, int, str]]:
    for comment in sorted(comments, key=lambda one: (one.file, one.at or one.line)):
        for offset, text in enumerate(comment.text.splitlines()):
            if found := MARK.search(text):
                yield comment, (comment.at or comment.line) + offset, found[1].strip().removesuffix("*/").strip()


def _waivers(comment: Comment, line: int, text: str, rule_ids: Collection[str]) -> Iterator[Waiver]:
    rules = _RULES.match(text)
    if not rules:
        raise ValueError(f"it names no rule ({_EXAMPLE})")
    for rule in rules[1].split(","):
        if rule not in rule_ids:
            what, hint = unknown_rule(rule, rule_ids)
            raise ValueError(f"{what} ({hint})")
    values = _values(text[rules.end() :])
    for key in ("until", "reason"):
        if not values.get(key):
            raise ValueError(f"{key} is missing ({_EXAMPLE})")
    until = day(values["until"])
    if until is None:
        raise ValueError(f"{values['until']!r} is no date (write YYYY-MM-DD)")
    place = f"{comment.file}:{line}"
    for rule in rules[1].split(","):
        yield Waiver(
            rule=rule,
            subject=f"the block at {comment.file}:{comment.line}",
            reason=values["reason"],
            owner=values.get("owner", ""),
            until=until,
            place=place,
            block=Block(comment.file, comment.line, comment.end_line),
        )


def _values(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    at = 0
    while text[at:].strip():
        found = _PAIR.match(text, at)
        if not found:
            raise ValueError(f"{text[at:].strip()!r} is not understood ({_EXAMPLE})")
        key = found[1]
        if key not in _KNOWN or key in values:
            raise ValueError(f"{key!r} is {'given twice' if key in values else 'no key of a waiver'} ({_EXAMPLE})")
        quoted = found[2]
        values[key] = found[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted).strip()
        at = found.end()
    return values

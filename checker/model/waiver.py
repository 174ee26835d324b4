"""Waivers: known risks that somebody has accepted until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


@dataclass(frozen=True, order=True)
class Block:
    """Lines of a file, first and last inclusive, that an inline waiver is about."""

    file: str
    first: int
    last: int


@dataclass(frozen=True)
class Waiver:
    """One accepted risk: a rule on the subjects that `subject` names, through its last day `until`.

    `subject` is an id, name, ARN or address, `*` and `?` stand for any text and any character; `stack` is an id or a
    name likewise. An inline waiver has the `block` it stands in instead. `place` is the file and line that says it.
    """

    rule: str
    subject: str
    reason: str
    owner: str
    until: date
    place: str
    stack: str | None = None
    block: Block | None = None


class Use(Enum):
    """What became of a waiver.

    `USED` waives a result, `EXPIRED` ended before today, `UNUSED` matches no FAIL and no UNKNOWN, and the rule of one
    that is `NOT_ASKED` was not among those that judged.
    """

    USED = "used"
    EXPIRED = "expired"
    UNUSED = "unused"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class WaiverView:
    """A waiver as a report shows it, with the keys of the results that it waives, or would if it had not ended."""

    waiver: Waiver
    use: Use
    results: tuple[str, ...] = ()

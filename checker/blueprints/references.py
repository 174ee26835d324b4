"""What types cannot say of a blueprint: names that must lead somewhere, ports, blocks, dates and rule ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from difflib import get_close_matches

from checker.blueprints.document import Document, Place
from checker.blueprints.shape import suggest
from checker.model.addresses import Cidr
from checker.model.blueprint import (
    INTERNET,
    TIERS,
    WORDS,
    Allowance,
    Blueprint,
    Flow,
    Ranges,
    Selector,
    Unless,
    kinds_called,
)

_ID = re.compile(
    r"(sg|pl|eni|i|subnet|vpc|vpce|tgw|tgw-attach|pcx|vgw|nat|igw|eigw|fs|fsmt|lt|cagw|lgw)-[0-9A-Za-z-]+|arn:.+"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RANGE = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


def check(blueprint: Blueprint, document: Document, rule_ids: Collection[str]) -> None:
    """Raise `ConfigurationError` with file and line for the first thing that cannot be meant."""
    for place, what, hint in _faults(blueprint, rule_ids):
        raise document.error(place, what, hint, at_key=place[0] in ("on_unknown", "networks") and len(place) == 2)


Fault = tuple[Place, str, str]


def _faults(blueprint: Blueprint, rule_ids: Collection[str]) -> Iterator[Fault]:
    yield from _stacking(blueprint)
    for name, ranges in blueprint.networks.items():
        if name == INTERNET or name in TIERS:
            yield ("networks", name), f"a network cannot be called {name!r}", "the word has a meaning of its own"
        yield from _blocks(("networks", name), ranges)
    for name, tier in blueprint.tiers.items():
        place: Place = ("tiers", name)
        yield from _selector(blueprint, place, tier)
        yield from _tier(blueprint, (*place, "behind"), tier.behind)
        if isinstance(tier.required, Unless):
            yield from _tier(blueprint, (*place, "required", "unless"), tier.required.unless)
        if isinstance(tier.front, Ranges):
            yield from _blocks((*place, "front", "ranges"), tier.front.ranges)
    for index, flow in enumerate(blueprint.flows):
        yield from _flow(blueprint, ("flows", index), flow)
    for index, allowance in enumerate(blueprint.allow):
        yield from _flow(blueprint, ("allow", index), allowance)
        yield from _day(("allow", index, "until"), allowance.until)
    if blueprint.zones.at_least < 1:
        yield ("zones", "at_least"), "zones.at_least must be 1 or more", ""
    for id in blueprint.on_unknown:
        if id not in rule_ids:
            near = get_close_matches(id.upper(), rule_ids, n=1, cutoff=0.6)
            hint = f"did you mean {near[0]!r}?" if near else "tierproof rules lists the ids"
            yield ("on_unknown", id), f"there is no rule {id!r}", hint


def _stacking(blueprint: Blueprint) -> Iterator[Fault]:
    how = blueprint.stack_by
    if isinstance(how, str) and how not in ("edge", "vpc") and not re.fullmatch(r"tag:.+", how):
        yield (
            ("stack_by",),
            f"stack_by cannot be {how!r}",
            suggest(how, ("edge", "vpc")) or "edge, vpc, tag:<key> or a list",
        )


def _flow(blueprint: Blueprint, place: Place, flow: Flow | Allowance) -> Iterator[Fault]:
    yield from _end(blueprint, (*place, "from"), flow.source)
    yield from _end(blueprint, (*place, "to"), flow.target)
    if isinstance(flow.ports, str):
        return
    if not flow.ports:
        yield (*place, "ports"), "the list of ports is empty", "write all, own, targets or numbers"
    for index, port in enumerate(flow.ports):
        yield from _port((*place, "ports", index), port, 255 if flow.protocol == "icmp" else 65535)


def _end(blueprint: Blueprint, place: Place, end: str | Selector) -> Iterator[Fault]:
    if isinstance(end, Selector):
        yield from _selector(blueprint, place, end)
        return
    if end in TIERS:
        yield from _tier(blueprint, place, end)
        return
    known = (INTERNET, *blueprint.tiers, *blueprint.networks)
    if end in known or _ID.fullmatch(end):
        return
    if "/" in end or ":" in end or re.fullmatch(r"[\d.]+", end):
        yield from _block(place, end)
        return
    yield place, f"there is no tier or network {end!r}", suggest(end, known) or f"known: {', '.join(known)}"


def _selector(blueprint: Blueprint, place: Place, selector: Selector) -> Iterator[Fault]:
    yield from _tier(blueprint, (*place, "tier"), selector.tier)
    for word in (selector.kind,) if isinstance(selector.kind, str) else selector.kind or ():
        if not kinds_called(word):
            known = sorted({*WORDS, *WORDS.values()})
            yield (*place, "kind"), f"there is no kind {word!r}", suggest(word, known) or f"known: {', '.join(known)}"
    if isinstance(selector.cidr, str):
        yield from _block((*place, "cidr"), selector.cidr)
    elif selector.cidr is not None:
        yield from _blocks((*place, "cidr"), selector.cidr)
    if isinstance(selector, Selector) and selector == type(selector)() and place[0] != "tiers":
        yield (
            place,
            "a selector without a key would match everything",
            "name a kind, tag, name, id, security_group, cidr or tier",
        )


def _tier(blueprint: Blueprint, place: Place, name: str | None) -> Iterator[Fault]:
    if name is not None and name not in blueprint.tiers:
        yield place, f"the tier {name!r} is not defined", f"defined: {', '.join(blueprint.tiers) or 'none'}"


def _port(place: Place, port: int | str, most: int) -> Iterator[Fault]:
    match = _RANGE.fullmatch(str(port).strip())
    if not match:
        yield place, f"{port!r} is no port", "write 443 or 8000-8080"
        return
    first, last = int(match[1]), int(match[2] or match[1])
    if last > most:
        yield place, f"{port} is out of range", f"the highest is {most}"
    elif first > last:
        yield place, f"the range {port} is backwards", f"write {last}-{first}"


def _blocks(place: Place, texts: tuple[str, ...]) -> Iterator[Fault]:
    if not texts:
        yield place, "the list of address blocks is empty", "write at least one, such as 203.0.113.0/24"
    for index, text in enumerate(texts):
        yield from _block((*place, index), text)


def _block(place: Place, text: str) -> Iterator[Fault]:
    try:
        Cidr.parse(text)
    except ValueError:
        yield place, f"{text!r} is no block of addresses", "write one such as 203.0.113.0/24"


def _day(place: Place, text: str | None) -> Iterator[Fault]:
    if text is None:
        return
    try:
        right = bool(_DAY.fullmatch(text)) and date.fromisoformat(text)
    except ValueError:
        right = False
    if not right:
        yield place, f"{text!r} is no date", "write YYYY-MM-DD"

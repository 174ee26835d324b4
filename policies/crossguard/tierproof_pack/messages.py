"""What is said of a result, in few lines, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from checker.collect.pulumi.values import SIGNATURE
from checker.model.finding import Result, State, Verdict, Witness
from checker.model.printable import clean

_MOST_STEPS = 6
_MOST_OTHERS = 3
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # the mark of a secret, no secret
_HIDDEN = "[secret]"
# What stands before the name in a URN says little, and at length; the violation has the whole of its resource's.
# Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
_URN = re.compile(r"urn:pulumi:\S*::")
# Pulumi's own output leaves shorter secrets alone, which would blacken half of every line.
# Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go (CreateFilter)
_SHORTEST = 3


def told(result: Result, secrets: Iterable[str] = ()) -> str:
    """Return what a person needs to know of a result: what is wrong, how it comes about, and what to do."""
    text = "\n".join(_URN.sub("", clean(line)) for line in _lines(result))
    # The longest first: a short secret may be a part of a long one.
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return text


def secrets_of(raw: object, inside: bool = False) -> Iterator[str]:
    """Yield the texts of all secrets in property values as the engine sends them; `inside` makes secrets of all."""
    if isinstance(raw, Mapping):
        marked = inside or raw.get(SIGNATURE) == _SECRET
        for key, value in raw.items():
            if key != SIGNATURE:
                yield from secrets_of(value, marked)
    elif isinstance(raw, list):
        for item in raw:
            yield from secrets_of(item, inside)
    elif inside and isinstance(raw, str) and len(raw) >= _SHORTEST:
        yield raw


def _lines(result: Result) -> Iterator[str]:
    match result.verdict:
        case Verdict.FAIL:
            latent = " (granted, though nobody stands there today)" if result.state is State.LATENT else ""
            yield f"{result.message}{latent}"
        case Verdict.UNKNOWN:
            yield f"not decided: {result.message}"
        case _:
            yield result.message
    yield from (f"  also: {line}" for line in _few(result.also, _MOST_OTHERS))
    steps = [f"{step.resource}: {step.fact}" for step in result.path]
    yield from (f"  path: {line}" for line in _few(steps, _MOST_STEPS))
    if result.witness:
        yield f"  packet: {_packet(result.witness)}"
    yield from (f"  missing: {item.fact}{_supply(item.supply)}" for item in result.missing)
    if result.fix:
        yield f"  fix: {result.fix}"


def _few(lines: Iterable[str], most: int) -> list[str]:
    every = list(lines)
    return every if len(every) <= most else [*every[:most], f"… and {len(every) - most} more"]


def _supply(text: str) -> str:
    return f" (to supply it: {text})" if text else ""


def _packet(witness: Witness) -> str:
    port = "" if witness.port is None else f"/{witness.port}"
    return f"{witness.source} -> {witness.destination} {witness.protocol}{port}"

"""What one run told, in the words of all Pulumi sources: placeholders are what they stand for again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.pulumi.placeholders import Placeholders
from checker.collect.pulumi.registered import LookedUp, Registered
from checker.collect.pulumi.values import decode, is_told_later, told_later
from checker.collect.pulumi.world import STACK_REFERENCE
from checker.collect.pulumi_program.events import Events, LookUp, Resource
from checker.model.fact import Missing
from checker.model.record import Origin

NAME = "pulumi-program"


@dataclass(frozen=True)
class Reading:
    """The resources by URN and the look-ups by name that a run registered; `marker` is in all its placeholders."""

    resources: Mapping[str, Registered]
    looked_up: Mapping[str, LookedUp]
    marker: str


def reading(events: Events, folder: Path) -> Reading:
    """Return what a run registered; files are named as the project's folder was."""
    placeholders = _placeholders(events)
    places = Places(folder)
    stacks = _unread_stacks(events)
    resources = {urn: _registered(one, placeholders, places, stacks) for urn, one in events.resources.items()}
    looked_up = {name: _looked_up(one, placeholders, places) for name, one in events.look_ups.items()}
    return Reading(resources, looked_up, events.begin.marker if events.begin else "")


def _placeholders(events: Events) -> Placeholders:
    texts: dict[str, tuple[str, str]] = {}
    numbers: dict[str, tuple[str, str]] = {}
    issuers: list[tuple[str, Resource | LookUp]] = [*events.resources.items(), *events.look_ups.items()]
    for key, one in issuers:
        for text, path in one.issued.items():
            texts.setdefault(text, (key, path))
        for digits, path in one.issued_numbers.items():
            numbers.setdefault(digits, (key, path))
    return Placeholders(texts, numbers)


def _unread_stacks(events: Events) -> dict[str, str]:
    """Return the names of other stacks whose outputs were not given, by the URNs of what refers to them."""
    unread = {one.stack or one.name for one in events.stacks if not one.given}
    references = {urn: one.id or one.name for urn, one in events.resources.items() if one.type == STACK_REFERENCE}
    return {urn: stack for urn, stack in references.items() if stack in unread}


def _registered(one: Resource, placeholders: Placeholders, places: Places, stacks: Mapping[str, str]) -> Registered:
    id_ = decode({"id": one.id}, placeholders).get("id") if one.id else None
    properties = decode(one.inputs, placeholders)
    for name, urns in one.needs.items():
        if name in properties and urns and all(urn in stacks for urn in urns):
            properties[name] = _of_stacks(properties[name], sorted({stacks[urn] for urn in urns}))
    if id_ is not None and not isinstance(id_, str):
        properties.setdefault("id", id_)
    return Registered(
        urn=one.urn,
        type=one.type,
        name=one.name,
        properties=properties,
        origin=Origin(NAME, places.shown(one.file), one.line, one.urn),
        id=id_ if isinstance(id_, str) else None,
        is_custom=one.custom,
        is_remote=one.remote,
        is_read=one.read,
        parent=one.parent or "",
        provider=one.provider or "",
        needs={name: tuple(sorted(urns)) for name, urns in one.needs.items()},
    )


def _of_stacks(value: object, stacks: Sequence[str]) -> object:
    """Return a value in which what only outputs of other stacks tell says so."""
    if isinstance(value, Missing) and is_told_later(value):
        return Missing(
            f"{told_later(value)} (an output of the stack {' or '.join(stacks)})", "give it: --stack-outputs"
        )
    if isinstance(value, Mapping):
        return {key: _of_stacks(item, stacks) for key, item in value.items()}
    if isinstance(value, list):
        return [_of_stacks(item, stacks) for item in value]
    return value


def _looked_up(one: LookUp, placeholders: Placeholders, places: Places) -> LookedUp:
    return LookedUp(
        name=one.name,
        token=one.token,
        arguments=decode(one.arguments, placeholders),
        origin=Origin(NAME, places.shown(one.file), one.line),
        provider=one.provider or "",
    )


class Places:
    """The names of a program's files as a reader of the report knows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._real = os.path.realpath(folder)
        self._known: dict[str, str] = {}

    def shown(self, file: str | None) -> str | None:
        """Return a file relative to where its project was named, if it lies in it."""
        if not file:
            return None
        if file not in self._known:
            path = os.path.realpath(os.path.join(self._real, file))  # noqa: PTH118  # links are followed
            inside = os.path.relpath(path, self._real)
            self._known[file] = path if inside.startswith("..") else os.path.normpath(self._folder / inside)
        return self._known[file]


def unmarked(value: object, marker: str, at: str) -> object:
    """Return a value without the texts that a run made of its placeholders, which nobody else can read."""
    if isinstance(value, str):
        return Missing(f"{at} (made of what only an update tells)") if marker and marker in value else value
    if isinstance(value, Mapping):
        return {key: unmarked(item, marker, f"{at}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [unmarked(item, marker, f"{at}[{index}]") for index, item in enumerate(value)]
    return value

"""Worlds with one thing not seen: a fact of one resource, or part of one kind's listing."""

from __future__ import annotations

import dataclasses
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.fact import Fact, Missing
from checker.model.finding import Result
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.inventory import Inventory
from tests.rules.cases_reader import Case
from tests.rules.notation import missing
from tests.rules.world import gaps_of

MOST = 2


@dataclass(frozen=True)
class Blank:
    """What is not seen: one field of one resource, or (without `id`) part of the listing of a kind."""

    kind: str
    field: str = ""
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.field}" if self.id else f"the listing of {self.kind}"


def facts(resource: Resource) -> tuple[str, ...]:
    """Return the names of a resource's fields that can be unknown."""
    return tuple(
        field.name for field in dataclasses.fields(resource) if isinstance(getattr(resource, field.name), Fact)
    )


def blanks(world: Inventory) -> Iterator[Blank]:
    """Yield every single thing of a world that could be unseen."""
    for resource in world.resources:
        yield from (Blank(resource.kind, field, resource.id) for field in facts(resource))
    yield from (Blank(kind) for kind in dict.fromkeys(resource.kind for resource in world.resources))


def without(world: Inventory, blank: Blank) -> Inventory:
    """Return a world in which `blank` was not seen."""
    if not blank.id:
        return Inventory(world.resources, _joined(world.gaps, gaps_of([blank.kind])))
    changed = [
        dataclasses.replace(item, **{blank.field: missing(str(blank))})  # type: ignore[arg-type]  # the field is a fact
        if (item.kind, item.id) == (blank.kind, blank.id)
        else item
        for item in world.resources
    ]
    return Inventory(changed, world.gaps)


def _joined(
    one: Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]],
    two: Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]],
) -> Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]]:
    return {kind: {**one.get(kind, {}), **two.get(kind, {})} for kind in {**one, **two}}


def chosen(case: Case, world: Inventory, results: list[Result], seen: Counter[tuple[str, str]]) -> list[Blank]:
    """Return the blanks to try: of what the verdict names up to `MOST` for a rule, and each kind's field once.

    `seen` counts the `(kind, field)` pairs that earlier cases of the rule have tried; it grows. Which resource stands
    for a pair is decided by a checksum, so that a run can be repeated.
    """
    every = list(blanks(world))
    text = str(case.change) + " ".join(f"{step.resource} {step.fact}" for result in results for step in result.path)
    named: set[Blank] = set()
    for blank in every:
        if blank.id and blank.id in text and seen[blank.kind, blank.field] < MOST:
            named.add(blank)
            seen[blank.kind, blank.field] += 1
    pairs: dict[tuple[str, str], list[Blank]] = {}
    for blank in every:
        pairs.setdefault((blank.kind, blank.field), []).append(blank)
    for pair, some in pairs.items():
        if not seen[pair]:
            named.add(min(some, key=lambda blank: zlib.crc32(f"{case.rule} {case.name} {blank}".encode())))
            seen[pair] += 1
    return sorted(named, key=str)

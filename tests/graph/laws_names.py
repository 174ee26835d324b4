"""Other ids for everything that has an id: they are only names, and no answer may hang on them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from random import Random

from checker.model.addresses import Cidr
from checker.model.fact import Known
from checker.model.intervals import IntervalSet
from checker.resources.inventory import Inventory

# Ids that somebody could have been given another of; names that their owners chose stay as they are.
IDS = re.compile(
    r"\b(vpc|vpce|subnet|sg|sgr|acl|rtb|igw|eigw|vgw|nat|eni|pcx|pl|fsmt|tgw-attach|tgw-rtb|tgw)-[A-Za-z0-9-]*[A-Za-z0-9]"
)


def names_of(world: Inventory, chance: Random) -> Mapping[str, str]:
    """Return another id for each id that a world mentions, in another order than theirs."""
    ids = sorted({(found[0], found[1]) for item in world.resources for found in IDS.finditer(repr(item))})
    numbers = chance.sample(range(10_000, 99_999), len(ids))
    return {id: f"{kind}-{number}" for (id, kind), number in zip(ids, numbers, strict=True)}


def rename(world: Inventory, names: Mapping[str, str]) -> Inventory:
    """Return a world in which everything that has an id has another."""
    return Inventory(
        [renamed(item, names) for item in world.resources],  # type: ignore[misc]  # a resource stays one
        world.gaps,
        world.lost,
    )


def renamed(value: object, names: Mapping[str, str]) -> object:
    """Return a value with every id in it replaced."""
    match value:
        case str():
            return IDS.sub(lambda found: names.get(found[0], found[0]), value)
        case Known():
            return Known(renamed(value.value, names))
        case tuple():
            return tuple(renamed(item, names) for item in value)
        case Cidr() | IntervalSet():
            return value
        case Mapping():
            return {renamed(key, names): renamed(item, names) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.init]
        return dataclasses.replace(value, **{name: renamed(getattr(value, name), names) for name in fields})
    return value

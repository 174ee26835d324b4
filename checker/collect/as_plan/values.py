"""The value of an attribute as a plan tells it: what is known, with marks of what is not and of what nobody may see.

Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checker.model.fact import Missing
from checker.model.symbol import Symbol

# What stands for a value that is set and that nobody may see.
HIDDEN = "(sensitive value)"
# What begins with it is for readers of records alone, such as the line of a block.
OWN = "~"
_SECRET = re.compile(r"\((?:a secret|marked as sensitive)\)$")


@dataclass(frozen=True)
class Told:
    """One value: `known` has None for what is not, `unknown` and `sensitive` have `true` at the same places."""

    known: object
    unknown: object = False
    sensitive: object = False


def told(value: object) -> Told:
    """Return a value of an instance as a plan tells it."""
    if isinstance(value, Missing):
        return Told(HIDDEN, sensitive=True) if is_secret(value) else Told(None, unknown=True)
    if isinstance(value, Symbol):
        return Told(None, unknown=True)
    if isinstance(value, Mapping):
        return told_of(value)
    if isinstance(value, (list, tuple)):
        items = [told(item) for item in value]
        return Told([one.known for one in items], [one.unknown for one in items], [one.sensitive for one in items])
    return Told(value)


def told_of(values: Mapping[str, object]) -> Told:
    """Return a block, or all values of an instance; what is not known is absent, as are marks that say no."""
    found = {key: told(value) for key, value in values.items() if value is not None and not key.startswith(OWN)}
    return Told(
        {key: one.known for key, one in found.items() if one.unknown is not True},
        {key: one.unknown for key, one in found.items() if one.unknown is not False},
        {key: one.sensitive for key, one in found.items() if one.sensitive is not False},
    )


def is_secret(missing: Missing) -> bool:
    """Tell whether a fact is missing because it is a secret, and not because nobody knows it."""
    return _SECRET.search(missing.fact) is not None


def is_told(value: object) -> bool:
    """Tell whether the whole of a value is known and may be seen."""
    if isinstance(value, (Missing, Symbol)):
        return False
    if isinstance(value, Mapping):
        return all(map(is_told, value.values()))
    return all(map(is_told, value)) if isinstance(value, (list, tuple)) else True


def unknowns(value: object) -> int:
    """Return how many parts of a value are neither known nor the name of something, secrets left out."""
    if isinstance(value, Missing):
        return 0 if is_secret(value) else 1
    if isinstance(value, Mapping):
        return sum(map(unknowns, value.values()))
    return sum(map(unknowns, value)) if isinstance(value, (list, tuple)) else 0

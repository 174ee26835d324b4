"""Properties made up from the types of the SDK: every property of a resource, in the shape that a program gives it."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pulumi import _types

from tests.collect.pulumi.generating.sdk import Hint, hint

# Keys of mappings are the user's own: they look like names that would be changed.
KEY = "ownKey"
_DEEPEST = 8


def classes() -> Mapping[str, tuple[str, str]]:
    """Return the module and the name of each resource's class, by token."""
    import pulumi_aws

    told = re.search(r'resource_modules="""\n(.*?)"""', Path(pulumi_aws.__file__).read_text(), re.DOTALL)
    assert told is not None
    return {token: (module["fqn"], name) for module in json.loads(told[1]) for token, name in module["classes"].items()}


def properties(module: str, name: str) -> Mapping[str, Hint]:
    """Return the shape of each property of a class, by Pulumi's name."""
    found = _types.resource_types(getattr(importlib.import_module(module), name))
    return {property_: hint(note) for property_, note in found.items()}


def sample(told: Mapping[str, Hint], depth: int = 0) -> dict[str, Any]:
    """Return a value for each property: numbers are floating, as Pulumi sends them."""
    return {name: _value(one, depth) for name, one in told.items() if depth < _DEEPEST}


def _value(told: Hint, depth: int) -> Any:
    # A text that would do for a truth value too: later versions of the provider made texts of some.
    inner: Any = {"text": "true", "number": 7.0, "flag": True}.get(told.scalar, "true")
    if isinstance(told.inner, type) and _types.is_output_type(told.inner):
        inner = sample({name: hint(note) for name, note in told.members.items()}, depth + 1)
    if told.nesting == "many":
        inner = {KEY: inner} if told.holds_maps else inner
        return [inner, inner]
    if told.nesting == "map":
        return {KEY: {KEY: inner} if told.holds_maps else inner}
    return inner

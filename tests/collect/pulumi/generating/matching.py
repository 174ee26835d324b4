"""Which Terraform type a token of the SDK stands for: the one whose properties and name are most alike.

The SDK does not name Terraform's types. Each type has one token, and the bridge derives the names of its properties
from Terraform's, so that nearly all pairs share every property; a pair that does not even share its name is none.
Source: https://github.com/pulumi/pulumi-aws/blob/master/provider/resources.go
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from checker.collect.pulumi.table.rule import snake
from tests.collect.pulumi.generating.overrides import PAIRS
from tests.collect.pulumi.generating.schema import expected, members
from tests.collect.pulumi.generating.sdk import Type

# What every type has since a version of the provider, or never had.
_EVERYWHERE = frozenset({"id", "region", "timeouts"})
_COMMON = 200
_ALIKE = 1.0


def parts(token: str) -> tuple[str, str]:
    """Return the module and the name of a token: `aws:ec2/getVpc:getVpc` -> `ec2`, `Vpc`."""
    _, module, name = token.split(":")
    bare = name.removeprefix("get")
    return module.partition("/")[0], bare if bare[:1].isupper() else name


def pairs(types: Iterable[Type], schemas: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the Terraform type of each token that has one in a schema; no type has two tokens."""
    known = {type_: _expected(schema["block"]) for type_, schema in schemas.items()}
    having: dict[str, set[str]] = defaultdict(set)
    for type_, names in known.items():
        for name in names:
            having[name].add(type_)
    scored: list[tuple[float, str, str]] = []
    for each in types:
        own = frozenset(each.properties) - _EVERYWHERE
        module, name = parts(each.token)
        last = snake(name)
        candidates = {type_ for property_ in own if len(having[property_]) < _COMMON for type_ in having[property_]}
        candidates.update(type_ for type_ in known if type_.endswith(f"_{last}"))
        for type_ in candidates:
            union = own | known[type_]
            shape = len(own & known[type_]) / len(union) if union else 0.0
            scored.append((shape + _named_alike(type_, module, last), each.token, type_))
    found = dict(PAIRS)
    taken = set(PAIRS.values())
    for score, token, type_ in sorted(scored, reverse=True):
        if score >= _ALIKE and token not in found and type_ not in taken:
            found[token] = type_
            taken.add(type_)
    return {token: type_ for token, type_ in found.items() if type_ in schemas}


def _expected(block: Mapping[str, Any]) -> frozenset[str]:
    own = [member for member in members(block) if member.name not in _EVERYWHERE]
    names = frozenset(member.name for member in own)
    return frozenset(expected(member, names) for member in own)


def _named_alike(type_: str, module: str, last: str) -> float:
    """Return how alike names are: 1.2 for the very name, with or without that of the module."""
    name, whole = type_.removeprefix("aws_"), (last, f"{snake(module)}_{last}")
    alike = max(SequenceMatcher(None, name, one).ratio() for one in whole)
    return alike + (0.2 if name in whole else 0.1 if name.endswith(f"_{last}") else 0.0)

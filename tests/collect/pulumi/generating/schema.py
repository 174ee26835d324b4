"""What a schema of the Terraform provider tells of a block, and what the bridge makes of its names.

Source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema#providers-schema-representation
Source: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/internal/naming/naming.go
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.collect.pulumi.table.rule import camel
from tests.collect.pulumi.generating.inflect import plural

_SCALARS = {"string": "text", "number": "number", "bool": "flag"}
_MANY = ("list", "set")


@dataclass(frozen=True)
class Member:
    """An attribute or a nested block.

    `nesting` is `scalar`, `many` (a list or set), `map` or `single` (a mapping); `scalar` is the type of its innermost
    values, empty where these are blocks, whose members are in `block` then. `holds_maps` tells a list of mappings.
    """

    name: str
    nesting: str
    scalar: str = ""
    block: Mapping[str, Any] | None = None
    is_one: bool = False
    holds_maps: bool = False


def members(block: Mapping[str, Any]) -> Iterator[Member]:
    """Yield what stands in a block."""
    for name, attribute in block.get("attributes", {}).items():
        nested = attribute.get("nested_type")
        if nested is not None:
            mode = nested["nesting_mode"]
            yield Member(name, "many" if mode in _MANY else mode, block=nested, is_one=nested.get("max_items") == 1)
        else:
            yield _typed(name, attribute["type"])
    for name, inner in block.get("block_types", {}).items():
        mode = inner["nesting_mode"]
        yield Member(name, "many" if mode in _MANY else mode, block=inner["block"], is_one=inner.get("max_items") == 1)


def _typed(name: str, type_: Any) -> Member:
    if isinstance(type_, str):
        return Member(name, "scalar", _SCALARS.get(type_, "any"))
    if type_[0] == "object":
        return Member(name, "single", block=_object(type_[1]))
    inner = _typed(name, type_[1])
    nesting = "many" if type_[0] in _MANY else "map"
    if inner.nesting == "scalar":
        return Member(name, nesting, inner.scalar)
    # A list of maps or of lists: the innermost values are all that has a type here.
    block = inner.block if inner.nesting == "single" else None
    return Member(name, nesting, inner.scalar, block, holds_maps=inner.nesting == "map")


def _object(types: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"attributes": {name: {"type": type_} for name, type_ in types.items()}}


def expected(member: Member, names: frozenset[str]) -> str:
    """Return what the bridge calls a member; `names` are those of all members of the same block."""
    many = plural(member.name)
    is_many = member.nesting == "many" and not member.is_one
    return camel(many if is_many and many not in names else member.name)

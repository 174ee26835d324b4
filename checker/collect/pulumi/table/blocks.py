"""The shapes of Terraform's types as the table tells them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files

import msgspec

from checker.collect.pulumi.table.rule import camel, singular, snake

_FOLDER = "checker.collect.pulumi.table"
_NONE: frozenset[str] = frozenset()


class Block(msgspec.Struct, frozen=True, dict=True):
    """What is special about the properties of a resource or a block, by Pulumi's names.

    `names` are those that do not follow from the rule, `also` what a provider that was generated from Terraform's on
    the spot calls a property: `ingresses` for `ingress`.

    Properties that hold blocks, each with the number of its block: `one` that may stand once, which Pulumi flattens
    and Terraform lists; `many` that are lists, whose names are plural in Pulumi only; `lists` that are lists of the
    same name; `single` that are a mapping in both; `map` with mappings of the user's own keys to blocks.

    Plain values: `first` are lists of which Pulumi keeps one, `maps` lists of mappings of the user's own. `numbers`
    and `flags` are types that are not the same in all blocks, of values and of those in a list or a mapping; `any` may
    be of any type. `documents` are JSON that Pulumi takes as a mapping too. What is told nowhere is a text.
    """

    names: Mapping[str, str] = {}
    also: Mapping[str, str] = {}
    one: Mapping[str, int] = {}
    many: Mapping[str, int] = {}
    lists: Mapping[str, int] = {}
    single: Mapping[str, int] = {}
    map: Mapping[str, int] = {}
    first: frozenset[str] = _NONE
    maps: frozenset[str] = _NONE
    numbers: frozenset[str] = _NONE
    flags: frozenset[str] = _NONE
    any: frozenset[str] = _NONE
    documents: frozenset[str] = _NONE

    def terraform(self, name: str) -> str:
        """Return what Terraform calls a property."""
        told = self.names.get(name)
        if told is not None:
            return told
        return singular(snake(name)) if name in self.many else snake(name)

    def pulumi(self, name: str) -> str:
        """Return what Pulumi calls an attribute or a block of Terraform's."""
        return self._reverse.get(name) or camel(name)

    def inner(self, name: str) -> int | None:
        """Return the number of the block that a property holds, None for plain values."""
        for blocks in (self.one, self.many, self.lists, self.single, self.map):
            if name in blocks:
                return blocks[name]
        return None

    @cached_property
    def _reverse(self) -> Mapping[str, str]:
        return {self.terraform(name): name for names in (self.many, self.names) for name in names}


class Shapes(msgspec.Struct, frozen=True, dict=True):
    """The block of each resource and of each function's answer, and all blocks: those of many types are alike.

    What has a name of `numbers` or `flags` is of that type wherever it stands.
    """

    resources: Mapping[str, int]
    functions: Mapping[str, int]
    numbers: frozenset[str]
    flags: frozenset[str]
    blocks: tuple[msgspec.Raw, ...]

    def block(self, number: int) -> Block:
        """Return a block by its number."""
        found = self._decoded.get(number)
        if found is None:
            found = self._decoded[number] = msgspec.json.decode(self.blocks[number], type=Block)
        return found

    def of(self, type_: str, *, is_data: bool) -> Block | None:
        """Return the block of a type's own properties, None for a type that the table does not have."""
        number = (self.functions if is_data else self.resources).get(type_)
        return None if number is None else self.block(number)

    def is_number(self, block: Block, name: str) -> bool:
        """Tell whether plain values of a property are numbers."""
        return name in block.numbers or name in self.numbers

    def is_flag(self, block: Block, name: str) -> bool:
        """Tell whether plain values of a property are truth values."""
        return name in block.flags or name in self.flags

    @cached_property
    def _decoded(self) -> dict[int, Block]:
        return {}


@cache
def shapes() -> Shapes:
    """Return the shapes of all types; the file is read at the first call."""
    return msgspec.json.decode(files(_FOLDER).joinpath("shapes.json").read_bytes(), type=Shapes)

"""The table of shapes: for each Terraform type what does not follow from the rule `healthCheck` -> `health_check`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.collect.pulumi.table.rule import camel, singular, snake
from tests.collect.pulumi.generating.inflect import plural
from tests.collect.pulumi.generating.overrides import NAMES
from tests.collect.pulumi.generating.schema import Member, expected, members
from tests.collect.pulumi.generating.sdk import Hint, Type, hint

# What the provider leaves off where the SDK once took the resource itself: `rest_api_id` is `restApi`.
_ENDINGS = ("_id", "_name", "_arn")
_NESTINGS = ("one", "many", "lists", "single", "map")
# Where the table lists properties whose innermost values are of a type.
_LISTS = {"number": "numbers", "flag": "flags", "any": "any", "document": "documents"}


@dataclass(frozen=True)
class Place:
    """A property: what Pulumi calls it, what Terraform does, its shapes in both, and what the bridge alone calls it."""

    pulumi: str
    terraform: str
    hint: Hint | None
    member: Member | None
    also: str = ""


@dataclass
class Shapes:
    """All blocks met so far, each class of the SDK once for each schema of it, and what in them was odd.

    A block may hold itself, as the statements of a web ACL do. It holds what `Block` of the product reads, and lists
    all of its plain properties by type: those whose names are of one type wherever they stand are told apart at the
    end, once for all blocks.
    """

    types: dict[str, dict[str, int]] = field(default_factory=lambda: {"resources": {}, "functions": {}})
    odd: list[str] = field(default_factory=list)
    _blocks: list[dict[str, Any]] = field(default_factory=list)
    _known: dict[tuple[str, str], int] = field(default_factory=dict)
    _scalars: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, kind: str, type_: str, block: Mapping[str, Any] | None, told: Type) -> None:
        """Take in a type: its schema, None for one that the schema does not have, and what the SDK tells of it."""
        properties = {**told.inputs, **told.properties}
        documents = frozenset(name for name, note in told.inputs.items() if hint(note).is_document)
        made = self._made(type_, block, properties, documents, 0)
        self.types[kind][type_] = len(self._blocks)
        self._blocks.append(made)

    def table(self) -> dict[str, Any]:
        """Return the table as it is kept: blocks that are alike are one."""
        always = {
            listed: frozenset(name for name, kinds in self._scalars.items() if kinds == {scalar})
            for scalar, listed in (("number", "numbers"), ("flag", "flags"))
        }
        left = [
            {
                key: sorted(set(value) - always.get(key, frozenset())) if isinstance(value, list) else value
                for key, value in block.items()
            }
            for block in self._blocks
        ]
        numbers, blocks = _alike(left)
        types = {kind: {type_: numbers[n] for type_, n in some.items()} for kind, some in self.types.items()}
        return {**types, **{listed: sorted(names) for listed, names in always.items()}, "blocks": blocks}

    def _inner(self, path: str, place: Place, depth: int) -> int | None:
        """Return the number of the block that a property holds, None for one of plain values."""
        block = place.member.block if place.member else None
        properties = place.hint.members if place.hint else {}
        if block is None and not properties:
            return None
        key = (json.dumps(block, sort_keys=True), repr(place.hint.inner if place.hint else None))
        if key not in self._known:
            number = self._known[key] = len(self._blocks)
            # It has its number before it is made: what is in it may be the same once more.
            self._blocks.append({})
            self._blocks[number] = self._made(f"{path}.{place.terraform}", block, properties, frozenset(), depth + 1)
        return self._known[key]

    def _made(self, path: str, block: Any, properties: Any, documents: Any, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place in self._places(path, block, properties, depth):
            nesting, scalar = self._shape(path, place)
            inner = self._inner(path, place, depth)
            by_rule = snake(place.pulumi)
            if inner is not None:
                if nesting == "many" and place.terraform == by_rule:
                    nesting = "lists"
                elif nesting == "many":
                    by_rule = singular(by_rule)
                found.setdefault(nesting, {})[place.pulumi] = inner
            else:
                scalar = "document" if place.pulumi in documents else scalar
                self._scalars[place.pulumi].add(scalar)
                holds_maps = place.member is not None and place.member.holds_maps
                for listed in (
                    _LISTS.get(scalar),
                    "first" if nesting == "one" else None,
                    "maps" if holds_maps else None,
                ):
                    if listed is not None:
                        found.setdefault(listed, []).append(place.pulumi)
            if place.terraform != by_rule:
                found.setdefault("names", {})[place.pulumi] = place.terraform
            if place.also not in ("", place.pulumi) and place.also not in properties:
                found.setdefault("also", {})[place.also] = place.pulumi
        return {key: sorted(value) if isinstance(value, list) else value for key, value in found.items()}

    def _shape(self, path: str, place: Place) -> tuple[str, str]:
        """Return how the values nest in Terraform (`one` for a list that Pulumi flattens), and the innermost type."""
        member, told = place.member, place.hint
        if member is None:
            assert told is not None
            return "one" if told.nesting == "single" else told.nesting, told.scalar
        if told is None:
            return "one" if member.is_one and member.nesting == "many" else member.nesting, member.scalar
        if member.nesting == "many":
            return "many" if told.nesting == "many" else "one", member.scalar
        if member.nesting != told.nesting:
            self.odd.append(f"{path}.{place.terraform}: {member.nesting} but {told.nesting}")
            if told.members and member.block is None:
                return told.nesting, ""
        return member.nesting, member.scalar or told.scalar

    def _places(self, path: str, block: Any, properties: Any, depth: int) -> Iterator[Place]:
        """Yield the properties of a block by name: those that both tell, those of the SDK, those of the schema."""
        own = (
            []
            if block is None
            else [m for m in members(block) if depth or m.name in properties or m.name not in ("timeouts", "id")]
        )
        names = frozenset(member.name for member in own)
        left = dict(properties)
        unpaired = []
        told_apart = {member.name: NAMES[at] for member in own if (at := f"{path}.{member.name}") in NAMES}
        for member in sorted(own, key=lambda member: member.name not in told_apart):
            tried = (told_apart.get(member.name, ""), expected(member, names), camel(member.name))
            name = next((name for name in tried if name in left), None)
            if name is None:
                unpaired.append(member)
            else:
                yield Place(name, member.name, hint(left.pop(name)), member, expected(member, names))
        taken = {*names}
        for member in tuple(unpaired):
            name = next((name for name in left if _is_like(name, member, unpaired)), None)
            if name is not None:
                unpaired.remove(member)
                yield Place(name, member.name, hint(left.pop(name)), member, expected(member, names))
        for name, note in left.items():
            told = hint(note)
            terraform = snake(name)
            if told.nesting == "many" and told.members:
                terraform = singular(terraform)
            if terraform in taken:
                terraform = snake(name)
            if block is not None:
                self.odd.append(
                    f"{path}: {name} is not in the schema ({terraform}); not told: {[m.name for m in unpaired]}"
                )
            yield Place(name, terraform, told, None)
        for member in unpaired:
            name = expected(member, names)
            if name not in properties:
                yield Place(name, member.name, None, member)


def _alike(blocks: list[dict[str, Any]]) -> tuple[list[int], list[dict[str, Any]]]:
    """Return the number of each block, those that are alike all the way down with the same one, and one of each.

    They are told apart by what is in them until no more are: a block may be in itself.
    """
    numbers, count = [0] * len(blocks), 0
    while True:
        texts = [_renumbered(block, numbers) for block in blocks]
        distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        numbers = [distinct[text] for text in texts]
        if len(distinct) == count:
            return numbers, [json.loads(text) for text in distinct]
        count = len(distinct)


def _renumbered(block: Mapping[str, Any], numbers: list[int]) -> str:
    made = {
        key: {name: numbers[number] for name, number in value.items()} if key in _NESTINGS else value
        for key, value in block.items()
        if value
    }
    return json.dumps(made, sort_keys=True)


def _is_like(name: str, member: Member, unpaired: list[Member]) -> bool:
    """Tell whether a property stands for a member by another number, or for the id, name or ARN that it ends in.

    A `name` stands for the only member left over that ends so: `name` for `function_name`.
    """
    own = snake(name)
    if plural(member.name) == own or singular(own) == member.name or plural(own) == member.name:
        return True
    if any(member.name == own + ending for ending in _ENDINGS):
        return True
    ending = {"name": "_name", "namePrefix": "_name_prefix"}.get(name)
    return ending is not None and [m.name for m in unpaired if m.name.endswith(ending)] == [member.name]

"""The table of shapes: for each Terraform type what does not follow from the rule `healthCheck` -> `health_check`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.collect.pulumi.generating.inflect import singular
from tests.collect.pulumi.generating.matching import snake
from tests.collect.pulumi.generating.overrides import NAMES
from tests.collect.pulumi.generating.schema import Member, camel, expected, members
from tests.collect.pulumi.generating.sdk import Hint, hint

_DEEPEST = 12
# Where the table lists properties whose innermost values are of a type.
_LISTS = {"number": "numbers", "flag": "flags", "any": "any", "document": "documents"}


@dataclass(frozen=True)
class Place:
    """A property: what Pulumi calls it, what Terraform does, and its shapes in both."""

    pulumi: str
    terraform: str
    hint: Hint | None
    member: Member | None


@dataclass
class Shapes:
    """All blocks met so far, each different one once, and what in them was odd."""

    blocks: list[str] = field(default_factory=lambda: ["{}"])
    types: dict[str, int] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    _known: dict[tuple[str, Any], int] = field(default_factory=dict)

    def add(self, type_: str, block: Mapping[str, Any] | None, properties: Mapping[str, Any], inputs: Any) -> None:
        """Take in a type: its schema, None for one that the schema does not have, and what the SDK tells of it."""
        own = {name: note for name, note in inputs.items() if name not in properties}
        documents = frozenset(name for name, note in inputs.items() if hint(note).is_document)
        self.types[type_] = self._block(type_, block, {**properties, **own}, documents, 0)

    def _block(
        self, path: str, block: Mapping[str, Any] | None, properties: Mapping[str, Any], documents: Any, depth: int
    ) -> int:
        key = (json.dumps(block, sort_keys=True), json.dumps(sorted((k, repr(v)) for k, v in properties.items())))
        if key not in self._known or documents or depth == 0:
            made = json.dumps(self._made(path, block, properties, documents, depth), sort_keys=True)
            if made not in self.blocks:
                self.blocks.append(made)
            self._known[key] = self.blocks.index(made)
        return self._known[key]

    def _made(self, path: str, block: Any, properties: Any, documents: Any, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place in self._places(path, block, properties, depth):
            nesting, scalar = self._shape(path, place)
            inner_block = place.member.block if place.member else None
            inner = place.hint.members if place.hint else {}
            if (inner_block is not None or inner) and depth < _DEEPEST:
                child = self._block(f"{path}.{place.terraform}", inner_block, inner, frozenset(), depth + 1)
                found.setdefault(nesting, {})[place.pulumi] = child
                by_rule = singular(snake(place.pulumi)) if nesting == "many" else snake(place.pulumi)
            else:
                by_rule = snake(place.pulumi)
                of_scalar = _LISTS.get("document" if place.pulumi in documents else scalar)
                for listed in (of_scalar, "first" if nesting == "one" else None):
                    if listed is not None:
                        found.setdefault(listed, []).append(place.pulumi)
            if place.terraform != by_rule:
                found.setdefault("names", {})[place.pulumi] = place.terraform
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
        return member.nesting, member.scalar or told.scalar

    def _places(self, path: str, block: Any, properties: Any, depth: int) -> Iterator[Place]:
        """Yield the properties of a block by name: those that both tell, those of the SDK, those of the schema."""
        own = [] if block is None else [m for m in members(block) if depth or m.name in properties or m.name not in ("timeouts", "id")]
        names = frozenset(member.name for member in own)
        type_, _, within = path.partition(".")
        left = dict(properties)
        unpaired = []
        for member in own:
            path_of = f"{within}.{member.name}".lstrip(".")
            tried = (NAMES.get((type_, path_of), ""), expected(member, names), camel(member.name))
            name = next((name for name in tried if name in left), None)
            if name is None:
                unpaired.append(member)
            else:
                yield Place(name, member.name, hint(left.pop(name)), member)
        taken = {*names}
        for member in tuple(unpaired):
            name = next((name for name in left if _is_like(name, member, unpaired)), None)
            if name is not None:
                unpaired.remove(member)
                yield Place(name, member.name, hint(left.pop(name)), member)
        for name, note in left.items():
            told = hint(note)
            terraform = snake(name)
            if told.nesting == "many" and told.members:
                terraform = singular(terraform)
            if terraform in taken:
                terraform = snake(name)
            if block is not None:
                self.odd.append(f"{path}: {name} is not in the schema ({terraform}); not told: {[m.name for m in unpaired]}")
            yield Place(name, terraform, told, None)
        for member in unpaired:
            name = expected(member, names)
            if name not in properties:
                yield Place(name, member.name, None, member)


def _is_like(name: str, member: Member, unpaired: list[Member]) -> bool:
    """Tell whether a property stands for a member by another plural, or is the only name among members left over."""
    if singular(snake(name)) == member.name:
        return True
    ending = {"name": "_name", "namePrefix": "_name_prefix"}.get(name)
    return ending is not None and [m.name for m in unpaired if m.name.endswith(ending)] == [member.name]

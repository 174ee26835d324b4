"""What the configuration of a plan says of an attribute: its constant, or the names that it mentions.

Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.collect.as_plan.names import Mention, Names
from checker.collect.as_plan.values import OWN, is_told
from checker.collect.terraform_plan.merge import ITEMS
from checker.collect.terraform_plan.wiring import TEMPLATE
from checker.model.fact import Missing
from checker.model.symbol import Symbol


@dataclass
class Expressions:
    """Writes expressions; `mentioned` is what any of them mentions."""

    names: Names
    mentioned: set[Mention] = field(default_factory=set)

    def block(self, type_: str, values: Mapping[str, object], name: str = "") -> dict[str, object]:
        """Return the expressions of a block's attributes; `name` is that of the block, empty at the top."""
        return {
            key: self._of(type_, name, key, value)
            for key, value in values.items()
            if value is not None and not key.startswith(OWN)
        }

    def _of(self, type_: str, block: str, key: str, value: object) -> object:
        if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            # A block that is not known is an empty one, so that the others keep their places.
            return [self.block(type_, item, key) if isinstance(item, Mapping) else {} for item in value]
        mentions = tuple(dict.fromkeys(self._mentions(type_, block, key, value)))
        self.mentioned.update(mentions)
        if mentions:
            found: dict[str, object] = {"references": [name for mention in mentions for name in mention.names]}
            if isinstance(value, list) and len(value) > 1:
                found[ITEMS] = [self._of(type_, block, key, item) for item in value]
            if isinstance(value, Symbol) and "${" in value:
                found[TEMPLATE] = self.names.text(value)
            return found
        # An expression that neither is constant nor mentions anything is empty, as that of `uuid()` is.
        return {"constant_value": value} if is_told(value) else {}

    def _mentions(self, type_: str, block: str, key: str, value: object) -> Iterator[Mention]:
        """Yield what a value mentions, which is neither a block nor a list of blocks."""
        if isinstance(value, Symbol):
            yield from self.names.mentions(value)
        elif isinstance(value, str):
            called = self.names.called(type_, block, key, value)
            yield from () if called is None else (called,)
        elif isinstance(value, Mapping):
            for name, item in value.items():
                yield from self._mentions(type_, key, name, item)
        elif isinstance(value, (list, tuple)) and not isinstance(value, Missing):
            for item in value:
                yield from self._mentions(type_, block, key, item)

"""What the configuration of a plan says of an attribute: its constant, or the names that it mentions.

Source: https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.collect.as_plan.names import Mention, Names
from checker.collect.as_plan.values import OWN, is_told, told
from checker.collect.terraform.instance import Instance
from checker.collect.terraform_plan.merge import ITEMS
from checker.collect.terraform_plan.wiring import TEMPLATE
from checker.model.symbol import Symbol


@dataclass
class Expressions:
    """Writes expressions; `mentioned` is what any of them mentions."""

    names: Names
    mentioned: set[Mention] = field(default_factory=set)

    def of(self, instance: Instance) -> dict[str, object]:
        """Return the expressions of an instance's attributes."""
        return self._block(instance, instance.values, "")

    def _block(self, owner: Instance, values: Mapping[str, object], name: str) -> dict[str, object]:
        """Return the expressions of a block's attributes; `name` is that of the block, empty at the top."""
        return {
            key: self._of(owner, name, key, value)
            for key, value in values.items()
            if value is not None and not key.startswith(OWN)
        }

    def _of(self, owner: Instance, block: str, key: str, value: object) -> object:
        if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            # A block that is not known is an empty one, so that the others keep their places.
            return [self._block(owner, item, key) if isinstance(item, Mapping) else {} for item in value]
        mentions = tuple(dict.fromkeys(self._mentions(owner, block, key, value)))
        self.mentioned.update(mentions)
        if mentions:
            found: dict[str, object] = {"references": [name for mention in mentions for name in mention.names]}
            if isinstance(value, list) and len(value) > 1:
                found[ITEMS] = [self._of(owner, block, key, item) for item in value]
            if isinstance(value, Symbol) and "${" in value:
                found[TEMPLATE] = self.names.text(value)
            return found
        # An expression that neither is constant nor mentions anything is empty, as that of `uuid()` is.
        return {"constant_value": told(value).known} if is_told(value) else {}

    def _mentions(self, owner: Instance, block: str, key: str, value: object) -> Iterator[Mention]:
        """Yield what a value mentions, which is neither a block nor a list of blocks."""
        if isinstance(value, Symbol):
            yield from self.names.mentions(value)
        elif isinstance(value, str):
            called = self.names.called(owner.type, block, key, value)
            if called is not None and called.address != self.names.of(owner):
                yield called
        elif isinstance(value, Mapping):
            for name, item in value.items():
                yield from self._mentions(owner, key, name, item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                yield from self._mentions(owner, block, key, item)

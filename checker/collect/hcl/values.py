"""The values of expressions: JSON's, what is not known, and objects that are worked out when they are asked for."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from checker.model.fact import Missing
from checker.model.symbol import Symbol


@runtime_checkable
class Lazy(Protocol):
    """An object whose attributes are worked out one by one, such as a resource, a module or `var`."""

    def attribute(self, name: str) -> Value:
        """Return an attribute; one that does not exist or is not known is a `Missing` or a `Symbol`."""

    def whole(self) -> Value:
        """Return the object with all its attributes as a plain mapping, where something looks at all of them."""


# None is null; lists stand for lists, tuples and sets, mappings for maps and objects, in their order.
# A list may hold values that are not known; a list, mapping or count that is itself not known is a Missing or a Symbol.
Value = None | bool | int | float | str | Symbol | list["Value"] | dict[str, "Value"] | Missing | Lazy

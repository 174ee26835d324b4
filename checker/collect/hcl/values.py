"""The values of expressions: JSON's, what is not known, and objects that are worked out when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
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


# None is null; lists stand for lists and tuples, `Set`s for sets, mappings for maps and objects, in any order.
# A list may hold values that are not known; a list, mapping or count that is itself not known is a Missing or a Symbol.
Value = None | bool | int | float | str | Symbol | list["Value"] | dict[str, "Value"] | Missing | Lazy


class List(list[Value]):
    """A list of one type, as variables of a declared type and some functions give; a plain list may be a tuple.

    Only `==` tells them apart: a tuple such as `[]` never equals a list.
    Source: https://developer.hashicorp.com/terraform/language/expressions/operators#equality-operators
    """

    __slots__ = ()


class Beginning(List):
    """A list that may go on after its last item, so that nobody knows where it begins again."""

    __slots__ = ()


class Unordered(List):
    """A list whose items are known and whose order is not: that of a set of ids that only an apply would tell."""

    __slots__ = ()


class Map(dict[str, Value]):
    """A map of one type; a plain mapping may be an object. Only `==` tells them apart."""

    __slots__ = ()


class Set(list[Value]):
    """A set: its items once each, in Terraform's order (texts by their code points, numbers by size)."""

    __slots__ = ()


@dataclass(frozen=True)
class Several(Missing):
    """An item of a list that stands for an unknown number of items, none included."""


@dataclass(frozen=True)
class Failure(Missing):
    """What an expression comes to that Terraform would refuse, such as an index out of range; `try` goes on after it.

    A `Names` or `Lazy` may answer with it for a name that surely does not exist.
    """


class Files(Protocol):
    """The files that expressions may read, by the path that they spell."""

    def read(self, path: str) -> bytes | Missing:
        """Return what a file holds; one that is not there is a `Failure`, one that may not be read a `Missing`."""

    def match(self, folder: str, pattern: str) -> list[str] | Missing:
        """Return the paths below `folder`, relative to it, that fit `pattern`, as `fileset` does."""


class Names(Protocol):
    """What the names in an expression stand for."""

    def lookup(self, name: str) -> Value:
        """Return what the first word of a reference stands for: `var`, `local`, `aws_vpc`, `each`..."""

    @property
    def files(self) -> Files | None:
        """Return the files that functions may read; None where they may read none."""


class Bound:
    """The names of an expression and those that a `for` or a template's variables add to them."""

    __slots__ = ("_bound", "_outer")

    def __init__(self, outer: Names, bound: dict[str, Value]) -> None:
        self._outer = outer
        self._bound = bound

    def lookup(self, name: str) -> Value:
        """Return what a name stands for here."""
        return self._bound[name] if name in self._bound else self._outer.lookup(name)

    @property
    def files(self) -> Files | None:
        """Return the files of the expression around."""
        return self._outer.files


class FailureError(Exception):
    """Terraform would refuse the expression; the message says why."""


class UndecidedError(Exception):
    """The answer depends on a value that is not known."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.fact)
        self.missing = Missing(missing.fact, missing.supply) if isinstance(missing, Several) else missing


def missing_of(value: Missing | Symbol) -> Missing:
    """Return what is missing where a decision depends on a value that is not known."""
    if isinstance(value, Missing):
        return value
    return Missing(f"the value of {value}", "give its value, or check a plan made where it is known")


def told(value: Value) -> Value:
    """Return a value as others may see it: whatever is not known is a plain `Missing`, which has an order."""
    if isinstance(value, Missing):
        return value if type(value) is Missing else Missing(value.fact, value.supply)
    if isinstance(value, list):
        items = [told(item) for item in value]
        return type(value)(items) if isinstance(value, (Set, Unordered)) else items
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items()}
    return value


def is_unknown(value: Value) -> bool:
    """Tell whether a value itself (not only a part of it) is not known."""
    return isinstance(value, (Missing, Symbol))


def is_unordered(value: Value) -> bool:
    """Tell whether a set or list has items in an order that is not known.

    Terraform orders a set by the values of its items, so those that an apply would tell have no place yet.
    Source: https://developer.hashicorp.com/terraform/language/functions/toset
    """
    if not isinstance(value, (Set, Unordered)) or (len(value) < 2 and not any(isinstance(it, Several) for it in value)):
        return False
    return isinstance(value, Unordered) or first_unknown(list(value)) is not None


def like(items: list[Value], *sources: Value) -> list[Value]:
    """Return what was made of `sources` item by item: without an order where one of them has none."""
    return Unordered(items) if any(is_unordered(source) for source in sources) else items


def order_of(value: Value) -> Missing:
    """Return what is missing where the order of items matters that have none."""
    unknown = first_unknown(list(value)) if isinstance(value, list) else None
    items = unknown.fact.removeprefix("the value of ") if unknown else "a set"
    return Missing(
        f"the place of {items} among the items of a set", "name the item, or check a plan made where it is known"
    )


def settled(value: Value) -> Value:
    """Return a value, all of it where it is lazy; raise where it is not known."""
    if isinstance(value, Failure):
        raise FailureError(value.fact)
    if isinstance(value, (Missing, Symbol)):
        raise UndecidedError(missing_of(value))
    if value is None or isinstance(value, (str, int, float, list, dict)):
        return value
    return settled(value.whole())


def first_unknown(value: Value) -> Missing | None:
    """Return what is missing of a value anywhere in it; a failure before anything else."""
    if value is None or isinstance(value, (Missing, Symbol)):
        return None if value is None else missing_of(value)
    if isinstance(value, (str, int, float)):
        return None
    if isinstance(value, (list, dict)):
        items = value.values() if isinstance(value, dict) else value
        return next((found for item in items if (found := first_unknown(item))), None)
    return first_unknown(value.whole())

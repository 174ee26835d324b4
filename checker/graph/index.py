"""Look-ups of an inventory: resources by id, and by what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeVar

from checker.model.fact import Known, Listing, Missing
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.inventory import Inventory

R = TypeVar("R", bound=Resource)


class Index:
    """An inventory by id and by foreign key, each index made once when first asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._ids: dict[type[Resource], Mapping[str, Resource]] = {}
        self._scoped: dict[type[Resource], Mapping[tuple[Scope, str], Resource]] = {}
        self._groups: dict[tuple[type[Resource], str], Mapping[str, tuple[Resource, ...]]] = {}

    def all(self, kind: type[R]) -> Listing[R]:
        """Return every resource of a kind."""
        return self.inventory.all(kind)

    def missing(self, kind: type[Resource], scope: Scope | None = None) -> tuple[Missing, ...]:
        """Return why the listing of a kind is incomplete in a scope, or anywhere."""
        return self.inventory.missing(kind, scope)

    def get(self, kind: type[R], id: str) -> R | None:
        """Return the resource of a kind whose id is unique in AWS, such as `vpc-…`, or an ARN."""
        if kind not in self._ids:
            self._ids[kind] = {item.id: item for item in self.inventory.all(kind).items}
        found = self._ids[kind].get(id)
        return found if isinstance(found, kind) else None

    def named(self, kind: type[R], scope: Scope, id: str) -> R | None:
        """Return the resource of a kind whose id is unique in its account and Region only."""
        if kind not in self._scoped:
            self._scoped[kind] = {(item.scope, item.id): item for item in self.inventory.all(kind).items}
        found = self._scoped[kind].get((scope, id))
        return found if isinstance(found, kind) else None

    def by(self, kind: type[R], label: str, keys: Callable[[R], tuple[str, ...]], value: str) -> tuple[R, ...]:
        """Return the resources of a kind that have `value` among their `keys`; `label` names the index."""
        if (kind, label) not in self._groups:
            index: dict[str, list[Resource]] = defaultdict(list)
            for item in self.inventory.all(kind).items:
                for key in keys(item):
                    index[key].append(item)
            self._groups[kind, label] = {key: tuple(found) for key, found in index.items()}
        return tuple(item for item in self._groups[kind, label].get(value, ()) if isinstance(item, kind))


def values(fact: object) -> tuple[str, ...]:
    """Return the value of a fact as index keys: one text, several, or none where it is unknown or absent."""
    if not isinstance(fact, Known) or fact.value is None:
        return ()
    return (fact.value,) if isinstance(fact.value, str) else tuple(fact.value)

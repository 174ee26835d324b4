"""Everything that was seen, as typed resources, and what was not."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from checker.model.fact import Listing, Missing, merge
from checker.model.record import ANYTHING, Collection, Coverage, Gap, Record, Scope, Status
from checker.model.resource import Resource
from checker.resources.kind import Kind, Parser
from checker.resources.reader import Reader

R = TypeVar("R", bound=Resource)
log = logging.getLogger(__name__)


class Inventory:
    """Resources by kind, with the gaps that make a kind's listing incomplete; it does not change once made.

    `lost` holds what is missing of single resources: details that were asked for and not given.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        gaps: Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]],
        lost: Mapping[Scope, tuple[Missing, ...]] | None = None,
    ) -> None:
        self._items: dict[type[Resource], list[Resource]] = defaultdict(list)
        self._listings: dict[tuple[type[Resource], Scope | None], Listing[Resource]] = {}
        self._gaps = gaps
        self.lost = lost or {}
        # A page may repeat what an earlier one told; the first account of a resource counts.
        once = {(type(item), item.scope, item.id): item for item in reversed(list(resources))}
        for resource in sorted(once.values(), key=lambda item: (item.kind, item.scope, item.id)):
            self._items[type(resource)].append(resource)
        self._gaps = _with_strays(gaps, once.values())

    def all(self, kind: type[R], scope: Scope | None = None) -> Listing[R]:
        """Return the resources of a kind, of one scope or of all, ordered by scope and id."""
        if (kind, scope) not in self._listings:
            found = self._items.get(kind, ())
            items = tuple(item for item in found if isinstance(item, kind) and scope in (None, item.scope))
            self._listings[kind, scope] = Listing(items, self.missing(kind, scope))
        return self._listings[kind, scope]  # type: ignore[return-value]  # filed under the type of its items

    def missing(self, kind: type[Resource], scope: Scope | None = None) -> tuple[Missing, ...]:
        """Return why the listing of a kind is incomplete; empty if it is complete."""
        gaps = self._gaps.get(kind, {})
        return gaps.get(scope, ()) if scope else merge(*gaps.values())

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return every resource, ordered by kind, scope and id."""
        return tuple(item for kind in sorted(self._items, key=lambda kind: kind.kind) for item in self._items[kind])

    @property
    def gaps(self) -> Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]]:
        """Return what is missing, by kind and scope."""
        return self._gaps


def _with_strays(
    gaps: Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]], resources: Iterable[Resource]
) -> Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]]:
    """Return the gaps, and one for each resource that does not say what it belongs to: it is absent there."""
    found = {kind: dict(by_scope) for kind, by_scope in gaps.items()}
    strays: dict[tuple[type[Resource], Scope], list[Missing]] = defaultdict(list)
    for resource in resources:
        for name in resource.belongs:
            if missing := getattr(resource, name).missing:
                strays[type(resource), resource.scope].extend(missing)
    for (kind, scope), lost in strays.items():
        by_scope = found.setdefault(kind, {})
        by_scope[scope] = merge(by_scope.get(scope, ()), lost)
    return found


def normalise(collection: Collection, kinds: Iterable[Kind[Resource]]) -> tuple[Inventory, tuple[Coverage, ...]]:
    """Return the typed inventory of a collection, and a ledger line for each record that no parser could read."""
    every = tuple(kinds)
    parsers: dict[tuple[str, str], list[tuple[Kind[Resource], Parser[Resource]]]] = defaultdict(list)
    by_type: dict[str, list[Kind[Resource]]] = defaultdict(list)
    for kind in every:
        for (dialect, type_), parse in kind.spellings.items():
            parsers[dialect, type_].append((kind, parse))
            by_type[type_].append(kind)
    resources: list[Resource] = []
    gaps: dict[type[Resource], dict[Scope, tuple[Missing, ...]]] = defaultdict(dict)
    unread: list[Coverage] = []

    def note(kind: Kind[Resource], gap: Gap) -> None:
        known = gaps[kind.type].get(gap.scope, ())
        gaps[kind.type][gap.scope] = merge(known, (gap.missing,))

    lost: dict[Scope, tuple[Missing, ...]] = {}
    for gap in collection.gaps:
        if gap.parent is not None:
            lost[gap.scope] = merge(lost.get(gap.scope, ()), (gap.missing,))
            continue
        for kind in by_type.get(gap.type, ()) if gap.type != ANYTHING else every:
            note(kind, gap)
    for record in collection.records:
        for kind, parse in parsers.get((record.dialect, record.type), ()):
            try:
                resources.extend(parse(Reader.of(record)))
            except ValueError as error:
                gap = _unreadable(record, error)
                note(kind, gap)
                unread.append(Coverage(collection.source, record.scope, gap.item, gap.status, 0, gap.error))
    return Inventory(resources, gaps, lost), tuple(unread)


def _unreadable(record: Record, error: ValueError) -> Gap:
    log.debug("unreadable %s: %s", record.type, error)
    return Gap(
        type=record.type,
        scope=record.scope,
        item=f"a record of type {record.type}",
        status=Status.UNREADABLE,
        error=str(error),
        supply="report the record as a defect",
    )

"""Gaps of calls that a snapshot made and an audit would not have made: what could not matter is not missing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from checker.model.call import Call, DetailCall, Listed, Raw
from checker.model.record import Collection, Gap, Record, Scope

GLOBAL = "global"


def without_needless_gaps(collection: Collection, kinds: Sequence[Listed]) -> Collection:
    """Return the collection without the gaps of calls whose answers cannot matter, as the kinds say themselves."""
    calls = [call for kind in kinds for call in kind.calls if call.when]
    if not collection.gaps or not calls:
        return collection
    seen = _Collected(collection)
    actions = _actions(calls)
    needless = {
        gap for gap in collection.gaps for call in calls if actions[_name(call)] == gap.item and seen.rejects(call, gap)
    }
    if not needless:
        return collection
    return replace(
        collection,
        records=tuple(_without(record, needless) for record in collection.records),
        gaps=tuple(gap for gap in collection.gaps if gap not in needless),
    )


class _Collected:
    """The records of a collection as the conditions of calls look at them."""

    def __init__(self, collection: Collection) -> None:
        self._raw: dict[str, list[tuple[Scope, Raw]]] = {}
        for record in collection.records:
            self._raw.setdefault(record.type, []).append((record.scope, record.raw))
        self._gaps = {(gap.type, gap.scope) for gap in collection.gaps if gap.parent is None}

    def rejects(self, call: Call, gap: Gap) -> bool:
        """Tell whether a call would not have been made for the record (or the listing) that a gap is of."""
        view = _From(self, gap.scope)
        if not isinstance(call, DetailCall):
            return call.type == gap.type and call.when is not None and not call.when(view)
        if call.of != gap.type or gap.parent is None or call.when is None:
            return False
        lost = [raw for raw in view.raw(call.of) if raw.get(call.into) == gap]
        return bool(lost) and not any(call.when(raw, view) for raw in lost)

    def raw(self, type_: str, scope: Scope) -> tuple[Raw, ...]:
        """Return the records of a type as a scope sees them."""
        return tuple(raw for where, raw in self._raw.get(type_, ()) if _is_seen(where, scope))

    def complete(self, type_: str, scope: Scope) -> bool:
        """Tell whether the listing of a type has no gap, as a scope sees it."""
        return not any(type_ == other and _is_seen(where, scope) for other, where in self._gaps)


class _From:
    """A collection as one scope sees it."""

    def __init__(self, collected: _Collected, scope: Scope) -> None:
        self._collected = collected
        self._scope = scope

    def raw(self, type: str) -> tuple[Raw, ...]:
        """Return the raw records of a type."""
        return self._collected.raw(type, self._scope)

    def complete(self, type: str) -> bool:
        """Tell whether the listing of a type has no gap."""
        return self._collected.complete(type, self._scope)


def _without(record: Record, needless: set[Gap]) -> Record:
    if not any(isinstance(value, Gap) and value in needless for value in record.raw.values()):
        return record
    kept = {key: value for key, value in record.raw.items() if not (isinstance(value, Gap) and value in needless)}
    return replace(record, raw=kept)


def _is_seen(where: Scope, by: Scope) -> bool:
    return where.account == by.account and (where.region in (GLOBAL, by.region) or by.region == GLOBAL)


def _name(call: Call) -> tuple[str, str]:
    return call.service, call.operation


def _actions(calls: Iterable[Call]) -> dict[tuple[str, str], str]:
    from checker.collect.aws.actions import action_name
    from checker.collect.aws.session import operation_names  # botocore takes a quarter of a second to import

    some = list(calls)
    names = operation_names({call.service for call in some})
    return {_name(call): action_name(call, names[call.service]) for call in some}

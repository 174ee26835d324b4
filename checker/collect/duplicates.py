"""Two accounts of one thing: equal ones are one, and where they differ neither is believed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from checker.collect.identity import identity
from checker.model.call import Raw
from checker.model.record import Coverage, Gap, Record, Scope, Status

# `describe-prefix-lists` and `describe-managed-prefix-lists` tell different things of one list.
_COMPLETE_EACH_OTHER = ("PrefixList",)


def merged(type_: str, scope: Scope, items: Sequence[object], place: Callable[[object], str]) -> list[object]:
    """Return the items, those with one identity made into one; `place` names the file of an item.

    An attribute that two accounts of a thing tell differently, or that only one of them has, stands there as a `Gap`.
    """
    found: dict[object, object] = {}
    for index, item in enumerate(items):
        id_ = identity(type_, item) if isinstance(item, Mapping) else None
        key = id_ or f"{index if isinstance(item, Mapping) and not id_ else ''}{canonical(item)}"
        before = found.get(key)
        if isinstance(before, Mapping) and isinstance(item, Mapping) and canonical(before) != canonical(item):
            found[key] = both(type_, scope, before, item, (id_ or type_, place(before), place(item)))
        elif before is None:
            found[key] = item
    return list(found.values())


def both(type_: str, scope: Scope, one: Raw, other: Raw, about: tuple[str, str, str]) -> Raw:
    """Return what two accounts of a thing agree on; `about` is its id and the places of the two."""
    id_, here, there = about
    result: dict[str, object] = {}
    for key in dict.fromkeys((*one, *other)):
        if key in one and key in other and canonical(one[key]) == canonical(other[key]):
            result[key] = one[key]
        elif isinstance(one.get(key), Gap) or isinstance(other.get(key), Gap):
            # What one could not read and the other did is known.
            result[key] = other.get(key) if isinstance(one.get(key), Gap) and key in other else one.get(key)
        elif type_ in _COMPLETE_EACH_OTHER and not (key in one and key in other):
            result[key] = one.get(key, other.get(key))
        else:
            result[key] = differs(type_, scope, key, id_, (here, there))
    return result


def differs(type_: str, scope: Scope, key: str, id_: str, places: tuple[str, str]) -> Gap:
    """Return the gap of an attribute that two places tell differently."""
    here, there = places
    where = here if here == there else f"{here} and {there}"
    return Gap(
        type=type_,
        scope=scope,
        item=key,
        status=Status.UNREADABLE,
        error=f"{id_} is told twice, with another {key} each time: {where}",
        supply=f"tell it once: keep what is right of {where}",
        parent=id_,
    )


def conflicts(records: Iterable[Record]) -> tuple[Gap, ...]:
    """Return the attributes of records that were told differently, each once."""
    found = (
        value for record in records for key, value in record.raw.items() if isinstance(value, Gap) and value.item == key
    )
    return tuple(dict.fromkeys(found))


def conflict_lines(source: str, gaps: Iterable[Gap]) -> tuple[Coverage, ...]:
    """Return a line of the ledger for each attribute that was told differently."""
    return tuple(Coverage(source, gap.scope, f"{gap.item} of {gap.parent}", gap.status, 0, gap.error) for gap in gaps)


def canonical(value: object) -> str:
    """Return a text that two values share if they are equal but for the order of lists, which AWS does not keep."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key!r}:{canonical(value[key])}" for key in sorted(value, key=str)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(sorted(map(canonical, value))) + "]"
    return repr(value)

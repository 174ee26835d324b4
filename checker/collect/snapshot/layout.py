"""The format of a snapshot, version 1: its manifest, its files and how values are written.

A folder with `manifest.json` and one file of JSON lines for each account and Region, a record on each line. A part of
a record that could not be read stands there as `{"$gap": …}`, one that was removed as `{"$removed": true}`; a key of
AWS's own that starts with `$` is written with one more.
"""

from collections.abc import Mapping

from checker.collect.snapshot.secrets import Removed
from checker.model.fact import Missing
from checker.model.record import Coverage, Gap, Origin, Record, Scope, Status

NAME, VERSION = "tierproof.snapshot", 1
MANIFEST = "manifest.json"
JUDGE_ELSEWHERE = "judge the source itself: secrets are not kept in a snapshot"


def encoded(value: object) -> object:
    """Return a value of a record as plain JSON."""
    if isinstance(value, Mapping):
        return {f"${key}" if str(key).startswith("$") else str(key): encoded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(inner) for inner in value]
    if isinstance(value, Gap):
        return {"$gap": gap_to_json(value)}
    if isinstance(value, Missing):
        return {"$missing": {"fact": value.fact, "supply": value.supply}}
    if isinstance(value, Removed):
        return {"$removed": True}
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)


def decoded(value: object, name: str = "") -> object:
    """Return the value that was written; `name` is the member it stands under.

    Raises:
        TypeError, ValueError, KeyError: it is not what `encoded` writes.
    """
    if isinstance(value, list):
        return [decoded(inner, name) for inner in value]
    if not isinstance(value, dict):
        return value
    if "$gap" in value:
        return gap_from_json(_mapping(value["$gap"]))
    if "$missing" in value:
        inner = _mapping(value["$missing"])
        return Missing(text(inner, "fact"), text(inner, "supply"))
    if "$removed" in value:
        return Missing(f"{name} (removed when the snapshot was written)", JUDGE_ELSEWHERE)
    return {key.removeprefix("$"): decoded(inner, key) for key, inner in value.items()}


def record_to_json(record: Record, raw: object) -> dict[str, object]:
    """Return a record as the object of its line."""
    origin = {"source": record.origin.source, "file": record.origin.file, "line": record.origin.line}
    origin["address"] = record.origin.address
    told = {key: value for key, value in origin.items() if value is not None}
    return {"type": record.type, "dialect": record.dialect, "origin": told, "raw": encoded(raw)}


def record_from_json(value: object, scope: Scope) -> Record:
    """Return the record of a line; raises `TypeError` or `KeyError` for another object."""
    found = _mapping(value)
    origin, raw = _mapping(found["origin"]), decoded(found["raw"])
    line = origin.get("line")
    where = Origin(
        text(origin, "source"),
        text(origin, "file") or None,
        line if isinstance(line, int) else None,
        text(origin, "address") or None,
    )
    return Record(text(found, "dialect"), text(found, "type"), scope, _mapping(raw), where)


def gap_to_json(gap: Gap) -> dict[str, object]:
    """Return a gap as an object."""
    return {
        "type": gap.type,
        "account": gap.scope.account,
        "region": gap.scope.region,
        "item": gap.item,
        "status": gap.status.value,
        "error": gap.error,
        "supply": gap.supply,
        "parent": gap.parent,
    }


def gap_from_json(value: Mapping[str, object]) -> Gap:
    """Return the gap of an object."""
    status, parent = Status(text(value, "status")), text(value, "parent") or None
    return Gap(
        text(value, "type"),
        scope_of(value),
        text(value, "item"),
        status,
        text(value, "error"),
        text(value, "supply"),
        parent,
    )


def line_to_json(line: Coverage) -> dict[str, object]:
    """Return a line of the ledger as an object."""
    return {
        "source": line.source,
        "account": line.scope.account,
        "region": line.scope.region,
        "item": line.item,
        "status": line.status.value,
        "count": line.count,
        "error": line.error,
    }


def line_from_json(value: Mapping[str, object]) -> Coverage:
    """Return the line of an object."""
    count, error = value.get("count"), text(value, "error") or None
    number = count if isinstance(count, int) else 0
    return Coverage(
        text(value, "source"), scope_of(value), text(value, "item"), Status(text(value, "status")), number, error
    )


def scope_of(value: Mapping[str, object]) -> Scope:
    """Return the account and the Region of an object."""
    return Scope(text(value, "account"), text(value, "region"))


def text(value: Mapping[str, object], key: str) -> str:
    """Return a text of an object, empty where it is null or absent; raises `TypeError` for anything else."""
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise TypeError(f"{key} is not a text")
    return found


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value

"""Reading a snapshot back, and refusing one that is newer, damaged or not one."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from checker.collect.snapshot.layout import (
    MANIFEST,
    NAME,
    VERSION,
    gap_from_json,
    line_from_json,
    record_from_json,
    scope_of,
    text,
)
from checker.collect.snapshot.needless import without_needless_gaps
from checker.errors import SourceError, UsageError
from checker.model.call import Call, DetailCall, ListCall, Listed
from checker.model.record import Collection, Gap, Record, Scope, Status

_AGAIN = "collect again with `tierproof collect --to`"
Manifest = Mapping[str, object]


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a snapshot.

    Raises:
        UsageError: its format is a newer one.
        SourceError: it is no manifest, or not all of one.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_text("utf-8"))
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise SourceError(f"the snapshot is damaged: {error.msg}", where=where, hint=_AGAIN) from error
    except FileNotFoundError as error:
        hint = "name the folder that `tierproof collect --to` wrote"
        raise SourceError(f"this is no snapshot: it has no {MANIFEST}", where=str(folder), hint=hint) from error
    except OSError as error:
        raise SourceError(f"the snapshot cannot be read: {error.strerror}", where=str(path)) from error
    except (ValueError, RecursionError) as error:
        # No UTF-8, numbers of thousands of digits, lists in lists without end.
        raise SourceError(f"the snapshot is damaged: {error}", where=str(path), hint=_AGAIN) from error
    format_ = found.get("format") if isinstance(found, dict) else None
    version = re.fullmatch(rf"{re.escape(NAME)}/([0-9]{{1,9}})", format_) if isinstance(format_, str) else None
    if not isinstance(found, dict) or not version:
        raise SourceError(f"this is no manifest of a snapshot: its format is {format_!r}", where=str(path), hint=_AGAIN)
    if int(version[1]) > VERSION:
        what = f"the snapshot has format version {version[1]}, and this tierproof reads version {VERSION}"
        raise UsageError(
            what, where=str(path), hint="install the tierproof that wrote it or a newer one, or collect again"
        )
    return found


def read(folder: Path, kinds: Sequence[Listed]) -> Collection:
    """Return the collection that a snapshot holds; what was not asked for when it was taken is a gap.

    Raises:
        UsageError: its format is a newer one.
        SourceError: it is damaged.
    """
    manifest = read_manifest(folder)
    try:
        records = [record for entry in _entries(manifest) for record in _records(folder, entry)]
        gaps = tuple(gap_from_json(entry) for entry in _objects(manifest, "gaps"))
        lines = tuple(line_from_json(entry) for entry in _objects(manifest, "coverage"))
        times, facts = text(manifest, "collected_at"), _facts(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError(f"the snapshot is damaged: {error}", where=str(folder / MANIFEST), hint=_AGAIN) from error
    missing = _Unasked(manifest, kinds)
    scopes = {record.scope for record in records} | {line.scope for line in lines}
    found = Collection(
        source="snapshot",
        records=tuple(missing.mark(record) for record in records),
        gaps=(*gaps, *missing.gaps(scopes)),
        coverage=lines,
        paths=(str(folder),),
        collected_at=times or None,
        facts=facts,
    )
    return without_needless_gaps(found, kinds)


def files_named(manifest: Manifest) -> tuple[str, ...]:
    """Return the files of a snapshot besides its manifest."""
    return tuple(text(entry, "path") for entry in _objects(manifest, "files"))


class _Unasked:
    """What the kinds ask for today and nobody asked for when a snapshot was taken."""

    def __init__(self, manifest: Manifest, kinds: Iterable[Listed]) -> None:
        asked = manifest.get("asked")
        self._asked = asked if isinstance(asked, Mapping) else {}
        tool = manifest.get("tool")
        self._tool = str(tool.get("version")) if isinstance(tool, Mapping) else "an older version"
        calls: list[Call] = [call for kind in kinds for call in kind.calls]
        self._lists = [call for call in calls if isinstance(call, ListCall) and call.type not in self._asked]
        self._details = [call for call in calls if isinstance(call, DetailCall) and not self._has(call)]

    def gaps(self, scopes: Iterable[Scope]) -> Iterator[Gap]:
        """Yield a gap for each listing and scope."""
        ordered = sorted(scope for scope in scopes if scope.account)
        for call in self._lists:
            for scope in ordered:
                if call.is_global == (scope.region == "global"):
                    yield self._gap(call, call.type, scope)

    def mark(self, record: Record) -> Record:
        """Return a record with a gap for each part that was not asked for."""
        parts = [call for call in self._details if call.of == record.type and call.into not in record.raw]
        if not parts:
            return record
        added = {call.into: self._gap(call, record.type, record.scope) for call in parts}
        return replace(record, raw={**record.raw, **added})

    def _has(self, call: DetailCall) -> bool:
        parts = self._asked.get(call.of)
        return isinstance(parts, list) and call.into in parts

    def _gap(self, call: Call, type_: str, scope: Scope) -> Gap:
        error = f"tierproof {self._tool}, which took the snapshot, did not read it"
        return Gap(type_, scope, f"{call.service} {call.operation}", Status.UNREADABLE, error, _AGAIN)


def _records(folder: Path, entry: Mapping[str, object]) -> Iterator[Record]:
    name, scope = text(entry, "path"), scope_of(entry)
    inside = PurePosixPath(name)
    path = folder / inside
    if inside.is_absolute() or ".." in inside.parts:
        raise SourceError(
            f"the snapshot is damaged: it names {name}, outside of itself", where=str(folder), hint=_AGAIN
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"the snapshot is damaged: {error.strerror}", where=str(path), hint=_AGAIN) from error
    if hashlib.sha256(content).hexdigest() != entry.get("sha256"):
        lines = content.count(b"\n")
        what = f"it is not as it was written ({lines} records, {entry.get('records')} were written)"
        raise SourceError(f"the snapshot is damaged: {what}", where=str(path), hint=_AGAIN)
    # Only the line feed ends a line here: a text may hold the others.
    for number, line in enumerate(content.decode().split("\n"), 1):
        if line:
            try:
                yield record_from_json(json.loads(line), scope)
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise SourceError(f"the snapshot is damaged: {error}", where=f"{path}:{number}", hint=_AGAIN) from error


def _entries(manifest: Manifest) -> list[Mapping[str, object]]:
    return _objects(manifest, "files")


def _objects(manifest: Manifest, key: str) -> list[Mapping[str, object]]:
    found = manifest[key]
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise ValueError(f"{key} is not a list of objects")
    return found


def _facts(manifest: Manifest) -> dict[str, str]:
    found = manifest.get("facts")
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}

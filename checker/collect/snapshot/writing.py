"""Writing a snapshot: all of it or nothing, for its owner's eyes only."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import checker
from checker.collect.snapshot.layout import MANIFEST, NAME, VERSION, gap_to_json, line_to_json, record_to_json
from checker.collect.snapshot.reading import files_named, read_manifest
from checker.collect.snapshot.secrets import Cleaner
from checker.errors import CheckerError, UsageError
from checker.model.call import Call, DetailCall, Listed
from checker.model.record import Collection, Gap, Record, Scope


def refuse_target(folder: Path, *, force: bool) -> None:
    """Raise `UsageError` where a snapshot must not be written: better before anything was read than after."""
    if folder.exists() and not folder.is_dir():
        raise UsageError("this is a file", where=str(folder), hint="name a folder")
    if not folder.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {folder.absolute().parent}", where=str(folder))
    if force or not folder.exists():
        return
    strangers = sorted(_strangers(folder))
    if strangers:
        some = ", ".join(strangers[:3]) + (f" and {len(strangers) - 3} more" if len(strangers) > 3 else "")
        hint = "name a new folder, or give --force to put the snapshot's files beside the others"
        raise UsageError(f"the folder holds something else than a snapshot: {some}", where=str(folder), hint=hint)


def write(collection: Collection, kinds: Sequence[Listed], folder: Path, *, force: bool = False) -> None:
    """Write a collection to a folder, in place of the snapshot that is there; the same collection gives equal bytes.

    Raises:
        UsageError: the folder is no place for it, or cannot be written to.
    """
    refuse_target(folder, force=force)
    folder = folder.resolve()  # a link keeps leading where it led
    try:
        # A folder of its own beside the target: whoever reads meanwhile sees the old snapshot or the new one.
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            _fill(made, collection, kinds)
            _put(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise UsageError(f"the snapshot could not be written: {error.strerror}", where=str(folder)) from error


def _fill(folder: Path, collection: Collection, kinds: Sequence[Listed]) -> None:
    cleaner = cleaner_of(kinds)
    by_scope: dict[Scope, list[Record]] = {}
    for record in collection.records:
        by_scope.setdefault(record.scope, []).append(record)
    files = []
    for scope in sorted(by_scope):
        lines = [_json(record_to_json(record, _cleaned(cleaner, record))) for record in by_scope[scope]]
        content = "".join(f"{line}\n" for line in lines).encode()
        name = f"{_plain(scope.account)}/{_plain(scope.region)}.jsonl"
        _write(folder / name, content)
        digest = hashlib.sha256(content).hexdigest()
        about = {"account": scope.account, "region": scope.region, "path": name}
        files.append({**about, "records": len(lines), "sha256": digest})
    manifest = {
        "format": f"{NAME}/{VERSION}",
        "tool": {"name": "tierproof", "version": checker.__version__},
        "source": collection.source,
        "collected_at": collection.collected_at,
        "paths": list(collection.paths),
        "facts": {key: cleaner.text(value) for key, value in sorted(collection.facts.items())},
        "asked": asked(kinds),
        "files": files,
        "gaps": [gap_to_json(_clean_gap(cleaner, gap)) for gap in collection.gaps],
        "coverage": [
            line_to_json(replace(line, error=cleaner.text(line.error) if line.error else None))
            for line in collection.coverage
        ],
    }
    _write(folder / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode())


def cleaner_of(kinds: Sequence[Listed]) -> Cleaner:
    """Return what frees the records of some kinds of secrets."""
    from checker.collect.aws.members import members  # botocore takes a quarter of a second to import

    found = members(call for kind in kinds for call in kind.calls)
    return Cleaner(found.sensitive, found.harmless)


def asked(kinds: Iterable[Listed]) -> Mapping[str, list[str]]:
    """Return what was asked for: for each type of record the parts that were asked for besides."""
    calls: list[Call] = [call for kind in kinds for call in kind.calls]
    found: dict[str, set[str]] = {call.of if isinstance(call, DetailCall) else call.type: set() for call in calls}
    for call in calls:
        if isinstance(call, DetailCall):
            found[call.of].add(call.into)
    return {type_: sorted(found[type_]) for type_ in sorted(found)}


def _cleaned(cleaner: Cleaner, record: Record) -> object:
    return cleaner.clean(
        {key: _clean_gap(cleaner, value) if isinstance(value, Gap) else value for key, value in record.raw.items()}
    )


def _clean_gap(cleaner: Cleaner, gap: Gap) -> Gap:
    return replace(gap, error=cleaner.text(gap.error))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)


def _put(made: Path, folder: Path) -> None:
    """Put what was made in the place of the folder; of one that holds other files too, those stay."""
    if folder.exists() and any(_strangers(folder)):
        # The manifest last: it alone says which files belong to the snapshot.
        for path in sorted(
            (path for path in made.rglob("*") if path.is_file()), key=lambda path: path.name == MANIFEST
        ):
            target = folder / path.relative_to(made)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)
        return
    if not folder.exists():
        made.replace(folder)
        return
    old = made.with_name(f"{made.name}.old")
    folder.replace(old)
    try:
        made.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _strangers(folder: Path) -> Iterable[str]:
    """Yield the files of a folder that do not belong to a snapshot there."""
    try:
        own = {MANIFEST, *files_named(read_manifest(folder))} if (folder / MANIFEST).is_file() else set()
    except CheckerError:
        own = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name not in own:
            yield name


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "_", text) or "none"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

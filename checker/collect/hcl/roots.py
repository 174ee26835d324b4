"""The root modules inside a path, found by reading."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from checker.collect.hcl.configuration import configuration_files, is_configuration_file
from checker.collect.hcl.tree import OutsideError, Tree, real
from checker.errors import SourceError

MOST_FOLDERS = 50_000
# Folders that hold other people's programs.
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv"})
# Read by patterns and not by the parser: a file with a mistake in it calls modules all the same.
_SOURCE = re.compile(rb'^\s*(?:source\s*=|"source"\s*:)\s*"(\.{1,2}(?:/[^"$]*)?)"', re.MULTILINE)
_STATE = re.compile(rb'^\s*(?:backend\s+"[^"]*"|cloud)\s*\{|"(?:backend|cloud)"\s*:\s*[{\[]', re.MULTILINE)
_THINGS = re.compile(rb'^\s*(?:resource|module|data)\s+"|"(?:resource|module|data)"\s*:', re.MULTILINE)


@dataclass(frozen=True)
class _Folder:
    path: Path
    calls: frozenset[Path]
    keeps_state: bool
    has_things: bool


def roots(path: Path) -> tuple[Path, ...]:
    """Return the root modules inside a path, in the order of their names; a file is one by itself.

    A folder that another calls as a local module is a root only if it says where its own state is kept, or if values
    of its variables stand beside it. The named path itself always is one, if configuration files stand right in it.
    """
    if not path.is_dir():
        return (path,)
    folders = tuple(configuration_folders(path))
    if len(folders) < 2:
        return folders
    tree = Tree.around(path)
    read = [_read(folder, tree) for folder in folders]
    called = {place for one in read for place in one.calls}
    chosen = [one for one in read if one.path == path or real(one.path) not in called or one.keeps_state]
    # A folder that makes nothing and calls nothing, such as one of versions only, has nothing to judge.
    return tuple(one.path for one in chosen if one.has_things) or tuple(one.path for one in chosen)


def configuration_folders(path: Path) -> Iterator[Path]:
    """Yield the folders at and below a path that hold configuration files, in the order of their names.

    Hidden folders (and so `.terraform` with the copies of modules in it) are left out, links to folders not followed.

    Raises:
        SourceError: there are more folders than are looked into; a root among the rest would be judged by nobody.
    """
    for number, (place, folders, files) in enumerate(os.walk(path)):
        if number >= MOST_FOLDERS:
            raise SourceError(
                f"there are more than {MOST_FOLDERS} folders", where=str(path), hint="name the root modules themselves"
            )
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        if any(is_configuration_file(name) for name in files):
            yield Path(place)


def _read(folder: Path, tree: Tree) -> _Folder:
    texts = [_bytes(item, tree) for item in configuration_files(folder)]
    text = b"\n".join(one for one in texts if one is not None)
    calls = (real(folder / found.decode("utf-8", "replace")) for found in _SOURCE.findall(text))
    has_values = any(item.name.endswith((".tfvars", ".tfvars.json")) for item in folder.iterdir())
    return _Folder(
        folder,
        frozenset(place for place in calls if place != real(folder)),
        has_values or bool(_STATE.search(text)),
        # What cannot be read may hold anything.
        None in texts or bool(_THINGS.search(text)),
    )


def _bytes(path: Path, tree: Tree) -> bytes | None:
    try:
        return tree.read(path, beside=path.parent)
    except (OSError, OutsideError):
        return None

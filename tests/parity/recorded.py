"""What the real tools once said of the stacks of the table, kept in one archive for each kind of document.

`python -m tests.parity.recording` makes them anew.
"""

import io
import json
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

KINDS = ("terraform-plan", "terraform-state", "pulumi-preview", "pulumi-state")
FOLDER = Path(__file__).with_name("recorded")
# What no source reads, and what tells of the machine that it was made on.
_NOT_KEPT = {"stackTrace", "diagnostics", "duration", "created", "modified", "timestamp"}
_OUTSIDE = "project:///.."
# The text of a secret is another in each export, and nobody could read it anyway.
_SECRET = "ciphertext"


def document(kind: str, name: str) -> str:
    """Return the document of a stack as JSON."""
    return _documents(kind)[name]


def names(kind: str) -> frozenset[str]:
    """Return the stacks of which there is a document of a kind."""
    return frozenset(_documents(kind))


@cache
def _documents(kind: str) -> dict[str, str]:
    with tarfile.open(FOLDER / f"{kind}.tar.xz") as archive:
        return {Path(one.name).stem: _text(archive, one) for one in archive.getmembers()}


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    file = archive.extractfile(member)
    assert file is not None
    return file.read().decode()


def pack(kind: str, folder: Path) -> None:
    """Write the archive of a kind from the documents of a folder."""
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(FOLDER / f"{kind}.tar.xz", "w:xz", preset=9) as archive:
        for path in sorted(folder.glob("*.json")):
            content = json.dumps(kept(json.loads(path.read_text(encoding="utf-8"))), separators=(",", ":")).encode()
            member = tarfile.TarInfo(path.name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def kept(value: Any) -> Any:
    """Return the part of a document that is kept."""
    if isinstance(value, dict):
        told = {key: one for key, one in value.items() if key not in _NOT_KEPT and not _is_outside(one)}
        return {key: "v1:not:kept" if key == _SECRET else kept(one) for key, one in told.items()}
    return [kept(one) for one in value] if isinstance(value, list) else value


def _is_outside(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_OUTSIDE)

"""Files that shape the verdicts, as they are read and as a report names them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from checker.errors import ConfigurationError
from checker.model.report import Document

_MOST_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """What a file holds, and what a report calls it: its path, and the revision if it was read from one."""

    source: str
    content: bytes

    @property
    def text(self) -> str:
        """Return the content as text; raises `ConfigurationError` with the line where it is not UTF-8."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise ConfigurationError("the file is not UTF-8 text", where=f"{self.source}:{line}") from error

    def document(self, kind: str) -> Document:
        """Return the file's record for the report."""
        return Document(kind, self.source, hashlib.sha256(self.content).hexdigest())


Read = Callable[[Path, str], File]


def from_disk(path: Path, hint: str = "") -> File:
    """Return a file as it lies on the disk; raises `ConfigurationError` with the hint where that cannot be."""
    try:
        if path.is_dir():
            raise ConfigurationError("this is a folder", where=str(path), hint=hint)
        if not path.exists():
            raise ConfigurationError("there is no such file", where=str(path), hint=hint)
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigurationError(f"the file cannot be read: {reason}", where=str(path), hint=hint) from error
    if len(content) > _MOST_BYTES:
        raise ConfigurationError("the file is larger than 512 MiB", where=str(path), hint=hint)
    return File(str(path), content)

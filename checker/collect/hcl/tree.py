"""The tree of files that a configuration may read: its repository, and nothing outside of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LARGEST = 10 * 1024 * 1024


class OutsideError(Exception):
    """A file that is not read, and why."""


@dataclass(frozen=True)
class Tree:
    """A folder with all symbolic links resolved; `is_repository` where it is the top of a repository."""

    top: Path
    is_repository: bool

    @classmethod
    def around(cls, path: Path) -> Tree:
        """Return the repository that a path stands in, or the folder itself where there is none."""
        folder = real(path)
        if not folder.is_dir():
            folder = folder.parent
        for place in (folder, *folder.parents):
            if (place / ".git").exists():
                return cls(place, True)
        return cls(folder, False)

    def holds(self, path: Path) -> bool:
        """Tell whether a path, its links followed, stands in the tree."""
        return real(path).is_relative_to(self.top)

    def module(self, path: Path) -> bool:
        """Tell whether a folder may be read as a local module.

        Where no repository marks a border, Terraform's own rule stands: a local module is any folder beside.
        """
        return not self.is_repository or self.holds(path)

    def read(self, path: Path, *, beside: Path | None = None, confined: bool = True) -> bytes:
        """Return what a file holds; one `beside` others that are read needs no repository around it.

        Raises:
            OutsideError: it stands outside of the tree, or is larger than `LARGEST` bytes.
            OSError: it cannot be read.
        """
        found = real(path)
        is_beside = beside is not None and not self.is_repository and found.is_relative_to(real(beside))
        if confined and not is_beside and not found.is_relative_to(self.top):
            raise OutsideError("it stands outside of the repository")
        if not found.is_file():
            raise FileNotFoundError(2, "there is no such file", str(path))
        if found.stat().st_size > LARGEST:
            raise OutsideError(f"it is larger than {LARGEST // (1024 * 1024)} MB")
        return found.read_bytes()


def real(path: Path) -> Path:
    """Return where a path leads, its links followed; a loop of links leads nowhere."""
    return Path(os.path.realpath(path))


def shown(path: Path) -> str:
    """Return a path without needless steps, as relative as it was given."""
    return os.path.normpath(path)

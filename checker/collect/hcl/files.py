"""The files that expressions of a root module may read: those in its tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from checker.collect.hcl.tree import OutsideError, Tree
from checker.collect.hcl.values import Failure
from checker.model.fact import Missing

_MOST = 10_000
_MOST_CHOICES = 100
_SUPPLY = "keep it in the repository"
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class RootFiles:
    """Files by paths relative to the root module's folder, where Terraform runs."""

    folder: Path
    tree: Tree

    def read(self, path: str) -> bytes | Missing:
        """Return what a file holds; nothing outside of the tree is looked at.

        Source: https://developer.hashicorp.com/terraform/language/functions/file
        """
        found = self._inside(path)
        if isinstance(found, Missing):
            return found
        try:
            return self.tree.read(found)
        except FileNotFoundError:
            return Failure(f"there is no file {path}", "add the file, or correct its path")
        except (OSError, OutsideError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return Missing(f"the file {path} ({reason})", "make it readable")

    def match(self, folder: str, pattern: str) -> list[str] | Missing:
        """Return the paths of the files below a folder that fit a pattern, relative to it and in order.

        Terraform lists links to files too, so the list is not known where one of them leads out of the tree.
        Source: https://developer.hashicorp.com/terraform/language/functions/fileset
        """
        top = self._inside(folder)
        if isinstance(top, Missing):
            return top
        if pattern.startswith("/") or ".." in pattern.split("/"):
            return Missing(f"the files {pattern}, which stand outside of {folder}", "keep to the folder")
        too_many = Missing(f"the files {pattern} in {folder}, which are too many", "use a narrower pattern")
        # A list that was cut off would hide instances that nobody judges.
        choices, seen = _alternatives(pattern), 0
        if len(choices) > _MOST_CHOICES:
            return too_many
        found: set[str] = set()
        try:
            for one in choices:
                for item in islice(top.glob(one), _MOST):
                    seen += 1
                    if not self.tree.holds(item) and not item.is_dir():
                        outside = item.relative_to(top).as_posix()
                        return Missing(f"the file {outside}, which stands outside of the repository", _SUPPLY)
                    if item.is_file():
                        found.add(item.relative_to(top).as_posix())
        except (OSError, ValueError, NotImplementedError, RuntimeError):
            return Missing(f"the files {pattern} in {folder}, which cannot be listed", "make the folder readable")
        return too_many if seen >= _MOST else sorted(found)

    def _inside(self, path: str) -> Path | Missing:
        refused = Missing(f"the file {path}, which stands outside of the repository", _SUPPLY)
        if path.startswith(("/", "~", "\\")) or "\0" in path:
            return refused
        try:
            place = self.folder / path
            return place if self.tree.holds(place) else refused
        except (OSError, RuntimeError, ValueError):
            return refused


def _alternatives(pattern: str) -> list[str]:
    match = _BRACES.search(pattern)
    if match is None:
        return [pattern]
    start, end = pattern[: match.start()], pattern[match.end() :]
    every = (found for choice in match[1].split(",") for found in _alternatives(start + choice + end))
    return list(islice(every, _MOST_CHOICES + 1))

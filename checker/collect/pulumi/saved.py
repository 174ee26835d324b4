"""Files that the Pulumi CLI saved, of one sort: which of them some paths name, and how a path is recognised as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.pulumi.files import Shape, files_of, shape_of
from checker.errors import SourceError


@dataclass(frozen=True)
class Saved:
    """A sort of files, called `Pulumi <name>`, with what each of its shapes is called; `hint` says how to write one."""

    name: str
    shapes: Mapping[Shape, str]
    hint: str

    def files(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Return the files that the paths name, each once; one that is nothing of Pulumi's is left to who reads it.

        Raises:
            SourceError: there is none, or one is of another sort.
        """
        files = tuple(dict.fromkeys(file for path in paths for file in files_of(path, self.shapes)))
        strange = [path for path in files if shape_of(path) not in (None, *self.shapes)]
        if strange or not files:
            where = ", ".join(map(str, strange or paths))
            raise SourceError(f"there is no Pulumi {self.name}", where=where, hint=self.hint)
        return files

    def recognise(self, path: Path) -> str | None:
        """Return what a path is, if it is such a file, or a folder of them without a program."""
        if path.is_file():
            shape = shape_of(path)
            return self.shapes.get(shape) if shape else None
        files = files_of(path, self.shapes) if path.is_dir() else ()
        return f"a folder of Pulumi {self.name}s ({len(files)} files)" if files else None

"""The source of states, and how a path is recognised as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.source import Inputs, Progress, silent
from checker.collect.terraform.shapes import Shape, files_of, shape_of
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection

_WORDS = {Shape.STATE: "a Terraform state", Shape.RAW_STATE: "a Terraform state file"}


@dataclass(frozen=True)
class StateSource:
    """Files that hold states, or folders of them."""

    paths: tuple[Path, ...]

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return what the states hold.

        Raises:
            SourceError: there is no state, or a file is none, or of a format that is not known.
        """
        from checker.collect.terraform_state.collection import collect  # not needed to recognise one

        files = tuple(dict.fromkeys(file for path in self.paths for file in _files(path)))
        strange = [path for path in files if shape_of(path) is Shape.PLAN]
        if strange or not files:
            where = ", ".join(map(str, strange or self.paths))
            raise SourceError("there is no state", where=where, hint="run: terraform show -json > state.json")
        return collect(files, kinds, progress)


def source_of(paths: Sequence[Path], inputs: Inputs) -> StateSource:
    """Return the source of some files, or of folders of them; nothing is read yet."""
    return StateSource(tuple(paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is, if it is a state, or a folder of such without a program."""
    if path.is_file():
        shape = shape_of(path)
        return _WORDS.get(shape) if shape else None
    files = _files(path) if path.is_dir() else ()
    return f"a folder of Terraform states ({len(files)} files)" if files else None


def _files(path: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(file for shape in _WORDS for file in files_of(path, shape)))

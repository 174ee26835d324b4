"""The source of previews, and how a path is recognised as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.as_plan.declared import Declared
from checker.collect.pulumi.files import Shape, files_of, shape_of
from checker.collect.source import Inputs, Progress, silent
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection

NAME = "pulumi-preview"
_WORDS = {Shape.PREVIEW: "a Pulumi preview", Shape.EVENTS: "the events of a Pulumi preview"}
_HINT = "run: pulumi preview --json --show-sames > preview.json"


@dataclass(frozen=True)
class PreviewSource:
    """Files that hold previews, or folders of them."""

    paths: tuple[Path, ...]

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return what the previews hold, as it will be after the update.

        Raises:
            SourceError: there is no preview, or a file is none.
            UsageError: two files tell of the same stack.
        """
        from checker.collect.pulumi_preview.collection import collect  # not needed to recognise one

        return collect(self._files(), kinds, progress)

    def declared(self, progress: Progress = silent) -> Declared:
        """Return all that there will be, of every type; raises as `collect` does."""
        from checker.collect.pulumi_preview.collection import gathered

        return gathered(self._files(), progress).declared()

    def _files(self) -> tuple[Path, ...]:
        files = tuple(dict.fromkeys(file for path in self.paths for file in files_of(path, _WORDS)))
        strange = [path for path in files if shape_of(path) in (Shape.EXPORT, Shape.CHECKPOINT)]
        if strange or not files:
            where = ", ".join(map(str, strange or self.paths))
            raise SourceError("there is no Pulumi preview", where=where, hint=_HINT)
        return files


def source_of(paths: Sequence[Path], inputs: Inputs) -> PreviewSource:
    """Return the source of some files, or of folders of them; nothing is read yet."""
    return PreviewSource(tuple(paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is, if it is a preview, or a folder of such without a program."""
    if path.is_file():
        shape = shape_of(path)
        return _WORDS.get(shape) if shape else None
    files = files_of(path, _WORDS) if path.is_dir() else ()
    return f"a folder of Pulumi previews ({len(files)} files)" if files else None

"""The source of previews, and how a path is recognised as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.as_plan.declared import Declared
from checker.collect.pulumi.files import Shape
from checker.collect.pulumi.saved import Saved
from checker.collect.source import Inputs, Progress, silent
from checker.model.call import Listed
from checker.model.record import Collection

NAME = "pulumi-preview"
_SAVED = Saved(
    "preview",
    {Shape.PREVIEW: "a Pulumi preview", Shape.EVENTS: "the events of a Pulumi preview"},
    hint="run: pulumi preview --json --show-sames > preview.json",
)


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

        return collect(_SAVED.files(self.paths), kinds, progress)

    def declared(self, progress: Progress = silent) -> Declared:
        """Return all that there will be, of every type; raises as `collect` does."""
        from checker.collect.pulumi_preview.collection import gathered

        return gathered(_SAVED.files(self.paths), progress).declared()


def source_of(paths: Sequence[Path], inputs: Inputs) -> PreviewSource:
    """Return the source of some files, or of folders of them; nothing is read yet."""
    return PreviewSource(tuple(paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is, if it is a preview, or a folder of such without a program."""
    return _SAVED.recognise(path)

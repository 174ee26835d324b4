"""The source of states, and how a path is recognised as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.as_plan.declared import Declared
from checker.collect.pulumi.files import Shape
from checker.collect.pulumi.saved import Saved
from checker.collect.source import Inputs, Progress, silent
from checker.model.call import Listed
from checker.model.record import Collection

NAME = "pulumi-state"
_SAVED = Saved(
    "state",
    {Shape.EXPORT: "an exported Pulumi stack", Shape.CHECKPOINT: "a Pulumi state file"},
    hint="run: pulumi stack export --file state.json",
)


@dataclass(frozen=True)
class StateSource:
    """Files that hold states, or folders of them."""

    paths: tuple[Path, ...]

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return what the states hold.

        Raises:
            SourceError: there is no state, or a file is none, or of a version that is not known.
            UsageError: two files hold the same stack.
        """
        from checker.collect.pulumi_state.collection import collect  # not needed to recognise one

        return collect(_SAVED.files(self.paths), kinds, progress)

    def declared(self, progress: Progress = silent) -> Declared:
        """Return all that the states hold, of every type; raises as `collect` does."""
        from checker.collect.pulumi.gathered import EveryType
        from checker.collect.pulumi_state.collection import gathered

        return gathered(_SAVED.files(self.paths), EveryType(), progress).declared(stands=True)


def source_of(paths: Sequence[Path], inputs: Inputs) -> StateSource:
    """Return the source of some files, or of folders of them; nothing is read yet."""
    return StateSource(tuple(paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is, if it is a state, or a folder of such without a program."""
    return _SAVED.recognise(path)

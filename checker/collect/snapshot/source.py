"""The source of snapshots, and how a path is recognised as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.join import join
from checker.collect.snapshot.layout import MANIFEST, NAME
from checker.collect.snapshot.reading import read
from checker.collect.source import Inputs, Progress, silent
from checker.model.call import Listed
from checker.model.record import Collection


@dataclass(frozen=True)
class SnapshotSource:
    """Folders that `tierproof collect` wrote."""

    folders: tuple[Path, ...]

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return what the snapshots hold.

        Raises:
            UsageError: a format is newer than this program.
            SourceError: a snapshot is damaged.
        """
        found = []
        for done, folder in enumerate(self.folders):
            progress(str(folder), done, len(self.folders))
            found.append(read(folder, kinds))
        return join(found)


def source_of(paths: Sequence[Path], inputs: Inputs) -> SnapshotSource:
    """Return the source of some folders, or of their manifests; nothing is read yet."""
    return SnapshotSource(tuple(path.parent if path.name == MANIFEST and path.is_file() else path for path in paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return that a path is a snapshot, if its manifest says so."""
    manifest = path if path.name == MANIFEST and path.is_file() else path / MANIFEST
    if manifest.is_file() and f'"{NAME}/'.encode() in manifest.read_bytes():
        return "a snapshot"
    return None

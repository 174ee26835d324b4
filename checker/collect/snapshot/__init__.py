"""The source `snapshot`: what another source saw, saved with `tierproof collect`."""

from checker.collect.snapshot.source import recognise, source_of
from checker.collect.source import FileSourceSpec

SOURCE = FileSourceSpec(
    name="snapshot",
    looks_for="a folder with the manifest.json that `tierproof collect --to` writes",
    recognise=recognise,
    open=source_of,
)

"""The source of AWS CLI output, and how a path is recognised as that."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.collect.pulumi.files import shape_of as pulumi_shape_of
from checker.collect.source import Inputs, Progress, silent
from checker.collect.terraform.shapes import holds_program, shape_of
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection

SNAPSHOT_MARK = b'"tierproof.snapshot/'


@dataclass(frozen=True)
class AwsJsonSource:
    """Files and folders of what AWS answered, read as one."""

    paths: tuple[Path, ...]

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return all that the files hold of `kinds`.

        Raises:
            SourceError: a file is no JSON, or none holds anything that is read.
        """
        from checker.collect.aws_json.collection import collect  # botocore takes a quarter of a second to import

        return collect(self.paths, kinds, progress)


def source_of(paths: Sequence[Path], inputs: Inputs) -> AwsJsonSource:
    """Return the source of some paths; nothing is read yet."""
    return AwsJsonSource(tuple(paths))


def recognise(path: Path, kinds: Sequence[Listed]) -> str | None:
    """Return what a path is if some JSON file there is AWS CLI output; the smallest files are looked at first.

    A path whose JSON files are all broken is taken for one, so that the place of the fault can be told. What Terraform
    and Pulumi write is JSON too: their files, and a folder that holds a program, are for others.
    """
    from checker.collect.aws_json.files import decode, find

    manifest = path / "manifest.json"
    if manifest.is_file() and SNAPSHOT_MARK in manifest.read_bytes():
        return None
    if path.is_dir() and holds_program(path):
        return None
    files = sorted(
        (file for file in find(path) if file.is_json and not _is_another(file.path)), key=lambda file: _size(file.path)
    )
    if not files:
        return None
    from checker.collect.aws_json.keys import Keys  # with botocore, as above
    from checker.collect.aws_json.pages import Pages, take_apart

    what = f"a folder of AWS CLI output ({len(files)} JSON files)" if path.is_dir() else "AWS CLI output"
    keys, broken = Keys.of(kinds), False
    for file in files:
        try:
            values = decode(file.path)
        except SourceError:
            broken = True
            continue
        pages = Pages()
        take_apart(file, values, keys, pages)
        if pages.found:
            return what
    return "JSON that cannot be read" if broken else None


def _size(path: Path) -> int:
    """Return a file's size in bytes; 0 for one that is a link to nothing, whose reading tells so."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_another(path: Path) -> bool:
    """Tell whether a file is one that Terraform or Pulumi wrote."""
    return shape_of(path) is not None or pulumi_shape_of(path) is not None

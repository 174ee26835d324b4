"""One collection from states: what there is, as the engine last saw it."""

from __future__ import annotations

from collections.abc import Collection as Container
from collections.abc import Sequence
from pathlib import Path

import msgspec

from checker.collect.pulumi.files import content_of
from checker.collect.pulumi.gathered import Gathered
from checker.collect.pulumi.once import Stacks
from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi_state.reading import Read, read
from checker.collect.pulumi_state.shape import Checkpoint, Deployment, Document
from checker.collect.source import Progress
from checker.collect.terraform.document import decoded
from checker.collect.terraform.ledger import of_file
from checker.collect.terraform.records import wanted
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection, Coverage, Gap

NAME = "pulumi-state"
_WRITER = "Pulumi"
_REMEDY = "run: pulumi stack export --file state.json"
# Version 4 only tells that the stack uses features that came later; what is read here is the same.
# Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go (DeploymentSchemaVersionLatest)
_VERSIONS = (3, 4)
_CHECKPOINT: msgspec.json.Decoder[Checkpoint] = msgspec.json.Decoder(Checkpoint)
_DEPLOYMENT: msgspec.json.Decoder[Deployment] = msgspec.json.Decoder(Deployment)


def collect(paths: Sequence[Path], kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.pulumi_state.source.StateSource.collect` says, and raise what it raises."""
    return gathered(paths, wanted(kinds), progress).collection(kinds)


def gathered(paths: Sequence[Path], types: Container[str], progress: Progress) -> Gathered:
    """Return the resources of some types that the states hold; raises as `collect` does.

    Several states are one world: a stack may name what another one makes.
    """
    registered: list[Registered] = []
    gaps: list[Gap] = []
    lines: list[Coverage] = []
    stacks = Stacks()
    for done, path in enumerate(paths):
        progress(str(path), done, len(paths))
        found = _read(path, types)
        stacks.add(path, found.registered)
        registered.extend(found.registered)
        gaps.extend(found.gaps)
        lines.append(of_file(NAME, path, found.count))
        lines.extend(found.lines)
    return Gathered(name=NAME, registered=registered, gaps=gaps, coverage=lines, paths=tuple(map(str, paths)))


def _read(path: Path, types: Container[str]) -> Read:
    with content_of(path, _REMEDY) as content:
        document = decoded(path, content, Document, _WRITER, _REMEDY)
        try:
            return read(_deployment(path, document), types, NAME, path)
        except RecursionError as error:
            raise SourceError("it is nested too deeply", where=str(path), hint=_REMEDY) from error
        except msgspec.DecodeError as error:
            raise SourceError(f"this is not what {_WRITER} writes: {error}", where=str(path), hint=_REMEDY) from error


def _deployment(path: Path, document: Document) -> Deployment:
    if not bytes(document.deployment or document.checkpoint):
        raise SourceError("this is no Pulumi state: it has no deployment", where=str(path), hint=_REMEDY)
    if document.version not in _VERSIONS:
        version = "no version" if document.version is None else f"version {document.version}"
        raise SourceError(
            f"the state is of {version}, and only versions 3 and 4 are known",
            where=str(path),
            hint="let a Pulumi of today write it anew, or update tierproof",
        )
    if bytes(document.deployment):
        return _DEPLOYMENT.decode(document.deployment)
    latest = _CHECKPOINT.decode(document.checkpoint).latest
    return latest or Deployment()

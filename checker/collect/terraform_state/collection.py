"""One collection from states: what there is, as Terraform last saw it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from checker.collect.source import Progress
from checker.collect.terraform.document import content_of, decoded, not_too_deep
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.ledger import by_type, of_file, of_others
from checker.collect.terraform.records import records, wanted
from checker.collect.terraform.settle import settled
from checker.collect.terraform_state.reading import Held, held
from checker.collect.terraform_state.shape import Document
from checker.errors import SourceError
from checker.model.call import Listed
from checker.model.record import Collection, Coverage, Origin, Scope, Status

NAME = "terraform-state"
_FORMAT = re.compile(r"1\.\d+")
_RAW_VERSION = 4


def collect(paths: Sequence[Path], kinds: Sequence[Listed], progress: Progress) -> Collection:
    """Return what `checker.collect.terraform_state.source.StateSource.collect` says, and raise what it raises."""
    types = wanted(kinds)
    instances: list[Instance] = []
    lines: list[Coverage] = []
    others: list[str] = []
    for done, path in enumerate(paths):
        progress(str(path), done, len(paths))
        # Addresses are unique in one state only.
        world = f"{path}:" if len(paths) > 1 else ""
        found = _held(path, types, others)
        instances.extend(_instance(one, path, world) for one in found)
        lines.append(of_file(NAME, path, len(found)))
        lines.extend(_tainted(one) for one in found if one.tainted)
    placed = settled(instances)
    read, unread = records(placed, kinds)
    return Collection(
        source=NAME,
        records=read,
        gaps=unread,
        coverage=(*lines, *by_type(NAME, placed)),
        paths=tuple(map(str, paths)),
        facts=of_others(others),
    )


def _held(path: Path, types: frozenset[str], others: list[str]) -> list[Held]:
    with content_of(path) as content, not_too_deep(path):
        document = decoded(path, content, Document)
        _refuse(path, document)
        try:
            return list(held(document, types, others))
        except msgspec.DecodeError as error:
            raise SourceError(f"this is not what Terraform writes: {error}", where=str(path)) from error


def _refuse(path: Path, document: Document) -> None:
    hint = "run: terraform show -json > state.json"
    if document.format_version is not None:
        if not _FORMAT.fullmatch(document.format_version):
            raise SourceError(
                f"the state is of format {document.format_version}, and only 1.x is known", where=str(path), hint=hint
            )
    elif document.version is None:
        raise SourceError("this is no Terraform state: it has no version", where=str(path), hint=hint)
    elif document.version != _RAW_VERSION:
        raise SourceError(
            f"the state is of version {document.version}, and only version {_RAW_VERSION} is known",
            where=str(path),
            hint=f"let a Terraform of today write it anew, then {hint}",
        )


def _instance(one: Held, path: Path, world: str) -> Instance:
    return Instance(
        address=f"{world}{one.address}",
        type=one.type,
        values=one.values,
        origin=Origin(NAME, file=str(path), address=one.address),
        is_data=one.is_data,
    )


def _tainted(one: Held) -> Coverage:
    item = f"{one.address} is tainted: the next apply replaces it; what there is now is judged"
    return Coverage(NAME, Scope("", ""), item, Status.OK)

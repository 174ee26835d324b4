"""A blueprint by its path, or the one that ships with tierproof."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from checker.blueprints.document import parse
from checker.blueprints.files import File, Read, from_disk
from checker.blueprints.references import check
from checker.blueprints.shape import shape
from checker.errors import ConfigurationError
from checker.model.blueprint import Blueprint
from checker.model.report import Document

DEFAULT = "policies/blueprints/three_tier_web.yaml"


def load(path: Path | None, rule_ids: Collection[str], read: Read = from_disk) -> tuple[Blueprint, Document]:
    """Return the blueprint of a file, or the default one, and the file's record for the report.

    `rule_ids` are the ids that `on_unknown` may name, and `read` is where files are read. Raises `ConfigurationError`
    with file and line.
    """
    file = File(DEFAULT, shipped().read_bytes()) if path is None else read(path, "--blueprint takes a YAML file")
    document = parse(file.text, file.source)
    blueprint = shape(document)
    check(blueprint, document, rule_ids)
    return blueprint, file.document("blueprint")


def shipped() -> Traversable:
    """Return the default blueprint: inside the package when installed, beside it in a checkout."""
    package = files("checker")
    inside = package.joinpath(DEFAULT)
    if inside.is_file():
        return inside
    beside = Path(str(package)).parent / DEFAULT
    if not beside.is_file():
        raise ConfigurationError(
            "the default blueprint is missing", hint="install tierproof again, or give --blueprint FILE"
        )
    return beside

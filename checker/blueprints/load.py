"""A blueprint by its path, or the one that ships with tierproof."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from checker.blueprints.document import parse
from checker.blueprints.references import check
from checker.blueprints.shape import shape
from checker.errors import ConfigurationError
from checker.model.blueprint import Blueprint
from checker.model.report import Document

DEFAULT = "policies/blueprints/three_tier_web.yaml"


def load(path: Path | None, rule_ids: Collection[str]) -> tuple[Blueprint, Document]:
    """Return the blueprint of a file, or the default one, and the file's record for the report.

    `rule_ids` are the ids that `on_unknown` may name. Raises `ConfigurationError` with file and line.
    """
    source, content = (DEFAULT, _shipped().read_bytes()) if path is None else (str(path), _read(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigurationError("the file is not UTF-8 text", where=f"{source}:{line}") from error
    document = parse(text, source)
    blueprint = shape(document)
    check(blueprint, document, rule_ids)
    return blueprint, Document("blueprint", source, hashlib.sha256(content).hexdigest())


def _shipped() -> Traversable:
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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigurationError(
            "there is no such file", where=str(path), hint="--blueprint takes a YAML file"
        ) from error
    except IsADirectoryError as error:
        raise ConfigurationError("this is a folder", where=str(path), hint="--blueprint takes a YAML file") from error
    except OSError as error:
        raise ConfigurationError(f"the file cannot be read: {error.strerror}", where=str(path)) from error

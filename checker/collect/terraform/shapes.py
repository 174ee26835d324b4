"""What a file of Terraform's is, by its first bytes and its keys; nothing is executed and next to nothing decoded."""

from __future__ import annotations

import os
import re
import zipfile
from enum import Enum
from pathlib import Path

import msgspec

from checker.collect.terraform.document import content_of
from checker.errors import SourceError


class Shape(Enum):
    """The files that Terraform writes, as far as they are told apart here."""

    PLAN = "plan"
    STATE = "state"
    RAW_STATE = "raw state"
    BINARY_PLAN = "binary plan"
    LOG = "log"


_HEAD = 8192
_NOTHING = (b"", b"null")
_ZIP = b"PK\x03\x04"
# What a saved plan holds beside other files.
# Source: https://developer.hashicorp.com/terraform/internals/json-format ("terraform show -json")
_PLAN_ENTRY = "tfplan"
_USUAL = re.compile(
    r'\s*\{\s*"format_version"\s*:\s*"[^"]*"\s*,\s*"terraform_version"\s*:\s*"[^"]*"\s*,\s*"(?P<key>[a-z_]+)"'
)
# Source: https://github.com/hashicorp/terraform/blob/main/internal/states/statefile/version4.go (stateV4)
_USUAL_RAW = re.compile(
    r'\s*\{\s*"version"\s*:\s*\d+\s*,\s*"terraform_version"\s*:\s*"[^"]*"\s*,\s*"serial"\s*:\s*\d+\s*,\s*"lineage"\s*:\s*"'
)
_FIRST_KEY = re.compile(r'\s*\{\s*"(?P<key>[@a-z_]+)"')
_OF_A_LOG = '"@message"'
_OF_A_PLAN = frozenset({"planned_values", "resource_changes", "configuration", "variables"})
_OF_A_STATE = frozenset({"values"})
_OF_A_RAW_STATE = frozenset({"serial", "lineage", "resources", "modules"})
_OTHER_KEYS = frozenset(
    {
        "format_version",
        "terraform_version",
        "version",
        "applyable",
        "action_invocations",
        "check_results",
        "checks",
        "complete",
        "deferred_changes",
        "encrypted_data",
        "errored",
        "output_changes",
        "outputs",
        "prior_state",
        "relevant_attributes",
        "resource_drift",
        "timestamp",
    }
)


class _Keys(msgspec.Struct):
    """The keys at the top that tell files apart; the values are passed over, and empty where there is none."""

    format_version: str | None = None
    version: int | None = None
    planned_values: msgspec.Raw = msgspec.Raw()
    resource_changes: msgspec.Raw = msgspec.Raw()
    configuration: msgspec.Raw = msgspec.Raw()
    lineage: msgspec.Raw = msgspec.Raw()
    serial: msgspec.Raw = msgspec.Raw()
    provider_schemas: msgspec.Raw = msgspec.Raw()
    valid: msgspec.Raw = msgspec.Raw()


def shape_of(path: Path) -> Shape | None:
    """Return what a file is, None if it is nothing of Terraform's or no file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_ZIP):
        return Shape.BINARY_PLAN if _holds_a_plan(path) else None
    text = _text(head)
    first = _FIRST_KEY.match(text)
    if first is None:
        return None
    if _OF_A_LOG in text.partition("\n")[0]:
        return Shape.LOG
    usual = _USUAL.match(text)
    if usual and usual["key"] in _OF_A_PLAN | _OF_A_STATE:
        return Shape.STATE if usual["key"] in _OF_A_STATE else Shape.PLAN
    if _USUAL_RAW.match(text):
        return Shape.RAW_STATE
    if first["key"] not in _OTHER_KEYS | _OF_A_PLAN | _OF_A_STATE | _OF_A_RAW_STATE:
        return None
    return _by_keys(path, text)


def _text(head: bytes) -> str:
    """Return the beginning of a text: PowerShell writes UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _holds_a_plan(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return _PLAN_ENTRY in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _by_keys(path: Path, head: str) -> Shape | None:
    try:
        with content_of(path) as content:
            keys = msgspec.json.decode(content, type=_Keys)
            return _shape(keys)
    except (msgspec.DecodeError, RecursionError, SourceError):
        return _guess(head)


def _shape(keys: _Keys) -> Shape | None:
    if _is_any(keys.planned_values, keys.resource_changes) or (keys.format_version and _is_any(keys.configuration)):
        return Shape.PLAN
    if keys.format_version and not _is_any(keys.provider_schemas, keys.valid):
        return Shape.STATE
    return Shape.RAW_STATE if keys.version is not None and _is_any(keys.lineage, keys.serial) else None


def _is_any(*values: msgspec.Raw) -> bool:
    """Tell whether one of the values is there and is not null; none is copied."""
    return any(memoryview(value) not in _NOTHING for value in values)


def _guess(head: str) -> Shape | None:
    """Return what a file that is cut off or damaged was to be, so that the place of the fault can be told."""
    if '"format_version"' in head:
        return Shape.STATE if '"values"' in head and '"planned_values"' not in head else Shape.PLAN
    return Shape.RAW_STATE if '"lineage"' in head and '"serial"' in head else None


def files_of(path: Path, shape: Shape) -> tuple[Path, ...]:
    """Return a file itself, or the files of a shape that lie in a folder without a program beside them."""
    if not path.is_dir():
        return (path,)
    if has_program(path):
        return ()
    names = sorted(file for file in path.iterdir() if file.suffix in _ENDINGS and not file.name.startswith("."))
    return tuple(file for file in names if shape_of(file) is shape)


_ENDINGS = (".json", ".tfstate")
_PROGRAM = (".tf", ".tf.json", ".tofu")


def holds_program(folder: Path) -> bool:
    """Tell whether files of a Terraform program lie in a folder or below it; hidden folders are passed over."""
    for _, folders, names in os.walk(folder):
        if any(name.endswith(_PROGRAM) for name in names):
            return True
        folders[:] = sorted(name for name in folders if not name.startswith("."))
    return False


def has_program(folder: Path) -> bool:
    """Tell whether files of a Terraform program lie in a folder itself."""
    return any(file.name.endswith(_PROGRAM) and file.is_file() for file in folder.iterdir())

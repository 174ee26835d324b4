"""What a file of Pulumi's is, by its first bytes and its keys, and its content; nothing is executed."""

from __future__ import annotations

import gzip
import mmap
import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import msgspec

from checker.collect.terraform.document import content_of as plain_content_of
from checker.errors import SourceError


class Shape(Enum):
    """The files that Pulumi writes, as far as they are told apart here."""

    PREVIEW = "preview"
    EVENTS = "events"
    EXPORT = "export"
    CHECKPOINT = "checkpoint"


_HEAD = 65_536
_GZIP = b"\x1f\x8b"
# A stack of a hundred thousand resources has some three hundred megabytes.
_LARGEST = 1 << 30
_FIRST_KEY = re.compile(r'\{\s*"(?P<key>[A-Za-z_]+)"')
_STATE = re.compile(
    r'\{\s*"version"\s*:\s*\d+\s*,\s*(?:"features"\s*:\s*\[[^\]]*\]\s*,\s*)?"(?P<key>deployment|checkpoint)"\s*:\s*\{'
)
# Source: https://github.com/pulumi/pulumi/blob/master/pkg/display/json.go (PreviewDigest)
_OF_A_PREVIEW = frozenset({"config", "steps", "diagnostics", "duration", "changeSummary", "maybeCorrupt"})
_SURE_OF_A_PREVIEW = re.compile(r'"urn:pulumi:|"changeSummary"\s*:')
# Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go (EngineEvent)
_EVENT = re.compile(r'\{\s*"sequence"\s*:\s*\d+\s*,\s*"timestamp"\s*:\s*\d+\s*,\s*"[a-zA-Z]+Event"')
_OF_A_STATE = frozenset({"version", "features", "deployment", "checkpoint"})
_OF_TERRAFORM = '"terraform_version"'
_BRACE = re.compile(r"^\{", re.MULTILINE)
_PROJECT = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_ENDINGS = (".json", ".jsonl", ".json.gz")


class _Deployment(msgspec.Struct):
    manifest: msgspec.Raw = msgspec.Raw()


class _Checkpoint(msgspec.Struct):
    stack: msgspec.Raw = msgspec.Raw()


class _Keys(msgspec.Struct):
    version: int | None = None
    deployment: _Deployment | None = None
    checkpoint: _Checkpoint | None = None


def shape_of(path: Path) -> Shape | None:
    """Return what a file is, None if it is nothing of Pulumi's or no file."""
    if not path.is_file():
        return None
    head = _head(path)
    start = _BRACE.search(head)
    if start is None:
        return None
    text = head[start.start() :]
    if _EVENT.match(text):
        return Shape.EVENTS
    usual = _STATE.match(text)
    if usual:
        return Shape.EXPORT if usual["key"] == "deployment" else Shape.CHECKPOINT
    first = _FIRST_KEY.match(text)
    if first is None:
        return None
    if first["key"] in _OF_A_PREVIEW:
        return Shape.PREVIEW if _SURE_OF_A_PREVIEW.search(text) else None
    if first["key"] not in _OF_A_STATE or _OF_TERRAFORM in text[:_HEAD]:
        return None
    return _by_keys(path)


def _head(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
        except zlib.error:
            return ""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _by_keys(path: Path) -> Shape | None:
    try:
        with content_of(path, "") as content:
            keys = msgspec.json.decode(content, type=_Keys)
    except (msgspec.DecodeError, RecursionError, SourceError):
        return None
    if keys.deployment is not None and bytes(keys.deployment.manifest):
        return Shape.EXPORT
    return Shape.CHECKPOINT if keys.checkpoint is not None and bytes(keys.checkpoint.stack) else None


@contextmanager
def content_of(path: Path, remedy: str) -> Iterator[bytes | mmap.mmap]:
    """Give the content of a file from its first brace on: the CLI may have said something before.

    A backend may keep its files compressed. `remedy` says how to write the file again.

    Raises:
        SourceError: the file cannot be read, or is empty.
    Source: https://www.pulumi.com/docs/iac/concepts/state-and-backends/ (PULUMI_DIY_BACKEND_GZIP)
    """
    with plain_content_of(path, remedy) as content:
        if content[: len(_GZIP)] == _GZIP:
            yield _unpacked(path, content[:], remedy)
        elif content[:1] == b"{":
            yield content
        else:
            found = re.search(rb"^\s*\{", content, re.MULTILINE)
            yield content[found.start() :] if found else content


def _unpacked(path: Path, packed: bytes, remedy: str) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(packed, _LARGEST)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise SourceError("this cannot be unpacked", where=str(path), hint=remedy) from error
    if not unpacker.eof:
        what = "there is more in it than is read" if unpacker.unconsumed_tail else "the file is cut off"
        raise SourceError(what, where=str(path), hint=remedy)
    return found


def files_of(path: Path, shapes: Collection[Shape]) -> tuple[Path, ...]:
    """Return a file itself, or the files of some shapes that lie in a folder without a program beside them."""
    if not path.is_dir():
        return (path,)
    if any((path / name).is_file() for name in _PROJECT):
        return ()
    names = sorted(file for file in path.iterdir() if file.name.endswith(_ENDINGS) and not file.name.startswith("."))
    return tuple(file for file in names if shape_of(file) in shapes)

"""Earlier reports, read again for comparing."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from checker.blueprints.files import File
from checker.errors import ConfigurationError
from checker.model.past import PastReport

SCHEMA = "tierproof.report/1"
_HINT = "tierproof check PATH --format json=report.json writes one"
_SAYS_SO = re.compile(rb'"schema"\s*:\s*"tierproof\.')
_PIECE, _OVERLAP = 1 << 20, 200
_AT = re.compile(r"^(.*?)(?: - at `\$?\.?(.*)`)?$", re.DOTALL)
_BYTE = re.compile(r" \(byte (\d+)\)$")


class _Head(msgspec.Struct):
    schema: str


def is_report(path: Path) -> bool:
    """Tell whether a file calls itself a document of tierproof; what it says may still be broken.

    It is looked through in pieces: a plan of hundreds of megabytes must not be held for this.
    """
    try:
        with path.open("rb") as stream:
            before = b""
            while piece := stream.read(_PIECE):
                if _SAYS_SO.search(before + piece):
                    return True
                before = piece[-_OVERLAP:]
    except OSError as error:
        raise ConfigurationError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    return False


def parse_report(file: File) -> PastReport:
    """Return a report that was written with `--format json`.

    Raises `ConfigurationError` for a file that is broken or cut off, is no report, or is of a newer version.
    """
    content = file.text.encode()
    try:
        head = msgspec.json.decode(content, type=_Head)
    except msgspec.ValidationError as error:
        raise ConfigurationError("this is no report of tierproof", where=file.source, hint=_HINT) from error
    except msgspec.DecodeError as error:
        raise _broken(file, content, str(error)) from error
    if head.schema != SCHEMA:
        raise _other(file, head.schema)
    try:
        return msgspec.json.decode(content, type=PastReport)
    except msgspec.ValidationError as error:
        found = _AT.match(str(error))
        what, where = (found[1], found[2]) if found else (str(error), None)
        place = f" at {where}" if where else ""
        raise ConfigurationError(f"this is not what {SCHEMA} says{place}: {what}", where=file.source) from error


def _broken(file: File, content: bytes, text: str) -> ConfigurationError:
    if "truncated" in text:
        line = content.count(b"\n") + 1
        return ConfigurationError("the file is cut off: not valid JSON", where=f"{file.source}:{line}", hint=_HINT)
    at = _BYTE.search(text)
    line = content.count(b"\n", 0, int(at[1])) + 1 if at else 1
    what = _BYTE.sub("", text).removeprefix("JSON is malformed: ")
    return ConfigurationError(f"not valid JSON: {what}", where=f"{file.source}:{line}", hint=_HINT)


def _other(file: File, schema: str) -> ConfigurationError:
    if schema.partition("/")[0] == SCHEMA.partition("/")[0]:
        newer = f"the report is {schema}, which this version of tierproof does not read"
        return ConfigurationError(newer, where=file.source, hint=f"it reads {SCHEMA}")
    return ConfigurationError(f"this is {schema!r} and no report", where=file.source, hint=_HINT)

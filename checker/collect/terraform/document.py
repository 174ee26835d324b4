"""Reading a JSON document that may be hundreds of megabytes, without holding it twice."""

from __future__ import annotations

import codecs
import mmap
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from checker.errors import SourceError

T = TypeVar("T")
_PLACE = re.compile(r"\(byte (\d+)\)")
_NEWLINE = b"\n"
_REMEDY = "write it again with `terraform show -json FILE > plan.json`"


@contextmanager
def content_of(path: Path, remedy: str = _REMEDY) -> Iterator[bytes | mmap.mmap]:
    """Give the content of a file, mapped where it is UTF-8; PowerShell writes UTF-16, which is turned into UTF-8.

    `remedy` says how to write it again.

    Raises:
        SourceError: the file cannot be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            mark = file.read(4)
            if not mark:
                raise SourceError("the file is empty", where=str(path), hint=remedy)
            if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                yield path.read_bytes().decode("utf-16").encode()
            elif mark.startswith(codecs.BOM_UTF8):
                yield path.read_bytes()[len(codecs.BOM_UTF8) :]
            else:
                # It is not closed by hand: parts that were not decoded yet still point into it.
                yield mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except UnicodeDecodeError as error:
        raise SourceError(f"this is not text (byte {error.start})", where=str(path), hint=remedy) from error
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def forget_pages(content: bytes | mmap.mmap) -> None:
    """Give back the memory of what was looked at so far; what is looked at again is read again.

    Source: https://man7.org/linux/man-pages/man2/madvise.2.html (MADV_DONTNEED)
    """
    if sys.platform != "win32" and isinstance(content, mmap.mmap):
        content.madvise(mmap.MADV_DONTNEED)


@contextmanager
def not_too_deep(path: Path, remedy: str = _REMEDY) -> Iterator[None]:
    """Refuse a document that is nested more deeply than what is done with it can follow.

    Raises:
        SourceError: it is.
    """
    try:
        yield
    except RecursionError as error:
        raise SourceError("it is nested too deeply", where=str(path), hint=remedy) from error


def decoded(
    path: Path, content: bytes | mmap.mmap, type_: type[T], writer: str = "Terraform", remedy: str = _REMEDY
) -> T:
    """Return a document as a value of a type; what the type leaves out is passed over.

    `writer` is what should have written it, and `remedy` says how it does so again.

    Raises:
        SourceError: it is no JSON or not of that shape; the place of the fault is named as `file:line:column`.
    """
    try:
        with not_too_deep(path, remedy):
            return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        raise SourceError(f"this is not what {writer} writes: {error}", where=str(path), hint=remedy) from error
    except msgspec.DecodeError as error:
        found = _PLACE.search(str(error))
        at = int(found[1]) if found else len(content)
        what = _PLACE.sub("", str(error)).removeprefix("JSON is malformed: ").strip()
        cut_off = "truncated" in what
        where = f"{path}:{_line_and_column(content, at)}"
        raise SourceError(
            "the file is cut off" if cut_off else f"this is not JSON: {what}", where=where, hint=remedy
        ) from error


def _line_and_column(content: bytes | mmap.mmap, at: int) -> str:
    before = content[:at]
    return f"{before.count(_NEWLINE) + 1}:{at - before.rfind(_NEWLINE)}"

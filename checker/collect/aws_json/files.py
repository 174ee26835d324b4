"""Finding and decoding the files: whole JSON values, the folder they lie in, and what is wrong with one."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from checker.errors import SourceError

_DECODER_PAUSE = " \t\r\n"


@dataclass(frozen=True)
class Found:
    """A file below a named path: `parts` are its folders and its name without the ending, for ids and places."""

    path: Path
    parts: tuple[str, ...]

    @property
    def is_json(self) -> bool:
        """Tell whether the name says that this is JSON."""
        return self.path.suffix.lower() == ".json"


def find(root: Path) -> Iterator[Found]:
    """Yield the files below a folder in the order of their paths, or the one file; hidden ones are passed over.

    Raises:
        SourceError: a folder cannot be listed.
    """
    if root.is_file():
        # Its own folders may name the account and the Region, as they would had the folder been given.
        yield Found(root, (*root.absolute().parent.parts[-3:], root.stem))
        return
    # A folder that is the account's or the Region's own names it.
    above = root.absolute().parts[-2:]
    for folder, folders, names in os.walk(root, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder) / name
            # A link to nothing is a file that cannot be read; a pipe is no file, and reading it would wait for ever.
            if not name.startswith(".") and (path.is_file() or not path.exists()):
                inside = path.relative_to(root)
                yield Found(path, (*above, *inside.parent.parts, inside.stem))


def _refuse(error: OSError) -> NoReturn:
    raise SourceError(f"the folder cannot be read: {error.strerror}", where=str(error.filename)) from error


def decode(path: Path) -> tuple[object, ...]:
    """Return the JSON values of a file, one after the other; none for an empty file.

    UTF-8, UTF-16 and UTF-32 are told apart, with or without a byte order mark: PowerShell writes UTF-16.

    Raises:
        SourceError: this is no JSON; the place is named as `file:line:column`.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    try:
        text = content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8, or take it out of the folder"
        raise SourceError(f"this is not text (byte {error.start})", where=str(path), hint=hint) from error
    decoder = json.JSONDecoder(object_pairs_hook=_mapping)
    values: list[object] = []
    at = _skip(text, 0)
    try:
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            values.append(value)
            at = _skip(text, end)
    except json.JSONDecodeError as error:
        raise _malformed(path, text, error.pos, error.msg) from error
    except RecursionError as error:
        raise _malformed(path, text, at, "nested too deeply") from error
    except _KeyTwiceError as error:
        raise _malformed(path, text, at, f"the key {error.key!r} stands twice in one object from here on") from error
    except ValueError as error:
        # Python reads no whole number of more than 4,300 digits.
        raise _malformed(path, text, at, "a number is too long in what begins here") from error
    return tuple(values)


def decode_all(files: Iterable[Found]) -> Iterator[tuple[Found, tuple[object, ...]]]:
    """Yield each file with its values.

    Raises:
        SourceError: some are no JSON; the first places are named, all in one error.
    """
    errors: list[SourceError] = []
    for file in files:
        try:
            yield file, decode(file.path)
        except SourceError as error:
            errors.append(error)
    if errors:
        raise _together(errors)


def _together(errors: Sequence[SourceError]) -> SourceError:
    first, *others = errors
    if not others:
        return first
    more = [f"{error.where}: {error.what}" for error in others[:4]]
    more += [f"and {len(others) - 4} more"] if len(others) > 4 else []
    return SourceError(first.what, where=first.where, hint="\n  ".join([*more, first.hint]))


class _KeyTwiceError(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for key, value in pairs:
        before = found.get(key)
        if isinstance(before, list) and isinstance(value, list):
            before.extend(value)
        elif key in found and before != value:
            raise _KeyTwiceError(key)
        else:
            found[key] = value
    return found


def _malformed(path: Path, text: str, at: int, what: str) -> SourceError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    hint = "repair the file or take it out of the folder"
    return SourceError(f"this is not JSON: {what}", where=f"{path}:{line}:{column}", hint=hint)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _DECODER_PAUSE:
        at += 1
    return at

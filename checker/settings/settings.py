"""Settings of a team: `tierproof.toml`, or the table `[tool.tierproof]` of a `pyproject.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from checker.blueprints.files import File, Read, from_disk
from checker.blueprints.shape import suggest
from checker.errors import ConfigurationError
from checker.model.report import Document
from checker.settings.revision import Revision

NAMES = ("tierproof.toml", "pyproject.toml")
_TABLE = "tool.tierproof"
_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TYPES = re.compile(r"Expected `(.*?)`, got `(.*?)`")
_WORDS = {"str": "text", "array": "a list", "bool": "true or false", "int": "a whole number", "object": "a table"}
_LEVELS = ("low", "medium", "high")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    blueprint: str | None = None
    select: str | tuple[str, ...] = ()
    ignore: str | tuple[str, ...] = ()
    waivers: str | tuple[str, ...] = ()
    inline_waivers: bool | None = None
    fail_on: Literal["low", "medium", "high"] | None = None
    allow_unknown: bool | None = None
    allow_no_stack: bool | None = None
    all_stacks: bool | None = None


@dataclass(frozen=True)
class Settings:
    """What a team wrote down; None and empty are what it says nothing of.

    `lines` gives the line of each key that is set, paths are relative to the folder that the settings lie in, and
    `documents` is the file itself.
    """

    blueprint: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    waivers: tuple[Path, ...] = ()
    inline_waivers: bool | None = None
    fail_on: str | None = None
    allow_unknown: bool | None = None
    allow_no_stack: bool | None = None
    all_stacks: bool | None = None
    documents: tuple[Document, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)


def settings_of(path: Path, words: Collection[str], read: Read = from_disk) -> Settings:
    """Return the settings of a file; `words` are the ids and names that select and ignore may give or begin.

    Raises `ConfigurationError` with the line.
    """
    file = read(path, "--config takes a TOML file")
    named = path.name == "pyproject.toml"
    table = _table(file, _TABLE if named else "")
    if table is None:
        raise ConfigurationError(f"there is no table [{_TABLE}]", where=file.source)
    values = _values(file, table, _TABLE if named else "")
    lines = {key: f"{file.source}:{_line(file.text, key, _TABLE if named else '')}" for key in table}
    for key in ("select", "ignore"):
        for word in _list(getattr(values, key)):
            if not _names_rule(word, words):
                hint = suggest(word, [one.lower() for one in words]) or "tierproof rules lists them"
                raise ConfigurationError(f"{key}: no rule is called {word!r}", where=lines[key], hint=hint)
    folder = path.parent
    return Settings(
        blueprint=folder / values.blueprint if values.blueprint else None,
        select=_list(values.select),
        ignore=_list(values.ignore),
        waivers=tuple(folder / name for name in _list(values.waivers)),
        inline_waivers=values.inline_waivers,
        fail_on=values.fail_on,
        allow_unknown=values.allow_unknown,
        allow_no_stack=values.allow_no_stack,
        all_stacks=values.all_stacks,
        documents=(file.document("settings"),),
        lines=lines,
    )


def settings_at(base: Revision, near: Path, words: Collection[str]) -> Settings | None:
    """Return the settings that a revision has nearest to a path, from its folder up to the root, or None."""
    for folder in base.upwards(near):
        for name in NAMES:
            path = folder / name
            if base.has(path) and _is_settings(path, base.read):
                return settings_of(path, words, base.read)
    return None


def lying_about(near: Path) -> Path | None:
    """Return the settings that lie in a folder or above it, up to the root of its repository; they are not used."""
    try:
        start = Path(os.path.realpath(near))
        folders = (start, *start.parents) if start.is_dir() else start.parents
        top = next((folder for folder in folders if (folder / ".git").exists()), folders[0])
        for folder in folders:
            for name in NAMES:
                path = folder / name
                if path.is_file() and _is_settings(path, from_disk):
                    return path
            if folder == top:
                break
    except (OSError, ConfigurationError):
        return None
    return None


def _is_settings(path: Path, read: Read) -> bool:
    """Tell whether a file is for tierproof; one that is by its name but broken is, so that its error is told."""
    file = read(path, "--config FILE says which settings are meant")
    if path.name != "pyproject.toml":
        return True
    try:
        return _table(file, _TABLE) is not None
    except ConfigurationError:
        return False


def _table(file: File, name: str) -> Mapping[str, object] | None:
    try:
        found: object = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        place = _LINE.search(str(error))
        line = place[1] if place and place[1] else str(file.text.count("\n") + 1)
        what = _LINE.sub("", str(error))
        raise ConfigurationError(f"not valid TOML: {what}", where=f"{file.source}:{line}") from error
    except RecursionError as error:
        raise ConfigurationError("not valid TOML: nested too deeply", where=file.source) from error
    for part in name.split(".") if name else ():
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _values(file: File, table: Mapping[str, object], name: str) -> _Table:
    known = [item.encode_name for item in msgspec.structs.fields(_Table)]
    for key, value in table.items():
        if key not in known:
            where = f"{file.source}:{_line(file.text, key, name)}"
            hint = suggest(key, known) or f"known: {', '.join(known)}"
            raise ConfigurationError(f"unknown key {key!r}", where=where, hint=hint)
        try:
            msgspec.convert({key: value}, _Table, strict=True)
        except msgspec.ValidationError as error:
            where = f"{file.source}:{_line(file.text, key, name)}"
            raise ConfigurationError(f"{key} {_wrong(key, value, str(error))}", where=where) from error
        if value == "" or (isinstance(value, list) and "" in value):
            raise ConfigurationError(f"{key} is empty", where=f"{file.source}:{_line(file.text, key, name)}")
    return msgspec.convert(table, _Table, strict=True)


def _wrong(key: str, value: object, text: str) -> str:
    if key == "fail_on":
        return f"cannot be {value!r}: one of {', '.join(_LEVELS)}"
    found = _TYPES.search(text)
    if not found:
        return f"is wrong: {text}"
    wanted = [_WORDS.get(word.strip(), word.strip()) for word in found[1].split("|") if word.strip() != "null"]
    return f"must be {' or '.join(wanted)}, not {_WORDS.get(found[2], found[2])}"


def _list(value: str | tuple[str, ...]) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else value
    return tuple(word.strip() for text in texts for word in text.split(",") if word.strip())


def _names_rule(word: str, words: Collection[str]) -> bool:
    """Tell whether a word is the name of a rule, or an id or its beginning, as `--select` takes it."""
    return word.lower() in words or any(one.startswith(word.upper()) for one in words)


def _line(text: str, key: str, table: str) -> int:
    """Return the line of a key; TOML's parser does not tell it, and its keys stand at the beginning of lines."""
    inside, first = not table, 1
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            name = header[1].replace('"', "").replace(" ", "")
            inside = name == table
            if inside:
                first = number
            if name == (f"{table}.{key}" if table else key):
                return number
        elif inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
            return number
    return first

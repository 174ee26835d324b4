"""Pulumi's YAML files as plain values, with the line of each.

Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from checker.errors import ConfigurationError

Place = tuple[str | int, ...]
_MOST_BYTES = 4_000_000
_MOST_VALUES = 100_000
_TAG = "tag:yaml.org,2002:"
# YAML 1.2's own, which Pulumi reads: `yes` and `0x1` in quotes or not, a date and a version are texts.
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass
class Document:
    """A file's values, the line of each, counted from 1, and the texts of those that are no lists or mappings."""

    path: Path
    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    count: int = 0

    def error(self, place: Place, what: str, hint: str = "") -> ConfigurationError:
        """Return the error of a place; one that is not there has the line of what would hold it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.error_at(self.lines.get(place, 1), what, hint)

    def error_at(self, line: int, what: str, hint: str = "") -> ConfigurationError:
        """Return the error of a line."""
        return ConfigurationError(what, where=f"{self.path}:{line}", hint=hint)

    def table(self, *place: str) -> Mapping[str, object]:
        """Return the mapping at a place, empty if there is none; raises `ConfigurationError` for anything else."""
        value = self.value
        for key in place:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.error(place, f"{'.'.join(place) or 'the file'} must be a mapping")
        return value


def document(path: Path) -> Document:
    """Return a file; an empty one is an empty mapping. Raises `ConfigurationError` with the line."""
    found = Document(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"it cannot be read: {error.strerror}", where=str(path)) from error
    if len(data) > _MOST_BYTES:
        raise found.error_at(1, f"it is larger than {_MOST_BYTES:,} bytes")
    try:
        node = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise found.error_at(data[: error.start].count(b"\n") + 1, "it is not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = "; ".join(part for part in (error.context, error.problem) if part)
        raise found.error_at(mark.line + 1 if mark else 1, f"not valid YAML: {what}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise found.error_at(1, f"not valid YAML: {error}") from error
    found.value = {} if node is None else _value(node, (), found)
    return found


def _value(node: yaml.Node, place: Place, found: Document) -> object:
    line = node.start_mark.line + 1
    found.lines.setdefault(place, line)
    found.count += 1
    if found.count > _MOST_VALUES or len(place) > 100:
        raise found.error_at(line, "too much is nested or repeated")
    if isinstance(node, yaml.MappingNode):
        values: dict[str, object] = {}
        for key, item in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in values:
                what = f"the key {name!r} is given twice" if name else "a key must be a word"
                raise found.error_at(key.start_mark.line + 1, what)
            found.lines[(*place, name)] = key.start_mark.line + 1
            values[name] = _value(item, (*place, name), found)
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), found) for index, item in enumerate(node.value)]
    found.texts[place] = str(node.value)
    return _scalar(node)


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style is not None or node.tag == f"{_TAG}str":
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text

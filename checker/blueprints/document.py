"""YAML as plain values, with the line of each, and without YAML's surprises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from checker.errors import ConfigurationError

Place = tuple[str | int, ...]
_MOST_NODES = 100_000
_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")


@dataclass
class Document:
    """A file's values and the lines, counted from 1, of every value and of every key that leads to one."""

    source: str
    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    keys: dict[Place, int] = field(default_factory=dict)
    nodes: int = 0

    def error(self, place: Place, what: str, hint: str = "", *, at_key: bool = False) -> ConfigurationError:
        """Return the error of a place with file and line; a place that is not there has the line of what holds it."""
        while place and place not in self.lines:
            place = place[:-1]
        line = self.keys.get(place) if at_key else None
        return self.error_at(line or self.lines.get(place, 1), what, hint)

    def error_at(self, line: int, what: str, hint: str = "") -> ConfigurationError:
        """Return the error of a line."""
        return ConfigurationError(what, where=f"{self.source}:{line}", hint=hint)


def parse(text: str, source: str) -> Document:
    """Return the document in `text`; raises `ConfigurationError` with the line.

    Beyond broken syntax it refuses what YAML would let pass in silence: a key given twice, keys that are no strings,
    several documents, application tags and aliases that contain themselves. Dates and times of day stay text, and only
    decimal numbers are numbers.
    """
    document = Document(source)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = "; ".join(part for part in (error.context, error.problem) if part)
        raise document.error_at(mark.line + 1 if mark else 1, f"not valid YAML: {what}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise document.error_at(line, f"not valid YAML: {error.reason}") from error
    except RecursionError as error:
        raise document.error_at(1, "not valid YAML: nested too deeply") from error
    if node is None:
        raise document.error_at(1, "the file is empty")
    document.value = _value(node, (), document, ())
    return document


def _value(node: yaml.Node, place: Place, document: Document, above: tuple[yaml.Node, ...]) -> object:
    line = node.start_mark.line + 1
    document.lines[place] = line
    document.nodes += 1
    if document.nodes > _MOST_NODES:
        raise document.error_at(line, "too much is repeated through aliases")
    if any(node is one for one in above):
        raise document.error_at(line, "an alias contains itself")
    above = (*above, node)
    if not isinstance(node, yaml.ScalarNode) and node.tag not in (f"{_TAG}map", f"{_TAG}seq"):
        raise document.error_at(line, f"the tag {node.tag} has no meaning here")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document, above)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), document, above) for index, item in enumerate(node.value)]
    return _scalar(node, document)


def _mapping(
    node: yaml.MappingNode, place: Place, document: Document, above: tuple[yaml.Node, ...]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise document.error_at(line, "a key must be a word")
        name = str(key.value)
        if name in values:
            raise document.error_at(
                line, f"the key {name!r} is given twice", f"first in line {document.keys[(*place, name)]}"
            )
        document.keys[(*place, name)] = line
        values[name] = _value(item, (*place, name), document, above)
    return values


def _scalar(node: yaml.Node, document: Document) -> object:
    text = str(node.value)
    match node.tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in ("yes", "true", "on")
        case "int" if _WHOLE.fullmatch(text):
            return int(text)
        case "str" | "timestamp" | "int" | "float" | "value" | "merge":
            return text
    raise document.error_at(node.start_mark.line + 1, f"the tag {node.tag} has no meaning here")

"""Documents in texts: JSON, YAML and CSV, to and from values.

Source: https://developer.hashicorp.com/terraform/language/functions/jsonencode
"""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction

import yaml

from checker.collect.hcl.convert import bare, number_text, placeholder, plain_number, text_of
from checker.collect.hcl.functions.function import Function, pure
from checker.collect.hcl.values import FailureError, UndecidedError, Value, missing_of
from checker.model.fact import Missing
from checker.model.symbol import Symbol

MAX_TEXT = 10_000_000
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def jsonencode(value: Value) -> Value:
    """Return a value as JSON; symbols in it make it the symbol of the text, with `"${name}"` in their places."""
    if _has_symbol(value):
        return Symbol(_json(value, symbols=True))
    return _json(value, symbols=False)


def json_text(value: Value) -> str:
    """Return a value without symbols as JSON."""
    return _json(value, symbols=False)


def _has_symbol(value: Value) -> bool:
    if isinstance(value, Symbol):
        return True
    if isinstance(value, list):
        return any(_has_symbol(item) for item in value)
    if isinstance(value, dict):
        return any(_has_symbol(item) for item in value.values())
    return False


def _json(value: Value, *, symbols: bool) -> str:
    if isinstance(value, Missing):
        raise UndecidedError(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, Symbol):
        if not symbols:
            raise UndecidedError(missing_of(value))
        return _quoted(placeholder(value))
    if isinstance(value, str):
        return _quoted(value.replace("${", "$${") if symbols else value)
    if isinstance(value, list):
        return "[" + ",".join(_json(item, symbols=symbols) for item in value) + "]"
    if isinstance(value, dict):
        entries = (f"{_quoted(key)}:{_json(value[key], symbols=symbols)}" for key in sorted(value))
        return "{" + ",".join(entries) + "}"
    return _json(value.whole(), symbols=symbols)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    for character, escape in _ESCAPED.items():
        quoted = quoted.replace(character, escape)
    return quoted


def jsondecode(value: Value) -> Value:
    """Return the value of a text of JSON; symbols stand again where `"${name}"` is."""
    symbolic = isinstance(value, Symbol)
    if isinstance(value, Symbol):
        if "${" not in value:
            raise UndecidedError(missing_of(value))
        text = str(value)
    else:
        text = text_of(value)
    try:
        decoded = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        if symbolic:
            raise UndecidedError(Missing("a text of JSON with unknown parts outside of its texts")) from None
        raise FailureError("the text is not JSON") from None
    return _with_symbols(decoded) if symbolic else _plain(decoded)


def _number(digits: str) -> int | float:
    if len(digits) > 400 or abs(int(digits.lower().partition("e")[2] or 0)) > 300:
        raise UndecidedError(Missing("a number of more than 300 digits"))
    return plain_number(Fraction(digits))


def _refuse(word: str) -> float:
    raise ValueError(word)


def _plain(decoded: object) -> Value:
    if decoded is None or isinstance(decoded, (bool, int, float, str)):
        return decoded
    if isinstance(decoded, list):
        return [_plain(item) for item in decoded]
    if isinstance(decoded, dict):
        return {str(key): _plain(item) for key, item in decoded.items()}
    raise FailureError("the text holds a value of a type that is not read")


def _with_symbols(decoded: object) -> Value:
    if isinstance(decoded, str):
        return bare(decoded)
    if isinstance(decoded, list):
        return [_with_symbols(item) for item in decoded]
    if isinstance(decoded, dict):
        return {str(key): _with_symbols(item) for key, item in decoded.items()}
    return _plain(decoded)


class _Loader(yaml.SafeLoader):
    """A loader with the plain scalars of Terraform's own YAML library."""


_PLAIN = (
    ("tag:yaml.org,2002:bool", r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|"),
    ("!number", r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+"),
    ("!unread", r"[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|\d{4}-\d\d?-\d\d?.*"),
)
_Loader.yaml_implicit_resolvers = {None: [(tag, re.compile(rf"(?:{pattern})\Z")) for tag, pattern in _PLAIN]}


def _yaml_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | float:
    text = node.value
    if text.startswith(("0x", "0o")):
        return int(text, 0)
    return _number(text)


def _yaml_bool(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> bool:
    return node.value.lower() in ("y", "yes", "true", "on")


def _unread(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> None:
    raise UndecidedError(Missing("a point in time or an infinite number in YAML"))


def _yaml_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key: object = loader.construct_object(key_node, deep=True)
        if isinstance(key, bool):
            key = "true" if key else "false"
        if isinstance(key, int):
            key = str(key)
        if not isinstance(key, str) or key in result:
            raise UndecidedError(Missing("a text of YAML with a key that is no text, or comes twice"))
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor("!number", _yaml_number)
_Loader.add_constructor("tag:yaml.org,2002:bool", _yaml_bool)
_Loader.add_constructor("!unread", _unread)
_Loader.add_constructor("tag:yaml.org,2002:map", _yaml_mapping)


def yamldecode(value: Value) -> Value:
    """Return the value of a text of YAML; anchors, tags and several documents are left undecided."""
    text = text_of(value)
    if any(mark in text for mark in ("&", "*", "!", "<<")) and _has_anchor(text):
        raise UndecidedError(Missing("a text of YAML with anchors or tags"))
    try:
        decoded: object = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
        if not text.strip():
            raise FailureError("the text is empty")
        return _plain(decoded)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise FailureError("the text is not YAML") from None


def _has_anchor(text: str) -> bool:
    try:
        return any(isinstance(token, (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)) for token in yaml.scan(text))
    except yaml.YAMLError:
        return False


def yamlencode(value: Value) -> Value:
    """Return a value as YAML, laid out as Terraform does."""
    lines = _yaml(value, 0)
    if value is None or isinstance(value, (bool, int, float)):
        lines.append("...")
    return "\n".join(lines) + "\n"


def _yaml(value: Value, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, dict) and value:
        lines: list[str] = []
        for key in sorted(value):
            lines.extend(_entry(f"{pad}{_plain_quoted(key)}:", value[key], depth))
        return lines
    if isinstance(value, list) and value:
        lines = []
        for item in value:
            inner = _yaml(item, depth + 1)
            lines.append(f"{pad}- {inner[0].lstrip()}")
            lines.extend(inner[1:])
        return lines
    if isinstance(value, list):
        return [pad + "[]"]
    if isinstance(value, dict):
        return [pad + "{}"]
    if isinstance(value, Symbol):
        raise UndecidedError(missing_of(value))
    if isinstance(value, str) and "\n" in value:
        raise UndecidedError(Missing("a text of several lines in YAML"))
    return [pad + (_plain_quoted(value) if isinstance(value, str) else _json(value, symbols=False))]


def _plain_quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _entry(head: str, value: Value, depth: int) -> list[str]:
    if isinstance(value, dict) and value:
        return [head, *_yaml(value, depth + 1)]
    if isinstance(value, list) and value:
        return [head, *_yaml(value, depth)]
    return [f"{head} {_yaml(value, 0)[0]}"]


def csvdecode(value: Value) -> Value:
    """Return the rows of a text of CSV as a list of objects."""
    text = text_of(value)
    if len(text) > MAX_TEXT:
        raise UndecidedError(Missing("a table of more than 10 MB"))
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error:
        raise FailureError("the text is not CSV") from None
    if not rows:
        raise FailureError("the table has no header")
    header = rows[0]
    if len(set(header)) != len(header) or any(len(row) != len(header) for row in rows):
        raise FailureError("the rows of the table do not fit its header")
    return [dict(zip(header, row, strict=True)) for row in rows[1:]]


FUNCTIONS: dict[str, Function] = {
    "csvdecode": pure(csvdecode, 1),
    "jsondecode": pure(jsondecode, 1),
    "jsonencode": pure(jsonencode, 1, nulls=True),
    "yamldecode": pure(yamldecode, 1),
    "yamlencode": pure(yamlencode, 1, nulls=True),
}

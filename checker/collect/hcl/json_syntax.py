"""Reading files in Terraform's JSON syntax."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from checker.collect.hcl.fragments import parse_expression, parse_template
from checker.collect.hcl.scan import MAX_DEPTH, NotHclError, Text
from checker.collect.hcl.syntax import Block, Body, Expression, Fault, File, Literal, Object, Tuple

_LABELS = {
    "check": 1,
    "data": 2,
    "ephemeral": 2,
    "import": 0,
    "locals": 0,
    "module": 1,
    "moved": 0,
    "output": 1,
    "provider": 1,
    "removed": 0,
    "resource": 2,
    "terraform": 0,
    "variable": 1,
}
_NESTED = {"connection": 0, "dynamic": 1, "content": 0, "lifecycle": 0, "provisioner": 1, "timeouts": 0}
_VERBATIM = {("variable", "type"), ("resource", "provider"), ("data", "provider")}
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SCALAR = re.compile(r"-?\d[\d.eE+-]*|true|false|null")
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON value with its first and last line; objects are pairs, so that a key may come twice."""

    line: int
    end: int
    scalar: bool | int | float | str | None = None
    items: tuple[_Node, ...] | None = None
    pairs: tuple[tuple[str, _Node], ...] | None = None


def read_json(data: bytes, path: str) -> File:
    """Read a file in JSON syntax; texts are templates, and a mistake spoils the whole file.

    Inside of resources it takes objects for values of attributes: which of them are blocks, only the provider's
    schema says; `dynamic`, `lifecycle`, `provisioner`, `connection` and `timeouts` are blocks.
    Source: https://developer.hashicorp.com/terraform/language/syntax/json
    """
    faults: list[Fault] = []
    try:
        text = Text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return File(path, Body({}, ()), (Fault(1, "the file is not text in UTF-8", 1, data.count(b"\n") + 1),), {})
    try:
        root = _value(text, 0)
        _space(text)
        if text.position < text.end:
            raise NotHclError(text.position, f"the end was expected here, not {text.shown()}")  # noqa: TRY301 - as below
        roots = root.items if root.items is not None else (root,)
        if any(item.pairs is None for item in roots):
            raise NotHclError(0, "the file is not a JSON object")  # noqa: TRY301 - a mistake like those of the reading
    except (NotHclError, RecursionError) as error:
        position = error.position if isinstance(error, NotHclError) else 0
        message = str(error) if isinstance(error, NotHclError) else "nested too deeply"
        return File(path, Body({}, ()), (Fault(text.line(position), message, 1, text.line(text.end)),), {})
    attributes: dict[str, Expression] = {}
    blocks: list[Block] = []
    for item in roots:
        for key, node in item.pairs or ():
            if key in _LABELS:
                blocks.extend(_blocks(key, (), node, _LABELS[key], faults))
            elif key != "//":
                attributes[key] = _expression(node, faults)
    return File(path, Body(attributes, tuple(blocks)), tuple(faults), {})


def _space(text: Text) -> None:
    found = _SPACE.match(text.source, text.position)
    if found:
        text.position = found.end()


def _value(text: Text, depth: int) -> _Node:
    if depth > MAX_DEPTH:
        raise NotHclError(text.position, "nested too deeply")
    _space(text)
    line = text.line(text.position)
    if text.take("{"):
        return _object(text, depth, line)
    if text.take("["):
        items: list[_Node] = []
        _space(text)
        while not text.take("]"):
            items.append(_value(text, depth + 1))
            _comma(text, "]")
        return _Node(line, text.line(text.position), items=tuple(items))
    if text.source.startswith('"', text.position):
        return _Node(line, line, _string(text))
    found = _SCALAR.match(text.source, text.position)
    if not found:
        raise NotHclError(text.position, f"a JSON value was expected here, not {text.shown()}")
    try:
        scalar: bool | int | float | None = json.loads(found[0]) if len(found[0]) < 300 else None
    except ValueError:
        raise NotHclError(text.position, "this is no JSON number") from None
    text.position = found.end()
    return _Node(line, line, scalar)


def _object(text: Text, depth: int, line: int) -> _Node:
    pairs: list[tuple[str, _Node]] = []
    _space(text)
    while not text.take("}"):
        if not text.source.startswith('"', text.position):
            raise NotHclError(text.position, f"a key in quotes was expected here, not {text.shown()}")
        key = _string(text)
        _space(text)
        if not text.take(":"):
            raise NotHclError(text.position, f'":" was expected after the key, not {text.shown()}')
        pairs.append((key, _value(text, depth + 1)))
        _comma(text, "}")
    return _Node(line, text.line(text.position), pairs=tuple(pairs))


def _comma(text: Text, close: str) -> None:
    """Step over a comma, or up to the closing sign."""
    _space(text)
    if text.take(","):
        _space(text)
        if text.source.startswith(close, text.position):
            raise NotHclError(text.position, f'there is a comma before "{close}"')
    elif not text.source.startswith(close, text.position):
        raise NotHclError(text.position, f'"," or "{close}" was expected here, not {text.shown()}')


def _string(text: Text) -> str:
    found = _STRING.match(text.source, text.position)
    if not found:
        raise NotHclError(text.position, "the text is not closed in its line")
    try:
        decoded: str = json.loads(found[0])
    except ValueError:
        raise NotHclError(text.position, "the text has an escape that is none") from None
    text.position = found.end()
    return decoded


def _blocks(type_: str, labels: tuple[str, ...], node: _Node, missing: int, faults: list[Fault]) -> list[Block]:
    """Return the blocks of one type: below as many levels of labels as it has, an object or a list of objects."""
    if node.items is not None:
        return [block for item in node.items for block in _blocks(type_, labels, item, missing, faults)]
    if node.pairs is None:
        if node.scalar is not None:
            faults.append(Fault(node.line, f'an object was expected for "{type_}"', node.line, node.end))
        return []
    if missing:
        return [
            block
            for key, item in node.pairs
            if key != "//"
            for block in _blocks(type_, (*labels, key), item, missing - 1, faults)
        ]
    attributes: dict[str, Expression] = {}
    blocks: list[Block] = []
    for key, item in node.pairs:
        if key == "//":
            continue
        if key in _NESTED and type_ in ("resource", "data", "dynamic", *_NESTED):
            blocks.extend(_blocks(key, (), item, _NESTED[key], faults))
        elif (type_, key) in _VERBATIM and isinstance(item.scalar, str):
            attributes[key] = _parsed(parse_expression(item.scalar, item.line), item, faults)
        elif type_ == "variable":
            attributes[key] = _literal(item)
        else:
            attributes[key] = _expression(item, faults)
    return [Block(type_, labels, Body(attributes, tuple(blocks)), node.line, node.end)]


def _parsed(found: Expression | Fault, node: _Node, faults: list[Fault]) -> Expression:
    if isinstance(found, Fault):
        faults.append(Fault(node.line, found.message, node.line, node.end))
        return Literal(node.line, None)
    return found


def _expression(node: _Node, faults: list[Fault]) -> Expression:
    """Return a value as an expression, its texts and keys read as templates."""
    if node.items is not None:
        return Tuple(node.line, tuple(_expression(item, faults) for item in node.items))
    if node.pairs is not None:
        pairs = [
            (_parsed(parse_template(key, item.line), item, faults), _expression(item, faults))
            for key, item in node.pairs
        ]
        return Object(node.line, tuple(pairs))
    if isinstance(node.scalar, str):
        return _parsed(parse_template(node.scalar, node.line), node, faults)
    return Literal(node.line, node.scalar)


def _literal(node: _Node) -> Expression:
    """Return a value as it stands, as the default of a variable is meant."""
    if node.items is not None:
        return Tuple(node.line, tuple(_literal(item) for item in node.items))
    if node.pairs is not None:
        pairs: Sequence[tuple[Expression, Expression]] = [
            (Literal(item.line, key), _literal(item)) for key, item in node.pairs
        ]
        return Object(node.line, tuple(pairs))
    return Literal(node.line, node.scalar)

"""Bodies of blocks as values: their attributes, and their nested blocks as lists of mappings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.scopes import Scope
from checker.collect.hcl.syntax import Block, Body, Expression, Literal, Object, Tuple, Variable
from checker.collect.hcl.values import Set, Several, Value, is_unordered, order_of
from checker.model.fact import Missing

# The key of a nested block's line, as readers of records know it.
LINE = "~line"
# Arguments that a nested block could not have: where a file in JSON writes an object, it is a map.
_MAPS = frozenset(
    {
        "tags",
        "tags_all",
        "volume_tags",
        "variables",
        "parameters",
        "values",
        "triggers",
        "keepers",
        "dimensions",
        "labels",
    }
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A body sorted by name: its attributes, and of each type its blocks in order, static and dynamic ones."""

    attributes: Mapping[str, Expression]
    blocks: Mapping[str, tuple[Block, ...]]

    @classmethod
    def of(cls, body: Body, *, is_json: bool = False) -> Shape:
        """Return the shape of a body; in JSON what is an object, or a list of them, is a block."""
        attributes = body.attributes
        blocks = body.blocks
        if is_json:
            found = {name: tuple(_json_blocks(name, value)) for name, value in attributes.items()}
            attributes = {name: value for name, value in attributes.items() if not found[name]}
            blocks = (*blocks, *(block for some in found.values() for block in some))
        groups: dict[str, tuple[Block, ...]] = {}
        for block in blocks:
            name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            groups[name] = (*groups.get(name, ()), block)
        return cls(attributes, groups)


def _json_blocks(name: str, value: Expression) -> Iterator[Block]:
    if name in _MAPS:
        return
    objects = value.items if isinstance(value, Tuple) else (value,)
    if not objects or not all(isinstance(item, Object) for item in objects):
        return
    for item in objects:
        body = _json_body(item)
        if name != "dynamic":
            yield Block(name, (), body, item.line, item.line)
            continue
        for label, inner in body.attributes.items():
            for one in inner.items if isinstance(inner, Tuple) else (inner,):
                yield Block("dynamic", (label,), _json_body(one), item.line, item.line)


def _json_body(value: object) -> Body:
    items = value.items if isinstance(value, Object) else ()
    return Body({str(key.value): item for key, item in items if isinstance(key, Literal)}, ())


@dataclass(frozen=True, slots=True)
class Expander:
    """Evaluates bodies of one declaration; `label` is what to call it in messages."""

    label: str
    is_json: bool = False

    def body(self, body: Body, scope: Scope) -> dict[str, Value]:
        """Return a body's values: attributes by name, nested blocks as lists of mappings."""
        shape = Shape.of(body, is_json=self.is_json)
        found = {name: plain(evaluate(expression, scope)) for name, expression in shape.attributes.items()}
        for name, blocks in shape.blocks.items():
            found[name] = self.blocks(name, blocks, scope)
        return found

    def blocks(self, name: str, blocks: tuple[Block, ...], scope: Scope) -> list[Value]:
        """Return the blocks of one type; those of which the number is not known are a `Missing` in the list."""
        found: list[Value] = []
        for block in blocks:
            if block.type == "dynamic":
                found.extend(self._dynamic(name, block, scope))
            else:
                found.append({LINE: block.line, **self.body(block.body, scope)})
        return found

    def _dynamic(self, name: str, block: Block, scope: Scope) -> Iterator[Value]:
        """Yield what a dynamic block stands for.

        Source: https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
        """
        attributes = Shape.of(block.body, is_json=self.is_json)
        each, content = attributes.attributes.get("for_each"), attributes.blocks.get("content")
        if each is None and "for_each" in attributes.blocks:  # a literal list of objects in JSON
            each = block.body.attributes["for_each"]
        which = Missing(
            f"{self.label}: which {name} blocks there are (line {block.line})", "give the value it depends on"
        )
        if each is None or not content:
            yield which
            return
        iterator = attributes.attributes.get("iterator")
        bound = iterator.name if isinstance(iterator, Variable) else name
        if isinstance(iterator, Literal):
            bound = str(iterator.value)
        for pair in members(evaluate(each, scope)):
            if pair is None:
                yield which
                continue
            key, value = pair
            inner = scope.within({bound: {"key": key, "value": value}})
            yield {LINE: content[0].line, **self.body(content[0].body, inner)}


def members(value: Value) -> Iterator[tuple[Value, Value] | None]:
    """Yield the keys and values of a collection in Terraform's order; None for an unknown number of them."""
    if isinstance(value, dict):
        yield from ((key, value[key]) for key in sorted(value))
    elif isinstance(value, list):
        place = order_of(value) if is_unordered(value) else None
        for index, item in enumerate(value):
            yield None if isinstance(item, Several) else (item if isinstance(value, Set) else place or index, item)
    elif is_lazy(value):
        whole = plain(value)
        yield from members(None if is_lazy(whole) else whole)
    else:
        yield None


def plain(value: Value) -> Value:
    """Return a value with everything in it worked out."""
    if isinstance(value, (str, int, float, Missing)) or value is None:
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value.whole()


def is_lazy(value: Value) -> bool:
    """Tell whether a value is an object that is worked out when it is asked for."""
    return not (value is None or isinstance(value, (str, int, float, list, dict, Missing)))

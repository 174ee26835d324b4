"""Properties of Pulumi resources in the names and shapes of Terraform's.

Pulumi's AWS provider is Terraform's behind a bridge that renames properties (`healthCheck` for `health_check`), puts
lists into the plural (`routes` for `route`) and flattens blocks that may stand only once. This turns it back.
Source: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/docs/new-provider.md
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from checker.collect.pulumi.documents import json_text
from checker.collect.pulumi.table.blocks import Block, Shapes, shapes
from checker.collect.pulumi.table.rule import camel, snake
from checker.model.fact import Missing

_INTERNAL = "__"
_STEP = re.compile(r"""\[(?P<index>\d+|\*)\]|\["(?P<key>[^"]*)"\]|\.?(?P<name>[^.\[\]]+)""")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TAGS = ("tags", "tagsAll")


def to_terraform(type_: str, properties: Mapping[str, object], *, is_data: bool = False) -> dict[str, object]:
    """Return properties of a resource, or of a function's answer, as `terraform show -json` tells `values`.

    A block that Pulumi flattens becomes a list of one; one that is not known as a whole (a `Missing`, or a `Reference`
    to another's) stands alone, since it may be absent: whoever reads the list or what is in it finds it not known. A
    plain value that Pulumi flattens, such as a `Reference` in the place of a list of one text, is wrapped.

    Keys of mappings that are the user's own, such as tags, stay as they are. A property that the table does not tell
    keeps its name, in Terraform's case. Pulumi's own keys (`__defaults`) are left out.
    """
    table = shapes()
    block = table.of(type_, is_data=is_data)
    return _loosely(properties) if block is None else _block(table, block, properties)


def attribute(type_: str, pulumi_path: str, *, is_data: bool = False) -> str:
    """Return a path to a property in Terraform's names: `dnsName` -> `dns_name`.

    Within a block that Pulumi flattens it has the index that Terraform needs: `endpoint.address` ->
    `endpoint[0].address`. The block itself is named without one.
    """
    table = shapes()
    block = table.of(type_, is_data=is_data)
    written = ""
    is_flat = is_own = False
    for step in _STEP.finditer(pulumi_path):
        name = step["name"]
        if name is None or is_own:
            # An index, or a key of the user's.
            written += step[0]
            is_flat = False
            continue
        name = name if block is None else block.also.get(name, name)
        index = "[0]." if is_flat else "." if written else ""
        written += index + (snake(name) if block is None else block.terraform(name))
        number = None if block is None else block.inner(name)
        is_own = block is not None and number is None
        is_flat = block is not None and (name in block.one or name in block.first)
        block = None if number is None else table.block(number)
    return written


def pulumi_property(type_: str, terraform_name: str, *, is_data: bool = False) -> str:
    """Return what Pulumi calls an attribute or a block, at a dotted path: `health_check.port` -> `healthCheck.port`.

    Indexes stay, but for that of a block which Pulumi flattens.
    """
    table = shapes()
    block = table.of(type_, is_data=is_data)
    written = ""
    is_flat = False
    for step in _STEP.finditer(terraform_name):
        name = step["name"]
        if name is None or name.isdigit():
            written += "" if is_flat else f"[{name}]" if name else step[0]
            is_flat = False
            continue
        pulumi = camel(name) if block is None else block.pulumi(name)
        written += f".{pulumi}" if written else pulumi
        number = None if block is None else block.inner(pulumi)
        is_flat = block is not None and (pulumi in block.one or pulumi in block.first)
        block = None if number is None else table.block(number)
    return written


def _block(table: Shapes, block: Block, properties: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for told, value in properties.items():
        if not told.startswith(_INTERNAL):
            name = block.also.get(told, told)
            terraform = block.terraform(name)
            if found.get(terraform) is None:
                found[terraform] = _value(table, block, name, value)
    return found


def _value(table: Shapes, block: Block, name: str, value: object) -> object:
    number = block.inner(name)
    if number is None:
        return _plain(table, block, name, value)
    inner = table.block(number)
    if name in block.map and isinstance(value, Mapping):
        return {key: _nested(table, inner, item) for key, item in value.items()}
    if isinstance(value, Mapping):
        made = _block(table, inner, value)
        return made if name in block.single else [made]
    return _nested(table, inner, value)


def _nested(table: Shapes, inner: Block, value: object) -> object:
    if isinstance(value, Mapping):
        return _block(table, inner, value)
    if isinstance(value, (list, tuple)):
        return [_nested(table, inner, item) for item in value]
    return value


def _plain(table: Shapes, block: Block, name: str, value: object) -> object:
    if name in block.documents and isinstance(value, (Mapping, list, tuple)):
        return json_text(value)
    made = _scalar(table, block, name, value)
    if name in block.first and made is not None and not isinstance(made, (list, Missing)):
        return [made]
    return made


def _scalar(table: Shapes, block: Block, name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _scalar(table, block, name, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        # A mapping where there should be a plain value is a block of which the table does not know.
        return [
            _loosely(item)
            if isinstance(item, Mapping) and name not in block.maps
            else _scalar(table, block, name, item)
            for item in value
        ]
    if table.is_number(block, name):
        return _number(value)
    if table.is_flag(block, name):
        return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    return _whole(value) if name in block.any else _text(value)


def _text(value: object) -> object:
    """Return the text that Terraform makes of a value for an argument that takes a text.

    Source: https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    whole = _whole(value)
    return str(whole) if isinstance(whole, (int, float)) else value


def _number(value: object) -> object:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        return _whole(value)
    return _whole(float(value)) if "." in value else int(value)


def _whole(value: object) -> object:
    """Return a number as a whole one where it is: all numbers of Pulumi's are floating."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _loosely(properties: Mapping[str, object]) -> dict[str, object]:
    """Return properties of which the table knows nothing, with names in Terraform's case."""
    return {
        snake(name): value if name in _TAGS else _loose(value)
        for name, value in properties.items()
        if not name.startswith(_INTERNAL)
    }


def _loose(value: object) -> object:
    if isinstance(value, Mapping):
        return _loosely(value)
    if isinstance(value, (list, tuple)):
        return [_loose(item) for item in value]
    return _whole(value)

"""The instances of a state, in either of its forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from checker.collect.terraform.addresses import suffix
from checker.collect.terraform.sensitive import reveal_nothing
from checker.collect.terraform.types import DATA, canonical
from checker.collect.terraform_state.shape import Document, Module, RawResource, Resource, Step, Type

_TYPE = msgspec.json.Decoder(Type)
_RESOURCE = msgspec.json.Decoder(Resource)
_RAW_RESOURCE = msgspec.json.Decoder(RawResource)
_TAINTED = "tainted"


@dataclass(frozen=True)
class Held:
    """An instance that a state holds; `tainted` says that the next apply will replace it."""

    address: str
    type: str
    values: Mapping[str, object]
    is_data: bool
    tainted: bool


def held(document: Document, wanted: Collection[str], others: list[str]) -> Iterator[Held]:
    """Yield the instances of the `wanted` types; the types of all others go to `others`.

    What is deposed, which Terraform has yet to destroy after replacing it, is left out.
    """
    if document.values is not None:
        yield from _of_module(document.values.root_module, wanted, others)
    for raw in document.resources or ():
        yield from _of_resource(raw, wanted, others)


def _of_module(module: Module, wanted: Collection[str], others: list[str]) -> Iterator[Held]:
    for raw in module.resources:
        type_ = _TYPE.decode(raw).type
        if canonical(type_) not in wanted:
            others.append(type_)
            continue
        one = _RESOURCE.decode(raw)
        if one.deposed_key is None and one.values is not None:
            values = reveal_nothing(one.address, one.values, one.sensitive_values)
            yield Held(one.address, one.type, values, one.mode == "data", one.tainted)
    module.resources.clear()
    for child in module.child_modules:
        yield from _of_module(child, wanted, others)


def _of_resource(raw: msgspec.Raw, wanted: Collection[str], others: list[str]) -> Iterator[Held]:
    type_ = _TYPE.decode(raw).type
    if canonical(type_) not in wanted:
        others.append(type_)
        return
    one = _RAW_RESOURCE.decode(raw)
    is_data = one.mode == "data"
    module = f"{one.module}." if one.module else ""
    for instance in one.instances:
        if instance.deposed or instance.attributes is None:
            continue
        address = f"{module}{DATA if is_data else ''}{one.type}.{one.name}{suffix(instance.index_key)}"
        marks = _marks(instance.sensitive_attributes or ())
        values = reveal_nothing(address, instance.attributes, marks)
        yield Held(address, one.type, values, is_data, instance.status == _TAINTED)


def _marks(paths: Sequence[Sequence[Step]]) -> dict[str, object]:
    """Return the marks of sensitive paths, each of its whole top-level attribute: what is inside goes with it."""
    return {
        path[0].value: True for path in paths if path and path[0].type == "get_attr" and isinstance(path[0].value, str)
    }

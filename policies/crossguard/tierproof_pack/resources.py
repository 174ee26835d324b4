"""Resources as the engine sends them to an analyzer, in the shape that all Pulumi sources share."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import analyzer_pb2 as proto

from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.values import UNKNOWNS, decode, is_told_later, is_unknown
from checker.model.fact import Missing
from checker.model.record import Origin

SOURCE = "pulumi-policy"
_PROVIDERS = "pulumi:providers:"
_AWS = "aws:"
_NOT_KNOWN = min(UNKNOWNS)


def plain(properties: Struct) -> dict[str, object]:
    """Return properties as plain values, marks and all; numbers that are whole are whole numbers."""
    return {key: _plain(value) for key, value in properties.fields.items()}


def _plain(value: Value) -> object:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return plain(value.struct_value)
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
    return None


def registered(
    resource: proto.AnalyzerResource | proto.AnalyzeRequest,
    outputs: Mapping[str, object],
    inputs: Mapping[str, object] | None = None,
) -> Registered:
    """Return a resource; `inputs` are what the program gave it, where that was seen, `outputs` what is sent with it.

    The engine tells an analyzer neither whether a resource is custom nor its id: custom ones have a provider, and
    AWS's have their id among the outputs.
    """
    merged = dict(outputs) if inputs is None else _settled(outputs, inputs)
    id_ = merged.get("id")
    asked = resource.propertyDependencies if isinstance(resource, proto.AnalyzerResource) else {}
    needs = {name: tuple(found.urns) for name, found in asked.items()}
    properties = decode(merged)
    for name in (inputs or {}).keys() & properties.keys() - needs.keys():
        properties[name] = _given(name, properties[name])
    has_provider = resource.HasField("provider")
    return Registered(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=properties,
        origin=Origin(SOURCE, address=resource.urn),
        id=id_ if isinstance(id_, str) and id_ and not is_unknown(id_) else None,
        is_custom=has_provider or resource.type.startswith((_AWS, _PROVIDERS)),
        parent=resource.parent if isinstance(resource, proto.AnalyzerResource) else resource.options.parent,
        provider=_reference(resource.provider) if has_provider else "",
        needs=needs,
    )


def provider(resource: proto.AnalyzerProviderResource) -> Registered:
    """Return the provider that a resource is made through, which is sent with it."""
    return Registered(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=decode(plain(resource.properties)),
        origin=Origin(SOURCE, address=resource.urn),
    )


def _reference(resource: proto.AnalyzerProviderResource) -> str:
    id_ = resource.properties.fields["id"].string_value if "id" in resource.properties.fields else ""
    return f"{resource.urn}::{id_ or _NOT_KNOWN}"


def _settled(outputs: Mapping[str, object], inputs: Mapping[str, object]) -> dict[str, object]:
    """Return outputs; what a preview does not know of them is as the program gave it, or was not given at all."""
    found = {key: value for key, value in outputs.items() if not _has_unknown(value)}
    for key, value in outputs.items():
        if key not in found and (key in inputs or not is_unknown(value)):
            found[key] = inputs.get(key, value)
    return found


def _given(name: str, value: object) -> object:
    """Return what the program gave; what is not known of that was not left to the provider, though it needs nothing."""
    if not isinstance(value, Missing) or not is_told_later(value):
        return value
    return Missing(f"{name}, which the program makes of what is not known before the update", value.supply)


def _has_unknown(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_unknown, value.values())) or any(key in UNKNOWNS for key in value)
    return any(map(_has_unknown, value)) if isinstance(value, list) else is_unknown(value)

"""Pulumi's property values between protobuf structures and plain Python.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.struct_pb2 import Struct, Value

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark of Pulumi's, no password
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"


def plain(struct: Struct) -> dict[str, object]:
    """Return a structure as a mapping: None, bool, float, text, list and dict; signatures stay as they are."""
    return {name: _plain(value) for name, value in struct.fields.items()}


def _plain(value: Value) -> object:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return plain(value.struct_value)
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind is None or kind == "null_value":
        return None
    scalar: object = getattr(value, kind)
    return scalar


def struct_of(properties: Mapping[str, object]) -> Struct:
    """Return a mapping as a structure."""
    struct = Struct()
    for name, value in properties.items():
        struct.fields[name].CopyFrom(_value(value))
    return struct


def _value(value: object) -> Value:
    if value is None:
        return Value(null_value=0)
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, (int, float)):
        return Value(number_value=float(value))
    if isinstance(value, Mapping):
        return Value(struct_value=struct_of({str(name): item for name, item in value.items()}))
    if isinstance(value, (list, tuple)):
        result = Value()
        result.list_value.values.extend(_value(item) for item in value)
        return result
    return Value(string_value=str(value))


def settled(value: object) -> object:
    """Return a property value as the engine hands it to a provider: ids for resources, values for outputs.

    A resource without an id yet, and an output without a value, are Pulumi's mark for what is not known. Secrets stay
    wrapped, as the engine leaves them for an SDK that takes secrets.
    """
    if isinstance(value, list):
        return [settled(item) for item in value]
    if not isinstance(value, dict):
        return value
    signature = value.get(SIGNATURE)
    if signature == RESOURCE:
        return value["id"] or UNKNOWN if "id" in value else value.get("urn", UNKNOWN)
    if signature == OUTPUT:
        if "value" not in value:
            return UNKNOWN
        inner = settled(value["value"])
        return secret(inner) if value.get("secret") else inner
    return {name: settled(item) for name, item in value.items()}


def secret(value: object) -> object:
    """Return a value wrapped as a secret, once."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return value
    return {SIGNATURE: SECRET, "value": value}


def revealed(value: object) -> object:
    """Return what a value holds beneath its secret wrapping, if it has one."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return value.get("value")
    return value


def as_outputs(value: object) -> object:
    """Return a property value as the engine hands it to transforms: what is not known is an output without value."""
    if value == UNKNOWN:
        return {SIGNATURE: OUTPUT}
    if isinstance(value, list):
        return [as_outputs(item) for item in value]
    if isinstance(value, dict):
        return {name: as_outputs(item) for name, item in value.items()}
    return value


def is_unknown(value: object) -> bool:
    """Whether a value is Pulumi's mark for what is not known, or holds one."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == OUTPUT and "value" not in value:
            return True
        return any(is_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(is_unknown(item) for item in value)
    return value == UNKNOWN

"""What an answer of AWS looks like, from botocore's service models."""

from collections.abc import Mapping
from functools import cache

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, Shape, StructureShape

_SCALARS: dict[str, tuple[type, ...]] = {"boolean": (bool, str), "string": (str,)}


@cache
def answer_shape(service: str, operation: str) -> StructureShape | None:
    """Return the shape of an operation's answer by boto3's names, or nothing if this botocore does not know it."""
    try:
        model = _session().get_service_model(service)
    except UnknownServiceError:
        return None
    for name in model.operation_names:
        if xform_name(name) == operation:
            return model.operation_model(name).output_shape
    return None


def fits(service: str, operation: str, key: str, value: object) -> bool:
    """Tell whether `value` can be what an operation answers under `key`; another service may use the key too.

    Of a mapping more than half of the fields must be in the model: what botocore is too old for is let through.
    """
    shape = answer_shape(service, operation)
    member = shape.members.get(key) if shape else None
    return member is None or _fits(member, value)


def item_shape(service: str, operation: str, key: str) -> Shape | None:
    """Return the shape of one item of the list under `key`, or of the mapping there."""
    shape = answer_shape(service, operation)
    member = shape.members.get(key) if shape else None
    return member.member if isinstance(member, ListShape) else member


def _fits(shape: Shape, value: object) -> bool:
    if isinstance(shape, ListShape):
        return isinstance(value, list) and all(_fits(shape.member, item) for item in value)
    if isinstance(shape, StructureShape):
        if not isinstance(value, Mapping):
            return False
        known = sum(key in shape.members and _is_like(shape.members[key], inner) for key, inner in value.items())
        return not value or 2 * known > len(value)
    return _is_like(shape, value)


def _is_like(shape: Shape, value: object) -> bool:
    if isinstance(shape, ListShape):
        return isinstance(value, list)
    if isinstance(shape, (StructureShape, MapShape)):
        return isinstance(value, Mapping)
    return not isinstance(value, (list, Mapping)) and isinstance(value, _SCALARS.get(shape.type_name, (object,)))


@cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()

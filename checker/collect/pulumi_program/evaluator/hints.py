"""What the program's SDK tells of the properties of a type: Pulumi's name of each, its type, whether it may be absent.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/python/lib/pulumi/_types.py
"""

from __future__ import annotations

import functools
import inspect
import sys
import typing
from collections import abc
from dataclasses import dataclass

import pulumi

_LISTS = (list, abc.Sequence, abc.Iterable, tuple, set)
_MAPPINGS = (dict, abc.Mapping)


@dataclass(frozen=True)
class Hint:
    """The type of a property and whether it may be absent."""

    type: object
    optional: bool


@functools.cache
def properties_of(cls: type) -> dict[str, Hint]:
    """Return the properties of a resource or output class by Pulumi's names, in order; none where it has no hints."""
    found: dict[str, Hint] = {}
    names = _names(cls)
    for base in reversed(cls.__mro__):
        if is_core(base.__module__):
            continue
        for name, member in vars(base).items():
            getter = member.fget if isinstance(member, property) else None
            if getter is None or name.startswith("_"):
                continue
            hint = _hints(getter, cls, base).get("return")
            if hint is not None:
                found[getattr(getter, "_pulumi_name", None) or name] = _hint(hint)
        own = {name: hint for name, hint in _annotations(base).items() if not name.startswith("_")}
        # Evaluated by themselves: those of the classes below name what is not in this module.
        alone = type(base.__name__, (), {"__annotations__": own})
        for name, hint in _hints(alone, cls, base).items():
            found[names.get(name, name)] = _hint(hint)
    if issubclass(cls, pulumi.Resource):
        for name in ("urn", "id"):
            found.pop(name, None)
    return found


def _annotations(cls: type) -> dict[str, object]:
    # Python 3.14 keeps no annotations in a class's namespace, Python 3.9 has no function for them.
    getter = getattr(inspect, "get_annotations", None)
    return dict(getter(cls)) if getter is not None else dict(vars(cls).get("__annotations__", {}))


def is_core(module: str) -> bool:
    """Whether a module is of Pulumi's core, whose classes declare nothing that a provider answers."""
    return module == "pulumi" or module.startswith("pulumi.")


def _names(cls: type) -> dict[str, str]:
    types = sys.modules.get("pulumi._types")
    names = getattr(types, "resource_py_to_pulumi_names", None)
    return dict(names(cls)) if names is not None and issubclass(cls, pulumi.Resource) else {}


def _hints(owner: object, cls: type, base: type) -> dict[str, object]:
    scope: dict[str, object] = {}
    for each in (base, cls):
        module = sys.modules.get(each.__module__)
        scope.update(vars(module) if module is not None else {})
    # The SDK's own base classes write these as texts without having the names in their modules.
    local: dict[str, object] = {"Output": pulumi.Output, "T": type(None)}
    try:
        return dict(typing.get_type_hints(owner, globalns=scope, localns=local))
    except (NameError, TypeError, AttributeError):
        # A hint that names what is not there tells nothing; the property is then not known.
        return {}


def _hint(hint: object) -> Hint:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is pulumi.Output and arguments:
        return _hint(arguments[0])
    if is_union(hint):
        members = [member for member in arguments if member is not type(None)]
        optional = len(members) < len(arguments)
        inner = _hint(members[0]) if members else Hint(typing.Any, optional)
        return Hint(inner.type, optional or inner.optional)
    return Hint(hint, optional=False)


def is_union(hint: object) -> bool:
    """Whether a type is one of several."""
    # `int | str` has a type of its own since Python 3.10.
    return typing.get_origin(hint) is typing.Union or type(hint).__name__ == "UnionType"


def element(hint: object) -> Hint | None:
    """Return the hint of a list's items, None for what is no list."""
    if hint in _LISTS or typing.get_origin(hint) in _LISTS:
        arguments = typing.get_args(hint)
        return _hint(arguments[0]) if arguments else Hint(typing.Any, optional=False)
    return None


def is_mapping(hint: object) -> bool:
    """Whether a type is a mapping with free keys."""
    return hint in _MAPPINGS or typing.get_origin(hint) in _MAPPINGS


def values(hint: object) -> Hint:
    """Return the hint of a mapping's values."""
    arguments = typing.get_args(hint)
    return _hint(arguments[1]) if len(arguments) == 2 else Hint(typing.Any, optional=False)


def is_object(hint: object) -> bool:
    """Whether a type is a class that the SDK marks as an output type."""
    return isinstance(hint, type) and hasattr(hint, "_pulumi_output_type")

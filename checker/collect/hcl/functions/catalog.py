"""All functions by name, and calling one."""

from __future__ import annotations

from collections.abc import Sequence

from checker.collect.hcl.functions import (
    collections,
    dates,
    documents,
    encoding,
    files,
    formatting,
    networks,
    numbers,
    strings,
)
from checker.collect.hcl.functions.function import Function
from checker.collect.hcl.values import FailureError, List, Map, Names, Set, Value
from checker.model.fact import Missing

_LISTS = frozenset(
    {"chunklist", "compact", "distinct", "formatlist", "matchkeys", "range", "regexall", "sort", "split", "tolist"}
    | {"setproduct", "cidrsubnets", "csvdecode"}
)
_LIKE_ARGUMENTS = {"coalescelist": None, "concat": None, "keys": 1, "reverse": 1, "slice": 1, "values": 1}
_MAPS = frozenset({"tomap", "transpose"})
_IMPURE = frozenset({"bcrypt", "plantimestamp", "timestamp", "uuid"})


FUNCTIONS: dict[str, Function] = {
    **collections.FUNCTIONS,
    **dates.FUNCTIONS,
    **documents.FUNCTIONS,
    **encoding.FUNCTIONS,
    **files.FUNCTIONS,
    **formatting.FUNCTIONS,
    **networks.FUNCTIONS,
    **numbers.FUNCTIONS,
    **strings.FUNCTIONS,
}


def call(name: str, arguments: Sequence[Value], names: Names) -> Value:
    """Return what a function gives; raise where Terraform refuses the call or the answer is not known."""
    name = name.removeprefix("core::")
    if "::" in name:
        return Missing(f"what the provider's function {name} gives is not known")
    if name in _IMPURE:
        return Missing(f"what {name}() gives is settled by an apply")
    function = FUNCTIONS.get(name)
    if function is None:
        raise FailureError(f'there is no function "{name}"')
    return _typed(name, arguments, function.call(arguments, names))


def _typed(name: str, arguments: Sequence[Value], value: Value) -> Value:
    """Return the lists and maps that are of one type as such."""
    if type(value) is list:
        typed = name in _LISTS or (
            name in _LIKE_ARGUMENTS
            and all(isinstance(some, (List, Map, Set)) for some in arguments[: _LIKE_ARGUMENTS[name]])
        )
        return List(value) if typed else value
    if type(value) is dict:
        typed = name in _MAPS or (name == "merge" and all(isinstance(some, Map) for some in arguments))
        return Map(value) if typed else value
    return value

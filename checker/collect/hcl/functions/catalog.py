"""All functions by name, and calling one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from checker.collect.hcl.values import (
    FailureError,
    List,
    Map,
    Names,
    Set,
    UndecidedError,
    Value,
    is_unordered,
    like,
    order_of,
)
from checker.model.fact import Missing

_LISTS = frozenset(
    {"chunklist", "compact", "distinct", "formatlist", "matchkeys", "range", "regexall", "sort", "split", "tolist"}
    | {"setproduct", "cidrsubnets", "csvdecode"}
)
_LIKE_ARGUMENTS = {"coalescelist": None, "concat": None, "keys": 1, "reverse": 1, "slice": 1, "values": 1}
# What these give has the items of their arguments in the same order, or in another that hangs on it.
_ITEM_BY_ITEM = frozenset(
    {"compact", "concat", "distinct", "ephemeralasnull", "flatten", "nonsensitive", "reverse"}
    | {"sensitive", "setproduct", "sort", "tolist"}
)
# What these give does not hang on the order of a list: texts of a policy or of user data are read for what they name.
_OF_ANY_ORDER = frozenset(
    {
        "alltrue",
        "anytrue",
        "base64encode",
        "coalesce",
        "coalescelist",
        "contains",
        "issensitive",
        "jsonencode",
        "keys",
        "length",
    }
    | {"lookup", "max", "merge", "min", "one", "setintersection", "setsubtract", "setunion", "sum"}
    | {"toset", "type", "values", "yamlencode"}
)
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
    value = function.call(arguments, names)
    if name not in _OF_ANY_ORDER:
        value = _placed(name, arguments, value)
    return _typed(name, arguments, value)


def _placed(name: str, arguments: Sequence[Value], value: Value) -> Value:
    """Return what a function gives, without an order where its items have none; raise where that decides it."""
    if name == "flatten":
        arguments = [*arguments, *_inner(arguments)]
    if name in _ITEM_BY_ITEM:
        return like(value, *arguments) if isinstance(value, list) else value
    unordered = next((argument for argument in arguments if is_unordered(argument)), None)
    if name == "slice" and isinstance(value, list) and isinstance(unordered, list) and len(value) == len(unordered):
        return like(value, unordered)
    if unordered is not None:
        raise UndecidedError(order_of(unordered))
    return value


def _inner(arguments: Sequence[Value]) -> Iterator[Value]:
    for argument in arguments:
        if isinstance(argument, list):
            yield from argument
            yield from _inner([item for item in argument if isinstance(item, list)])


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

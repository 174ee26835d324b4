"""A world in model terms: typed resources built straight from mappings, by the annotations of their classes."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal, Union, get_args, get_origin, get_type_hints

from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing
from checker.model.intervals import IntervalSet
from checker.model.record import Origin, Scope
from checker.model.resource import Resource
from checker.resources.catalog import kinds
from checker.resources.inventory import Inventory
from checker.resources.security_group_rule import GroupPeer, SecurityGroupRule
from tests.rules.defaults import DEFAULTS, GLOBAL_KINDS, NAMED_KINDS
from tests.rules.notation import SHORTHAND, UNKNOWN, missing, peer, permission

ACCOUNT, REGION = "111111111111", "us-east-1"
SCOPE = Scope(ACCOUNT, REGION)
ORIGIN = Origin("case")

Fields = Mapping[str, object]
Spec = dict[str, dict[str, dict[str, object]]]
"""Kind -> id -> fields, as the files of stacks write it."""


def build(spec: Mapping[str, Mapping[str, Fields]], gaps: Sequence[str] = ()) -> Inventory:
    """Return the inventory of a spec; `gaps` are the kinds whose listing is incomplete.

    Raises `ValueError` for an unknown kind or field, and for a field that has neither a value nor a default.
    """
    rules = [resource("security_group_rule", id, fields) for id, fields in spec.get("security_group_rule", {}).items()]
    found: list[Resource] = list(rules)
    for kind, items in spec.items():
        if kind == "security_group_rule":
            continue
        for id, fields in items.items():
            more = {} if kind != "security_group" or "permissions" in fields else {"permissions": _embedded(id, rules)}
            found.append(resource(kind, id, fields, more))
    return Inventory(found, gaps_of(gaps))


def gaps_of(names: Sequence[str]) -> Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]]:
    """Return the gaps of kinds named, each in the scope that its resources have by default."""
    return {
        by_name()[name]: {scope_of(name, {}): (Missing(f"the listing of {name}", f"allow listing {name}"),)}
        for name in names
    }


@cache
def by_name() -> Mapping[str, type[Resource]]:
    """Return the resource classes by their kind."""
    return {kind.type.kind: kind.type for kind in kinds()}


def scope_of(kind: str, fields: Fields) -> Scope:
    """Return where a resource lives: as its fields say, else in the one account and Region of the cases."""
    region = "global" if kind in GLOBAL_KINDS else REGION
    return Scope(str(fields.get("account", ACCOUNT)), str(fields.get("region", region)))


def resource(kind: str, id: str, fields: Fields, more: Mapping[str, object] | None = None) -> Resource:
    """Return one resource; `more` holds values that are ready to use."""
    if kind not in by_name():
        raise ValueError(f"no such kind: {kind}")
    type_ = by_name()[kind]
    hints = _hints(type_)  # type: ignore[arg-type]  # a class is hashable
    if unknown := set(fields) - set(hints) - {"account", "region"}:
        raise ValueError(f"{kind} {id} has no field {', '.join(sorted(unknown))}")
    given: dict[str, object] = {**DEFAULTS.get(kind, {}), "name": id if kind in NAMED_KINDS else "", **fields}
    made: dict[str, object] = dict(more or {})
    for name, hint in hints.items():
        if name in ("id", "scope", "origin") or name in made:
            continue
        if name in given:
            made[name] = _convert(given[name], hint, f"{kind} {id}: {name}")
        elif _needs_value(type_, name):
            raise ValueError(f"{kind} {id} needs {name}")
    return type_(id=id, scope=scope_of(kind, fields), origin=ORIGIN, **made)  # type: ignore[arg-type]  # made by the annotations of the class


@cache
def _hints(type_: type[Resource]) -> Mapping[str, object]:
    names = {field.name for field in dataclasses.fields(type_)}
    return {name: hint for name, hint in get_type_hints(type_).items() if name in names}


def _needs_value(type_: type[Resource], name: str) -> bool:
    field = next(field for field in dataclasses.fields(type_) if field.name == name)
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _embedded(group: str, rules: Sequence[Resource]) -> Fact[tuple[SecurityGroupRule, ...]]:
    """Return the rules of a group as the group itself tells them: the same facts, without the rules' ids."""
    mine = [rule for rule in rules if isinstance(rule, SecurityGroupRule) and rule.group.is_(group).is_yes]
    return Known(tuple(dataclasses.replace(rule, id=f"{group} rule {at}") for at, rule in enumerate(mine, 1)))


def _convert(value: object, hint: object, what: str) -> object:
    """Return `value` as the annotation `hint` wants it; raises `ValueError` naming `what`."""
    try:
        return _as(value, hint, what)
    except (TypeError, KeyError, ValueError) as error:
        raise ValueError(f"{what} = {value!r}: {error}") from error


def _as(value: object, hint: object, what: str) -> object:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Fact:
        return missing(what) if value == UNKNOWN else Known(_as(value, arguments[0], what))
    if isinstance(hint, type) and hint in _READ:
        return _READ[hint](value)
    if isinstance(hint, type) and hint in SHORTHAND:
        return SHORTHAND[hint](value)
    if origin in (Union, types.UnionType):
        return _one_of(value, arguments, what)
    if origin is tuple:
        if not isinstance(value, list):
            raise TypeError("not a list")
        inner = arguments if Ellipsis not in arguments else (arguments[0],) * len(value)
        return tuple(_as(item, each, what) for item, each in zip(value, inner, strict=True))
    if origin is Mapping or origin is Literal:
        return value
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        hints = get_type_hints(hint)
        return hint(**{name: _as(item, hints[name], what) for name, item in value.items()})
    if isinstance(hint, type) and isinstance(value, hint):
        return value
    raise TypeError(f"not a {hint}")


def _one_of(value: object, hints: Sequence[object], what: str) -> object:
    if value is None and type(None) in hints:
        return None
    if Cidr in hints or GroupPeer in hints:
        return peer(str(value))
    (hint,) = (hint for hint in hints if hint is not type(None))
    return _as(value, hint, what)


def _exactly(type_: type) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) is not type_:
            raise TypeError(f"not a {type_.__name__}")
        return value

    return read


_READ: Mapping[type, Callable[[object], object]] = {
    Cidr: lambda value: Cidr.parse(str(value)),
    IntervalSet: lambda value: permission(str(value)),
    bool: _exactly(bool),
    int: _exactly(int),
    str: _exactly(str),
}

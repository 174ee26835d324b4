"""Type constraints of variables, and the conversions that they ask for."""

from __future__ import annotations

from collections.abc import Iterable

from checker.collect.hcl.convert import number_of, set_of, text_of, truth_of
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.scopes import NOTHING
from checker.collect.hcl.syntax import Call, Expression, Literal, Object, Tuple, Variable
from checker.collect.hcl.values import FailureError, List, Map, UndecidedError, Value, is_unordered, like, order_of
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_LISTS = ("list", "set", "tuple")


class MismatchError(Exception):
    """A value that is not of the type that a variable asks for."""


def convert(value: Value, constraint: Expression | None) -> Value:
    """Return a value in the type that a constraint asks for; what is not known is left as it is.

    Source: https://developer.hashicorp.com/terraform/language/expressions/type-constraints

    Raises:
        MismatchError: Terraform would refuse the value.
    """
    if constraint is None or value is None or isinstance(value, (Missing, Symbol)):
        return value
    if isinstance(constraint, Literal):  # the quoted form of old configurations
        return convert(value, Variable(constraint.line, str(constraint.value)))
    if isinstance(constraint, Variable):
        return _plain(value, constraint.name)
    if isinstance(constraint, Call) and constraint.arguments:
        return _structured(value, constraint)
    return value


def _plain(value: Value, name: str) -> Value:
    if name in _LISTS:
        return _items(value, None, name)
    if name in ("any", "map", "object") or not isinstance(value, (bool, int, float, str)):
        if name in ("string", "number", "bool") and isinstance(value, (list, dict)):
            raise MismatchError(f"a {name} is asked for")
        return value
    try:
        if name == "string":
            return text_of(value)
        if name == "bool":
            return truth_of(value)
        return number_of(value) if name == "number" else value
    except FailureError as error:
        raise MismatchError(str(error)) from None
    except UndecidedError as error:
        return error.missing


def _structured(value: Value, constraint: Call) -> Value:
    inner = constraint.arguments[0]
    if constraint.name in ("list", "set"):
        return _items(value, inner, constraint.name)
    if constraint.name == "tuple" and isinstance(inner, Tuple):
        if is_unordered(value):
            return order_of(value)
        if isinstance(value, list) and len(value) != len(inner.items):
            raise MismatchError(f"a tuple of {len(inner.items)} is asked for")
        pairs: Iterable[tuple[Value, Expression]] = (
            zip(value, inner.items, strict=True) if isinstance(value, list) else ()
        )
        return [convert(item, type_) for item, type_ in pairs] if isinstance(value, list) else value
    if constraint.name == "map":
        if isinstance(value, (list, bool, int, float, str)):
            raise MismatchError("a map is asked for")
        return Map({key: convert(item, inner) for key, item in value.items()}) if isinstance(value, dict) else value
    if constraint.name == "object" and isinstance(inner, Object):
        if isinstance(value, (list, bool, int, float, str)):
            raise MismatchError("an object is asked for")
        return _object(value, inner) if isinstance(value, dict) else value
    return value


def _items(value: Value, inner: Expression | None, name: str) -> Value:
    if isinstance(value, (dict, bool, int, float, str)):
        raise MismatchError(f"a {name} is asked for")
    if not isinstance(value, list):
        return value
    items = [convert(item, inner) for item in value]
    return set_of(items) if name == "set" else like(List(items), value)


def _object(value: dict[str, Value], constraint: Object) -> Value:
    result: dict[str, Value] = {}
    for key, type_ in constraint.items:
        name = str(key.value) if isinstance(key, Literal) else key.name if isinstance(key, Variable) else ""
        is_optional = isinstance(type_, Call) and type_.name == "optional" and bool(type_.arguments)
        if not isinstance(type_, Call) or not is_optional:
            if name not in value:
                raise MismatchError(f"the attribute {name} is required")
            result[name] = convert(value[name], type_)
            continue
        given = value.get(name)
        if given is None and len(type_.arguments) > 1:
            given = evaluate(type_.arguments[1], NOTHING)
        result[name] = convert(given, type_.arguments[0])
    return result

"""What an expression comes to, as far as what it names is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.collect.hcl.budget import BUDGET, ExhaustedError
from checker.collect.hcl.convert import composed, kind_of, text_of, truth_of
from checker.collect.hcl.equality import equal
from checker.collect.hcl.functions.catalog import call
from checker.collect.hcl.operators import OPERATORS, UNARY
from checker.collect.hcl.spelling import spell
from checker.collect.hcl.steps import attribute_of, item_of
from checker.collect.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Directive,
    Expression,
    For,
    Index,
    Item,
    Literal,
    Object,
    Splat,
    Template,
    Tuple,
    Unary,
    Variable,
)
from checker.collect.hcl.values import (
    Bound,
    Failure,
    FailureError,
    List,
    Map,
    Names,
    Set,
    Several,
    UndecidedError,
    Unordered,
    Value,
    first_unknown,
    is_unordered,
    like,
    missing_of,
    order_of,
    settled,
)
from checker.model.fact import Missing
from checker.model.symbol import Symbol

MAX_ITEMS = 100_000
_ITEM = "*"
# What may come to a value that is somewhere else already, so that it takes no steps to have it once more.
_SHARING = frozenset({Attribute, Conditional, Index, Item, Template, Variable})


def evaluate(expression: Expression, names: Names) -> Value:
    """Return what an expression comes to.

    It never raises: what is not known is a `Missing` or `Symbol`, itself or in its place in a list or mapping, and
    what Terraform would refuse is a `Failure`, whose text says what and in which line. Parts that do not matter
    (the other branch of a condition, the rest of `false && x`) are not evaluated. One that asks for more values than
    anybody means is not known as a whole.
    Source: https://developer.hashicorp.com/terraform/language/expressions
    """
    if BUDGET.is_running:
        return _evaluated(expression, names)
    BUDGET.begin()
    try:
        return _evaluated(expression, names)
    finally:
        BUDGET.end()


def _evaluated(expression: Expression, names: Names) -> Value:
    try:
        return _value(expression, names)
    except UndecidedError as error:
        return error.missing
    except FailureError as error:
        return Failure(str(error), "correct the expression: Terraform refuses it")
    except ExhaustedError:
        # Of those around it each ends at its next step, so that none is left half done.
        return Missing(f"the expression in line {expression.line} comes to too many values", "let it come to less")
    except RecursionError:
        return Missing(f"the expression in line {expression.line} is nested too deeply")


def _value(expression: Expression, names: Names) -> Value:  # noqa: C901, PLR0911, PLR0912 - one branch for each form
    BUDGET.left -= 1
    if BUDGET.left < 0:
        raise ExhaustedError
    match expression:
        case Literal(value=value):
            return value
        case Attribute(of=of, name=name):
            return _checked(attribute_of(_value(of, names), name, expression))
        case Variable(name=name):
            return _checked(names.lookup(name))
        case Index(of=of, key=key):
            return _checked(item_of(_value(of, names), _value(key, names), expression))
        case Template(parts=parts):
            return _template(parts, names)
        case Tuple(items=items):
            return [_part(item, names) for item in items]
        case Object(items=items):
            return _object(items, names)
        case Call():
            return _spent(_call(expression, names))
        case Conditional():
            return _conditional(expression, names)
        case Binary():
            return _binary(expression, names)
        case Unary(operator=operator, value=inner):
            return _located(lambda: UNARY[operator](_value(inner, names)), expression)
        case For():
            return _for(expression, names)
        case Splat(of=of, each=each):
            return _splat(_value(of, names), each, names)
        case Item():
            return names.lookup(_ITEM)
        case Directive():
            return _directive(expression, names)
    return Missing(f"the expression in line {expression.line} is of a form that is not read")


def _checked(value: Value) -> Value:
    if isinstance(value, Failure):
        raise FailureError(value.fact)
    return value


def _part(expression: Expression, names: Names) -> Value:
    """Return the value of a part of a list or mapping: one that is not decided leaves the others as they are."""
    try:
        value = _value(expression, names)
    except UndecidedError as error:
        return error.missing
    return _spent(value) if type(expression) in _SHARING else value


def _located(compute: Callable[[], Value], expression: Expression) -> Value:
    try:
        return compute()
    except FailureError as error:
        if " in line " in str(error):
            raise
        raise FailureError(f"{spell(expression)} in line {expression.line}: {error}") from None


def _template(parts: tuple[Expression, ...], names: Names) -> Value:
    if len(parts) == 1 and not isinstance(parts[0], Directive):
        return _value(parts[0], names)
    values = [_part(part, names) for part in parts]
    for part, value in zip(parts, values, strict=True):
        if value is None or isinstance(value, (list, dict)):
            raise FailureError(f"{spell(part)} in line {part.line} is {kind_of(value)}, which has no place in a text")
    return _composed(values)


def _composed(values: list[Value]) -> Value:
    return _spent(composed(values))


def _spent(value: Value) -> Value:
    BUDGET.spend(value)
    return value


def _object(items: tuple[tuple[Expression, Expression], ...], names: Names) -> Value:
    result: dict[str, Value] = {}
    for key, value in items:
        if isinstance(key, Literal) and isinstance(key.value, str):
            result[key.value] = _part(value, names)
        else:
            result[_key(_value(key, names), key)] = _part(value, names)
    return result


def _key(value: Value, key: Expression) -> str:
    if value is None:
        raise FailureError(f"{spell(key)} in line {key.line} is null, which cannot be a key")
    return text_of(value)


def _call(expression: Call, names: Names) -> Value:
    if expression.name in ("try", "can"):
        return _tried(expression, names)
    arguments = [_part(argument, names) for argument in expression.arguments]
    if expression.spread:
        last = settled(arguments.pop())
        if not isinstance(last, list):
            raise FailureError(f'"..." in line {expression.line} needs a list, not {kind_of(last)}')
        for item in last:
            if isinstance(item, Several):
                raise UndecidedError(item)
        arguments.extend(last)
        value = _located(lambda: call(expression.name, arguments, names), expression)
        return like(value, last) if isinstance(value, list) else value
    return _located(lambda: call(expression.name, arguments, names), expression)


def _tried(expression: Call, names: Names) -> Value:
    """Return what `try` or `can` comes to: failures are answers here, what is not known remains unknown."""
    failure = ""
    for argument in expression.arguments:
        try:
            value = _value(argument, names)
        except FailureError as error:
            failure = str(error)
            continue
        if expression.name == "can":
            unknown = first_unknown(value) if isinstance(value, Missing) else None
            return unknown or True
        return value
    if expression.name == "can":
        return False
    raise FailureError(f"try in line {expression.line}: no argument can be used; the last one: {failure}")


def _conditional(expression: Conditional, names: Names) -> Value:
    try:
        chosen = truth_of(_value(expression.condition, names))
    except UndecidedError as error:
        return _either(expression, error.missing, names)
    except FailureError as error:
        if " in line " in str(error):
            raise
        raise FailureError(f"the condition {spell(expression.condition)} in line {expression.line}: {error}") from None
    return _value(expression.then if chosen else expression.otherwise, names)


def _either(expression: Conditional, missing: Missing, names: Names) -> Value:
    try:
        then, otherwise = _value(expression.then, names), _value(expression.otherwise, names)
    except (UndecidedError, FailureError):
        return missing
    return then if type(then) is type(otherwise) and equal(then, otherwise).is_yes else missing


def _binary(expression: Binary, names: Names) -> Value:
    operator = expression.operator
    if operator in ("&&", "||"):
        return _logic(expression, names, settles=operator == "||")
    left, right = _part(expression.left, names), _part(expression.right, names)
    if operator in ("==", "!=") and (_differ(expression.left, right) or _differ(expression.right, left)):
        return operator == "!="
    return _located(lambda: OPERATORS[operator](left, right), expression)


def _differ(written: Expression, other: Value) -> bool:
    """Tell whether an operand is written as a tuple or object and the other is of a declared type: never equal."""
    return isinstance(written, (Tuple, Object)) and isinstance(other, (List, Map, Set))


def _logic(expression: Binary, names: Names, *, settles: bool) -> Value:
    undecided: UndecidedError | None = None
    for side in (expression.left, expression.right):
        try:
            value = _located(lambda side=side: truth_of(_value(side, names)), expression)  # type: ignore[misc]  # bound early
        except UndecidedError as error:
            undecided = undecided or error
            continue
        if value is settles:
            return settles
    if undecided:
        raise undecided
    return not settles


def _entries(collection: Value, expression: Expression) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values that a `for` goes over, maps in the order of their keys."""
    collection = settled(collection)
    if isinstance(collection, Set):
        yield from ((item, item) for item in collection)
    elif isinstance(collection, list):
        unsure: Missing | None = order_of(collection) if is_unordered(collection) else None
        for index, item in enumerate(collection):
            unsure = unsure or (item if isinstance(item, Several) else None)
            yield unsure or index, item
    elif isinstance(collection, dict):
        yield from ((key, collection[key]) for key in sorted(collection))
    else:
        raise FailureError(
            f'{spell(expression)} in line {expression.line} is {kind_of(collection)}: "for" needs a list or map'
        )


def _for(expression: For, names: Names) -> Value:
    collection = _value(expression.collection, names)
    items = _entries(collection, expression.collection)
    if expression.key is None:
        return like(_for_list(expression, items, names), collection)
    found = _for_map(expression, expression.key, items, names)
    if expression.grouped and is_unordered(collection):
        return {key: Unordered(group) for key, group in found.items() if isinstance(group, list)}
    return found


def _scope(bound: tuple[str, ...], key: Value, value: Value, names: Names) -> Bound:
    return Bound(names, {bound[-1]: value} if len(bound) == 1 else {bound[0]: key, bound[1]: value})


def _for_list(expression: For, items: Iterator[tuple[Value, Value]], names: Names) -> list[Value]:
    result: list[Value] = []
    for key, item in items:
        scope = _scope(expression.names, key, item, names)
        try:
            if expression.condition is not None and not truth_of(_value(expression.condition, scope)):
                continue
        except UndecidedError as error:
            result.append(Several(error.missing.fact, error.missing.supply))
            continue
        value = _part(expression.value, scope)
        if isinstance(item, Several):
            value = Several(item.fact, item.supply)
        result.append(value)
    return result


def _for_map(expression: For, key: Expression, items: Iterator[tuple[Value, Value]], names: Names) -> dict[str, Value]:
    result: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    for index, item in items:
        if isinstance(item, Several):
            raise UndecidedError(item)
        scope = _scope(expression.names, index, item, names)
        if expression.condition is not None and not truth_of(_value(expression.condition, scope)):
            continue
        name = _key(_value(key, scope), key)
        value = _part(expression.value, scope)
        if expression.grouped:
            groups.setdefault(name, []).append(value)
        elif name in result:
            raise FailureError(f'the "for" in line {expression.line} gives the key "{name}" twice')
        else:
            result[name] = value
    return {**groups} if expression.grouped else result


def _splat(of: Value, each: Expression, names: Names) -> Value:
    if of is None:
        return []
    if isinstance(of, (Missing, Symbol)):
        raise UndecidedError(missing_of(of))
    items = of if isinstance(of, list) else [of]
    result = [item if isinstance(item, Several) else _part(each, Bound(names, {_ITEM: item})) for item in items]
    return like(List(result) if isinstance(of, List) else result, of)


def _directive(expression: Directive, names: Names) -> Value:
    if expression.condition is not None:
        chosen = expression.body if truth_of(_value(expression.condition, names)) else expression.other
        return _text(chosen, names) if chosen else ""
    if expression.collection is None:
        return ""
    texts: list[Value] = []
    for key, item in _entries(_value(expression.collection, names), expression.collection):
        if isinstance(item, Several):
            raise UndecidedError(item)
        texts.append(_text(expression.body, _scope(expression.names, key, item, names)))
        if len(texts) > MAX_ITEMS:
            return Missing(f"the template in line {expression.line} repeats too often")
    return _composed(texts)


def _text(expression: Expression, names: Names) -> Value:
    parts = expression.parts if isinstance(expression, Template) else (expression,)
    values = [_value(part, names) for part in parts]
    return _composed(values)

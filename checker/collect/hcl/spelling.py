"""A short spelling of an expression, for messages."""

from __future__ import annotations

import json

from checker.collect.hcl.syntax import Attribute, Binary, Call, Expression, Index, Item, Literal, Splat, Unary, Variable

_LONGEST = 60


def spell(expression: Expression) -> str:
    """Return an expression about as it is written; values may be secret, so that texts are left out."""
    text = _spell(expression, 6)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _spell(expression: Expression, depth: int) -> str:  # noqa: C901, PLR0911, PLR0912 - one branch for each form
    if depth == 0:
        return "..."
    match expression:
        case Variable(name=name):
            return name
        case Attribute(of=Item(), name=name):
            return f".{name}"
        case Attribute(of=of, name=name):
            return f"{_spell(of, depth - 1)}.{name}"
        case Index(of=of, key=Literal(value=str() as key)):
            return f"{_spell(of, depth - 1)}[{json.dumps(key, ensure_ascii=False)}]"
        case Index(of=of, key=key):
            return f"{_spell(of, depth - 1)}[{_spell(key, depth - 1)}]"
        case Splat(of=of, each=each):
            return f"{_spell(of, depth - 1)}[*]{_spell(each, depth - 1) if not isinstance(each, Item) else ''}"
        case Call(name=name):
            return f"{name}(...)"
        case Literal(value=None):
            return "null"
        case Literal(value=bool() as value):
            return "true" if value else "false"
        case Literal(value=int() as value):
            return str(value)
        case Unary(operator=operator, value=value):
            return f"{operator}{_spell(value, depth - 1)}"
        case Binary(operator=operator, left=left, right=right):
            return f"{_spell(left, depth - 1)} {operator} {_spell(right, depth - 1)}"
    return "the expression"

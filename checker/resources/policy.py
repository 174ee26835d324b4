"""Policy documents: the statements in them, as far as they say what somebody may do with a table."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote

from checker.model.ids import IN_A_PROGRAM, managed_type
from checker.model.symbol import Symbol

Effect = Literal["Allow", "Deny"]


@dataclass(frozen=True)
class Statement:
    """One statement; actions are in lower case, since IAM does not tell their cases apart.

    With `conditions`, whether the statement applies is open; so it is for one that names what it leaves out
    (`NotResource`), which reads as one on every resource.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
    """

    effect: Effect
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: bool = False


def statements(document: object) -> Iterator[Statement]:
    """Yield the statements of a policy: a mapping, its JSON text, or that text URL-encoded as IAM sends it.

    In a text that is a symbol, the names of what an apply would settle stand as `${name}`. Raises `ValueError` or
    `TypeError` for what is no policy.
    """
    symbolic = isinstance(document, Symbol)
    if isinstance(document, str):
        document = json.loads(document if document.lstrip().startswith("{") else unquote(document))
    if not isinstance(document, Mapping):
        raise TypeError("not a policy document")
    found: object = document.get("Statement")
    for raw in [found] if isinstance(found, Mapping) else _list(found):
        statement = _statement(raw)
        yield from _settled(statement) if symbolic else (statement,)


def _statement(raw: object) -> Statement:
    if not isinstance(raw, Mapping):
        raise TypeError("not a statement")
    actions, not_actions = _texts(raw.get("Action")), _texts(raw.get("NotAction"))
    if not actions and not not_actions:
        raise ValueError("a statement without actions")
    excepts = raw.get("NotResource") is not None
    return Statement(
        effect=_effect(raw.get("Effect")),
        actions=tuple(action.lower() for action in actions),
        not_actions=tuple(action.lower() for action in not_actions),
        resources=("*",) if excepts else _texts(raw.get("Resource")),
        conditions=excepts or bool(raw.get("Condition")),
    )


def _effect(value: object) -> Effect:
    if value == "Allow":
        return "Allow"
    if value == "Deny":
        return "Deny"
    raise ValueError(f"no such effect: {value}")


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    found = [value] if isinstance(value, str) else _list(value)
    texts = tuple(item for item in found if isinstance(item, str))
    if len(texts) != len(found):
        raise TypeError("not a list of texts")
    return texts


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, (list, tuple)):
        raise TypeError("not a list")
    return value


# A name that is not settled, in a text in which a `${` of the policy's own is doubled.
_NAME = re.compile(r"(?<!\$)\$\{([^{}]+)\}")
# Attributes of resources are names of their own; the account, the Region and the partition are those of the table.
_HERE = re.compile(rf"{IN_A_PROGRAM}(?:module\.[^.]+\.)*data\.aws_(?:caller_identity|region|partition)\.")


def _settled(statement: Statement) -> Iterator[Statement]:
    """Yield a statement of a symbolic text as those that are sure to say what they say, and those that may.

    What is not known may be anything, so what it stands in is taken for a pattern and left open.
    """
    named = [_pattern(text) for text in (*statement.actions, *statement.not_actions)]
    count = len(statement.actions)
    whole = replace(
        statement,
        actions=tuple(text for text, _ in named[:count]),
        not_actions=tuple(text for text, _ in named[count:]),
        conditions=statement.conditions or any(open_ for _, open_ in named),
    )
    resources = [_pattern(text) for text in statement.resources]
    sure = tuple(text for text, open_ in resources if not open_)
    unsure = tuple(text for text, open_ in resources if open_)
    if sure:
        yield replace(whole, resources=sure)
    if unsure:
        yield replace(whole, resources=unsure, conditions=True)


def _pattern(text: str) -> tuple[str, bool]:
    """Return a text with a pattern in the place of each name in it, and whether what it says is open."""
    open_ = False

    def put(match: re.Match[str]) -> str:
        nonlocal open_
        if managed_type(match[1]) and match.start() == 0:
            return match[1]
        open_ = open_ or not _HERE.match(match[1])
        return "*"

    found = _NAME.sub(put, text)
    return found.replace("$${", "${"), open_

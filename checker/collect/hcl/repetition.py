"""How often a resource or module stands: once, `count` times, or once for each member of a collection."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checker.collect.hcl.blocks import members
from checker.collect.hcl.certain import made_type
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.scopes import Scope
from checker.collect.hcl.syntax import Expression
from checker.collect.hcl.values import Value
from checker.model.fact import Missing
from checker.model.symbol import Symbol

MOST = 20_000
SUPPLY = "give the value that count or for_each depends on"
_OPEN = Missing("which one of an unknown number this is", SUPPLY)


class Mode(Enum):
    """What tells how often: nothing, `count`, or `for_each`."""

    ONCE = "once"
    COUNT = "count"
    EACH = "for_each"


@dataclass(frozen=True)
class Repetition:
    """The known members by key (None for the only one), with what they bind; `is_open` where there may be more."""

    mode: Mode
    members: dict[int | str | None, dict[str, Value]]
    is_open: bool = False

    def bound(self, key: int | str | None) -> dict[str, Value]:
        """Return what a member binds; of one that is not known, whatever is."""
        if key in self.members:
            return self.members[key]
        if self.mode is Mode.COUNT:
            return {"count": {"index": _OPEN if key is None else key}}
        return {"each": {"key": _OPEN if key is None else key, "value": _OPEN}}


def repetition(count: Expression | None, for_each: Expression | None, scope: Scope) -> Repetition:
    """Return how often a block stands.

    Source: https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
    """
    if count is not None:
        number = _number(evaluate(count, scope))
        if number is None:
            return Repetition(Mode.COUNT, {}, is_open=True)
        return Repetition(Mode.COUNT, {index: {"count": {"index": index}} for index in range(number)})
    if for_each is None:
        return Repetition(Mode.ONCE, {None: {}})
    return _each(evaluate(for_each, scope))


def suffix(key: int | str | None) -> str:
    """Return how an address calls a member."""
    if isinstance(key, str):
        return '["' + key.replace("\\", "\\\\").replace('"', '\\"') + '"]'
    return "" if key is None else f"[{key}]"


def _number(value: Value) -> int | None:
    if isinstance(value, str) and not isinstance(value, Symbol) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return int(value) if 0 <= value <= MOST else None


def _each(value: Value) -> Repetition:
    found: dict[int | str | None, dict[str, Value]] = {}
    is_open = False
    is_set = isinstance(value, list)
    for pair in members(value):
        if pair is None:
            is_open = True
            continue
        key = pair[1] if is_set else pair[0]
        if is_set and made_type(key):
            # An id that only an apply would tell is one of its own all the same: it stands for the key.
            found[str(key)] = {"each": {"key": key, "value": key}}
            continue
        if isinstance(key, (Missing, Symbol)) or not isinstance(key, (str, int, float)):
            is_open = True
            continue
        name = str(key).lower() if isinstance(key, bool) else str(key)
        found[name] = {"each": {"key": name, "value": name if is_set else pair[1]}}
    if len(found) > MOST:
        return Repetition(Mode.EACH, {}, is_open=True)
    return Repetition(Mode.EACH, dict(sorted(found.items(), key=lambda item: str(item[0]))), is_open)

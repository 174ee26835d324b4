"""What a resource will be: its planned values, with what is not known told apart from what is not set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from checker.collect.terraform.blocks import plain_blocks
from checker.collect.terraform.sensitive import concealed
from checker.collect.terraform_plan.pairing import fits_constants, pair
from checker.model.fact import Missing

# (expression, name of the block that it stands in, attribute) -> the value, if the configuration tells it.
Resolve = Callable[[object, str, str], object]
# The expressions of a list's items, one by one: Terraform tells those of the whole list only, `tierproof export` both.
ITEMS = "items"
_SUPPLY = "give the program beside the plan with --hcl DIR, or audit the account after the apply"


@dataclass(frozen=True)
class Merger:
    """Puts the values of one resource together; `resolve` finds what an expression of its configuration stands for."""

    address: str
    type: str
    resolve: Resolve

    def block(
        self,
        after: Mapping[str, object],
        unknown: object,
        sensitive: object,
        expressions: Mapping[str, object] | None,
        path: str = "",
    ) -> dict[str, object]:
        """Return the values of a block; `expressions` are those of its configuration, None if that does not tell."""
        marks = unknown if isinstance(unknown, Mapping) else {}
        hidden = sensitive if isinstance(sensitive, Mapping) else {}
        found: dict[str, object] = {}
        for key in (*after, *(key for key in marks if key not in after)):
            found[key] = self.value(key, after.get(key), marks.get(key), hidden.get(key), expressions, path)
        return found

    def value(
        self,
        key: str,
        after: object,
        unknown: object,
        sensitive: object,
        expressions: Mapping[str, object] | None,
        path: str = "",
    ) -> object:
        """Return the value of one attribute, or the blocks of one type."""
        at = f"{path}.{key}" if path else key
        if unknown is True:
            # The marks of what is sensitive tell a collection, of which no item is known, from one value.
            return self._unknown(key, expressions, path, at, is_many=isinstance(sensitive, (list, dict)))
        if sensitive is True:
            return concealed(self.address, at, after)
        if not (unknown and after) and not sensitive:
            return after
        expression = None if expressions is None else expressions.get(key)
        if isinstance(after, list):
            return self._list(key, after, unknown, sensitive, expression, path, at)
        if isinstance(after, Mapping):
            # A map's keys are the user's own; a block of which there is one has expressions of its own.
            return self.block(after, unknown, sensitive, None, at)
        return after

    def _list(
        self,
        key: str,
        after: Sequence[object],
        unknown: object,
        sensitive: object,
        expression: object,
        path: str,
        at: str,
    ) -> list[object]:
        marks, hidden = _as_long(unknown, len(after)), _as_long(sensitive, len(after))
        own: Sequence[Mapping[str, object] | None] = [None] * len(after)
        each = expression.get(ITEMS) if isinstance(expression, Mapping) else None
        if isinstance(each, list) and len(each) == len(after):
            mended = [
                self._resolved(key, one, path, at) if mark is True else item
                for item, mark, one in zip(after, marks, each, strict=True)
            ]
            return self._list(key, mended, None, sensitive, None, path, at)
        if isinstance(expression, list):
            blocks = [item for item in expression if isinstance(item, Mapping)]
            own = pair([item if isinstance(item, Mapping) else {} for item in after], blocks, fits_constants)
        elif isinstance(expression, Mapping):
            # Blocks that are written as one attribute have one expression for all that is in them.
            own = [_EachOf(expression)] * len(after)
        found: list[object] = []
        for item, mark, hide, expressions in zip(after, marks, hidden, own, strict=True):
            if mark is True:
                # One that is not known among others that are can only be what the expression's one unknown part is.
                single = marks.count(True) == 1 and expression is not None and not isinstance(expression, list)
                found.append(self._resolved(key, expression, path, at) if single else self._missing(at))
            elif hide is True:
                found.append(concealed(self.address, at, item))
            elif isinstance(item, Mapping):
                found.append(self.block(item, mark, hide, expressions, at))
            else:
                found.append(item)
        return found

    def _unknown(
        self, key: str, expressions: Mapping[str, object] | None, path: str, at: str, *, is_many: bool
    ) -> object:
        """Return what stands for an unknown value: nothing where it was not set and the provider chooses it."""
        if expressions is None:
            return self._missing(at)
        expression = expressions.get(key)
        if expression is None:
            # The blocks of a `dynamic` block are not in the configuration; the provider chooses no such block.
            return self._missing(at) if at in plain_blocks(self.type) else None
        return self._missing(at) if is_many else self._resolved(key, expression, path, at)

    def _resolved(self, key: str, expression: object, path: str, at: str) -> object:
        found = self.resolve(expression, _last(path), key)
        return self._missing(at) if found is None else found

    def _missing(self, at: str) -> Missing:
        return Missing(f"{self.address}: {at} (known after apply)", _SUPPLY)


class _EachOf(Mapping[str, object]):
    """One expression as that of every attribute."""

    def __init__(self, expression: object) -> None:
        self._expression = expression

    def __getitem__(self, key: str) -> object:
        return self._expression

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _as_long(marks: object, length: int) -> list[object]:
    found = list(marks) if isinstance(marks, list) else []
    return (found + [None] * length)[:length]


def _last(path: str) -> str:
    return path.rpartition(".")[2]

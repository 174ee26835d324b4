"""The program beside a plan: it tells the wiring that a first plan leaves out, and the lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checker.collect.terraform.instance import Instance
from checker.collect.terraform_plan.pairing import Block, pair, plain
from checker.model.fact import Missing
from checker.model.symbol import Symbol

# The key of a block's line, as readers of records know it.
_LINE = "~line"
_LONG = 200
Name = Callable[[Symbol], object]
_NOT_COMPARED = frozenset({"description", "policy", "assume_role_policy", "user_data", "user_data_base64"})


@dataclass(frozen=True)
class Written:
    """What the program says of one instance; `name` gives the plan's own name of what the program calls by a symbol."""

    instance: Instance
    name: Name

    def fill(self, key: str, value: object, *, is_unknown: bool) -> object:
        """Return an attribute of the plan with what is not known of it taken from the program.

        `is_unknown` says that the plan tells nothing of it, and `value` is what its own references tell.
        """
        written = self.instance.values.get(key)
        if not is_unknown:
            return self._filled(value, written)
        found = translated(written, self.name)
        return value if isinstance(found, Missing) else found

    def _filled(self, value: object, written: object) -> object:
        if isinstance(value, Missing):
            found = translated(written, self.name)
            return value if isinstance(found, Missing) else found
        if isinstance(value, Mapping) and isinstance(written, Mapping):
            return self._block(value, written)
        if isinstance(value, list) and isinstance(written, list):
            return self._list(value, written)
        return value

    def _block(self, value: Block, written: Block) -> dict[str, object]:
        found = {key: self._filled(item, written.get(key)) for key, item in value.items()}
        return {**found, _LINE: written[_LINE]} if _LINE in written else found

    def _list(self, value: list[object], written: list[object]) -> list[object]:
        blocks = [item for item in value if isinstance(item, Mapping)]
        others = [item for item in written if isinstance(item, Mapping)]
        if blocks and len(blocks) == len(value) and len(others) == len(written):
            pairs = pair(blocks, others, agree)
            return [block if own is None else self._block(block, own) for block, own in zip(blocks, pairs, strict=True)]
        if not any(isinstance(item, Missing) for item in value):
            return value
        found = [translated(item, self.name) for item in written]
        return value if len(found) != len(value) or any(isinstance(item, Missing) for item in found) else found


def translated(value: object, name: Name) -> object:
    """Return a value of the program with the plan's names."""
    if isinstance(value, Symbol):
        return name(value)
    if isinstance(value, list):
        return [translated(item, name) for item in value]
    if isinstance(value, Mapping):
        return {key: translated(item, name) for key, item in value.items()}
    return value


def agree(planned: Block, written: Block) -> bool:
    """Tell whether all that the plan and the program both know of a block is the same."""
    return all(
        _agree(planned[key], value) for key, value in written.items() if key in planned and key not in _NOT_COMPARED
    )


def _agree(planned: object, written: object) -> bool:
    if isinstance(planned, list) and isinstance(written, list):
        return _agree_lists(planned, written)
    if _is_open(planned) or _is_open(written) or written is None or planned is None:
        return True
    if isinstance(planned, (str, int, float)) and isinstance(written, (str, int, float)):
        one, other = plain(planned).lower(), plain(written).lower()
        return one == other or len(one) > _LONG or one.startswith(("{", "["))
    return True


def _agree_lists(planned: list[object], written: list[object]) -> bool:
    if any(map(_is_open, (*planned, *written))) or not all(isinstance(item, (str, int)) for item in written):
        return True
    return {plain(item) for item in planned} == {plain(item) for item in written}


def _is_open(value: object) -> bool:
    return isinstance(value, (Missing, Symbol))

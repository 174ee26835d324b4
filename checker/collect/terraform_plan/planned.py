"""The instances of a plan, with the values that they will have worked out when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.collect.terraform.addresses import Key, steps
from checker.collect.terraform.blocks import plain_blocks
from checker.collect.terraform_plan.beside import Written
from checker.collect.terraform_plan.merge import Merger, Resolve
from checker.collect.terraform_plan.program import Module, Repeat
from checker.collect.terraform_plan.shape import ConfiguredResource
from checker.model.fact import Missing

# How what Terraform forgets is told from what takes its place.
FORGOTTEN = " (no longer managed)"


@dataclass
class Planned:
    """One instance: what the plan tells of it, and the block of the program that it comes of, if that is known."""

    address: str
    type: str
    key: Key
    module_address: str
    after: Mapping[str, object]
    unknown: object
    sensitive: object
    is_data: bool = False
    uncertain: bool = False
    module: Module | None = None
    block: ConfiguredResource | None = None
    written: Written | None = None
    _found: dict[str, object] = field(default_factory=dict)

    @property
    def repeat(self) -> Repeat:
        """Return what `each` is bound to in its block."""
        return Repeat(self.block.for_each_expression if self.block else None, self.key)

    @property
    def block_address(self) -> str:
        """Return the address of its block inside its module."""
        path = steps(self.address.removesuffix(FORGOTTEN))[-3 if self.is_data else -2 :]
        return ".".join(name for name, _ in path)

    def is_known(self, name: str) -> bool:
        """Tell whether the plan tells an attribute, or that it is not set."""
        return not _has_mark(_of(self.unknown, name))

    @property
    def shown(self) -> Mapping[str, object]:
        """Return the attributes of a data source without those that nobody may see."""
        return {name: value for name, value in self.after.items() if not _has_mark(_of(self.sensitive, name))}

    def given(self, name: str, resolve: Resolve) -> object:
        """Return the value of an attribute, None where it is not set; one that hangs on itself is not known."""
        if name not in self._found:
            self._found[name] = Missing(f"{self.address}.{name}, which refers to itself")
            self._found[name] = self._worked_out(name, resolve)
        return self._found[name]

    def _worked_out(self, name: str, resolve: Resolve) -> object:
        unknown = _of(self.unknown, name)
        value = Merger(self.address, self.type, resolve).value(
            name,
            self.after.get(name),
            unknown,
            _of(self.sensitive, name),
            self.block.expressions if self.block else None,
        )
        return self.written.fill(name, value, is_unknown=unknown is True) if self.written else value

    def values(self, resolve: Resolve) -> dict[str, object]:
        """Return all values that are set, or may be."""
        marks = self.unknown if isinstance(self.unknown, Mapping) else {}
        hidden = self.sensitive if isinstance(self.sensitive, Mapping) else {}
        is_alone = self.written is None
        # What is not known and was not written is the provider's to choose, as in the program itself.
        own = self.block.expressions if self.block and is_alone else None
        plain = plain_blocks(self.type)
        found: dict[str, object] = {}
        for name in dict.fromkeys((*self.after, *marks)):
            mark = marks.get(name)
            if mark is True and own is not None and name not in own and name not in plain:
                continue
            # Most attributes are told as they are: they need no second look, and a plan has a hundred thousand.
            is_told = is_alone and not mark and not hidden.get(name)
            value = self.after.get(name) if is_told else self.given(name, resolve)
            if value is not None:
                found[name] = value
        return found


def _of(marks: object, name: str) -> object:
    """Return the mark of an attribute; a mark of the whole holds for each."""
    return marks.get(name) if isinstance(marks, Mapping) else marks


def _has_mark(marks: object) -> bool:
    if isinstance(marks, Mapping):
        return any(map(_has_mark, marks.values()))
    return any(map(_has_mark, marks)) if isinstance(marks, list) else marks is True

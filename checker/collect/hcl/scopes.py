"""The names that an expression may use."""

from __future__ import annotations

from collections.abc import Mapping

from checker.collect.hcl.values import Files, Names, Value
from checker.model.fact import Missing


class _Nowhere:
    """Where only literals have a meaning."""

    def lookup(self, name: str) -> Value:
        """Return nothing: no name may stand here."""
        return Missing(f"{name}, which has no value here", "give a literal value")

    @property
    def files(self) -> Files | None:
        """Return nothing: no file may be read here."""
        return None


class Scope:
    """A module's names with those that blocks bind in front, such as `each` or the iterator of a dynamic block."""

    __slots__ = ("bound", "world")

    def __init__(self, world: Names, bound: Mapping[str, Value] | None = None) -> None:
        self.world = world
        self.bound: Mapping[str, Value] = bound or {}

    def lookup(self, name: str) -> Value:
        """Return what a name stands for."""
        return self.bound[name] if name in self.bound else self.world.lookup(name)

    @property
    def files(self) -> Files | None:
        """Return the files that expressions may read."""
        return self.world.files

    def within(self, bound: Mapping[str, Value]) -> Scope:
        """Return the scope with more names bound."""
        return Scope(self.world, {**self.bound, **bound})


NOTHING = Scope(_Nowhere())

"""Calls of modules: how often each stands, and where its files are."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from checker.collect.hcl.blocks import is_lazy, plain
from checker.collect.hcl.context import Absent, Context
from checker.collect.hcl.declarations import Configuration, Declaration
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.instances import Key, Partial
from checker.collect.hcl.repetition import SUPPLY, Mode, Repetition, repetition, suffix
from checker.collect.hcl.scopes import NOTHING, Scope
from checker.collect.hcl.sources import is_local
from checker.collect.hcl.tree import real
from checker.collect.hcl.values import Several, Value
from checker.collect.hcl.variables import default_of, settled
from checker.model.fact import Missing
from checker.model.symbol import Symbol

DEEPEST = 24
# What a call says that is no argument.
_META = frozenset({"source", "version", "providers", "depends_on"})
_GET = "terraform init -backend=false (or terraform get), then check again"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands: its address as a prefix, the calls that lead to it, and its path from the root.

    `is_open` marks one that may stand any number of times; `folders` are those of the modules that it stands in, and
    its own.
    """

    prefix: str = ""
    calls: tuple[str, ...] = ()
    path: str = "."
    is_open: bool = False
    folders: tuple[Path, ...] = ()


Given = Callable[[Declaration, Symbol], Value]


class Called(Protocol):
    """A module that stands for a call."""

    @property
    def outputs(self) -> Value:
        """Return its outputs as an object."""


M_co = TypeVar("M_co", bound=Called, covariant=True)


class Caller(Protocol[M_co]):
    """A module that calls others."""

    configuration: Configuration
    place: Place
    context: Context
    scope: Scope

    def child(self, configuration: Configuration, place: Place, given: Given, declaration: Declaration) -> M_co:
        """Return the module that stands for one instance of a call."""


class ModuleCall(Generic[M_co]):
    """A `module` block, all its instances together."""

    def __init__(self, declaration: Declaration, caller: Caller[M_co]) -> None:
        self.declaration = declaration
        self.caller = caller
        self.name = declaration.labels[0]
        self.address = f"{caller.place.prefix}module.{self.name}"
        self._made: dict[tuple[Key, bool], M_co | None] = {}
        self._repetition: Repetition | None = None

    @property
    def source(self) -> str:
        """Return where its files come from, as it is written."""
        expression = self.declaration.body.attributes.get("source")
        found = None if expression is None else evaluate(expression, NOTHING)
        return found if isinstance(found, str) else ""

    @property
    def repetition(self) -> Repetition:
        """Return how often it stands; while that is being worked out, it is not known."""
        if self._repetition is None:
            attributes = self.declaration.body.attributes
            count, each = attributes.get("count"), attributes.get("for_each")
            self._repetition = Repetition(Mode.COUNT if count else Mode.EACH, {}, is_open=True)
            self._repetition = repetition(count, each, self.caller.scope)
        return self._repetition

    def value(self) -> Value:
        """Return what the bare address stands for in an expression."""
        many = self.repetition
        if many.mode is Mode.ONCE:
            return self._outputs(None)
        if many.mode is Mode.COUNT:
            items = [self._outputs(key) for key in many.members]
            return [*items, Several(f"how many {self.address} there are", SUPPLY)] if many.is_open else items
        known = {str(key): self._outputs(key) for key in many.members}
        return Partial(self.address, known) if many.is_open else known

    def modules(self) -> list[M_co]:
        """Return the modules that stand for the call, and one for those whose keys are not known."""
        many = self.repetition
        keys = [(key, False) for key in many.members] + ([(None, True)] if many.is_open else [])
        return [module for key, is_open in keys if (module := self._module(key, is_open=is_open)) is not None]

    def _outputs(self, key: Key) -> Value:
        module = self._module(key, is_open=False)
        return Unread(self.address + suffix(key)) if module is None else module.outputs

    def _module(self, key: Key, *, is_open: bool) -> M_co | None:
        if (key, is_open) not in self._made:
            self._made[key, is_open] = self._make(key, is_open=is_open)
        return self._made[key, is_open]

    def _make(self, key: Key, *, is_open: bool) -> M_co | None:
        found = self._folder()
        if isinstance(found, Absent):
            self.caller.context.absent[self.address] = replace(found, given=self._given)
            return None
        folder, path = found
        place = self.caller.place
        address = self.address + ("[*]" if is_open else suffix(key))
        inside = Place(
            f"{address}.", (*place.calls, self.name), path, is_open or place.is_open, (*self._around(), real(folder))
        )
        configuration = self.caller.context.library.configuration(folder, self.caller.context.tree)
        scope = self.caller.scope
        bound = scope if self.repetition.mode is Mode.ONCE else scope.within(self.repetition.bound(key))
        arguments = self.declaration.body.attributes

        def given(declaration: Declaration, symbol: Symbol) -> Value:
            expression = arguments.get(declaration.labels[0])
            if expression is None:
                return settled(declaration, default_of(declaration, symbol), symbol)
            return settled(declaration, evaluate(expression, bound), symbol)

        return self.caller.child(configuration, inside, given, self.declaration)

    def _given(self) -> frozenset[str] | None:
        """Return all texts and symbols in the arguments of all its instances; None where one of them is not known."""
        many, scope = self.repetition, self.caller.scope
        if many.is_open:
            return None
        scopes = [scope if many.mode is Mode.ONCE else scope.within(many.bound(key)) for key in many.members]
        found = {f"{self.address}."}
        for name, expression in self.declaration.body.attributes.items():
            for one in scopes if name not in _META else ():
                texts = _texts(evaluate(expression, one))
                if texts is None:
                    return None
                found |= texts
        return frozenset(found)

    def _around(self) -> tuple[Path, ...]:
        """Return the folders of the modules that the call stands in, the root first."""
        return self.caller.place.folders or (real(self.caller.configuration.folder),)

    def _folder(self) -> tuple[Path, str] | Absent:
        """Return the folder that holds the module, and its path from the root module."""
        declared, place, context = self.declaration, self.caller.place, self.caller.context
        source = self.source

        def absent(reason: str, supply: str) -> Absent:
            return Absent(self.address, source or "no source", declared.place, reason, supply)

        if not source:
            return absent("its source is no literal text", "write the source as a text")
        if len(place.calls) >= DEEPEST:
            return absent("modules are nested too deeply", "break the circle of calls")
        if not is_local(source):
            copy = context.copies.folder((*place.calls, self.name), source)
            if copy is None:
                return absent("its files are not here", _GET)
            if not context.tree.holds(copy) or not copy.is_dir():
                return absent("its copy is not in the repository", _GET)
            return copy, os.path.relpath(copy, context.files.folder)
        folder = Path(os.path.normpath(self.caller.configuration.folder / source))
        if not folder.is_dir():
            return absent("there is no such folder", f"add the folder {folder}, or correct the source")
        if not context.tree.module(folder):
            return absent("its folder stands outside of the repository", "keep modules in the repository")
        if real(folder) in self._around():
            return absent("it calls itself, or a module that it stands in", "break the circle of calls")
        return folder, os.path.normpath(f"{place.path}/{source}")


def _texts(value: Value) -> set[str] | None:
    """Return all texts and symbols in a value, None where some of it is not known."""
    value = plain(value)
    if isinstance(value, Missing) or is_lazy(value):
        return None
    inner = value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else []
    found = [_texts(item) for item in inner]
    if None in found:
        return None
    return {str(value)} if isinstance(value, str) else {text for some in found for text in some or ()}


class Unread:
    """The outputs of a module that could not be read: each is a symbol."""

    __slots__ = ("_address",)

    def __init__(self, address: str) -> None:
        self._address = address

    def attribute(self, name: str) -> Value:
        """Return an output."""
        return Symbol(f"{self._address}.{name}")

    def whole(self) -> Value:
        """Return that they are not known."""
        return Missing(f"the outputs of {self._address}, whose files are not here", _GET)

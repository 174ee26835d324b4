"""The program that a plan was made from, as far as the plan tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import msgspec

from checker.collect.terraform.addresses import Key, modules_of, prefix
from checker.collect.terraform.types import canonical
from checker.collect.terraform_plan.shape import Configuration, ConfiguredModule, ConfiguredResource, ModuleCall

Expression = Mapping[str, object]


@dataclass(frozen=True)
class Repeat:
    """What `each` and `count` are bound to: the `for_each` expression, and the key of the instance."""

    for_each: Expression | None
    key: Key


NOT_REPEATED = Repeat(None, None)


@dataclass(frozen=True)
class Module:
    """One instance of a module: its calls from the root on, and the parts of its text."""

    path: tuple[tuple[str, Key], ...]
    text: ConfiguredModule
    resources: Mapping[str, ConfiguredResource]
    call: ModuleCall | None = None
    parent: Module | None = None

    @property
    def prefix(self) -> str:
        """Return what stands before the addresses of its resources."""
        return prefix(self.path)

    @property
    def repeat(self) -> Repeat:
        """Return what `each` is bound to where its call is written."""
        return Repeat(self.call.for_each_expression, self.path[-1][1]) if self.call else NOT_REPEATED


@dataclass
class Program:
    """The modules of a program, each found when it is first asked for; only resources of some types are kept."""

    configuration: Configuration
    wanted: Collection[str]
    _modules: dict[tuple[tuple[str, Key], ...], Module | None] = field(default_factory=dict)
    _resources: dict[int, Mapping[str, ConfiguredResource]] = field(default_factory=dict)

    def module(self, path: tuple[tuple[str, Key], ...]) -> Module | None:
        """Return the module at a path, None where the program has none such."""
        if path not in self._modules:
            self._modules[path] = self._found(path)
        return self._modules[path]

    def at(self, module_address: str) -> Module | None:
        """Return the module at an address; the empty one is the root."""
        return self.module(modules_of(module_address))

    def _found(self, path: tuple[tuple[str, Key], ...]) -> Module | None:
        if not path:
            root = self.configuration.root_module
            return Module((), root, self._resources_of(root))
        parent = self.module(path[:-1])
        call = parent.text.module_calls.get(path[-1][0]) if parent else None
        if parent is None or call is None:
            return None
        return Module(path, call.module, self._resources_of(call.module), call, parent)

    def _resources_of(self, text: ConfiguredModule) -> Mapping[str, ConfiguredResource]:
        # A module that is called twice from one place has one text.
        if id(text) not in self._resources:
            self._resources[id(text)] = {
                resource.address: resource
                for raw in text.resources
                if canonical(_TYPE.decode(raw).type) in self.wanted
                for resource in (_without_constants(_RESOURCE.decode(raw)),)
            }
            text.resources.clear()
        return self._resources[id(text)]


class _Type(msgspec.Struct):
    type: str = ""


def _without_constants(resource: ConfiguredResource) -> ConfiguredResource:
    """Return a resource without the values of its constants, which the plan tells anyway; they are half of its text."""
    resource.expressions = {
        name: _CONSTANT if isinstance(expression, Mapping) and "constant_value" in expression else expression
        for name, expression in resource.expressions.items()
    }
    return resource


_CONSTANT: Expression = {"constant_value": None}
_TYPE = msgspec.json.Decoder(_Type)
_RESOURCE = msgspec.json.Decoder(ConfiguredResource)

"""A module with its variables set: the world in which its expressions mean something."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from checker.collect.hcl.blocks import Shape, plain
from checker.collect.hcl.calls import Given, ModuleCall, Place
from checker.collect.hcl.context import Context
from checker.collect.hcl.declarations import Configuration, Declaration
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.instances import Resource
from checker.collect.hcl.providers import Provider, passed, provider_key, provider_of
from checker.collect.hcl.scopes import Scope
from checker.collect.hcl.values import Failure, Files, Value
from checker.model.fact import Missing
from checker.model.symbol import Symbol

_NO_PROVIDER = Provider("")


class Table:
    """An object whose attributes are found by a function, each once, such as `local`."""

    __slots__ = ("_find", "_found", "_names", "_prefix")

    def __init__(self, prefix: str, names: Callable[[], Iterator[str]], find: Callable[[str], Value]) -> None:
        self._prefix = prefix
        self._names = names
        self._find = find
        self._found: dict[str, Value] = {}

    def attribute(self, name: str) -> Value:
        """Return one of them."""
        found = self._found
        if name in found:
            return found[name]
        found[name] = Missing(f"{self._prefix}.{name}, which refers to itself", "break the circle")
        value = found[name] = self._find(name)
        return value

    def whole(self) -> Value:
        """Return all of them."""
        return {name: plain(self.attribute(name)) for name in self._names()}


class Module:
    """A module: a root, or one that stands for one call."""

    def __init__(
        self,
        configuration: Configuration,
        place: Place,
        context: Context,
        given: Given,
        handed: Mapping[tuple[str, ...], Provider],
    ) -> None:
        self.configuration = configuration
        self.place = place
        self.context = context
        self._given = given
        self._handed = handed
        self._resources: dict[tuple[str, ...], Resource] = {}
        self._calls: dict[str, ModuleCall[Module]] = {}
        self._providers: dict[tuple[str, ...], Provider] = {}
        self._types: dict[str, Table] = {}
        self.scope = Scope(self)
        self._roots = self._named()

    @property
    def files(self) -> Files | None:
        """Return the files that functions may read."""
        return self.context.files

    def lookup(self, name: str) -> Value:
        """Return what the first word of a reference stands for."""
        found = self._roots.get(name)
        if found is not None:
            return found
        if name not in self._types:
            self._types[name] = self._resources_of("resource", name)
        return self._types[name]

    def _named(self) -> dict[str, Value]:
        configuration, prefix = self.configuration, self.place.prefix

        def first(kind: str) -> Iterator[str]:
            return (labels[0] for labels in configuration.table(kind))

        return {
            "var": Table(f"{prefix}var", lambda: first("variable"), self._variable),
            "local": Table(f"{prefix}local", lambda: iter(configuration.locals), self._local),
            "module": Table(f"{prefix}module", lambda: first("module"), self._module),
            "data": Table(f"{prefix}data", lambda: iter(()), lambda type_: self._resources_of("data", type_)),
            "path": {"module": self.place.path, "root": ".", "cwd": Missing("the folder that Terraform runs in")},
            "terraform": Table("terraform", lambda: iter(("workspace",)), self._terraform),
        }

    def _terraform(self, name: str) -> Value:
        return self.context.workspace if name == "workspace" else Symbol(f"terraform.{name}")

    def _variable(self, name: str) -> Value:
        symbol = Symbol(f"{self.place.prefix}var.{name}")
        declaration = self.configuration.table("variable").get((name,))
        if declaration is not None:
            return self._given(declaration, symbol)
        return symbol if self._may_hide("variable") else _undeclared(f"var.{name}")

    def _local(self, name: str) -> Value:
        expression = self.configuration.locals.get(name)
        if expression is not None:
            return evaluate(expression, self.scope)
        address = f"{self.place.prefix}local.{name}"
        return Symbol(address) if self._may_hide("locals") else _undeclared(address)

    def _module(self, name: str) -> Value:
        address = f"{self.place.prefix}module.{name}"
        if (name,) not in self.configuration.table("module"):
            return Symbol(address) if self._may_hide("module", (name,)) else _undeclared(address)
        return self.call(name).value()

    def _resources_of(self, kind: str, type_: str) -> Table:
        def names() -> Iterator[str]:
            return (labels[1] for labels in self.configuration.table(kind) if labels[0] == type_)

        prefix = f"{self.place.prefix}{'data.' if kind == 'data' else ''}{type_}"
        return Table(prefix, names, lambda name: self._resource(kind, type_, name))

    def _resource(self, kind: str, type_: str, name: str) -> Value:
        labels = (type_, name)
        if labels in self.configuration.table(kind):
            return self.resource(kind, labels).value()
        address = f"{self.place.prefix}{'data.' if kind == 'data' else ''}{type_}.{name}"
        return Hidden(address) if self._may_hide(kind, labels) else _undeclared(address)

    def _may_hide(self, kind: str, labels: tuple[str, ...] | None = None) -> bool:
        """Tell whether a block of some type may stand where nothing could be read."""
        for trouble in self.configuration.troubles:
            if trouble.spoiled is None:
                return True
            if any(one.kind == kind and labels in (None, one.labels) for one in trouble.spoiled):
                return True
        return False

    def resource(self, kind: str, labels: tuple[str, ...]) -> Resource:
        """Return a resource or data source that is declared here."""
        key = (kind, *labels)
        found = self._resources.get(key)
        if found is None:
            declaration = self.configuration.table(kind)[labels]
            shape = Shape.of(declaration.body, is_json=declaration.is_json)
            provider = self.provider(
                provider_key(declaration.body.attributes.get("provider")) or (labels[0].split("_")[0],)
            )
            found = Resource(declaration, shape, self.place.prefix, self.scope, provider or _NO_PROVIDER)
            found.answers = self.context.answers if kind == "data" else None
            self._resources[key] = found
        return found

    def resources(self) -> Iterator[Resource]:
        """Yield the resources and data sources that are declared here."""
        for kind in ("resource", "data"):
            for labels in self.configuration.table(kind):
                yield self.resource(kind, labels)

    def call(self, name: str) -> ModuleCall[Module]:
        """Return a call of another module that is declared here."""
        found = self._calls.get(name)
        if found is None:
            declaration = self.configuration.table("module")[(name,)]
            found = self._calls[name] = ModuleCall(declaration, self)
        return found

    def calls(self) -> Iterator[ModuleCall[Module]]:
        """Yield the calls of other modules."""
        return (self.call(labels[0]) for labels in self.configuration.table("module"))

    def provider(self, key: tuple[str, ...]) -> Provider | None:
        """Return a provider by its name and alias: one that is configured here, or that was handed down."""
        found = self._providers.get(key)
        if found is None:
            declaration = self.configuration.tables.get("provider", {}).get(key)
            if declaration is None:
                return self._handed.get(key)
            self._providers[key] = _NO_PROVIDER  # while it is worked out: it may ask a data source for its own Region
            found = provider_of(declaration, self.scope, ".".join(key))
            self._providers[key] = found
        return found

    def child(self, configuration: Configuration, place: Place, given: Given, declaration: Declaration) -> Module:
        """Return the module that stands for one instance of a call."""
        return Module(configuration, place, self.context, given, self._handed_down(declaration))

    def _handed_down(self, declaration: Declaration) -> Mapping[tuple[str, ...], Provider]:
        """Return the providers of a module that is called: those it is given, and the default ones."""
        attributes = declaration.body.attributes
        keys = (*self._handed, *self.configuration.tables.get("provider", {}))
        default: dict[tuple[str, ...], Provider] = {
            key: found for key in keys if len(key) == 1 and (found := self.provider(key)) is not None
        }
        return {**default, **passed(attributes.get("providers"), self.provider)}

    def output(self, name: str) -> Value:
        """Return an output."""
        declaration = self.configuration.table("output").get((name,))
        address = f"{self.place.prefix}{name}" if self.place.prefix else f"output.{name}"
        if declaration is None:
            return Symbol(address) if self._may_hide("output") else _undeclared(address)
        expression = declaration.body.attributes.get("value")
        return _undeclared(address) if expression is None else evaluate(expression, self.scope)

    @cached_property
    def outputs(self) -> Table:
        """Return the outputs as an object."""
        declared = self.configuration.table("output")
        prefix = self.place.prefix.removesuffix(".") or "output"
        return Table(prefix, lambda: (labels[0] for labels in declared), self.output)


class Hidden:
    """A resource that may be declared where nothing could be read: its attributes are symbols, with any key."""

    __slots__ = ("_address",)

    def __init__(self, address: str) -> None:
        self._address = address

    def attribute(self, name: str) -> Value:
        """Return an attribute, or an instance by its key."""
        if name.isdecimal():
            return Hidden(f"{self._address}[{name}]")
        return Symbol(self._address if name == "id" else f"{self._address}.{name}")

    def whole(self) -> Value:
        """Return that nothing of it was read."""
        return Missing(f"{self._address}, which was not read", "mend the file that declares it")


def _undeclared(address: str) -> Failure:
    return Failure(f"{address} is declared nowhere", f"declare {address}, or correct the reference")

"""Resources and data sources of a module: how many there are, and their attributes, worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from checker.collect.hcl.blocks import Expander, Shape, plain
from checker.collect.hcl.declarations import Declaration
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.providers import Provider, plain_text
from checker.collect.hcl.repetition import SUPPLY, Mode, Repetition, repetition, suffix
from checker.collect.hcl.scopes import Scope
from checker.collect.hcl.syntax import Expression
from checker.collect.hcl.tags import all_tags, has_tags
from checker.collect.hcl.values import Several, Value
from checker.collect.terraform.filling import default_of
from checker.collect.terraform.identity import attribute_of, identified
from checker.model.fact import Missing

Key = int | str | None
# What a resource has beside its type's own arguments.
# Source: https://developer.hashicorp.com/terraform/language/meta-arguments
_META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "timeouts"})


class Answers(Protocol):
    """Who knows what a data source finds."""

    def attribute(self, instance: Instance, name: str) -> Value:
        """Return an attribute that a data source would find, None where it is not known."""

    def match(self, instance: Instance) -> Instance | None:
        """Return the resource that a data source surely finds, if it is one of those that are read."""


class Resource:
    """A `resource` or `data` block of one module, all its instances together."""

    __slots__ = (
        "_found",
        "_made",
        "_repetition",
        "address",
        "answers",
        "declaration",
        "expander",
        "owner",
        "provider",
        "shape",
        "type",
    )

    def __init__(self, declaration: Declaration, shape: Shape, prefix: str, owner: Scope, provider: Provider) -> None:
        kind = "data." if declaration.kind == "data" else ""
        self.declaration = declaration
        self.shape = shape
        self.type = declaration.labels[0]
        self.address = f"{prefix}{kind}{'.'.join(declaration.labels)}"
        self.owner = owner
        self.provider = provider
        self.answers: Answers | None = None
        self.expander = Expander(self.address, declaration.is_json)
        self._repetition: Repetition | None = None
        self._made: dict[Key, Instance] = {}
        self._found: bool = False

    @property
    def is_data(self) -> bool:
        """Tell whether it looks something up instead of making it."""
        return self.declaration.kind == "data"

    @property
    def repetition(self) -> Repetition:
        """Return how often it stands; while that is being worked out, it is not known."""
        if self._repetition is None:
            count, each = self._meta("count"), self._meta("for_each")
            self._repetition = Repetition(Mode.COUNT if count else Mode.EACH, {}, is_open=True)
            try:
                self._repetition = repetition(count, each, self.owner)
            except RecursionError:
                self._repetition = None
                raise
        return self._repetition

    def _meta(self, name: str) -> Expression | None:
        return self.declaration.body.attributes.get(name)

    def instances(self) -> list[Instance]:
        """Return the instances whose keys are known, and one that stands for those whose keys are not."""
        known: list[Instance] = [self.instance(key) for key in self.repetition.members]
        return [*known, Instance(self, None, is_open=True)] if self.repetition.is_open else known

    def instance(self, key: Key) -> Instance:
        """Return the instance with a key."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Instance(self, key)
        return found

    def value(self) -> Value:
        """Return what the bare address stands for in an expression."""
        many = self.repetition
        if many.mode is Mode.ONCE:
            return self.instance(None)
        if many.mode is Mode.COUNT:
            items: list[Value] = [self.instance(key) for key in many.members]
            return [*items, Several(f"how many {self.address} there are", SUPPLY)] if many.is_open else items
        known: dict[str, Value] = {str(key): self.instance(key) for key in many.members}
        return Partial(self.address, known) if many.is_open else known


class Partial:
    """Members of a collection that may have more: those that are known can be called by their keys."""

    __slots__ = ("_known", "_missing")

    def __init__(self, address: str, known: Mapping[str, Value]) -> None:
        self._known = known
        self._missing = Missing(f"which {address} there are", SUPPLY)

    def attribute(self, name: str) -> Value:
        """Return a member."""
        return self._known.get(name, self._missing)

    def whole(self) -> Value:
        """Return that the members are not known."""
        return self._missing


class Instance:
    """One instance of a resource or data source."""

    __slots__ = ("_cache", "_is_busy", "address", "is_open", "key", "resource", "scope")

    def __init__(self, resource: Resource, key: Key, *, is_open: bool = False) -> None:
        many = resource.repetition
        self.resource = resource
        self.key = key
        self.is_open = is_open
        self.address = resource.address + ("[*]" if is_open else suffix(key))
        self.scope = resource.owner if many.mode is Mode.ONCE else resource.owner.within(many.bound(key))
        self._cache: dict[str, Value] = {}
        self._is_busy = False

    def attribute(self, name: str) -> Value:
        """Return what a reference to an attribute stands for."""
        resource = self.resource
        if resource.is_data and resource.answers is not None:
            match = resource.answers.match(self)
            if match is not None:
                return match.attribute(name)
        return attribute_of(resource.type, self.address, name, self.given)  # type: ignore[return-value]  # what is given to it are values, and symbols are too

    def given(self, name: str) -> Value:
        """Return what an attribute was set to, or is by default; None for neither."""
        cache = self._cache
        if name in cache:
            return cache[name]
        cache[name] = Missing(f"{self.address}.{name}, which refers to itself", "break the circle")
        try:
            value = cache[name] = self._worked_out(name)
        except RecursionError:
            del cache[name]
            raise
        return value

    def configured(self, name: str) -> Value:
        """Return what an attribute or the blocks of a type were set to, None for nothing."""
        shape = self.resource.shape
        expression = shape.attributes.get(name)
        if expression is not None:
            return evaluate(expression, self.scope)
        blocks = shape.blocks.get(name)
        return None if blocks is None else self.resource.expander.blocks(name, blocks, self.scope)

    def _worked_out(self, name: str) -> Value:
        if name == "tags_all" and not self.resource.is_data and has_tags(self.resource.type):
            return all_tags(plain(self.given("tags")), plain(self.resource.provider.tags))
        value = None if name in _META else self.configured(name)
        if value is not None:
            return value
        if self.resource.is_data:
            answers = self.resource.answers
            return answers.attribute(self, name) if answers is not None else None
        if name == "region":
            return self.resource.provider.region or None
        return default_of(self.resource.type, name)  # type: ignore[return-value]  # the table of defaults holds what JSON does

    @property
    def region(self) -> str:
        """Return the Region that it stands in, empty where that is not known."""
        expression = self.resource.shape.attributes.get("region")
        named = expression is not None and self.resource.type not in ("aws_region", "aws_s3_bucket")
        own = evaluate(expression, self.scope) if expression is not None and named else None
        # One that is null was not set: modules hand down `region = var.region`, which is null by default.
        return self.resource.provider.region if own is None else plain_text(own)

    @property
    def provider_alias(self) -> str:
        """Return the name of its provider where that has an alias, an empty one for the default provider."""
        name = self.resource.provider.name
        return name if "." in name else ""

    def values(self) -> dict[str, Value]:
        """Return all that is set, as plain values."""
        shape = self.resource.shape
        names = [name for name in (*shape.attributes, *shape.blocks) if name not in _META]
        found = {name: plain(self.given(name)) for name in names}
        tags = self.given("tags_all")
        if tags is not None:
            found["tags_all"] = tags
        return found

    def whole(self) -> Value:
        """Return all its attributes that can be told, as a plain mapping."""
        if self._is_busy:
            return Missing(f"{self.address}, which refers to itself", "break the circle")
        self._is_busy = True
        try:
            return dict(identified(self.resource.type, self.address, self.values()))  # type: ignore[arg-type]  # values
        finally:
            self._is_busy = False

"""The resources and look-ups of some stacks as one: what each is called, and what references among them stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.collect.hcl.tags import all_tags, has_tags
from checker.collect.hcl.values import told
from checker.collect.hcl.zones import Zones
from checker.collect.pulumi.addresses import addresses, plain_name, stack_of
from checker.collect.pulumi.look_ups import Asked, answer, item
from checker.collect.pulumi.providers import Provider, Providers
from checker.collect.pulumi.registered import LookedUp, Reference, Registered, Text
from checker.collect.pulumi.shape import attribute, to_terraform
from checker.collect.pulumi.texts import composed
from checker.collect.pulumi.tokens import data_type, terraform_type
from checker.collect.terraform.filling import default_of
from checker.collect.terraform.identity import attribute_of
from checker.collect.terraform.types import DATA, family
from checker.model.fact import Missing
from checker.model.symbol import Symbol

STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
_STEP = re.compile(r"[^.\[\]\"]+")
_TAGS, _ALL_TAGS = "tags", "tags_all"
_SUPPLY = "audit the account, or check a preview made where it is known"
# Regions are told by the provider, and these types have another attribute of that name.
_OWN_REGION = frozenset({"aws_region", "aws_s3_bucket"})


@dataclass(frozen=True)
class Thing:
    """A resource or look-up that has a name in Terraform; `properties` are as it was registered."""

    key: str
    type: str
    address: str
    properties: Mapping[str, object]
    provider: Provider
    is_data: bool


class World:
    """All that some stacks registered and looked up; what is asked for is worked out once."""

    def __init__(
        self,
        registered: Sequence[Registered],
        looked_up: Sequence[LookedUp],
        config: Mapping[str, str],
        zones: Zones,
    ) -> None:
        self.registered = {one.urn: one for one in registered}
        self.looked_up = {one.name: one for one in looked_up}
        self.zones = zones
        self._providers = Providers(registered, config)
        self._worlds = _worlds(registered)
        self.things = dict(self._named())
        self._by_address = {thing.address: thing for thing in self.things.values()}
        self._outputs = {stack_of(one.urn): one for one in registered if one.type == STACK}
        self._shaped: dict[str, dict[str, object]] = {}
        self._settled: dict[tuple[str, str], object] = {}
        self._same: dict[str, Thing | None] = {}

    def _named(self) -> list[tuple[str, Thing]]:
        made = [
            (one, type_) for one in self.registered.values() if one.is_custom and (type_ := terraform_type(one.type))
        ]
        asked = [(one, type_) for one in self.looked_up.values() if (type_ := data_type(one.token))]
        named = [(one.urn, f"{DATA if one.is_read else ''}{type_}", one.name) for one, type_ in made]
        named.extend((one.name, f"{DATA}{type_}", one.name) for one, type_ in asked)
        called = addresses(named, self._worlds)
        found = [
            Thing(one.urn, type_, called[one.urn], one.properties, self._providers.of(one.provider), one.is_read)
            for one, type_ in made
        ]
        found.extend(
            Thing(one.name, type_, called[one.name], one.arguments, self._providers.of(one.provider), is_data=True)
            for one, type_ in asked
        )
        return [(thing.key, thing) for thing in found]

    def values(self, thing: Thing) -> dict[str, object]:
        """Return all that is set of a thing, with its id and the tags that its provider adds."""
        found = {name: value for name in self._shape(thing) if (value := self._own(thing, name)) is not None}
        if isinstance(found.get("id"), Missing):
            del found["id"]  # who it is, is known by its name
        tags = self.given(thing, _ALL_TAGS)
        if tags is not None:
            found[_ALL_TAGS] = tags
        return found

    def region(self, thing: Thing) -> str:
        """Return the Region that a thing stands in, empty where that is not known."""
        own = self._own(thing, "region") if thing.type not in _OWN_REGION else None
        if own is None:
            return thing.provider.region
        return own if isinstance(own, str) and not isinstance(own, Symbol) else ""

    def given(self, thing: Thing, name: str) -> object:
        """Return what an attribute was set to, or is by default; None for neither."""
        own = self._own(thing, name)
        if thing.key in self.looked_up:
            if own is not None:
                return own
            found = answer(Asked(thing.address, thing.type, self._arguments(thing), thing.provider), name, self.zones)
            return told(found) if isinstance(found, (list, dict)) else found
        if name == _ALL_TAGS and not thing.is_data and (own is None or isinstance(own, Missing)):
            return self._tags(thing)
        if own is not None or thing.is_data:
            return own
        return thing.provider.region or None if name == "region" else default_of(thing.type, name)

    def same(self, thing: Thing) -> Thing | None:
        """Return the resource that a look-up surely finds: it asks by an id that a resource here gives."""
        if thing.key not in self.looked_up:
            return None
        if thing.key not in self._same:
            self._same[thing.key] = None  # while it is being looked for
            named = [value for name in self._shape(thing) if isinstance(value := self._own(thing, name), Symbol)]
            found = [one for value in named if (one := self._by_address.get(value)) is not None]
            fits = [one for one in found if not one.is_data and family(one.type) == family(thing.type)]
            self._same[thing.key] = fits[0] if fits else None
        return self._same[thing.key]

    def resolved(self, reference: Reference) -> object:
        """Return what a reference stands for: a value that is set, who it is, or that it is not known."""
        path = tuple(_STEP.findall(reference.property))
        thing = self.things.get(reference.urn)
        if thing is not None and path:
            return self._attribute(self.same(thing) or thing, reference.property)
        one = self.registered.get(reference.urn)
        if one is not None and one.type == STACK_REFERENCE:
            return self._output(one, path)
        owner = self.called(one) if one is not None else plain_name(reference.urn)
        if len(path) > 1:
            return Missing(f"{owner}.{reference.property}", _SUPPLY)
        return Symbol(".".join((owner, *path)))

    def settled(self, value: object, owner: str) -> object:
        """Return a value with every reference in it resolved; what is not known says whose it is."""
        if isinstance(value, Reference):
            return self.resolved(value)
        if isinstance(value, Text):
            parts = [part if isinstance(part, str) else self.resolved(part) for part in value.parts]
            return composed(value, parts, owner)
        if isinstance(value, Missing):
            return Missing(f"{owner}: {value.fact}", value.supply)
        if isinstance(value, Mapping):
            return {key: self.settled(inner, owner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.settled(inner, owner) for inner in value]
        return value

    def called(self, one: Registered) -> str:
        """Return what a resource is called, in the shape of an address too where it has no type of Terraform's."""
        thing = self.things.get(one.urn)
        if thing is not None:
            return thing.address
        type_ = "pulumi_stack_reference" if one.type == STACK_REFERENCE else plain_name(one.type.replace(":", "_"))
        return f"{self._worlds.get(one.urn, '')}{type_}.{plain_name(one.name)}"

    def _attribute(self, thing: Thing, property_: str) -> object:
        """Return what a property of a thing stands for, at a path in Pulumi's names."""
        name, *inner = _STEP.findall(attribute(thing.type, property_, is_data=thing.key in self.looked_up))
        if not inner:
            return attribute_of(thing.type, thing.address, name, lambda one: self.given(thing, one))
        at = f"{thing.address}.{property_}"
        whole = self.given(thing, name)
        if whole is None and not thing.is_data:
            # All of it is the provider's to tell: it goes by the name that Terraform's programs have for it.
            return Symbol(
                f"{thing.address}.{name}" + "".join(f"[{one}]" if one.isdigit() else f".{one}" for one in inner)
            )
        found = item(whole, tuple(inner), at)
        return Missing(at, _SUPPLY) if found is None else found

    def _shape(self, thing: Thing) -> dict[str, object]:
        found = self._shaped.get(thing.key)
        if found is None:
            found = to_terraform(thing.type, thing.properties, is_data=thing.key in self.looked_up)
            one = self.registered.get(thing.key)
            if one is not None and one.id:
                found["id"] = one.id
            self._shaped[thing.key] = found
        return found

    def _own(self, thing: Thing, name: str) -> object:
        shape = self._shape(thing)
        if name not in shape:
            return None
        key = (thing.key, name)
        if key not in self._settled:
            self._settled[key] = Missing(f"{thing.address}.{name}, which refers to itself", "break the circle")
            self._settled[key] = self.settled(shape[name], thing.address)
        return self._settled[key]

    def _arguments(self, thing: Thing) -> dict[str, object]:
        return {name: self._own(thing, name) for name in self._shape(thing)}

    def _tags(self, thing: Thing) -> object:
        """Return a resource's tags with those of its provider, which adds them when it is registered."""
        if not has_tags(thing.type):
            return self._own(thing, _ALL_TAGS)
        own = self._own(thing, _TAGS)
        added = self.settled(thing.provider.tags, thing.provider.name or "the provider")
        return all_tags(own, added)  # type: ignore[arg-type]  # what is settled are values

    def _output(self, one: Registered, path: tuple[str, ...]) -> object:
        """Return what a property of a reference to another stack stands for.

        Source: https://www.pulumi.com/docs/iac/concepts/stacks/#stackreferences
        """
        name = one.properties.get("name")
        own_project, _ = stack_of(one.urn)
        steps = (name if isinstance(name, str) else one.name).split("/")
        told_by = self._outputs.get((steps[-2] if len(steps) > 2 else own_project, steps[-1]))
        at = self.called(one)
        if len(path) > 1 and path[0] == "outputs":
            outputs = one.properties.get("outputs")
            known: object = outputs.get(path[1]) if isinstance(outputs, Mapping) else None
            if told_by is not None and path[1] in told_by.properties:
                known = told_by.properties[path[1]]
            if known is not None and not isinstance(known, Missing):
                return item(self.settled(known, at), path[2:], f"{at}.{'.'.join(path)}")
        if len(path) > 2:
            return Missing(f"{at}.{'.'.join(path)}", "give the state of that stack too, or a file with its outputs")
        return Symbol(".".join((at, *path)))


def _worlds(registered: Sequence[Registered]) -> dict[str, str]:
    """Return what stands before the addresses of each resource where several stacks are read as one.

    What a stack names and does not make may be what another one makes (`checker.collect.terraform.apart`).
    """
    stacks = {stack_of(one.urn) for one in registered}
    if len(stacks) < 2:
        return {}
    return {one.urn: f"{'/'.join(stack_of(one.urn))}//" for one in registered}

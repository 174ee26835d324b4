"""What unknown values of a preview stand for, by the resources that each property was made from.

A preview tells which resources a property hangs on and not what was done with them. Where exactly one of these is of
the type that an attribute names, the value is taken to be that one's id: see docs/decisions/0018.
Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto (PropertyDependencies)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.collect.pulumi.registered import Reference, Registered
from checker.collect.pulumi.shape import attribute, to_terraform
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.pulumi.values import is_told_later
from checker.collect.terraform.references import named_by
from checker.collect.terraform.types import canonical, family
from checker.model.fact import Missing

# Whose other attributes tell ids of a type: one of them among what a property hangs on leaves it open whose id it is.
# Source: "Attribute Reference" of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_TELLS: Mapping[str, frozenset[str]] = {
    "aws_network_acl": frozenset({"aws_vpc"}),
    "aws_network_interface": frozenset({"aws_efs_mount_target", "aws_instance", "aws_nat_gateway", "aws_vpc_endpoint"}),
    "aws_ec2_managed_prefix_list": frozenset({"aws_vpc_endpoint"}),
    "aws_route_table": frozenset({"aws_vpc"}),
    "aws_security_group": frozenset({"aws_vpc", "aws_elb"}),
    "aws_eip": frozenset({"aws_nat_gateway"}),
}
# What an attribute takes of the thing that it names, where that is not its id.
_TAKES: Mapping[tuple[str, str], str] = {
    ("alias", "name"): "dnsName",
    ("alias", "zone_id"): "zoneId",
    ("launch_template", "version"): "latestVersion",
    ("launch_template_specification", "version"): "latestVersion",
}

# What tells the ARN of another once that can be used, and under which name.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/acm_certificate_validation
_PASSES_ON: Mapping[str, tuple[str, str]] = {
    "aws_acm_certificate_validation": ("aws_acm_certificate", "certificateArn"),
}

# What the engine itself registers makes no values.
_ENGINE = "pulumi:"
# Lists whose names are no plurals.
_LISTS = frozenset({"vpc_zone_identifier"})
# What stands for the type of a resource of another provider, which may tell anything.
_STRANGE = ""


def wired(registered: Sequence[Registered], *, has_outputs: bool = False) -> tuple[Registered, ...]:
    """Return the resources with a `Reference` for each unknown value of which `needs` leaves one possibility.

    With `has_outputs` the properties hold what the provider would tell too: what is not known and was not given, as far
    as `needs` tells what was, the provider chooses, and it is left out.
    """
    types = {
        one.urn: family(terraform_type(one.type) or _STRANGE)
        for one in registered
        if one.is_custom and not one.type.startswith(_ENGINE)
    }
    return tuple(
        _wired(one, types, has_outputs=has_outputs) if one.needs and types.get(one.urn) else one for one in registered
    )


@dataclass(frozen=True)
class _Hole(Missing):
    """An unknown value; `number` tells it from the others of its property."""

    number: int = 0


@dataclass(frozen=True)
class _Place:
    """Where a hole is in Terraform's shape: the block around it, and the attribute; `list_` is of which list it is."""

    block: str
    key: str
    list_: tuple[str | int, ...] | None


def _wired(one: Registered, types: Mapping[str, str], *, has_outputs: bool) -> Registered:
    type_ = canonical(terraform_type(one.type) or "")
    found: dict[str, object] = {}
    for name, value in one.properties.items():
        if has_outputs and isinstance(value, Missing) and name not in one.needs and is_told_later(value):
            continue
        found[name] = _property(type_, name, value, one.needs.get(name, ()), types)
    return replace(one, properties=found)


def _property(type_: str, name: str, value: object, needs: Sequence[str], types: Mapping[str, str]) -> object:
    if not needs:
        return value
    holes: list[Missing] = []
    marked = _marked(value, holes)
    if not holes:
        return value
    shaped = to_terraform(type_, {name: marked})
    key = attribute(type_, name)
    places = dict(_places(shaped.get(key), "", key, None, ()))
    filled = _filled(type_, places, needs, types, len(holes))
    return _unmarked(marked, holes, filled)


def _filled(
    type_: str, places: Mapping[int, _Place], needs: Sequence[str], types: Mapping[str, str], count: int
) -> dict[int, Reference]:
    """Return the references that take the places of holes, by the holes' numbers."""
    fitting: dict[int, tuple[str, ...]] = {}
    for number, place in places.items():
        targets = {family(target) for target in named_by(type_, place.block, place.key)}
        told = frozenset().union(*(_TELLS.get(target, frozenset()) for target in targets))
        fits = tuple(sorted(urn for urn in needs if _stands_for(types.get(urn, "")) in targets))
        # The whole of a list that is not known may have any number of items.
        is_many = place.list_ is None and (place.key.endswith("s") or place.key in _LISTS)
        is_open = is_many or any(types.get(urn) in (*told, _STRANGE) for urn in needs)
        fitting[number] = () if is_open else fits
    lists = {place.list_ for place in places.values()}
    every = next(iter(fitting.values()), ())
    if len(lists) == 1 and None not in lists and len(places) == count == len(every):
        # As many as there are items in the one list that they can be in, in whichever order.
        return {number: _taken(places[number], urn, types) for number, urn in zip(sorted(places), every, strict=True)}
    shared = Counter(place.list_ for place in places.values())
    return {
        number: _taken(places[number], fits[0], types)
        for number, fits in fitting.items()
        # Two of one list would be one and the same.
        if len(fits) == 1 and (places[number].list_ is None or shared[places[number].list_] == 1)
    }


def _stands_for(type_: str) -> str:
    return _PASSES_ON.get(type_, (type_, ""))[0]


def _taken(place: _Place, urn: str, types: Mapping[str, str]) -> Reference:
    if (passed := _PASSES_ON.get(types[urn])) is not None:
        return Reference(urn, passed[1])
    if place.key.endswith(("arn", "arns")):
        return Reference(urn, "arn")
    return Reference(urn, _TAKES.get((place.block, place.key), "id"))


def _marked(value: object, holes: list[Missing]) -> object:
    """Return a value with its unknown parts numbered; `holes` takes the unknown parts."""
    if isinstance(value, Missing):
        holes.append(value)
        return _Hole(value.fact, value.supply, len(holes) - 1)
    if isinstance(value, Mapping):
        return {key: _marked(item, holes) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_marked(item, holes) for item in value]
    return value


def _unmarked(value: object, holes: Sequence[Missing], filled: Mapping[int, Reference]) -> object:
    if isinstance(value, _Hole):
        return filled.get(value.number, holes[value.number])
    if isinstance(value, Mapping):
        return {key: _unmarked(item, holes, filled) for key, item in value.items()}
    if isinstance(value, list):
        return [_unmarked(item, holes, filled) for item in value]
    return value


def _places(
    value: object,
    block: str,
    key: str,
    list_: tuple[str | int, ...] | None,
    path: tuple[str | int, ...],
) -> Iterator[tuple[int, _Place]]:
    """Yield the number and place of each hole in a value that stands under `key` of a block (empty at the top)."""
    if isinstance(value, _Hole):
        yield value.number, _Place(block, key, list_)
    elif isinstance(value, Mapping):
        for inner, item in value.items():
            yield from _places(item, key, inner, None, (*path, inner))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _places(item, block, key, path, (*path, index))

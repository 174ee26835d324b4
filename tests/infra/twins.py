"""A stack told by roles, so that two of them can be laid side by side whatever their resources are called."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from ipaddress import IPv4Network
from itertools import filterfalse

from checker.model.fact import Known, Unknown
from checker.model.resource import Resource

# role -> field -> value, in words that name other resources by their roles
Told = Mapping[str, Mapping[str, object]]
# What an account has beside every stack, or makes of it by itself, such as the instances of a group.
MADE_BY_AWS = frozenset({"instance", "network_interface", "prefix_list", "vpc_public_access"})
# What a resource is called, and where it was read.
NAMES = frozenset({"id", "name", "arn", "scope", "origin", "tags", "owner", "zone_id", "template", "template_name"})


def told(resources: Iterable[Resource]) -> Told:
    """Return what is said of each resource of the only stack there is; those of a default VPC are of none."""
    mine = list(_without_default_vpc(resources))
    roles = dict(_roles(mine))
    names = {str(_value(one, "dns_name")): "load_balancer" for one in _of_kind(mine, "load_balancer")}
    words = _Words(roles, {**dict(_zones(mine)), **names})
    found: dict[str, dict[str, object]] = {}
    for number, one in enumerate(mine):
        role = roles.get((one.kind, one.id), f"{one.kind} of no role {number}")
        if one.kind == "security_group_rule":
            role = _rule(one, words)
        assert role not in found, role
        found[role] = {
            field.name: words.plain(getattr(one, field.name), field.name)
            for field in fields(one)
            if field.name not in NAMES
        }
        found.update({role: {} for role in _records(one, words)})
    return found


class _Words:
    """Puts roles in the place of what resources are called, and numbers in that of zones."""

    def __init__(self, roles: Mapping[tuple[str, str], str], others: Mapping[str, str]) -> None:
        self._others = others
        self._roles: dict[str, dict[str, str]] = {}
        for (kind, id_), role in roles.items():
            self._roles.setdefault(id_, {})[kind] = role

    def plain(self, value: object, field: str) -> object:
        """Return the value of a field in plain texts, numbers and lists; the order of what is listed says nothing."""
        again: Callable[[object], object] = partial(self.plain, field=field)
        if isinstance(value, Known):
            return again(value.value)
        if isinstance(value, Unknown):
            return "not known"
        if is_dataclass(value) and not isinstance(value, type):
            return [again(getattr(value, one.name)) for one in fields(value) if one.name not in NAMES - {"id"}]
        if isinstance(value, tuple | list | frozenset):
            return sorted(map(again, filterfalse(_goes_without_saying, value)), key=str)
        if not isinstance(value, str):
            return value
        return self.role(value, field) or value

    def role(self, text: str, field: str = "") -> str | None:
        """Return what a text stands for, None if for nothing; names are unique within the kind that a field names."""
        named = self._roles.get(text, {})
        alone = next(iter(named.values())) if len(named) == 1 else None
        return named.get(KIND_NAMED.get(field, ""), alone) or self._others.get(text)


def _without_default_vpc(resources: Iterable[Resource]) -> Iterator[Resource]:
    every = [one for one in resources if one.kind not in MADE_BY_AWS]
    default = {one.id for one in every if one.kind == "vpc" and _value(one, "is_default")}
    groups = {one.id for one in every if _value(one, "vpc") in default}
    for one in every:
        belongs = {_value(one, "vpc"), _value(one, "group"), *_values(one, "vpcs"), one.id}
        if not belongs & (default | groups):
            yield one


def _roles(mine: Sequence[Resource]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the role of each resource by its kind and id: what it is to the others, never what it is called."""
    of = partial(_of_kind, mine)
    subnets = {one.id: f"subnet {_values(one, 'cidrs')[0]}" for one in of("subnet")}
    yield from ((("subnet", id_), role) for id_, role in subnets.items())
    for kind in SOLE:
        yield from (((kind, one.id), kind) for one in of(kind))
    for one in of("launch_template"):
        # It is named without its version, too, and may be by its name.
        yield from (((one.kind, str(_value(one, name))), "launch_template") for name in ("template", "template_name"))
    for one in of("listener"):
        yield (one.kind, one.id), f"listener {_value(one, 'port')}"
    for one in (*of("nat_gateway"), *of("mount_target")):
        yield (one.kind, one.id), f"{one.kind} in {subnets[str(_value(one, 'subnet'))]}"
    for number, one in enumerate(of("cache_cluster"), 1):
        yield (one.kind, one.id), f"cache_cluster {number}"
    for one in of("vpc_endpoint"):
        yield (one.kind, one.id), f"vpc_endpoint {str(_value(one, 'service')).rpartition('.')[2]}"
    for one in of("db_instance"):
        yield (one.kind, one.id), "reader" if _value(one, "replica_of") else "writer"
    for one in of("route_table"):
        served = sorted(subnets[str(subnet)] for subnet in _values(one, "subnets"))
        yield (one.kind, one.id), "main route_table" if _value(one, "is_main") else f"route_table of {' '.join(served)}"
    for one in of("security_group"):
        if _value(one, "is_default"):
            yield (one.kind, one.id), "default security_group"
    for tier, kind in WEARERS.items():
        groups = {str(group) for one in of(kind) for group in _values(one, "groups")}
        yield from ((("security_group", group), f"security_group of {tier}") for group in groups)
    profiles = {_value(one, "profile") for one in of("launch_template")}
    for one in of("role"):
        yield (one.kind, one.id), "role of app" if profiles & set(_values(one, "profiles")) else "role of the logs"


SOLE = (
    "vpc", "internet_gateway", "network_acl", "load_balancer", "target_group", "launch_template", "auto_scaling_group",
    "scaling_policy", "replication_group", "cache_subnet_group", "db_subnet_group", "file_system", "certificate",
    "hosted_zone",
)  # fmt: skip
WEARERS = {
    "edge": "load_balancer",
    "app": "launch_template",
    "cache": "cache_cluster",
    "data": "db_instance",
    "files": "mount_target",
}


# Which kind a field names, where another kind has something of the same name.
KIND_NAMED = {
    "subnet_group": "cache_subnet_group",
    "replication_group": "replication_group",
    "group": "auto_scaling_group",
}


def _zones(mine: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    """Yield the number of each zone: subnets are laid out in the order of their addresses, tier after tier."""
    in_order = sorted(_of_kind(mine, "subnet"), key=lambda one: IPv4Network(str(_values(one, "cidrs")[0])))
    names = dict.fromkeys(str(_value(one, "zone")) for one in in_order)
    yield from ((name, f"zone {number}") for number, name in enumerate(names, 1))


def _rule(one: Resource, words: _Words) -> str:
    group, traffic, peer = (words.plain(getattr(one, name), "") for name in ("group", "traffic", "peer"))
    return f"{'into' if _value(one, 'ingress') else 'out of'} {group}: {traffic} {peer}"


def _records(one: Resource, words: _Words) -> Iterator[str]:
    """Yield what each record of a hosted zone leads to, where that is of the stack; names are whatever they are."""
    for record in _values(one, "records"):
        _, type_, targets = (getattr(record, name) for name in ("name", "type", "targets"))
        yield from (f"record {type_} to {role}" for role in map(words.role, targets) if role)


def _goes_without_saying(part: object) -> bool:
    """Tell whether a part is one that AWS adds: a table's route to its own VPC, what a listener does without rules."""
    target = getattr(part, "target", None)
    return (isinstance(target, Known) and target.value == "local") or getattr(part, "is_default", None) is True


def _of_kind(mine: Sequence[Resource], kind: str) -> list[Resource]:
    return sorted((one for one in mine if one.kind == kind), key=lambda one: one.id)


def _value(one: Resource, name: str) -> object:
    fact = getattr(one, name, None)
    return fact.value if isinstance(fact, Known) else None


def _values(one: Resource, name: str) -> tuple[object, ...]:
    value = _value(one, name)
    return value if isinstance(value, tuple) else ()


def differences(one: Told, other: Told) -> dict[str, tuple[object, object]]:
    """Return what the two say otherwise, by `role` or `role: field`; a resource that only one has is told whole."""
    found: dict[str, tuple[object, object]] = {}
    for role in sorted({*one, *other}):
        if role not in one or role not in other:
            found[role] = ("there", "missing") if role in one else ("missing", "there")
            continue
        for name in one[role]:
            if one[role][name] != other[role][name]:
                found[f"{role}: {name}"] = (one[role][name], other[role][name])
    return found

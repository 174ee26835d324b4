"""What a service of AWS runs in subnets by its own declaration: tasks, functions, brokers, build hosts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from checker.model.fact import Fact, Known, Missing, Unknown, merge
from checker.model.part import Part
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.kind import Kind
from checker.resources.neighbours import default_group, looked_up, named, standing, vpc_of
from checker.resources.reader import Reader
from checker.resources.service_types import CLIENTS, CLIENTS_NETWORK, TYPES, Spelling
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class Service(Resource):
    """A service that stands in subnets; `public` is whether it has public IPv4 addresses, `dual_stack` IPv6 ones.

    A live account shows its interfaces, so only declared inputs have such a thing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/using-eni.html (requester-managed network interfaces)
    """

    kind = "service"

    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    public: Fact[bool]
    dual_stack: Fact[bool]


def is_placed(reader: Reader) -> bool:
    """Tell whether an `aws_ecs_service` gives its tasks addresses of their own, known or not, rather than its hosts'.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service ("required for task
    definitions that use the `awsvpc` network mode")
    """
    return reader.has("network_configuration")


def _from_terraform(reader: Reader, told: Spelling) -> Iterator[Service]:
    subnets, groups = _named(reader, told.subnets), _named(reader, told.groups)
    if told.subnet_group is not None:
        subnets = _of_subnet_group(reader, *told.subnet_group)
    if subnets.is_(()).is_yes:
        if not told.somewhere or groups.is_(()).is_yes:
            return  # it stands in no VPC of its owner's
        subnets = Unknown(Missing(f"the subnets of {reader.label}", "name them, or audit the account"))
    if told.own_group:
        groups = groups.map(lambda ids: (*ids, f"{reader.must('id')}.security_group"))
    yield Service(
        **common(reader, "name", id=_id(reader)),
        subnets=subnets,
        groups=groups.then(
            lambda ids: Known(ids) if ids else vpc_of(reader).map(lambda vpc: (default_group(vpc, reader),))
        ),
        public=reader.flag(told.public, default=False) if told.public else Known(False),
        dual_stack=reader.flag(told.v6, default=False) if told.v6 else Known(told.always_v6),
    )


def _id(reader: Reader) -> str:
    """Return the id, with the type before one that a service of another type could have too."""
    id_ = reader.raw.get("id")
    if isinstance(id_, Symbol) or str(id_).startswith("arn:"):
        return str(id_)
    return f"{reader.type}.{id_}"


def _named(reader: Reader, paths: tuple[str, ...]) -> Fact[tuple[str, ...]]:
    """Return all ids at some paths, in every block on the way."""
    found: dict[str, None] = {}
    missing: list[Missing] = []
    for path in paths:
        key = path.rpartition(".")[2]
        for value in _values(reader.raw, path):
            listed = [value] if key.endswith(("_id", "_group")) else value
            ids = Reader({key: listed}, reader.scope, reader.origin, "", reader, path).ids(key)
            if isinstance(ids, Known):
                found.update(dict.fromkeys(filter(None, ids.value)))
            missing.extend(ids.missing)
    return Unknown(*merge(missing)) if missing else Known(tuple(found))


def _values(raw: object, path: str) -> Iterator[object]:
    if isinstance(raw, (list, tuple)) and path:
        for item in raw:
            yield from _values(item, path)
    elif isinstance(raw, Mapping) and path:
        field, _, rest = path.partition(".")
        yield from _values(raw.get(field), rest)
    elif raw is not None:
        yield raw


def _of_subnet_group(reader: Reader, path: str, type_: str) -> Fact[tuple[str, ...]]:
    """Return the subnets of the group that a path names; a group that is not here has unknown ones."""
    if _named(reader, (path,)).is_(()).is_yes:
        return Known(())
    group = looked_up(reader, type_)
    return group.ids("subnet_ids") if group else reader.unknown(path)


def _parts(type_: str, told: Spelling) -> tuple[Part, ...]:
    own = () if told.subnet_group is None else (named(told.subnet_group[1], of=type_, by=told.subnet_group[0]),)
    return (*own, *standing(type_, subnets=told.subnets, groups=told.groups))


KIND = Kind(
    type=Service,
    spellings={("terraform", type_): partial(_from_terraform, told=told) for type_, told in TYPES.items()},
    parts=tuple(
        dict.fromkeys(
            (
                Part(type=CLIENTS_NETWORK, of=CLIENTS, by="client_vpn_endpoint_id"),
                *(part for type_, told in TYPES.items() for part in _parts(type_, told)),
            )
        )
    ),
)

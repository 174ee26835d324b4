"""What the parsers of edges' and apps' Terraform records have in common: who a thing is, and where it stands."""

from collections.abc import Mapping

from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.symbol import Symbol
from checker.resources.lookup import subnets_of
from checker.resources.reader import Reader
from checker.resources.terraform import SUBNETS, Common, common

_GROUPS = ("aws_security_group", "data.aws_security_group")


def called(reader: Reader, name: str = "name", *, id: str = "", tags: Fact[Mapping[str, str]] | None = None) -> Common:
    """Return the fields that every resource has; `name` is the attribute that names it, `id` an id of another kind."""
    found = common(reader, name)
    if id:
        found["id"] = id
    if tags is not None:
        found["tags"] = tags
    return found


def resource_of(symbol: str) -> str:
    """Return the type of the managed resource that a symbol is of, empty for other symbols and for plain texts."""
    if not isinstance(symbol, Symbol):
        return ""
    words = symbol.split(".")
    while len(words) > 2 and words[0] == "module":
        words = words[2:]
    return words[0] if words[0].startswith("aws_") else ""


def standing(of: str, *, subnets: tuple[str, ...], groups: tuple[str, ...] = ()) -> tuple[Part, ...]:
    """Return the records that tell where a thing stands: those of the subnets and groups that these fields name."""
    near = (part for field in subnets for part in subnets_of(of, field))
    return (*near, *(Part(type=type_, of=of, by="id", to=field) for field in groups for type_ in _GROUPS))


def home(reader: Reader) -> Fact[str]:
    """Return the VPC of what has subnets and groups: its own word, else theirs, since they are all of one VPC.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-groups.html
    """
    own = reader.id("vpc_id")
    told = (near.id("vpc_id") for type_ in (*SUBNETS, *_GROUPS) for near in reader.items(type_))
    return own if isinstance(own, Known) else next((vpc for vpc in told if isinstance(vpc, Known)), own)


def the_subnet(reader: Reader) -> Reader | None:
    """Return the record of the one subnet that a thing stands in, None where it is not in the input."""
    return next((near for type_ in SUBNETS for near in reader.items(type_)), None)

"""What the parsers of Terraform's records have in common: names and tags, lists with holes, and implied things.

Source: https://developer.hashicorp.com/terraform/internals/json-format#values-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypedDict

from checker.model.fact import Fact, Known, Listing, Missing, known_or, merge
from checker.model.record import Gap, Origin, Scope
from checker.model.symbol import Symbol
from checker.resources.reader import Reader, unsettled

ACCOUNT_DIGITS = 12


class Common(TypedDict):
    """The fields that every resource has."""

    id: str
    scope: Scope
    origin: Origin
    name: str
    arn: str | None
    tags: Fact[Mapping[str, str]]


def common(reader: Reader, name: str = "") -> Common:
    """Return the fields that every resource has; `name` is the attribute that names it where no tag does."""
    return {
        "id": str(reader.must("id")),
        "scope": reader.scope,
        "origin": reader.origin,
        "name": (reader.settled(name) if name else "") or _name_tag(reader),
        "arn": reader.settled("arn") or None,
        "tags": tags(reader),
    }


def tags(reader: Reader) -> Fact[Mapping[str, str]]:
    """Return the tags, the provider's default ones included where they are told.

    The provider leaves `tags_all` to the apply where a resource has no tags at all.
    """
    every = reader.tag_map("tags_all")
    return every if reader.has("tags_all") and isinstance(every, Known) else reader.tag_map()


def _name_tag(reader: Reader) -> str:
    return known_or(tags(reader), {}).get("Name", "") or reader.settled("tags.Name")


def mappings(reader: Reader, key: str) -> Listing[Reader]:
    """Return a reader for each mapping of a list as far as they are known, and what is missing of the list."""
    value = reader.raw.get(key)
    entries = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
    readers, missing = [], []
    for entry in entries:
        if isinstance(entry, Mapping):
            readers.append(Reader(entry, reader.scope, reader.origin, "", reader, key))
        else:
            missing.append(_hole(reader, key, entry))
    return Listing(tuple(readers), tuple(dict.fromkeys(missing)))


def each_value(reader: Reader, key: str) -> Iterator[Reader]:
    """Yield a reader for each value of a list, which has it under the same key; for a list not known, one for it."""
    value = reader.raw.get(key)
    entries = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
    for entry in entries:
        yield Reader({key: entry}, reader.scope, reader.origin, "", reader, key)


def _hole(reader: Reader, key: str, entry: object) -> Missing:
    if isinstance(entry, Missing):
        return entry
    if isinstance(entry, Gap):
        return entry.missing
    return unsettled(entry) if isinstance(entry, Symbol) else merge(reader.unknown(key).missing)[0]


def attribute(reader: Reader, key: str) -> str:
    """Return what an attribute of a record is called: its value, else the symbol that a reference to it gives."""
    value = reader.raw.get(key)
    return str(value) if isinstance(value, str) and value else f"{reader.must('id')}.{key}"


def home_of(reader: Reader, *keys: str) -> Fact[str]:
    """Return the VPC of a thing that every VPC has, which one of its attributes may name as that VPC's own."""
    told = reader.id("vpc_id")
    if isinstance(told, Known):
        return told
    for key in keys:
        vpc, dot, of_vpc = known_or(reader.id(key), "").rpartition(".")
        if dot and of_vpc in ("default_route_table_id", "main_route_table_id", "default_network_acl_id"):
            return Known(vpc)
    return told


def vpc_of(reader: Reader) -> Fact[str]:
    """Return the VPC of what stands in a subnet: its own attribute, or that of the subnet where it was read."""
    if reader.has("vpc_id"):
        return reader.id("vpc_id")
    subnet = known_or(reader.maybe_id("subnet_id"), None)
    home = subnet_of(reader, subnet) if subnet else None
    return home.id("vpc_id") if home else reader.unknown("vpc_id")


def subnet_of(reader: Reader, subnet: str) -> Reader | None:
    """Return the reader of a subnet among the parts of `reader`."""
    found = (item for type_ in SUBNETS for item in mappings(reader, type_).items if item.plain("id") == subnet)
    return next(found, None)


def main_table(text: str) -> str:
    """Return the id of a route table, for that of a VPC's main one the id of the table that came with the VPC."""
    vpc, dot, attribute_ = text.rpartition(".")
    return f"{vpc}.default_route_table_id" if dot and attribute_ == "main_route_table_id" else text


def owner_of(reader: Reader, key: str = "owner_id") -> Fact[str]:
    """Return the account that a thing belongs to: that of the provider which makes it, where it is not told."""
    told = reader.text(key, default=reader.scope.account)
    return told if isinstance(told, Known) else Known(reader.scope.account)


def group_id(text: str) -> str:
    """Return a security group's id without the account that may stand before it.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
    """
    account, slash, group = text.partition("/")
    return group if slash and account.isdigit() and len(account) == ACCOUNT_DIGITS else text


def default_group(vpc: str, reader: Reader) -> str:
    """Return the id of the default security group of a VPC, whose record may be among the parts of `reader`."""
    for type_ in VPCS:
        for item in mappings(reader, type_).items:
            if item.plain("id") == vpc:
                return attribute(item, "default_security_group_id")
    return f"{vpc}.default_security_group_id"


# Every VPC has a default security group, a default network ACL and a main route table, made with it. What they say is
# known of a VPC that Terraform makes; of one that was there before it, only that they are there.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/create-vpc.html
MADE = "aws_vpc"
VPCS = (MADE, "aws_default_vpc", "data.aws_vpc")
SUBNETS = ("aws_subnet", "aws_default_subnet", "data.aws_subnet")

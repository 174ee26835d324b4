"""What a record of Terraform tells by the records that it names: where a thing stands, and what it wears there."""

from __future__ import annotations

from checker.model.fact import Fact, Known, known_or
from checker.model.part import Part
from checker.resources.reader import Reader
from checker.resources.terraform import attribute, is_set, mappings

# Every VPC has a default security group, a default network ACL and a main route table, made with it. What they say is
# known of a VPC that Terraform makes; of one that was there before it, only that they are there.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/create-vpc.html
MADE = "aws_vpc"
VPCS = (MADE, "aws_default_vpc", "data.aws_vpc")
SUBNETS = ("aws_subnet", "aws_default_subnet", "data.aws_subnet")
_GROUPS = ("aws_security_group", "data.aws_security_group")
# Attributes of a VPC by which what came with it is called.
_CAME_WITH_IT = ("default_route_table_id", "main_route_table_id", "default_network_acl_id")


def named(type_: str, *, of: str, by: str) -> Part:
    """Return as a part the one record of `type_` that a record of type `of` names in its field `by`."""
    return Part(type=type_, of=of, by="id", to=by)


def standing(of: str, *, subnets: tuple[str, ...], groups: tuple[str, ...] = ()) -> tuple[Part, ...]:
    """Return as parts the subnets and the groups that these fields name; the subnets' VPC is theirs."""
    homes = (named(vpc, of=subnet, by="vpc_id") for subnet in SUBNETS for vpc in VPCS)
    near = (named(subnet, of=of, by=field) for field in subnets for subnet in SUBNETS)
    return (*near, *homes, *(named(group, of=of, by=field) for field in groups for group in _GROUPS))


def looked_up(reader: Reader, type_: str) -> Reader | None:
    """Return the reader of the one record of a type that is among `reader`'s parts, None where there is none."""
    return next(iter(mappings(reader, type_).items), None)


def subnet_of(reader: Reader) -> Reader | None:
    """Return the reader of the first subnet that a thing stands in, None where it is not in the input."""
    return next((found for type_ in SUBNETS if (found := looked_up(reader, type_))), None)


def vpc_of(reader: Reader) -> Fact[str]:
    """Return the VPC of what has subnets and groups: its own word, else theirs, since they are all of one VPC.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-groups.html
    """
    own = reader.id("vpc_id")
    told = (near.id("vpc_id") for type_ in (*SUBNETS, *_GROUPS) for near in mappings(reader, type_).items)
    return own if isinstance(own, Known) else next((vpc for vpc in told if isinstance(vpc, Known)), own)


def vpc_that_made(reader: Reader, *keys: str) -> Fact[str]:
    """Return the VPC of a thing that every VPC has, which one of its attributes may name as that VPC's own."""
    told = reader.id("vpc_id")
    if isinstance(told, Known):
        return told
    for key in keys:
        vpc, dot, of_vpc = known_or(reader.id(key), "").rpartition(".")
        if dot and of_vpc in _CAME_WITH_IT:
            return Known(vpc)
    return told


def main_table(text: str) -> str:
    """Return the id of a route table, for that of a VPC's main one the id of the table that came with the VPC."""
    vpc, dot, attribute_ = text.rpartition(".")
    return f"{vpc}.default_route_table_id" if dot and attribute_ == "main_route_table_id" else text


def default_group(vpc: str, reader: Reader) -> str:
    """Return the id of the default security group of a VPC, whose record may be among the parts of `reader`."""
    for type_ in VPCS:
        for item in mappings(reader, type_).items:
            if item.plain("id") == vpc:
                return attribute(item, "default_security_group_id")
    return f"{vpc}.default_security_group_id"


def groups_worn(reader: Reader, field: str, subnets: Reader | None) -> Fact[tuple[str, ...]]:
    """Return the security groups in `field`; where none is named, the default group of the VPC of `subnets` is worn.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    Source: https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    """
    if is_set(reader, field):
        return reader.ids(field)
    subnet = subnet_of(subnets) if subnets else None
    return subnet.id("vpc_id").map(lambda vpc: (default_group(vpc, subnet),)) if subnet else reader.unknown(field)

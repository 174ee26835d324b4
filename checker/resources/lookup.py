"""What a record of Terraform tells by the records that it names, as a subnet group tells the subnets of a database."""

from __future__ import annotations

from collections.abc import Mapping

from checker.model.fact import Fact
from checker.model.part import Part
from checker.model.symbol import Symbol
from checker.resources.reader import Reader
from checker.resources.terraform import SUBNETS, VPCS, default_group, mappings, tags


def named(type_: str, *, of: str, by: str) -> Part:
    """Return as a part the one record of `type_` that a record of type `of` names in its field `by`."""
    return Part(type=type_, of=of, by="id", to=by)


def subnets_of(of: str, by: str) -> tuple[Part, ...]:
    """Return as parts the subnets that a record of type `of` names in its field `by`, and their VPC as theirs."""
    homes = (Part(type=vpc, of=subnet, by="id", to="vpc_id") for subnet in SUBNETS for vpc in VPCS)
    return (*(Part(type=type_, of=of, by="id", to=by) for type_ in SUBNETS), *homes)


def looked_up(reader: Reader, type_: str) -> Reader | None:
    """Return the reader of the one record of a type that is among `reader`'s parts, None where there is none."""
    return next(iter(mappings(reader, type_).items), None)


def is_set(reader: Reader, field: str) -> bool:
    """Tell whether a field says something, known or not; the provider takes an empty text or list for none.

    Source: https://developer.hashicorp.com/terraform/plugin/sdkv2/schemas/schema-behaviors (zero values)
    """
    return reader.raw.get(field) not in (None, "", [])


def configured_arn(reader: Reader) -> str | None:
    """Return the ARN, or the symbol that stands for it before there is one."""
    arn = reader.raw.get("arn")
    return arn if isinstance(arn, str) and arn else None


def configured_name(reader: Reader, *fields: str) -> str:
    """Return the first of some names that is known, for display; the address in the program where none is."""
    names = (reader.raw.get(field) for field in fields)
    known = next((name for name in names if isinstance(name, str) and name and not isinstance(name, Symbol)), "")
    return known or reader.origin.address or ""


def configured_tags(reader: Reader) -> Fact[Mapping[str, str]]:
    """Return the tags with those that the provider adds to everything."""
    return tags(reader)


def _subnet(reader: Reader) -> Reader | None:
    return next((found for type_ in SUBNETS if (found := looked_up(reader, type_))), None)


def vpc_of_subnets(reader: Reader) -> Fact[str]:
    """Return the VPC that a record tells, else that of the subnets that it names: all are of one."""
    own, subnet = reader.id("vpc_id"), _subnet(reader)
    return subnet.id("vpc_id") if subnet and own.missing else own


def groups_worn(reader: Reader, field: str, subnets: Reader | None) -> Fact[tuple[str, ...]]:
    """Return the security groups in `field`; where none is named, the default group of the VPC of `subnets` is worn.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    Source: https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
    """
    if is_set(reader, field):
        return reader.ids(field)
    subnet = _subnet(subnets) if subnets else None
    return subnet.id("vpc_id").map(lambda vpc: (default_group(vpc, subnet),)) if subnet else reader.unknown(field)

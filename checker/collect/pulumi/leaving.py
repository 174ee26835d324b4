"""What other resources still tell of those that an update takes away or changes.

The outputs of a security group tell the rules of others, those of a table its routes, and so on, as they were before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.shape import attribute, to_terraform
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.terraform.instance import Instance
from checker.collect.terraform_plan.leaving import Gone, forget, is_told_elsewhere
from checker.collect.terraform_plan.planned import Planned


@dataclass(frozen=True)
class Leaving:
    """The resources that go or change, as they were, and the properties that the program gives each (by its URN)."""

    gone: Sequence[Registered] = ()
    written: Mapping[str, frozenset[str]] = field(default_factory=dict)


def without(instances: Iterable[Instance], leaving: Leaving) -> list[Instance]:
    """Return the instances without what they only told of resources that go; what is written stays as it is written."""
    gone = [
        Gone(type_, {**to_terraform(type_, one.properties), "id": one.id})
        for one in leaving.gone
        if (type_ := terraform_type(one.type)) is not None and is_told_elsewhere(type_)
    ]
    every = list(instances)
    if not gone:
        return every
    planned = [_planned(one, leaving.written.get(one.origin.address or "")) for one in every]
    before = [one.after for one in planned]
    forget(planned, gone)
    return [
        one if after.after is was else replace(one, values={**one.values, **after.after})
        for one, after, was in zip(every, planned, before, strict=True)
    ]


def _planned(one: Instance, written: frozenset[str] | None) -> Planned:
    """Return an instance with what the program does not give it; with nothing where it is not known what it gives."""
    own = {attribute(one.type, name) for name in written or ()} - {"id", "name", "arn", "identifier"}
    after = {} if written is None else {name: value for name, value in one.values.items() if name not in own}
    return Planned(one.address, one.type, None, "", after, {}, None, is_data=one.is_data)

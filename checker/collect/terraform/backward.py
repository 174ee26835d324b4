"""References that are followed from what they name: who scales a group, and who copies a database."""

from collections.abc import Iterable, Mapping

from checker.collect.terraform.fold import Pair
from checker.collect.terraform.namesakes import Namesakes
from checker.collect.terraform.types import canonical
from checker.model.fact import Missing

_SUPPLY = "give the value that it hangs on, or check a plan made where it is known"
# Attributes that say of a thing elsewhere what it does not say itself, and the types that they name. What an instance
# names to tell of itself (its subnet group, its role) needs none of this: what it names and is not here is unknown.
# Source: "Argument Reference" of each type's page below
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
_BACKWARD: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "aws_autoscaling_policy": {"autoscaling_group_name": ("aws_autoscaling_group",)},
    "aws_db_instance": {"replicate_source_db": ("aws_db_instance", "aws_rds_cluster")},
    "aws_neptune_cluster": {"replication_source_identifier": ("aws_neptune_cluster",)},
    "aws_rds_cluster": {"replication_source_identifier": ("aws_rds_cluster", "aws_db_instance")},
}


def leave_open(pairs: Iterable[Pair], namesakes: Namesakes) -> None:
    """Make unknown what may name one of the instances, and names none of them for sure."""
    for instance, raw in pairs:
        for key, types in _BACKWARD.get(canonical(instance.type), {}).items():
            name = raw.get(key)
            meant = namesakes.of(types, name, instance) if isinstance(name, str) else ()
            if meant:
                raw[key] = Missing(f"whether {name}, {key} of {instance.address}, is {meant[0].address}", _SUPPLY)

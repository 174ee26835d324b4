"""The ledger of an input of Terraform's: what was there, by type and place."""

from collections import Counter
from collections.abc import Iterable, Sequence

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.places import scope_of
from checker.collect.terraform.types import DATA, canonical
from checker.model.record import Coverage, Scope, Status

_AWS = "aws_"


def by_type(source: str, instances: Iterable[Instance]) -> tuple[Coverage, ...]:
    """Return a line for each type and scope, with how many instances of it there are."""
    counted = Counter(
        (scope_of(instance), f"{DATA if instance.is_data else ''}{canonical(instance.type)}") for instance in instances
    )
    lines = (Coverage(source, scope, type_, Status.OK, count) for (scope, type_), count in counted.items())
    return tuple(sorted(lines, key=lambda line: (line.scope, line.item)))


def of_file(source: str, path: object, count: int) -> Coverage:
    """Return the line of a file that was read; `count` is how many resources of AWS it holds."""
    return Coverage(source, Scope("", ""), str(path), Status.OK if count else Status.EMPTY, count)


def of_others(types: Sequence[str]) -> dict[str, str]:
    """Return, for those who read the report, how many resources of other clouds an input holds."""
    others = Counter(type_.partition("_")[0] for type_ in types if not type_.startswith(_AWS))
    clouds = {name: count for name, count in others.items() if name in _CLOUDS}
    text = ", ".join(f"{count} {name} resources" for name, count in sorted(clouds.items()))
    return {"not_read": f"{text}, which are not of AWS"} if clouds else {}


_CLOUDS = frozenset(
    [
        "azurerm",
        "azuread",
        "azapi",
        "google",
        "alicloud",
        "oci",
        "ibm",
        "digitalocean",
        "hcloud",
        "openstack",
        "vsphere",
    ]
)

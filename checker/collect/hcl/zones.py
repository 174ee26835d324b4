"""Availability Zones that a look-up would find: three, whose names only an apply would tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checker.collect.hcl.instances import Instance
from checker.collect.hcl.values import Value
from checker.model.fact import Missing
from checker.model.symbol import Symbol

# Every Region consists of three Availability Zones or more.
# Source: https://aws.amazon.com/about-aws/global-infrastructure/regions_az/
AT_LEAST = 3
ASSUMED = f"a look-up of Availability Zones finds {AT_LEAST}, as many as every Region has at least"
_UNKNOWN = "the Region"
_SUPPLY = "name the zones, or check a plan"
_HARMLESS = {"state": ("available",), "opt-in-status": ("opt-in-not-required",)}


@dataclass
class Zones:
    """The zones that were looked up so far; `are_named` is false where other zones are called by their real names.

    Zones of one look-up are distinct. Whether they are those of another with other arguments, or one that is called
    `us-east-1a` elsewhere, is not known: then they are symbols, each the same as itself and nothing more.
    """

    are_named: bool = True
    selections: dict[str, set[str]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def attribute(self, instance: Instance, name: str) -> Value:
        """Return the names or ids that a look-up finds, None for anything else.

        Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/availability_zones
        """
        if name not in ("names", "zone_ids"):
            return None
        which = _which(instance)
        if which is None:
            return Missing(f"{instance.address}.{name}, of which some are left out", _SUPPLY)
        region = region_label(instance)
        self.selections.setdefault(region, set()).add(which)
        if not self.are_named:
            return [Symbol(f"{name}[{index}] of {region}{which}") for index in range(AT_LEAST)]
        what = "zone" if name == "names" else "zone id"
        names = [f"{what} {index + 1} of {region}{which}" for index in range(AT_LEAST)]
        self.given.update(names)
        return list(names)

    def are_mixed(self, instances: Iterable[tuple[str, Mapping[str, object]]]) -> bool:
        """Tell whether zones that were looked up may be others' under another name.

        `instances` are the Regions (empty where not known) and values of all that has zones.
        """
        if not self.selections:
            return False
        regions = list(self.selections)
        if any(len(which) > 1 for which in self.selections.values()):
            return True
        if len(regions) > 1 and any(region.startswith(_UNKNOWN) for region in regions):
            return True
        return any(
            zone not in self.given and (not region or region in regions or regions[0].startswith(_UNKNOWN))
            for region, values in instances
            for zone in _zones_of(values)
        )


def region_label(instance: Instance) -> str:
    """Return what to call the Region of an instance: providers whose Region is not known are told apart by alias."""
    if instance.region:
        return instance.region
    _, _, alias = instance.resource.provider.name.partition(".")
    return f"{_UNKNOWN} of {instance.resource.provider.name}" if alias else _UNKNOWN


def _zones_of(values: Mapping[str, object]) -> Iterator[str]:
    for key, value in values.items():
        if "availability_zone" not in key and not key.endswith("_azs"):
            continue
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and not isinstance(item, Symbol):
                yield item


def _which(instance: Instance) -> str | None:
    """Return what tells one selection of zones from another, None where it could be any."""
    if instance.given("exclude_names") or instance.given("exclude_zone_ids"):
        return None
    marks: list[str] = []
    state = instance.given("state")
    if state not in (None, "available"):
        return None
    if instance.given("all_availability_zones"):
        marks.append(" with zones not opted in")
    filters = instance.given("filter")
    for one in filters if isinstance(filters, list) else ():
        name, values = (one.get("name"), one.get("values")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(values, list) or not all(isinstance(it, str) for it in values):
            return None
        if tuple(map(str, values)) != _HARMLESS.get(name):
            return None
        if name != "state":
            marks.append(f" ({name} {', '.join(map(str, values))})")
    return "".join(sorted(marks))

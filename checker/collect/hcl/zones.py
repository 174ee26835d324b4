"""Availability Zones that a look-up would find: three, whose names only an apply would tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from checker.collect.hcl.asking import Asking
from checker.collect.hcl.values import Beginning, Value
from checker.collect.terraform.instance import Instance as Expanded
from checker.collect.terraform.types import canonical
from checker.model.fact import Missing
from checker.model.symbol import Symbol

# Every Region consists of three Availability Zones or more.
# Source: https://aws.amazon.com/about-aws/global-infrastructure/regions_az/
AT_LEAST = 3
ASSUMED = f"a look-up of Availability Zones finds {AT_LEAST}, as many as every Region has at least"
# Here some accounts may use two of the three only.
# Source: https://github.com/convox/rack/pull/2352
_CONGESTED = frozenset({"us-west-1"})
_UNKNOWN = "the Region"
# Regions are called by two letters, a hyphen and more; none is called by these.
# Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_ANY_REGION = "xx-region"
_SUPPLY = "name the zones, or check a plan"
# What the zones of everything else are compared with.
_SUBNETS = frozenset({"aws_subnet", "aws_default_subnet", "aws_subnets", "aws_subnet_ids"})
# Their zones are compared with each other's and with nobody else's.
_STORES = frozenset(
    {
        "aws_db_instance",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
    }
)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d(?=[a-z]$)")
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

    def attribute(self, instance: Asking, name: str) -> Value:
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
            return Beginning(Symbol(f"{name}[{index}] of {region}{which}") for index in range(AT_LEAST))
        sure = AT_LEAST - 1 if region in _CONGESTED else AT_LEAST
        # What was chosen need not be told: where two look-ups of a Region choose otherwise, these names are not kept.
        names = [_stand_in(name, index + 1, region) for index in range(sure)]
        self.given.update(names)
        unsure = Missing(f"whether the account may use a third zone of {region}", _SUPPLY)
        return Beginning([*names, *[unsure] * (AT_LEAST - sure)])

    def are_mixed(self, instances: Iterable[Expanded]) -> bool:
        """Tell whether subnets' zones that were looked up may be other subnets' under another name."""
        if not self.selections:
            return False
        regions = list(self.selections)
        if any(len(which) > 1 for which in self.selections.values()):
            return True
        if len(regions) > 1 and any(region.startswith(_UNKNOWN) for region in regions):
            return True
        return any(
            canonical(one.type) in _SUBNETS and any(self._is_stranger(zone, one) for _, zone in _zones_of(one.values))
            for one in instances
        )

    def told_apart(self, instances: Iterable[Expanded]) -> Iterator[Expanded]:
        """Yield instances, those outside of subnets without zones that could be any of those that were looked up.

        Stores keep the real names of their zones where all of them are called by these.
        """
        every = list(instances)
        stores = [one for one in every if canonical(one.type) in _STORES]
        keeps = not any(zone in self.given for one in stores for _, zone in _zones_of(one.values))
        for one in every:
            keys = {key: zone for key, zone in _zones_of(one.values) if self._is_stranger(zone, one)}
            if not keys or canonical(one.type) in _SUBNETS or (keeps and canonical(one.type) in _STORES):
                yield one
                continue
            lost = {
                key: Missing(f"which of the zones that are looked up {zone} is", _SUPPLY) for key, zone in keys.items()
            }
            region = next((found[0] for zone in keys.values() if (found := _REGION.match(zone))), "")
            yield replace(one, values={**one.values, **lost}, region=one.region or region)

    def _is_stranger(self, zone: str, one: Expanded) -> bool:
        """Tell whether a zone may be one of those that were looked up, though it is called otherwise."""
        regions = list(self.selections)
        near = not one.region or one.region in regions or any(name.startswith(_UNKNOWN) for name in regions)
        return near and zone not in self.given


def _stand_in(list_: str, number: int, region: str) -> str:
    """Return what stands for a zone's name or id: a name begins with its Region, so that patterns tell it from an id.

    Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
    """
    if list_ == "zone_ids":
        return f"zone id {number} of {region}"
    if not region.startswith(_UNKNOWN):
        return f"{region} zone {number}"
    whose = "" if region == _UNKNOWN else f" of {region}"
    return f"{_ANY_REGION} zone {number}{whose}"


def region_label(instance: Asking) -> str:
    """Return what to call the Region of an instance: providers whose Region is not known are told apart by alias."""
    if instance.region:
        return instance.region
    return f"{_UNKNOWN} of {instance.provider_alias}" if instance.provider_alias else _UNKNOWN


def _zones_of(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the zones that are named, with the argument that does; a look-up may filter by them."""
    for key, value in values.items():
        if key == "filter":
            blocks = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
            named = [one.get("values") for one in blocks if str(one.get("name")).lower().startswith("availability")]
            found: list[object] = [zone for zones in named if isinstance(zones, list) for zone in zones]
        elif "availability_zone" in key or key.endswith("_azs"):
            found = value if isinstance(value, list) else [value]
        else:
            continue
        yield from ((key, zone) for zone in found if isinstance(zone, str) and not isinstance(zone, Symbol))


def _which(instance: Asking) -> str | None:
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
            marks.append(" (no opt-in)")
    return "".join(sorted(marks))

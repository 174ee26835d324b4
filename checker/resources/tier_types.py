"""What Terraform declares the members of tiers by: types of resources, and the addresses that were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from checker.model.blueprint import TIERS, TierName, kinds_called
from checker.resources.catalog import kinds
from checker.resources.inventory import Inventory

_WORDS: Mapping[TierName, tuple[str, ...]] = {
    "edge": ("load_balancer",),
    "app": ("app_group",),
    "cache": ("cache",),
    "table": ("table",),
    "data": ("database", "database_cluster", "database_proxy"),
    "files": ("file_system",),
}


@cache
def terraform_types(*tiers: str) -> tuple[str, ...]:
    """Return the types of resources that may be members of some tiers, in order; `aws_alb` is `aws_lb`.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb
    """
    found = {
        name
        for kind in kinds()
        if kind.type.kind in _kinds_of(tiers)
        for dialect, name in kind.spellings
        if dialect == "terraform"
    }
    found -= _only_asked()
    found |= {name.replace("aws_lb", "aws_alb", 1) for name in found if name.startswith("aws_lb")}
    return tuple(sorted(name for name in found if not name.startswith("data.")))


def addresses(inventory: Inventory) -> tuple[str, ...]:
    """Return the addresses of the resources that could be a member of a tier, in order, whether one is or not."""
    found: set[str] = set()
    for kind in kinds():
        if kind.type.kind in _kinds_of(TIERS):
            origins = (item.origin for item in inventory.all(kind.type).items)
            found |= {origin.address for origin in origins if origin.address}
    return tuple(sorted(found))


def _only_asked() -> set[str]:
    """Return the types that others only look something up in, as in a parameter group: no members of anything."""
    parts = [part for kind in kinds() for part in kind.parts]
    return {part.type for part in parts} - {part.of for part in parts}


def _kinds_of(tiers: Iterable[str]) -> frozenset[str]:
    words = (word for tier, some in _WORDS.items() if tier in tiers for word in some)
    return frozenset(kind for word in words for kind in kinds_called(word))

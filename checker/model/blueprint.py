"""The documented architecture as data: tiers, the flows between them, zones and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

TierName = Literal["edge", "app", "cache", "table", "data", "files"]
TIERS: tuple[TierName, ...] = ("edge", "app", "cache", "table", "data", "files")
INTERNET = "internet"

# What users call the members of a tier; a result's subject has this as its kind.
WORDS: Mapping[str, str] = {
    "load_balancer": "load_balancer",
    "auto_scaling_group": "app_group",
    "instance": "app_group",
    "network_interface": "app_group",
    "service": "app_group",
    "replication_group": "cache",
    "cache_cluster": "cache",
    "serverless_cache": "cache",
    "dynamo_table": "table",
    "db_instance": "database",
    "db_cluster": "database_cluster",
    "db_proxy": "database_proxy",
    "file_system": "file_system",
}


def kinds_called(word: str) -> frozenset[str]:
    """Return the resource kinds that a word means: one of `WORDS` on either side; `database` means clusters too."""
    found = {kind for kind, name in WORDS.items() if word in (kind, name)}
    return frozenset(found | {"db_cluster"} if word == "database" else found)


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mapping of the blueprint; unknown keys are errors."""


class Selector(_Base, frozen=True, kw_only=True):
    """What a tier or an end of a flow consists of; every key given must match.

    `tag` is `key` or `key=value`; `name` and `id` are patterns with `*`; `cidr` and `prefix_list` name addresses.
    """

    kind: str | tuple[str, ...] | None = None
    tag: str | None = None
    name: str | None = None
    id: str | None = None
    security_group: str | None = None
    cidr: str | tuple[str, ...] | None = None
    prefix_list: str | None = None
    tier: TierName | None = None


class Ranges(_Base, frozen=True, kw_only=True):
    """Address ranges that a front is open to."""

    ranges: tuple[str, ...]


class Unless(_Base, frozen=True, kw_only=True):
    """A tier that is required unless another is there."""

    unless: TierName


Front = Literal["world", "cloudfront", "global-accelerator", "nlb"] | Ranges


class Tier(Selector, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A tier: how its members are chosen and whether a stack must have it."""

    type: str | None = None
    front: Front = "world"
    behind: TierName | None = None
    required: bool | Unless = True


class Flow(_Base, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """Traffic that may exist between two ends, and must if `require` is set.

    `source` and `target` are `internet`, a tier, a network's name, an address block, an id (sg-, pl-, …) or a selector.
    `ports` are numbers or ranges such as `8000-8080`, `targets` (what listeners forward to) or `own` (the store's own).
    """

    source: str | Selector
    target: str | Selector
    ports: tuple[int | str, ...] | Literal["targets", "own", "all"]
    protocol: Literal["tcp", "udp", "icmp", "all"] = "tcp"
    require: bool = False


class Allowance(_Base, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """An exception to the flows, with its reason, owner and last day (`YYYY-MM-DD`)."""

    source: str | Selector
    target: str | Selector
    ports: tuple[int | str, ...] | Literal["own", "targets", "all"] = "all"
    protocol: Literal["tcp", "udp", "icmp", "all"] = "tcp"
    reason: str = ""
    owner: str = ""
    until: str | None = None


class Zones(_Base, frozen=True, kw_only=True):
    """How many zones a tier must survive in."""

    at_least: int = 2


class Sessions(_Base, frozen=True, kw_only=True):
    """Where sessions live and whether clients must stick to a target."""

    stickiness: Literal["required", "optional"] = "required"
    store: tuple[Literal["cache", "table"], ...] = ("cache", "table")


class Blueprint(_Base, frozen=True, kw_only=True):
    """The architecture that is proven."""

    blueprint: str
    stack_by: str | tuple[Mapping[str, str], ...] = "edge"
    tiers: Mapping[TierName, Tier]
    flows: tuple[Flow, ...]
    networks: Mapping[str, tuple[str, ...]] = {}
    allow: tuple[Allowance, ...] = ()
    zones: Zones = Zones()
    sessions: Sessions = Sessions()
    on_unknown: Mapping[str, Literal["fail", "report", "ignore"]] = {}

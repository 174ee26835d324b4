"""What a demonstration shop is to be, and the ids of what has been built of it so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Literal

import boto3

TIERS = ("public", "app", "data")
# a load balancer takes no fewer than two subnets, the address plan has room for four
FEWEST_ZONES, MOST_ZONES = 2, 4


@dataclass(frozen=True, kw_only=True)
class ShopOptions:
    """
    Choices of one shop.

    `vpc` is the ids of a shop whose network is shared, `zone_id` a hosted zone to reuse,
    `dns` the shop's name in it (by default NAME.example.com); `cidr` is an IPv4 block of /24 or larger.
    """

    zones: int = 3
    cidr: str = "10.0.0.0/16"
    sessions: Literal["cache", "table"] = "cache"
    database: Literal["rds", "aurora"] = "rds"
    ipv6: bool = False
    files: bool = True
    custom_acls: bool = False
    zone_id: str | None = None
    dns: str | None = None
    vpc: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Refuse a number of zones that cannot be built."""
        if not FEWEST_ZONES <= self.zones <= MOST_ZONES:
            raise ValueError(f"a shop has {FEWEST_ZONES} to {MOST_ZONES} zones, not {self.zones}")


@dataclass
class Plan:
    """One shop while it is built: its clients, its options and the ids made so far."""

    session: boto3.Session
    name: str
    options: ShopOptions
    ids: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return the session's client for a service, made once."""
        if service not in self.clients:
            self.clients[service] = self.session.client(service)  # type: ignore[call-overload]  # one overload per service
        return self.clients[service]

    @property
    def dns(self) -> str:
        """The shop's name in the hosted zone."""
        return self.options.dns or f"{self.name}.example.com"

    def tags(self, key: str) -> list[dict[str, str]]:
        """Return the tags of the thing called `key`."""
        return [{"Key": "Name", "Value": f"{self.name}-{key.replace('.', '-')}"}, {"Key": "shop", "Value": self.name}]

    def tagged(self, kind: str, key: str) -> list[dict[str, object]]:
        """Return EC2's `TagSpecifications` for the thing called `key`."""
        return [{"ResourceType": kind, "Tags": self.tags(key)}]

    def each(self, key: str) -> list[str]:
        """Return the ids of `key.0`, `key.1`, ... of every zone, in order."""
        return [self.ids[f"{key}.{zone}"] for zone in range(self.options.zones)]

    def block(self, tier: str) -> IPv4Network:
        """Return the quarter of the network's addresses that belongs to a tier."""
        return list(IPv4Network(self.options.cidr).subnets(prefixlen_diff=2))[TIERS.index(tier)]

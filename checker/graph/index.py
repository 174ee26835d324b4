"""Look-ups of an inventory: resources by id, and by what they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TypeVar

from checker.model.fact import Known, Listing, Missing, Unknown
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.inventory import Inventory
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_acl import NetworkAcl
from checker.resources.network_interface import NetworkInterface
from checker.resources.peering_connection import PeeringConnection
from checker.resources.prefix_list import PrefixList
from checker.resources.route_table import RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import SecurityGroupRule
from checker.resources.subnet import Subnet
from checker.resources.transit_gateway import TransitGateway
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment
from checker.resources.vpc import Vpc

R = TypeVar("R", bound=Resource)

# Kinds that several accounts may see, under one id: parts of shared VPCs, and what joins VPCs of two accounts.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing-share-subnet-working-with.html
_SHARED = (
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PeeringConnection,
    PrefixList,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    TransitGateway,
    TransitGatewayVpcAttachment,
    Vpc,
)


class Index:
    """An inventory by id and by foreign key, each index made once when first asked for."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._listings: dict[type[Resource], Listing[Resource]] = {}
        self._ids: dict[type[Resource], Mapping[str, Resource]] = {}
        self._scoped: dict[type[Resource], Mapping[tuple[Scope, str], Resource]] = {}
        self._groups: dict[tuple[type[Resource], str], Mapping[str, tuple[Resource, ...]]] = {}

    def all(self, kind: type[R]) -> Listing[R]:
        """Return every resource of a kind; of one that several accounts saw, the account that saw most of it."""
        if kind not in self._listings:
            found = self.inventory.all(kind)
            self._listings[kind] = Listing(_once(found.items), found.missing) if kind in _SHARED else found
        return self._listings[kind]  # type: ignore[return-value]  # filed under the type of its items

    def missing(self, kind: type[Resource], scope: Scope | None = None) -> tuple[Missing, ...]:
        """Return why the listing of a kind is incomplete in a scope, or anywhere."""
        return self.inventory.missing(kind, scope)

    def get(self, kind: type[R], id: str) -> R | None:
        """Return the resource of a kind whose id is unique in AWS, such as `vpc-…`, or an ARN."""
        if kind not in self._ids:
            self._ids[kind] = {item.id: item for item in self.all(kind).items}
        found = self._ids[kind].get(id)
        return found if isinstance(found, kind) else None

    def named(self, kind: type[R], scope: Scope, id: str) -> R | None:
        """Return the resource of a kind whose id is unique in its account and Region only."""
        if kind not in self._scoped:
            self._scoped[kind] = {(item.scope, item.id): item for item in self.inventory.all(kind).items}
        found = self._scoped[kind].get((scope, id))
        return found if isinstance(found, kind) else None

    def by(self, kind: type[R], label: str, keys: Callable[[R], tuple[str, ...]], value: str) -> tuple[R, ...]:
        """Return the resources of a kind that have `value` among their `keys`; `label` names the index."""
        if (kind, label) not in self._groups:
            index: dict[str, list[Resource]] = defaultdict(list)
            for item in self.all(kind).items:
                for key in dict.fromkeys(keys(item)):
                    index[key].append(item)
            self._groups[kind, label] = {key: tuple(found) for key, found in index.items()}
        return tuple(item for item in self._groups[kind, label].get(value, ()) if isinstance(item, kind))


def values(fact: object) -> tuple[str, ...]:
    """Return the value of a fact as index keys: one text, several, or none where it is unknown or absent."""
    if not isinstance(fact, Known) or fact.value is None:
        return ()
    return (fact.value,) if isinstance(fact.value, str) else tuple(fact.value)


def _once(items: tuple[R, ...]) -> tuple[R, ...]:
    """Return the best account of each id, where they come first."""
    best: dict[str, R] = {}
    for item in items:
        known = best.get(item.id)
        if known is None or _doubts(item) < _doubts(known):
            best[item.id] = item
    return tuple(best.values()) if len(best) < len(items) else items


def _doubts(item: Resource) -> tuple[int, bool]:
    """Return how many facts of an account are not known, and whether it is not the owner's own."""
    unknown = sum(isinstance(getattr(item, one.name), Unknown) for one in fields(item))
    owner = getattr(item, "owner", None)
    return unknown, owner is not None and values(owner) != (item.scope.account,)

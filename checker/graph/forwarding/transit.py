"""Transit gateways: which attachment a packet comes in by, and where the associated tables send it on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.groups import Groups
from checker.graph.index import Index, values
from checker.model.addresses import Cidr
from checker.model.fact import Answer, Fact, Known, Missing, Unknown, any_of, known_or, merge
from checker.model.intervals import IntervalSet
from checker.resources.route_table import Route
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.transit_gateway import TransitGateway
from checker.resources.transit_gateway_attachment import PEERING, TransitGatewayAttachment
from checker.resources.transit_gateway_route_table import TransitGatewayRouteTable
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment

_SUPPLY = "read the account that owns the transit gateway"


@dataclass(frozen=True)
class Onward:
    """Where a gateway sends some addresses: to the attachment of a VPC, out to a network that is no VPC, or nowhere.

    `to` is None with a `code` where the packets are dropped, and with `lost` where it is not known.
    """

    addresses: IntervalSet
    tells: tuple[tuple[str, str], ...]
    to: str | None = None
    gateway: str = ""
    outside: bool = False
    code: str | None = None
    lost: tuple[Missing, ...] = ()
    across: bool = False


@dataclass(frozen=True)
class _Leg:
    addresses: IntervalSet
    targets: tuple[str, ...]
    text: str


class Transit:
    """The transit gateways of an inventory.

    A packet is routed by the table associated with the attachment that it comes in by (semantics 38).
    Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """

    def __init__(self, index: Index, groups: Groups) -> None:
        self._index = index
        self._groups = groups
        self._legs: dict[str, Fact[tuple[_Leg, ...]]] = {}

    def of_vpc(self, gateway: str, vpc: str) -> TransitGatewayVpcAttachment | None:
        """Return the attachment of a VPC to a gateway: the active one of several that were made over time."""
        found = [
            item
            for item in self._index.by(TransitGatewayVpcAttachment, "vpc", lambda item: values(item.vpc), vpc)
            if not item.gateway.is_(gateway).is_no
        ]
        return min(found, key=lambda item: (not item.active.is_(True).is_yes, item.id), default=None)

    def lost(self, gateway: str, vpc: str) -> tuple[Missing, ...]:
        """Return what is missing where no attachment of a VPC to a gateway was found."""
        gaps = self._index.missing(TransitGatewayVpcAttachment)
        return gaps or (Missing(f"the attachment of {vpc} to {gateway}", _SUPPLY),)

    def names_groups(self, gateway: str, *attachments: TransitGatewayVpcAttachment) -> Answer:
        """Answer whether ingress rules may name groups across a gateway: it and both attachments say so (semantics 9).

        Source: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
        """
        found = self._index.get(TransitGateway, gateway)
        if found is None:
            own = Answer(None, self._index.missing(TransitGateway) or (Missing(f"{gateway}'s options", _SUPPLY),))
        else:
            own = found.references.is_(True)
        for attachment in attachments:
            own &= attachment.references.is_(True)
        return own

    def onward(self, gateway: str, attachment: str, addresses: IntervalSet) -> Iterator[Onward]:
        """Yield where packets to some addresses go that come in by an attachment; the parts are disjoint.

        Where several attachments share a route, each is told with the same addresses.
        """
        yield from self._onward(gateway, attachment, addresses, (), frozenset(), across=False)

    def _onward(
        self,
        gateway: str,
        attachment: str,
        addresses: IntervalSet,
        tells: tuple[tuple[str, str], ...],
        passed: frozenset[tuple[str, str]],
        *,
        across: bool,
    ) -> Iterator[Onward]:
        if (gateway, attachment) in passed:
            told = (*tells, (gateway, "sends the packets in a circle"))
            yield Onward(addresses, told, code="NO_ROUTE_TO_DESTINATION")
            return
        table = self._table(gateway, attachment)
        if isinstance(table, Known) and table.value is None:
            told = (*tells, (attachment, f"is not associated with a route table of {gateway}"))
            yield Onward(addresses, told, code="TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION")
            return
        legs = table.then(lambda id: self._split(id or ""))
        if not isinstance(legs, Known):
            yield Onward(addresses, (*tells, (gateway, "has routes that are not known")), lost=legs.missing)
            return
        name, rest = str(known_or(table, gateway)), addresses
        for leg in legs.value:
            here = rest & leg.addresses
            if not here:
                continue
            rest = rest - here
            if not leg.targets:
                told = (*tells, (name, f"drops {leg.text} in a black hole"))
                yield Onward(here, told, code="TGW_RTB_BAD_STATE_ROUTE")
            for target in leg.targets:
                told = (*tells, (name, f"sends {leg.text} to {target}"))
                here_passed = passed | {(gateway, attachment)}
                yield from self._through(gateway, target, here, told, here_passed, across=across)
        if rest:
            told = (*tells, (name, "has no route to the address"))
            yield Onward(rest, told, code="TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT")

    def _through(
        self,
        gateway: str,
        target: str,
        addresses: IntervalSet,
        tells: tuple[tuple[str, str], ...],
        passed: frozenset[tuple[str, str]],
        *,
        across: bool,
    ) -> Iterator[Onward]:
        kind, other = self._kind(gateway, target)
        if not isinstance(kind, Known):
            yield Onward(addresses, tells, lost=kind.missing)
        elif kind.value == "vpc":
            yield Onward(addresses, tells, target, gateway, across=across)
        elif kind.value not in PEERING:
            yield Onward(addresses, tells, target, gateway, outside=True)
        elif not isinstance(other, Known):
            yield Onward(addresses, tells, lost=other.missing)
        else:
            told = (*tells, (target, f"leads to {other.value}"))
            yield from self._onward(other.value, target, addresses, told, passed, across=True)

    def ends(self, gateway: str, attachment: str) -> tuple[TransitGatewayAttachment, ...]:
        """Return an attachment as its gateway's owner and others saw it, the owner's word first."""
        mine = [item for item in self.seen(attachment) if item.gateway.is_(gateway).is_yes]
        return tuple(sorted(mine, key=lambda item: not isinstance(item.table, Known)))

    def seen(self, attachment: str) -> tuple[TransitGatewayAttachment, ...]:
        """Return every account's view of an attachment."""
        return self._index.by(TransitGatewayAttachment, "attachment", lambda item: (item.attachment,), attachment)

    def _table(self, gateway: str, attachment: str) -> Fact[str | None]:
        ends = self.ends(gateway, attachment)
        if not ends:
            gaps = self._index.missing(TransitGatewayAttachment)
            return Unknown(*gaps or (Missing(f"the route table associated with {attachment}", _SUPPLY),))
        works = any_of(end.active.is_(True) for end in ends)
        return ends[0].table if not works.is_no else Known(None)

    def _kind(self, gateway: str, target: str) -> tuple[Fact[str], Fact[str]]:
        """Return what type of resource an attachment is of, and its id."""
        ends = self.ends(gateway, target)
        if not ends:
            found = self._index.get(TransitGatewayVpcAttachment, target)
            if found is not None:
                return Known("vpc"), found.vpc
            lost = self._index.missing(TransitGatewayAttachment) or (Missing(f"attachment {target}", _SUPPLY),)
            return Unknown(*lost), Unknown(*lost)
        return ends[0].resource_type, ends[0].resource

    def _split(self, table: str) -> Fact[tuple[_Leg, ...]]:
        if table not in self._legs:
            found = self._index.get(TransitGatewayRouteTable, table)
            lost = Missing(f"the routes of {table}", _SUPPLY)
            routes: Fact[tuple[Route, ...]] = (
                found.routes if found else Unknown(*self._index.missing(TransitGatewayRouteTable) or (lost,))
            )
            self._legs[table] = routes.then(self._order)
        return self._legs[table]

    def _order(self, routes: tuple[Route, ...]) -> Fact[tuple[_Leg, ...]]:
        """Return the routes as disjoint legs: the longest prefix wins, and a static route over a propagated one.

        Source: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
        """
        by_block: dict[Cidr, list[Route]] = defaultdict(list)
        for route in routes:
            blocks = route.destination.then(self._blocks)
            lost = merge(blocks.missing, route.target.missing, route.active.missing)
            if lost or not isinstance(blocks, Known):
                return Unknown(*lost)
            for block in blocks.value:
                by_block[block].append(route)
        taken, legs = IntervalSet(), []
        for block in sorted(by_block, key=lambda block: (-block.prefix, block.text)):
            free = block.addresses - taken
            taken |= block.addresses
            if free:
                legs.append(_Leg(free, _targets(by_block[block]), str(block)))
        return Known(tuple(legs))

    def _blocks(self, destination: Cidr | PrefixListPeer) -> Fact[tuple[Cidr, ...]]:
        if isinstance(destination, Cidr):
            return Known((destination,))
        return self._groups.list_entries(destination)


def _targets(routes: list[Route]) -> tuple[str, ...]:
    """Return the attachments that routes of one block lead to; a static route leaves the propagated ones unused."""
    static = [route for route in routes if route.propagated.is_(False).is_yes]
    unsure = [route for route in routes if route.propagated.is_(False).is_unknown]
    chosen = [*static, *unsure] if static else routes
    live = [route for route in chosen if route.active.is_(True).is_yes]
    return tuple(dict.fromkeys(sorted(known_or(route.target, "") for route in live)))

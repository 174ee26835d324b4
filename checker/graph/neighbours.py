"""Which VPCs packets may pass between: the two of a peering, and those that transit gateways join."""

from __future__ import annotations

from collections import defaultdict

from checker.graph.index import Index, values
from checker.resources.peering_connection import PeeringConnection
from checker.resources.transit_gateway_attachment import TransitGatewayAttachment
from checker.resources.transit_gateway_peering_attachment import TransitGatewayPeeringAttachment
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment


class Neighbours:
    """The VPCs near each VPC; a peering is not transitive (semantics 36), transit gateways that are peered are one."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._near: dict[str, set[str]] | None = None
        self._told: dict[str, tuple[str, ...]] = {}

    def of(self, vpc: str) -> tuple[str, ...]:
        """Return a VPC and those near it, itself first and the others by id."""
        if vpc not in self._told:
            self._told[vpc] = (vpc, *sorted(self._found().get(vpc, set()) - {vpc}))
        return self._told[vpc]

    def _found(self) -> dict[str, set[str]]:
        if self._near is None:
            near: dict[str, set[str]] = defaultdict(set)
            for together in (*self._peered(), *self._joined()):
                for vpc in together:
                    near[vpc] |= together
            self._near = dict(near)
        return self._near

    def _peered(self) -> list[set[str]]:
        peerings = self._index.all(PeeringConnection).items
        return [{*values(item.requester_vpc), *values(item.accepter_vpc)} for item in peerings]

    def _joined(self) -> list[set[str]]:
        """Return for each set of peered transit gateways the VPCs attached to them."""
        home: dict[str, set[str]] = {}
        for item in self._index.all(TransitGatewayPeeringAttachment).items:
            ends = {*values(item.requester_gateway), *values(item.accepter_gateway)}
            whole = set(ends).union(*(home.get(end, set()) for end in ends))
            home.update(dict.fromkeys(whole, whole))
        attached: dict[str, set[str]] = defaultdict(set)
        for seen in self._index.all(TransitGatewayVpcAttachment).items:
            for gateway in values(seen.gateway):
                attached[gateway].update(values(seen.vpc))
        for told in self._index.all(TransitGatewayAttachment).items:
            if told.resource_type.is_("vpc").is_yes:
                for gateway in values(told.gateway):
                    attached[gateway].update(values(told.resource))
        joined = {tuple(sorted(home.get(gateway, {gateway}))) for gateway in attached}
        return [set().union(*(attached.get(gateway, set()) for gateway in gateways)) for gateways in sorted(joined)]

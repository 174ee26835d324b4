"""The VPC's doors to the internet: which internet addresses a place exchanges packets with through a gateway."""

from __future__ import annotations

from functools import partial

from checker.graph.forwarding.network import Network, standing
from checker.graph.hops import ALL, ANY_CLIENT, NONE, answered, between
from checker.graph.index import values
from checker.graph.place import Place
from checker.graph.routes import Leg
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, Unknown, any_of, known_or, merge
from checker.model.flows import EVERY_FLOW, NO_FLOWS, FlowSet
from checker.model.ids import prefixed
from checker.model.intervals import IntervalSet
from checker.resources.internet_gateway import InternetGateway
from checker.resources.network_interface import NetworkInterface
from checker.resources.vpc_endpoint import VpcEndpoint

_NOBODY = Bounds.exactly(IntervalSet())
# Gateways that may lead on to an appliance, which may lead on to the internet.
_APPLIANCES = ("eni-", "vpce-", "i-")


class Doors:
    """The internet gateways of a network, as those who come in by them see them (semantics 28, 30-34)."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def gateway_addresses(self, place: Place, *, outbound: bool = False) -> Bounds[IntervalSet]:
        """Return the internet addresses that a place exchanges packets with through an internet gateway.

        It takes a gateway attached to the VPC, a route of the subnet to it, a public IPv4 address or an IPv6 address,
        and no block on public access; what the gateway's own table or the subnet's hands to an appliance may pass.
        Source: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
        """
        family = line.ALL_V6 if place.is_v6 else line.ALL_V4
        if place.hidden or (place.public is False and not place.is_v6):
            return _NOBODY
        legs = self._network.routes.legs(place.subnet, place.vpc)
        if not isinstance(legs, Known):
            return Bounds(IntervalSet(), family, legs.missing) & self._open(place, outbound=outbound)
        result = _NOBODY
        for leg in legs.value:
            leads = self._exchanges(leg, place)
            here = leg.addresses & family
            if leads.is_yes:
                result |= Bounds.exactly(here)
            elif leads.is_unknown:
                result |= Bounds(IntervalSet(), here, leads.missing)
        if (place.public is None and not place.is_v6) or place.hidden is None:
            result = Bounds(IntervalSet(), result.may, merge(result.missing, place.missing))
        return result & self._open(place, outbound=outbound)

    def _open(self, place: Place, *, outbound: bool) -> Bounds[IntervalSet]:
        free = self._network.public.free(place, outbound=outbound)
        if free.is_unknown:
            return Bounds(IntervalSet(), line.EVERYWHERE, free.missing)
        return Bounds.exactly(line.EVERYWHERE if free.is_yes else IntervalSet())

    def _exchanges(self, leg: Leg, place: Place) -> Answer:
        """Answer whether packets to a leg's addresses leave by an internet gateway, and those from there come in by it.

        What is redirected on its way in must go back the same way, or the connection is lost (semantics 28).
        Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
        (INGRESS_RTB_TRAFFIC_REDIRECTION)
        """
        if not isinstance(leg.target, Known):
            return Answer(None, leg.target.missing)
        target = leg.target.value
        if prefixed(target).startswith("igw-"):
            return self._attached(target, place) & ~self.redirected(target, place)
        if self._serves(target):
            return NO
        if prefixed(target).startswith(_APPLIANCES):
            comes = any_of(~self.handed(gateway, place).is_empty() for gateway in self._gateways(place.vpc))
            return ~self._has(target, place) & comes  # its answers would come back to itself
        return NO

    def services(self, place: Place) -> IntervalSet:
        """Return the public addresses of services that a place's subnet reaches by a gateway endpoint.

        Nothing comes from there: such an endpoint takes requests of the VPC only, and what else a service's address
        sent would be answered into the endpoint.
        Source: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html (semantics 39)
        """
        legs = known_or(self._network.routes.legs(place.subnet, place.vpc), ())
        led = (leg.addresses for leg in legs if leg.target.holds(self._serves).is_yes)
        return IntervalSet.of(run for addresses in led for run in addresses.intervals)

    def _serves(self, id: str) -> bool:
        endpoint = self._network.index.get(VpcEndpoint, id)
        return endpoint is not None and endpoint.type.is_("Gateway").is_yes

    def _gateways(self, vpc: str) -> tuple[str, ...]:
        """Return the internet gateways attached to a VPC, or one without a name where not all were seen."""
        found = self._network.index.by(InternetGateway, "vpc", lambda item: values(item.vpcs), vpc)
        unsure = self._network.index.missing(InternetGateway) or any(
            item.vpcs.missing for item in self._network.index.all(InternetGateway).items
        )
        return tuple(item.id for item in found) or (("",) if unsure else ())

    def _attached(self, id: str, place: Place) -> Answer:
        gateway = self._network.index.get(InternetGateway, id)
        if gateway is None:
            # An active route leads to a gateway that is there: in a shared VPC its owner alone sees it.
            return self._network.absent(InternetGateway, f"internet gateway {id}")
        return gateway.vpcs.holds(lambda attached: place.vpc in attached)

    def redirected(self, gateway: str, place: Place) -> Answer:
        """Answer whether the gateway's own table hands what comes in for a place to something else (semantics 28).

        Source: https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
        """
        targets = self._hands_to(gateway, place)
        return any_of(~self._keeps(target, place) for target in targets)

    def handed_by_any(self, place: Place) -> Bounds[FlowSet]:
        """Return what gets to a place that comes in by any of the internet gateways of its VPC."""
        result = Bounds.exactly(NO_FLOWS)
        for gateway in self._gateways(place.vpc):
            result |= self.handed(gateway, place)
        return result

    def handed(self, gateway: str, place: Place) -> Bounds[FlowSet]:
        """Return what gets to a place that comes in by a gateway, over an appliance where its own table says so."""
        result = Bounds.exactly(EVERY_FLOW)
        for target in self._hands_to(gateway, place):
            keeps = self._keeps(target, place)
            if keeps.is_unknown:
                result &= Bounds(NO_FLOWS, EVERY_FLOW, keeps.missing)
            elif keeps.is_no and isinstance(target, Known):
                result &= self._forwarded(target.value)
        return result

    def _forwarded(self, id: str) -> Bounds[FlowSet]:
        """Return what an appliance may forward of what comes from outside: no more than its groups admit."""
        if not prefixed(id).startswith(_APPLIANCES):
            return Bounds.exactly(NO_FLOWS)
        interface = self._network.index.get(NetworkInterface, id)
        if interface is None:
            return Bounds(NO_FLOWS, EVERY_FLOW, (_lost(id),))
        if interface.source_dest_check.is_(True).is_yes:
            return Bounds.exactly(NO_FLOWS)
        result = Bounds.exactly(NO_FLOWS)
        for stand in standing(interface):
            listed = self._network.acls.flows(stand.subnet, stand.vpc, egress=False)
            result |= self._network.groups.by_address(stand, ingress=True) & listed
        return Bounds(NO_FLOWS, result.may, merge(result.missing, (_lost(id),)))

    def _hands_to(self, gateway: str, place: Place) -> tuple[Fact[str], ...]:
        """Return the targets to which a gateway's own table hands what comes in for a place."""
        legs = self._network.routes.gateway_legs(gateway, place.vpc)
        if legs is None:
            return (Known("local"),)
        if not isinstance(legs, Known):
            return (Unknown(*legs.missing),)
        return tuple(leg.target for leg in legs.value if leg.addresses & place.addresses)

    def _keeps(self, target: Fact[str], place: Place) -> Answer:
        """Answer whether packets handed to a target stay with the place: the local route, or its own interface."""
        if not isinstance(target, Known):
            return Answer(None, target.missing)
        return YES if target.value == "local" else self._has(target.value, place)

    def _has(self, interface: str, place: Place) -> Answer:
        """Answer whether an interface has the addresses of a place: what is for itself it takes."""
        found = self._network.index.get(NetworkInterface, interface)
        if found is None:
            return NO
        return found.addresses.holds(lambda blocks: any(place.addresses <= block.addresses for block in blocks))

    def answers_leave(self, place: Place) -> Bounds[FlowSet]:
        """Return the flows whose answers get out again, over an appliance where the subnet's table says so."""
        legs = self._network.routes.legs(place.subnet, place.vpc)
        result = Bounds.exactly(NO_FLOWS)
        for leg in legs.value if isinstance(legs, Known) else ():
            id = known_or(leg.target, "")
            passes = self._takes_answers(id, place) if prefixed(id).startswith(_APPLIANCES) else ALL
            result |= passes.map(partial(FlowSet.box, leg.addresses))
        return result if isinstance(legs, Known) else Bounds.exactly(EVERY_FLOW)

    def _takes_answers(self, id: str, place: Place) -> Bounds[IntervalSet]:
        """Return the traffic whose answers may go out over an appliance: it knows the connection, or admits them."""
        interface = self._network.index.get(NetworkInterface, id)
        unsure = Bounds(traffic.NOTHING, traffic.EVERYTHING, (_lost(id),))
        if interface is None:
            return unsure
        if interface.source_dest_check.is_(True).is_yes:
            return NONE
        handed = (target for gateway in self._gateways(place.vpc) for target in self._hands_to(gateway, place))
        if any(target.is_(id).is_yes for target in handed):
            return unsure
        may = traffic.NOTHING
        for stand in standing(interface):
            admitted = self._network.groups.admits(stand, place, ingress=True, named=YES)
            if stand.subnet != place.subnet:
                listed = self._network.acls.flows(stand.subnet, stand.vpc, egress=False)
                admitted &= between(listed, place.addresses)
            may |= answered(admitted.may, ANY_CLIENT, every=False)
        return Bounds(traffic.NOTHING, may, (_lost(id),))


def _lost(id: str) -> Missing:
    return Missing(f"what is let through behind {id}", "look at the firewall or appliance that it leads to")

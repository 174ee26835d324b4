"""What an end takes of what gets to it: a load balancer what it listens on, a gateway's interface nothing at all."""

from __future__ import annotations

from collections.abc import Iterable

from checker.graph.graph import Graph
from checker.graph.query.filters import Filter
from checker.graph.target_groups import Balancer, carriers
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.fact import Fact, Known, known_or, merge
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.listener import Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface

# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (InterfaceType)
_FORWARDERS = ("nat_gateway", "natGateway", "transit_gateway", "gateway_load_balancer_endpoint")
_NOTHING: Bounds[IntervalSet] = Bounds.exactly(traffic.NOTHING)


def listened(balancer: Balancer, graph: Graph) -> Bounds[IntervalSet]:
    """Return the traffic that a balancer's listeners take."""
    if isinstance(balancer, ClassicLoadBalancer):
        return _bounds(balancer.listeners.map(lambda known: _union(traffic.tcp(one.port) for one in known)))
    missing = graph.balancing.listeners_missing(balancer)
    found = Bounds(traffic.NOTHING, traffic.EVERYTHING, missing) if missing else Bounds.exactly(traffic.NOTHING)
    for listener in graph.balancing.listeners(balancer):
        found |= _bounds(_taken(listener))
    return found


def listening(owner: Resource, graph: Graph) -> Filter | None:
    """Return the filter that an owner itself is: a balancer's listeners, or a gateway that takes no connections.

    It is None for whatever may take all that its groups admit, and for Gateway Load Balancers, which take everything.
    """
    if isinstance(owner, NetworkInterface) and known_or(owner.type, "") in _FORWARDERS:
        kind = known_or(owner.type, "").replace("_", " ")
        text = f"is a {kind}'s, which only sends on what others send through it"
        return Filter("address", owner.id, lambda: text, _NOTHING, "NO_POSSIBLE_DESTINATION", origin=owner.origin)
    if not isinstance(owner, LoadBalancer | ClassicLoadBalancer):
        return None
    if isinstance(owner, LoadBalancer) and owner.type.is_("gateway").is_yes:
        return None
    takes = listened(owner, graph)

    def tell() -> str:
        return f"listens on {traffic.describe(takes.must)}" + ("" if takes.exact else " at least")

    code = "ELB_LISTENERS_MISMATCH" if isinstance(owner, ClassicLoadBalancer) else "ELBV2_LISTENERS_MISMATCH"
    return Filter("listener", owner.label, tell, takes, code, origin=owner.origin)


def _taken(listener: Listener) -> Fact[IntervalSet]:
    return listener.port.then(
        lambda port: listener.protocol.map(
            lambda name: _union(traffic.ports(number, port, port) for number in carriers(name))
        )
    )


def _union(sets: Iterable[IntervalSet]) -> IntervalSet:
    return IntervalSet.of(run for one in sets for run in one.intervals)


def _bounds(taken: Fact[IntervalSet]) -> Bounds[IntervalSet]:
    if isinstance(taken, Known):
        return Bounds.exactly(taken.value)
    return Bounds(traffic.NOTHING, traffic.EVERYTHING, merge(taken.missing))

"""One packet of many: the one to name as a witness, or as the one that got farthest."""

from __future__ import annotations

from checker.graph.flows import own_ports
from checker.graph.graph import Graph
from checker.graph.query.end import End
from checker.graph.query.filters import Try
from checker.graph.query.listening import listened
from checker.model import traffic
from checker.model.fact import Known
from checker.model.finding import Witness
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer

_USUAL = (
    traffic.tcp(443),
    traffic.tcp(80),
    traffic.tcp(22),
    traffic.ports(traffic.TCP),
    traffic.ports(traffic.UDP, 53, 53),
    traffic.ports(traffic.UDP),
    traffic.icmp(traffic.ICMP, 8, 0),
    traffic.icmp(traffic.ICMPV6, 128, 0),
)


def own(end: End, graph: Graph) -> IntervalSet:
    """Return the traffic that an end is there for: a store's own ports, a balancer's listeners."""
    found = traffic.NOTHING
    for owner in end.owners:
        if isinstance(owner, LoadBalancer):
            found |= listened(owner, graph).must
            continue
        ports = own_ports(owner)
        found |= ports.value if isinstance(ports, Known) else traffic.NOTHING
    return found


def pick(among: IntervalSet, prefer: IntervalSet) -> IntervalSet:
    """Return one packet's traffic: of what the end is there for, else of what people mostly ask about."""
    for wanted in (prefer, *_USUAL):
        if wanted & among:
            return _one(wanted & among)
    return _one(among)


def farthest(one: Try, wanted: IntervalSet) -> IntervalSet:
    """Return what of `wanted` could come to the first filter that stops all that is left."""
    left = wanted
    for filter in one.filters:
        onward = left & filter.passes.may
        if not onward:
            break
        left = onward
    return left


def witness(one: Try, packet: IntervalSet) -> Witness:
    """Return a packet of a try with its addresses; for ICMP the port is the type."""
    protocol, port, _ = next(traffic.spans(packet))
    name = traffic.NAMES.get(protocol, str(protocol))
    shown = port // 256 if protocol in (traffic.ICMP, traffic.ICMPV6) else port
    has_port = protocol in traffic.NAMES
    return Witness(one.sender, one.receiver, name, shown if has_port else None, "ipv6" if one.v6 else "ipv4")


def _one(among: IntervalSet) -> IntervalSet:
    protocol, first, last = next(traffic.spans(among))
    # Protocols without ports are one packet as a whole.
    return traffic.ports(protocol, first, first if protocol in traffic.NAMES else last)

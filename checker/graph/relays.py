"""Ways through load balancers: from each listener to each target that it really sends to, and from which address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from weakref import WeakKeyDictionary

from checker.graph.balancing import Balancing, Registered
from checker.graph.graph import Graph
from checker.graph.place import Endpoint, Place
from checker.graph.target_groups import Balancer, carriers, checked, crosses, ports_of, preserves, sent
from checker.model import traffic
from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, known_or, merge
from checker.model.intervals import IntervalSet
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.listener import Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.target_group import TargetGroup

# Where the target of an address registration lies outside the VPC, nodes of every zone send to it.
EVERY_ZONE = "all"


@dataclass(frozen=True)
class End:
    """A target of a relay: where it stands, what it is sent from clients, and what health checks ask of it.

    `zone` is the one that it was registered with, where it was told one.
    """

    endpoint: Endpoint
    traffic: IntervalSet
    health: IntervalSet
    zone: str | None = None


@dataclass(frozen=True)
class Relay:
    """One way through a balancer: what a listener takes in, on one protocol, and the targets of one target group.

    `takes` is the listener's traffic; a listener of two protocols has a relay for each. `group` is None for the
    instances of a Classic Load Balancer. `preserves` answers whether targets see the clients' own addresses, else they
    see those of the nodes; `crosses` whether a node sends to targets in other zones.
    """

    balancer: Balancer
    name: str
    takes: Fact[IntervalSet]
    group: TargetGroup | None
    ends: tuple[End, ...]
    preserves: Answer
    crosses: Answer


@dataclass(frozen=True)
class Relays:
    """The ways through a balancer; `missing` if there may be more, or other ones."""

    items: tuple[Relay, ...]
    missing: tuple[Missing, ...]


# A graph without a zone has the same relays: who is registered where does not change with it.
_FOUND: WeakKeyDictionary[Balancing, dict[Balancer, Relays]] = WeakKeyDictionary()


def relays(balancer: Balancer, graph: Graph) -> Relays:
    """Return the ways through a balancer; redirects, fixed responses and functions are none (semantics 43, 44)."""
    found = _FOUND.setdefault(graph.balancing, {})
    if balancer not in found:
        found[balancer] = (
            _classic(balancer, graph) if isinstance(balancer, ClassicLoadBalancer) else _of_listeners(balancer, graph)
        )
    return found[balancer]


def listening(balancer: Balancer, graph: Graph) -> IntervalSet:
    """Return the traffic that some listener of a balancer takes in, whatever it does with it."""
    taken = traffic.NOTHING
    if isinstance(balancer, ClassicLoadBalancer):
        for classic in known_or(balancer.listeners, ()):
            taken |= traffic.tcp(classic.port)
        return taken
    for listener in graph.balancing.listeners(balancer):
        for number in carriers(known_or(listener.protocol, "TCP")):
            if isinstance(listener.port, Known):
                taken |= traffic.ports(number, listener.port.value, listener.port.value)
    return taken


def nodes(balancer: Balancer, graph: Graph) -> tuple[Endpoint, ...]:
    """Return a balancer's nodes, one of each place.

    A Network Load Balancer's node keeps the one interface that it has in its subnet; those of the others come and go on
    any address of it.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
    """
    places: dict[Place, Endpoint] = {}
    for endpoint in graph.endpoints.of(balancer):
        if endpoint.place not in places or endpoint.interfaces:
            places[endpoint.place] = endpoint
    found = tuple(places.values())
    if isinstance(balancer, LoadBalancer) and balancer.type.is_("network").is_yes:
        fixed = {(one.place.subnet, one.place.is_v6) for one in found if one.interfaces}
        return tuple(one for one in found if one.interfaces or (one.place.subnet, one.place.is_v6) not in fixed)
    return found


def _of_listeners(balancer: LoadBalancer, graph: Graph) -> Relays:
    missing = graph.balancing.forwards(balancer).missing
    found: list[Relay] = []
    for listener in graph.balancing.listeners(balancer):
        name = f"{balancer.label}:{known_or(listener.port, '?')}"
        for group in graph.balancing.forwards_of(listener).groups:
            if group.target_type.is_("lambda").is_yes:
                continue
            for number in _numbers(balancer, listener, group):
                ends, gaps = _ends(balancer, group, number, graph)
                missing = merge(missing, gaps)
                takes = listener.port.map(partial(_port, number))
                hands_on = preserves(balancer, group)
                found.append(Relay(balancer, name, takes, group, ends, hands_on, crosses(balancer, group)))
    return Relays(tuple(found), missing)


def _port(number: int, port: int) -> IntervalSet:
    return traffic.ports(number, port, port)


def _numbers(balancer: LoadBalancer, listener: Listener, group: TargetGroup) -> tuple[int, ...]:
    """Return the IP protocols of a way: those of its listener, which an application balancer's are all TCP."""
    if balancer.type.is_("application").is_yes:
        return (traffic.TCP,)
    return carriers(known_or(listener.protocol, known_or(group.protocol, "")))


def _ends(
    balancer: LoadBalancer, group: TargetGroup, number: int, graph: Graph
) -> tuple[tuple[End, ...], tuple[Missing, ...]]:
    targets = graph.balancing.targets(group)
    missing = targets.missing
    v6 = known_or(group.address_type.map(lambda kind: kind == "ipv6"), None)
    ends: dict[tuple[Place, str | None], End] = {}
    for target in targets.registered:
        own = Known((target.port,)) if target.port else ports_of(group).map(lambda ports: ports[:1])
        mine = own.then(lambda ports: sent(balancer, group, ports))
        asked = own.then(lambda ports: checked(group, ports))
        missing = merge(missing, mine.missing, asked.missing, graph.endpoints.lost(target.owner))
        for endpoint in _standing(target, balancer, graph):
            if v6 is not None and endpoint.place.is_v6 is not v6:
                continue
            passed = known_or(mine, traffic.NOTHING) & traffic.ports(number)
            key = (endpoint.place, target.zone)
            end = ends.get(key, End(endpoint, traffic.NOTHING, traffic.NOTHING, target.zone))
            health = end.health | known_or(asked, traffic.NOTHING)
            ends[key] = End(endpoint, end.traffic | passed, health, target.zone)
    return tuple(ends.values()), missing


def _standing(target: Registered, balancer: Balancer, graph: Graph) -> Iterator[Endpoint]:
    """Yield where a target may stand: at its address, at a load balancer's nodes, or wherever its owner may."""
    if isinstance(target.owner, LoadBalancer):
        yield from nodes(target.owner, graph)
        return
    own = graph.endpoints.of(target.owner)
    if target.address is None:
        homes = {one.place.vpc for one in graph.endpoints.of(balancer)}
        yield from (one for one in own if one.place.vpc in homes or not homes)
        return
    here = [one for one in own if target.address in one.addresses]
    yield from here or own


def _classic(balancer: ClassicLoadBalancer, graph: Graph) -> Relays:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-listener-config.html."""
    targets = graph.balancing.instances(balancer)
    missing = merge(targets.missing, balancer.listeners.missing, balancer.health_port.missing)
    asked = known_or(balancer.health_port.map(traffic.tcp), traffic.NOTHING)
    found = []
    for listener in known_or(balancer.listeners, ()):
        ends: dict[Place, End] = {}
        for target in targets.registered:
            missing = merge(missing, graph.endpoints.lost(target.owner))
            for endpoint in _standing(target, balancer, graph):
                ends[endpoint.place] = End(endpoint, traffic.tcp(listener.instance_port), asked)
        name = f"{balancer.label}:{listener.port}"
        takes = Known(traffic.tcp(listener.port))
        found.append(Relay(balancer, name, takes, None, tuple(ends.values()), NO, crosses(balancer, None)))
    return Relays(tuple(found), missing)


def enabled_zones(balancer: Balancer, graph: Graph) -> tuple[frozenset[str], tuple[Missing, ...]]:
    """Return the zones that a balancer has a node in, and why there may be more."""
    found = graph.zones_of(known_or(balancer.subnets, ()))
    return frozenset(found.items), merge(balancer.subnets.missing, found.missing)


def serves(relay: Relay, end: End, graph: Graph) -> Answer:
    """Answer whether any node may send to a target: not where its zone is not one of the balancer's.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
    """
    if end.zone == EVERY_ZONE:
        return YES
    zones, missing = enabled_zones(relay.balancer, graph)
    home = Known(end.zone) if end.zone else graph.zone(end.endpoint.place.subnet)
    listed = home.holds(lambda zone: zone in zones)
    return listed | Answer(None, missing) if missing else listed


def sends(relay: Relay, node: Endpoint, end: End, graph: Graph) -> Answer:
    """Answer whether one node may send to a target: in its own zone, or in every enabled one if it crosses zones."""
    if end.zone == EVERY_ZONE:
        return YES
    mine = graph.zone(node.place.subnet)
    home = Known(end.zone) if end.zone else graph.zone(end.endpoint.place.subnet)
    same = mine.then(lambda here: home.map(lambda there: here == there)).is_(True)
    return same | (relay.crosses & serves(relay, end, graph))

"""Target groups: on which traffic their targets are sent to and checked, from whose address, and across which zones."""

from __future__ import annotations

from collections.abc import Iterable

from checker.model import traffic
from checker.model.fact import NO, YES, Answer, Fact, Known, known_or
from checker.model.intervals import IntervalSet
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.load_balancer import LoadBalancer
from checker.resources.target_group import TargetGroup

Balancer = LoadBalancer | ClassicLoadBalancer

# What the protocols of listeners and target groups travel on; those not named here travel on TCP.
# Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
_CARRIERS = {
    "UDP": (traffic.UDP,),
    "TCP_UDP": (traffic.TCP, traffic.UDP),
    "QUIC": (traffic.UDP,),
    "TCP_QUIC": (traffic.TCP, traffic.UDP),
    "GENEVE": (traffic.UDP,),
}


def carriers(protocol: str) -> tuple[int, ...]:
    """Return the IP protocols that a listener's or target group's protocol travels on: TCP, UDP or both."""
    return _CARRIERS.get(protocol.upper(), (traffic.TCP,))


def carried(protocol: str, ports: Iterable[int]) -> IntervalSet:
    """Return the traffic of a listener's or target group's protocol to some ports."""
    wanted = tuple(ports)
    return IntervalSet.of(
        run for number in carriers(protocol) for port in wanted for run in traffic.ports(number, port, port).intervals
    )


def sent(balancer: LoadBalancer, group: TargetGroup, ports: Iterable[int]) -> Fact[IntervalSet]:
    """Return the clients' traffic to targets that are registered with some ports."""
    wanted = tuple(ports)
    if balancer.type.is_("application").is_yes:
        return Known(carried("HTTP", wanted))
    return group.protocol.map(lambda protocol: carried(protocol, wanted))


def checked(group: TargetGroup, ports: Iterable[int]) -> Fact[IntervalSet]:
    """Return the traffic of health checks to targets that are registered with some ports (semantics 41).

    Checks travel on TCP whatever the group's protocol is.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    wanted = tuple(ports)
    if group.health_enabled.is_(False).is_yes:
        return Known(traffic.NOTHING)
    return group.health_port.map(
        lambda port: IntervalSet.of(
            run for one in ((int(port),) if port.isdigit() else wanted) for run in traffic.tcp(one).intervals
        )
    )


def ports_of(group: TargetGroup) -> Fact[tuple[int, ...]]:
    """Return a group's own port, and the ports that its targets override it with."""

    def joined(port: int | None) -> tuple[int, ...]:
        overrides = (target.port for target in known_or(group.targets, ()))
        return tuple(dict.fromkeys(found for found in (port, *overrides) if found))

    return group.port.map(joined)


def group_traffic(balancer: LoadBalancer, group: TargetGroup) -> Fact[IntervalSet]:
    """Return everything that a balancer sends to a group's targets: clients' traffic and health checks."""
    return ports_of(group).then(
        lambda ports: sent(balancer, group, ports).then(
            lambda mine: checked(group, ports).map(lambda asked: mine | asked)
        )
    )


def preserves(balancer: Balancer, group: TargetGroup | None) -> Answer:
    """Answer whether a target sees its clients' own addresses (semantics 47): behind Network Load Balancers alone.

    The attributes of a group whose target is an Application Load Balancer cannot be changed from their defaults.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html and
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
    """
    if group is None or isinstance(balancer, ClassicLoadBalancer):
        return NO
    network = balancer.type.is_("network")
    if network.is_no:
        return NO
    chained = group.target_type.is_("alb")
    return network & (YES if chained.is_yes else chained | group.preserve_client_ip.is_(True))


def crosses(balancer: Balancer, group: TargetGroup | None) -> Answer:
    """Answer whether nodes send to targets of other zones (semantics 48): the group decides, else its balancer.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
    """
    if group is None:
        return balancer.cross_zone.is_(True)
    decided = group.cross_zone.then(lambda own: balancer.cross_zone if own is None else Known(own))
    return decided.is_(True)

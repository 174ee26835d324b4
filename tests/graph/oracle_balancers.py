"""A Network Load Balancer in a drawn network: what its node gets through to a target, by the engine and by the oracle.

The oracle knows of the balancer only that its node is an interface like any other, which sends to targets of its own
zone, or of every zone that the balancer is enabled in where cross-zone balancing is on (semantics 41, 43, 48).
Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.graph.crossings import as_node
from checker.graph.graph import Graph
from checker.graph.relays import nodes, relays
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.intervals import IntervalSet
from checker.resources.load_balancer import LoadBalancer
from tests.graph import oracle_verdict as outcome
from tests.graph.network import Network
from tests.graph.oracle import TCP, Interface, World
from tests.graph.oracle_compare import CLIENTS, Expected, Question, held
from tests.graph.oracle_walk import NO
from tests.graph.worlds_records import spell

ARN = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/drawn/0123456789abcdef"
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/drawn/0123456789abcdef"
NODE = "eni-node"


@dataclass(frozen=True)
class Balanced:
    """A drawn network with a balancer: its target on a port, its switch, and a further subnet it is enabled in."""

    world: World
    target: str
    port: int
    crosses: bool
    also: str

    @property
    def vpc(self) -> str:
        """Return the VPC of the balancer and of its target."""
        return self.world.subnets[self.world.interfaces[NODE].subnet].vpc


def with_node(world: World, subnet: str, groups: tuple[str, ...]) -> World:
    """Return a network with the node's interface, on the last address but two of its subnet's block."""
    block = next(block for block in world.subnets[subnet].blocks if ":" not in block)
    first, _, size = block.partition("/")
    *head, last = first.split(".")
    address = ".".join((*head, str(int(last) + 2 ** (32 - int(size)) - 3)))
    node = Interface(subnet=subnet, addresses=(address,), groups=groups, public=False, checks=True, kind="interface")
    return replace(world, interfaces={**world.interfaces, NODE: node})


def graph_of(made: Balanced) -> Graph:
    """Return the engine's graph of the network, whose records tell the balancer as AWS does."""
    world, net = made.world, spell(made.world)
    node, target = world.interfaces[NODE], world.interfaces[made.target]
    for at, record in enumerate(net.records):
        if record.raw.get("NetworkInterfaceId") == NODE:
            told = {"Description": "ELB net/drawn/0123456789abcdef", "RequesterManaged": True}
            net.records[at] = replace(record, raw={**record.raw, **told})
            net.scope = record.scope
    homes = dict.fromkeys((node.subnet, made.also))
    zones = [{"ZoneName": world.subnets[subnet].zone, "SubnetId": subnet} for subnet in homes]
    switch = {"Key": "load_balancing.cross_zone.enabled", "Value": str(made.crosses).lower()}
    net.add(
        "LoadBalancer", LoadBalancerArn=ARN, LoadBalancerName="drawn", Type="network", Scheme="internal",
        VpcId=made.vpc, AvailabilityZones=zones, SecurityGroups=list(node.groups), Attributes=[switch],
    )  # fmt: skip
    _listen(net, made.port)
    address = next(one for one in target.addresses if ":" not in one)
    health = {"Target": {"Id": address, "Port": made.port, "AvailabilityZone": world.subnets[target.subnet].zone}}
    net.add(
        "TargetGroup", TargetGroupArn=GROUP, TargetType="ip", Protocol="TCP", Port=made.port, VpcId=made.vpc,
        LoadBalancerArns=[ARN], Attributes=[{"Key": "preserve_client_ip.enabled", "Value": "false"}],
        TargetHealthDescriptions=[health], HealthCheckPort="traffic-port", HealthCheckProtocol="TCP",
    )  # fmt: skip
    return net.graph()


def _listen(net: Network, port: int) -> None:
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP}]}}
    net.add(
        "Listener", ListenerArn=f"{ARN}/tcp", LoadBalancerArn=ARN, Port=port, Protocol="TCP", DefaultActions=[action],
        Rules=[],
    )  # fmt: skip


def disagreements(made: Balanced) -> Iterator[str]:
    """Yield each way in which the engine and the oracle differ about what the node gets through to its target."""
    world = made.world
    here, there = (world.subnets[world.interfaces[id].subnet].zone for id in (NODE, made.target))
    header = (TCP, made.port)
    told = Expected(world, NODE, CLIENTS).of(outcome.between(world, NODE, made.target, False, *header))[1]
    # Only zones that are enabled get anything, and another one than the node's own only across zones.
    reached = there in (here, world.subnets[made.also].zone) and (made.crosses or here == there)
    yield from held(Question("node to target", passing(made), {header: told if reached else NO}), world)


def passing(made: Balanced) -> Bounds[IntervalSet]:
    """Return what the engine says that the node gets through to its target, whatever the target is sent."""
    graph = graph_of(made)
    balancer = graph.index.get(LoadBalancer, ARN)
    assert balancer is not None
    (relay,) = relays(balancer, graph).items
    (end,) = relay.ends
    node = next(one for one in nodes(balancer, graph) if NODE in one.interfaces)
    assert end.traffic == traffic.tcp(made.port)

    return as_node(relay, node, end, graph).passes

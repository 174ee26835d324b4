"""Whose a network interface is: the owner that a service-owned interface stands for, by what AWS writes on it."""

from __future__ import annotations

import re

from checker.graph.index import Index, values
from checker.graph.owners import declared
from checker.graph.place import Initiates
from checker.model.fact import Known, known_or
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.cache_cluster import CacheCluster
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.file_system import FileSystem
from checker.resources.instance import Instance
from checker.resources.load_balancer import LoadBalancer
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_interface import NetworkInterface
from checker.resources.replication_group import ReplicationGroup

# The API spells the type in either way.
NAT_GATEWAYS = ("nat_gateway", "natGateway")
# Interfaces of services that only answer, or that forward what others sent and are judged on the sender's side.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html (InterfaceType)
_ONLY_ANSWER = frozenset(
    {
        *NAT_GATEWAYS,
        "vpc_endpoint",
        "gateway_load_balancer",
        "gateway_load_balancer_endpoint",
        "transit_gateway",
        "efs",
    }
)
_ANSWERING = (FileSystem, ReplicationGroup, CacheCluster)
_BALANCER = re.compile(r"ELB ((?:app|net|gwy)/[^/]+/[0-9a-f]+)")
_CLASSIC = re.compile(r"ELB ([A-Za-z0-9-]+)$")
_FILE_SYSTEM = re.compile(r"EFS mount target for (fs-[0-9a-f]+)")
_PROXY = re.compile(r"Network interface for DBProxy (\S+)")
_CACHE = re.compile(r"ElastiCache ([A-Za-z0-9-]+)")


def owner_of(interface: NetworkInterface, index: Index) -> Resource:
    """Return the durable owner of an interface, or the interface itself where nobody claims it."""
    text = interface.description
    if isinstance(attached := known_or(interface.instance, None), str):
        return _instance_owner(attached, interface, index)
    if match := _BALANCER.match(text):
        named = index.by(LoadBalancer, "end of the ARN", _end_of_arn, match[1])
        return named[0] if named else interface
    if match := _CLASSIC.match(text):
        return index.named(ClassicLoadBalancer, interface.scope, match[1]) or interface
    if match := _FILE_SYSTEM.match(text):
        return index.get(FileSystem, match[1]) or interface
    if (match := _CACHE.match(text)) and not interface.requester_managed.is_(False).is_yes:
        return _cache_owner(match[1], interface, index) or interface
    if text.startswith("RDSNetworkInterface"):
        return _database_owner(interface, index) or interface
    if match := _PROXY.match(text):
        return index.named(DbProxy, interface.scope, match[1]) or _database_owner(interface, index) or interface
    return interface


def _end_of_arn(balancer: LoadBalancer) -> tuple[str, ...]:
    return (balancer.id.partition("loadbalancer/")[2],)


def initiates(owner: Resource, interface: NetworkInterface) -> Initiates:
    """Return which connections an interface can open."""
    if known_or(interface.type, "") in _ONLY_ANSWER or isinstance(owner, _ANSWERING):
        return Initiates.NEVER
    # A balancer that is not among those listed, such as a Classic one, may send to whatever is registered with it.
    if isinstance(owner, (LoadBalancer, ClassicLoadBalancer, DbProxy)):
        return Initiates.TARGETS
    # An interface that is attached to nothing sends nothing until somebody attaches it.
    return Initiates.NEVER if interface.in_use.is_(False).is_yes else Initiates.ANY


def is_nat_gateway(interface: NetworkInterface, index: Index) -> bool:
    """Tell whether an interface is that of a NAT gateway: by its type, or because a gateway says that it is its own."""
    if isinstance(interface.type, Known):
        return interface.type.value in NAT_GATEWAYS
    return bool(index.by(NatGateway, "interface", lambda item: values(item.interfaces), interface.id))


def _instance_owner(id: str, interface: NetworkInterface, index: Index) -> Resource:
    """Return the Auto Scaling group that runs an instance, else the instance, else the interface itself."""
    return holder_of(id, index) or index.get(Instance, id) or interface


def holder_of(id: str, index: Index) -> AutoScalingGroup | None:
    """Return the Auto Scaling group that runs an instance, in any life-cycle state."""
    holders = index.by(AutoScalingGroup, "instance", lambda group: values(group.instances), id)
    if holders:
        return holders[0]
    instance = index.get(Instance, id)
    named = values(instance.group_name) if instance else ()
    return index.named(AutoScalingGroup, instance.scope, named[0]) if instance and named else None


def _cache_owner(id: str, interface: NetworkInterface, index: Index) -> Resource | None:
    node = index.named(CacheCluster, interface.scope, id)
    if node is None:
        return None
    named = values(node.replication_group)
    return (index.named(ReplicationGroup, node.scope, named[0]) if named else None) or node


def _database_owner(interface: NetworkInterface, index: Index) -> Resource | None:
    """Return the database that wears these groups in this subnet; the interface itself does not say which it is."""
    groups, subnet = sorted(values(interface.groups)), values(interface.subnet)
    key = f"{','.join(groups)} {''.join(subnet)}"
    for kind in (DbCluster, DbInstance, DbProxy):
        found = index.by(kind, "worn groups", lambda item: _worn(item, index), key)
        if found:
            return found[0]
    return None


def _worn(database: Resource, index: Index) -> tuple[str, ...]:
    return tuple(
        f"{','.join(sorted(values(way.groups)))} {subnet}"
        for way in declared(database, index)
        for subnet in values(way.subnets)
    )

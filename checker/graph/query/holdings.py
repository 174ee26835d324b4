"""Where a resource stands: the spots of owners, of their parts, and of what only holds others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.interfaces import holder_of, owner_of
from checker.graph.place import Endpoint
from checker.graph.query.end import End, Spot, spots
from checker.model import addresses as line
from checker.model.fact import Missing, known_or, merge
from checker.model.intervals import EMPTY
from checker.model.resource import Resource
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.instance import Instance
from checker.resources.internet_gateway import InternetGateway
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_interface import NetworkInterface
from checker.resources.replication_group import ReplicationGroup
from checker.resources.security_group import SecurityGroup
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc
from checker.resources.vpc_endpoint import VpcEndpoint

# What can be asked for: first what has a place of its own, then what holds others or leads out of a VPC. A name that
# both have means the first: groups, templates and subnets are often called after what they are for.
KINDS: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "load_balancer",
            "classic_load_balancer",
            "auto_scaling_group",
            "instance",
            "network_interface",
            "db_cluster",
            "db_instance",
            "db_proxy",
            "replication_group",
            "cache_cluster",
            "serverless_cache",
            "file_system",
            "vpc_endpoint",
            "dynamo_table",
            "nat_gateway",
        ),
        0,
    ),
    **dict.fromkeys(("subnet", "vpc", "security_group", "internet_gateway", "vpn_gateway"), 1),
}


def owner_behind(resource: Resource, graph: Graph) -> Resource:
    """Return the durable owner that a resource is a part of, or the resource itself."""
    if isinstance(resource, NetworkInterface):
        return owner_of(resource, graph.index)
    if isinstance(resource, Instance):
        return holder_of(resource.id, graph.index) or resource
    if isinstance(resource, DbInstance):
        return _whole(resource, DbCluster, values(resource.cluster), graph)
    if isinstance(resource, CacheCluster):
        return _whole(resource, ReplicationGroup, values(resource.replication_group), graph)
    return resource


def _whole(part: Resource, kind: type[Resource], named: tuple[str, ...], graph: Graph) -> Resource:
    return (graph.index.named(kind, part.scope, named[0]) if named else None) or part


def end_of(resource: Resource, asked: str, graph: Graph) -> End:
    """Return the end that a resource is."""
    owner = owner_behind(resource, graph)
    read = _READERS.get(type(resource))
    found = read(resource, graph) if read else spots(graph.endpoints.of(owner), graph)
    notes: list[str] = []
    if not found and owner is not resource:
        found = spots(graph.endpoints.of(owner), graph)
        notes.append(f"where {resource.label} stands is not known: taken for any of {owner.label}")
    elif owner is not resource and type(resource) in (DbInstance, CacheCluster):
        notes.append(f"{resource.label} is a member of {owner.label}, which decides where it may stand")
    outside, vpcs = EMPTY, tuple[str, ...]()
    if resource.kind in ("internet_gateway", "vpn_gateway"):
        outside = line.INTERNET if isinstance(resource, InternetGateway) else line.PRIVATE
        vpcs = values(getattr(resource, "vpcs", None))
    return End(
        asked=asked,
        kind=resource.kind,
        id=resource.id,
        name=resource.label,
        scope=resource.scope,
        owners=(owner,),
        spots=found,
        outside=outside,
        vpcs=vpcs,
        missing=() if found and read else merge(graph.endpoints.lost(owner), _unread(resource, graph)),
        notes=tuple(notes),
    )


def _unread(resource: Resource, graph: Graph) -> tuple[Missing, ...]:
    """Return why what a resource holds may not have been seen."""
    holds = isinstance(resource, Subnet | Vpc | SecurityGroup)
    return graph.endpoints.unseen() if holds else ()


def _interfaces(ids: Iterable[str], graph: Graph) -> tuple[Spot, ...]:
    """Return the spots of single interfaces, wherever their owner has others."""
    wanted = frozenset(ids)
    seen = (graph.index.get(NetworkInterface, id) for id in sorted(wanted))
    owners = dict.fromkeys(owner_of(one, graph.index) for one in seen if one)
    endpoints: list[Endpoint] = [endpoint for owner in owners for endpoint in graph.endpoints.of(owner)]
    return spots(endpoints, graph, wanted)


def _interface(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    return _interfaces([resource.id], graph)


def _instance(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    attached = graph.index.by(NetworkInterface, "instance", lambda item: values(item.instance), resource.id)
    own = values(resource.interfaces) if isinstance(resource, Instance) else ()
    return _interfaces([*(item.id for item in attached), *own], graph) or spots(graph.endpoints.of(resource), graph)


def _with_interfaces(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    own = known_or(resource.interfaces, ()) if isinstance(resource, NatGateway | VpcEndpoint) else ()
    return _interfaces(own, graph) or spots(graph.endpoints.of(resource), graph)


def _subnet(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    homes = values(resource.vpc) if isinstance(resource, Subnet) else ()
    here = (one for vpc in homes for one in graph.endpoints.inside(vpc) if one.place.subnet == resource.id)
    return spots(here, graph)


def _vpc(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    return spots(graph.endpoints.inside(resource.id), graph)


def _group(resource: Resource, graph: Graph) -> tuple[Spot, ...]:
    return spots(graph.endpoints.wearing(resource.id), graph)


_READERS: Mapping[type[Resource], Callable[[Resource, Graph], tuple[Spot, ...]]] = {
    NetworkInterface: _interface,
    Instance: _instance,
    NatGateway: _with_interfaces,
    VpcEndpoint: _with_interfaces,
    Subnet: _subnet,
    Vpc: _vpc,
    SecurityGroup: _group,
}

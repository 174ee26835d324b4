"""Where each kind of owner may stand, by its own declaration: the subnets, groups and addresses it can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from checker.graph.index import Index, values
from checker.graph.place import Initiates
from checker.model.fact import Fact, Known, Missing, Unknown
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup, TemplateRef
from checker.resources.cache_cluster import CacheCluster
from checker.resources.cache_subnet_group import CacheSubnetGroup
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.db_subnet_group import DbSubnetGroup
from checker.resources.file_system import FileSystem
from checker.resources.instance import Instance
from checker.resources.launch_configuration import LaunchConfiguration
from checker.resources.launch_template import LaunchTemplate
from checker.resources.load_balancer import LoadBalancer
from checker.resources.mount_target import MountTarget
from checker.resources.network_interface import NetworkInterface
from checker.resources.replication_group import ReplicationGroup
from checker.resources.security_group import SecurityGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.service import Service
from checker.resources.subnet import Subnet
from checker.resources.vpc_endpoint import VpcEndpoint


@dataclass(frozen=True)
class Declared:
    """One way for an owner to stand in its subnets.

    `groups` of a place that is not `filtered` are ignored; `public` and `v6` take a subnet, whose settings may decide.
    """

    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    initiates: Initiates
    public: Callable[[Subnet], Fact[bool]] = field(default=lambda _: Known(False))
    v6: Callable[[Subnet], Fact[bool]] = field(default=lambda _: Known(False))
    v4: bool = True
    filtered: bool = True
    standing: bool = True


def declared(owner: Resource, index: Index) -> tuple[Declared, ...]:
    """Return the ways in which an owner may stand; none for kinds that have no place in a VPC."""
    return tuple(_READERS[type(owner)](owner, index)) if type(owner) in _READERS else ()


def templates(group: AutoScalingGroup, index: Index) -> Fact[tuple[LaunchTemplate | LaunchConfiguration, ...]]:
    """Return what an Auto Scaling group launches from: every template version, or its configuration."""
    if isinstance(group.configuration, Known) and group.configuration.value:
        found = index.named(LaunchConfiguration, group.scope, group.configuration.value)
        lost = Missing(
            f"launch configuration {group.configuration.value}", "allow autoscaling:DescribeLaunchConfigurations"
        )
        return Known((found,)) if found else Unknown(*index.missing(LaunchConfiguration, group.scope) or (lost,))

    def resolve(refs: tuple[TemplateRef, ...]) -> Fact[tuple[LaunchTemplate | LaunchConfiguration, ...]]:
        versions = []
        for ref in refs:
            version = _version(ref, group, index)
            if version is None:
                lost = Missing(f"version {ref.version} of launch template {ref.id or ref.name}", _LAUNCH)
                return Unknown(*index.missing(LaunchTemplate, group.scope) or (lost,))
            versions.append(version)
        # Every group launches from something.
        lost = Missing(f"what {group.label} launches from", "allow autoscaling:DescribeAutoScalingGroups")
        return Known(tuple(versions)) if versions else Unknown(lost)

    return group.template.then(
        lambda one: group.overrides.then(lambda more: resolve(tuple(dict.fromkeys([*([one] if one else []), *more]))))
    )


_LAUNCH = "allow ec2:DescribeLaunchTemplateVersions"


def _version(ref: TemplateRef, group: AutoScalingGroup, index: Index) -> LaunchTemplate | None:
    keys = lambda item: (*values(item.template), *values(item.template_name))  # noqa: E731  # a key function
    seen = [
        item for item in index.by(LaunchTemplate, "template", keys, ref.id or ref.name) if item.scope == group.scope
    ]
    numbered = {item.version.value: item for item in seen if isinstance(item.version, Known)}
    if ref.version == "$Latest":
        if index.missing(LaunchTemplate, group.scope):
            return None  # a newer one may be among those that were not seen
        # One whose number is not known may be the latest.
        return numbered[max(numbered)] if numbered and len(numbered) == len(seen) else None
    if ref.version in ("$Default", ""):
        return next((item for item in seen if item.is_default.is_(True).is_yes), None)
    return numbered.get(int(ref.version)) if ref.version.isdigit() else None


def _load_balancer(owner: LoadBalancer, index: Index) -> Iterator[Declared]:
    network = owner.type.is_("application").is_no
    public_v4 = owner.address_type.holds(lambda kind: kind != "dualstack-without-public-ipv4")
    public = owner.internet_facing.then(lambda facing: _fact(public_v4).map(lambda v4: facing and v4))
    yield Declared(
        subnets=owner.subnets,
        groups=owner.groups,
        initiates=Initiates.TARGETS,
        public=lambda _: public,
        v6=lambda _: owner.address_type.map(lambda kind: kind.startswith("dualstack")),
        filtered=not (network and owner.groups.is_(()).is_yes),
    )


def _classic_load_balancer(owner: ClassicLoadBalancer, index: Index) -> Iterator[Declared]:
    yield Declared(owner.subnets, owner.groups, Initiates.TARGETS, lambda _: owner.internet_facing)


def _fact(answer: object) -> Fact[bool]:
    value, missing = getattr(answer, "value", None), getattr(answer, "missing", ())
    return Unknown(*missing) if value is None else Known(bool(value))


def _auto_scaling_group(owner: AutoScalingGroup, index: Index) -> Iterator[Declared]:
    launched = templates(owner, index)
    if not isinstance(launched, Known):
        yield Declared(owner.subnets, Unknown(*launched.missing), Initiates.ANY, lambda _: Unknown(*launched.missing))
        return
    idle = owner.maximum.is_(0).is_yes
    for template in launched.value:
        yield Declared(
            subnets=owner.subnets,
            groups=_launched_groups(template, owner, index),
            initiates=Initiates.ANY,
            public=partial(launched_public, template),
            v6=partial(_launched_v6, template),
            standing=not idle,
        )


def launched_public(template: LaunchTemplate | LaunchConfiguration, subnet: Subnet) -> Fact[bool]:
    """Return whether a launch gets a public IPv4 address: the template decides, else the subnet (semantics 32)."""
    return template.associate_public.then(lambda own: subnet.public_on_launch if own is None else Known(own))


def _launched_v6(template: LaunchTemplate | LaunchConfiguration, subnet: Subnet) -> Fact[bool]:
    if isinstance(template, LaunchConfiguration):
        return subnet.ipv6_on_launch
    return template.ipv6_addresses.then(lambda own: Known(True) if own else subnet.ipv6_on_launch)


def _launched_groups(
    template: LaunchTemplate | LaunchConfiguration, owner: AutoScalingGroup, index: Index
) -> Fact[tuple[str, ...]]:
    """Return the template's groups; names are looked up; without any, the VPC's default group is worn (semantics 8)."""

    def named(ids: tuple[str, ...]) -> Fact[tuple[str, ...]]:
        if ids:
            return Known(ids)
        names = template.group_names if isinstance(template, LaunchTemplate) else Known[tuple[str, ...]](())
        return owner.subnets.then(lambda subnets: names.then(lambda wanted: _groups_by_name(wanted, subnets, index)))

    return template.groups.then(named)


def _groups_by_name(names: tuple[str, ...], subnets: tuple[str, ...], index: Index) -> Fact[tuple[str, ...]]:
    vpcs = {vpc for subnet in subnets if (found := index.get(Subnet, subnet)) for vpc in values(found.vpc)}
    here = [group for group in index.all(SecurityGroup).items if set(values(group.vpc)) & vpcs]
    wanted = [group for group in here if (group.name in names if names else group.is_default.is_(True).is_yes)]
    if not wanted:
        what = f"security groups named {', '.join(names)}" if names else "the default security group"
        return Unknown(*index.missing(SecurityGroup) or (Missing(what, "allow ec2:DescribeSecurityGroups"),))
    return Known(tuple(group.id for group in wanted))


def _instance(owner: Instance, index: Index) -> Iterator[Declared]:
    if all(index.get(NetworkInterface, id) for id in values(owner.interfaces)) and values(owner.interfaces):
        return  # its interfaces tell more, and each is an endpoint of the instance
    public = owner.public.map(lambda address: address is not None)
    yield Declared(owner.subnet.map(lambda one: (one,)), owner.groups, Initiates.ANY, lambda _: public)


def _db_instance(owner: DbInstance, index: Index) -> Iterator[Declared]:
    yield Declared(owner.subnets, owner.groups, Initiates.ANY, lambda _: owner.public, lambda _: owner.dual_stack)


def _db_cluster(owner: DbCluster, index: Index) -> Iterator[Declared]:
    members = cluster_members(owner, index)

    def look_up(name: str | None) -> Fact[tuple[str, ...]]:
        found = index.named(DbSubnetGroup, owner.scope, name) if name else None
        if found:
            return found.subnets
        if members:
            return members[0].subnets
        return Unknown(*index.missing(DbSubnetGroup, owner.scope) or (Missing(f"the subnets of {owner}", _SUBNETS),))

    shown = [member.public for member in members] or [owner.public]
    public = next((fact for fact in shown if not fact.is_(False).is_yes), shown[0])
    yield Declared(
        owner.subnet_group.then(look_up), owner.groups, Initiates.ANY, lambda _: public, lambda _: owner.dual_stack
    )


_SUBNETS = "allow rds:DescribeDBSubnetGroups"


def cluster_members(cluster: DbCluster, index: Index) -> tuple[DbInstance, ...]:
    """Return the instances of a cluster that were listed."""
    found = index.by(DbInstance, "cluster", lambda item: values(item.cluster), cluster.id)
    return tuple(item for item in found if item.scope == cluster.scope)


def _db_proxy(owner: DbProxy, index: Index) -> Iterator[Declared]:
    yield Declared(owner.subnets, owner.groups, Initiates.TARGETS)


def _cache_cluster(owner: CacheCluster, index: Index) -> Iterator[Declared]:
    def look_up(name: str | None) -> Fact[tuple[str, ...]]:
        found = index.named(CacheSubnetGroup, owner.scope, name) if name else None
        if found:
            return found.subnets
        lost = Missing(f"the subnets of {owner}", "allow elasticache:DescribeCacheSubnetGroups")
        return Unknown(*index.missing(CacheSubnetGroup, owner.scope) or (lost,))

    yield Declared(owner.subnet_group.then(look_up), owner.groups, Initiates.NEVER, v6=lambda _: owner.dual_stack)


def _replication_group(owner: ReplicationGroup, index: Index) -> Iterator[Declared]:
    nodes = replication_members(owner, index)
    if not nodes or not owner.members.holds(lambda ids: set(ids) <= {node.id for node in nodes}).is_yes:
        lost = Missing(f"the nodes of {owner}", "allow elasticache:DescribeCacheClusters")
        unknown = Unknown(*index.missing(CacheCluster, owner.scope) or (lost,))
        yield Declared(unknown, unknown, Initiates.NEVER)
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for node in nodes:
        alike = (values(node.subnet_group), values(node.groups))
        if alike not in seen or not isinstance(node.groups, Known):
            seen.add(alike)
            yield from _cache_cluster(node, index)


def replication_members(group: ReplicationGroup, index: Index) -> tuple[CacheCluster, ...]:
    """Return the nodes of a replication group that were listed."""
    found = index.by(CacheCluster, "replication group", lambda item: values(item.replication_group), group.id)
    return tuple(item for item in found if item.scope == group.scope)


def _serverless_cache(owner: ServerlessCache, index: Index) -> Iterator[Declared]:
    yield Declared(owner.subnets, owner.groups, Initiates.NEVER)


def mount_targets(owner: FileSystem, index: Index) -> tuple[MountTarget, ...]:
    """Return the mount targets of a file system that were listed."""
    return index.by(MountTarget, "file system", lambda item: values(item.file_system), owner.id)


def _file_system(owner: FileSystem, index: Index) -> Iterator[Declared]:
    for target in mount_targets(owner, index):
        interface = next((found for id in values(target.interface) if (found := index.get(NetworkInterface, id))), None)
        groups = interface.groups if interface else target.groups.then(partial(_told_groups, target, index))
        yield Declared(target.subnet.map(lambda one: (one,)), groups, Initiates.NEVER)


def _told_groups(target: MountTarget, index: Index, own: tuple[str, ...] | None) -> Fact[tuple[str, ...]]:
    if own is not None:
        return Known(own)
    lost = Missing(f"the security groups of mount target {target.id}", "allow ec2:DescribeNetworkInterfaces")
    return Unknown(*index.missing(NetworkInterface, target.scope) or (lost,))


def _service(owner: Service, index: Index) -> Iterator[Declared]:
    yield Declared(
        owner.subnets, owner.groups, Initiates.ANY, public=lambda _: owner.public, v6=lambda _: owner.dual_stack
    )


def _vpc_endpoint(owner: VpcEndpoint, index: Index) -> Iterator[Declared]:
    interface = owner.type.is_("Interface")
    if interface.is_yes:
        yield Declared(owner.subnets, owner.groups, Initiates.NEVER)
    elif interface.is_unknown:
        yield Declared(Unknown(*interface.missing), owner.groups, Initiates.NEVER)


_READERS: Mapping[type[Resource], Callable[..., Iterator[Declared]]] = {
    LoadBalancer: _load_balancer,
    ClassicLoadBalancer: _classic_load_balancer,
    AutoScalingGroup: _auto_scaling_group,
    Instance: _instance,
    DbInstance: _db_instance,
    DbCluster: _db_cluster,
    DbProxy: _db_proxy,
    CacheCluster: _cache_cluster,
    ReplicationGroup: _replication_group,
    ServerlessCache: _serverless_cache,
    FileSystem: _file_system,
    Service: _service,
    VpcEndpoint: _vpc_endpoint,
}

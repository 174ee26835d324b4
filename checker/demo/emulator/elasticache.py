"""ElastiCache: replication groups with every member listed, and node-based clusters with their interfaces."""

from functools import cache
from itertools import cycle
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elasticache.models import CacheSubnetGroup, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse

from checker.demo.emulator import interfaces
from checker.demo.emulator.patching import answer_empty, answers, replaces

OWNER = "amazon-elasticache"
NOTHING = {"describe_global_replication_groups": "GlobalReplicationGroups", "describe_user_groups": "UserGroups"}
DEFAULT_VERSIONS = {"redis": "7.1.0", "valkey": "8.0.1", "memcached": "1.6.22"}
# every argument of moto's create_cache_cluster that a member of a replication group leaves unset
UNSET = dict.fromkeys(
    (
        "az_mode", "network_type", "ip_discovery", "snapshot_name", "preferred_maintenance_window", "snapshot_window",
        "notification_topic_arn", "auth_token", "outpost_mode", "preferred_outpost_arn", "preferred_availability_zones",
        "cache_security_group_names", "tags", "snapshot_arns", "preferred_outpost_arns", "log_delivery_configurations",
        "cache_node_ids_to_remove", "cache_node_ids_to_reboot",
    )
)  # fmt: skip


@cache
def apply() -> None:
    """Patch moto's ElastiCache models."""
    interfaces.apply()
    answer_empty(ElastiCacheResponse, NOTHING)
    _subnet_groups()
    _clusters()
    _replication_groups()
    _changes()


def _ec2(backend: Any) -> Any:
    return ec2_backends[backend.account_id][backend.region_name]


def _zones(backend: Any, subnet_group: str | None) -> dict[str, str]:
    """Return zone -> subnet id of a subnet group, in the group's order; empty without a group."""
    group = backend.cache_subnet_groups.get(subnet_group)
    subnets = group.subnets if group else []
    return {each["subnet_availability_zone"]["Name"]: each["subnet_identifier"] for each in subnets}


def _subnet_groups() -> None:
    @replaces(CacheSubnetGroup, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        for subnet in self.subnets:
            subnet["subnet_availability_zone"] = {"Name": subnet.get("subnet_availability_zone")}

    @answers(ElastiCacheResponse, "modify_cache_subnet_group")
    def _(call: Any) -> object:
        groups, name = call.elasticache_backend.cache_subnet_groups, call._get_param("CacheSubnetGroupName")
        old = groups[name]
        groups[name] = CacheSubnetGroup(
            account_id=call.elasticache_backend.account_id,
            region_name=call.elasticache_backend.region_name,
            cache_subnet_group_name=name,
            cache_subnet_group_description=old.cache_subnet_group_description,
            subnet_ids=call._get_param("SubnetIds", []) or old.subnet_ids,
            tags=old.tags,
        )
        return {"CacheSubnetGroup": groups[name]}

    @answers(ElastiCacheResponse, "delete_cache_subnet_group")
    def _(call: Any) -> object:
        call.elasticache_backend.cache_subnet_groups.pop(call._get_param("CacheSubnetGroupName"), None)
        return None


def _clusters() -> None:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html."""

    @replaces(ElastiCacheBackend, "create_cache_cluster")
    def _(original: Any, self: Any, **kwargs: Any) -> Any:
        memcached = kwargs.get("engine") == "memcached"
        kwargs["port"] = kwargs.get("port") or (11211 if memcached else 6379)
        cluster = original(self, **kwargs)
        subnets = _zones(self, cluster.cache_subnet_group_name)
        count = (kwargs.get("num_cache_nodes") or 1) if memcached else 1
        first = cluster.preferred_availability_zone or next(iter(subnets), f"{self.region_name}a")
        spread = cluster.preferred_availability_zones or (
            list(subnets) if kwargs.get("az_mode") == "cross-az" and subnets else [first]
        )
        zones = [zone for zone, _ in zip(cycle(spread), range(count), strict=False)]
        cluster.num_cache_nodes = count
        cluster.preferred_availability_zone = zones[0] if len(set(zones)) == 1 else "Multiple"
        cluster.engine_version = cluster.engine_version or DEFAULT_VERSIONS[cluster.engine]
        cluster.cache_parameter_group = {
            "CacheParameterGroupName": cluster.cache_parameter_group_name or f"default.{cluster.engine}",
            "ParameterApplyStatus": "in-sync",
            "CacheNodeIdsToReboot": [],
        }
        type(cluster).security_groups = property(
            lambda self: [{"SecurityGroupId": each, "Status": "active"} for each in self.security_group_ids]
        )
        cluster.cache_nodes = [_node(cluster, number, zone) for number, zone in enumerate(zones, 1)]
        cluster.interfaces = [
            interfaces.place(
                _ec2(self), subnets[zone], description=f"ElastiCache {cluster.cache_cluster_id}",
                groups=lambda: cluster.security_group_ids, owner=OWNER,
            )
            for zone in zones
            if zone in subnets
        ]  # fmt: skip
        return cluster

    @replaces(ElastiCacheBackend, "delete_cache_cluster")
    def _(original: Any, self: Any, cache_cluster_id: str) -> Any:
        cluster = original(self, cache_cluster_id)
        _forget(self, cache_cluster_id)
        return cluster


def _node(cluster: Any, number: int, zone: str) -> dict[str, Any]:
    node = f"{number:04}"
    address = f"{cluster.cache_cluster_id}.demo00.{node}.use1.cache.amazonaws.com"
    return {
        "CacheNodeId": node,
        "CacheNodeStatus": "available",
        "Endpoint": {"Address": address, "Port": cluster.port},
        "ParameterGroupStatus": "in-sync",
        "CustomerAvailabilityZone": zone,
    }


def _forget(backend: Any, cluster_id: str) -> None:
    cluster = backend.cache_clusters.pop(cluster_id, None)
    if cluster:
        interfaces.remove(_ec2(backend), cluster.interfaces)


def _replication_groups() -> None:
    """Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html."""

    @replaces(ElastiCacheBackend, "create_replication_group")
    def _(original: Any, self: Any, **kwargs: Any) -> Any:
        sharded = (kwargs.get("num_node_groups") or 1) > 1
        if sharded or "cluster.on" in (kwargs.get("cache_parameter_group_name") or ""):
            kwargs["cluster_mode"] = kwargs.get("cluster_mode") or "enabled"
        elif kwargs.get("num_cache_clusters") and not kwargs.get("replicas_per_node_group"):
            # moto sets the count of members from the replicas alone and drops NumCacheClusters
            kwargs["replicas_per_node_group"] = kwargs["num_cache_clusters"] - 1
        group = original(self, **kwargs)
        group.engine_version = kwargs.get("engine_version") or DEFAULT_VERSIONS[group.engine]
        given = {config.get("NodeGroupId") for config in kwargs.get("node_group_configuration") or []}
        zones = cycle(
            kwargs.get("preferred_cache_cluster_azs")
            or list(_zones(self, group.cache_subnet_group_name))
            or [f"{self.region_name}a"]
        )
        for shard in group.node_groups:
            if "reader_endpoint_address" in shard:
                shard["reader_endpoint"] = {"address": shard["reader_endpoint_address"], "port": group.port}
            for member in shard["node_group_members"]:
                member["cache_node_id"] = "0001"
                if shard["node_group_id"] not in given:
                    member["preferred_availability_zone"] = next(zones)
                _join(self, group, member)
        return group

    @replaces(ElastiCacheBackend, "delete_replication_group")
    def _(original: Any, self: Any, replication_group_id: str, retain_primary_cluster: bool | None = None) -> Any:
        members = list(self.replication_groups[replication_group_id].member_clusters)
        group = original(self, replication_group_id, retain_primary_cluster)
        for member in members[1:] if retain_primary_cluster else members:
            _forget(self, member)
        del self.replication_groups[replication_group_id]
        return group


def _join(backend: Any, group: Any, member: dict[str, Any]) -> None:
    """Create the cluster behind one member, which AWS lists in DescribeCacheClusters as well."""
    cluster = backend.create_cache_cluster(
        **UNSET,
        cache_cluster_id=member["cache_cluster_id"],
        replication_group_id=group.replication_group_id,
        preferred_availability_zone=member["preferred_availability_zone"],
        num_cache_nodes=1,
        cache_node_type=group.cache_node_type,
        engine=group.engine,
        engine_version=group.engine_version,
        cache_parameter_group_name=group.cache_parameter_group_name,
        cache_subnet_group_name=group.cache_subnet_group_name,
        security_group_ids=group.security_group_ids,
        snapshot_retention_limit=group.snapshot_retention_limit,
        transit_encryption_enabled=group.transit_encryption_enabled,
        port=group.port,
        auto_minor_version_upgrade=True,
    )
    cluster.replication_group_id = group.replication_group_id
    cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    cluster.auth_token_enabled = group.auth_token_enabled
    cluster.transit_encryption_mode = group.transit_encryption_mode


def _changes() -> None:
    @replaces(ElastiCacheResponse, "modify_replication_group")
    def _(original: Any, self: Any) -> Any:
        answer = original(self)
        group = answer.result["ReplicationGroup"]
        if mode := self._get_param("TransitEncryptionMode"):
            group.transit_encryption_mode = mode
        for member in group.member_clusters:
            cluster = self.elasticache_backend.cache_clusters[member]
            if groups := self._get_param("SecurityGroupIds"):
                cluster.security_group_ids = list(groups)
            cluster.snapshot_retention_limit = group.snapshot_retention_limit
            cluster.transit_encryption_mode = group.transit_encryption_mode
        return answer

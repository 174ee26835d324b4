"""A replication group: the primary and the replicas of a Redis OSS or Valkey cache, in one shard or several."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.cache_nodes import (
    PORTS,
    is_sharded,
    nodes_of,
    port_of,
    replicas_of,
    runs_encrypted,
    speaks_encrypted,
)
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common, is_set


@dataclass(frozen=True, eq=False, kw_only=True)
class ReplicationGroup(Resource):
    """A replication group; `replicas` counts those of the shard that has fewest, `members` are cache clusters.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
    """

    kind = "replication_group"

    engine: Fact[str]
    members: Fact[tuple[str, ...]]
    multi_az: Fact[bool]
    failover: Fact[bool]
    replicas: Fact[int]
    zones: Fact[tuple[str, ...]]
    port: Fact[int]
    encrypted: Fact[bool]
    in_transit: Fact[bool]
    transit_mode: Fact[str | None]
    cluster_enabled: Fact[bool]
    dual_stack: Fact[bool]


def _from_api(reader: Reader) -> Iterator[ReplicationGroup]:
    yield ReplicationGroup(
        id=reader.must("ReplicationGroupId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("ReplicationGroupId"),
        arn=reader.plain("ARN") or None,
        engine=reader.text("Engine", default="redis"),
        members=reader.texts("MemberClusters"),
        multi_az=reader.text("MultiAZ", default="disabled").map(lambda state: state == "enabled"),
        failover=reader.text("AutomaticFailover", default="disabled").map(
            lambda state: state in ("enabled", "enabling")
        ),
        replicas=_replicas(reader),
        zones=_zones(reader),
        port=_port(reader),
        encrypted=reader.flag("AtRestEncryptionEnabled", default=False),
        in_transit=reader.flag("TransitEncryptionEnabled", default=False),
        transit_mode=reader.maybe("TransitEncryptionMode"),
        cluster_enabled=reader.flag("ClusterEnabled", default=False),
        dual_stack=reader.text("NetworkType", default="ipv4").map(lambda kind: kind == "dual_stack"),
    )


def _from_terraform(reader: Reader) -> Iterator[ReplicationGroup]:
    """Yield a group with the nodes that it will have.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
    """
    engine = reader.text("engine")
    yield ReplicationGroup(
        **common(reader, "replication_group_id"),
        engine=engine,
        members=Known(tuple(node.id for node in nodes_of(reader))),
        multi_az=reader.flag("multi_az_enabled", default=False),
        failover=reader.flag("automatic_failover_enabled", default=False),
        replicas=replicas_of(reader),
        zones=(
            reader.texts("preferred_cache_cluster_azs").map(lambda zones: tuple(sorted(set(zones))))
            if is_set(reader, "preferred_cache_cluster_azs")
            else reader.unknown("preferred_cache_cluster_azs")
        ),
        port=port_of(reader, engine),
        encrypted=runs_encrypted(reader, engine),
        in_transit=speaks_encrypted(reader),
        transit_mode=reader.maybe("transit_encryption_mode"),
        cluster_enabled=is_sharded(reader),
        dual_stack=reader.text("network_type", default="ipv4").map(lambda kind: kind == "dual_stack"),
    )


def _from_outside(reader: Reader) -> Iterator[ReplicationGroup]:
    """Yield a group that stands elsewhere: its nodes are not told."""
    for group in _from_terraform(reader):
        yield replace(group, members=reader.unknown("member_clusters"))


def _replicas(reader: Reader) -> Fact[int]:
    def settled(sizes: tuple[int, ...]) -> Fact[int]:
        if sizes and min(sizes) > 0:
            return Known(min(sizes) - 1)
        # Without its nodes, a group of several shards does not tell how its members are shared out.
        sharded = reader.flag("ClusterEnabled", default=False)
        return sharded.then(
            lambda several: (
                reader.unknown("NodeGroups.NodeGroupMembers")
                if several or not reader.has("MemberClusters")
                else reader.texts("MemberClusters").map(lambda members: max(len(members) - 1, 0))
            )
        )

    return reader.each("NodeGroups", lambda shard: shard.each("NodeGroupMembers", Known).map(len)).then(settled)


def _zones(reader: Reader) -> Fact[tuple[str, ...]]:
    def shard_zones(shard: Reader) -> Fact[tuple[str, ...]]:
        return shard.each("NodeGroupMembers", lambda node: node.text("PreferredAvailabilityZone"))

    def settled(found: tuple[tuple[str, ...], ...]) -> Fact[tuple[str, ...]]:
        zones = tuple(sorted({zone for zones in found for zone in zones}))
        return Known(zones) if zones else reader.unknown("NodeGroups.NodeGroupMembers.PreferredAvailabilityZone")

    return reader.each("NodeGroups", shard_zones).then(settled)


def _port(reader: Reader) -> Fact[int]:
    if reader.has("ConfigurationEndpoint.Port"):
        return reader.number("ConfigurationEndpoint.Port")

    def shard_port(shard: Reader) -> Fact[int | None]:
        if shard.has("PrimaryEndpoint.Port"):
            return shard.maybe_number("PrimaryEndpoint.Port")
        return shard.each("NodeGroupMembers", lambda node: node.maybe_number("ReadEndpoint.Port")).map(
            lambda found: next((port for port in found if port), None)
        )

    # A group that is being created has no endpoint yet.
    return reader.each("NodeGroups", shard_port).map(
        lambda found: next((port for port in found if port), PORTS["redis"])
    )


KIND = Kind(
    type=ReplicationGroup,
    spellings={
        ("aws-api", "ReplicationGroup"): _from_api,
        ("terraform", "aws_elasticache_replication_group"): _from_terraform,
        ("terraform", "data.aws_elasticache_replication_group"): _from_outside,
    },
    parts=(Part("aws_elasticache_cluster", of="aws_elasticache_replication_group", by="replication_group_id"),),
    calls=(
        ListCall(
            service="elasticache",
            operation="describe_replication_groups",
            type="ReplicationGroup",
            result="ReplicationGroups",
            page=("MaxRecords", 100),
        ),
    ),
)

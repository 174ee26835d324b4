"""A cache cluster: all nodes of a Memcached cache, or one node of a Redis OSS or Valkey cache."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.cache_nodes import PORTS, nodes_of, port_of, runs_encrypted, speaks_encrypted
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, looked_up, named
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import common, is_set, tags

SPREAD = "Multiple"


@dataclass(frozen=True, eq=False, kw_only=True)
class CacheCluster(Resource):
    """A cache cluster; one of a replication group names it, and its zone is that of its one node.

    `cross_az` tells whether its nodes stand in several zones, `snapshot_days` is 0 where no snapshots are kept.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html
    """

    kind = "cache_cluster"
    belongs = ("replication_group",)

    replication_group: Fact[str | None]
    engine: Fact[str]
    engine_version: Fact[str]
    subnet_group: Fact[str | None]
    groups: Fact[tuple[str, ...]]
    port: Fact[int]
    zones: Fact[tuple[str, ...]]
    cross_az: Fact[bool]
    nodes: Fact[int]
    encrypted: Fact[bool]
    in_transit: Fact[bool]
    transit_mode: Fact[str | None]
    dual_stack: Fact[bool]
    snapshot_days: Fact[int]


def _from_api(reader: Reader) -> Iterator[CacheCluster]:
    yield CacheCluster(
        id=reader.must("CacheClusterId"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("CacheClusterId"),
        arn=reader.plain("ARN") or None,
        replication_group=reader.maybe("ReplicationGroupId"),
        engine=reader.text("Engine"),
        engine_version=reader.text("EngineVersion"),
        subnet_group=reader.maybe("CacheSubnetGroupName"),
        groups=reader.each("SecurityGroups", lambda group: group.text("SecurityGroupId"), default=REQUIRED),
        port=_port(reader),
        zones=_zones(reader),
        cross_az=_cross_az(reader),
        nodes=_nodes(reader),
        encrypted=reader.flag("AtRestEncryptionEnabled", default=False),
        in_transit=reader.flag("TransitEncryptionEnabled", default=False),
        transit_mode=reader.maybe("TransitEncryptionMode"),
        dual_stack=reader.text("NetworkType", default="ipv4").map(lambda kind: kind == "dual_stack"),
        snapshot_days=reader.number("SnapshotRetentionLimit", default=0),
    )


def _from_terraform(reader: Reader) -> Iterator[CacheCluster]:
    """Yield a cluster; a node that joins a replication group has all but its name and its place from there.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_cluster
    """
    group = looked_up(reader, "aws_elasticache_replication_group") or reader
    subnets, engine = looked_up(group, "aws_elasticache_subnet_group"), group.text("engine")
    yield CacheCluster(
        **common(reader, "cluster_id"),
        replication_group=reader.maybe_id("replication_group_id"),
        engine=engine,
        engine_version=_version(group),
        subnet_group=_subnet_group(group, subnets),
        groups=groups_worn(group, "security_group_ids", subnets),
        port=port_of(group, engine),
        zones=_configured_zones(reader),
        cross_az=reader.text("az_mode", default="single-az").map(lambda mode: mode == "cross-az"),
        nodes=reader.number("num_cache_nodes", default=1),
        encrypted=runs_encrypted(group, engine),
        in_transit=speaks_encrypted(group),
        transit_mode=group.maybe("transit_encryption_mode"),
        dual_stack=group.text("network_type", default="ipv4").map(lambda kind: kind == "dual_stack"),
        snapshot_days=group.number("snapshot_retention_limit", default=0),
    )


def _from_group(reader: Reader) -> Iterator[CacheCluster]:
    """Yield the nodes that a replication group surely has: ElastiCache lists each as a cluster.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html
    """
    subnets, engine = looked_up(reader, "aws_elasticache_subnet_group"), reader.text("engine")
    for node in nodes_of(reader):
        yield CacheCluster(
            id=node.id,
            scope=reader.scope,
            origin=reader.origin,
            name=node.id,
            tags=tags(reader),
            replication_group=Known(reader.must("id")),
            engine=engine,
            engine_version=_version(reader),
            subnet_group=_subnet_group(reader, subnets),
            groups=groups_worn(reader, "security_group_ids", subnets),
            port=port_of(reader, engine),
            zones=Known((node.zone,)) if node.zone else reader.unknown("preferred_cache_cluster_azs"),
            cross_az=Known(False),
            nodes=Known(1),
            encrypted=runs_encrypted(reader, engine),
            in_transit=speaks_encrypted(reader),
            transit_mode=reader.maybe("transit_encryption_mode"),
            dual_stack=reader.text("network_type", default="ipv4").map(lambda kind: kind == "dual_stack"),
            snapshot_days=reader.number("snapshot_retention_limit", default=0),
        )


def _version(reader: Reader) -> Fact[str]:
    return reader.text("engine_version_actual" if reader.plain("engine_version_actual") else "engine_version")


def _subnet_group(reader: Reader, found: Reader | None) -> Fact[str | None]:
    return (found.id("id") if found else reader.id("subnet_group_name")).map(lambda name: name)


def _configured_zones(reader: Reader) -> Fact[tuple[str, ...]]:
    if is_set(reader, "cache_nodes"):
        return reader.texts("cache_nodes", "availability_zone").map(lambda found: tuple(sorted(set(found))))
    if is_set(reader, "preferred_availability_zones"):
        return reader.texts("preferred_availability_zones").map(lambda found: tuple(sorted(set(found))))
    return reader.text("availability_zone").then(
        lambda zone: reader.unknown("preferred_availability_zones") if zone == SPREAD else Known((zone,))
    )


def _port(reader: Reader) -> Fact[int]:
    if reader.has("ConfigurationEndpoint.Port"):
        return reader.number("ConfigurationEndpoint.Port")
    usual = reader.text("Engine").then(
        lambda engine: Known(PORTS[engine]) if engine in PORTS else reader.unknown("CacheNodes.Endpoint.Port")
    )
    # A node that is being created has no endpoint yet.
    return reader.each("CacheNodes", lambda node: node.maybe_number("Endpoint.Port")).then(
        lambda found: next((Known(port) for port in found if port), usual)
    )


def _zones(reader: Reader) -> Fact[tuple[str, ...]]:
    only = reader.maybe("PreferredAvailabilityZone").then(
        lambda zone: (
            Known((zone,)) if zone and zone != SPREAD else reader.unknown("CacheNodes.CustomerAvailabilityZone")
        )
    )

    def settled(found: tuple[str | None, ...]) -> Fact[tuple[str, ...]]:
        zones = tuple(sorted({zone for zone in found if zone}))
        return Known(zones) if zones and None not in found else only

    return reader.each("CacheNodes", lambda node: node.maybe("CustomerAvailabilityZone")).then(settled)


def _cross_az(reader: Reader) -> Fact[bool]:
    return reader.text("PreferredAvailabilityZone", default="").then(
        lambda zone: reader.text("AZMode", default="").map(lambda mode: zone == SPREAD or mode == "cross-az")
    )


def _nodes(reader: Reader) -> Fact[int]:
    return reader.number("NumCacheNodes") if reader.has("NumCacheNodes") else reader.each("CacheNodes", Known).map(len)


KIND = Kind(
    type=CacheCluster,
    spellings={
        ("aws-api", "CacheCluster"): _from_api,
        ("terraform", "aws_elasticache_cluster"): _from_terraform,
        ("terraform", "data.aws_elasticache_cluster"): _from_terraform,
        ("terraform", "aws_elasticache_replication_group"): _from_group,
    },
    parts=(
        named("aws_elasticache_replication_group", of="aws_elasticache_cluster", by="replication_group_id"),
        named("aws_elasticache_subnet_group", of="aws_elasticache_cluster", by="subnet_group_name"),
        named("aws_elasticache_subnet_group", of="aws_elasticache_replication_group", by="subnet_group_name"),
    ),
    calls=(
        ListCall(
            service="elasticache",
            operation="describe_cache_clusters",
            type="CacheCluster",
            result="CacheClusters",
            arguments={"ShowCacheNodeInfo": True},
            page=("MaxRecords", 100),
        ),
    ),
)

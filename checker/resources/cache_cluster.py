"""A cache cluster: all nodes of a Memcached cache, or one node of a Redis OSS or Valkey cache."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader

PORTS = {"memcached": 11211, "redis": 6379, "valkey": 6379}
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
    spellings={("aws-api", "CacheCluster"): _from_api},
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

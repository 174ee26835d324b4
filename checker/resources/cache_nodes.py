"""What a configured cache comes to: its nodes, their names and places, its port and its encryption."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.fact import Fact, Known, known_or
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import is_set

# Clusters that join a group as one more replica each.
_JOINING = "aws_elasticache_cluster"
# The field of a group that is the secondary of a global one.
_GLOBAL = "global_replication_group_id"
PORTS = {"memcached": 11211, "redis": 6379, "valkey": 6379}


@dataclass(frozen=True)
class Node:
    """A node by its id, and its zone where that is told."""

    id: str
    zone: str | None = None


def is_sharded(group: Reader) -> Fact[bool]:
    """Return whether a replication group is in cluster mode: told, or by what only that mode has.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
    """
    if is_set(group, "cluster_enabled"):
        return group.flag("cluster_enabled")
    if is_set(group, "cluster_mode"):
        return group.text("cluster_mode").map(lambda mode: mode == "enabled")
    shards = group.maybe_number("num_node_groups")
    if shards.holds(lambda count: count is not None and count > 1).is_yes:
        return Known(True)
    parameters = group.text("parameter_group_name", default="")
    # The parameter `cluster-enabled` of a group of the user's own is not told here.
    return parameters.map(lambda name: name.endswith(".cluster.on"))


def replicas_of(group: Reader) -> Fact[int]:
    """Return how many replicas each shard has: those that it is made with, and those that join it by themselves.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_cluster
    """
    made = group.ids("member_clusters")
    if is_set(group, "member_clusters") and is_sharded(group).is_(False).is_yes:
        return made.map(lambda names: len(names) - 1)
    joining = group.ids(_JOINING, "id")
    return _configured_replicas(group).then(lambda count: joining.map(lambda found: count + len(found)))


def _configured_replicas(group: Reader) -> Fact[int]:
    """Return how many replicas a shard is made with: told for it, else what is left of the clusters but the primary."""
    own = group.maybe_number("replicas_per_node_group")
    clusters = group.maybe_number("num_cache_clusters")
    if isinstance(own, Known) and own.value is not None:
        return Known(own.value)
    if isinstance(clusters, Known) and clusters.value is not None:
        return Known(max(clusters.value - 1, 0))
    if own.missing or clusters.missing:
        return group.unknown("num_cache_clusters")
    # AWS does not document how many a sharded group gets that is not told.
    sharded = is_set(group, "num_node_groups") or not is_sharded(group).is_(False).is_yes
    return group.unknown("replicas_per_node_group") if sharded else Known(0)


def nodes_of(group: Reader) -> Iterator[Node]:
    """Yield the nodes that a replication group has for certain, by the names that ElastiCache gives them.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Replication.Redis.Groups.html
    """
    made = known_or(group.ids("member_clusters"), ())
    zones = known_or(group.texts("preferred_cache_cluster_azs"), ())
    shards = known_or(group.number("num_node_groups", default=1), 1)
    each = known_or(_configured_replicas(group), 0) + 1
    sharded = is_sharded(group).is_(True).is_yes
    stem = group.must("id")
    names = sorted(made) or [
        f"{stem}-{shard:04d}-{node:03d}" if sharded else f"{stem}-{node:03d}"
        for shard in range(1, (shards if sharded else 1) + 1)
        for node in range(1, each + 1)
    ]
    for at, name in enumerate(names):
        yield Node(name, zones[at] if at < len(zones) and len(zones) == len(names) else None)


def port_of(cache: Reader, engine: Fact[str]) -> Fact[int]:
    """Return the port that a cache tells, else its engine's."""
    if is_set(cache, "port"):
        return cache.number("port")
    return engine.then(lambda name: Known(PORTS[name]) if name in PORTS else cache.unknown("port"))


def runs_encrypted(cache: Reader, engine: Fact[str]) -> Fact[bool]:
    """Return whether a cache is encrypted at rest, which Valkey is by default and Redis OSS is not.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group
    """
    if is_set(cache, "at_rest_encryption_enabled") or is_set(cache, _GLOBAL):
        return cache.flag("at_rest_encryption_enabled")
    return engine.map(lambda name: name == "valkey")


def speaks_encrypted(cache: Reader) -> Fact[bool]:
    """Return whether a cache has TLS, which the secondary of a global group has from its primary."""
    return cache.flag("transit_encryption_enabled", default=REQUIRED if is_set(cache, _GLOBAL) else False)

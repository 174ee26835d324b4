"""
Cache in one zone.

What it checks
    A replication group has Multi-AZ and automatic failover on, a replica for each shard, and a subnet group over enough
    zones; a Memcached cluster spreads its nodes over zones; a serverless cache has subnets in enough zones.

Why it matters
    Without a replica in another zone that takes over by itself, every session and every warm entry goes with the zone.

How to fix
    Turn on Multi-AZ with automatic failover, with at least one replica, over a subnet group of two or more zones.

References
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
"""

from collections.abc import Iterator

from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.finding import Outcome, Severity, Violation, require
from checker.resources.cache_cluster import CacheCluster
from checker.resources.replication_group import ReplicationGroup
from checker.rules.interface import rule
from checker.rules.spread import spread
from checker.rules.subjects import members


@rule("AZ003", subject=members("cache"), severity=Severity.HIGH)
def check(cache: Member, view: View) -> Iterator[Outcome]:
    """Read the cache's own flags, then count the zones of its subnets."""
    owner = cache.owner
    if isinstance(owner, ReplicationGroup):
        name = owner.label
        fix = "Turn on Multi-AZ with automatic failover and give each shard a replica."
        yield from require(owner.multi_az.is_(True), Violation(f"{name} has Multi-AZ off", fix))
        yield from require(owner.failover.is_(True), Violation(f"{name} has automatic failover off", fix))
        # A shard stands in as many zones as it has nodes, at most.
        wanted = max(view.blueprint.zones.at_least - 1, 1)
        few = Violation(f"{name} has a shard with fewer than {wanted} replica{'s' * (wanted > 1)}", fix)
        yield from require(owner.replicas.holds(lambda count: count >= wanted), few)
    elif isinstance(owner, CacheCluster):
        spread_out = owner.cross_az.is_(True) & owner.nodes.holds(lambda count: count >= view.blueprint.zones.at_least)
        fix = "Use a replication group with Multi-AZ, or spread a Memcached cluster's nodes over zones."
        yield from require(spread_out, Violation(f"{owner.label} is one cluster in one zone", fix))
    yield from spread(cache, view, what="may stand", fix="Add subnets in other zones to the cache's subnet group.")

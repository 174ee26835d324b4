"""
Database in one zone.

What it checks
    A database instance that is written to has Multi-AZ on and a subnet group over enough zones; a cluster has members
    in more than one zone. Read replicas are not asked for a standby of their own.

Why it matters
    A database without a standby in another zone is down for as long as the zone is, and may lose what was written last.

How to fix
    Turn on Multi-AZ, or add a reader in another zone to the cluster.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
"""

from collections.abc import Iterator

from checker.graph.owners import cluster_members
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import NO, YES, Answer, Missing, known_or
from checker.model.finding import NotApplicable, Outcome, Severity, Violation, require
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.rules.aspects import is_replica
from checker.rules.interface import rule
from checker.rules.spread import spread
from checker.rules.subjects import members

SUPPLY = "allow rds:DescribeDBInstances"


@rule("AZ004", subject=members("data"), severity=Severity.HIGH)
def check(database: Member, view: View) -> Iterator[Outcome]:
    """Read the database's own flag, then count the zones of its subnets."""
    owner = database.owner
    replica = is_replica(owner)
    if replica.is_yes:
        yield NotApplicable("a read replica")
        return
    if isinstance(owner, DbInstance):
        yield from require(
            owner.multi_az.is_(True) | _open(replica),
            Violation(f"{owner.label} has Multi-AZ off: no standby", "Turn on Multi-AZ."),
        )
    elif isinstance(owner, DbCluster):
        fix = "Add a reader in another zone to the cluster."
        yield from require(
            _spans(owner, view) | _open(replica), Violation(f"{owner.label} has members in one zone only", fix)
        )
    yield from spread(
        database, view, what="may stand", fix="Add subnets in other zones to the database's subnet group."
    )


def _open(replica: Answer) -> Answer:
    """Return no, or unknown where the database may be a replica, which needs no standby."""
    return Answer(None, replica.missing) if replica.is_unknown else NO


def _spans(cluster: DbCluster, view: View) -> Answer:
    """Answer whether a cluster's members stand in enough zones: by the zone of each, else by the cluster's own flag."""
    if cluster.is_multi_az_cluster.is_(True).is_yes:
        return YES
    wanted = view.blueprint.zones.at_least
    nodes = cluster_members(cluster, view.graph.index)
    found = {zone for node in nodes if (zone := known_or(node.zone, None))}
    if len(found) >= wanted:
        return YES
    seen = {node.id for node in nodes if known_or(node.zone, None)}
    every = cluster.members.holds(lambda told: bool(told) and all(item.id in seen for item in told))
    if every.is_yes:
        return Answer(None, cluster.is_multi_az_cluster.missing) if cluster.is_multi_az_cluster.missing else NO
    # The flag tells of two zones, not of more.
    lost = view.graph.index.missing(DbInstance, cluster.scope) or (
        Missing(f"the zones of {cluster.label}'s members", SUPPLY),
    )
    return cluster.multi_az.is_(True) & (YES if wanted <= 2 else Answer(None, lost))

"""
Read replica that is missing.

What it checks
    Each database that is written to has at least one reader, and not all of them stand in the writer's zone. A Multi-AZ
    DB cluster has two readers in other zones by construction. How many more there may be is AWS's matter, not this
    rule's.

Why it matters
    Reads of hundreds of users at a time slow the writes of all; a reader in the writer's zone goes with it.

How to fix
    Add a read replica, or a reader to the cluster, in another zone.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html
"""

from collections.abc import Iterator

from checker.graph.index import Index, values
from checker.graph.owners import cluster_members
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import NO, YES, Answer, Fact, Known, Missing, Unknown, any_of, known_or, merge
from checker.model.finding import NotApplicable, Outcome, Seen, Severity, Step, Unsettled, Violation, require
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.rules.aspects import is_replica
from checker.rules.interface import rule
from checker.rules.subjects import members

Zone = Fact[str | None]
Readers = tuple[tuple[str, Zone], ...]


@rule("DAT001", subject=members("data"), severity=Severity.MEDIUM)
def check(database: Member, view: View) -> Iterator[Outcome]:
    """Count the readers and look at their zones."""
    owner, index = database.owner, view.graph.index
    if isinstance(owner, DbProxy):
        yield NotApplicable("a proxy")
    elif isinstance(owner, DbInstance | DbCluster):
        replica = is_replica(owner)
        if replica.is_yes:
            yield NotApplicable("a read replica itself")
        elif isinstance(owner, DbCluster) and owner.is_multi_az_cluster.is_(True).is_yes:
            yield Seen(Step(owner.label, "is a Multi-AZ DB cluster, which has two readers", owner.origin))
        elif isinstance(owner, DbCluster) and owner.members.missing:
            yield Unsettled(f"the members of {owner.label} are not known", owner.members.missing)
        else:
            home, readers = (
                _nodes(owner, index) if isinstance(owner, DbCluster) else (owner.zone, _replicas(owner, index))
            )
            yield from _judge(owner, home, readers, merge(replica.missing, _hidden(owner, index)))


def _hidden(owner: DbInstance | DbCluster, index: Index) -> tuple[Missing, ...]:
    """Return why there may be readers that were not seen: an owner that names its own does so whatever was listed."""
    if isinstance(owner, DbCluster):
        return owner.is_multi_az_cluster.missing
    if known_or(owner.replicas, ()) is not None:
        return owner.replicas.missing
    listed = index.all(DbInstance)
    # An ARN may name a source in another Region.
    unsure = (item.replica_of.missing for item in listed.items)
    return merge(index.missing(DbInstance, owner.scope), *unsure)


def _nodes(cluster: DbCluster, index: Index) -> tuple[Zone | None, Readers]:
    """Return the zone of a cluster's writer and its readers; no zone where the writer stands in another Region."""
    zones = {node.id: node.zone for node in cluster_members(cluster, index)}
    told = known_or(cluster.members, ())

    def zone(id: str) -> Zone:
        return zones[id] if id in zones else Unknown(*_lost(id, cluster, index))

    home = next((zone(item.id) for item in told if item.writer), None)
    return home, tuple((item.id, zone(item.id)) for item in told if not item.writer)


def _lost(id: str, owner: DbInstance | DbCluster, index: Index) -> tuple[Missing, ...]:
    return index.missing(DbInstance, owner.scope) or (Missing(f"the zone of {id}", "allow rds:DescribeDBInstances"),)


def _replicas(owner: DbInstance, index: Index) -> Readers:
    """Return an instance's replicas: those that name it as their source, and those that it names itself."""
    keys = lambda item: values(item.replica_of)  # noqa: E731  # a key function
    near = [item for item in index.by(DbInstance, "source", keys, owner.id) if item.scope == owner.scope]
    found = tuple(dict.fromkeys([*near, *(index.by(DbInstance, "source", keys, owner.arn) if owner.arn else ())]))
    seen = {item.id for item in found if item.scope == owner.scope} | {item.arn for item in found}
    return (
        *((item.label, item.zone) for item in found),
        *((id, _named_zone(id, owner, index)) for id in known_or(owner.replicas, None) or () if id not in seen),
    )


def _named_zone(id: str, owner: DbInstance, index: Index) -> Zone:
    # A replica of the same Region goes by its name, one of another by its ARN.
    parts = id.split(":")
    far = len(parts) > 3 and parts[3] != owner.scope.region
    return Known(f"a zone of {parts[3]}") if far else Unknown(*_lost(id, owner, index))


def _judge(
    owner: DbInstance | DbCluster, home: Zone | None, readers: Readers, hidden: tuple[Missing, ...]
) -> Iterator[Outcome]:
    more = Answer(None, hidden) if hidden else NO
    if not readers:
        yield from require(more, Violation(f"{owner.label} has no reader", "Add a read replica in another zone."))
        return
    # Of readers in two zones one stands away from the writer, wherever that is.
    apart = len({known for _, zone in readers if (known := known_or(zone, None))}) > 1
    away = Answer.of(apart) | any_of(_apart(name, zone, home) for name, zone in readers)
    same = Violation(
        message=f"every reader of {owner.label} stands in the writer's zone",
        fix="Add a reader in another zone.",
        path=tuple(Step(name, f"stands in {known_or(zone, None) or '?'}", owner.origin) for name, zone in readers),
    )
    names = ", ".join(name for name, _ in readers)
    yield from require(away | more, same, Step(owner.label, f"is read from {names}", owner.origin))


def _apart(name: str, reader: Zone, home: Zone | None) -> Answer:
    if home is None:
        return YES
    # A database that is being created has no zone yet.
    early = Unknown(Missing(f"the zones of {name} and of its writer", "wait until both are created"))

    def differ(mine: str | None, theirs: str | None) -> Fact[bool]:
        return Known(mine != theirs) if mine and theirs else early

    return home.then(lambda mine: reader.then(lambda theirs: differ(mine, theirs))).is_(True)

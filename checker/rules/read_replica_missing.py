"""
Read replica that is missing.

What it checks
    Each database that is written to has at least one reader, and not all of them stand in the writer's zone. How many more
    there may be is AWS's matter, not this rule's.

Why it matters
    Reads of hundreds of users at a time slow the writes of all; a reader in the writer's zone goes with it.

How to fix
    Add a read replica, or a reader to the cluster, in another zone.

References
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html
"""

from collections.abc import Iterator

from checker.graph.index import values
from checker.graph.owners import cluster_members
from checker.graph.stack import Member
from checker.graph.view import View
from checker.model.fact import Answer, Fact, any_of, known_or
from checker.model.finding import NotApplicable, Outcome, Severity, Step, Unsettled, Violation, require
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.rules.interface import rule
from checker.rules.subjects import members


@rule("DAT001", subject=members("data"), severity=Severity.MEDIUM)
def check(database: Member, view: View) -> Iterator[Outcome]:
    """Count the readers and look at their zones."""
    owner = database.owner
    if isinstance(owner, DbProxy):
        yield NotApplicable("a proxy")
    elif isinstance(owner, DbInstance):
        if known_or(owner.replica_of, None):
            yield NotApplicable("a read replica itself")
            return
        yield from _judge(owner, owner.zone, _replicas(owner, view), view)
    elif isinstance(owner, DbCluster):
        if owner.is_multi_az_cluster.is_(True).is_yes:
            yield from ()
            return
        writers = {item.id for item in known_or(owner.members, ()) if item.writer}
        nodes = cluster_members(owner, view.graph.index)
        writer = next((node for node in nodes if node.id in writers), None)
        readers = [node for node in nodes if node is not writer]
        if owner.members.missing:
            yield Unsettled(f"the members of {owner.label} are not known", owner.members.missing)
        elif len(known_or(owner.members, ())) > len(nodes):
            yield Unsettled(f"the members of {owner.label} were not all read", view.graph.index.missing(DbInstance, owner.scope))
        else:
            yield from _judge(owner, writer.zone if writer else None, readers, view)


def _replicas(owner: DbInstance, view: View) -> list[DbInstance]:
    keys = lambda item: values(item.replica_of)  # noqa: E731  # a key function
    found = (*view.graph.index.by(DbInstance, "source", keys, owner.id), *view.graph.index.by(DbInstance, "source", keys, owner.arn or ""))
    return list(dict.fromkeys(found))


def _judge(
    owner: DbInstance | DbCluster, home: Fact[str | None] | None, readers: list[DbInstance], view: View
) -> Iterator[Outcome]:
    missing = view.graph.index.missing(DbInstance, owner.scope)
    if not readers:
        none = Violation(f"{owner.label} has no reader", "Add a read replica in another zone.")
        yield from require(Answer(None, missing) if missing else Answer.of(False), none)
        return
    away = any_of(_apart(reader.zone, home) for reader in readers)
    same = Violation(
        message=f"every reader of {owner.label} stands in the writer's zone",
        fix="Add a reader in another zone.",
        path=tuple(Step(reader.label, f"stands in {known_or(reader.zone, '?')}", reader.origin) for reader in readers),
    )
    names = ", ".join(reader.label for reader in readers)
    yield from require(away, same, Step(owner.label, f"is read from {names}"))


def _apart(reader: Fact[str | None], home: Fact[str | None] | None) -> Answer:
    if home is None:
        return Answer.of(True)
    return home.then(lambda mine: reader.map(lambda theirs: mine is None or mine != theirs)).is_(True)

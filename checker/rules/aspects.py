"""What is asked of each kind of store: required, decided by the engine's default, or not applicable."""

from __future__ import annotations

from collections.abc import Mapping

from checker.graph.stack import Member
from checker.model.fact import NO, YES, Answer, Fact, Known, merge
from checker.model.resource import Resource
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache


def is_replica(owner: Resource) -> Answer:
    """Answer whether a store is a reader of another, whose settings it follows."""
    return (
        owner.replica_of.holds(lambda source: source is not None) if isinstance(owner, DbInstance | DbCluster) else NO
    )


def _unless(excused: Answer, kept: Answer) -> Answer:
    """Return `kept`; where it is no and the store may be excused, that decides."""
    return kept if excused.is_no else kept | Answer(None, excused.missing)


def at_rest(member: Member) -> Answer | None:
    """Answer whether a store is encrypted at rest; None where that is not a question.

    Tables always are. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
    Serverless caches always are. Source:
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
    """
    owner = member.owner
    if isinstance(owner, DbInstance | DbCluster | ReplicationGroup | CacheCluster | FileSystem):
        if isinstance(owner, CacheCluster):
            memcached = owner.engine.is_("memcached")
            # Nodes of Memcached keep nothing on disk.
            return None if memcached.is_yes else _unless(memcached, owner.encrypted.is_(True))
        return owner.encrypted.is_(True)
    return YES if isinstance(owner, DynamoTable | ServerlessCache) else None


# Engines whose servers refuse plain connections unless told otherwise, from a major version on.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html (15)
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html (17)
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html (11.8)
# Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/security.encryption.ssl.html (every version)
FORCED_FROM: Mapping[str, tuple[int, int]] = {
    "postgres": (15, 0),
    "aurora-postgresql": (17, 0),
    "mariadb": (11, 8),
    "docdb": (0, 0),
}


def in_transit(member: Member) -> Answer | None:
    """Answer whether a store refuses plain connections; None where its clients decide, as for EFS and MySQL.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
    """
    owner = member.owner
    if isinstance(owner, ReplicationGroup | CacheCluster):
        mode = owner.transit_mode.holds(lambda mode: mode in (None, "required"))
        return owner.in_transit.is_(True) & mode
    if isinstance(owner, DbInstance | DbCluster):
        return _tls(owner.engine, owner.engine_version, owner.force_tls)
    if isinstance(owner, DbProxy):
        return YES if owner.require_tls.is_(True).is_yes else None
    return YES if isinstance(owner, DynamoTable | ServerlessCache) else None


def _tls(engine: Fact[str], version: Fact[str], forced: Fact[bool | None]) -> Answer | None:
    """Answer by the server's parameter, else by the engine's default; None where the default leaves it to clients."""
    default = engine.then(
        lambda name: version.map(lambda text: _forces(name, text)) if name in FORCED_FROM else Known(False)
    )
    told = forced.is_(True)
    if isinstance(default, Known) and not default.value:
        # A client may ask for TLS whatever the server does; only a server that is told to refuse plain text is a proof.
        return YES if told.is_yes else None
    if told.is_yes:
        return YES
    # Being told to accept plain text is a fault only where the engine would refuse it by itself.
    return Answer(None, merge(default.missing, forced.missing)) if default.missing else ~forced.is_(False)


def _forces(engine: str, version: str) -> bool:
    since = FORCED_FROM[engine]
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    return bool(numbers) and (numbers[0], numbers[1] if len(numbers) > 1 else 0) >= since


def backed_up(member: Member) -> Answer | None:
    """Answer whether a store is backed up; None for readers, caches and shared software, which can be made again."""
    owner = member.owner
    replica = is_replica(owner)
    if replica.is_yes:
        return None
    if isinstance(owner, DbInstance | DbCluster):
        return _unless(replica, owner.backup_days.holds(lambda days: days > 0))
    return owner.pitr.is_(True) if isinstance(owner, DynamoTable) else None


def protected(member: Member) -> Answer | None:
    """Answer whether a store refuses to be deleted; None for readers, and for kinds that have no such flag."""
    owner = member.owner
    replica = is_replica(owner)
    if replica.is_yes or not isinstance(owner, DbInstance | DbCluster | DynamoTable):
        return None
    return _unless(replica, owner.deletion_protection.is_(True))

"""A database cluster: Aurora, or a Multi-AZ DB cluster of RDS."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.db_parameters import SECURE_TRANSPORT, force_tls, sets_tls
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader

_PORTS = {
    "aurora": 3306,
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "docdb": 27017,
    "mysql": 3306,
    "neptune": 8182,
    "postgres": 5432,
}


@dataclass(frozen=True)
class ClusterMember:
    """An instance of a cluster, by its identifier, and whether it is the writer."""

    id: str
    writer: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class DbCluster(Resource):
    """A cluster as declared; its Availability Zones are those of its storage, its members say where it computes.

    `public` is the cluster's own flag, which only Multi-AZ DB clusters have: with Aurora each instance has its own.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html
    """

    kind = "db_cluster"

    engine: Fact[str]
    engine_version: Fact[str]
    members: Fact[tuple[ClusterMember, ...]]
    multi_az: Fact[bool]
    zones: Fact[tuple[str, ...]]
    subnet_group: Fact[str | None]
    groups: Fact[tuple[str, ...]]
    port: Fact[int]
    public: Fact[bool]
    encrypted: Fact[bool]
    backup_days: Fact[int]
    deletion_protection: Fact[bool]
    parameter_group: Fact[str | None]
    force_tls: Fact[bool | None]
    dual_stack: Fact[bool]
    replica_of: Fact[str | None]
    is_multi_az_cluster: Fact[bool]


def _from_api(reader: Reader) -> Iterator[DbCluster]:
    yield DbCluster(
        id=reader.must("DBClusterIdentifier"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("DBClusterIdentifier"),
        arn=reader.plain("DBClusterArn") or None,
        tags=reader.tags("TagList"),
        engine=reader.text("Engine"),
        engine_version=reader.text("EngineVersion"),
        members=reader.each("DBClusterMembers", _member),
        multi_az=reader.flag("MultiAZ", default=False),
        zones=reader.texts("AvailabilityZones"),
        subnet_group=reader.maybe("DBSubnetGroup"),
        groups=reader.each("VpcSecurityGroups", lambda group: group.text("VpcSecurityGroupId"), default=REQUIRED),
        port=_port(reader),
        public=reader.flag("PubliclyAccessible", default=False),
        encrypted=reader.flag("StorageEncrypted", default=False),
        backup_days=reader.number("BackupRetentionPeriod", default=1),
        deletion_protection=reader.flag("DeletionProtection", default=False),
        parameter_group=reader.maybe("DBClusterParameterGroup"),
        force_tls=_force_tls(reader),
        dual_stack=reader.text("NetworkType", default="IPV4").map(lambda kind: kind.upper() == "DUAL"),
        replica_of=reader.maybe("ReplicationSourceIdentifier"),
        is_multi_az_cluster=_is_multi_az_cluster(reader),
    )


def _member(reader: Reader) -> Fact[ClusterMember]:
    return reader.text("DBInstanceIdentifier").then(
        lambda id: reader.flag("IsClusterWriter", default=False).map(lambda writer: ClusterMember(id, writer))
    )


def _port(reader: Reader) -> Fact[int]:
    if reader.has("Port"):
        return reader.number("Port")
    return reader.text("Engine").then(
        lambda engine: Known(_PORTS[engine]) if engine in _PORTS else reader.unknown("Port")
    )


def _force_tls(reader: Reader) -> Fact[bool | None]:
    statuses = reader.each(
        "DBClusterMembers", lambda member: member.text("DBClusterParameterGroupStatus", default="in-sync")
    )
    return force_tls(reader, reader.maybe("DBClusterParameterGroup"), statuses)


def _is_multi_az_cluster(reader: Reader) -> Fact[bool]:
    # Only these clusters have an instance class of their own.
    return reader.text("Engine").then(
        lambda engine: reader.maybe("DBClusterInstanceClass").map(
            lambda instance_class: engine in ("mysql", "postgres") and instance_class is not None
        )
    )


def _own_group_decides(raw: Raw, seen: Seen) -> bool:
    """Tell whether the cluster is under a parameter group of the customer's own."""
    return sets_tls(raw, raw.get("DBClusterParameterGroup"))


KIND = Kind(
    type=DbCluster,
    spellings={("aws-api", "DBCluster"): _from_api},
    calls=(
        ListCall(
            service="rds",
            operation="describe_db_clusters",
            type="DBCluster",
            result="DBClusters",
            page=("MaxRecords", 100),
        ),
        DetailCall(
            service="rds",
            operation="describe_db_cluster_parameters",
            of="DBCluster",
            identity="DBClusterParameterGroup",
            argument="DBClusterParameterGroupName",
            arguments={"Source": "user"},
            result=SECURE_TRANSPORT,
            into="Parameters",
            page=("MaxRecords", 100),
            when=_own_group_decides,
        ),
    ),
)

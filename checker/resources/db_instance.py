"""A database instance: a single writer, a read replica, or a member of a cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.db_parameters import SECURE_TRANSPORT, force_tls, sets_tls
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader


@dataclass(frozen=True, eq=False, kw_only=True)
class DbInstance(Resource):
    """A database instance as declared; `subnets` are those of its subnet group, in any of which it may run.

    `replica_of` is the instance or the cluster that it reads from; `replicas` are its own replicas as far as it names
    them, by ARN where they are in another Region. `force_tls` is what its own parameter group says of TLS, `None` where
    that leaves it to the engine's default or, for a member of a cluster, to the cluster's group.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
    """

    kind = "db_instance"

    engine: Fact[str]
    engine_version: Fact[str]
    cluster: Fact[str | None]
    replica_of: Fact[str | None]
    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    port: Fact[int]
    public: Fact[bool]
    dual_stack: Fact[bool]
    multi_az: Fact[bool]
    zone: Fact[str | None]
    encrypted: Fact[bool]
    backup_days: Fact[int]
    deletion_protection: Fact[bool]
    parameter_groups: Fact[tuple[str, ...]]
    force_tls: Fact[bool | None]
    replicas: Fact[tuple[str, ...]] = field(default_factory=lambda: Known(()))


def _from_api(reader: Reader) -> Iterator[DbInstance]:
    yield DbInstance(
        id=reader.must("DBInstanceIdentifier"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("DBInstanceIdentifier"),
        arn=reader.plain("DBInstanceArn") or None,
        tags=reader.tags("TagList"),
        engine=reader.text("Engine"),
        engine_version=reader.text("EngineVersion"),
        cluster=reader.maybe("DBClusterIdentifier"),
        replica_of=_source(reader),
        vpc=reader.text("DBSubnetGroup.VpcId"),
        subnets=reader.texts("DBSubnetGroup.Subnets", "SubnetIdentifier"),
        # A database wears at least one group, so an absent list was not read; as none it would look unreachable.
        groups=reader.each("VpcSecurityGroups", lambda item: item.text("VpcSecurityGroupId"), default=REQUIRED),
        port=_port(reader),
        public=reader.flag("PubliclyAccessible", default=False),
        dual_stack=reader.text("NetworkType", default="IPV4").map(lambda kind: kind.upper() == "DUAL"),
        multi_az=reader.flag("MultiAZ", default=False),
        zone=reader.maybe("AvailabilityZone"),
        encrypted=reader.flag("StorageEncrypted", default=False),
        backup_days=reader.number("BackupRetentionPeriod", default=0),
        deletion_protection=reader.flag("DeletionProtection", default=False),
        parameter_groups=reader.texts("DBParameterGroups", "DBParameterGroupName"),
        force_tls=_force_tls(reader),
        replicas=reader.texts("ReadReplicaDBInstanceIdentifiers"),
    )


def _source(reader: Reader) -> Fact[str | None]:
    return reader.maybe("ReadReplicaSourceDBInstanceIdentifier").then(
        lambda instance: Known(instance) if instance else reader.maybe("ReadReplicaSourceDBClusterIdentifier")
    )


def _port(reader: Reader) -> Fact[int]:
    # The endpoint is absent while an instance is created; DbInstancePort is 0 for members of a cluster.
    return reader.number("Endpoint.Port") if reader.has("Endpoint.Port") else reader.number("DbInstancePort")


def _force_tls(reader: Reader) -> Fact[bool | None]:
    groups = reader.texts("DBParameterGroups", "DBParameterGroupName")
    statuses = reader.each("DBParameterGroups", lambda group: group.text("ParameterApplyStatus", default="in-sync"))
    return reader.maybe("DBClusterIdentifier").then(
        lambda cluster: (
            Known(None) if cluster else force_tls(reader, groups.map(lambda names: next(iter(names), None)), statuses)
        )
    )


def _own_group_decides(raw: Raw, seen: Seen) -> bool:
    """Tell whether the instance stands alone under a parameter group of the customer's own."""
    groups = raw.get("DBParameterGroups")
    first = groups[0] if isinstance(groups, (list, tuple)) and groups else None
    group = first.get("DBParameterGroupName") if isinstance(first, Mapping) else None
    return not raw.get("DBClusterIdentifier") and sets_tls(raw, group)


KIND = Kind(
    type=DbInstance,
    spellings={("aws-api", "DBInstance"): _from_api},
    calls=(
        ListCall(
            service="rds",
            operation="describe_db_instances",
            type="DBInstance",
            result="DBInstances",
            page=("MaxRecords", 100),
        ),
        DetailCall(
            service="rds",
            operation="describe_db_parameters",
            of="DBInstance",
            identity="DBParameterGroups[0].DBParameterGroupName",
            argument="DBParameterGroupName",
            arguments={"Source": "user"},
            result=SECURE_TRANSPORT,
            into="Parameters",
            page=("MaxRecords", 100),
            when=_own_group_decides,
        ),
    ),
)

"""A database instance: a single writer, a read replica, or a member of a cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.db_family import (
    FAMILIES,
    Family,
    cluster_encrypted,
    cluster_port,
    is_restored,
    member_zone,
    version_of,
)
from checker.resources.db_parameters import SECURE_TRANSPORT, configured_tls, force_tls, sets_tls
from checker.resources.db_replica import (
    identifier_of,
    inherited,
    instance_encrypted,
    instance_groups,
    instance_port,
    source_of,
    subnet_group_of,
)
from checker.resources.kind import Kind, Parser
from checker.resources.neighbours import groups_worn, looked_up, named, vpc_of
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import common

# Where an ARN tells its Region.
_REGION = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class DbInstance(Resource):
    """A database instance as declared; `subnets` are those of its subnet group, in any of which it may run.

    `replica_of` is the instance or the cluster that it reads from; `replicas` are its own replicas as far as it names
    them, by ARN where they are in another Region; `None` where it names none and only they name it. `force_tls` is what
    its own parameter group says of TLS, `None` where that leaves it to the engine's default or, for a member of a
    cluster, to the cluster's group.

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
    replicas: Fact[tuple[str, ...] | None] = field(default_factory=lambda: Known(()))


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


def _from_terraform(reader: Reader) -> Iterator[DbInstance]:
    group, engine = subnet_group_of(reader), inherited(reader, "engine", lambda one: one.text("engine"))
    told = common(reader, "identifier", id=identifier_of(reader))
    told["name"] = told["name"] or reader.origin.label or reader.origin.address or ""
    yield DbInstance(
        **told,
        engine=engine,
        engine_version=inherited(reader, "engine_version", version_of),
        # Only an instance that stands outside may be of a cluster and not say so by its type.
        cluster=reader.maybe_id("db_cluster_identifier"),
        replica_of=source_of(reader),
        vpc=vpc_of(group) if group else reader.unknown("db_subnet_group_name"),
        subnets=group.ids("subnet_ids") if group else reader.unknown("db_subnet_group_name"),
        groups=instance_groups(reader, group),
        port=instance_port(reader, engine),
        public=reader.flag("publicly_accessible", default=False),
        dual_stack=reader.text("network_type", default="IPV4").map(lambda kind: kind.upper() == "DUAL"),
        multi_az=reader.flag("multi_az", default=False),
        # Where nothing is told, RDS chooses; between the two of Multi-AZ it always does.
        zone=reader.text("availability_zone").map(lambda zone: zone),
        encrypted=instance_encrypted(reader),
        backup_days=reader.number("backup_retention_period", default=REQUIRED if is_restored(reader) else 0),
        deletion_protection=reader.flag("deletion_protection", default=False),
        parameter_groups=reader.maybe_id("parameter_group_name").map(lambda name: (name,) if name else ()),
        force_tls=inherited(
            reader,
            "parameter_group_name",
            lambda one: configured_tls(one, engine, "parameter_group_name", "aws_db_parameter_group"),
        ),
        # What a configuration or a plan makes does not name its replicas: the provider tells them after the apply.
        replicas=reader.ids("replicas").map(lambda names: names) if reader.has("replicas") else Known(None),
    )


def _from_outside(reader: Reader) -> Iterator[DbInstance]:
    """Yield an instance that is named and not told, unless its ARN says that it is of another Region."""
    parts = reader.must("id").split(":")
    if len(parts) <= _REGION or reader.scope.region in ("", parts[_REGION]):
        yield from _from_terraform(reader)


def _member(family: Family) -> Parser[DbInstance]:
    def parse(reader: Reader) -> Iterator[DbInstance]:
        return _from_member(reader, family)

    return parse


def _from_member(reader: Reader, family: Family) -> Iterator[DbInstance]:
    """Yield an instance of a cluster: what they have in common is the cluster's."""
    cluster = looked_up(reader, family.cluster) or reader
    group = looked_up(cluster, family.subnet_group)
    yield DbInstance(
        **common(reader, "identifier"),
        engine=reader.text("engine"),
        engine_version=version_of(cluster),
        cluster=Known(cluster.must("id")) if cluster is not reader else reader.maybe_id("cluster_identifier"),
        replica_of=Known(None),
        vpc=vpc_of(group) if group else reader.unknown(family.subnet_field),
        subnets=group.ids("subnet_ids") if group else reader.unknown(family.subnet_field),
        groups=groups_worn(cluster, "vpc_security_group_ids", group),
        port=cluster_port(cluster),
        public=reader.flag("publicly_accessible", default=False),
        dual_stack=cluster.text("network_type", default="IPV4").map(lambda kind: kind.upper() == "DUAL"),
        multi_az=Known(False),
        zone=member_zone(reader, cluster, family),
        encrypted=cluster_encrypted(cluster),
        backup_days=cluster.number("backup_retention_period", default=1),
        deletion_protection=cluster.flag("deletion_protection", default=False),
        parameter_groups=Known(()),
        force_tls=Known(None),
    )


def _own_group_decides(raw: Raw, seen: Seen) -> bool:
    """Tell whether the instance stands alone under a parameter group of the customer's own."""
    groups = raw.get("DBParameterGroups")
    first = groups[0] if isinstance(groups, (list, tuple)) and groups else None
    group = first.get("DBParameterGroupName") if isinstance(first, Mapping) else None
    return not raw.get("DBClusterIdentifier") and sets_tls(raw, group)


KIND = Kind(
    type=DbInstance,
    spellings={
        ("aws-api", "DBInstance"): _from_api,
        ("terraform", "aws_db_instance"): _from_terraform,
        **{("terraform", family.instance): _member(family) for family in FAMILIES},
        ("terraform", "data.aws_db_instance"): _from_outside,
    },
    parts=(
        named("aws_db_instance", of="aws_db_instance", by="replicate_source_db"),
        named("aws_db_subnet_group", of="aws_db_instance", by="db_subnet_group_name"),
        named("aws_db_parameter_group", of="aws_db_instance", by="parameter_group_name"),
    ),
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

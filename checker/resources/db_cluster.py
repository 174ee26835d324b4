"""A database cluster: Aurora, or a Multi-AZ DB cluster of RDS."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known, Missing, Unknown, known_or
from checker.model.resource import Resource
from checker.resources.db_family import FAMILIES, Family, cluster_encrypted, cluster_port, is_restored, version_of
from checker.resources.db_parameters import SECURE_TRANSPORT, configured_tls, force_tls, sets_tls
from checker.resources.kind import Kind, Parser
from checker.resources.neighbours import groups_worn, looked_up
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import common, is_set

_FEWEST = 2


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
        port=cluster_port(reader, "Port"),
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


def _configured(family: Family) -> Parser[DbCluster]:
    def parse(reader: Reader) -> Iterator[DbCluster]:
        return _from_terraform(reader, family)

    return parse


def _from_terraform(reader: Reader, family: Family) -> Iterator[DbCluster]:
    group, engine = looked_up(reader, family.subnet_group), reader.text("engine")
    several, source = _has_instance_class(reader), _configured_source(reader)
    members = _configured_members(reader, family, source)
    yield DbCluster(
        **common(reader, "cluster_identifier"),
        engine=engine,
        engine_version=version_of(reader),
        members=several.then(lambda made: reader.unknown("cluster_members") if made else members),
        multi_az=several.then(lambda made: Known(True) if made else _in_several_zones(reader, family)),
        zones=reader.texts("availability_zones")
        if is_set(reader, "availability_zones")
        else reader.unknown("availability_zones"),
        subnet_group=_configured_subnets(reader, group, family),
        groups=groups_worn(reader, "vpc_security_group_ids", group),
        port=cluster_port(reader),
        # The provider leaves it to AWS whether a Multi-AZ DB cluster is public, and that asks the VPC's gateway.
        public=several.then(lambda made: reader.unknown("publicly_accessible") if made else Known(False)),
        encrypted=cluster_encrypted(reader),
        backup_days=reader.number("backup_retention_period", default=REQUIRED if is_restored(reader) else 1),
        deletion_protection=reader.flag("deletion_protection", default=False),
        parameter_group=reader.maybe_id(family.parameter_field),
        force_tls=configured_tls(reader, engine, family.parameter_field, family.parameter_group),
        dual_stack=reader.text("network_type", default="IPV4").map(lambda kind: kind.upper() == "DUAL"),
        replica_of=source,
        is_multi_az_cluster=several,
    )


def _has_instance_class(reader: Reader) -> Fact[bool]:
    return reader.text("engine").then(
        lambda engine: reader.maybe("db_cluster_instance_class").map(
            lambda instance_class: engine in ("mysql", "postgres") and instance_class is not None
        )
    )


def _configured_source(reader: Reader) -> Fact[str | None]:
    """Return what a cluster reads from; the secondary of a global cluster is one without an administrator of its own.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster#master_username
    """
    if is_set(reader, "replication_source_identifier") or not is_set(reader, "global_cluster_identifier"):
        return reader.maybe_id("replication_source_identifier")
    own = is_set(reader, "master_username") or is_restored(reader)
    return Known(None) if own else reader.maybe_id("global_cluster_identifier")


def _configured_members(reader: Reader, family: Family, source: Fact[str | None]) -> Fact[tuple[ClusterMember, ...]]:
    """Return the instances, of which the first is taken for the writer where none was made yet.

    It is the first one made that writes, whichever that will be: who is asked about readers and their zones gets the
    same answer for each of them.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html (PromotionTier)
    """

    def member(instance: Reader) -> Fact[ClusterMember]:
        return instance.id("id").map(
            lambda id: ClusterMember(id, known_or(instance.flag("writer", default=False), False))
        )

    def settled(found: tuple[ClusterMember, ...], copies: str | None) -> tuple[ClusterMember, ...]:
        if copies is not None or not found or any(item.writer for item in found):
            return found
        return (ClusterMember(found[0].id, writer=True), *found[1:])

    return reader.each(family.instance, member).then(lambda found: source.map(lambda copies: settled(found, copies)))


def _in_several_zones(reader: Reader, family: Family) -> Fact[bool]:
    """Return whether the instances stand in several zones: one alone does not, and of more each has to tell its own.

    Of a cluster that names its zones, the first three instances that name none stand in different ones.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html (AvailabilityZones)
    """
    lost = Missing(f"the zones of the instances of {reader.label}", "set availability_zone of each")

    def settled(told: tuple[str | None, ...], shared: tuple[str, ...]) -> Fact[bool]:
        named = {zone for zone in told if zone}
        if len(told) < _FEWEST or len(named) >= _FEWEST:
            return Known(len(named) >= _FEWEST)
        if not named and len(shared) >= _FEWEST:
            return Known(True)
        return Known(False) if None not in told else Unknown(lost)

    return reader.each(family.instance, lambda one: one.maybe("availability_zone")).then(
        lambda told: reader.texts("availability_zones").then(lambda shared: settled(told, shared))
    )


def _configured_subnets(reader: Reader, group: Reader | None, family: Family) -> Fact[str | None]:
    if group is not None:
        return group.id("id").map(lambda name: name)
    return (
        reader.id(family.subnet_field) if is_set(reader, family.subnet_field) else reader.unknown(family.subnet_field)
    )


def _own_group_decides(raw: Raw, seen: Seen) -> bool:
    """Tell whether the cluster is under a parameter group of the customer's own."""
    return sets_tls(raw, raw.get("DBClusterParameterGroup"))


KIND = Kind(
    type=DbCluster,
    spellings={
        ("aws-api", "DBCluster"): _from_api,
        **{("terraform", family.cluster): _configured(family) for family in FAMILIES},
        **{("terraform", f"data.{family.cluster}"): _configured(family) for family in FAMILIES},
    },
    parts=tuple(part for family in FAMILIES for part in family.parts),
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

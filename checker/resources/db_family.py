"""How Terraform's provider calls the clusters of each engine, which RDS's API lists as one kind."""

from dataclasses import dataclass

from checker.model.fact import Fact, Known
from checker.model.part import Part
from checker.resources.neighbours import named
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import is_set

CLUSTER_PORTS = {
    "aurora": 3306,
    "aurora-mysql": 3306,
    "aurora-postgresql": 5432,
    "docdb": 27017,
    "mysql": 3306,
    "neptune": 8182,
    "postgres": 5432,
}


@dataclass(frozen=True)
class Family:
    """The types of a cluster and of what belongs to it, and the fields in which it names them."""

    cluster: str
    subnet_group: str
    parameter_group: str
    subnet_field: str = "db_subnet_group_name"
    parameter_field: str = "db_cluster_parameter_group_name"

    @property
    def instance(self) -> str:
        """Return the type of the cluster's instances."""
        return f"{self.cluster}_instance"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the cluster's instances as parts of it, and what the cluster and its instances name."""
        return (
            Part(self.instance, of=self.cluster, by="cluster_identifier"),
            named(self.cluster, of=self.instance, by="cluster_identifier"),
            named(self.subnet_group, of=self.cluster, by=self.subnet_field),
            named(self.parameter_group, of=self.cluster, by=self.parameter_field),
        )


# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/docdb_cluster
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/neptune_cluster
FAMILIES = (
    Family("aws_rds_cluster", "aws_db_subnet_group", "aws_rds_cluster_parameter_group"),
    Family("aws_docdb_cluster", "aws_docdb_subnet_group", "aws_docdb_cluster_parameter_group"),
    Family(
        "aws_neptune_cluster",
        "aws_neptune_subnet_group",
        "aws_neptune_cluster_parameter_group",
        "neptune_subnet_group_name",
        "neptune_cluster_parameter_group_name",
    ),
)


def cluster_port(cluster: Reader, field: str = "port") -> Fact[int]:
    """Return the port that a cluster tells, else its engine's."""
    if is_set(cluster, field):
        return cluster.number(field)
    return cluster.text("engine" if field == "port" else "Engine").then(
        lambda engine: Known(CLUSTER_PORTS[engine]) if engine in CLUSTER_PORTS else cluster.unknown(field)
    )


def cluster_encrypted(cluster: Reader) -> Fact[bool]:
    """Return whether a cluster's storage is encrypted, which one made from another's has from there.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/rds_cluster#storage_encrypted
    """
    if (
        is_restored(cluster)
        or is_set(cluster, "replication_source_identifier")
        or is_set(cluster, "global_cluster_identifier")
    ):
        return cluster.flag("storage_encrypted", default=REQUIRED)
    return cluster.text("engine_mode", default="provisioned").then(
        lambda mode: cluster.flag("storage_encrypted", default=mode == "serverless")
    )


def is_restored(database: Reader) -> bool:
    """Tell whether a database is made from what another left, which tells the settings that are not configured."""
    made_from = ("snapshot_identifier", "restore_to_point_in_time", "s3_import")
    return any(database.raw.get(field) for field in made_from)


def version_of(database: Reader) -> Fact[str]:
    """Return the version that runs where that is known, else the one that is configured."""
    field = "engine_version_actual" if database.plain("engine_version_actual") else "engine_version"
    return database.text(field) if is_set(database, field) else database.unknown(field)


def member_zone(reader: Reader, cluster: Reader, family: Family) -> Fact[str | None]:
    """Return the zone of a cluster's instance: told, or one of the cluster's, which the first three share out.

    Which of them has which does not matter, so they come in order.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html (AvailabilityZones)
    """
    told: Fact[str | None] = reader.text("availability_zone").map(lambda zone: zone)
    members = cluster.items(family.instance)
    if is_set(reader, "availability_zone") or any(is_set(member, "availability_zone") for member in members):
        return told
    place = next((at for at, member in enumerate(members) if member.raw.get("id") == reader.raw.get("id")), None)
    return cluster.texts("availability_zones").then(
        lambda zones: Known(zones[place]) if place is not None and place < len(zones) else told
    )

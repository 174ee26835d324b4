"""The subnets in which a database may run."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import standing, vpc_of
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import common

# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_subnet_group
_TYPES = ("aws_db_subnet_group", "aws_docdb_subnet_group", "aws_neptune_subnet_group")


@dataclass(frozen=True, eq=False, kw_only=True)
class DbSubnetGroup(Resource):
    """A DB subnet group; databases call it by its name, which is its id.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBSubnetGroup.html
    """

    kind = "db_subnet_group"

    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[DbSubnetGroup]:
    yield DbSubnetGroup(
        id=reader.must("DBSubnetGroupName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("DBSubnetGroupName"),
        arn=reader.plain("DBSubnetGroupArn") or None,
        vpc=reader.text("VpcId"),
        subnets=reader.each("Subnets", lambda subnet: subnet.text("SubnetIdentifier"), default=REQUIRED),
    )


def _from_terraform(reader: Reader) -> Iterator[DbSubnetGroup]:
    yield DbSubnetGroup(
        **common(reader, "name"),
        vpc=vpc_of(reader),
        subnets=reader.ids("subnet_ids") if reader.has("subnet_ids") else reader.unknown("subnet_ids"),
    )


def _clusters_may_exist(seen: Seen) -> bool:
    # An instance tells its subnets itself; a cluster only names the group.
    return bool(seen.raw("DBCluster")) or not seen.complete("DBCluster")


KIND = Kind(
    type=DbSubnetGroup,
    spellings={
        ("aws-api", "DBSubnetGroup"): _from_api,
        **{("terraform", name): _from_terraform for type_ in _TYPES for name in (type_, f"data.{type_}")},
    },
    parts=(*(part for type_ in _TYPES for part in standing(type_, subnets=("subnet_ids",))),),
    calls=(
        ListCall(
            service="rds",
            operation="describe_db_subnet_groups",
            type="DBSubnetGroup",
            result="DBSubnetGroups",
            page=("MaxRecords", 100),
            after=("DBCluster",),
            when=_clusters_may_exist,
        ),
    ),
)

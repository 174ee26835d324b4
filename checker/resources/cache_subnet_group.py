"""The subnets in which the nodes of a cache may run."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import standing, vpc_of
from checker.resources.reader import REQUIRED, Reader
from checker.resources.terraform import common

# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_subnet_group
_TYPES = ("aws_elasticache_subnet_group",)


@dataclass(frozen=True, eq=False, kw_only=True)
class CacheSubnetGroup(Resource):
    """A cache subnet group; caches call it by its name, which is its id.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheSubnetGroup.html
    """

    kind = "cache_subnet_group"

    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[CacheSubnetGroup]:
    yield CacheSubnetGroup(
        id=reader.must("CacheSubnetGroupName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("CacheSubnetGroupName"),
        arn=reader.plain("ARN") or None,
        vpc=reader.text("VpcId"),
        subnets=reader.each("Subnets", lambda subnet: subnet.text("SubnetIdentifier"), default=REQUIRED),
    )


def _from_terraform(reader: Reader) -> Iterator[CacheSubnetGroup]:
    yield CacheSubnetGroup(
        **common(reader, "name"),
        vpc=vpc_of(reader),
        subnets=reader.ids("subnet_ids") if reader.has("subnet_ids") else reader.unknown("subnet_ids"),
    )


def _clusters_may_exist(seen: Seen) -> bool:
    return bool(seen.raw("CacheCluster")) or not seen.complete("CacheCluster")


KIND = Kind(
    type=CacheSubnetGroup,
    spellings={
        ("aws-api", "CacheSubnetGroup"): _from_api,
        **{("terraform", name): _from_terraform for type_ in _TYPES for name in (type_, f"data.{type_}")},
    },
    parts=tuple(part for type_ in _TYPES for part in standing(type_, subnets=("subnet_ids",))),
    calls=(
        ListCall(
            service="elasticache",
            operation="describe_cache_subnet_groups",
            type="CacheSubnetGroup",
            result="CacheSubnetGroups",
            page=("MaxRecords", 100),
            after=("CacheCluster",),
            when=_clusters_may_exist,
        ),
    ),
)

"""The subnets in which the nodes of a cache may run."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import REQUIRED, Reader


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


def _clusters_may_exist(seen: Seen) -> bool:
    return bool(seen.raw("CacheCluster")) or not seen.complete("CacheCluster")


KIND = Kind(
    type=CacheSubnetGroup,
    spellings={("aws-api", "CacheSubnetGroup"): _from_api},
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

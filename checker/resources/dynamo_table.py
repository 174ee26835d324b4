"""A DynamoDB table, of interest where it may hold the sessions that no cache holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, text_of, texts_at
from checker.resources.terraform import common

CACHE_TYPES = ("LoadBalancer", "CacheCluster", "CacheSubnetGroup", "ServerlessCache", "Subnet")


@dataclass(frozen=True, eq=False, kw_only=True)
class DynamoTable(Resource):
    """A table; `ttl` tells whether its items expire, `key_type` is `None` where AWS's own key encrypts it.

    Its fields are unknown where it was not asked for: where every stack has a cache for its sessions.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
    """

    kind = "dynamo_table"

    pitr: Fact[bool]
    ttl: Fact[bool]
    deletion_protection: Fact[bool]
    key_type: Fact[str | None]


def sessions_may_need_a_table(seen: Seen) -> bool:
    """Tell whether some VPC with an internet-facing load balancer has no cache that could hold sessions.

    Memcached does not count: it keeps no copy, so sessions in it do not outlive a zone.
    """
    if not all(map(seen.complete, CACHE_TYPES)):
        return True
    fronts = {text_of(item, "VpcId") for item in seen.raw("LoadBalancer") if item.get("Scheme") == "internet-facing"}
    clusters = {text_of(item, "CacheSubnetGroupName") for item in seen.raw("CacheCluster") if _keeps_copies(item)}
    places = {
        subnet for item in seen.raw("ServerlessCache") if _keeps_copies(item) for subnet in texts_at(item, "SubnetIds")
    }
    cached = {
        text_of(item, "VpcId")
        for item in seen.raw("CacheSubnetGroup")
        if text_of(item, "CacheSubnetGroupName") in clusters
    }
    cached |= {text_of(item, "VpcId") for item in seen.raw("Subnet") if text_of(item, "SubnetId") in places}
    return not fronts <= cached - {None}


def _keeps_copies(cache: Raw) -> bool:
    return cache.get("Engine") in ("redis", "valkey")


def _asked(raw: Raw, seen: Seen) -> bool:
    return sessions_may_need_a_table(seen)


def _from_api(reader: Reader) -> Iterator[DynamoTable]:
    recovery = "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus"
    yield DynamoTable(
        id=reader.must("TableName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("TableName"),
        arn=reader.plain("Table.TableArn") or None,
        tags=reader.tags() if reader.has("Tags") else reader.unknown("Tags"),
        pitr=_state(reader, recovery).map(lambda state: state == "ENABLED"),
        ttl=_state(reader, "TimeToLiveDescription.TimeToLiveStatus").map(
            lambda state: state in ("ENABLED", "ENABLING")
        ),
        deletion_protection=(
            reader.flag("Table.DeletionProtectionEnabled", default=False)
            if reader.has("Table")
            else reader.unknown("Table.DeletionProtectionEnabled")
        ),
        key_type=(
            reader.maybe("Table.SSEDescription.SSEType")
            if reader.has("Table")
            else reader.unknown("Table.SSEDescription.SSEType")
        ),
    )


def _from_terraform(reader: Reader) -> Iterator[DynamoTable]:
    """Yield a table; a block that is not there leaves its setting off.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
    """
    yield DynamoTable(
        **common(reader, "name"),
        pitr=reader.flag("point_in_time_recovery.enabled", default=False),
        ttl=reader.flag("ttl.enabled", default=False),
        deletion_protection=reader.flag("deletion_protection_enabled", default=False),
        key_type=reader.flag("server_side_encryption.enabled", default=False).map(lambda on: "KMS" if on else None),
    )


def _state(reader: Reader, path: str) -> Fact[str]:
    """Return a state that is off where AWS leaves it out of an answer, and unknown without an answer."""
    return reader.text(path, default="DISABLED") if reader.has(path.partition(".")[0]) else reader.unknown(path)


def _detail(operation: str, result: str) -> DetailCall:
    return DetailCall(
        service="dynamodb",
        operation=operation,
        of="Table",
        identity="TableName",
        argument="TableName",
        result=result,
        into=result,
        after=CACHE_TYPES,
        when=_asked,
    )


KIND = Kind(
    type=DynamoTable,
    spellings={
        ("aws-api", "Table"): _from_api,
        ("terraform", "aws_dynamodb_table"): _from_terraform,
        ("terraform", "data.aws_dynamodb_table"): _from_terraform,
    },
    calls=(
        ListCall(
            service="dynamodb",
            operation="list_tables",
            type="Table",
            result="TableNames[].{TableName: @}",
            page=("Limit", 100),
        ),
        _detail("describe_table", "Table"),
        _detail("describe_continuous_backups", "ContinuousBackupsDescription"),
        _detail("describe_time_to_live", "TimeToLiveDescription"),
    ),
)

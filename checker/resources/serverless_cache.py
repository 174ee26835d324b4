"""A serverless cache: it has endpoints in subnets, and no nodes to place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing
from checker.resources.reader import Reader, collect
from checker.resources.terraform import common

_PORTS = {"memcached": (11211,), "redis": (6379, 6380), "valkey": (6379, 6380)}
_GONE = ("DELETING", "DELETED", "CREATE-FAILED")


@dataclass(frozen=True, eq=False, kw_only=True)
class ServerlessCache(Resource):
    """A serverless cache; `ports` are those of its endpoint and of its readers' endpoint, ascending.

    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html
    """

    kind = "serverless_cache"

    engine: Fact[str]
    groups: Fact[tuple[str, ...]]
    subnets: Fact[tuple[str, ...]]
    ports: Fact[tuple[int, ...]]
    active: Fact[bool]


def _from_api(reader: Reader) -> Iterator[ServerlessCache]:
    yield ServerlessCache(
        id=reader.must("ServerlessCacheName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("ServerlessCacheName"),
        arn=reader.plain("ARN") or None,
        engine=reader.text("Engine"),
        groups=reader.texts("SecurityGroupIds")
        if reader.has("SecurityGroupIds")
        else reader.unknown("SecurityGroupIds"),
        subnets=reader.texts("SubnetIds") if reader.has("SubnetIds") else reader.unknown("SubnetIds"),
        ports=_ports(reader),
        active=reader.text("Status", default="AVAILABLE").map(lambda status: status.upper() not in _GONE),
    )


def _from_terraform(reader: Reader) -> Iterator[ServerlessCache]:
    yield ServerlessCache(
        **common(reader, "name"),
        engine=reader.text("engine"),
        groups=groups_worn(reader, "security_group_ids", reader),
        subnets=reader.ids("subnet_ids") if reader.has("subnet_ids") else reader.unknown("subnet_ids"),
        ports=reader.text("engine").then(
            lambda engine: Known(_PORTS[engine.lower()]) if engine.lower() in _PORTS else reader.unknown("endpoint")
        ),
        active=Known(True),
    )


def _ports(reader: Reader) -> Fact[tuple[int, ...]]:
    def settled(told: tuple[int | None, ...]) -> Fact[tuple[int, ...]]:
        return reader.text("Engine").then(lambda engine: completed(_PORTS.get(engine.lower(), ()), told))

    def completed(usual: tuple[int, ...], told: tuple[int | None, ...]) -> Fact[tuple[int, ...]]:
        # An endpoint that is not told yet has its engine's usual port; Memcached has none for readers.
        found = {port for pair in zip_longest(told, usual) if (port := pair[0] or pair[1])}
        return Known(tuple(sorted(found))) if found else reader.unknown("Endpoint.Port")

    return collect([reader.maybe_number("Endpoint.Port"), reader.maybe_number("ReaderEndpoint.Port")]).then(settled)


KIND = Kind(
    type=ServerlessCache,
    spellings={
        ("aws-api", "ServerlessCache"): _from_api,
        ("terraform", "aws_elasticache_serverless_cache"): _from_terraform,
        ("terraform", "data.aws_elasticache_serverless_cache"): _from_terraform,
    },
    parts=standing("aws_elasticache_serverless_cache", subnets=("subnet_ids",)),
    calls=(
        ListCall(
            service="elasticache",
            operation="describe_serverless_caches",
            type="ServerlessCache",
            result="ServerlessCaches",
            page=("MaxResults", 50),
            optional=True,
        ),
    ),
)

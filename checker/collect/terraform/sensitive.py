"""Values that Terraform marks as sensitive: they may decide, and are not to be read in any report."""

import re
from collections.abc import Mapping

from checker.model.fact import Missing
from checker.model.symbol import Symbol

# Words of AWS's own vocabulary are no secrets, wherever they stand.
_WORDS = frozenset(
    {
        *("tcp", "udp", "icmp", "icmpv6", "-1", "all", "http", "https", "tls", "tcp_udp", "geneve"),
        *("application", "network", "gateway", "instance", "ip", "lambda", "alb", "ipv4", "dualstack"),
        *("mysql", "postgres", "mariadb", "aurora", "aurora-mysql", "aurora-postgresql", "oracle-ee", "oracle-se2"),
        *("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web", "redis", "valkey", "memcached"),
        *("forward", "redirect", "default", "vpc", "lb_cookie", "app_cookie", "enabled", "disabled"),
        *("cross-az", "single-az"),
    }
)
# So are zones and Regions, and the ids and names that AWS gives.
_OF_AWS = re.compile(r"[a-z]{2}(-[a-z]+)+-\d[a-z]?|[a-z]{2,12}-[0-9a-f]{8,17}|(\d{1,3}\.){3}\d{1,3}/\d{1,2}")


def concealed(address: str, path: str, value: object) -> object:
    """Return a sensitive value as it may be used: its texts are not known, unless they are words of AWS's own.

    Whether something is on, how many there are, a port or a block of addresses decides a verdict and betrays nobody;
    nor does the name of a value that an apply would settle.
    """
    if isinstance(value, Symbol) and "${" not in value:
        return value
    if isinstance(value, str) and value and value.lower() not in _WORDS and not _OF_AWS.fullmatch(value):
        return Missing(f"{address}: {path} (marked as sensitive)", "audit the account, or do not mark it as sensitive")
    if isinstance(value, Mapping):
        return {key: concealed(address, f"{path}.{key}", item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [concealed(address, path, item) for item in value]
    return value


def reveal_nothing(address: str, values: Mapping[str, object], sensitive: object, path: str = "") -> dict[str, object]:
    """Return values with those that are marked in `sensitive` concealed; the marks are `true` at the same places."""
    marks = sensitive if isinstance(sensitive, Mapping) else {}
    return {key: _marked(address, f"{path}{key}", value, marks.get(key)) for key, value in values.items()}


def _marked(address: str, path: str, value: object, mark: object) -> object:
    if mark is True:
        return concealed(address, path, value)
    if not mark:
        return value
    if isinstance(value, Mapping):
        return reveal_nothing(address, value, mark, f"{path}.")
    if isinstance(value, list) and isinstance(mark, list):
        longer = [*mark, *([None] * len(value))]
        return [_marked(address, path, item, one) for item, one in zip(value, longer, strict=False)]
    return value

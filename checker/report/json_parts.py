"""What every JSON contract tells alike: its head, packets and missing facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from checker.model.fact import Missing
from checker.model.finding import Witness

_ICMP = ("icmp", "icmpv6")


class Told(Protocol):
    """What a report says of itself: who wrote it, and what was looked at."""

    @property
    def version(self) -> str: ...  # noqa: D102  # as the report says
    @property
    def source(self) -> str: ...  # noqa: D102  # as above
    @property
    def accounts(self) -> tuple[str, ...]: ...  # noqa: D102  # as above
    @property
    def regions(self) -> tuple[str, ...]: ...  # noqa: D102  # as above
    @property
    def paths(self) -> tuple[str, ...]: ...  # noqa: D102  # as above
    @property
    def collected_at(self) -> str | None: ...  # noqa: D102  # as above


def head(report: Told, schema: str) -> dict[str, object]:
    """Return the first keys of a document: its schema, the tool, what was looked at and when."""
    return {
        "schema": schema,
        "tool": {"name": "tierproof", "version": report.version},
        "target": {
            "source": report.source,
            "accounts": list(report.accounts),
            "regions": list(report.regions),
            "paths": list(report.paths),
        },
        "collected_at": report.collected_at,
    }


def packet(witness: Witness | None) -> dict[str, object] | None:
    """Return one packet; ICMP has a type and no port."""
    if witness is None:
        return None
    is_icmp = witness.protocol in _ICMP
    return {
        "source": witness.source,
        "destination": witness.destination,
        "family": witness.family,
        "protocol": witness.protocol,
        "port": None if is_icmp else witness.port,
        "icmp_type": witness.port if is_icmp else None,
    }


def facts(missing: Iterable[Missing]) -> list[dict[str, str]]:
    """Return missing facts, each with what supplies it."""
    return [{"fact": item.fact, "supply": item.supply} for item in missing]

"""What every JSON contract tells alike: its head, packets and missing facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Protocol, TextIO

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


def dump(document: dict[str, object], out: TextIO) -> None:
    """Write a document with two spaces of indent; equal documents give equal bytes.

    Halves of characters, which the name of a file that is not UTF-8 has, are no JSON: U+FFFD stands for each.
    Source: https://www.rfc-editor.org/rfc/rfc8259#section-8.2
    """
    text = json.dumps(document, indent=2)
    if "\\ud" in text:
        # Escaped, a whole character beyond the first 65,536 looks like two halves; unescaped, only halves are left.
        whole = json.dumps(document, indent=2, ensure_ascii=False)
        text = json.dumps(json.loads(re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", whole)), indent=2)
    out.write(f"{text}\n")


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

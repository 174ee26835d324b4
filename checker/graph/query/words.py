"""Addresses outside in words that people use."""

from __future__ import annotations

from checker.model import addresses as line
from checker.model.intervals import IntervalSet

_WORLDS = ((line.INTERNET_V4, "the IPv4 internet"), (line.INTERNET_V6, "the IPv6 internet"))


def told(addresses: IntervalSet) -> str:
    """Return a short text of blocks; nearly all of the internet is told by the few blocks that are not in it."""
    for world, name in _WORLDS:
        rest = world - addresses
        if rest and addresses <= world and len(rest.intervals) <= 2 and rest.size * 16 < world.size:
            return f"{name} but {line.describe(rest)}"
    return line.describe(addresses)

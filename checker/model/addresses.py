"""IPv4 and IPv6 addresses on one number line, so that a set of addresses is a set of whole numbers.

IPv4 addresses come first (`0 .. 2**32 - 1`), IPv6 addresses after them, so no set mixes the families by accident.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from socket import AF_INET, inet_ntop, inet_pton
from typing import final

from checker.model.intervals import IntervalSet

V6 = 1 << 32
ALL_V4 = IntervalSet.span(0, V6 - 1)
ALL_V6 = IntervalSet.span(V6, V6 + (1 << 128) - 1)
EVERYWHERE = ALL_V4 | ALL_V6


@final
@dataclass(frozen=True, order=True)
class Cidr:
    """A block of addresses in its canonical text; host bits are dropped as AWS drops them."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Cidr:
        """Return the block that `text` names, a bare address included; raises `ValueError`."""
        # A bare IPv4 address is what an account has most of, and its text is canonical if it can be read at all.
        return cls(f"{text}/32") if _v4(text) is not None else cls(str(_network(text)))

    @property
    def addresses(self) -> IntervalSet:
        """Return the addresses in the block."""
        return _addresses(self.text)

    @property
    def is_v6(self) -> bool:
        """Tell whether the block is of IPv6."""
        return ":" in self.text

    @property
    def prefix(self) -> int:
        """Return the length of the prefix in bits."""
        return int(self.text.rpartition("/")[2])

    @property
    def bare(self) -> str:
        """Return the text of the one address that the block is of, empty where it is of several."""
        end = "/128" if self.is_v6 else "/32"
        return self.text.removesuffix(end) if self.text.endswith(end) else ""

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=65536)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text.strip(), strict=False)


def _v4(text: str) -> int | None:
    """Return the number of a bare IPv4 address; None for any other text."""
    try:
        return int.from_bytes(inet_pton(AF_INET, text))
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=65536)
def _addresses(text: str) -> IntervalSet:
    if text.endswith("/32") and (number := _v4(text.removesuffix("/32"))) is not None:
        return IntervalSet.span(number, number)
    network = _network(text)
    base = V6 if network.version == 6 else 0
    return IntervalSet.span(base + int(network.network_address), base + int(network.broadcast_address))


def union(*texts: str) -> IntervalSet:
    """Return the addresses of all blocks named; raises `ValueError` for one that is none."""
    return IntervalSet.of(interval for text in texts for interval in Cidr.parse(text).addresses.intervals)


def address(number: int) -> str:
    """Return the text of the address at a place of the line."""
    return inet_ntop(AF_INET, number.to_bytes(4)) if number < V6 else str(ipaddress.IPv6Address(number - V6))


def describe(addresses: IntervalSet, most: int = 3) -> str:
    """Return a short text of blocks, such as `10.0.0.0/16`, or `anywhere`; at most `most` blocks are written out."""
    for known, name in _NAMED:
        if addresses == known:
            return name
    texts: list[str] = []
    # The last IPv4 address and the first IPv6 one are neighbours on the line, and in no block together.
    for first, last in (addresses & ALL_V4).intervals + (addresses & ALL_V6).intervals:
        if len(texts) > most:
            break
        low, high = (
            (ipaddress.IPv4Address(first), ipaddress.IPv4Address(last))
            if last < V6
            else (ipaddress.IPv6Address(first - V6), ipaddress.IPv6Address(last - V6))
        )
        blocks = [str(block) for block in ipaddress.summarize_address_range(low, high)]
        texts.extend(blocks if len(blocks) <= most else [f"{low}-{high}"])
    return ", ".join(texts[:most]) + (", …" if len(texts) > most else "")


# What can never be the source of a packet from the internet: special-purpose blocks that are not globally reachable.
# The documentation blocks are left in: they stand for "some public address" in every example, ours included.
# Source: https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
PRIVATE = union("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
INTERNET = (
    ALL_V4 - PRIVATE - union("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4")
) | union("2000::/3")
INTERNET_V4 = INTERNET & ALL_V4
INTERNET_V6 = INTERNET & ALL_V6

# An address that examples may use, RFC 5737 and RFC 3849: the witness of choice when the whole world gets in.
EXAMPLES = union("203.0.113.9/32", "2001:db8::9/128")


def witness(addresses: IntervalSet) -> str:
    """Return one member's text, an example address where it is a member; raises `IndexError` for the empty set."""
    return address((addresses & EXAMPLES or addresses).first)


_NAMED = (
    (EVERYWHERE, "anywhere"),
    (INTERNET, "the internet"),
    (INTERNET_V4, "the IPv4 internet"),
    (INTERNET_V6, "the IPv6 internet"),
)

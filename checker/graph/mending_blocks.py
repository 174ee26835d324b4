"""Sets of addresses and traffic as what rules and entries can say: blocks, and runs of ports."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from checker.graph.view import View
from checker.model import addresses as line
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.fact import known_or
from checker.model.intervals import IntervalSet
from checker.resources.subnet import Subnet
from checker.resources.vpc import Vpc


def runs(wanted: IntervalSet) -> Iterable[tuple[int, int]]:
    """Yield the runs that one rule each can grant: all traffic, or a run within one protocol."""
    if wanted == traffic.EVERYTHING:
        yield wanted.intervals[0]
        return
    for protocol, first, last in traffic.spans(wanted):
        yield protocol * traffic.WIDTH + first, protocol * traffic.WIDTH + last


def blocks(where: IntervalSet) -> tuple[str, ...]:
    """Return the fewest address blocks that hold exactly these addresses."""
    found: list[str] = []
    for first, last in (where & line.ALL_V4).intervals:
        ends = ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)
        found.extend(map(str, ipaddress.summarize_address_range(*ends)))
    for first, last in (where & line.ALL_V6).intervals:
        six = ipaddress.IPv6Address(first - line.V6), ipaddress.IPv6Address(last - line.V6)
        found.extend(map(str, ipaddress.summarize_address_range(*six)))
    return tuple(found)


def cover(where: IntervalSet, view: View) -> tuple[str, ...]:
    """Return the fewest blocks for some addresses: one that holds them all, where no other subnet lies in it."""
    exact = blocks(where)
    wide = supernet(where)
    if len(exact) < 2 or wide is None:
        return exact
    if not where & line.INTERNET:
        homes = [addresses_in(known_or(vpc.cidrs, ())) for vpc in view.graph.index.all(Vpc).items]
        others = addresses_in(
            block for subnet in view.graph.index.all(Subnet).items for block in known_or(subnet.cidrs, ())
        )
        reach = Cidr.parse(wide).addresses
        fits = any(reach <= home for home in homes) and not (reach - where) & others
        return (wide,) if fits else exact
    return (wide,) if Cidr.parse(wide).addresses & line.INTERNET <= where else exact


def supernet(where: IntervalSet) -> str | None:
    """Return the smallest block that holds some addresses of one family."""
    if not where or not (where <= line.ALL_V4 or where <= line.ALL_V6):
        return None
    first, last = where.intervals[0][0], where.intervals[-1][1]
    bits, base = (32, 0) if last < line.V6 else (128, line.V6)
    prefix = bits - ((first - base) ^ (last - base)).bit_length()
    low = (first - base) >> (bits - prefix) << (bits - prefix)
    text = ipaddress.IPv4Address(low) if bits == 32 else ipaddress.IPv6Address(low)
    return f"{text}/{prefix}"


def addresses_in(found: Iterable[Cidr]) -> IntervalSet:
    """Return the addresses in all of some blocks."""
    return IntervalSet.of(run for block in found for run in block.addresses.intervals)

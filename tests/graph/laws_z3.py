"""Packets as symbols of z3, and what rules mean as formulas over them, written from AWS's pages.

A packet is a family, an address of it, a protocol and 16 bits that are the destination port, or of ICMP the type and
the code. A claim is proven for every packet: the solver finds none that breaks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_interface

import z3

from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet

V6_STARTS = 1 << 32
IS_V6, ADDRESS = z3.Bool("is_v6"), z3.BitVec("address", 128)
PROTOCOL, PORT = z3.BitVec("protocol", 8), z3.BitVec("port", 16)
KIND, CODE = z3.Extract(15, 8, PORT), z3.Extract(7, 0, PORT)
PACKET = z3.Or(IS_V6, z3.ULT(ADDRESS, V6_STARTS))
PLACE, TRAFFIC = z3.Int("place"), z3.Int("traffic")
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}


def prove(claim: z3.BoolRef, *given: z3.BoolRef) -> None:
    """Fail with a packet that breaks the claim, if there is one."""
    solver = z3.Solver()
    solver.add(*given, z3.Not(claim))
    result = solver.check()

    assert result == z3.unsat, f"{result}: {solver.model() if result == z3.sat else solver.reason_unknown()}"


def is_possible(claim: z3.BoolRef) -> bool:
    """Tell whether something makes the claim true."""
    solver = z3.Solver()
    solver.add(claim)
    result = solver.check()

    assert result != z3.unknown, solver.reason_unknown()
    return bool(result == z3.sat)


def is_number_in(number: z3.ArithRef, found: IntervalSet) -> z3.BoolRef:
    """Return the claim that a number is in a set."""
    return z3.Or(*(z3.And(number >= first, number <= last) for first, last in found.intervals))


def is_point_in(flows: FlowSet, place: z3.ArithRef = PLACE, traffic: z3.ArithRef = TRAFFIC) -> z3.BoolRef:
    """Return the claim that a pair of numbers is in a set of flows."""
    return z3.Or(
        *(z3.And(place >= first, place <= last, is_number_in(traffic, mine)) for first, last, mine in flows.slabs)
    )


def _bits(value: z3.BitVecRef, found: Iterable[tuple[int, int]]) -> z3.BoolRef:
    """Return the claim that a word lies in inclusive runs; a run that no word can be in is an error of the product."""
    runs = list(found)
    assert all(0 <= first <= last < 1 << value.size() for first, last in runs), runs

    return z3.Or(*(z3.And(z3.UGE(value, first), z3.ULE(value, last)) for first, last in runs))


def is_traffic_in(found: IntervalSet) -> z3.BoolRef:
    """Return the claim that the packet is of a set of traffic: a protocol's 65,536 numbers follow the last one's."""
    return _bits(z3.Concat(PROTOCOL, PORT), found.intervals)


def is_address_in(found: IntervalSet) -> z3.BoolRef:
    """Return the claim that the packet's address is in a set: IPv4 comes first on the line, then IPv6."""
    v4 = [(first, min(last, V6_STARTS - 1)) for first, last in found.intervals if first < V6_STARTS]
    v6 = [(max(first, V6_STARTS) - V6_STARTS, last - V6_STARTS) for first, last in found.intervals if last >= V6_STARTS]
    return z3.Or(z3.And(z3.Not(IS_V6), _bits(ADDRESS, v4)), z3.And(IS_V6, _bits(ADDRESS, v6)))


def is_flow_in(found: FlowSet) -> z3.BoolRef:
    """Return the claim that the packet is in a set of flows."""
    return z3.Or(
        *(
            z3.And(is_address_in(IntervalSet(((first, last),))), is_traffic_in(traffic))
            for first, last, traffic in found.slabs
        )
    )


def is_in_block(text: str) -> z3.BoolRef:
    """Return the claim that the packet's address begins with the bits of a block (semantics 13)."""
    block = ip_interface(text)
    size, prefix = block.max_prefixlen, block.network.prefixlen
    family = IS_V6 if block.version == 6 else z3.Not(IS_V6)
    if not prefix:
        return family
    return z3.And(family, z3.Extract(size - 1, size - prefix, ADDRESS) == int(block) >> (size - prefix))


def is_permitted(protocol: str, first: int | None, last: int | None) -> z3.BoolRef:
    """Return the claim that a permission means the packet's protocol and port (semantics 11, 12, 21).

    Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    if protocol == "-1":
        return z3.BoolVal(True)
    number = NUMBERS.get(protocol) or int(protocol)
    if number in (6, 17) and first is not None and last is not None:
        return z3.And(number == PROTOCOL, z3.UGE(PORT, first), z3.ULE(PORT, last))
    if number in (1, 58):
        kind = z3.BoolVal(True) if first in (None, -1) else first == KIND
        code = z3.BoolVal(True) if last in (None, -1) else last == CODE
        return z3.And(number == PROTOCOL, kind, code)
    return number == PROTOCOL


def always(claim: z3.BoolRef, open_: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """Return the claim that something holds whatever the open questions turn out to be."""
    return z3.And(*_settled(claim, open_))


def ever(claim: z3.BoolRef, open_: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """Return the claim that something holds if the open questions turn out right."""
    return z3.Or(*_settled(claim, open_))


def _settled(claim: z3.BoolRef, open_: Sequence[z3.BoolRef]) -> list[z3.BoolRef]:
    claims = [claim]
    for question in open_:
        claims = [z3.substitute(one, (question, z3.BoolVal(said))) for one in claims for said in (True, False)]
    return claims

"""The line of traffic against z3: a permission holds just the packets that AWS's page says, of all 2**24 kinds."""

from __future__ import annotations

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.model import traffic
from checker.model.addresses import ALL_V4, ALL_V6, EVERYWHERE, INTERNET, Cidr, union
from checker.model.intervals import IntervalSet
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_permissions import Permission, blocks, permissions
from tests.graph.laws_z3 import (
    CODE,
    IS_V6,
    KIND,
    PACKET,
    PORT,
    PROTOCOL,
    is_address_in,
    is_in_block,
    is_permitted,
    is_traffic_in,
    prove,
)

PERMITTED = {"one": permissions, "two": permissions}
BLOCKS = {"texts": st.lists(blocks, min_size=1, max_size=4)}


def number_of(one: Permission) -> IntervalSet:
    return traffic.permitted(one.protocol, one.first, one.last)


def permitted_law(one: Permission, two: Permission) -> None:
    mine, theirs = (is_permitted(each.protocol, each.first, each.last) for each in (one, two))
    prove(is_traffic_in(number_of(one)) == mine)
    prove(is_traffic_in(number_of(one) - number_of(two)) == z3.And(mine, z3.Not(theirs)))
    runs = (
        z3.And(protocol == PROTOCOL, z3.UGE(PORT, first), z3.ULE(PORT, last))
        for protocol, first, last in traffic.spans(number_of(one) | number_of(two))
    )
    prove(z3.Or(*runs) == z3.Or(mine, theirs))


def blocks_law(texts: list[str]) -> None:
    wanted = [is_in_block(text) for text in texts]
    prove(is_address_in(Cidr.parse(texts[0]).addresses) == wanted[0], PACKET)
    prove(is_address_in(union(*texts)) == z3.Or(*wanted), PACKET)
    prove(is_address_in(EVERYWHERE - union(*texts)) == z3.Not(z3.Or(*wanted)), PACKET)


# semantics 11, 12, 21
@draws(0.5)
@given(**PERMITTED)
def test_a_permission_is_what_the_page_says(one: Permission, two: Permission) -> None:
    permitted_law(one, two)


# semantics 13, 15
@draws(0.5)
@given(**BLOCKS)
def test_a_block_holds_the_addresses_that_begin_with_its_bits(texts: list[str]) -> None:
    blocks_law(texts)


def test_the_families_share_no_address_and_leave_none_out() -> None:
    prove(is_address_in(ALL_V4) == z3.Not(IS_V6), PACKET)
    prove(is_address_in(ALL_V6) == IS_V6, PACKET)
    prove(is_address_in(EVERYWHERE), PACKET)


# semantics 15
@pytest.mark.parametrize("prefix", [1, 2, 5])
def test_the_pieces_of_the_world_are_the_world(prefix: int) -> None:
    v4 = [f"{at << (8 - prefix)}.0.0.0/{prefix}" for at in range(1 << prefix)]
    v6 = [f"{at << (16 - prefix):x}::/{prefix}" for at in range(1 << prefix)]

    prove(is_address_in(union(*v4)) == z3.Not(IS_V6), PACKET)
    prove(is_address_in(union(*v6)) == IS_V6, PACKET)
    prove(z3.Not(is_address_in(EVERYWHERE - union(*v4, *v6))), PACKET)
    assert union(*v4, *v6) == EVERYWHERE


def test_no_private_address_is_of_the_internet() -> None:
    # Source: https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc4193
    private = (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fe80::/10",
    )

    prove(z3.Not(z3.And(is_address_in(INTERNET), z3.Or(*map(is_in_block, private)))), PACKET)
    prove(z3.Implies(is_in_block("8.8.8.0/24"), is_address_in(INTERNET)), PACKET)
    prove(z3.Implies(is_in_block("2600::/12"), is_address_in(INTERNET)), PACKET)


def test_icmp_errors_are_those_of_the_standards() -> None:
    # Source: https://www.rfc-editor.org/rfc/rfc792, https://www.rfc-editor.org/rfc/rfc4443
    v4 = z3.And(PROTOCOL == 1, z3.Or(*(kind == KIND for kind in (3, 11, 12))))
    v6 = z3.And(PROTOCOL == 58, z3.Or(*(kind == KIND for kind in (1, 2, 3, 4))))

    prove(is_traffic_in(traffic.ICMP_ERRORS) == z3.Or(v4, v6))
    prove(is_traffic_in(traffic.icmp(58, 1, 4)) == z3.And(PROTOCOL == 58, KIND == 1, CODE == 4))


permitted_, parse_, addresses_ = traffic.permitted, Cidr.parse, Cidr.addresses.fget
MUTANTS = {
    "the last port is left out": (
        traffic,
        "permitted",
        lambda protocol, first, last: permitted_(
            protocol, first, last - 1 if protocol in ("tcp", "6") and last > first else last
        ),
        permitted_law,
        PERMITTED,
    ),
    "a code is a type": (
        traffic,
        "permitted",
        lambda protocol, first, last: permitted_(
            protocol, *((last, -1) if protocol in ("icmp", "1") and last not in (None, -1) else (first, last))
        ),
        permitted_law,
        PERMITTED,
    ),
    "one protocol more": (
        traffic,
        "permitted",
        lambda protocol, first, last: (
            permitted_(protocol, first, last) | traffic.ports(7)
            if protocol == "-1"
            else permitted_("48" if protocol == "47" else protocol, first, last)
        ),
        permitted_law,
        PERMITTED,
    ),
    "a block is its address alone": (
        Cidr,
        "parse",
        staticmethod(lambda text: parse_(text if ":" in text else text.partition("/")[0])),
        blocks_law,
        BLOCKS,
    ),
    "the last address of IPv6 is left out": (
        Cidr,
        "addresses",
        property(lambda self: addresses_(self) - IntervalSet.span(EVERYWHERE.size - 1, EVERYWHERE.size)),
        blocks_law,
        BLOCKS,
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    owner, name, broken, law, drawn = MUTANTS[mutant]
    with replaced(owner, name, broken):
        found = notices(law, drawn)

    assert found

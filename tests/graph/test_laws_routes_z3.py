"""Route tables against z3: for every address there is, the route that AWS's page says takes it.

Sources:
    https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
    https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from checker.graph.routes import Leg, Routes
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known
from checker.resources.route_table import Route
from tests.graph.laws import draws, notices, replaced
from tests.graph.laws_z3 import PACKET, is_address_in, is_in_block, prove
from tests.graph.network import Network

LOCAL = ("10.0.0.0/16", "10.1.0.0/24", "2001:db8::/56")
BLOCKS = (
    "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/16", "10.0.1.0/24", "10.1.0.0/24",
    "10.1.0.128/25", "10.2.0.0/16", "10.2.3.4/32", "172.16.0.0/12", "172.16.4.0/22",
    "::/0", "2000::/3", "2001:db8::/56", "2001:db8::/64",
)  # fmt: skip
STATIC = ("igw-a", "nat-a", "pcx-a", "eni-a", "tgw-a", "vpce-a", "eigw-a", "local")
PROPAGATED = ("vgw-a", "vgw-b")
STATIC_RANK, LIST_RANK, PROPAGATED_RANK = range(3)


@dataclass(frozen=True)
class Way:
    """One route of a table as drawn: a block or a prefix list."""

    destination: str
    target: str
    propagated: bool = False
    active: bool = True

    def __str__(self) -> str:
        more = (" propagated" if self.propagated else "") + ("" if self.active else " blackhole")
        return f"{self.destination} {self.target}{more}"


@dataclass(frozen=True)
class Table:
    """A table with its VPC's blocks, and the entries of the prefix lists that it names."""

    blocks: tuple[str, ...]
    ways: tuple[Way, ...]
    lists: Mapping[str, tuple[str, ...]]

    def legs(self) -> tuple[Leg, ...]:
        """Return the legs that the product splits the table in."""
        found = self.asked()
        assert isinstance(found, Known), found

        return found.value

    def asked(self) -> Fact[tuple[Leg, ...]]:
        """Return what the product says of the table, as a subnet of the VPC sees it."""
        net = Network().vpc("vpc-a", *self.blocks).subnet("subnet-a", "10.0.1.0/24")
        net.table("rtb-a", ["subnet-a"], *map(str, self.ways))
        for id, entries in self.lists.items():
            net.prefix_list(id, *entries)
        return net.graph().routes.legs("subnet-a", "vpc-a")


def _unique(ways: Sequence[Way]) -> tuple[Way, ...]:
    """Return the ways without those that no table can have: a second route of one origin to one destination."""
    return tuple({(way.destination, way.propagated): way for way in ways}.values())


def _may_stand(table: Table) -> bool:
    """Tell whether the page says which route wins: which of two lists with one block in common does is AWS's secret."""
    named = {way.destination for way in table.ways}
    entries = [block for id, blocks in table.lists.items() if id in named for block in blocks]
    return len(entries) == len(set(entries))


_static = st.builds(
    Way, st.sampled_from((*BLOCKS, *BLOCKS, "pl-a", "pl-b")), st.sampled_from(STATIC), st.just(False),
    st.sampled_from((True, True, True, False)),
)  # fmt: skip
_propagated = st.builds(Way, st.sampled_from(BLOCKS), st.sampled_from(PROPAGATED), st.just(True), st.just(True))
tables = st.builds(
    Table,
    st.lists(st.sampled_from(LOCAL[1:]), max_size=2, unique=True).map(lambda more: (LOCAL[0], *more)),
    st.lists(st.one_of(_static, _static, _propagated), max_size=7).map(_unique),
    st.fixed_dictionaries(
        {
            id: st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3, unique=True).map(tuple)
            for id in ("pl-a", "pl-b")
        }
    ),
).filter(_may_stand)
TABLES = {"table": tables}


@dataclass(frozen=True)
class Choice:
    """One block that a route of a table has; a black hole has no target."""

    block: str
    rank: int
    target: str

    @property
    def order(self) -> tuple[int, int]:
        """Return what puts the choice that is asked first in front."""
        return -ip_network(self.block).prefixlen, self.rank


def choices(table: Table) -> list[Choice]:
    """Return every block of every route, the local ones first.

    A route that somebody made of a block of the VPC's own is its local route, with the target replaced.
    """
    made = {way.destination for way in table.ways if not way.propagated}
    found = [Choice(block, STATIC_RANK, "local") for block in table.blocks if block not in made]
    for way in table.ways:
        target = way.target if way.active else ""
        if way.destination.startswith("pl-"):
            found += [Choice(block, LIST_RANK, target) for block in table.lists[way.destination]]
        else:
            found.append(Choice(way.destination, PROPAGATED_RANK if way.propagated else STATIC_RANK, target))
    return found


def matches(choice: Choice, table: Table) -> z3.BoolRef:
    """Return the claim that a route is for the packet; what a VPN propagates is for none of the VPC's own addresses."""
    here = is_in_block(choice.block)
    if choice.rank != PROPAGATED_RANK:
        return here
    return z3.And(here, *(z3.Not(is_in_block(block)) for block in table.blocks))


def wins(choice: Choice, others: Sequence[Choice], table: Table) -> z3.BoolRef:
    """Return the claim that a route takes the packet: it matches, and none that comes before it does."""
    before = [other for other in others if other.order < choice.order]
    return z3.And(matches(choice, table), *(z3.Not(matches(other, table)) for other in before))


def split_law(table: Table) -> None:
    legs, every = table.legs(), choices(table)
    told: dict[str, list[z3.BoolRef]] = {}
    for leg in legs:
        assert isinstance(leg.target, Known)
        told.setdefault(leg.target.value, []).append(is_address_in(leg.addresses))
    for target in {*told, *(choice.target for choice in every)}:
        wanted = z3.Or(*(wins(choice, every, table) for choice in every if choice.target == target))
        prove(z3.Or(*told.get(target, ())) == wanted, PACKET)
    prove(z3.AtMost(*(is_address_in(leg.addresses) for leg in legs), 1) if legs else z3.BoolVal(True), PACKET)
    for leg in legs:
        prove(z3.Implies(is_address_in(leg.addresses), is_in_block(leg.destination)), PACKET)


# semantics 24, 25, 26, 27
@draws(0.5)
@given(**TABLES)
def test_the_most_specific_route_takes_the_packet(table: Table) -> None:
    split_law(table)


# semantics 24
def test_what_a_vpn_propagates_inside_the_network_never_beats_the_local_route() -> None:
    table = Table(
        LOCAL[:1], (Way("10.0.7.0/24", "vgw-a", propagated=True), Way("10.9.0.0/16", "vgw-a", propagated=True)), {}
    )
    to_vpn = [leg for leg in table.legs() if leg.target.is_("vgw-a").is_yes]

    prove(z3.Or(*(is_address_in(leg.addresses) for leg in to_vpn)) == is_in_block("10.9.0.0/16"), PACKET)


# semantics 24, 25
def test_a_propagated_black_hole_inside_the_network_never_beats_the_local_route() -> None:
    split_law(Table(LOCAL[:1], (Way("10.0.7.0/24", "vgw-a", propagated=True, active=False),), {}))


# semantics 26
def test_which_of_two_lists_wins_a_block_that_both_have_is_not_known() -> None:
    lists = {"pl-a": ("172.16.0.0/12", "10.2.0.0/16"), "pl-b": ("172.16.0.0/12",)}
    one, two = Way("pl-a", "tgw-a"), Way("pl-b", "pcx-a")
    for ways in ((one, two), (two, one)):
        found = Table(LOCAL[:1], ways, lists).asked()
        open_ = [leg for leg in found.value if leg.target.missing] if isinstance(found, Known) else []

        assert not isinstance(found, Known) or open_, "a target that AWS chooses at random was told as known"
    same = Table(LOCAL[:1], (one, replace(two, target="tgw-a")), lists).legs()
    taken = [leg for leg in same if leg.target.is_("tgw-a").is_yes]

    prove(
        z3.Or(*(is_address_in(leg.addresses) for leg in taken))
        == z3.Or(is_in_block("172.16.0.0/12"), is_in_block("10.2.0.0/16")),
        PACKET,
    )


split_ = Routes._order


def _those(routes: tuple[Route, ...], test: Callable[[Route], bool]) -> tuple[Route, ...]:
    return tuple(route for route in routes if test(route))


def _changed(change: Callable[[tuple[Route, ...]], tuple[Route, ...]]) -> object:
    """Return the split of a table whose routes were changed before."""
    return lambda self, local, routes: split_(self, local, change(routes))


MUTANTS = {
    "black holes are not there": lambda routes: _those(routes, lambda one: one.active.is_(True).is_yes),
    "black holes are alive": lambda routes: tuple(replace(one, active=Known(True)) for one in routes),
    "what is propagated is made": lambda routes: tuple(
        replace(one, propagated=Known(False)) for one in reversed(routes)
    ),
    "lists are not routes": lambda routes: _those(
        routes, lambda one: one.destination.holds(lambda to: isinstance(to, Cidr)).is_yes
    ),
    "IPv6 has no default": lambda routes: _those(routes, lambda one: one.destination.is_(Cidr("::/0")).is_no),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_law_notices(mutant: str) -> None:
    with replaced(Routes, "_order", _changed(MUTANTS[mutant])):
        found = notices(split_law, TABLES)

    assert found

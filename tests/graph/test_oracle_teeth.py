"""The comparison itself: drawn networks meet every rule from both sides, and a broken rule is noticed."""

from collections import Counter
from functools import cache
from random import Random

import pytest

from tests.graph import oracle_verdict as outcome
from tests.graph.oracle import TCP, World
from tests.graph.oracle_compare import Product, disagreements, pairs
from tests.graph.oracle_mutants import BREAKS, broken
from tests.graph.oracle_walk import MAYBE, NO, YES, End
from tests.graph.worlds import FAR, FAR_V6, drawn

MANY, SOME = range(1500), range(60)
# What packets pass by on the way, and at what they end: each is met at least so many times.
PASSED = ("subnet", "local", "pcx", "tgw", "tgw tgw", "nat", "nat pcx", "nat tgw", "igw", "nat igw", "eigw", "eni")
ENDED = (
    "group-out", "group-in", "acl-out", "acl-in", "nat-acl", "transit-acl", "route", "peering", "nat", "attachment",
    "zone", "association", "transit-route", "check", "appliance-group", "gateway", "public", "block", "edge", "nobody",
    "elsewhere",
)  # fmt: skip
AT_LEAST = 3
# Networks in which the rarer rules decide: asked first, they save the search for others.
TELLING = (0, 1, 3, 4, 14, 15, 30, 31, 38, 41, 42, 46, 55, 58, 99, 105, 136, 209, 232, 258, 277, 364, 369, 952)


@cache
def network(seed: int) -> tuple[World, Product] | None:
    """Return a network and what the product says of it, where it says what the oracle does."""
    world = drawn(Random(seed).choice)
    product = Product(world)
    return None if any(disagreements(world, product)) else (world, product)


def ends(world: World) -> list[tuple[int, End]]:
    """Return where one packet of every pair, and of every interface and the internet, comes out."""
    found = [end for source, target, v6 in pairs(world) for end in outcome.between(world, source, target, v6, TCP, 80)]
    for id, interface in world.interfaces.items():
        for far in (*FAR, FAR_V6):
            if outcome.address_of(interface, far):
                found += [outcome.arrives(world, far, id, TCP, 80), *outcome.departs(world, id, far, TCP, 80)]
    return found


def test_drawn_networks_meet_every_kind_of_hop_and_every_kind_of_refusal() -> None:
    passed: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for seed in MANY:
        for verdict, end in ends(drawn(Random(seed).choice)):
            kinds = [hop for hop in end.way.trail if hop not in ("subnet", "local")] or list(end.way.trail)
            if verdict in (YES, MAYBE):
                passed[" ".join(kinds)] += 1
            if verdict == NO:
                ended[end.why] += 1

    assert not [kind for kind in PASSED if passed[kind] < AT_LEAST], passed
    assert not [kind for kind in ENDED if ended[kind] < AT_LEAST], ended


@pytest.mark.sampled(one_in=6)
@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_of_the_oracle_is_noticed(rule: str) -> None:
    def differs(seed: int) -> bool:
        if (known := network(seed)) is None:
            return False
        with broken(rule):
            return any(disagreements(*known))

    assert any(differs(seed) for seed in (*TELLING, *SOME)), rule

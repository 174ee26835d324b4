"""The oracle with one of its rules broken on purpose: a comparison that does not notice has no teeth."""

# Breaks stand in for functions of the oracle, so they take arguments that they do not look at.
# ruff: noqa: ARG005

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.graph import oracle
from tests.graph import oracle_verdict as outcome
from tests.graph import oracle_walk as walk
from tests.graph.oracle import Interface, Packet, World
from tests.graph.oracle_walk import End, Way

Break = Callable[[pytest.MonkeyPatch], None]


def _always(module: object, name: str, value: object) -> Break:
    """Return a break that makes one of the oracle's questions have one answer."""
    return lambda patch: patch.setattr(module, name, lambda *_, **__: value)


def _no_acl_for_answers(patch: pytest.MonkeyPatch) -> None:
    kept = walk.leave

    def leave(world: World, packet: Packet, subnet: str, way: Way, *, answers: bool = False) -> Iterator[End]:
        with pytest.MonkeyPatch.context() as inner:
            if answers:
                inner.setattr(oracle, "acl_passes", lambda *_, **__: True)
            yield from list(kept(world, packet, subnet, way, answers=answers))

    patch.setattr(walk, "leave", leave)


def _unordered_acl(patch: pytest.MonkeyPatch) -> None:
    def passes(world: World, subnet: str, address: str, packet: Packet, *, egress: bool) -> bool:
        home = world.subnets[subnet]
        return any(
            entry.allow
            and entry.egress is egress
            and oracle.is_in(address, entry.block)
            and oracle.matches(entry.protocol, entry.first, entry.last, packet)
            for entry in world.acls[home.acl or f"acl-default-{home.vpc[-1]}"]
        )

    patch.setattr(oracle, "acl_passes", passes)


def _one_way_groups(ingress: bool) -> Break:
    def apply(patch: pytest.MonkeyPatch) -> None:
        kept = oracle.group_admits

        def admits(
            world: World, mine: Interface, address: str, packet: Packet, named: tuple[str, ...], **way: bool
        ) -> bool:
            return way["ingress"] is not ingress or kept(world, mine, address, packet, named, ingress=ingress)

        patch.setattr(oracle, "group_admits", admits)

    return apply


def _first_group_only(patch: pytest.MonkeyPatch) -> None:
    kept = oracle.group_admits

    def admits(
        world: World, mine: Interface, address: str, packet: Packet, named: tuple[str, ...], **way: bool
    ) -> bool:
        return kept(world, replace(mine, groups=mine.groups[:1]), address, packet, named, **way)

    patch.setattr(oracle, "group_admits", admits)


def _world(change: Callable[[World], World], name: str) -> Break:
    """Return a break that shows one question of the oracle another network."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        module = walk if hasattr(walk, name) else oracle
        kept = getattr(module, name)
        patch.setattr(module, name, lambda world, *rest, **more: kept(change(world), *rest, **more))

    return apply


def _live_routes(world: World) -> World:
    return replace(
        world, tables={id: tuple(one for one in routes if one.active) for id, routes in world.tables.items()}
    )


def _static_routes(world: World) -> World:
    tables = {id: tuple(replace(one, propagated=False) for one in routes) for id, routes in world.tables.items()}
    return replace(world, tables=tables)


def _main_tables(world: World) -> World:
    return replace(world, subnets={id: replace(one, table=None) for id, one in world.subnets.items()})


def _default_lists(world: World) -> World:
    return replace(world, subnets={id: replace(one, acl=None) for id, one in world.subnets.items()})


def _any_family(patch: pytest.MonkeyPatch) -> None:
    kept = oracle.is_in
    patch.setattr(oracle, "is_in", lambda address, block: block in oracle.ANYWHERE or kept(address, block))


def _anywhere_holder(patch: pytest.MonkeyPatch) -> None:
    kept = oracle.holder
    patch.setattr(
        oracle,
        "holder",
        lambda world, vpc, address: next(filter(None, (kept(world, one, address) for one in sorted(world.vpcs))), None),
    )


def _first_longest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(oracle, "length", lambda block: 0)


def _everything_through_nat(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk, "TRANSLATED", tuple(range(256)))


def _groups_behind_nat(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(outcome, "named_over", lambda world, end, source: source.groups)


def _any_table(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk, "associated", lambda one: one.table or f"tgw-rtb-0-{one.gateway[-1]}")


BREAKS: Mapping[str, Break] = {
    "lists let answers through": _no_acl_for_answers,
    "lists are without order": _unordered_acl,
    "lists let everything through": _always(oracle, "acl_passes", True),
    "every subnet has the default list": _world(_default_lists, "acl_passes"),
    "groups see only what comes in": _one_way_groups(ingress=True),
    "groups see only what goes out": _one_way_groups(ingress=False),
    "one group counts": _first_group_only,
    "groups may be named anywhere": _always(oracle, "peered", True),
    "no group may be named abroad": lambda patch: patch.setattr(oracle, "peered", lambda _, one, two: one == two),
    "groups may be named over every transit gateway": _always(outcome, "named_over_transit", True),
    "no group may be named over a transit gateway": _always(outcome, "named_over_transit", False),
    "a group is named through a NAT gateway": _groups_behind_nat,
    "families mix": _any_family,
    "an address is the same in every VPC": _anywhere_holder,
    "the first route wins": _first_longest,
    "black holes are no routes": _world(_live_routes, "looked_up"),
    "propagated routes are like others": _world(_static_routes, "looked_up"),
    "every subnet has the main table": _world(_main_tables, "next_hop"),
    "black holes of transit gateways are no routes": _world(_live_routes, "transit_hop"),
    "static routes of transit gateways win nothing": _world(_static_routes, "transit_hop"),
    "every attachment has a table": _any_table,
    "an attachment serves every zone": lambda patch: patch.setattr(
        walk, "entrance", lambda world, one, zone: one.subnets[0]
    ),
    "an attachment has one way out": lambda patch: patch.setattr(
        walk, "exits", lambda world, one, zone: one.subnets[:1]
    ),
    "every peering is active": lambda patch: patch.setattr(
        walk,
        "crosses",
        lambda world, id, vpc, packet: next((one for one in world.peerings[id].vpcs if one != vpc), None),
    ),
    "interfaces take what is not theirs": _always(walk, "takes_foreign", True),
    "interfaces take only what is theirs": _always(walk, "takes_foreign", False),
    "appliances have no groups": _always(walk, "passes_groups", True),
    "NAT gateways take every protocol": _everything_through_nat,
    "every address is public": _always(walk, "shown", True),
    "the block lets connections in": _always(oracle, "let_in", True),
    "the block lets connections out": _always(oracle, "let_out", True),
    "exclusions do not count": _world(lambda world: replace(world, exclusions={}), "let_in"),
    "gateways have no tables": _world(lambda world: replace(world, edges={}), "enter"),
}


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Break one rule of the oracle for a while."""
    with pytest.MonkeyPatch.context() as patch:
        BREAKS[name](patch)
        yield

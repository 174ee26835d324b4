"""Availability Zones: where an owner may run."""

from __future__ import annotations

from checker.graph.graph import Graph
from checker.graph.stack import Member, Stack
from checker.model.blueprint import TierName
from checker.model.fact import Fact, Known, Unknown, merge


def zones_of(stack: Stack, tier: TierName, graph: Graph) -> Fact[tuple[str, ...]]:
    """Return the zones in which a tier's members may stand."""
    return _joined([zones(member, graph) for member in stack.tier(tier)])


def zones(member: Member, graph: Graph) -> Fact[tuple[str, ...]]:
    """Return the zones of the subnets in which a member may stand (semantics 54)."""
    if member.lost:
        return Unknown(*member.lost)
    return _joined([graph.zone(subnet).map(lambda zone: (zone,)) for subnet in member.subnets])


def _joined(facts: list[Fact[tuple[str, ...]]]) -> Fact[tuple[str, ...]]:
    missing = merge(*(fact.missing for fact in facts))
    if missing:
        return Unknown(*missing)
    return Known(tuple(sorted({zone for fact in facts if isinstance(fact, Known) for zone in fact.value})))

"""Availability Zones: where an owner may run."""

from __future__ import annotations

from collections.abc import Iterable

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.owners import declared
from checker.graph.stack import Member, Stack
from checker.model.blueprint import TierName
from checker.model.fact import NO, YES, Answer, Fact, Known, Listing, Unknown, known_or, merge


def zones_of(stack: Stack, tier: TierName, graph: Graph) -> Fact[tuple[str, ...]]:
    """Return the zones in which a tier's members may stand."""
    return _whole(placed(stack.tier(tier), graph))


def zones(member: Member, graph: Graph) -> Fact[tuple[str, ...]]:
    """Return the zones of the subnets in which a member may stand (semantics 54)."""
    return _whole(placed((member,), graph))


def spans(members: Iterable[Member], graph: Graph, wanted: int) -> Answer:
    """Answer whether members may stand, all together, in at least `wanted` zones."""
    found = placed(members, graph)
    if len(found.items) >= wanted:
        return YES
    return NO if found.complete else Answer(None, found.missing)


def placed(members: Iterable[Member], graph: Graph) -> Listing[str]:
    """Return the zones in which members may stand, each once and in order, as far as they are known."""
    here = [homes(member, graph) for member in members]
    facts = [graph.zone(subnet) for subnets in here for subnet in subnets.items]
    known = {zone for fact in facts if (zone := known_or(fact, None))}
    return Listing(tuple(sorted(known)), merge(*(one.missing for one in here), *(fact.missing for fact in facts)))


def homes(member: Member, graph: Graph) -> Listing[str]:
    """Return the subnets in which a member may stand by its own declaration, or stands where it declares none.

    What stands elsewhere today, as an instance that its group launched before its subnets were changed, is not replaced
    there when it fails.
    """
    ways = declared(member.owner, graph.index)
    if not ways:
        return Listing(member.subnets, member.lost)
    subnets = {subnet for way in ways for subnet in values(way.subnets)}
    return Listing(tuple(sorted(subnets)), merge(*(way.subnets.missing for way in ways)))


def _whole(found: Listing[str]) -> Fact[tuple[str, ...]]:
    return Known(found.items) if found.complete else Unknown(*found.missing)

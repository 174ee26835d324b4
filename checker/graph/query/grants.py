"""The very rule or entry that lets a packet through, or stops it: what a hop rests on, and where that was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.graph import Graph
from checker.graph.query.filters import Filter
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.fact import Known, known_or
from checker.model.intervals import IntervalSet
from checker.model.record import Origin
from checker.resources.network_acl import AclEntry, NetworkAcl
from checker.resources.route_table import RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer, SecurityGroupRule
from checker.resources.subnet import Subnet

FINAL = 32767
_SUBNET = re.compile(r"subnet-[0-9a-z-]+")


@dataclass(frozen=True)
class Ground:
    """What a hop rests on: the resource, the fact about it, and its origin."""

    resource: str
    fact: str
    origin: Origin | None


def rule_ground(filter: Filter, packet: IntervalSet, graph: Graph) -> Ground | None:
    """Return the first rule of the worn groups that surely lets the packet through, or None if none does."""
    for rule, group in _rules(filter, graph):
        if _sure(rule, filter, packet, graph):
            verb, preposition = ("admits", "from") if filter.inward else ("lets out", "to")
            told = traffic.describe(known_or(rule.traffic, traffic.NOTHING))
            return Ground(group, f"{rule.id} {verb} {told} {preposition} {peer_text(rule)}", rule.origin)
    return None


def group_origin(group: str, graph: Graph) -> Origin | None:
    """Return where a security group was read."""
    found = graph.index.get(SecurityGroup, group)
    return found.origin if found else None


def _rules(filter: Filter, graph: Graph) -> Iterator[tuple[SecurityGroupRule, str]]:
    for group in (filter.mine.groups or ()) if filter.mine else ():
        for rule in graph.groups.rules(group)[0]:
            if rule.ingress.is_(filter.inward).is_yes:
                yield rule, group


def _sure(rule: SecurityGroupRule, filter: Filter, packet: IntervalSet, graph: Graph) -> bool:
    if not (isinstance(rule.traffic, Known) and isinstance(rule.peer, Known) and packet <= rule.traffic.value):
        return False
    peer = rule.peer.value
    if isinstance(peer, GroupPeer):
        return peer.id in filter.groups
    reach = graph.groups.peer_addresses(peer)
    return isinstance(reach, Known) and filter.other <= reach.value


def peer_text(rule: SecurityGroupRule) -> str:
    """Return the other end of a rule: a block, or the id of a group or prefix list."""
    if not isinstance(rule.peer, Known):
        return "an unknown peer"
    peer = rule.peer.value
    return peer.id if isinstance(peer, GroupPeer | PrefixListPeer) else str(peer)


def subnet_of(filter: Filter, graph: Graph) -> tuple[str, str] | None:
    """Return the subnet that a hop stands at and its VPC: that of an end, or one on the way between them."""
    if filter.mine is not None:
        return filter.mine.subnet, filter.mine.vpc
    named = _SUBNET.search(filter.resource)
    found = graph.index.get(Subnet, named[0]) if named else None
    return (found.id, vpc) if found and (vpc := known_or(found.vpc, "")) else None


def acl_of(filter: Filter, graph: Graph) -> NetworkAcl | None:
    """Return the network ACL of the subnet that a hop stands at, where it is known."""
    where = subnet_of(filter, graph)
    found = graph.acls.of(*where) if where else None
    return found.value if isinstance(found, Known) else None


def deciding(acl: NetworkAcl, packet: IntervalSet, other: IntervalSet, *, egress: bool) -> AclEntry | None:
    """Return the entry that decides a packet: the lowest number that matches it, where every fact of it is known."""
    entries = acl.entries.value if isinstance(acl.entries, Known) else ()
    ranked: list[AclEntry] = sorted(entries, key=lambda one: one.number)
    for entry in ranked:
        if entry.egress.is_(egress).is_no:
            continue
        if not (isinstance(entry.traffic, Known) and isinstance(entry.peer, Known)):
            return None
        if packet & entry.traffic.value and other & entry.peer.value.addresses:
            return entry
    return None


def entry_text(entry: AclEntry) -> str:
    """Return an entry as `entry 100 allows tcp 443 from 10.0.0.0/8`; the final one as what it is."""
    verb = "allows" if entry.allow.is_(True).is_yes else "denies"
    if entry.number >= FINAL:
        return "no entry allows it, so the final one denies it"
    preposition = "to" if entry.egress.is_(True).is_yes else "from"
    passes = traffic.describe(known_or(entry.traffic, traffic.NOTHING))
    block = entry.peer.value if isinstance(entry.peer, Known) else Cidr("unknown addresses")
    return f"entry {entry.number} {verb} {passes} {preposition} {block}"


def table_of(filter: Filter, graph: Graph) -> RouteTable | None:
    """Return the route table of the subnet that a hop stands at, where it is known."""
    where = subnet_of(filter, graph)
    found = graph.routes.table(*where) if where else None
    return found.value if isinstance(found, Known) else None

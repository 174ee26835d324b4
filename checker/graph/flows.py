"""The blueprint's flows in one stack: who may send what to a member, and what must get through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checker.graph.exposure import Allowed
from checker.graph.graph import Graph
from checker.graph.relays import End, Relay, relays
from checker.graph.selectors import matches
from checker.graph.stack import Member, Stack
from checker.graph.target_groups import Balancer, group_traffic
from checker.model import addresses as line
from checker.model import traffic
from checker.model.blueprint import INTERNET, TIERS, Allowance, Blueprint, Flow, Ranges, Selector, TierName
from checker.model.fact import Fact, Known, Missing, Unknown, known_or, merge
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.load_balancer import LoadBalancer
from checker.resources.prefix_list import PrefixList
from checker.resources.replication_group import ReplicationGroup
from checker.resources.security_group_rule import PrefixListPeer
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.target_group import TargetGroup

NFS = 2049
# The port that a proxy listens on is that of its engine's family.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-setup.html
_PROXY_PORTS = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}


def own_ports(owner: Resource) -> Fact[IntervalSet]:
    """Return the traffic that a store answers, on the ports that it says are its own."""
    if isinstance(owner, DbInstance | DbCluster | ReplicationGroup | CacheCluster):
        return owner.port.map(traffic.tcp)
    if isinstance(owner, ServerlessCache):
        return owner.ports.map(
            lambda ports: IntervalSet.of(run for port in ports for run in traffic.tcp(port).intervals)
        )
    if isinstance(owner, DbProxy):
        return owner.engine_family.then(_proxy_port)
    if isinstance(owner, FileSystem):
        return Known(traffic.tcp(NFS))
    if isinstance(owner, DynamoTable):
        return Known(traffic.tcp(443))
    return Unknown(Missing(f"the port of {owner}", "name the ports in the blueprint's flow"))


def _proxy_port(family: str) -> Fact[IntervalSet]:
    port = _PROXY_PORTS.get(family.upper())
    return (
        Known(traffic.tcp(port))
        if port
        else Unknown(Missing(f"the port of a {family} proxy", "name it in the blueprint"))
    )


def target_ports(stack: Stack, app: Member, graph: Graph) -> Fact[IntervalSet]:
    """Return the traffic that the stack's edge sends to an app: target ports and health-check ports (semantics 41)."""
    found, missing = traffic.NOTHING, graph_missing(stack, graph)
    for balancer in (edge.owner for edge in stack.tier("edge")):
        if not isinstance(balancer, LoadBalancer):
            continue
        for group in graph.balancing.forwards(balancer).groups:
            if app.owner in graph.balancing.targets(group).owners:
                ports = group_traffic(balancer, group)
                missing = merge(missing, ports.missing)
                found |= known_or(ports, traffic.NOTHING)
    return Unknown(*missing) if missing else Known(found)


def target_groups(stack: Stack, graph: Graph) -> tuple[TargetGroup, ...]:
    """Return every target group that the stack's edge really forwards to."""
    groups: dict[TargetGroup, None] = {}
    for edge in stack.tier("edge"):
        groups.update(dict.fromkeys(graph.balancing.forwards(edge.owner).groups))  # type: ignore[arg-type]  # edges are balancers
    return tuple(groups)


def graph_missing(stack: Stack, graph: Graph) -> tuple[Missing, ...]:
    """Return why the edge may forward to groups that were not seen."""
    return merge(*(graph.balancing.forwards(edge.owner).missing for edge in stack.tier("edge")))  # type: ignore[arg-type]  # as above


def ports_of(flow: Flow | Allowance, target: Member | None, stack: Stack, graph: Graph) -> Fact[IntervalSet]:
    """Return the traffic that a flow is about, on the way to a member."""
    if flow.ports == "all":
        return Known(traffic.EVERYTHING if flow.protocol == "all" else traffic.ports(traffic.NUMBERS[flow.protocol]))
    if flow.ports == "own":
        return own_ports(target.owner) if target else Known(traffic.NOTHING)
    if flow.ports == "targets":
        return target_ports(stack, target, graph) if target else Known(traffic.NOTHING)
    return Known(_numbered(flow))


def _numbered(flow: Flow | Allowance) -> IntervalSet:
    """Return the traffic of a flow that gives its ports by number."""
    runs = [_port_range(port) for port in flow.ports]
    if flow.protocol == "icmp":
        kinds = (kind for first, last in runs for kind in range(first, last + 1))
        return IntervalSet.of(run for kind in kinds for run in traffic.icmp(traffic.ICMP, kind, -1).intervals)
    protocols = [traffic.TCP, traffic.UDP] if flow.protocol == "all" else [traffic.NUMBERS[flow.protocol]]
    return IntervalSet.of(
        run for number in protocols for first, last in runs for run in traffic.ports(number, first, last).intervals
    )


def _port_range(port: int | str) -> tuple[int, int]:
    first, _, last = str(port).partition("-")
    return int(first), int(last or first)


def is_tier(end: str | Selector, tier: TierName) -> bool:
    """Tell whether an end of a flow is a tier."""
    return end == tier or (isinstance(end, Selector) and end.tier == tier)


def flows_into(tier: TierName, blueprint: Blueprint) -> Iterator[Flow]:
    """Yield the flows whose target is a tier."""
    return (flow for flow in blueprint.flows if is_tier(flow.target, tier))


def _into(entry: Flow | Allowance, member: Member) -> bool:
    return is_tier(entry.target, member.tier) or matches(entry.target, member.owner)


def allowed_into(member: Member, stack: Stack, graph: Graph, blueprint: Blueprint) -> Allowed:
    """Return who may get in to a member: the sources of the flows into its tier, its own kin, and the exceptions."""
    builder = _Builder(graph, blueprint, stack)
    for flow in blueprint.flows:
        if _into(flow, member):
            builder.add(flow, member, exact=False)
    for entry in blueprint.allow:
        if _into(entry, member):
            builder.add(entry, member, exact=True)
    # The nodes of a store talk to each other, and a proxy to its database.
    if member.tier == "cache":
        builder.owners.add(member.owner)
    if member.tier == "data":
        builder.owners.update(other.owner for other in stack.tier("data"))
    if member.tier == "app":
        # A balancer that has the app among its targets is one of its own, unless it lets the world in beside the edge.
        builder.owners.update(one for one in graph.balancing.balancers_of(member.owner) if not _side_door(one))
    if member.tier in ("edge", "app"):
        for relay, end in handed_on(member, stack, graph):
            if member.tier == "app" or _is_listed(relay, member, blueprint):
                builder.let_in(end.traffic)
        if member.tier == "app" and unsure_of_clients(stack, graph):
            builder.let_in(traffic.EVERYTHING)  # who may say so is told of it, as an open question
    return builder.build()


def unsure_of_clients(stack: Stack, graph: Graph) -> tuple[Missing, ...]:
    """Return why it is not known what the stack's edge sends under its clients' own addresses."""
    network = [
        edge.owner
        for edge in stack.tier("edge")
        if isinstance(edge.owner, LoadBalancer) and not edge.owner.type.is_("application").is_yes
    ]
    found = [relays(balancer, graph) for balancer in network]
    unsure = (relay.preserves.missing for one in found for relay in one.items if relay.preserves.is_unknown)
    return merge(*(one.missing for one in found), *unsure)


def handed_on(member: Member, stack: Stack, graph: Graph) -> Iterator[tuple[Relay, End]]:
    """Yield the ways by which the stack's edge may send to a member from its clients' own addresses (semantics 47)."""
    for edge in stack.tier("edge"):
        found = relays(edge.owner, graph).items if isinstance(edge.owner, LoadBalancer) else ()
        for relay in found:
            if not relay.preserves.is_no:
                yield from ((relay, end) for end in relay.ends if end.endpoint.owner is member.owner)


def _is_listed(relay: Relay, member: Member, blueprint: Blueprint) -> bool:
    """Tell whether what a relay takes in is what the blueprint lists from the internet."""
    taken = known_or(relay.takes, traffic.EVERYTHING)
    listed = (flow for flow in flows_into(member.tier, blueprint) if flow.source == INTERNET)
    return any(taken <= _numbered(flow) for flow in listed if not isinstance(flow.ports, str))


def _side_door(balancer: Balancer) -> bool:
    """Tell whether a balancer may face the internet and seed no stack of its own."""
    application = isinstance(balancer, LoadBalancer) and balancer.type.is_("application").is_yes
    return not balancer.internet_facing.is_(True).is_no and not application


class _Builder:
    """Gathers the sources of flows; a flow from a tier lets its owners in, one from elsewhere exactly its ports."""

    def __init__(self, graph: Graph, blueprint: Blueprint, stack: Stack) -> None:
        self._graph = graph
        self._blueprint = blueprint
        self._stack = stack
        self.owners: set[Resource] = set()
        self._boxes: list[tuple[IntervalSet, IntervalSet]] = []
        self._groups: dict[str, IntervalSet] = {}
        self._guests: dict[Resource, IntervalSet] = {}
        self._open: tuple[Missing, ...] = ()

    def add(self, entry: Flow | Allowance, member: Member, *, exact: bool) -> None:
        """Let in the source of one entry."""
        ports = known_or(ports_of(entry, member, self._stack, self._graph), traffic.NOTHING)
        source = entry.source
        tier = next((name for name in TIERS if is_tier(source, name)), None)
        if tier and not exact:
            self.owners |= self._stack.owners(tier)
            self._open = merge(self._open, self._stack.open.get(tier, ()))
        elif tier:
            self._guests.update(dict.fromkeys(self._stack.owners(tier), ports))
        elif isinstance(source, str):
            self._text(source, ports)
        else:
            self._selector(source, ports)

    def let_in(self, ports: IntervalSet) -> None:
        """Let in the addresses that the edge is there for."""
        self._boxes.append((known_or(front(self._blueprint, self._graph), line.INTERNET), ports))

    def _text(self, source: str, ports: IntervalSet) -> None:
        if source == INTERNET:
            self.let_in(ports)
        elif source in self._blueprint.networks:
            self._boxes.append((line.union(*self._blueprint.networks[source]), ports))
        elif source.startswith("sg-"):
            self._group(source, ports)
        elif (block := _block(source)) is not None:
            self._boxes.append((block, ports))
        else:
            self._owners(source, ports)

    def _selector(self, source: Selector, ports: IntervalSet) -> None:
        if source.cidr:
            blocks = (source.cidr,) if isinstance(source.cidr, str) else source.cidr
            self._boxes.append((line.union(*blocks), ports))
        elif source.prefix_list:
            entries = self._graph.groups.peer_addresses(PrefixListPeer(source.prefix_list))
            self._boxes.append((known_or(entries, IntervalSet()), ports))
        elif source.security_group and not (source.kind or source.tag or source.name or source.id):
            self._group(source.security_group, ports)
        else:
            self._owners(source, ports)

    def _group(self, group: str, ports: IntervalSet) -> None:
        self._groups[group] = self._groups.get(group, traffic.NOTHING) | ports

    def _owners(self, source: str | Selector, ports: IntervalSet) -> None:
        for owner in self._graph.endpoints.owners:
            if matches(source, owner):
                self._guests[owner] = self._guests.get(owner, traffic.NOTHING) | ports

    def build(self) -> Allowed:
        """Return what was gathered; the addresses of guests are theirs to send from too."""
        homes = [
            (endpoint.place.addresses, ports)
            for owner, ports in self._guests.items()
            for endpoint in self._graph.endpoints.of(owner)
        ]
        return Allowed(
            frozenset(self.owners),
            dict(self._groups),
            FlowSet.union([*self._boxes, *homes]),
            dict(self._guests),
            self._open,
        )


# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
CLOUDFRONT_V6 = "com.amazonaws.global.ipv6.cloudfront.origin-facing"


def front(blueprint: Blueprint, graph: Graph) -> Fact[IntervalSet]:
    """Return the addresses that the edge is there for: the world, CloudFront's own, or ranges that are listed."""
    declared = blueprint.tiers["edge"].front
    if isinstance(declared, Ranges):
        return Known(line.union(*declared.ranges))
    if declared != "cloudfront":
        return Known(line.INTERNET)
    lists = [item for item in graph.index.all(PrefixList).items if item.name in (CLOUDFRONT, CLOUDFRONT_V6)]
    entries = [item.entries for item in lists if isinstance(item.entries, Known)]
    if not entries:
        lost = Missing("the addresses of CloudFront", "allow ec2:GetManagedPrefixListEntries")
        return Unknown(*merge(graph.index.missing(PrefixList), *(item.entries.missing for item in lists)) or (lost,))
    return Known(IntervalSet.of(run for found in entries for block in found.value for run in block.addresses.intervals))


def _block(text: str) -> IntervalSet | None:
    try:
        return line.union(text)
    except ValueError:
        return None


@dataclass(frozen=True, eq=False)
class RequiredFlow:
    """One flow that must work, between two members (from the internet, `source` is None)."""

    flow: Flow
    source: Member | None
    target: Member
    ports: Fact[IntervalSet]


def required_flows(stack: Stack, graph: Graph, blueprint: Blueprint) -> Iterator[RequiredFlow]:
    """Yield the flows between tiers that must work in a stack; those from the internet are the edge's own matter."""
    for flow in blueprint.flows:
        if not flow.require:
            continue
        for target_tier in TIERS:
            if not is_tier(flow.target, target_tier):
                continue
            for source_tier in TIERS:
                if is_tier(flow.source, source_tier):
                    for target in stack.tier(target_tier):
                        ports = ports_of(flow, target, stack, graph)
                        sources = [one for one in stack.tier(source_tier) if _leads(one, target, stack, graph)]
                        yield from (RequiredFlow(flow, source, target, ports) for source in sources)


def _leads(source: Member, target: Member, stack: Stack, graph: Graph) -> bool:
    """Tell whether a source may send to a target: of several load balancers those that lead there, if any does."""
    if target.tier != "app" or not isinstance(source.owner, LoadBalancer):
        return True
    leading = graph.balancing.balancers_of(target.owner)
    hidden = graph.balancing.forwards(source.owner).missing
    return source.owner in leading or bool(hidden) or not stack.owners("edge") & set(leading)

"""Discovery of stacks: which members belong together, and what cannot be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.ownership import Claims
from checker.graph.selectors import matches
from checker.graph.stack import Member, Stack
from checker.graph.zones import zones_of
from checker.model.blueprint import TIERS, Blueprint, TierName
from checker.model.fact import Missing, any_of, known_or, merge
from checker.model.finding import Step
from checker.model.record import Scope
from checker.model.report import StackView
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.listener import Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.subnet import Subnet
from checker.resources.target_group import TargetGroup

CLAIM = "tierproof:stack"
_ALONE = "no load balancer leads to it"


@dataclass(frozen=True)
class Doubt:
    """Something that could hide or complete a stack."""

    message: str
    scope: Scope
    missing: tuple[Missing, ...]
    path: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Discovery:
    """The stacks to judge, the groups of tiers that are not, with the reason, and the doubts."""

    stacks: tuple[Stack, ...]
    candidates: tuple[StackView, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class _Seed:
    """What a stack grows from: its balancers and the owners behind them."""

    name: str
    id: str
    scope: Scope
    edges: tuple[LoadBalancer, ...]
    apps: tuple[Resource, ...]
    missing: tuple[Missing, ...]
    attached: bool = True
    reason: str | None = None


def discover(graph: Graph, blueprint: Blueprint, all_stacks: bool = False) -> Discovery:
    """Return the stacks of an inventory: every one grows from an edge, by default an internet-facing load balancer.

    Groups of tiers without such an edge are candidates; `all_stacks`, or a `tierproof:stack` tag on one, has them
    judged.
    """
    doubts = list(_scope_doubts(graph))
    seeds = list(_seeds(graph, blueprint, doubts))
    judged: list[_Seed] = []
    rest: list[_Seed] = []
    for seed in seeds:
        asked_for = seed.apps and (all_stacks or _claimed(seed))
        (judged if seed.reason is None or asked_for else rest).append(seed)
    claims = Claims(graph, blueprint)
    tiers, open_, unsettled = claims.assign([(seed.id, seed.edges, seed.apps) for seed in judged])
    stacks = [_grow(seed, graph, tiers[seed.id], open_[seed.id]) for seed in judged]
    for message, scope, missing in unsettled:
        doubts.append(Doubt(message, scope, missing))
    doubts.extend(
        Doubt(f"which tables hold the sessions of {stack.name} is not known", stack.scope, missing)
        for stack in stacks
        if (missing := stack.open.get("table", ()))
    )
    candidates = [_candidate(seed, graph) for seed in rest]
    return Discovery(
        tuple(sorted(stacks, key=lambda stack: stack.id)),
        tuple(sorted(candidates, key=lambda view: view.id)),
        tuple(doubts),
    )


_SEEDS = (LoadBalancer, Listener, TargetGroup, AutoScalingGroup)
_MANY = 8
"""Kinds that one missing fact hides before they are told as one; denied calls hide one or two."""


def _scope_doubts(graph: Graph) -> Iterator[Doubt]:
    """Yield a doubt for each listing or detail that was not read: each could hide a stack, a member or a way in.

    What hides things of many kinds, such as a module that is not there, is one doubt.
    """
    hidden: dict[tuple[Scope, Missing], list[type[Resource]]] = defaultdict(list)
    for kind, gaps in sorted(graph.inventory.gaps.items(), key=lambda entry: entry[0].kind):
        for scope, missing in gaps.items():
            for one in missing:
                hidden[scope, one].append(kind)
    listings: dict[tuple[type[Resource], Scope], list[Missing]] = defaultdict(list)
    for (scope, one), kinds in sorted(hidden.items(), key=lambda entry: entry[0]):
        if len(kinds) > _MANY:
            yield Doubt(f"stacks, members or ways in may be hidden: not all of {scope} was read", scope, (one,))
            continue
        for kind in kinds:
            listings[kind, scope].append(one)
    for (kind, scope), found in sorted(listings.items(), key=lambda entry: (entry[0][0].kind, entry[0][1])):
        what = kind.kind.replace("_", " ")
        hides = "stacks may be hidden" if kind in _SEEDS else "members or ways in may be hidden"
        yield Doubt(f"{hides}: not every {what} of {scope} was listed", scope, tuple(found))
    for scope, missing in sorted(graph.inventory.lost.items()):
        yield Doubt(f"details of {scope} were not read", scope, missing)


def _claimed(seed: _Seed) -> bool:
    return any(CLAIM in known_or(item.tags, {}) for item in (*seed.edges, *seed.apps))


def _seeds(graph: Graph, blueprint: Blueprint, doubts: list[Doubt]) -> Iterator[_Seed]:
    """Yield what stacks and candidates grow from, in the way that the blueprint's `stack_by` says."""
    by_edge = list(_by_edge(graph, blueprint, doubts))
    if blueprint.stack_by == "edge":
        yield from by_edge
    elif blueprint.stack_by == "vpc":
        yield from _joined(by_edge, lambda seed: "".join(values(seed.edges[0].vpc)) if seed.edges else seed.id)
    elif isinstance(blueprint.stack_by, str) and blueprint.stack_by.startswith("tag:"):
        key = blueprint.stack_by.removeprefix("tag:")
        yield from _joined(by_edge, lambda seed: _tag_value(seed, key) or seed.id)
    elif not isinstance(blueprint.stack_by, str):
        for entry in blueprint.stack_by:
            wanted = [seed for seed in by_edge if any(matches(entry.get("edge", ""), edge) for edge in seed.edges)]
            if not wanted:
                name = entry.get("name", entry.get("edge", "?"))
                lost = Missing(f"the edge of {name}", "name a load balancer that exists, by name or ARN, in stack_by")
                scopes = sorted({seed.scope for seed in by_edge}) or [Scope("-", "-")]
                doubts.append(Doubt(f"the stack {name} that the blueprint lists was not found", scopes[0], (lost,)))
            yield from (
                replace(seed, name=entry.get("name", seed.name), reason=None)
                for seed in _joined(wanted, lambda _: "one")
            )


def _tag_value(seed: _Seed, key: str) -> str | None:
    return next((found for item in (*seed.edges, *seed.apps) if (found := known_or(item.tags, {}).get(key))), None)


def _joined(seeds: Iterable[_Seed], key: Callable[[_Seed], str]) -> Iterator[_Seed]:
    groups: dict[str, list[_Seed]] = defaultdict(list)
    for seed in seeds:
        groups[key(seed)].append(seed)
    for name, found in sorted(groups.items()):
        open_ = [seed for seed in found if seed.reason is None] or found
        yield replace(
            open_[0],
            name=open_[0].name if len(open_) == 1 or name == open_[0].id else name,
            edges=tuple(dict.fromkeys(edge for seed in open_ for edge in seed.edges)),
            apps=tuple(dict.fromkeys(app for seed in open_ for app in seed.apps)),
            missing=merge(*(seed.missing for seed in open_)),
            attached=any(seed.attached for seed in open_),
        )


def _by_edge(graph: Graph, blueprint: Blueprint, doubts: list[Doubt]) -> Iterator[_Seed]:
    taken: set[Resource] = set()
    balancers = [item for item in graph.index.all(LoadBalancer).items if not item.active.is_(True).is_no]
    seeds: list[_Seed] = []
    for balancer in balancers:
        seed = _seed(balancer, graph, blueprint, doubts)
        taken.update(seed.apps)
        seeds.append(seed)
    joined = {edge for seed in seeds if seed.reason is None for edge in seed.edges}
    for seed in _sharing_apps([one for one in seeds if one.reason is None or not joined & set(one.edges)]):
        free = (
            tuple(_unattached(seed, graph, taken)) if not seed.apps and seed.reason is None and not seed.missing else ()
        )
        yield replace(seed, apps=free, attached=False) if free else seed
        taken.update(free)
    yield from _without_balancer(graph, taken)


def _sharing_apps(seeds: list[_Seed]) -> Iterator[_Seed]:
    """Yield the seeds, those joined that have an app in common: one app behind two doors is one stack."""
    first: dict[Resource, str] = {}
    for seed in seeds:
        if seed.reason is None:
            mine = next((first[app] for app in seed.apps if app in first), seed.id)
            first.update({app: mine for app in seed.apps if app not in first})
    yield from _joined((seed for seed in seeds if seed.reason is None and seed.apps), lambda seed: first[seed.apps[0]])
    yield from (seed for seed in seeds if seed.reason is not None or not seed.apps)


def _seed(balancer: LoadBalancer, graph: Graph, blueprint: Blueprint, doubts: list[Doubt]) -> _Seed:
    forwards = graph.balancing.forwards(balancer)
    owners: dict[Resource, None] = {}
    missing = forwards.missing
    for group in forwards.groups:
        targets = graph.balancing.targets(group)
        owners.update(dict.fromkeys(targets.owners))
        missing = merge(missing, targets.missing)
    doors = graph.balancing.doors(balancer)
    chains = any(isinstance(owner, LoadBalancer) for owner in owners)
    apps = tuple(owner for owner in owners if not isinstance(owner, LoadBalancer))
    reason = _why_not(balancer, doors, blueprint, bool(forwards.groups), missing)
    if reason is None and chains and not apps:
        reason = "leads to another load balancer only"
    if balancer.internet_facing.missing or balancer.type.missing:
        lost = merge(balancer.internet_facing.missing, balancer.type.missing)
        doubts.append(Doubt(f"whether {balancer.label} is an edge is not known", balancer.scope, lost))
    if reason is None and not forwards.groups and missing:
        doubts.append(Doubt(f"what {balancer.label} forwards to is not known", balancer.scope, missing))
    id = f"{balancer.scope}/{balancer.label}"
    edges = (balancer, *doors) if reason is None else (balancer,)
    return _Seed(balancer.label, id, balancer.scope, edges, apps, missing, reason=reason)


def _why_not(
    balancer: LoadBalancer,
    doors: tuple[LoadBalancer, ...],
    blueprint: Blueprint,
    forwards: bool,
    missing: tuple[Missing, ...],
) -> str | None:
    """Return why a balancer seeds no stack of its own, or None if it does; `doors` are the network ones before it."""
    edge = blueprint.tiers["edge"]
    wanted = edge.type or "application"
    if edge.front == "nlb":
        wanted = "application" if doors else "network"
    facing = any_of(one.internet_facing.is_(True) for one in (balancer, *doors))
    if balancer.type.is_(wanted).is_no:
        return f"a load balancer of type {known_or(balancer.type, '?')}, not {wanted}"
    if edge.front in ("world", "nlb") and facing.is_no:
        return "an internal load balancer: no edge to the internet"
    if facing.is_unknown or balancer.type.is_(wanted).is_unknown:
        return "not known to be an edge"
    if not matches(edge, balancer):
        return "not chosen by the blueprint's edge"
    if not forwards and not missing:
        return "forwards to nothing: its listeners only redirect or answer themselves"
    return None


def _unattached(seed: _Seed, graph: Graph, taken: set[Resource]) -> Iterator[Resource]:
    """Yield the Auto Scaling groups beside an edge that nobody stands behind: one of them should be attached."""
    vpcs = {vpc for edge in seed.edges for vpc in values(edge.vpc)}
    for group in graph.index.all(AutoScalingGroup).items:
        homes = {
            vpc for id in values(group.subnets) if (subnet := graph.index.get(Subnet, id)) for vpc in values(subnet.vpc)
        }
        if homes & vpcs and group not in taken:
            yield group


def _without_balancer(graph: Graph, taken: set[Resource]) -> Iterator[_Seed]:
    """Yield a candidate for each Auto Scaling group that no balancer leads to and that shares a VPC with a store."""
    with_store = {endpoint.place.vpc for owner in Claims.stores(graph) for endpoint in graph.endpoints.of(owner)}
    for group in graph.index.all(AutoScalingGroup).items:
        vpcs = {endpoint.place.vpc for endpoint in graph.endpoints.of(group)}
        if group not in taken and vpcs & with_store:
            id = f"{group.scope}/{group.label}"
            reason = "only a Classic Load Balancer leads to it" if graph.balancing.balancers_of(group) else _ALONE
            yield _Seed(group.label, id, group.scope, (), (group,), (), reason=reason)


def _grow(
    seed: _Seed,
    graph: Graph,
    stores: Mapping[TierName, tuple[Resource, ...]],
    open_: Mapping[TierName, tuple[Missing, ...]],
) -> Stack:
    owners: dict[TierName, tuple[Resource, ...]] = {"edge": seed.edges, "app": seed.apps, **stores}
    members = {name: tuple(member(name, owner, graph) for owner in owners.get(name, ())) for name in TIERS}
    lost = {**open_, "app": merge(open_.get("app", ()), seed.missing)}
    stack = Stack(
        id=seed.id,
        name=seed.name,
        seed=(seed.edges or seed.apps)[0].id,
        scope=seed.scope,
        members=members,
        open={name: missing for name, missing in lost.items() if missing},
        attached=seed.attached,
    )
    return replace(stack, zones={name: zones_of(stack, name, graph) for name in TIERS})


def member(tier: TierName, owner: Resource, graph: Graph) -> Member:
    """Return an owner as a member of a tier."""
    return Member(tier, owner, graph.endpoints.of(owner), graph.endpoints.lost(owner))


def _candidate(seed: _Seed, graph: Graph) -> StackView:
    return replace(_grow(seed, graph, {}, {}), reason=seed.reason).view()

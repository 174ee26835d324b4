"""What one resource breaks all by itself, whatever stands around it: told before it is made.

The resource is put into a stack in which everything else is hidden. There the same rules run as everywhere, and since a
rule never takes what it did not see for a fault, a FAIL there is a FAIL anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from checker.collect.pulumi.collection import collection_of
from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.tokens import terraform_type
from checker.evaluate.engine import evaluate
from checker.graph.graph import Graph
from checker.graph.selectors import matches
from checker.graph.stack import Member, Stack
from checker.graph.stacks import CLAIM, member
from checker.graph.view import View
from checker.model.blueprint import TIERS, Blueprint, TierName
from checker.model.fact import Missing, known_or
from checker.model.finding import Result, Verdict
from checker.model.record import ANYTHING, Gap, Scope, Status
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.cache_cluster import CacheCluster
from checker.resources.catalog import kinds
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.inventory import Inventory, normalise
from checker.resources.kind import Kind
from checker.resources.launch_template import LaunchTemplate
from checker.resources.listener import Listener
from checker.resources.load_balancer import LoadBalancer
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.target_group import TargetGroup
from tierproof_pack.beside import with_stand_ins
from tierproof_pack.cases import Bench
from tierproof_pack.configuration import Level
from tierproof_pack.judging import Said
from tierproof_pack.messages import told
from tierproof_pack.resources import SOURCE

_TIERS: Mapping[type[Resource], TierName] = {
    AutoScalingGroup: "app",
    ReplicationGroup: "cache",
    CacheCluster: "cache",
    ServerlessCache: "cache",
    DynamoTable: "table",
    DbCluster: "data",
    DbInstance: "data",
    DbProxy: "data",
    FileSystem: "files",
}
_SUBJECTS = (*_TIERS, LaunchTemplate, Listener, TargetGroup)
# How the engine marks what a FAIL leaves open, which here is everything else.
_OPEN = "not decided: "
_HIDDEN = Missing("everything else", "the policies of the stack look at it")
_REST = Gap(ANYTHING, Scope("", ""), _HIDDEN.fact, Status.UNREADABLE, "not looked at", _HIDDEN.supply)


@dataclass(frozen=True)
class _Alone:
    """A resource in a stack of which nothing else is seen; `is_claimed` says that it surely is in some stack."""

    subject: Resource
    stack: Stack
    graph: Graph
    is_claimed: bool


def judged_alone(
    benches: Sequence[Bench], resource: Registered, config: Mapping[str, str], secrets: Sequence[str] = ()
) -> Iterator[Said]:
    """Yield what policies have to say of one resource that is about to be made; what is not known is not said."""
    for bench in benches:
        alone = _alone(resource, bench.case.blueprint, config)
        if alone is None:
            return
        for result in _results(alone, bench):
            if result.subject.origin is None or result.subject.origin.address != resource.urn:
                continue
            sure = tuple(line for line in result.also if not line.startswith(_OPEN))
            message = told(replace(result, also=sure), secrets)
            for policy, settings in bench.policies:
                blocks = settings.blocks == "every" or alone.is_claimed
                # Any table is one of the app's or is none of its: only what is claimed is known to hold sessions.
                if policy.rule.id == result.rule and (blocks or not isinstance(alone.subject, DynamoTable)):
                    yield Said(policy, settings.level if blocks else Level.ADVISORY, resource.urn, message)


def _results(alone: _Alone, bench: Bench) -> Iterator[Result]:
    blueprint = bench.case.blueprint
    results, _ = evaluate([View(alone.stack, alone.graph, blueprint)], bench.case.rules, blueprint)
    return (result for result in results if result.verdict in (Verdict.FAIL, Verdict.ERROR))


def decides_alone(type_: str) -> bool:
    """Tell whether a resource of a type can break a rule all by itself."""
    return terraform_type(type_) in _types()


@cache
def _few() -> tuple[Kind[Resource], ...]:
    """Return the kinds of what is looked at alone, and of the load balancer that stands in beside it."""
    return tuple(kind for kind in kinds() if issubclass(kind.type, (*_SUBJECTS, LoadBalancer)))


@cache
def _types() -> frozenset[str]:
    """Return Terraform's names of what can be judged alone."""
    spelled = (name for kind in _few() if issubclass(kind.type, _SUBJECTS) for name in kind.spellings)
    return frozenset(name for dialect, name in spelled if dialect == "terraform")


def _alone(resource: Registered, blueprint: Blueprint, config: Mapping[str, str]) -> _Alone | None:
    beside = with_stand_ins(resource)
    seen, _ = normalise(collection_of(SOURCE, beside, (), _few(), gaps=(_REST,), config=config), _few())
    inventory = Inventory(seen.resources, _hidden({one.scope for one in seen.resources}), seen.lost)
    graph = Graph(inventory)
    mine = (one for one in seen.resources if one.origin.address == resource.urn and isinstance(one, _SUBJECTS))
    subject = next((one for one in mine if not _is_part(one)), None)
    if subject is None:
        return None
    tier = _TIERS.get(type(subject))
    spec = blueprint.tiers.get(tier) if tier else None
    if tier and (spec is None or not matches(spec, subject)):
        return None
    owners: dict[TierName, tuple[Resource, ...]] = {
        "edge": inventory.all(LoadBalancer).items,
        "app": inventory.all(AutoScalingGroup).items,
    }
    if tier:
        owners[tier] = (subject,)
    members: dict[TierName, tuple[Member, ...]] = {
        name: tuple(member(name, owner, graph) for owner in some) for name, some in owners.items()
    }
    hidden = dict.fromkeys(TIERS, (_HIDDEN,))
    stack = Stack(resource.urn, resource.name, subject.id, subject.scope, members, hidden)
    named = spec is not None and any((spec.tag, spec.name, spec.id, spec.security_group))
    return _Alone(subject, stack, graph, named or CLAIM in known_or(subject.tags, {}))


def _is_part(subject: Resource) -> bool:
    """Tell whether a store belongs to another, or may for all that is known: it is that one which is judged."""
    if isinstance(subject, DbInstance):
        return known_or(subject.cluster, "") is not None
    return isinstance(subject, CacheCluster) and known_or(subject.replication_group, "") is not None


def _hidden(scopes: Iterable[Scope]) -> Mapping[type[Resource], Mapping[Scope, tuple[Missing, ...]]]:
    """Return that anything else may stand in some places; a launch template brings all its versions."""
    everywhere = dict.fromkeys(scopes, (_HIDDEN,))
    return {kind.type: everywhere for kind in kinds() if kind.type is not LaunchTemplate}

"""Which stack a store belongs to: the one whose app may reach it, and what to do where that does not decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from checker.graph.graph import Graph
from checker.graph.index import values
from checker.graph.place import Endpoint
from checker.graph.selectors import kinds_meant, matches
from checker.graph.tables import session_tables
from checker.model.blueprint import Blueprint, TierName
from checker.model.fact import Known, Missing, known_or, merge
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.dynamo_table import DynamoTable
from checker.resources.file_system import FileSystem
from checker.resources.load_balancer import LoadBalancer
from checker.resources.mount_target import MountTarget
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.vpc import Vpc

Seed = tuple[str, tuple[LoadBalancer, ...], tuple[Resource, ...]]
Tiers = dict[TierName, tuple[Resource, ...]]
Open = dict[TierName, tuple[Missing, ...]]
CLAIM = "tierproof:stack"
# How many of the stores that may be anybody's each stack tells: one is enough not to know, a few are worth a look, and
# all of them are told once, as doubts.
_MOST = 3
_WHOLE = "check the configuration that makes it too, or audit the account"

_KINDS: Mapping[TierName, tuple[type[Resource], ...]] = {
    "cache": (ReplicationGroup, CacheCluster, ServerlessCache),
    "data": (DbCluster, DbInstance, DbProxy),
    "files": (FileSystem, MountTarget),
    "table": (DynamoTable,),
}
_TIER_OF: Mapping[type[Resource], TierName] = {kind: tier for tier, kinds in _KINDS.items() for kind in kinds}

# How much an app's right to reach a store says about whose it is: rules that name its group say more than addresses.
_BY_GROUP, _BY_ADDRESS, _NOT = 2, 1, 0


def _keeps_copies(cache: Resource) -> bool:
    """Tell whether a cache can hold sessions at all: Memcached keeps one copy and loses it with its node."""
    engine = getattr(cache, "engine", None)
    return not (isinstance(engine, Known) and engine.value == "memcached")


class Claims:
    """The claims of stacks on stores."""

    def __init__(self, graph: Graph, blueprint: Blueprint) -> None:
        self._graph = graph
        self._blueprint = blueprint

    @staticmethod
    def stores(graph: Graph) -> Iterator[Resource]:
        """Yield every cache, database and file system that stands in a VPC, cluster members aside."""
        for kind in (ReplicationGroup, CacheCluster, ServerlessCache, DbCluster, DbInstance, DbProxy, FileSystem):
            for store in graph.index.all(kind).items:
                if isinstance(store, DbInstance) and values(store.cluster):
                    continue
                if isinstance(store, CacheCluster) and values(store.replication_group):
                    continue
                yield store

    def assign(  # noqa: C901, PLR0912  # one pass over the stores, by everything that can settle whose each is
        self, seeds: Sequence[Seed]
    ) -> tuple[Mapping[str, Tiers], Mapping[str, Open], tuple[tuple[str, Scope, tuple[Missing, ...]], ...]]:
        """Return each seed's stores by tier, why tiers may lack some, and `(message, scope, missing)` of claims."""
        tiers: dict[str, dict[TierName, list[Resource]]] = {id: defaultdict(list) for id, _, _ in seeds}
        open_: dict[str, Open] = {id: self._gaps(edges, apps) for id, edges, apps in seeds}
        near = self._near(seeds)
        unsettled: list[tuple[str, Scope, tuple[Missing, ...]]] = []
        later: list[tuple[Resource, list[Seed]]] = []
        anybodys: dict[tuple[Scope, TierName], list[Missing]] = defaultdict(list)

        def settle(store: Resource, tier: TierName, wanting: list[Seed]) -> None:
            chosen = wanting if len(wanting) == 1 else self._told_apart(store, wanting)
            if len(chosen) == 1:
                tiers[chosen[0][0]][tier].append(store)
                return
            missing = Missing(
                f"which stack owns {store.label}",
                f"tag it {CLAIM}=<stack> with one of: {', '.join(id for id, _, _ in wanting)}",
            )
            unsettled.append((f"{store.label} could belong to {len(wanting)} stacks", store.scope, (missing,)))
            for id, _, _ in wanting:
                open_[id][tier] = merge(open_[id].get(tier, ()), (missing,))

        for store in self.stores(self._graph):
            tier = _TIER_OF[type(store)]
            if not self._meant(tier, store):
                continue
            ranked = [(self._strength(store, seed), seed) for seed in near(store)]
            best = max((strength for strength, _ in ranked), default=_NOT)
            wanting = [seed for strength, seed in ranked if strength == best]
            if best > _NOT:
                settle(store, tier, wanting)
            elif wanting:
                later.append((store, wanting))
            if best == _NOT and (lost := self._graph.endpoints.lost(store)):
                # Where it stands is not known, so it may be anybody's of its account and Region.
                unsettled.append((f"{store.label} could belong to a stack", store.scope, lost))
                anybodys[store.scope, tier].extend(lost)
        for id, edges, apps in seeds:
            scopes = {item.scope for item in (*edges, *apps)}
            for (scope, tier), missing in anybodys.items():
                if scope in scopes:
                    open_[id][tier] = merge(open_[id].get(tier, ()), missing[:_MOST])
        for store, wanting in later:
            tier = _TIER_OF[type(store)]
            linked = [seed for seed in wanting if self._linked(store, tiers[seed[0]][tier])]
            without = [seed for seed in wanting if all(isinstance(found, DbProxy) for found in tiers[seed[0]][tier])]
            if linked or without:
                settle(store, tier, linked or without)
        for id, _, apps in seeds:
            kept = "cache" in self._blueprint.sessions.store and any(map(_keeps_copies, tiers[id]["cache"]))
            if kept and not self._explicit("table"):
                continue
            tables, gaps = session_tables(self._graph, self._blueprint, apps)
            tiers[id]["table"].extend(tables)
            if gaps:
                open_[id]["table"] = merge(open_[id].get("table", ()), gaps)
        for seed in seeds:
            lacking = [tier for tier in _KINDS if tier != "table" and not tiers[seed[0]][tier]]
            open_[seed[0]].update(self._strangers(seed, open_[seed[0]], lacking))
        done = {id: {tier: tuple(found) for tier, found in of.items()} for id, of in tiers.items()}
        return done, open_, tuple(unsettled)

    def _meant(self, tier: TierName, store: Resource) -> bool:
        spec = self._blueprint.tiers.get(tier)
        return spec is not None and (not kinds_meant(spec) or matches(spec, store))

    def _explicit(self, tier: TierName) -> bool:
        spec = self._blueprint.tiers.get(tier)
        return spec is not None and any((spec.tag, spec.name, spec.id))

    def _gaps(self, edges: tuple[LoadBalancer, ...], apps: tuple[Resource, ...]) -> Open:
        scopes = {item.scope for item in (*edges, *apps)}
        found: Open = {}
        for tier, kinds in _KINDS.items():
            if tier == "table":
                continue
            missing = merge(*(self._graph.index.missing(kind, scope) for kind in kinds for scope in sorted(scopes)))
            if missing:
                found[tier] = missing
        return found

    def _near(self, seeds: Sequence[Seed]) -> Callable[[Resource], list[Seed]]:
        """Return a function that gives the seeds near a store: those in its VPC, or in one that reaches it."""
        by_vpc: dict[str, list[Seed]] = defaultdict(list)
        for seed in seeds:
            for vpc in sorted(self._homes(seed)):
                by_vpc[vpc].append(seed)

        def near(store: Resource) -> list[Seed]:
            own = {endpoint.place.vpc for endpoint in self._graph.endpoints.of(store)}
            own |= set(values(getattr(store, "vpc", None)))
            here = [seed for vpc in sorted(own) for seed in by_vpc.get(vpc, ())]
            if here or not self._graph.endpoints.of(store):
                return list(dict.fromkeys(here))
            return [seed for seed in seeds if self._reaches(seed, store)]

        return near

    def _strangers(self, seed: Seed, told: Open, lacking: Sequence[TierName]) -> Open:
        """Return why tiers may have members that were not seen: what was read does not make the seed's network."""
        _, edges, apps = seed
        homes = sorted(self._homes(seed))
        known = (self._graph.index.get(Vpc, vpc) for vpc in homes)
        strange = tuple(Missing(f"what else stands in {vpc.label}", _WHOLE) for vpc in known if vpc and vpc.outside)
        if not homes:
            strange = merge(*(self._graph.endpoints.lost(item) for item in (*edges, *apps)))
        return {tier: merge(told.get(tier, ()), strange) for tier in lacking if strange}

    def _homes(self, seed: Seed) -> set[str]:
        _, edges, apps = seed
        homes = {endpoint.place.vpc for app in apps for endpoint in self._graph.endpoints.of(app)}
        return homes | {vpc for edge in edges for vpc in values(edge.vpc)}

    def _reaches(self, seed: Seed, store: Resource) -> bool:
        """Tell whether an app in another VPC may reach a store, as over a peering."""
        theirs = self._graph.endpoints.of(store)
        return any(
            not self._graph.groups.reference_holds(theirs[0].place.vpc, mine.place.vpc).is_no
            and bool(self._graph.reachability.between(mine.place, target.place).passes.may)
            for app in seed[2]
            for mine in self._graph.endpoints.of(app)
            for target in theirs
        )

    def _strength(self, store: Resource, seed: Seed) -> int:
        """Return how strongly a store's rules speak for a seed's app."""
        claimed = known_or(store.tags, {}).get(CLAIM)
        if claimed is not None:
            return _BY_GROUP + 1 if claimed in self._names(seed) else _NOT
        targets = self._graph.endpoints.of(store)
        apps = [endpoint for app in seed[2] for endpoint in self._graph.endpoints.of(app)]
        return max((self._grant(target, app) for target in targets for app in apps), default=_NOT)

    def _grant(self, target: Endpoint, app: Endpoint) -> int:
        place = target.place
        if place.groups is None:
            return _BY_ADDRESS
        filters = self._graph.groups.filters(place.groups, ingress=True)
        worn = app.place.groups
        if worn is not None and any(group in filters.by_group for group in worn):
            return _BY_GROUP
        unsure = filters.any_group.may or (worn is None and filters.by_group)
        addresses = filters.by_address.may.somewhere_in(app.place.addresses)
        return _BY_ADDRESS if addresses or unsure else _NOT

    @staticmethod
    def _names(seed: Seed) -> set[str]:
        id, edges, apps = seed
        tagged = {value for item in (*edges, *apps) if (value := known_or(item.tags, {}).get(CLAIM))}
        return tagged | {id, *(edge.label for edge in edges)}

    def _told_apart(self, store: Resource, wanting: list[Seed]) -> list[Seed]:
        """Return the one seed that shares a tag with a store which tells all wanting seeds apart, else all of them."""
        mine = known_or(store.tags, {})
        for key in sorted(set(mine) - {"Name"}):
            theirs = [
                {tags[key] for item in (*edges, *apps) if key in (tags := known_or(item.tags, {}))}
                for _, edges, apps in wanting
            ]
            distinct = all(len(found) == 1 for found in theirs) and len(set().union(*theirs)) == len(theirs)
            alike = [seed for seed, found in zip(wanting, theirs, strict=True) if mine[key] in found]
            if distinct and len(alike) == 1:
                return alike
        return wanting

    def _linked(self, store: Resource, owned: list[Resource]) -> bool:
        """Tell whether a store replicates one that is owned, is replicated by one, or is a proxy of one."""
        ids = {item.id for item in owned if item.scope == store.scope} | {item.arn for item in owned}
        if isinstance(store, DbInstance | DbCluster):
            copied = {
                id for item in owned if isinstance(item, DbInstance | DbCluster) for id in values(item.replica_of)
            }
            return bool(set(values(store.replica_of)) & ids) or bool({store.id, store.arn} & copied)
        return isinstance(store, DbProxy) and bool(set(values(store.targets)) & ids)

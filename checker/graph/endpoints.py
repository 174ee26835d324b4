"""Every endpoint of the inventory: where owners stand, and where they may stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checker.graph.atoms import Atoms
from checker.graph.index import Index, values
from checker.graph.interfaces import holder_of, initiates, owner_of
from checker.graph.owners import Declared, declared
from checker.graph.place import Endpoint, Initiates, Place
from checker.model import addresses as line
from checker.model.fact import Fact, Known, Missing, merge
from checker.model.intervals import IntervalSet
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.cache_cluster import CacheCluster
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.file_system import FileSystem
from checker.resources.instance import Instance
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface
from checker.resources.peering_connection import PeeringConnection
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.subnet import Subnet
from checker.resources.vpc_endpoint import VpcEndpoint

_OWNERS: tuple[type[Resource], ...] = (
    LoadBalancer,
    AutoScalingGroup,
    Instance,
    DbCluster,
    DbInstance,
    DbProxy,
    ReplicationGroup,
    CacheCluster,
    ServerlessCache,
    FileSystem,
    VpcEndpoint,
)


class Endpoints:
    """All endpoints, by owner and by VPC; those alike in owner and place are one."""

    def __init__(self, index: Index, atoms: Atoms) -> None:
        self._index = index
        self._atoms = atoms
        self._pieces: dict[tuple[str, bool], tuple[IntervalSet, ...]] = {}
        self._of: dict[Resource, list[Endpoint]] = defaultdict(list)
        self._in: dict[str, list[Endpoint]] = defaultdict(list)
        self._wearing: dict[str, list[Endpoint]] = defaultdict(list)
        self._lost: dict[Resource, tuple[Missing, ...]] = {}
        self._peers: dict[str, tuple[str, ...]] = {}
        self._stand()
        for owner in self._declared_owners():
            for way in declared(owner, index):
                self._declare(owner, way)

    def of(self, owner: Resource) -> tuple[Endpoint, ...]:
        """Return where an owner stands or may stand."""
        return tuple(self._of.get(owner, ()))

    def all(self) -> tuple[Endpoint, ...]:
        """Return every endpoint."""
        return tuple(endpoint for found in self._of.values() for endpoint in found)

    def inside(self, vpc: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of a VPC."""
        return tuple(self._in.get(vpc, ()))

    def near(self, vpc: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of a VPC and of the VPCs that it has a peering with."""
        return tuple(endpoint for one in self._neighbours(vpc) for endpoint in self._in.get(one, ()))

    def _neighbours(self, vpc: str) -> tuple[str, ...]:
        if vpc not in self._peers:
            peerings = self._index.all(PeeringConnection).items
            pairs = [{*values(item.requester_vpc), *values(item.accepter_vpc)} for item in peerings]
            self._peers[vpc] = (vpc, *sorted(set().union(*(pair for pair in pairs if vpc in pair)) - {vpc}))
        return self._peers[vpc]

    def wearing(self, group: str) -> tuple[Endpoint, ...]:
        """Return the endpoints that are known to wear a security group."""
        return tuple(self._wearing.get(group, ()))

    def lost(self, owner: Resource) -> tuple[Missing, ...]:
        """Return what is missing of where an owner may stand."""
        return self._lost.get(owner, ())

    def unseen(self) -> tuple[Missing, ...]:
        """Return why endpoints may exist that were not seen: a complete interface listing tells who exists."""
        gaps = self._index.missing(NetworkInterface)
        if not gaps:
            return ()
        return merge(gaps, *(self._index.missing(kind) for kind in _OWNERS))

    def _declared_owners(self) -> Iterator[Resource]:
        for kind in _OWNERS:
            for owner in self._index.all(kind).items:
                if isinstance(owner, DbInstance) and values(owner.cluster):
                    continue  # its cluster declares where it may stand
                if isinstance(owner, CacheCluster) and values(owner.replication_group):
                    continue  # so does its replication group
                if isinstance(owner, Instance) and holder_of(owner.id, self._index):
                    continue  # and so does its Auto Scaling group
                yield owner

    def _stand(self) -> None:
        """Make an endpoint of each interface; those of one owner in one place become one."""
        found: dict[tuple[Resource, Place, Initiates], list[tuple[str, str]]] = defaultdict(list)
        for interface in self._index.all(NetworkInterface).items:
            owner = owner_of(interface, self._index)
            subnet, vpc = "".join(values(interface.subnet)), "".join(values(interface.vpc))
            groups = interface.groups.value if isinstance(interface.groups, Known) else None
            if not isinstance(interface.addresses, Known):
                self._lost[owner] = merge(self._lost.get(owner, ()), interface.addresses.missing)
                continue
            for address in interface.addresses.value:
                shown = self._is_public(owner, interface, subnet, address)
                public, missing = _or_none(shown), merge(interface.groups.missing, shown.missing)
                filtered = bool(groups) or groups is None
                worn = tuple(sorted(groups)) if groups is not None else None
                # A prefix given to an interface may lie in several pieces; an address lies in one.
                for piece in self._pieces_of(subnet, vpc, address):
                    place = Place(vpc, subnet, worn, piece, public and not address.is_v6, filtered, missing)
                    text = line.address((piece & address.addresses).first)
                    found[owner, place, initiates(owner, interface)].append((interface.id, text))
        for (owner, place, opens), here in found.items():
            ids, texts = tuple(id for id, _ in here), tuple(text for _, text in here)
            self._add(Endpoint(owner, place, opens, opens is not Initiates.NEVER, ids, texts))

    def _is_public(self, owner: Resource, interface: NetworkInterface, subnet: str, address: line.Cidr) -> Fact[bool]:
        """Return whether a public IPv4 address is in front of one: one that is shown, or that the owner declares."""
        text = str(address).partition("/")[0]
        own = interface.fronted.then(lambda fronted: Known(text in fronted) if fronted else interface.public.map(bool))
        home = self._index.get(Subnet, subnet)
        if own.is_(True).is_yes or home is None or not isinstance(owner, LoadBalancer | DbInstance | DbCluster):
            return own
        said = [way.public(home) for way in declared(owner, self._index)]
        # A declaration that is not known may say yes, so only one that is known leaves the word to what is shown.
        return next(
            (fact for fact in said if fact.is_(True).is_yes), next((fact for fact in said if fact.missing), own)
        )

    def _pieces_of(self, subnet: str, vpc: str, address: line.Cidr) -> tuple[IntervalSet, ...]:
        met = tuple(piece for piece in self._cut(subnet, vpc, v6=address.is_v6) if piece & address.addresses)
        return met or self._atoms.cut(address.addresses, vpc)

    def _cut(self, subnet: str, vpc: str, *, v6: bool) -> tuple[IntervalSet, ...]:
        if (subnet, v6) not in self._pieces:
            known = self._index.get(Subnet, subnet)
            blocks = known.cidrs.value if known and isinstance(known.cidrs, Known) else ()
            whole = IntervalSet.of(run for block in blocks if block.is_v6 is v6 for run in block.addresses.intervals)
            self._pieces[subnet, v6] = self._atoms.cut(whole, vpc)
        return self._pieces[subnet, v6]

    def _declare(self, owner: Resource, way: Declared) -> None:
        if not isinstance(way.subnets, Known):
            self._lost[owner] = merge(self._lost.get(owner, ()), way.subnets.missing)
            return
        for id in way.subnets.value:
            subnet = self._index.get(Subnet, id)
            if subnet is None:
                gaps = self._index.missing(Subnet) or (
                    Missing(f"subnet {id}", "read the account that owns the subnet"),
                )
                self._lost[owner] = merge(self._lost.get(owner, ()), gaps)
                continue
            self._place(owner, way, subnet)

    def _place(self, owner: Resource, way: Declared, subnet: Subnet) -> None:
        vpc = "".join(values(subnet.vpc))
        groups = tuple(sorted(way.groups.value)) if isinstance(way.groups, Known) else None
        public, v6 = way.public(subnet), way.v6(subnet)
        lost = merge(way.groups.missing, public.missing)
        gaps = merge(subnet.cidrs.missing, subnet.vpc.missing, v6.missing)
        if gaps:
            self._lost[owner] = merge(self._lost.get(owner, ()), gaps)
        if subnet.vpc.missing:
            return
        pieces: list[tuple[IntervalSet, bool | None]] = []
        if way.v4:
            pieces += [(piece, _or_none(public)) for piece in self._cut(subnet.id, vpc, v6=False)]
        if not v6.is_(False).is_yes:
            pieces += [(piece, False) for piece in self._cut(subnet.id, vpc, v6=True)]
        here = {(endpoint.place, endpoint.initiates) for endpoint in self._of.get(owner, ())}
        for piece, shown in pieces:
            place = Place(vpc, subnet.id, groups if way.filtered else (), piece, shown, way.filtered, lost)
            if (place, way.initiates) not in here:
                self._add(Endpoint(owner, place, way.initiates, way.standing and way.initiates is not Initiates.NEVER))

    def _add(self, endpoint: Endpoint) -> None:
        self._of[endpoint.owner].append(endpoint)
        self._in[endpoint.place.vpc].append(endpoint)
        for group in endpoint.place.groups or ():
            self._wearing[group].append(endpoint)


def _or_none(fact: Fact[bool]) -> bool | None:
    return fact.value if isinstance(fact, Known) else None

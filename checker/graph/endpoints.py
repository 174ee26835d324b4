"""Every endpoint of the inventory: where owners stand, and where they may stand."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from checker.graph.atoms import AS_SOURCE, AS_TARGET, EVERY, Aspect, Atoms
from checker.graph.classes import EndpointClass, classes_of
from checker.graph.index import Index, values
from checker.graph.interfaces import holder_of, initiates, is_nat_gateway, owner_of
from checker.graph.neighbours import Neighbours
from checker.graph.owners import Declared, declared
from checker.graph.place import Endpoint, Initiates, Place
from checker.model import addresses as line
from checker.model.fact import Fact, Known, Listing, Missing, merge
from checker.model.intervals import IntervalSet
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.cache_cluster import CacheCluster
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.db_cluster import DbCluster
from checker.resources.db_instance import DbInstance
from checker.resources.db_proxy import DbProxy
from checker.resources.file_system import FileSystem
from checker.resources.instance import Instance
from checker.resources.load_balancer import LoadBalancer
from checker.resources.network_interface import NetworkInterface
from checker.resources.replication_group import ReplicationGroup
from checker.resources.serverless_cache import ServerlessCache
from checker.resources.service import Service
from checker.resources.subnet import Subnet
from checker.resources.vpc_endpoint import VpcEndpoint

_OWNERS: tuple[type[Resource], ...] = (
    LoadBalancer,
    ClassicLoadBalancer,
    AutoScalingGroup,
    Instance,
    DbCluster,
    DbInstance,
    DbProxy,
    ReplicationGroup,
    CacheCluster,
    ServerlessCache,
    FileSystem,
    Service,
    VpcEndpoint,
)

# What runs somebody's programs, and so may open connections to anything.
_OPENING = (AutoScalingGroup, Instance, Service)
_DECLARE_PUBLIC = (LoadBalancer, DbInstance, DbCluster)


class Endpoints:
    """All endpoints, by owner and by VPC; those alike in owner and place are one."""

    def __init__(self, index: Index, atoms: Atoms, neighbours: Neighbours) -> None:
        self._index = index
        self._atoms = atoms
        self._neighbours = neighbours
        self._cuts: dict[tuple[str, bool, Aspect], _Cut] = {}
        self._of: dict[Resource, list[Endpoint]] = defaultdict(list)
        self._in: dict[str, list[Endpoint]] = defaultdict(list)
        self._wearing: dict[str, list[Endpoint]] = defaultdict(list)
        self._lost: dict[Resource, tuple[Missing, ...]] = {}
        self._astray: dict[Resource, tuple[Missing, ...]] = {}
        self._sites: dict[Resource, dict[tuple[str, str], None]] = defaultdict(dict)
        self._classes: dict[str, tuple[EndpointClass, ...]] = {}
        self._near: dict[str, tuple[EndpointClass, ...]] = {}
        self._classes_wearing: dict[str, tuple[EndpointClass, ...]] = {}
        self._ungrouped: dict[str, tuple[EndpointClass, ...]] = {}
        self._unplaced: dict[Scope, list[Resource]] | None = None
        ways = [(owner, way) for owner in self._declared_owners() for way in declared(owner, index)]
        self._atoms.wear(self._worn(way for _, way in ways))
        self._stand()
        for owner, way in ways:
            self._declare(owner, way)

    def of(self, owner: Resource) -> tuple[Endpoint, ...]:
        """Return where an owner stands or may stand."""
        return tuple(self._of.get(owner, ()))

    def all(self) -> tuple[Endpoint, ...]:
        """Return every endpoint."""
        return tuple(endpoint for found in self._of.values() for endpoint in found)

    @property
    def owners(self) -> Iterable[Resource]:
        """Return every owner that stands or may stand somewhere, each once."""
        return self._of.keys()

    def inside(self, vpc: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of a VPC."""
        return tuple(self._in.get(vpc, ()))

    def near(self, vpc: str) -> tuple[Endpoint, ...]:
        """Return the endpoints of a VPC and of those that packets may come from: its peers, and over gateways."""
        return tuple(endpoint for one in self._neighbours.of(vpc) for endpoint in self._in.get(one, ()))

    def wearing(self, group: str) -> tuple[Endpoint, ...]:
        """Return the endpoints that are known to wear a security group."""
        return tuple(self._wearing.get(group, ()))

    def classes_inside(self, vpc: str) -> tuple[EndpointClass, ...]:
        """Return the classes of the endpoints of a VPC."""
        if vpc not in self._classes:
            self._classes[vpc] = classes_of(self._in.get(vpc, ()), self._index)
        return self._classes[vpc]

    def classes_near(self, vpc: str) -> tuple[EndpointClass, ...]:
        """Return the classes of the endpoints near a VPC, its own first."""
        if vpc not in self._near:
            self._near[vpc] = tuple(one for near in self._neighbours.of(vpc) for one in self.classes_inside(near))
        return self._near[vpc]

    def classes_wearing(self, group: str) -> tuple[EndpointClass, ...]:
        """Return the classes of the endpoints that are known to wear a security group."""
        if group not in self._classes_wearing:
            self._classes_wearing[group] = classes_of(self._wearing.get(group, ()), self._index)
        return self._classes_wearing[group]

    def ungrouped(self, vpc: str) -> tuple[EndpointClass, ...]:
        """Return the classes near a VPC that open connections and whose groups are not known."""
        if vpc not in self._ungrouped:
            self._ungrouped[vpc] = tuple(
                one for one in self.classes_near(vpc) if one.place.groups is None and one.initiates is Initiates.ANY
            )
        return self._ungrouped[vpc]

    def unplaced(self, scope: Scope, group: str) -> tuple[Resource, ...]:
        """Return what opens connections in an account and Region, stands who knows where and may wear a group."""
        if self._unplaced is None:
            self._unplaced = defaultdict(list)
            for owner in self._lost:
                if isinstance(owner, _OPENING):
                    self._unplaced[owner.scope].append(owner)
        return tuple(owner for owner in self._unplaced.get(scope, ()) if self._may_wear(owner, group))

    def _may_wear(self, owner: Resource, group: str) -> bool:
        # What declares nothing is told by its interfaces alone, and one of them was not read.
        ways = declared(owner, self._index)
        return not ways or any(not isinstance(way.groups, Known) or group in way.groups.value for way in ways)

    def as_source(self, place: Place) -> object:
        """Return what ACLs and routes can tell of a place's address; its target's own rules are asked apart."""
        return self._seen(place, AS_SOURCE)

    def as_target(self, place: Place) -> object:
        """Return what ACLs, routes and the egress rules of senders can tell of a place's address."""
        return self._seen(place, AS_TARGET)

    def _seen(self, place: Place, aspect: Aspect) -> object:
        cut = self._cut(place.subnet, place.vpc, v6=place.is_v6, aspect=aspect)
        found = cut.at(place.addresses.first)
        return place.addresses if found is None else found

    def lost(self, owner: Resource) -> tuple[Missing, ...]:
        """Return what is missing of where an owner may stand."""
        return self._lost.get(owner, ())

    def sites(self, owner: Resource) -> Listing[tuple[str, str]]:
        """Return the subnets in which an owner stands or may stand, with their VPCs, whatever their address blocks."""
        here = {(one.place.subnet, one.place.vpc) for one in self._of.get(owner, ())}
        return Listing(tuple(sorted({*here, *self._sites.get(owner, ())})), self._astray.get(owner, ()))

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

    def _worn(self, ways: Iterable[Declared]) -> Mapping[str, Iterable[str]]:
        """Return the groups that owners may wear in each VPC, by their own declarations."""
        worn: dict[str, dict[str, None]] = defaultdict(dict)
        for way in ways:
            homes = (self._index.get(Subnet, id) for id in values(way.subnets))
            for vpc in {vpc for home in homes if home for vpc in values(home.vpc)}:
                worn[vpc].update(dict.fromkeys(values(way.groups)))
        return worn

    def _stand(self) -> None:
        """Make an endpoint of each interface; those of one owner in one place become one."""
        places: dict[object, Place] = {}
        found: dict[tuple[Resource, Place, str], list[tuple[str, str]]] = defaultdict(list)
        for interface in self._index.all(NetworkInterface).items:
            owner = owner_of(interface, self._index)
            if not isinstance(interface.addresses, Known):
                self._lose(owner, interface.addresses.missing)
                continue
            opens = initiates(owner, interface).value
            answers = not is_nat_gateway(interface, self._index)
            hides = owner.hides_ipv6 if isinstance(owner, LoadBalancer) else _SHOWN
            subnet = "".join(values(interface.subnet))
            home = self._index.get(Subnet, subnet)
            vpc = "".join(values(interface.vpc) or (values(home.vpc) if home else ()))
            if not vpc:
                self._lose(owner, interface.vpc.missing)
                continue
            groups = interface.groups.value if isinstance(interface.groups, Known) else None
            for address in interface.addresses.value:
                public = self._is_public(owner, interface, subnet, address)
                missing = (*interface.groups.missing, *public.missing)
                shown = _or_none(public) and not address.is_v6
                hidden = _or_none(hides) if address.is_v6 else False
                if hidden is None:
                    missing = (*missing, *hides.missing)
                # A prefix given to an interface may lie in several pieces; an address lies in one.
                for piece in self._pieces_of(subnet, vpc, address):
                    key = (vpc, subnet, groups, piece.intervals, shown, hidden, answers, missing)
                    place = places.get(key)
                    if place is None:
                        worn = None if groups is None else tuple(sorted(groups))
                        filtered = groups is None or bool(groups)
                        place = places[key] = Place(
                            vpc, subnet, worn, piece, shown, filtered, hidden, answers, merge(missing)
                        )
                    text = address.bare or line.address((piece & address.addresses).first)
                    found[owner, place, opens].append((interface.id, text))
        for (owner, place, opens), here in found.items():
            ids, texts = tuple(id for id, _ in here), tuple(text for _, text in here)
            how = Initiates(opens)
            self._add(Endpoint(owner, place, how, how is not Initiates.NEVER, ids, texts))

    def _is_public(self, owner: Resource, interface: NetworkInterface, subnet: str, address: line.Cidr) -> Fact[bool]:
        """Return whether a public IPv4 address is in front of one: one that is shown, or that the owner declares."""
        if isinstance(interface.fronted, Known) and interface.fronted.value:
            own: Fact[bool] = Known(str(address).partition("/")[0] in interface.fronted.value)
        else:
            own = interface.fronted.then(lambda _: interface.public.map(bool))
        if not isinstance(owner, _DECLARE_PUBLIC) or own.is_(True).is_yes:
            return own
        home = self._index.get(Subnet, subnet)
        if home is None:
            return own
        said = [way.public(home) for way in declared(owner, self._index)]
        # A declaration that is not known may say yes, so only one that is known leaves the word to what is shown.
        return next(
            (fact for fact in said if fact.is_(True).is_yes), next((fact for fact in said if fact.missing), own)
        )

    def _pieces_of(self, subnet: str, vpc: str, address: line.Cidr) -> tuple[IntervalSet, ...]:
        met = self._cut(subnet, vpc, v6=address.is_v6).meeting(address.addresses)
        return met or self._atoms.cut(address.addresses, vpc)

    def _cut(self, subnet: str, vpc: str, *, v6: bool, aspect: Aspect = EVERY) -> _Cut:
        key = (subnet, v6, aspect)
        if key not in self._cuts:
            known = self._index.get(Subnet, subnet)
            blocks = known.cidrs.value if known and isinstance(known.cidrs, Known) else ()
            whole = IntervalSet.of(run for block in blocks if block.is_v6 is v6 for run in block.addresses.intervals)
            self._cuts[key] = _Cut(self._atoms.cut(whole, vpc, aspect))
        return self._cuts[key]

    def _declare(self, owner: Resource, way: Declared) -> None:
        if not isinstance(way.subnets, Known):
            self._lose(owner, way.subnets.missing)
            return
        for id in way.subnets.value:
            subnet = self._index.get(Subnet, id)
            if subnet is None:
                gaps = self._index.missing(Subnet) or (
                    Missing(f"subnet {id}", "read the account that owns the subnet"),
                )
                self._lose(owner, gaps)
                continue
            self._place(owner, way, subnet)

    def _lose(self, owner: Resource, missing: tuple[Missing, ...]) -> None:
        self._lost[owner] = merge(self._lost.get(owner, ()), missing)
        self._astray[owner] = merge(self._astray.get(owner, ()), missing)

    def _place(self, owner: Resource, way: Declared, subnet: Subnet) -> None:
        vpc = "".join(values(subnet.vpc))
        groups = tuple(sorted(way.groups.value)) if isinstance(way.groups, Known) else None
        public, v6 = way.public(subnet), way.v6(subnet)
        lost = merge(way.groups.missing, public.missing)
        gaps = merge(subnet.cidrs.missing, subnet.vpc.missing, v6.missing)
        if gaps:
            self._lost[owner] = merge(self._lost.get(owner, ()), gaps)
        if subnet.vpc.missing:
            self._lose(owner, subnet.vpc.missing)
            return
        self._sites[owner][subnet.id, vpc] = None
        hides = owner.hides_ipv6 if isinstance(owner, LoadBalancer) else _SHOWN
        pieces: list[tuple[IntervalSet, bool | None]] = []
        if way.v4:
            pieces += [(piece, _or_none(public)) for piece in self._cut(subnet.id, vpc, v6=False).pieces]
        if not v6.is_(False).is_yes:
            pieces += [(piece, False) for piece in self._cut(subnet.id, vpc, v6=True).pieces]
        here = {(endpoint.place, endpoint.initiates) for endpoint in self._of.get(owner, ())}
        for piece, shown in pieces:
            hidden = _or_none(hides) if piece.first >= line.V6 else False
            gaps = merge(lost, hides.missing if hidden is None else ())
            place = Place(
                vpc, subnet.id, groups if way.filtered else (), piece, shown, way.filtered, hidden, missing=gaps
            )
            if (place, way.initiates) not in here:
                self._add(Endpoint(owner, place, way.initiates, way.standing and way.initiates is not Initiates.NEVER))

    def _add(self, endpoint: Endpoint) -> None:
        self._of[endpoint.owner].append(endpoint)
        self._in[endpoint.place.vpc].append(endpoint)
        for group in endpoint.place.groups or ():
            self._wearing[group].append(endpoint)


class _Cut:
    """The pieces of a subnet, found by address."""

    def __init__(self, pieces: tuple[IntervalSet, ...]) -> None:
        self.pieces = pieces
        self._runs = sorted((first, last, at) for at, piece in enumerate(pieces) for first, last in piece.intervals)
        self._firsts = [first for first, _, _ in self._runs]

    def at(self, address: int) -> int | None:
        """Return the number of the piece that holds an address, None where none does."""
        place = bisect_right(self._firsts, address) - 1
        return self._runs[place][2] if place >= 0 and self._runs[place][1] >= address else None

    def meeting(self, addresses: IntervalSet) -> tuple[IntervalSet, ...]:
        """Return the pieces that hold some of `addresses`, in order."""
        found: set[int] = set()
        for first, last in addresses.intervals:
            for run in range(max(bisect_right(self._firsts, first) - 1, 0), bisect_right(self._firsts, last)):
                if self._runs[run][1] >= first:
                    found.add(self._runs[run][2])
        return tuple(self.pieces[at] for at in sorted(found))


_SHOWN: Fact[bool] = Known(False)


def _or_none(fact: Fact[bool]) -> bool | None:
    return fact.value if isinstance(fact, Known) else None

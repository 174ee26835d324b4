"""The ends of a question: the positions in the network that a name stands for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from checker.graph.graph import Graph
from checker.graph.hops import ANY_CLIENT, INSTANCE_CLIENT
from checker.graph.place import Endpoint, Initiates, Place
from checker.graph.query.answer import EndView
from checker.model import addresses as line
from checker.model.fact import Missing, known_or
from checker.model.intervals import EMPTY, IntervalSet
from checker.model.record import Scope
from checker.model.resource import Resource
from checker.resources.network_interface import NetworkInterface


@dataclass(frozen=True, eq=False)
class Spot:
    """An owner in one place, with an address to name in a packet and the public ones in front of that.

    `clients` are the ports that it opens connections from (semantics 18).
    """

    owner: Resource
    place: Place
    address: str
    opens: Initiates
    public: tuple[str, ...] = ()
    interfaces: int = 0

    @property
    def clients(self) -> tuple[int, int]:
        """Return the first and the last of the ports it opens connections from."""
        return INSTANCE_CLIENT if self.opens is Initiates.ANY else ANY_CLIENT


@dataclass(frozen=True, eq=False)
class End:
    """What a name stands for: positions in VPCs, addresses `outside` of every VPC, or both.

    Those outside are let in and out through the gateways of `vpcs` only, of any where there are none. An end that is
    `fronted` was called by a public address: packets to it go by way of the internet, whoever sends them. `vacant` says
    of an address in a VPC's block that nothing has it.
    """

    asked: str
    kind: str
    id: str
    name: str
    scope: Scope | None = None
    owners: tuple[Resource, ...] = ()
    spots: tuple[Spot, ...] = ()
    outside: IntervalSet = EMPTY
    vpcs: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()
    fronted: bool = False
    vacant: str = ""

    @property
    def label(self) -> str:
        """Return what to call it in a sentence."""
        return self.name or self.id

    def view(self) -> EndView:
        """Return it as a report shows it."""
        return EndView(self.asked, self.kind, self.id, self.name, self.scope, len({spot.place for spot in self.spots}))


def spots(endpoints: Iterable[Endpoint], graph: Graph, only: Collection[str] | None = None) -> tuple[Spot, ...]:
    """Return the spots of endpoints, one for each owner and place; with `only` those of these interfaces alone."""
    found: dict[tuple[Resource, Place, Initiates], Spot] = {}
    for endpoint in endpoints:
        at = range(len(endpoint.interfaces)) if only is None else _those(endpoint, only)
        if only is not None and not at:
            continue
        key = (endpoint.owner, endpoint.place, endpoint.initiates)
        address = endpoint.addresses[at[0]] if at else endpoint.witness
        public = _public(endpoint.interfaces[at[0]], address, graph) if at and endpoint.place.public else ()
        seen = found.get(key)
        if seen is None or (not seen.interfaces and at):
            found[key] = Spot(endpoint.owner, endpoint.place, address, endpoint.initiates, public, len(at))
    return tuple(found.values())


def spots_at(endpoints: Iterable[Endpoint], block: IntervalSet, graph: Graph) -> tuple[Spot, ...]:
    """Return the spots of what has an address in a block now."""
    found: list[Spot] = []
    for endpoint in endpoints:
        if not endpoint.place.addresses & block:
            continue
        pairs = [
            (interface, text)
            for interface, text in zip(endpoint.interfaces, endpoint.addresses, strict=False)
            if line.Cidr.parse(text).addresses <= block
        ]
        if pairs:
            interface, text = pairs[0]
            public = _public(interface, text, graph) if endpoint.place.public else ()
            found.append(Spot(endpoint.owner, endpoint.place, text, endpoint.initiates, public, len(pairs)))
    return tuple(found)


def labels(end: End) -> Callable[[Spot], str]:
    """Return what to call each spot of an end: its subnet, and more only where that leaves several alike."""
    owners = len(end.owners) != 1 or len({spot.owner for spot in end.spots}) > 1
    called: dict[str, set[Place]] = {}
    for spot in end.spots:
        called.setdefault(_name(spot, owners=owners), set()).add(spot.place)

    def label(spot: Spot) -> str:
        name = _name(spot, owners=owners)
        alike = called[name]
        if len(alike) < 2:
            return name
        if len({place.addresses for place in alike}) == 1:
            return f"{name} wearing {', '.join(spot.place.groups or ('unknown groups',))}"
        return f"{name} ({line.describe(spot.place.addresses, 1)})"

    return label


def _name(spot: Spot, *, owners: bool) -> str:
    return f"{spot.owner.label} in {spot.place.subnet}" if owners else spot.place.subnet


def _those(endpoint: Endpoint, only: Collection[str]) -> list[int]:
    return [at for at, interface in enumerate(endpoint.interfaces) if interface in only]


def _public(interface: str, address: str, graph: Graph) -> tuple[str, ...]:
    """Return the public addresses in front of a private one, as far as the interface says which belong together."""
    found = graph.index.get(NetworkInterface, interface)
    if found is None:
        return ()
    fronted, public = known_or(found.fronted, ()), known_or(found.public, ())
    if len(fronted) != len(public):
        return public if len(set(public)) == 1 else ()
    return tuple(dict.fromkeys(shown for text, shown in zip(fronted, public, strict=True) if text == address))

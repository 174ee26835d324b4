"""The product's answers held to the oracle's, packet by packet: every disagreement as a line of text.

The packets are finitely many and stand for all: each border of a drawn rule and its neighbours, and the product's sets
may change nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from tests.graph import oracle_verdict as outcome
from tests.graph.network import between, place
from tests.graph.oracle import ICMP, ICMPV6, TCP, UDP, Interface, World, is_v6
from tests.graph.oracle_walk import MAYBE, NO, YES, End
from tests.graph.worlds import FAR, FAR_V6, OUT
from tests.graph.worlds_records import Blank, spell

CLIENTS = (1024, 65535)
Header = tuple[int, int]
# A protocol that rules may name, and one that none does.
ODD = (47, 50)


def ports_of(world: World) -> list[int]:
    """Return the ports at which some rule or entry begins or ends, and their neighbours."""
    ends = {port for rules in world.groups.values() for rule in rules for port in (rule.first, rule.last)}
    ends |= {port for entries in world.acls.values() for entry in entries for port in (entry.first, entry.last)}
    return sorted({port for end in ends for port in (end - 1, end, end + 1) if 0 <= port <= 65535} | {22})


def headers(world: World, *, v6: bool) -> list[Header]:
    """Return `(protocol, port)` at every border of the drawn rules; of ICMP the echo request, which has an answer."""
    echo = (ICMPV6, 128 * 256) if v6 else (ICMP, 8 * 256)
    with_ports = [(protocol, port) for protocol in (TCP, UDP) for port in ports_of(world)]
    return [*with_ports, echo, *((protocol, 0) for protocol in ODD)]


def clients_of(world: World, first: int, last: int) -> list[int]:
    """Return the client ports of a range that stand for all: no rule tells those between them apart."""
    return sorted({first, last, *(port for port in ports_of(world) if first <= port <= last)})


@cache
def number(protocol: int, port: int) -> int:
    """Return the packet's place on the product's line of traffic."""
    return traffic.ports(protocol, port, port).first


class Expected:
    """What the oracle says of one question: for each header, whether some client port gets through and whether all."""

    def __init__(self, world: World, source: str, clients: tuple[int, int]) -> None:
        self._world, self._source = world, source
        self._clients = clients_of(world, *clients)
        self._translated = clients_of(world, *CLIENTS)
        self._answers: dict[tuple[object, ...], list[int]] = {}

    def of(self, ways: list[tuple[int, End]]) -> tuple[int, int]:
        """Return `(some, each)` for the ways that a packet may take."""
        found = [(verdict, self._replies(end) if verdict else [NO]) for verdict, end in ways]
        some = outcome.settled(min(verdict, max(replies)) for verdict, replies in found)
        return some, outcome.settled(min(verdict, *replies) for verdict, replies in found)

    def _replies(self, end: End) -> list[int]:
        packet = end.packet
        if not end.where:
            return [YES]  # nobody knows what comes out of an appliance, nor what answers
        key = (end.where, packet.source, packet.target, packet.protocol, replace(end.way, trail=end.way.trail[-1:]))
        if key not in self._answers:
            self._answers[key] = self._walk_back(end)
        return self._answers[key]

    def _walk_back(self, end: End) -> list[int]:
        if end.packet.protocol not in (TCP, UDP):
            return [self._back(end, 0, 0)]
        pairs = [(one, two) for one in (self._translated if end.way.nat else [0]) for two in self._clients]
        return [self._back(end, translated, client) for translated, client in pairs]

    def _back(self, end: End, translated: int, client: int) -> int:
        mine = self._world.interfaces[self._source]
        own = outcome.address_of(mine, end.packet.source)
        return outcome.answered(self._world, self._source, end, own or "", translated, client)


def pairs(world: World) -> list[tuple[str, str, bool]]:
    """Return the ordered pairs of interfaces and the families that they share; an endpoint only answers."""
    return [
        (one, two, v6)
        for one, mine in world.interfaces.items()
        for two, other in world.interfaces.items()
        for v6 in (False, True)
        if one != two and mine.kind == "interface" and has(mine, v6=v6) and has(other, v6=v6)
    ]


def has(interface: Interface, *, v6: bool) -> bool:
    """Tell whether an interface has an address of a family."""
    return any(is_v6(one) is v6 for one in interface.addresses)


class Product:
    """The product's answers about one network, each worked out once."""

    def __init__(self, world: World, blank: Blank | None = None) -> None:
        self.world = world
        self._graph = spell(world, blank).graph()
        self._told: dict[tuple[object, ...], Bounds[IntervalSet]] = {}
        self._flows: dict[tuple[object, ...], Bounds[FlowSet]] = {}

    def between(
        self, source: str, target: str, clients: tuple[int, int], *, every: bool, v6: bool
    ) -> Bounds[IntervalSet]:
        """Return what passes from one interface to another."""
        key = (source, target, clients, every, v6)
        if key not in self._told:
            self._told[key] = between(self._graph, source, target, clients, every=every, v6=v6).passes
        return self._told[key]

    def arrives(self, far: str, target: str, *, every: bool) -> Bounds[IntervalSet]:
        """Return what passes from an address of the internet to an interface."""
        key = (target, is_v6(far), every)
        if key not in self._flows:
            there = place(self._graph, target, v6=is_v6(far))
            self._flows[key] = self._graph.reachability.from_internet(there, every=every).passes
        return self._flows[key].map(_at_address(far))

    def comes_in(self, far: str, target: str, *, every: bool) -> Bounds[IntervalSet]:
        """Return what passes from an address behind a VPN to an interface."""
        key = ("outside", target, every)
        if key not in self._flows:
            there = place(self._graph, target)
            self._flows[key] = self._graph.reachability.from_outside(there, every=every).passes
        return self._flows[key].map(_at_address(far))

    def goes_out(self, source: str, far: str) -> Bounds[IntervalSet]:
        """Return what passes from an interface to an address behind a VPN."""
        key = ("outside", source)
        if key not in self._flows:
            self._flows[key] = self._graph.reachability.to_outside(place(self._graph, source)).passes
        return self._flows[key].map(_at_address(far))

    def departs(self, source: str, far: str) -> Bounds[IntervalSet]:
        """Return what passes from an interface to an address of the internet."""
        key = (source, is_v6(far))
        if key not in self._flows:
            here = place(self._graph, source, v6=is_v6(far))
            self._flows[key] = self._graph.reachability.to_internet(here).passes
        return self._flows[key].map(_at_address(far))


def _at_address(far: str) -> Callable[[FlowSet], IntervalSet]:
    here = line.union(far).first
    return lambda flows: flows.at(here)


@dataclass(frozen=True)
class Question:
    """What is asked of a network, the product's answer, and the oracle's for every header."""

    text: str
    passes: Bounds[IntervalSet]
    wanted: dict[Header, int]


def pair_questions(world: World, product: Product, clients: tuple[int, int] = CLIENTS) -> Iterator[Question]:
    """Yield what is asked of every pair of interfaces; the world may differ from the product's."""
    for source, nat in ((one, two) for one in world.interfaces for two in world.nats):
        # A NAT gateway answers nobody: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
        if world.interfaces[source].kind == "interface" and has(world.interfaces[source], v6=False):
            nothing = dict.fromkeys(headers(world, v6=False), NO)
            passes = product.between(source, f"eni-{nat}", clients, every=False, v6=False)
            yield Question(f"{source} to {nat}", passes, nothing)
    for source, target, v6 in pairs(world):
        expected = Expected(world, source, clients)
        told = {
            header: expected.of(outcome.between(world, source, target, v6, *header)) for header in headers(world, v6=v6)
        }
        for at, every in enumerate((False, True)):
            passes = product.between(source, target, clients, every=every, v6=v6)
            text = f"{source} to {target}{' by IPv6' if v6 else ''}, {'every' if every else 'some'} client"
            yield Question(text, passes, {header: verdicts[at] for header, verdicts in told.items()})


def internet_questions(world: World, product: Product) -> Iterator[Question]:
    """Yield what is asked of every interface and address of the internet, inwards and outwards."""
    for id, interface in world.interfaces.items():
        for far in (one for one in (*FAR, FAR_V6) if has(interface, v6=is_v6(one))):
            told = {header: arrival(world, far, id, header) for header in headers(world, v6=is_v6(far))}
            for at, every in enumerate((False, True)):
                wanted = {header: verdicts[at] for header, verdicts in told.items()}
                passes = product.arrives(far, id, every=every)
                yield Question(f"{far} to {id}, {'every' if every else 'some'} client", passes, wanted)
            if interface.kind != "interface":
                continue
            expected = Expected(world, id, CLIENTS)
            out = {
                header: expected.of(outcome.departs(world, id, far, *header))[0]
                for header in headers(world, v6=is_v6(far))
            }
            yield Question(f"{id} to {far}", product.departs(id, far), out)


def outside_questions(world: World, product: Product) -> Iterator[Question]:
    """Yield what is asked of every interface and address behind VPNs, inwards and outwards."""
    for id, interface in world.interfaces.items():
        for far in OUT if has(interface, v6=False) else ():
            told = {header: from_outside(world, far, id, header) for header in headers(world, v6=False)}
            for at, every in enumerate((False, True)):
                wanted = {header: verdicts[at] for header, verdicts in told.items()}
                passes = product.comes_in(far, id, every=every)
                yield Question(f"{far} outside to {id}, {'every' if every else 'some'} client", passes, wanted)
            if interface.kind != "interface":
                continue
            expected = Expected(world, id, CLIENTS)
            out = {
                header: expected.of(outcome.goes_outside(world, id, far, *header))[0]
                for header in headers(world, v6=False)
            }
            yield Question(f"{id} to {far} outside", product.goes_out(id, far), out)


def from_outside(world: World, far: str, target: str, header: Header) -> tuple[int, int]:
    """Return `(some, each)` for a packet from an address behind VPNs, by whichever of them it comes."""
    found = [(NO, NO)]
    ports = clients_of(world, *CLIENTS) if header[0] in (TCP, UDP) else [0]
    for by in outcome.entrances(world, target):
        some, each = [], []
        for verdict, end in outcome.comes_from_outside(world, far, target, by, *header):
            known = verdict and end.where
            back = [outcome.goes_back_outside(world, far, target, by, end, port) for port in ports] if known else [YES]
            some.append(min(verdict, max(back)))
            each.append(min(verdict, *back))
        found.append((outcome.settled(some), outcome.settled(each)))
    return max(some for some, _ in found), max(each for _, each in found)


def arrival(world: World, far: str, target: str, header: Header) -> tuple[int, int]:
    """Return `(some, each)` for a packet from an address of the internet."""
    verdict, end = outcome.arrives(world, far, target, *header)
    if not verdict or not end.where:
        return verdict, verdict
    ports = clients_of(world, *CLIENTS) if header[0] in (TCP, UDP) else [0]
    back = [outcome.sent_back(world, far, target, end, client) for client in ports]
    return min(verdict, max(back)), min(verdict, *back)


def questions(world: World, product: Product | None = None) -> Iterator[Question]:
    """Yield everything that is asked of a network."""
    product = product or Product(world)
    yield from pair_questions(world, product)
    yield from internet_questions(world, product)
    yield from outside_questions(world, product)


def disagreements(world: World, product: Product | None = None) -> Iterator[str]:
    """Yield each way in which the product and the oracle differ about a network."""
    for question in questions(world, product):
        yield from held(question, world)


def is_beyond_appliance(passes: Bounds[IntervalSet]) -> bool:
    """Tell whether an answer is open for what an appliance does, which is no fact of the network.

    The oracle walks on as if the appliance forwarded packets as they are, and so may end where another could tunnel.
    """
    return any(item.fact.startswith("what the appliance behind") for item in passes.missing)


def held(question: Question, world: World) -> Iterator[str]:
    """Yield each header of which the product says what the oracle denies."""
    text, passes = question.text, question.passes
    for header, verdict in question.wanted.items():
        must, may = number(*header) in passes.must, number(*header) in passes.may
        if must and verdict != YES:
            yield f"{text}: {header} surely passes, but the oracle says {verdict}"
        elif may and verdict == NO and not is_beyond_appliance(passes):
            yield f"{text}: {header} may pass, but the oracle says it does not"
        elif verdict == YES and not must:
            yield f"{text}: {header} {'is open' if may else 'does not pass'}, but the oracle says it passes"
        elif verdict == MAYBE and not may:
            yield f"{text}: {header} does not pass, but an appliance may forward it"
    if not passes.exact and not passes.missing:
        yield f"{text}: open, and nothing is said to be missing"
    for found in (passes.must, passes.may):
        for border in stray(world, found):
            yield f"{text}: the answer changes at {border}, where no rule does"


def stray(world: World, found: IntervalSet) -> Iterable[Header]:
    """Return the borders of TCP and UDP in a set that are those of no drawn rule."""
    known = set(ports_of(world)) | {0, 65535}
    for protocol in (TCP, UDP):
        mine = found & traffic.ports(protocol)
        for first, last in mine.intervals:
            for border in (first, last):
                if border % traffic.WIDTH not in known:
                    yield protocol, border % traffic.WIDTH

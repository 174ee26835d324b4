"""The engine against an oracle that walks packet by packet: they agree on every packet of every drawn network."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.graph.graph import Graph
from checker.model import addresses as line
from checker.model import traffic
from checker.model.bounds import Bounds
from checker.model.flows import FlowSet
from tests.graph.network import between, place
from tests.graph.oracle import Packet, World, arrives, reaches
from tests.graph.worlds import FAR, blanks, clients_of, packets, spell, worlds

CLIENTS = (1024, 65535)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
draws = settings(deadline=None, suppress_health_check=SLOW)


def number(protocol: int, port: int) -> int:
    """Return the packet's place on the product's line of traffic."""
    return traffic.ports(protocol, port, port).first


def pairs(world: World) -> list[tuple[str, str]]:
    """Return the ordered pairs of interfaces."""
    return [(one, two) for one in world.interfaces for two in world.interfaces if one != two]


def told(world: World, source: str, target: str, protocol: int, port: int, clients: list[int]) -> list[bool]:
    """Return the oracle's answer for each client port."""
    ends = world.interfaces[source], world.interfaces[target]
    return [reaches(world, *ends, Packet(protocol, port, client)) for client in clients]


@draws
@given(worlds())
def test_every_pair_agrees_with_the_oracle(world: World) -> None:
    graph, clients = spell(world).graph(), clients_of(world, *CLIENTS)
    for source, target in pairs(world):
        some = between(graph, source, target).passes
        each = between(graph, source, target, every=True).passes
        assert some.exact and each.exact, (source, target)

        for protocol, port in packets(world):
            answers = told(world, source, target, protocol, port, clients)
            packet = number(protocol, port)

            assert (packet in some.must) is any(answers), (source, target, protocol, port, answers)
            assert (packet in each.must) is all(answers), (source, target, protocol, port, answers)


@draws
@given(worlds(), st.sampled_from((1024, 1025, 32768, 40000, 65535)))
def test_one_client_port_agrees_with_the_oracle(world: World, client: int) -> None:
    graph = spell(world).graph()
    for source, target in pairs(world):
        passes = between(graph, source, target, (client, client)).passes
        for protocol, port in packets(world):
            (answer,) = told(world, source, target, protocol, port, [client])

            assert (number(protocol, port) in passes.must) is answer, (source, target, protocol, port)


@draws
@given(worlds())
def test_arrivals_from_the_internet_agree_with_the_oracle(world: World) -> None:
    graph, clients = spell(world).graph(), clients_of(world, *CLIENTS)
    for name, interface in world.interfaces.items():
        some = graph.reachability.from_internet(place(graph, name)).passes
        each = graph.reachability.from_internet(place(graph, name), every=True).passes
        assert some.exact and each.exact, name

        for far in FAR:
            here = line.union(far).first
            for protocol, port in packets(world):
                answers = [arrives(world, far, interface, Packet(protocol, port, client)) for client in clients]

                assert (number(protocol, port) in some.must.at(here)) is any(answers), (name, far, protocol, port)
                assert (number(protocol, port) in each.must.at(here)) is all(answers), (name, far, protocol, port)


@draws
@given(st.data())
def test_a_blanked_fact_only_widens_the_bounds(data: st.DataObject) -> None:
    world = data.draw(worlds())
    blank = data.draw(blanks(world))
    sure, unsure = spell(world).graph(), spell(world, blank).graph()
    for source, target in pairs(world):
        for every in (False, True):
            one, two = (between(graph, source, target, every=every).passes for graph in (sure, unsure))

            assert two.must <= one.must, (blank, source, target)
            assert one.may <= two.may, (blank, source, target)
            assert two.exact or two.missing, (blank, source, target)
    for name in world.interfaces:
        before, after = (arrived(graph, name) for graph in (sure, unsure))

        assert after.must <= before.must, (blank, name)
        assert before.may <= after.may, (blank, name)
        assert after.exact or after.missing, (blank, name)


def arrived(graph: Graph, name: str) -> Bounds[FlowSet]:
    """Return what the internet gets through to an interface."""
    return graph.reachability.from_internet(place(graph, name)).passes

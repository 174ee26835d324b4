"""Endpoints: who stands where, told apart exactly as far as rules, lists and routes tell apart."""

from checker.graph.place import Initiates
from checker.model import addresses as line
from checker.model import traffic
from checker.model.intervals import EMPTY
from checker.resources.network_interface import NetworkInterface
from tests.graph.network import EGRESS, Network, place, two_hosts


def test_interfaces_that_nothing_tells_apart_are_in_one_place() -> None:
    net = two_hosts("in tcp 80 10.0.1.10/32").interface("eni-c", "subnet-a", "10.0.1.30", groups=["sg-a"])
    graph = net.interface("eni-d", "subnet-a", "10.0.1.40", groups=["sg-a"]).graph()

    assert place(graph, "eni-c") == place(graph, "eni-d")
    assert place(graph, "eni-a") != place(graph, "eni-c")  # a rule names one of them


def test_every_place_is_wholly_in_or_out_of_what_rules_name() -> None:
    net = two_hosts("in tcp 80 10.0.1.0/28", "in tcp 81 10.0.1.8/29", "in tcp 82 pl-1").prefix_list(
        "pl-1", "10.0.1.10/31"
    )
    graph = net.table("rtb-x", ["subnet-b"], "10.0.1.12/30 eni-x").graph()
    here = place(graph, "eni-a").addresses

    for named in ("10.0.1.0/28", "10.0.1.8/29", "10.0.1.10/31", "10.0.1.12/30"):
        assert here & line.union(named) in (here, EMPTY)


def test_a_prefix_given_to_an_interface_is_every_address_in_it() -> None:
    net = two_hosts("in tcp 80 10.0.1.64/30", "in tcp 22 10.0.1.0/24")
    net.interface(
        "eni-p", "subnet-a", "10.0.1.50", groups=["sg-a"], more={"Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.64/28"}]}
    )
    graph = net.graph()
    owner = graph.index.get(NetworkInterface, "eni-p")
    assert owner is not None
    sources = [one.place for one in graph.endpoints.of(owner)]
    passes = [graph.reachability.between(source, place(graph, "eni-b")).passes for source in sources]

    assert all(one.exact for one in passes)
    assert {one.must for one in passes} == {traffic.tcp(22), traffic.tcp(22) | traffic.tcp(80)}
    assert any(source.addresses == line.union("10.0.1.64/30") for source in sources)


def test_an_interface_without_groups_is_not_filtered_and_one_of_unknown_groups_is_open() -> None:
    net = (
        two_hosts().interface("eni-n", "subnet-b", "10.0.2.50").interface("eni-u", "subnet-b", "10.0.2.60", groups=None)
    )
    graph = net.graph()
    source = place(graph, "eni-a")
    free, unknown = (graph.reachability.between(source, place(graph, id)).passes for id in ("eni-n", "eni-u"))

    assert free.must == traffic.EVERYTHING
    assert not unknown.must and unknown.may == traffic.EVERYTHING and unknown.missing


def test_an_interface_on_nothing_opens_no_connection() -> None:
    net = two_hosts().interface("eni-f", "subnet-a", "10.0.1.50", groups=["sg-a"], more={"Status": "available"})
    opens = {one.interfaces: one.initiates for one in net.graph().endpoints.all()}

    assert opens["eni-f",] is Initiates.NEVER and opens["eni-a",] is Initiates.ANY


def test_neighbours_are_the_vpc_and_those_it_is_peered_with() -> None:
    net = Network()
    for at, letter in enumerate("abc"):
        net.vpc(f"vpc-{letter}", f"10.{at}.0.0/16").subnet(f"subnet-{letter}", f"10.{at}.1.0/24", vpc=f"vpc-{letter}")
        net.group(f"sg-{letter}", EGRESS, vpc=f"vpc-{letter}")
        net.interface(
            f"eni-{letter}", f"subnet-{letter}", f"10.{at}.1.10", groups=[f"sg-{letter}"], vpc=f"vpc-{letter}"
        )
    graph = net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16")).graph()

    def near(vpc: str) -> set[str]:
        return {id for one in graph.endpoints.near(vpc) for id in one.interfaces}

    assert near("vpc-a") == near("vpc-b") == {"eni-a", "eni-b"}
    assert near("vpc-c") == {"eni-c"}


def test_empty_space_is_where_no_subnet_lies() -> None:
    graph = two_hosts().graph()

    assert graph.empty_space("vpc-a").must == line.union("10.0.0.0/16") - line.union("10.0.1.0/24", "10.0.2.0/24")
    assert not two_hosts().hide("Subnet").graph().empty_space("vpc-a").must  # another subnet may lie there

"""Routes to interfaces, gateway route tables and NAT gateways, held to AWS's documentation."""

from dataclasses import replace

import pytest

from checker.graph.hops import Arrival
from checker.model import addresses as line
from checker.model import traffic
from checker.model.flows import FlowSet
from checker.model.intervals import IntervalSet
from tests.graph.network import BLANK, EGRESS, Network, between, place, two_hosts

EVERYTHING, NOTHING = traffic.EVERYTHING, traffic.NOTHING
WEB = traffic.tcp(443)
WORLD = "0.0.0.0/0 igw-a"
ALL_OUT = "100 out allow all 0.0.0.0/0"


def through(*, check: object, ingress: str = "in all 0.0.0.0/0", appliance: str = "in all 0.0.0.0/0") -> Network:
    """Return `eni-a` and `eni-b`, whose subnets' tables lead both ways over the appliance `eni-fw`."""
    net = two_hosts(ingress).subnet("subnet-fw", "10.0.8.0/24").group("sg-fw", appliance, EGRESS)
    net.table("rtb-1", ["subnet-a"], "10.0.2.0/24 eni-fw").table("rtb-2", ["subnet-b"], "10.0.1.0/24 eni-fw")
    net.acl("acl-fw", ["subnet-fw"], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")
    return net.interface("eni-fw", "subnet-fw", "10.0.8.8", groups=["sg-fw"], more={"SourceDestCheck": check})


def test_an_interface_with_its_check_on_drops_what_is_not_for_it() -> None:  # semantics 24, 29
    journey = between(through(check=True).graph(), "eni-a", "eni-b")

    assert journey.passes.exact and journey.passes.must == NOTHING
    obstacle = journey.obstacle(WEB)
    assert obstacle is not None and obstacle.code == "ENI_SOURCE_DEST_CHECK_RESTRICTION"


def test_what_is_for_the_interface_itself_arrives() -> None:  # semantics 29
    net = through(check=True).table("rtb-3", ["subnet-fw"], "10.0.1.0/24 local")

    assert between(net.graph(), "eni-a", "eni-fw").passes.must == EVERYTHING


def test_what_an_appliance_forwards_is_not_known() -> None:  # semantics 29, 55
    passes = between(through(check=False).graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing
    assert "eni-fw" in passes.missing[0].fact


@pytest.mark.parametrize(
    ("ingress", "appliance", "may"),
    [
        ("in all 0.0.0.0/0", "in tcp 443 0.0.0.0/0", WEB),  # it forwards no more than it lets in
        ("in tcp 443 0.0.0.0/0", "in all 0.0.0.0/0", WEB),
        ("in tcp 443 sg-a", "in all 0.0.0.0/0", NOTHING),  # groups of the sender are not seen behind it
        ("in tcp 443 sg-fw", "in all 0.0.0.0/0", WEB),  # its own are
        ("in tcp 443 10.0.8.0/24", "in all 0.0.0.0/0", WEB),  # it may send as its own
    ],
)
def test_the_groups_on_the_way_bound_what_an_appliance_may_forward(  # semantics 10, 29
    ingress: str, appliance: str, may: IntervalSet
) -> None:
    passes = between(through(check=False, ingress=ingress, appliance=appliance).graph(), "eni-a", "eni-b").passes

    assert passes.may == may and not passes.must


def test_an_unknown_check_is_no_answer() -> None:  # semantics 29, 55
    passes = between(through(check=BLANK).graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING


UNREAD = {"PrivateIpAddresses": BLANK, "Ipv6Addresses": BLANK}


@pytest.mark.parametrize("check", [True, False])
def test_an_interface_whose_addresses_were_not_read_is_no_answer(check: bool) -> None:  # semantics 29, 55
    net = through(check=False).interface(
        "eni-un", "subnet-fw", groups=["sg-fw"], more={"SourceDestCheck": check, **UNREAD}
    )
    for at, record in enumerate(net.records):
        if record.raw.get("RouteTableId") == "rtb-1":
            routes = [{"DestinationCidrBlock": "10.0.2.0/24", "NetworkInterfaceId": "eni-un", "State": "active"}]
            net.records[at] = replace(record, raw={**record.raw, "Routes": routes})
    passes = between(net.graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing


@pytest.mark.parametrize("routes", [("0.0.0.0/0 eni-un",), (WORLD,)])
def test_a_way_in_over_an_interface_whose_addresses_were_not_read_is_no_answer(  # semantics 28, 55
    routes: tuple[str, ...],
) -> None:
    net = front(*routes, incoming=("10.0.2.0/24 eni-un",))
    net.interface("eni-un", "subnet-fw", groups=["sg-w"], more={"SourceDestCheck": False, **UNREAD})
    found = arrival(net)

    assert not found.passes.must and found.passes.may.traffic == WEB and found.passes.missing


def test_a_firewall_endpoint_in_the_way_is_no_answer() -> None:  # semantics 10, 39
    net = two_hosts("in all sg-a").table("rtb-1", ["subnet-a"], "10.0.2.0/24 vpce-1")
    net.add(
        "VpcEndpoint", VpcEndpointId="vpce-1", VpcEndpointType="GatewayLoadBalancer", VpcId="vpc-a", State="available"
    )
    open_ = two_hosts("in all 0.0.0.0/0").table("rtb-1", ["subnet-a"], "10.0.2.0/24 vpce-1")

    assert not between(net.graph(), "eni-a", "eni-b").passes.may  # a reference does not hold behind it
    passes = between(open_.graph(), "eni-a", "eni-b").passes
    assert not passes.must and passes.may == EVERYTHING


def front(*routes: str, incoming: tuple[str, ...] | None = None, check: bool = False) -> Network:
    """Return `eni-b` with a public address, its subnet's routes, and those of the internet gateway."""
    net = two_hosts("in tcp 443 0.0.0.0/0").table("rtb-b", ["subnet-b"], *routes)
    net.group("sg-w", "in tcp 443 0.0.0.0/0", EGRESS).subnet("subnet-fw", "10.0.8.0/24")
    net.table("rtb-fw", ["subnet-fw"], WORLD)
    net.interface("eni-w", "subnet-b", "10.0.2.50", groups=["sg-w"], public="203.0.113.50")
    net.interface("eni-fw", "subnet-fw", "10.0.8.8", groups=["sg-w"], more={"SourceDestCheck": check})
    return net if incoming is None else net.table("rtb-igw", [], *incoming, gateways=["igw-a"])


def arrival(net: Network) -> Arrival:
    """Return what comes in from the internet to `eni-w`."""
    graph = net.graph()
    return graph.reachability.from_internet(place(graph, "eni-w"))


def test_a_gateways_own_table_may_leave_a_subnet_alone() -> None:  # semantics 28
    found = arrival(front(WORLD, incoming=("10.0.7.0/24 eni-fw",)))

    assert found.passes.exact and found.passes.must.traffic == WEB


def test_what_is_redirected_on_its_way_in_cannot_go_back_straight() -> None:  # semantics 28
    found = arrival(front(WORLD, incoming=("10.0.2.0/24 eni-fw",)))

    assert not found.passes.may


def test_what_comes_and_goes_over_an_appliance_is_not_known() -> None:  # semantics 28, 29
    found = arrival(front("0.0.0.0/0 eni-fw", incoming=("10.0.2.0/24 eni-fw",)))

    assert not found.passes.must and found.passes.may.traffic == WEB and found.passes.missing


def test_an_appliance_with_its_check_on_lets_nothing_back() -> None:  # semantics 29
    assert not arrival(front("0.0.0.0/0 eni-fw", incoming=("10.0.2.0/24 eni-fw",), check=True)).passes.may


def test_a_gateways_table_that_is_not_known_is_no_answer() -> None:  # semantics 28, 55
    found = arrival(front(WORLD, incoming=("10.0.2.0/24 ?",)))

    assert not found.passes.must and found.passes.may.traffic == WEB


def translated(*routes: str, ingress: str = "in all 10.0.9.0/24", back: str = "10.0.9.0/24 pcx-1") -> Network:
    """Return `eni-a`, whose way to the peer's `eni-b` leads over a private NAT gateway in `subnet-n`."""
    net = two_hosts().vpc("vpc-b", "10.1.0.0/16").subnet("subnet-p", "10.1.1.0/24", vpc="vpc-b")
    net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"))
    net.table("rtb-p", [], back, vpc="vpc-b", main=True).group("sg-p", ingress, EGRESS, vpc="vpc-b")
    net.acl("acl-p", [], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0", vpc="vpc-b", default=True)
    net.interface("eni-p", "subnet-p", "10.1.1.10", groups=["sg-p"], vpc="vpc-b")
    net.subnet("subnet-n", "10.0.9.0/24").table("rtb-a1", ["subnet-a"], "10.1.0.0/16 nat-x")
    net.table("rtb-n", ["subnet-n"], *(routes or ("10.1.0.0/16 pcx-1",)))
    return net.add(
        "NatGateway", NatGatewayId="nat-x", VpcId="vpc-a", SubnetId="subnet-n", State="available",
        ConnectivityType="private", NatGatewayAddresses=[{"PrivateIp": "10.0.9.9"}],
    )  # fmt: skip


FORWARDED = traffic.ports(traffic.TCP) | traffic.ports(traffic.UDP) | traffic.ports(traffic.ICMP)


def sent(net: Network) -> IntervalSet:
    """Return what surely gets from `eni-a` to the peer's `eni-p`; nothing may be open about it."""
    passes = between(net.graph(), "eni-a", "eni-p").passes
    assert passes.exact, passes

    return passes.must


def test_a_private_nat_gateway_sends_on_as_itself() -> None:  # semantics 10, 35
    assert sent(translated()) == FORWARDED
    assert sent(translated(ingress="in all 10.0.1.0/24")) == NOTHING  # the sender's own address is gone
    assert sent(translated(ingress="in all sg-a")) == NOTHING  # and its groups with it


def test_what_answers_a_nat_gateway_needs_a_way_back_to_it() -> None:  # semantics 35, 36
    assert sent(translated(back="10.0.1.0/24 pcx-1")) == NOTHING


def test_the_nat_gateways_own_table_and_list_count() -> None:  # semantics 22, 35
    assert sent(translated("10.1.0.0/16 igw-a")) == NOTHING
    shut = ("100 in allow all 10.0.1.0/24", "100 out allow all 0.0.0.0/0")
    assert sent(translated().acl("acl-n", ["subnet-n"], *shut)) == NOTHING  # the peer's answers stay out
    open_ = ("100 in allow all 10.0.0.0/8", "100 out allow tcp 443 10.1.0.0/16", "200 out allow all 10.0.1.0/24")
    assert sent(translated().acl("acl-n", ["subnet-n"], *open_)) == WEB


def test_nobody_comes_in_by_a_nat_gateway() -> None:  # semantics 35
    assert not between(translated().graph(), "eni-p", "eni-a").passes.may


def leaving(*routes: str, more: tuple[str, ...] = (WORLD,), acl: tuple[str, ...] = ()) -> IntervalSet:
    """Return what surely gets from `eni-a`, which has no public address, to every internet address."""
    net = two_hosts().subnet("subnet-n", "10.0.9.0/24").table("rtb-a1", ["subnet-a"], *routes)
    net.table("rtb-n", ["subnet-n"], *more)
    net.acl("acl-n", ["subnet-n"], *(acl or ("100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")))
    net.add(
        "NatGateway", NatGatewayId="nat-x", VpcId="vpc-a", SubnetId="subnet-n", State="available",
        NatGatewayAddresses=[{"PrivateIp": "10.0.9.9", "PublicIp": "203.0.113.1"}],
    )  # fmt: skip
    graph = net.graph()
    passes = graph.reachability.to_internet(place(graph, "eni-a")).passes
    assert passes.exact

    return passes.must.everywhere_in(line.INTERNET_V4)


def test_private_addresses_leave_by_a_nat_gateway() -> None:  # semantics 30, 35
    assert leaving("0.0.0.0/0 nat-x") == FORWARDED
    assert leaving(WORLD) == NOTHING  # the gateway drops what has no public address
    assert leaving("10.9.0.0/16 nat-x") == NOTHING


def test_the_nat_gateway_needs_a_way_of_its_own() -> None:  # semantics 35
    assert leaving("0.0.0.0/0 nat-x", more=()) == NOTHING


@pytest.mark.parametrize(
    ("acl", "passes"),
    [
        (("100 in allow tcp 443 10.0.0.0/16", "110 in allow tcp 1024-65535 0.0.0.0/0", ALL_OUT), WEB),
        (("100 in allow tcp 443 10.0.0.0/16", "100 out allow all 0.0.0.0/0"), NOTHING),
        (("100 in allow all 0.0.0.0/0", "100 out allow tcp 443 0.0.0.0/0"), NOTHING),  # no answer to the instance
        (("100 in allow all 0.0.0.0/0", "100 out allow tcp 443-65535 0.0.0.0/0"), traffic.tcp(443)),
    ],
)  # fmt: skip
def test_the_list_of_the_nat_gateways_subnet_filters_four_times(  # semantics 22
    acl: tuple[str, ...], passes: IntervalSet
) -> None:
    assert leaving("0.0.0.0/0 nat-x", acl=acl) & WEB == passes


def test_of_several_routes_each_takes_its_own_addresses() -> None:  # semantics 24, 27
    net = two_hosts().table("rtb-a1", ["subnet-a"], WORLD, "198.51.100.0/24 eni-none blackhole")
    net.interface("eni-w", "subnet-a", "10.0.1.60", groups=["sg-a"], public="203.0.113.60")
    graph = net.graph()
    passes = graph.reachability.to_internet(place(graph, "eni-w")).passes
    hole = line.union("198.51.100.0/24")

    assert passes.must == FlowSet.box(line.INTERNET_V4 - hole, EVERYTHING) == passes.may

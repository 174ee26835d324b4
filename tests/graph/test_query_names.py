"""What names, ids, ARNs, addresses and tiers are taken to mean, and what is said of those that mean nothing."""

import pytest

from checker.errors import UsageError
from checker.graph.query.asked import asked
from checker.graph.query.end import End
from checker.graph.query.names import Names
from checker.graph.stacks import discover
from checker.model import traffic
from checker.model.addresses import INTERNET, union
from checker.model.intervals import IntervalSet
from tests.graph.network import Network
from tests.graph.shop import blueprint, shop

PUBLIC = {"subnet-public-a", "subnet-public-b", "subnet-public-c"}
APP = {"subnet-app-a", "subnet-app-b", "subnet-app-c"}


def resolve_shop(text: str) -> End:
    graph = shop()
    return Names(graph, discover(graph, blueprint()).stacks).resolve(text)


def resolve(net: Network, text: str) -> End:
    return Names(net.graph(), ()).resolve(text)


def subnets(end: End) -> set[str]:
    return {spot.place.subnet for spot in end.spots}


def twins() -> Network:
    """Return two VPCs of the same blocks, each with an interface that has 10.0.1.10."""
    net = Network()
    for letter in "ab":
        net.vpc(f"vpc-{letter}", "10.0.0.0/16").subnet(f"subnet-{letter}", "10.0.1.0/24", vpc=f"vpc-{letter}")
        net.interface(
            f"eni-{letter}", f"subnet-{letter}", "10.0.1.10", vpc=f"vpc-{letter}", public=f"198.51.100.{ord(letter)}"
        )
    return net


@pytest.mark.parametrize(
    ("text", "kind", "where"),
    [
        ("shop-alb", "load_balancer", PUBLIC),
        ("loadbalancer/app/shop-alb/a1", "load_balancer", PUBLIC),
        (
            "shop-alb-1.us-east-1.elb.amazonaws.com",
            "load_balancer",
            PUBLIC,
        ),
        ("shop-app", "auto_scaling_group", APP),
        ("i-app-a", "instance", {"subnet-app-a"}),
        ("eni-app-b", "network_interface", {"subnet-app-b"}),
        ("nat-a", "nat_gateway", {"subnet-public-a"}),
        ("shop-db", "db_instance", {"subnet-data-a", "subnet-data-b", "subnet-data-c"}),
        ("subnet-app-a", "subnet", {"subnet-app-a"}),
        ("sg-app", "security_group", APP),
        ("app", "tier", APP),
        ("shop-alb/app", "tier", APP),
        ("shop/app", "tier", APP),
    ],
)
def test_names(text: str, kind: str, where: set[str]) -> None:
    end = resolve_shop(text)

    assert (end.kind, subnets(end)) == (kind, where)


def test_internet_is_every_address_of_it() -> None:
    assert resolve_shop("internet").outside == INTERNET


def test_gateway_is_the_internet_of_its_networks() -> None:
    end = resolve_shop("igw-1")

    assert (end.outside, end.vpcs) == (INTERNET, ("vpc-1",))


@pytest.mark.parametrize(
    ("text", "near"), [("shop-alp", "shop-alb"), ("shop-alb/ap", "shop-alb/app"), ("intrenet", "internet")]
)
def test_unknown_names_offer_the_closest(text: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_shop(text)

    assert "nothing here is called" in caught.value.what and near in caught.value.hint


def test_tiers_without_a_stack_say_so() -> None:
    with pytest.raises(UsageError, match="no stack was found"):
        resolve(twins(), "shop/app")


def test_unknown_ids_are_compared_with_ids_of_their_kind() -> None:
    net = (
        twins()
        .interface("eni-0123456789abcdef0", "subnet-a", "10.0.1.20")
        .subnet("subnet-0123456789abcdef0", "10.0.2.0/24")
    )

    with pytest.raises(UsageError) as caught:
        resolve(net, "eni-0123456789abcdef1")

    assert caught.value.hint == "did you mean eni-0123456789abcdef0?"


def test_ambiguous_names_are_listed_with_how_to_be_exact() -> None:
    net = twins()
    for letter in "ab":
        net.interface(
            f"eni-0000000{letter}", f"subnet-{letter}", "10.0.1.30", vpc=f"vpc-{letter}",
            more={"TagSet": [{"Key": "Name", "Value": "web"}]},
        )  # fmt: skip

    with pytest.raises(UsageError) as caught:
        resolve(net, "web")

    assert "could be several things" in caught.value.what
    assert "ask for eni-0000000a" in caught.value.hint and "ask for eni-0000000b" in caught.value.hint
    assert "network interface web in 111122223333/eu-west-1" in caught.value.hint


def test_name_in_words_of_kind_and_scope() -> None:
    assert resolve_shop("db_instance:shop-db").kind == "db_instance"
    assert resolve_shop("111111111111/us-east-1/shop-db").kind == "db_instance"


def test_what_has_no_place_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="a route table is called, and that has no place"):
        resolve_shop("rtb-data")


def test_address_in_two_networks_asks_for_the_network() -> None:  # semantics 37
    with pytest.raises(UsageError) as caught:
        resolve(twins(), "10.0.1.10")

    assert "ask for vpc-a/10.0.1.10" in caught.value.hint and "ask for vpc-b/10.0.1.10" in caught.value.hint
    assert resolve(twins(), "vpc-b/10.0.1.10").id == "eni-b"


def test_public_address_is_that_of_the_interface_behind_it() -> None:  # semantics 31
    assert resolve(twins(), "198.51.100.98").id == "eni-b"
    assert resolve(twins(), "203.0.113.7").outside == union("203.0.113.7/32")


def test_private_address_outside_of_every_network_is_on_premises() -> None:  # semantics 40
    assert resolve(twins(), "192.168.7.7").outside == union("192.168.7.7/32")
    assert resolve(twins(), "on-premises/10.0.1.10").outside == union("10.0.1.10/32")


def test_address_in_a_network_that_nobody_has_is_vacant() -> None:
    end = resolve(Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24"), "10.0.1.9")

    assert "it lies in subnet-a of vpc-a" in end.vacant
    assert (end.spots, end.missing) == ((), ())
    assert not end.outside


def test_address_that_an_unread_interface_may_have_is_open() -> None:
    net = Network().vpc("vpc-a", "10.0.0.0/16").hide("NetworkInterface")

    assert resolve(net, "10.0.1.9").missing


def test_block_is_who_is_in_it_and_what_is_outside() -> None:
    end = resolve(twins(), "10.0.0.0/8")

    assert subnets(end) == {"subnet-a", "subnet-b"}
    assert end.outside == union("10.0.0.0/8") - union("10.0.0.0/16")
    assert subnets(resolve(twins(), "vpc-a/10.0.0.0/16")) == {"subnet-a"}


@pytest.mark.parametrize(
    ("port", "protocol", "wanted"),
    [
        (None, None, traffic.EVERYTHING - traffic.ICMP_ERRORS),
        ("443", None, traffic.tcp(443)),
        ("8000-8080", "tcp", traffic.tcp(8000, 8080)),
        ("53", "udp", traffic.ports(traffic.UDP, 53, 53)),
        ("dns", None, traffic.tcp(53) | traffic.ports(traffic.UDP, 53, 53)),
        ("postgres", None, traffic.tcp(5432)),
        ("53", "all", traffic.tcp(53) | traffic.ports(traffic.UDP, 53, 53)),
        (None, "icmp", traffic.ports(traffic.ICMP)),
        (None, "47", traffic.ports(47)),
        (None, "all", traffic.EVERYTHING),
    ],
)
def test_asked(port: str | None, protocol: str | None, wanted: IntervalSet) -> None:
    assert asked(port, protocol) == wanted


@pytest.mark.parametrize(
    ("port", "protocol", "message"),
    [
        ("htps", None, "did you mean https"),
        ("70000", None, "ports are 0 to 65535"),
        ("90-80", None, "the lower one first"),
        ("", None, "is no port"),
        (None, "tpc", "no protocol is called"),
        (None, "256", "no protocol is called"),
        ("80", "icmp", "has no ports"),
    ],
)
def test_what_cannot_be_asked(port: str | None, protocol: str | None, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(port, protocol)

    assert message in f"{caught.value.what} {caught.value.hint}"

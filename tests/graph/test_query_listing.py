"""Lists of who reaches whom: by class, with the internet, load balancers and what is not known."""

import pytest

from checker.graph.graph import Graph
from checker.graph.query.answer import Reach, Reached, ReachList
from checker.graph.query.question import Question, answer
from checker.graph.query.words import told
from checker.graph.stacks import discover
from checker.model import traffic
from checker.model.addresses import INTERNET_V4, INTERNET_V6, union
from checker.model.intervals import IntervalSet
from tests.graph.network import EGRESS, Network, two_hosts
from tests.graph.shop import Change, blueprint, shop


def listed(graph: Graph, source: str | None, target: str | None, port: str | None = None) -> ReachList:
    found = answer(Question(source, target, port), graph, discover(graph, blueprint()).stacks)
    assert isinstance(found, ReachList)

    return found


def from_shop(end: str, change: Change | None = None) -> dict[str, IntervalSet]:
    return {name(item): item.traffic for item in listed(shop(change), end, None).entries}


def to_shop(end: str, change: Change | None = None) -> dict[str, IntervalSet]:
    return {name(item): item.traffic for item in listed(shop(change), None, end).entries}


def name(item: Reached) -> str:
    return f"{item.names[0]} through {item.through}" if item.through else item.names[0]


def test_everything_that_the_app_reaches() -> None:
    found = from_shop("app")

    assert found["shop-db"] == traffic.tcp(5432)
    assert found["shop-cache"] == traffic.tcp(6379)
    assert traffic.tcp(443) <= found["the IPv4 internet"]
    # The balancer's groups admit anybody on its ports, the app among them.
    assert found["shop-alb"] == traffic.tcp(80) | traffic.tcp(443)


def test_everything_that_reaches_the_database() -> None:
    assert to_shop("shop-db") == {"shop-app": traffic.tcp(5432)}


def test_internet_is_told_with_the_balancer_it_comes_through() -> None:
    assert to_shop("app") == {"shop-alb": traffic.tcp(8080), "the internet through shop-alb": traffic.tcp(443)}


def test_internet_that_comes_by_itself_is_told_by_its_addresses() -> None:
    change = {"security_group_rule": {"sgr-alb-http": {"peer": "198.51.100.0/24"}}}

    assert to_shop("shop-alb", change)["198.51.100.0/24"] == traffic.tcp(80) | traffic.tcp(443)


def test_those_that_open_no_connections_reach_nobody() -> None:
    change = {"security_group_rule": {"sgr-new": {"group": "sg-db", "traffic": "tcp 5432", "peer": "sg-cache"}}}

    assert "shop-cache" not in to_shop("shop-db", change)


def test_what_the_internet_reaches() -> None:
    assert from_shop("internet") == {"shop-alb": traffic.tcp(80) | traffic.tcp(443)}


def test_what_may_be_is_apart_and_counts_as_unknown() -> None:
    change = {"security_group_rule": {"sgr-new": {"group": "sg-db", "traffic": "tcp 5432", "peer": "pl-1"}}}
    found = listed(shop(change), None, "shop-db")
    unsure = [item for item in found.entries if item.verdict is Reach.UNKNOWN]

    assert found.exit_code == 4
    assert unsure and all("pl-1" in item.missing[0].fact for item in unsure)
    assert listed(shop(), None, "shop-db").exit_code == 0


def test_interfaces_that_were_not_read_may_be_absent_from_the_list() -> None:
    net = two_hosts("in tcp 443 sg-a").hide("NetworkInterface")

    found = listed(net.graph(), None, "eni-b")

    assert (found.exit_code, bool(found.missing)) == (4, True)


def joined() -> Network:
    """Return `eni-a` and `eni-b` in two VPCs with routes over a peering."""
    net = Network()
    for letter, block in (("a", "10.0"), ("b", "10.1")):
        net.vpc(f"vpc-{letter}", f"{block}.0.0/16").subnet(f"subnet-{letter}", f"{block}.1.0/24", vpc=f"vpc-{letter}")
        net.table(f"rtb-{letter}", [], "10.0.0.0/8 pcx-1", main=True, vpc=f"vpc-{letter}")
        net.group(f"sg-{letter}", EGRESS, "in tcp 443 10.0.0.0/8", vpc=f"vpc-{letter}")
        everything = ("1 in allow all 0.0.0.0/0", "1 out allow all 0.0.0.0/0")
        net.acl(f"acl-{letter}", [], *everything, vpc=f"vpc-{letter}", default=True)
        net.interface(
            f"eni-{letter}", f"subnet-{letter}", f"{block}.1.10", groups=[f"sg-{letter}"], vpc=f"vpc-{letter}"
        )
    return net


def test_peers_are_listed() -> None:  # semantics 36
    net = joined().peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"))
    found = listed(net.graph(), "eni-a", None)

    assert [(item.names, item.verdict) for item in found.entries] == [(("eni-b",), Reach.REACHABLE)]


def test_peers_that_were_not_read_are_open() -> None:  # semantics 36, 55
    found = listed(joined().hide("VpcPeeringConnection").graph(), None, "eni-b")

    assert {item.verdict for item in found.entries} == {Reach.UNKNOWN}
    assert [item.names for item in found.entries if not item.address] == [("eni-a",)]


def test_many_alike_are_one_line_with_their_number() -> None:
    net = two_hosts("in tcp 443 sg-a")
    for number in range(20, 220):
        net.interface(f"eni-{number}", "subnet-a", f"10.0.1.{number}", groups=["sg-a"])
    (entry,) = listed(net.graph(), None, "eni-b").entries

    assert (entry.count, entry.interfaces, len(entry.names)) == (201, 201, 8)
    assert entry.traffic == traffic.tcp(443)


def test_balancers_that_were_not_read_may_relay() -> None:  # semantics 41, 55
    graph = shop({"listener": {"listener/app/shop-alb/a1/443": None}}, gaps=("listener",))
    found = listed(graph, None, "shop-app")

    assert found.exit_code == 4
    assert any("listing of listener" in item.fact for item in found.missing)


def test_only_what_was_asked_for_is_listed() -> None:
    graph = shop()

    assert [name(item) for item in listed(graph, "app", None, "6379").entries if not item.address] == ["shop-cache"]


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        (INTERNET_V6 - union("2600:1f18:a::/56"), "the IPv6 internet but 2600:1f18:a::/56"),
        (INTERNET_V4, "the IPv4 internet"),
        (union("198.51.100.0/24"), "198.51.100.0/24"),
    ],
)
def test_addresses_in_words(addresses: IntervalSet, words: str) -> None:
    assert told(addresses) == words


def test_what_is_sure_of_somebody_does_not_hide_what_is_not() -> None:  # semantics 14, 55
    change: Change = {"security_group_rule": {"sgr-new": {"group": "sg-db", "traffic": "tcp 22", "peer": "pl-1"}}}
    found = listed(shop(change), None, "shop-db")

    told_ = {(item.verdict, item.traffic) for item in found.entries if name(item) == "shop-app"}
    assert told_ == {(Reach.REACHABLE, traffic.tcp(5432)), (Reach.UNKNOWN, traffic.tcp(22))}
    assert found.exit_code == 4

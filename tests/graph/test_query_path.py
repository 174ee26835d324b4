"""Questions about paths, asked of the documented shop and of small networks: verdict, packet, hops and obstacles."""

import pytest

from checker.errors import UsageError
from checker.graph.graph import Graph
from checker.graph.query.answer import PathAnswer, Reach, Route, Stop, Way
from checker.graph.query.question import Question, answer
from checker.graph.stacks import discover
from checker.model import traffic
from tests.graph.network import EGRESS, Network, two_hosts
from tests.graph.shop import Change, blueprint, shop
from tests.graph.shop import _documented as documented

OPEN_ACL = [
    "100 in allow all from 0.0.0.0/0",
    "32767 in deny all from 0.0.0.0/0",
    "100 out allow all to 0.0.0.0/0",
    "32767 out deny all to 0.0.0.0/0",
]


def ask(graph: Graph, source: str, target: str, port: str | None = None, protocol: str | None = None) -> PathAnswer:
    found = answer(Question(source, target, port, protocol), graph, discover(graph, blueprint()).stacks)
    assert isinstance(found, PathAnswer)

    return found


def ask_shop(source: str, target: str, port: str | None = None, change: Change | None = None) -> PathAnswer:
    return ask(shop(change), source, target, port)


def direct(found: PathAnswer) -> Route:
    return next(route for route in found.routes if not route.relayed)


def obstacle(found: PathAnswer) -> Stop:
    stop = direct(found).obstacle
    assert stop is not None

    return stop


def rule(**fields: object) -> Change:
    return {"security_group_rule": {"sgr-new": fields}}


def test_internet_reaches_the_balancer_with_a_witness_and_every_hop() -> None:
    found = ask_shop("internet", "shop-alb", "443")
    route = direct(found)

    assert (found.verdict, found.exit_code, route.way) == (Reach.REACHABLE, 0, Way.INTERNET)
    assert found.witness and (found.witness.protocol, found.witness.port) == ("tcp", 443)
    assert found.allowed[0].traffic == traffic.tcp(443)
    assert all(hop.passes is True and hop.code is None for hop in route.hops)
    assert "sgr-alb-https admits tcp 443 from 0.0.0.0/0" in {hop.fact for hop in route.hops}
    assert {hop.origin.source for hop in route.hops if hop.origin} == {"case"}


def test_without_a_port_the_answer_is_what_gets_through() -> None:
    found = ask_shop("internet", "shop-alb")

    assert [line.traffic for line in found.allowed] == [traffic.tcp(80) | traffic.tcp(443)]


def test_port_without_a_listener_is_an_obstacle() -> None:  # semantics 41
    open_port = rule(group="sg-alb", traffic="tcp 8443", peer="0.0.0.0/0")
    found = ask_shop("internet", "shop-alb", "8443", open_port)

    assert (found.verdict, found.exit_code) == (Reach.NOT_REACHABLE, 1)
    assert obstacle(found).code == "ELBV2_LISTENERS_MISMATCH"
    assert "add a listener for tcp 8443 to shop-alb" in obstacle(found).change


def test_app_is_reached_through_the_balancer_only() -> None:  # semantics 30, 41
    found = ask_shop("internet", "app")
    (relay,) = [route for route in found.routes if route.relayed]

    assert found.verdict is Reach.NOT_REACHABLE
    assert obstacle(found).code == "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    assert (relay.verdict, relay.through, relay.traffic) == (Reach.REACHABLE, "shop-alb", traffic.tcp(443))
    assert [leg.traffic for leg in relay.legs] == [traffic.tcp(443), traffic.tcp(8080)]


def test_relay_fails_with_its_second_connection() -> None:  # semantics 41, 42
    found = ask_shop("internet", "app", change={"security_group_rule": {"sgr-app": None}})
    (relay,) = [route for route in found.routes if route.relayed]

    assert relay.verdict is Reach.NOT_REACHABLE
    assert relay.obstacle and relay.obstacle.resource == "sg-app"
    assert relay.obstacle.change == "add to sg-app an inbound rule: tcp 8080 from sg-alb"


NETWORK: Change = {
    "load_balancer": {"loadbalancer/app/shop-alb/a1": {"type": "network", "groups": []}},
    "listener": {"listener/app/shop-alb/a1/80": None, "listener/app/shop-alb/a1/443": {"protocol": "TCP"}},
}


def test_balancers_that_were_not_read_are_remarked() -> None:  # semantics 41, 55
    found = ask(shop(NETWORK, gaps=("listener",)), "internet", "shop-app")

    assert found.verdict is Reach.NOT_REACHABLE
    assert any("ways through load balancers that were not seen" in remark for remark in found.remarks)


def through_network_balancer(preserve: bool, peer: str) -> Route:
    change = {
        **NETWORK,
        "target_group": {"targetgroup/shop-app/b1": {"protocol": "TCP", "preserve_client_ip": preserve}},
        "security_group_rule": {"sgr-app": {"peer": peer}},
    }
    (relay,) = [route for route in ask_shop("internet", "shop-app", change=change).routes if route.relayed]
    return relay


def test_targets_see_clients_whose_addresses_are_preserved() -> None:  # semantics 47
    assert through_network_balancer(True, "0.0.0.0/0").verdict is Reach.REACHABLE
    assert through_network_balancer(True, "10.0.0.0/16").verdict is Reach.NOT_REACHABLE


def test_targets_see_the_balancer_where_addresses_are_not_preserved() -> None:  # semantics 47
    assert through_network_balancer(False, "10.0.0.0/16").verdict is Reach.REACHABLE
    assert through_network_balancer(False, "203.0.113.0/24").verdict is Reach.NOT_REACHABLE


def test_app_gets_to_the_database_on_its_port_only() -> None:
    found = ask_shop("app", "shop-db")

    assert found.verdict is Reach.REACHABLE
    assert [line.traffic for line in found.allowed] == [traffic.tcp(5432)]


def test_first_obstacle_names_the_group_and_the_change_mends_it() -> None:
    closed = ask_shop("shop-alb", "shop-db", "postgres")
    opened = ask_shop("shop-alb", "shop-db", "postgres", rule(group="sg-db", traffic="tcp 5432", peer="sg-alb"))

    assert (obstacle(closed).code, obstacle(closed).resource) == ("ENI_SG_RULES_MISMATCH", "sg-db")
    assert obstacle(closed).change == "add to sg-db an inbound rule: tcp 5432 from sg-alb"
    assert opened.verdict is Reach.REACHABLE


def test_sender_without_an_egress_rule_is_the_first_obstacle() -> None:
    found = ask_shop("app", "shop-db", "5432", {"security_group_rule": {"sgr-app-out": None}})

    assert direct(found).hops[0] == obstacle(found)
    assert obstacle(found).change == "add to sg-app an outbound rule: tcp 5432 to sg-db"


def test_denying_entry_of_a_network_acl_is_named() -> None:  # semantics 17
    entries = ["50 in deny tcp 5432 from 10.0.64.0/18", *OPEN_ACL]
    found = ask_shop("app", "shop-db", "5432", {"network_acl": {"acl-1": {"entries": entries}}})

    assert obstacle(found).code == "SUBNET_ACL_RESTRICTION"
    assert obstacle(found).fact == "entry 50 denies tcp 5432 from 10.0.64.0/18"
    assert obstacle(found).change.startswith("remove inbound entry 50 of acl-1, or add under a lower number")


def test_replies_that_a_network_acl_stops_are_an_obstacle() -> None:  # semantics 17, 18
    entries = ["50 out deny tcp 32768-60999 to 10.0.64.0/18", *OPEN_ACL]
    found = ask_shop("app", "shop-db", "5432", {"network_acl": {"acl-1": {"entries": entries}}})

    assert obstacle(found).kind == "network-acl-reply"
    assert "outbound" in obstacle(found).change and "tcp 32768-60999" in obstacle(found).change


def test_replies_that_pass_to_some_client_ports_are_remarked() -> None:  # semantics 18
    entries = ["50 out deny tcp 32768-40000 to 10.0.64.0/18", *OPEN_ACL]
    found = ask_shop("app", "shop-db", "5432", {"network_acl": {"acl-1": {"entries": entries}}})

    assert found.verdict is Reach.REACHABLE
    assert any("replies to some client ports are blocked" in remark for remark in found.remarks)
    assert not ask_shop("app", "shop-db", "5432").remarks


def test_classes_that_differ_have_lines_of_their_own() -> None:
    found = ask_shop("app", "shop-db", None, rule(group="sg-db", traffic="tcp 22", peer="10.0.64.0/20"))
    by_source = {line.sources: line.traffic for line in found.allowed}

    assert by_source == {
        ("subnet-app-a",): traffic.tcp(22) | traffic.tcp(5432),
        ("subnet-app-b", "subnet-app-c"): traffic.tcp(5432),
    }


def test_asked_range_that_passes_in_part_says_what_does_not() -> None:
    found = ask_shop("app", "shop-db", "5430-5433")

    assert found.verdict is Reach.REACHABLE
    assert "not of what was asked: tcp 5430-5431, 5433" in found.remarks


def test_unread_prefix_list_leaves_it_unknown_and_is_named() -> None:  # semantics 14, 55
    found = ask_shop("shop-alb", "shop-db", "5432", rule(group="sg-db", traffic="tcp 5432", peer="pl-1"))

    assert (found.verdict, found.exit_code) == (Reach.UNKNOWN, 4)
    assert "pl-1" in found.missing[0].fact and found.missing[0].supply
    assert None in {hop.passes for hop in direct(found).hops}
    assert direct(found).obstacle is None


UNREAD = (
    "vpc", "subnet", "internet_gateway", "route_table", "network_acl", "security_group", "load_balancer", "listener",
    "target_group", "auto_scaling_group", "instance", "db_instance", "network_interface", "nat_gateway",
    "peering_connection", "vpc_public_access",
)  # fmt: skip


@pytest.mark.parametrize("kind", UNREAD)
def test_what_was_not_read_never_turns_an_answer_round(kind: str) -> None:  # semantics 55
    spec = {kind: dict.fromkeys(documented().get(kind, {}))}
    for ends in (("internet", "shop-alb"), ("shop-app", "shop-db"), ("shop-alb", "shop-db"), ("shop-app", "internet")):
        whole = ask(shop(), *ends).verdict
        try:
            partial = ask(shop(spec, gaps=(kind,)), *ends).verdict
        except UsageError:
            continue  # the end itself is among what was not read

        assert partial in (whole, Reach.UNKNOWN), ends


def test_unread_prefix_list_behind_an_obstacle_does_not_matter() -> None:
    change = {
        "security_group_rule": {
            "sgr-alb-out": None,
            "sgr-new": {"group": "sg-db", "traffic": "tcp 5432", "peer": "pl-1"},
        }
    }

    assert ask_shop("shop-alb", "shop-db", "5432", change).verdict is Reach.NOT_REACHABLE


def test_app_gets_out_through_its_nat_gateway() -> None:  # semantics 35
    found = ask_shop("app", "internet", "443")

    assert found.verdict is Reach.REACHABLE
    assert {"nat-a", "nat-b", "nat-c"} & {hop.resource for hop in direct(found).hops}
    assert ask_shop("shop-db", "internet", "443").verdict is Reach.NOT_REACHABLE


def test_table_is_reached_by_a_way_to_its_service() -> None:  # semantics 39
    table: Change = {"dynamo_table": {"shop-sessions": {"name": "shop-sessions"}}}
    found = ask_shop("app", "dynamo_table:shop-sessions", "https", table)

    assert (found.verdict, direct(found).way) == (Reach.REACHABLE, Way.SERVICE)
    assert ask_shop("shop-db", "dynamo_table:shop-sessions", "https", table).verdict is Reach.NOT_REACHABLE


def test_nat_gateway_takes_no_connections() -> None:  # semantics 35
    assert obstacle(ask_shop("internet", "nat-a", "443")).code == "NO_POSSIBLE_DESTINATION"


def test_source_that_opens_no_connections_is_remarked() -> None:
    assert any("opens no connections of its own" in remark for remark in ask_shop("cache", "app").remarks)


def test_two_ends_outside_are_refused() -> None:
    with pytest.raises(UsageError, match="neither the internet nor"):
        ask_shop("internet", "8.8.8.8")


def test_errors_alone_do_not_count_unless_asked_for() -> None:
    graph = two_hosts("in icmp 3 0.0.0.0/0").graph()

    assert ask(graph, "eni-a", "eni-b").verdict is Reach.NOT_REACHABLE
    assert ask(graph, "eni-a", "eni-b", protocol="icmp").verdict is Reach.REACHABLE


def two_networks(*more: str) -> Network:
    """Return `eni-a` in `vpc-a` and `eni-b` in `vpc-b`, which take anything, with `more` routes in both tables."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24")
    net.vpc("vpc-b", "10.1.0.0/16").subnet("subnet-b", "10.1.1.0/24", vpc="vpc-b")
    for letter in "ab":
        net.table(f"rtb-{letter}", [], *more, main=True, vpc=f"vpc-{letter}")
        net.group(f"sg-{letter}", EGRESS, "in all 0.0.0.0/0", vpc=f"vpc-{letter}")
        net.acl(
            f"acl-{letter}",
            [],
            "1 in allow all 0.0.0.0/0",
            "1 out allow all 0.0.0.0/0",
            vpc=f"vpc-{letter}",
            default=True,
        )
    net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    return net.interface("eni-b", "subnet-b", "10.1.1.10", groups=["sg-b"], vpc="vpc-b")


def test_networks_that_are_not_joined_are_to_be_joined() -> None:  # semantics 36
    found = obstacle(ask(two_networks().graph(), "eni-a", "eni-b"))

    assert found.code == "NO_ROUTE_TO_DESTINATION"
    assert found.change.startswith("join vpc-a and vpc-b by a peering connection")
    assert "rtb-a" in found.change and "10.1.0.0/16" in found.change


def test_missing_route_to_a_peer_is_to_be_added() -> None:  # semantics 36
    net = two_networks().peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"))

    assert obstacle(ask(net.graph(), "eni-a", "eni-b")).change == (
        "add to rtb-a of subnet-a a route for 10.1.0.0/16 to pcx-1"
    )


def test_peering_with_both_routes_carries_packets() -> None:  # semantics 36
    net = two_networks("10.0.0.0/8 pcx-1").peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"))

    assert ask(net.graph(), "eni-a", "eni-b").verdict is Reach.REACHABLE


def test_public_address_is_a_route_of_its_own() -> None:  # semantics 5, 31
    net = two_networks("0.0.0.0/0 igw-a").gateway("igw-a", "vpc-a", "vpc-b")
    net.interface("eni-c", "subnet-b", "10.1.1.20", groups=["sg-b"], vpc="vpc-b", public="198.51.100.7")
    net.interface("eni-d", "subnet-a", "10.0.1.20", groups=["sg-a"], public="198.51.100.8")
    found = ask(net.graph(), "eni-d", "eni-c", "443")
    ways = {route.way: route.verdict for route in found.routes}

    assert found.verdict is Reach.REACHABLE
    assert ways == {Way.INTERNET: Reach.REACHABLE, Way.PRIVATE: Reach.NOT_REACHABLE}
    assert found.witness and found.witness.destination == "198.51.100.7"


def test_packets_to_a_public_address_do_not_match_groups() -> None:  # semantics 5
    net = two_hosts().gateway().table("rtb-p", ["subnet-a", "subnet-b"], "0.0.0.0/0 igw-a")
    net.group("sg-c", EGRESS, "in tcp 443 sg-a")
    net.interface("eni-a2", "subnet-a", "10.0.1.30", groups=["sg-a"], public="198.51.100.8")
    net.interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-c"], public="198.51.100.9")
    graph = net.graph()

    assert ask(graph, "eni-a2", "10.0.2.30", "443").verdict is Reach.REACHABLE
    assert ask(graph, "eni-a2", "198.51.100.9", "443").verdict is Reach.NOT_REACHABLE


def test_ends_of_two_families_have_no_way() -> None:
    net = two_networks().vpc("vpc-c", "10.2.0.0/16", "2600:1f18:c::/56")
    net.subnet("subnet-c", "2600:1f18:c::/64", vpc="vpc-c")
    net.interface("eni-c", "subnet-c", "2600:1f18:c::5", groups=["sg-c"], vpc="vpc-c")
    found = ask(net.graph(), "eni-a", "eni-c")

    assert found.verdict is Reach.NOT_REACHABLE
    assert obstacle(found).change == "give both ends addresses of one family"


def test_address_of_a_family_that_the_end_has_none_of_is_the_obstacle() -> None:
    found = ask_shop("2001:db8::1", "shop-alb", "443")

    assert (found.verdict, obstacle(found).code) == (Reach.NOT_REACHABLE, "NO_POSSIBLE_DESTINATION")
    assert "IPv4 addresses only" in obstacle(found).fact


def test_private_subnet_is_not_opened_to_the_internet_to_let_it_out() -> None:  # semantics 30, 35
    found = ask_shop("shop-db", "internet", "443")

    assert obstacle(found).code == "NO_ROUTE_TO_DESTINATION"
    assert obstacle(found).change.endswith("a route for 0.0.0.0/0 to a NAT gateway")

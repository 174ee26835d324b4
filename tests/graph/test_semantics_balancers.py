"""Load balancers, held to AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.graph.flows import target_ports
from checker.graph.graph import Graph
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known
from checker.resources.load_balancer import LoadBalancer
from checker.resources.target_group import TargetGroup
from tests.graph.network import EGRESS, Network
from tests.graph.shop import ALB, HTTP, HTTPS, TARGETS, Change, shop, stack_of, verdicts

ALARM = {"FAIL", "UNKNOWN"}
FAR = line.union("203.0.113.9").first


def balancer(graph: Graph) -> LoadBalancer:
    """Return the load balancer of a world that has one."""
    (found,) = graph.index.all(LoadBalancer).items
    return found


def forwarded(change: Change | None = None) -> set[str]:
    """Return the target groups that the shop's load balancer really forwards to."""
    graph = shop(change)
    return {group.id for group in graph.balancing.forwards(balancer(graph)).groups}


def sent_to_app(change: Change | None = None) -> object:
    """Return the traffic that the edge sends to the app."""
    view = stack_of(shop(change))
    (app,) = view.stack.tier("app")
    ports = target_ports(view.stack, app, view.graph)
    return ports.value if isinstance(ports, Known) else ports.missing


def test_the_port_of_the_targets_is_not_that_of_the_listener() -> None:  # semantics 41
    assert sent_to_app() == traffic.tcp(8080)


def test_a_health_check_on_a_port_of_its_own_is_a_third_flow() -> None:  # semantics 41
    own_port: Change = {"target_group": {TARGETS: {"health_port": "9000"}}}

    assert sent_to_app(own_port) == traffic.tcp(8080) | traffic.tcp(9000)
    assert "FAIL" in verdicts("NET007", own_port).values()
    assert not ALARM & set(verdicts("NET007").values())


def test_client_and_target_meet_only_at_the_load_balancer() -> None:  # semantics 41
    graph = shop()
    (app,) = {one.owner for one in graph.endpoints.all() if one.owner.kind == "auto_scaling_group"}

    assert all(not graph.reachability.from_internet(one.place).passes.may for one in graph.endpoints.of(app))
    assert any(
        traffic.tcp(443) <= graph.reachability.from_internet(one.place).passes.must.at(FAR)
        for one in graph.endpoints.of(balancer(graph))
    )


@pytest.mark.parametrize(
    ("fields", "v4"),
    [({}, True), ({"internet_facing": False}, False), ({"address_type": "dualstack-without-public-ipv4"}, False)],
)
def test_the_scheme_gives_public_addresses(fields: dict[str, object], v4: bool) -> None:  # semantics 42
    graph = shop({"load_balancer": {ALB: fields}, "network_interface": {f"eni-alb-{at}": None for at in "abc"}})
    places = [one.place for one in graph.endpoints.of(balancer(graph)) if not one.place.is_v6]

    assert {place.subnet for place in places} == {"subnet-public-a", "subnet-public-b", "subnet-public-c"}
    assert {place.public for place in places} == {v4}


def test_public_addresses_need_a_route_to_the_gateway() -> None:  # semantics 42
    assert verdicts("NET001")["shop-alb"] == "PASS"
    assert (
        verdicts("NET001", {"route_table": {"rtb-public": {"routes": [{"to": "10.0.0.0/16", "via": "local"}]}}})[
            "shop-alb"
        ]
        == "FAIL"
    )


def test_the_load_balancers_own_group_must_let_out_to_its_targets() -> None:  # semantics 42
    def out(peer: str, passes: str) -> Change:
        return {"security_group_rule": {"sgr-alb-out": {"peer": peer, "traffic": passes}}}

    assert not ALARM & set(verdicts("NET007", out("sg-app", "tcp 8080")).values())
    assert "FAIL" in verdicts("NET007", out("sg-app", "tcp 443")).values()


def test_targets_see_the_private_address_of_the_load_balancer() -> None:  # semantics 43
    def admits(peer: str) -> Change:
        return {"security_group_rule": {"sgr-app": {"peer": peer}}}

    assert not ALARM & set(verdicts("NET007", admits("sg-alb")).values())
    assert not ALARM & set(
        verdicts("NET007", admits("10.0.0.0/18")).values()
    )  # the public subnets, where its nodes are
    assert "FAIL" in verdicts("NET007", admits("203.0.113.0/24")).values()  # a client's address stands in a header only


def registered(kind: str, *targets: str, **fields: object) -> set[str]:
    """Return the owners behind a target group with targets registered by hand."""
    graph = shop(
        {
            "auto_scaling_group": {"shop-app": {"target_groups": []}},
            "target_group": {TARGETS: {"target_type": kind, "targets": list(targets), "targets_asked": True, **fields}},
        }
    )
    (group,) = graph.index.all(TargetGroup).items
    return {owner.id for owner in graph.balancing.targets(group).owners}


def test_each_type_of_target_leads_to_its_owner() -> None:  # semantics 43
    assert registered("instance", "i-app-a 8080") == {"shop-app"}
    assert registered("ip", "10.0.64.4 8080") == {"shop-app"}
    assert registered("lambda", "arn:aws:lambda:us-east-1:111111111111:function:f") == set()


def test_an_address_of_another_vpc_is_another_target() -> None:  # semantics 37, 43
    assert registered("ip", "10.0.64.4 8080", vpc="vpc-other") == set()


def test_the_address_of_a_pod_lies_in_a_prefix_of_its_node() -> None:  # semantics 43
    graph = shop(
        {
            "network_interface": {"eni-app-a": {"addresses": ["10.0.64.4", "10.0.64.16/28"]}},
            "auto_scaling_group": {"shop-app": {"target_groups": []}},
            "target_group": {TARGETS: {"target_type": "ip", "targets": ["10.0.64.21 8080"], "targets_asked": True}},
        }
    )
    (group,) = graph.index.all(TargetGroup).items
    found = graph.balancing.targets(group)

    assert {owner.id for owner in found.owners} == {"shop-app"}
    assert not found.missing


def test_redirects_reach_no_target() -> None:  # semantics 44
    assert forwarded() == {TARGETS}
    assert forwarded({"listener": {HTTPS: {"actions": ["redirect https 8443"]}}}) == set()
    assert forwarded({"listener": {HTTPS: {"actions": ["fixed-response"]}}}) == set()


def test_weighted_forwards_reach_every_group_and_so_do_rules() -> None:  # semantics 44
    two: Change = {
        "target_group": {"targetgroup/two/b2": {"port": 8081, "vpc": "vpc-1"}},
        "listener": {HTTPS: {"actions": [f"forward {TARGETS}:9 targetgroup/two/b2:1"]}},
    }
    by_rule: Change = {
        "target_group": {"targetgroup/two/b2": {"port": 8081, "vpc": "vpc-1"}},
        "listener": {
            HTTP: {
                "rules": [{"id": "r", "is_default": False, "priority": "1", "actions": ["forward targetgroup/two/b2"]}]
            }
        },
    }

    assert forwarded(two) == forwarded(by_rule) == {TARGETS, "targetgroup/two/b2"}


def test_a_redirect_is_open_to_the_world_and_serves_nothing() -> None:  # semantics 44
    plain: Change = {"listener": {HTTP: {"actions": [f"forward {TARGETS}"], "rules": []}}}

    assert verdicts("NET001")["shop-alb"] == "PASS"  # 80 answers
    assert not ALARM & set(verdicts("EDG001").values())
    assert "FAIL" in verdicts("EDG001", plain).values()


@pytest.mark.parametrize("health", ["healthy", "unhealthy", "draining", "unused"])
def test_who_may_be_sent_to_does_not_depend_on_health(health: str) -> None:  # semantics 45
    net = (
        Network()
        .vpc("vpc-a", "10.0.0.0/16")
        .subnet("subnet-a", "10.0.1.0/24")
        .interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    )
    described = [{"Target": {"Id": "10.0.1.10", "Port": 80}, "TargetHealth": {"State": health}}]
    net.add(
        "TargetGroup",
        TargetGroupArn="arn:tg",
        TargetType="ip",
        Port=80,
        VpcId="vpc-a",
        TargetHealthDescriptions=described,
    )
    graph = net.graph()
    (group,) = graph.index.all(TargetGroup).items

    assert [owner.id for owner in graph.balancing.targets(group).owners] == ["eni-a"]


def test_who_is_not_registered_is_not_sent_to() -> None:  # semantics 45
    assert registered("ip") == set()


def network_balancer(*groups: str) -> Graph:
    """Return an internet-facing Network Load Balancer on 443, wearing groups or none."""
    net = (
        Network()
        .vpc("vpc-a", "10.0.0.0/16")
        .subnet("subnet-a", "10.0.1.0/24")
        .table("rtb-a", ["subnet-a"], "0.0.0.0/0 igw-a")
        .gateway()
    )
    net.acl("acl-a", ["subnet-a"], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0").group(
        "sg-n", "in tcp 443 203.0.113.0/24"
    )
    net.add(
        "LoadBalancer",
        LoadBalancerArn="arn:lb",
        Type="network",
        Scheme="internet-facing",
        VpcId="vpc-a",
        AvailabilityZones=[{"SubnetId": "subnet-a"}],
        SecurityGroups=list(groups),
    )
    return net.graph()


def open_to(graph: Graph, far: str) -> bool:
    """Tell whether HTTPS from an address comes to the one load balancer."""
    (endpoint,) = graph.endpoints.of(balancer(graph))
    return traffic.tcp(443) <= graph.reachability.from_internet(endpoint.place).passes.must.at(line.union(far).first)


def test_a_network_load_balancer_without_groups_lets_every_client_in() -> None:  # semantics 46
    assert open_to(network_balancer(), "198.51.100.1") and open_to(network_balancer(), "203.0.113.9")


def test_with_groups_it_is_filtered_like_any_other() -> None:  # semantics 46
    assert open_to(network_balancer("sg-n"), "203.0.113.9")
    assert not open_to(network_balancer("sg-n"), "198.51.100.1")


def test_its_targets_may_name_its_groups() -> None:  # semantics 46
    for groups, wanted in ((["sg-nlb"], False), ([], True)):
        change: Change = {
            "security_group": {"sg-nlb": {"vpc": "vpc-1"}},
            "load_balancer": {ALB: {"type": "network", "groups": groups}},
            "security_group_rule": {
                "sgr-app": {"peer": "sg-nlb"},
                "sgr-nlb-out": {"group": "sg-nlb", "ingress": False, "traffic": "all", "peer": "0.0.0.0/0"},
            },
        }
        graph = shop({**change, "network_interface": {f"eni-alb-{at}": None for at in "abc"}})
        source = graph.endpoints.of(balancer(graph))[0].place
        (app,) = {one.owner for one in graph.endpoints.all() if one.owner.kind == "auto_scaling_group"}
        through = graph.reachability.between(source, graph.endpoints.of(app)[0].place).passes.must

        assert (through == traffic.NOTHING) is wanted


@pytest.mark.parametrize(
    ("type", "told", "wanted"), [("application", None, True), ("network", "false", False), ("network", "true", True)]
)
def test_nodes_reach_other_zones_by_default_only_in_application_load_balancers(
    type: str, told: str | None, wanted: bool
) -> None:  # semantics 48
    attributes = [{"Key": "load_balancing.cross_zone.enabled", "Value": told}] if told else None
    graph = (
        Network()
        .add(
            "LoadBalancer", LoadBalancerArn="arn:lb", Type=type, Scheme="internal", VpcId="vpc-a", Attributes=attributes
        )
        .graph()
    )

    assert balancer(graph).cross_zone.is_(wanted).is_yes


def test_whether_a_network_load_balancer_crosses_zones_is_not_guessed() -> None:  # semantics 48, 55
    graph = (
        Network()
        .add("LoadBalancer", LoadBalancerArn="arn:lb", Type="network", Scheme="internal", VpcId="vpc-a")
        .graph()
    )

    assert balancer(graph).cross_zone.is_(True).is_unknown


def test_stickiness_is_of_the_groups_that_listeners_forward_to() -> None:  # semantics 49
    off: Change = {"target_group": {TARGETS: {"stickiness": False}}}
    aside: Change = {"target_group": {"targetgroup/aside/b9": {"port": 80, "vpc": "vpc-1", "stickiness": False}}}

    assert set(verdicts("SES001").values()) == set(verdicts("SES001", aside).values()) == {"PASS"}
    assert "FAIL" in verdicts("SES001", off).values()


def test_stickiness_by_address_is_no_cookie() -> None:  # semantics 49
    assert "FAIL" in verdicts("SES001", {"target_group": {TARGETS: {"stickiness_type": "source_ip"}}}).values()
    assert set(verdicts("SES001", {"target_group": {TARGETS: {"stickiness_type": "app_cookie"}}}).values()) == {"PASS"}


@pytest.mark.parametrize(("more", "verdict"), [("", "FAIL"), (" sticky", "PASS")])
def test_weighted_groups_need_stickiness_between_them(more: str, verdict: str) -> None:  # semantics 49
    change: Change = {
        "target_group": {"targetgroup/two/b2": {"name": "two", "port": 8080, "vpc": "vpc-1"}},
        "auto_scaling_group": {"shop-app": {"target_groups": [TARGETS, "targetgroup/two/b2"]}},
        "listener": {HTTPS: {"actions": [f"forward {TARGETS}:9 targetgroup/two/b2:1{more}"]}},
    }

    assert set(verdicts("SES001", change).values()) == {verdict}


@pytest.mark.parametrize(("attribute", "open_"), [("true", False), ("false", True)])
def test_the_internet_does_not_reach_hidden_ipv6_addresses(attribute: str, open_: bool) -> None:  # semantics 69
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/inner/1"
    net = Network().vpc("vpc-a", "10.0.0.0/16", "2001:db8::/56").subnet("subnet-a", "10.0.1.0/24", "2001:db8::/64")
    net.gateway().table("rtb-a", [], "::/0 igw-a", "0.0.0.0/0 igw-a", main=True).group("sg-a", "in all ::/0", EGRESS)
    net.acl("acl-a", [], "100 in allow all ::/0", "100 out allow all ::/0", default=True)
    net.add(
        "LoadBalancer", LoadBalancerArn=arn, LoadBalancerName="inner", Type="application", Scheme="internal",
        VpcId="vpc-a", IpAddressType="dualstack", SecurityGroups=["sg-a"], AvailabilityZones=[{"SubnetId": "subnet-a"}],
        Attributes=[{"Key": "ipv6.deny_all_igw_traffic", "Value": attribute}],
    )  # fmt: skip
    graph = net.graph()
    node = next(one.place for one in graph.endpoints.all() if one.owner.id == arn and one.place.is_v6)

    assert bool(graph.reachability.from_internet(node).passes.must) is open_
    assert bool(graph.reachability.from_internet(node).passes.may) is open_

"""Ways through load balancers, held to AWS's documentation; each test names the row of the table it covers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from checker.graph.connections import relayed
from checker.graph.crossings import as_client, as_node
from checker.graph.graph import Graph
from checker.graph.passages import Passage, through
from checker.graph.relays import Relay, nodes, relays, sends, serves
from checker.graph.target_groups import Balancer
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known
from checker.model.intervals import IntervalSet
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.load_balancer import LoadBalancer
from tests.graph.network import BLANK, EGRESS, Network, place

NLB, ALB, GROUP = "arn:x:loadbalancer/net/nlb/1a", "arn:x:loadbalancer/app/alb/2b", "arn:tg"
NODE_A, NODE_B, APP_A, APP_B = "10.0.1.5", "10.0.2.5", "10.0.11.10", "10.0.12.10"
ALLOW = ("100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0", "101 in allow all ::/0", "101 out allow all ::/0")
OFFICE = line.union("203.0.113.9")


def home(*acls: str) -> Network:
    """Return two zones with a public and a private subnet in each; `acls` are the entries of the private ones."""
    net = Network().vpc("vpc-a", "10.0.0.0/16", "2600:1f18::/56").gateway()
    for zone, at in (("a", "1"), ("b", "2")):
        name = f"eu-west-1{zone}"
        net.subnet(f"public-{zone}", f"10.0.{at}.0/24", f"2600:1f18:0:{at}::/64", zone=name)
        net.subnet(f"private-{zone}", f"10.0.1{at}.0/24", zone=name)
    net.table("rtb-public", ["public-a", "public-b"], "0.0.0.0/0 igw-a", "::/0 igw-a")
    net.table("rtb-private", ["private-a", "private-b"], "0.0.0.0/0 nat-gone blackhole")
    net.acl("acl-public", ["public-a", "public-b"], *ALLOW, default=True)
    return net.acl("acl-private", ["private-a", "private-b"], *(acls or ALLOW))


def balanced(
    net: Network,
    arn: str = NLB,
    groups: Iterable[str] = (),
    subnets: Iterable[str] = ("public-a", "public-b"),
    cross: str | None = "false",
    **raw: object,
) -> Network:
    """Add a load balancer with a node in each of some public subnets."""
    kind = "network" if "/net/" in arn else "application"
    worn, homes = list(groups), list(subnets)
    told: object = [{"Key": "load_balancing.cross_zone.enabled", "Value": cross}] if cross else None
    net.add(
        "LoadBalancer",
        **{
            "LoadBalancerArn": arn,
            "LoadBalancerName": arn.split("/")[2],
            "Type": kind,
            "Scheme": "internet-facing",
            "VpcId": "vpc-a",
            "AvailabilityZones": [{"SubnetId": subnet} for subnet in homes],
            "SecurityGroups": worn,
            "Attributes": told,
            **raw,
        },
    )
    for subnet in homes:
        address = {"public-a": NODE_A, "public-b": NODE_B}.get(subnet, "10.0.11.77")
        more = {"Description": f"ELB {arn.partition('loadbalancer/')[2]}", "RequesterManaged": True}
        net.interface(f"eni-{kind}-{subnet}", subnet, address, groups=worn, more=more)
    return net


def listener(net: Network, balancer: str, port: int, *groups: str, protocol: str = "TCP") -> Network:
    """Add a listener that forwards to groups; without any it answers itself."""
    told = [{"TargetGroupArn": group} for group in groups]
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": told}} if told else {"Type": "fixed-response"}
    return net.add(
        "Listener",
        ListenerArn=f"{balancer}/{port}/{protocol}",
        LoadBalancerArn=balancer,
        Port=port,
        Protocol=protocol,
        DefaultActions=[action],
        Rules=[],
    )


def group(
    net: Network, *targets: str, arn: str = GROUP, kind: str = "ip", attributes: object = (), **raw: object
) -> Network:
    """Add a target group on 8080; a target is an address, an id or an ARN, and `*` behind it a target of every zone."""
    told = attributes if not isinstance(attributes, dict) else [{"Key": k, "Value": v} for k, v in attributes.items()]
    return net.add(
        "TargetGroup",
        **{
            "TargetGroupArn": arn,
            "TargetType": kind,
            "Protocol": "TCP",
            "Port": 8080,
            "VpcId": "vpc-a",
            "LoadBalancerArns": [NLB],
            "Attributes": told,
            "TargetHealthDescriptions": [
                {
                    "Target": {
                        "Id": one.rstrip("*"),
                        "Port": raw.get("Port", 8080),
                        **({"AvailabilityZone": "all"} if one.endswith("*") else {}),
                    }
                }
                for one in targets
            ],
            **raw,
        },
    )


def apps(net: Network, *rules: str) -> Network:
    """Add a target in each zone, whose group has some rules."""
    net.group("sg-app", EGRESS, *rules)
    net.interface("eni-app-a", "private-a", APP_A, groups=["sg-app"])
    return net.interface("eni-app-b", "private-b", APP_B, groups=["sg-app"])


def one_balancer(graph: Graph) -> LoadBalancer:
    """Return the Network Load Balancer of a world."""
    return next(item for item in graph.index.all(LoadBalancer).items if item.id == NLB)


def ways(graph: Graph, balancer: Balancer | None = None) -> tuple[Relay, ...]:
    """Return the relays of a balancer, of which nothing may be hidden."""
    found = relays(balancer or one_balancer(graph), graph)
    assert not found.missing, found.missing
    return found.items


def network(*rules: str, preserves: str = "false", acls: tuple[str, ...] = (), **more: Any) -> Graph:
    """Return a Network Load Balancer on 443 before two targets on 8080, which have `rules`."""
    net = balanced(apps(home(*acls), *rules), **more)
    listener(group(net, APP_A, APP_B, attributes={"preserve_client_ip.enabled": preserves}), NLB, 443, GROUP)
    return net.graph()


def clients_of(graph: Graph, zone: str = "a") -> IntervalSet:
    """Return whose traffic the node of a zone surely gets through to the target in it, by addresses."""
    (relay,) = ways(graph)
    node = next(one for one in nodes(relay.balancer, graph) if one.place.subnet == f"public-{zone}")
    end = next(one for one in relay.ends if one.endpoint.place.subnet == f"private-{zone}")
    return as_client(relay, node, end, graph).passes.must.limited_to(end.traffic).addresses


def own_of(graph: Graph, zone: str = "a") -> IntervalSet:
    """Return the traffic that the node of a zone surely gets through to the target in it from its own address."""
    (relay,) = ways(graph)
    node = next(one for one in nodes(relay.balancer, graph) if one.place.subnet == f"public-{zone}")
    end = next(one for one in relay.ends if one.endpoint.place.subnet == f"private-{zone}")
    return as_node(relay, node, end, graph).passes.must


@pytest.mark.parametrize(
    ("protocol", "taken", "sent"),
    [
        ("TCP", [traffic.tcp(443)], [traffic.tcp(8080)]),
        ("TLS", [traffic.tcp(443)], [traffic.tcp(8080)]),
        ("UDP", [traffic.ports(traffic.UDP, 443, 443)], [traffic.ports(traffic.UDP, 8080, 8080)]),
        ("QUIC", [traffic.ports(traffic.UDP, 443, 443)], [traffic.ports(traffic.UDP, 8080, 8080)]),
        (
            "TCP_UDP",
            [traffic.tcp(443), traffic.ports(traffic.UDP, 443, 443)],
            [traffic.tcp(8080), traffic.ports(traffic.UDP, 8080, 8080)],
        ),
    ],
)
def test_each_protocol_travels_on_its_own_carrier(
    protocol: str, taken: list[object], sent: list[object]
) -> None:  # semantics 41, 47
    net = balanced(apps(home(), "in all 0.0.0.0/0"))
    graph = listener(group(net, APP_A, Protocol=protocol), NLB, 443, GROUP, protocol=protocol).graph()
    found = ways(graph)

    assert [relay.takes.value for relay in found if isinstance(relay.takes, Known)] == taken
    assert [relay.ends[0].traffic for relay in found] == sent
    # Health checks are made by TCP, whatever the group's protocol is.
    assert {relay.ends[0].health for relay in found} == {traffic.tcp(8080)}


def test_a_health_check_may_have_a_port_of_its_own_or_be_off() -> None:  # semantics 41
    def health(**raw: Any) -> object:
        net = balanced(apps(home()))
        (relay,) = ways(listener(group(net, APP_A, **raw), NLB, 443, GROUP).graph())
        return relay.ends[0].health

    assert health(HealthCheckPort="9000") == traffic.tcp(9000)
    assert health() == health(HealthCheckPort="traffic-port") == traffic.tcp(8080)
    assert health(HealthCheckEnabled=False) == traffic.NOTHING


def test_only_forwards_to_targets_with_an_address_are_ways() -> None:  # semantics 43, 44
    net = balanced(apps(home()))
    listener(net, NLB, 80)
    listener(net, NLB, 81, "arn:function")
    listener(group(group(net, "arn:f", arn="arn:function", kind="lambda", Port=None), APP_A), NLB, 443, GROUP)

    assert [relay.name for relay in ways(net.graph())] == ["nlb:443"]


@pytest.mark.parametrize(
    ("arn", "kind", "protocol", "told", "expected"),
    [
        (NLB, "instance", "TCP", None, True),
        (NLB, "instance", "TLS", None, True),
        (NLB, "instance", "TCP", "false", False),
        (NLB, "ip", "TCP", None, False),
        (NLB, "ip", "TLS", None, False),
        (NLB, "ip", "TCP", "true", True),
        (NLB, "ip", "UDP", None, True),
        (NLB, "ip", "TCP_UDP", None, True),
        (NLB, "ip", "QUIC", None, True),
        (NLB, "alb", "TCP", None, True),
        (ALB, "instance", "HTTP", None, False),
    ],
)
def test_whose_address_targets_see(
    arn: str, kind: str, protocol: str, told: str | None, expected: bool
) -> None:  # semantics 43, 47
    target = {"instance": "i-1", "ip": APP_A, "alb": ALB}[kind]
    net = apps(home())
    net.add("Instance", InstanceId="i-1", VpcId="vpc-a", State={"Name": "running"}, NetworkInterfaces=[])
    balanced(balanced(net), ALB, ["sg-app"], ["private-a"])
    attributes = {"preserve_client_ip.enabled": told} if told else {}
    group(net, target, kind=kind, attributes=attributes, Protocol=protocol, LoadBalancerArns=[arn])
    graph = listener(net, arn, 443, GROUP, protocol=protocol).graph()
    balancer = next(item for item in graph.index.all(LoadBalancer).items if item.id == arn)

    assert {relay.preserves.value for relay in relays(balancer, graph).items} == {expected}


def test_targets_admit_the_clients_where_their_addresses_are_preserved() -> None:  # semantics 47
    office = network("in tcp 8080 203.0.113.0/24", preserves="true")
    nodes_only = network("in tcp 8080 10.0.1.0/24", "in tcp 8080 10.0.2.0/24", preserves="true")

    assert clients_of(office) == line.union("203.0.113.0/24")
    assert not OFFICE & clients_of(nodes_only)
    # The node's own address is that of its health checks only.
    assert traffic.tcp(8080) <= own_of(nodes_only)
    assert not own_of(office)


def test_targets_admit_the_nodes_where_addresses_are_not_preserved() -> None:  # semantics 10, 47
    office, fixed = network("in tcp 8080 203.0.113.0/24"), network(f"in tcp 8080 {NODE_A}/32")

    assert not own_of(office)
    # A node of a Network Load Balancer keeps its one address, so that this is enough.
    assert traffic.tcp(8080) <= own_of(fixed)
    assert [one.addresses for one in nodes(one_balancer(fixed), fixed) if not one.place.is_v6] == [
        (NODE_A,),
        (NODE_B,),
    ]


def test_targets_may_name_the_balancers_group_even_so() -> None:  # semantics 46
    def named(*rules: str) -> Graph:
        net = apps(home(), "in tcp 8080 sg-nlb").group("sg-nlb", *rules)
        group(balanced(net, groups=["sg-nlb"]), APP_A, APP_B, attributes={"preserve_client_ip.enabled": "true"})
        return listener(net, NLB, 443, GROUP).graph()

    assert clients_of(named(EGRESS)) >= OFFICE
    # What leaves the load balancer is subject to its own outbound rules, health checks too.
    assert not clients_of(named("out tcp 80 0.0.0.0/0"))
    assert not own_of(named("out tcp 80 0.0.0.0/0"))
    # A balancer that was made without groups wears none that a rule could name.
    assert not clients_of(network("in tcp 8080 sg-nlb", preserves="true"))


def test_the_targets_network_acl_sees_the_clients_own_address() -> None:  # semantics 17, 22, 47
    inside = ("100 in allow all 10.0.0.0/16", "100 out allow all 10.0.0.0/16")
    office = (*inside, "110 in allow tcp 8080 203.0.113.0/24", "110 out allow tcp 1024-65535 203.0.113.0/24")
    deaf = (*inside, "110 in allow tcp 8080 203.0.113.0/24")

    assert not OFFICE & clients_of(network("in tcp 8080 0.0.0.0/0", preserves="true", acls=inside))
    assert clients_of(network("in tcp 8080 0.0.0.0/0", preserves="true", acls=office)) >= OFFICE
    assert not OFFICE & clients_of(network("in tcp 8080 0.0.0.0/0", preserves="true", acls=deaf))
    assert traffic.tcp(8080) <= own_of(network("in tcp 8080 0.0.0.0/0", acls=inside))
    # It needs no entry for the nodes' own addresses, unless health checks are to pass.
    alone = network("in tcp 8080 0.0.0.0/0", preserves="true", acls=office[2:])
    assert clients_of(alone) >= OFFICE
    assert not own_of(alone)


def test_answers_to_clients_go_by_the_node_and_not_by_the_targets_default_route() -> None:  # semantics 25, 47
    # The private table's default route is a black hole, and answers come to clients all the same.
    assert clients_of(network("in tcp 8080 0.0.0.0/0", preserves="true")) >= OFFICE


@pytest.mark.parametrize(
    ("arn", "own", "groups", "expected"),
    [
        (NLB, "false", None, False),
        (NLB, "true", None, True),
        (NLB, "false", "true", True),
        (NLB, "true", "false", False),
        (NLB, "true", "use_load_balancer_configuration", True),
        (ALB, None, None, True),
        (ALB, None, "false", False),
    ],
)
def test_the_group_decides_whether_nodes_cross_zones_and_else_its_balancer(
    arn: str, own: str | None, groups: str | None, expected: bool
) -> None:  # semantics 48
    attributes = {"load_balancing.cross_zone.enabled": groups} if groups else {}
    net = balanced(apps(home(), "in all 0.0.0.0/0"), arn, ["sg-app"], cross=own)
    graph = listener(group(net, APP_A, attributes=attributes), arn, 443, GROUP).graph()
    (relay,) = relays(graph.index.all(LoadBalancer).items[0], graph).items

    assert relay.crosses.value is expected


def codes(graph: Graph, zone: str, target: str) -> list[str | None]:
    """Return the codes on the way from the node of a zone to a target."""
    (relay,) = ways(graph)
    node = next(one for one in nodes(relay.balancer, graph) if one.place.subnet == f"public-{zone}")
    end = next(one for one in relay.ends if one.endpoint.addresses == (target,))
    return [step.code for step in as_node(relay, node, end, graph).towards(traffic.tcp(8080)) if step.code]


def test_nodes_reach_only_their_own_zone_unless_they_cross() -> None:  # semantics 48
    off, on = network("in all 0.0.0.0/0"), network("in all 0.0.0.0/0", cross="true")

    assert codes(off, "a", APP_A) == codes(off, "b", APP_B) == []
    assert codes(off, "a", APP_B) == codes(off, "b", APP_A) == ["ELB_NOT_CROSSZONE"]
    assert codes(on, "a", APP_B) == []


@pytest.mark.parametrize("cross", ["true", "false"])
def test_targets_in_a_zone_without_a_node_get_nothing(cross: str) -> None:  # semantics 48, 54
    graph = network("in all 0.0.0.0/0", cross=cross, subnets=["public-a"])
    (relay,) = ways(graph)
    served = {end.endpoint.addresses: serves(relay, end, graph).value for end in relay.ends}
    owner = next(end.endpoint.owner for end in relay.ends if end.endpoint.addresses == (APP_B,))
    (found,) = [attempt for _, attempt in relayed(relay.balancer, owner, graph)]

    assert served == {(APP_A,): True, (APP_B,): False}
    assert codes(graph, "a", APP_B) == ["ELB_INSTALLED_AZ_RESTRICTION"]
    assert found.answer.is_no


def test_what_the_zones_of_nodes_are_is_not_guessed() -> None:  # semantics 48, 55
    net = balanced(apps(home(), "in all 0.0.0.0/0"), cross=None, Attributes=BLANK)
    graph = listener(group(net, APP_A, APP_B), NLB, 443, GROUP).graph()
    (relay,) = ways(graph)
    (near,) = [one for one in nodes(relay.balancer, graph) if one.place.subnet == "public-a"]
    far = next(end for end in relay.ends if end.endpoint.addresses == (APP_B,))

    assert sends(relay, near, far, graph).is_unknown
    # A way that works either way needs no answer; one that does not is open.
    assert all(attempt.answer.is_yes for _, attempt in relayed(relay.balancer, far.endpoint.owner, graph))


def test_a_target_in_a_peered_vpc_is_where_it_stands() -> None:  # semantics 36, 43
    def peered(*registered: str) -> Network:
        net = home().vpc("vpc-b", "10.9.0.0/16").subnet("subnet-b", "10.9.1.0/24", vpc="vpc-b", zone="eu-west-1b")
        net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.9.0.0/16"))
        net.table("rtb-b", ["subnet-b"], "10.0.0.0/16 pcx-1", vpc="vpc-b").acl(
            "acl-b", ["subnet-b"], *ALLOW, vpc="vpc-b"
        )
        net.group("sg-far", "in tcp 8080 10.0.0.0/16", vpc="vpc-b")
        net.interface("eni-far", "subnet-b", "10.9.1.9", groups=["sg-far"], vpc="vpc-b")
        return listener(group(balanced(net), *registered), NLB, 443, GROUP)

    graph = peered("10.9.1.9*").graph()
    (relay,) = ways(graph)

    assert [end.endpoint.owner.id for end in relay.ends] == ["eni-far"]
    # Targets outside the VPC are sent to from every zone.
    assert all(sends(relay, node, relay.ends[0], graph).is_yes for node in nodes(relay.balancer, graph))
    unknown = peered("192.168.7.7*").graph()
    assert relays(one_balancer(unknown), unknown).missing


def whole(graph: Graph, client: str | None = None) -> list[Passage]:
    """Return the passages of the internet, or of an interface, through the Network Load Balancer."""
    return list(through(one_balancer(graph), place(graph, client) if client else None, graph))


def reached(graph: Graph, client: str | None = None) -> set[tuple[str, ...]]:
    """Return the targets that are surely reached."""
    return {one.end.endpoint.addresses for one in whole(graph, client) if one.passes.is_yes}


def test_clients_come_through_two_connections() -> None:  # semantics 41, 42, 46
    admits = ("in tcp 8080 10.0.1.0/24", "in tcp 8080 10.0.2.0/24")

    assert reached(network(*admits)) == {(APP_A,), (APP_B,)}
    assert reached(network(*admits, Scheme="internal")) == set()
    assert reached(network(admits[0])) == {(APP_A,)}
    # With groups of its own, it answers whom these admit.
    grouped = apps(home(), *admits).group("sg-nlb", EGRESS, "in tcp 443 203.0.113.0/24")
    graph = listener(group(balanced(grouped, groups=["sg-nlb"]), APP_A), NLB, 443, GROUP).graph()
    (found,) = [one for one in whole(graph) if one.passes.is_yes]

    assert found.clients.must == line.union("203.0.113.0/24")


def test_a_client_nearby_learns_of_its_first_obstacle() -> None:  # semantics 41, 48
    net = apps(home(), "in tcp 8080 10.0.1.0/24").group("sg-visitor", EGRESS).group("sg-shut", "out tcp 22 0.0.0.0/0")
    net.interface("eni-visitor", "private-b", "10.0.12.99", groups=["sg-visitor"])
    net.interface("eni-shut", "private-b", "10.0.12.98", groups=["sg-shut"])
    graph = listener(group(balanced(net), APP_A, APP_B), NLB, 443, GROUP).graph()
    stops = [(one.obstacle.code, one.obstacle.resource) for one in whole(graph, "eni-visitor") if one.obstacle]

    assert reached(graph, "eni-visitor") == {(APP_A,)}
    assert set(stops) == {("ELB_NOT_CROSSZONE", "nlb"), ("ENI_SG_RULES_MISMATCH", "sg-app")}
    assert {one.obstacle.resource for one in whole(graph, "eni-shut") if one.obstacle} == {"sg-shut"}


def chained(*rules: str, port: int = 443) -> Graph:
    """Return a public Network Load Balancer before an internal application one, whose group has `rules`."""
    net = apps(home(), "in tcp 8080 sg-alb").group("sg-alb", EGRESS, *rules)
    balanced(net, cross="true", AvailabilityZones=[{"SubnetId": "public-a"}])
    balanced(net, ALB, ["sg-alb"], ["private-a"], Scheme="internal", cross=None)
    listener(group(net, ALB, arn="arn:alb", kind="alb", Port=port), NLB, 443, "arn:alb")
    group(net, APP_A, LoadBalancerArns=[ALB], Protocol="HTTP")
    net.group("sg-visitor", EGRESS).interface("eni-visitor", "private-b", "10.0.12.99", groups=["sg-visitor"])
    return listener(net, ALB, 443, GROUP, protocol="HTTPS").graph()


def test_a_network_load_balancer_may_lead_to_an_application_one() -> None:  # semantics 43, 47
    graph = chained("in tcp 443 10.0.12.0/24")
    found = [one for one in whole(graph, "eni-visitor") if one.passes.is_yes]

    assert found
    assert {tuple(relay.balancer.id for relay in one.relays) for one in found} == {(NLB, ALB)}
    assert {one.end.endpoint.addresses for one in found} == {(APP_A,)}
    # The application load balancer's group must admit the client, and not the node of the other.
    assert not any(one.passes.is_yes for one in whole(chained("in tcp 443 10.0.1.0/24"), "eni-visitor"))


def test_an_application_load_balancer_answers_only_on_its_listeners() -> None:  # semantics 43
    found = whole(chained("in tcp 8443 0.0.0.0/0", port=8443), "eni-visitor")

    assert {one.obstacle.code for one in found if one.obstacle} == {"ELBV2_LISTENERS_MISMATCH"}
    assert not any(one.passes.is_yes for one in found)


def test_clients_of_the_other_family_come_from_the_nodes_own_address() -> None:  # semantics 47
    def dual(*rules: str) -> list[bool | None]:
        net = apps(home(), *rules)
        balanced(net, IpAddressType="dualstack", subnets=["public-a"])
        net.interface(
            "eni-v6", "public-a", "2600:1f18:0:1::5",
            more={"Description": "ELB net/nlb/1a", "RequesterManaged": True},
        )  # fmt: skip
        group(net, APP_A, attributes={"preserve_client_ip.enabled": "true"})
        graph = listener(net, NLB, 443, GROUP).graph()
        return [one.passes.value for one in whole(graph) if one.legs[1].source is not None and _is_v6(one)]

    assert set(dual(f"in tcp 8080 {NODE_A}/32")) == {True}
    assert set(dual("in tcp 8080 203.0.113.0/24")) == {False}


def _is_v6(passage: Passage) -> bool:
    return passage.legs[0].target.place.is_v6


def test_where_preservation_is_not_known_both_addresses_are_tried() -> None:  # semantics 47, 55
    def answers(*rules: str) -> set[bool | None]:
        net = balanced(apps(home(), *rules), subnets=["public-a"])
        graph = listener(group(net, APP_A, kind="ip", attributes=BLANK), NLB, 443, GROUP).graph()
        (relay,) = ways(graph)
        found = relayed(relay.balancer, relay.ends[0].endpoint.owner, graph)
        return {one.answer.value for _, one in found}

    assert answers("in tcp 8080 0.0.0.0/0") == {True}
    assert answers("in tcp 8080 10.0.0.0/16") == {True, None}  # health checks pass, clients may
    assert answers("in tcp 22 0.0.0.0/0") == {False}


def classic(*acls: str, cross: bool = False, instances: tuple[str, ...] = ("i-a", "i-b")) -> Graph:
    """Return a Classic Load Balancer in a public and a private subnet of one zone, before two instances on 8080."""
    net = home(*acls).group("sg-elb", EGRESS, "in tcp 80 0.0.0.0/0").group("sg-app", "in tcp 8080 sg-elb")
    net.add(
        "ClassicLoadBalancer",
        LoadBalancerName="old",
        Scheme="internet-facing",
        DNSName="old.elb",
        VPCId="vpc-a",
        Subnets=["private-a"],
        SecurityGroups=["sg-elb"],
        ListenerDescriptions=[
            {
                "Listener": {
                    "Protocol": "HTTP",
                    "LoadBalancerPort": 80,
                    "InstanceProtocol": "HTTP",
                    "InstancePort": 8080,
                }
            }
        ],
        HealthCheck={"Target": "TCP:9000"},
        Instances=[{"InstanceId": id} for id in instances],
        Attributes={"CrossZoneLoadBalancing": {"Enabled": cross}},
    )
    net.interface("eni-elb", "private-a", "10.0.11.5", groups=["sg-elb"], more={"Description": "ELB old"})
    for zone, address in (("a", APP_A), ("b", APP_B)):
        net.interface(
            f"eni-{zone}", f"private-{zone}", address, groups=["sg-app"],
            more={"Attachment": {"InstanceId": f"i-{zone}"}},
        )  # fmt: skip
        net.add(
            "Instance", InstanceId=f"i-{zone}", VpcId="vpc-a", SubnetId=f"private-{zone}", State={"Name": "running"},
            NetworkInterfaces=[{"NetworkInterfaceId": f"eni-{zone}"}], SecurityGroups=[{"GroupId": "sg-app"}],
        )  # fmt: skip
    return net.graph()


def old(graph: Graph) -> ClassicLoadBalancer:
    """Return the Classic Load Balancer."""
    (found,) = graph.index.all(ClassicLoadBalancer).items
    return found


def test_a_classic_load_balancer_leads_to_its_instances() -> None:  # semantics 41, 43
    graph = classic()
    (relay,) = ways(graph, old(graph))

    assert relay.takes.is_(traffic.tcp(80)).is_yes
    assert {(end.endpoint.owner.id, end.traffic, end.health) for end in relay.ends} == {
        (id, traffic.tcp(8080), traffic.tcp(9000)) for id in ("i-a", "i-b")
    }
    assert relay.preserves.is_no
    assert {
        end.endpoint.owner.id for end in relay.ends if old(graph) in graph.balancing.balancers_of(end.endpoint.owner)
    } == {"i-a", "i-b"}
    # Its interface is its own, and opens connections to its instances only.
    assert [one.interfaces for one in graph.endpoints.of(old(graph)) if one.interfaces] == [("eni-elb",)]


def test_who_is_not_registered_with_it_is_not_sent_to() -> None:  # semantics 45
    graph = classic(instances=("i-a",))
    (relay,) = ways(graph, old(graph))

    assert [end.endpoint.owner.id for end in relay.ends] == ["i-a"]


def test_its_packets_meet_the_network_acl_even_inside_one_subnet() -> None:  # semantics 19
    def code(*acls: str) -> list[str | None]:
        graph = classic(*acls)
        (relay,) = ways(graph, old(graph))
        end = next(one for one in relay.ends if one.endpoint.owner.id == "i-a")
        steps = as_node(relay, nodes(old(graph), graph)[0], end, graph).towards(traffic.tcp(8080))
        return [step.code for step in steps if step.code]

    assert code(*ALLOW) == []
    assert code("100 in allow all 0.0.0.0/0", "100 out allow tcp 443 0.0.0.0/0") == ["ELB_ACL_RESTRICTION"]


@pytest.mark.parametrize(("cross", "expected"), [(True, {True}), (False, {True, False})])
def test_it_crosses_zones_only_where_its_attribute_says_so(cross: bool, expected: set[bool]) -> None:  # semantics 48
    graph = classic(cross=cross)
    (relay,) = ways(graph, old(graph))
    (node,) = {one.place.subnet: one for one in nodes(relay.balancer, graph)}.values()
    near = {end.endpoint.owner.id: sends(relay, node, end, graph).value for end in relay.ends}

    # It has a node in one zone only, so that the instance in the other gets nothing in either case.
    assert near == {"i-a": True, "i-b": False}
    assert relay.crosses.value is cross
    assert {near["i-a"], cross} == expected

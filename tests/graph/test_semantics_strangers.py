"""Who else gets in, where packets are rewritten, groups are shared or facts come from elsewhere; by AWS's documents."""

from dataclasses import replace

import pytest

from checker.graph.exposure import Allowed, Exposure, Opening
from checker.graph.stack import Member
from checker.model import traffic
from checker.model.finding import State
from checker.model.record import Scope
from checker.resources.auto_scaling_group import AutoScalingGroup
from checker.resources.network_interface import NetworkInterface
from checker.resources.security_group_rule import GroupPeer
from tests.graph.network import EGRESS, Network, between, place
from tests.graph.shop import verdicts
from tests.graph.test_front_balancers import CHAIN, ON_443, merged

WEB = traffic.tcp(80)
PARTICIPANT = Scope("444455556666", "eu-west-1")
ALL = ("100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")


def shared(*ingress: str, target: str = "sg-t", acl: tuple[str, ...] = ALL) -> Network:
    """Return `eni-s` and `eni-own` in `subnet-s`, `eni-t` that wears `target`, and `subnet-n` for what is between."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").gateway().table("rtb-a", [], main=True)
    net.subnet("subnet-t", "10.0.2.0/24").subnet("subnet-s", "10.0.3.0/24")
    net.subnet("subnet-n", "10.0.9.0/24", zone="eu-west-1b").acl("acl-a", [], *acl, default=True)
    net.group("sg-s", EGRESS).group("sg-t", *ingress, EGRESS)
    net.interface("eni-t", "subnet-t", "10.0.2.10", groups=[target])
    net.interface("eni-s", "subnet-s", "10.0.3.10", groups=["sg-s"])
    return net.interface("eni-own", "subnet-s", "10.0.3.200", groups=["sg-s"])


def over_nat(net: Network, **told: object) -> Network:
    """Lead what `subnet-s` sends to `eni-t` through a private NAT gateway in `subnet-n`."""
    address = told or {"NatGatewayAddresses": [{"PrivateIp": "10.0.9.5"}]}
    net.table("rtb-s", ["subnet-s"], "10.0.2.0/24 nat-1")
    return net.add(
        "NatGateway", NatGatewayId="nat-1", VpcId="vpc-a", SubnetId="subnet-n", State="available",
        ConnectivityType="private", **address,
    )  # fmt: skip


def launched(net: Network, subnet: str, group: str) -> Network:
    """Add an Auto Scaling group without instances, that launches into a subnet with a security group."""
    net.add(
        "AutoScalingGroup", AutoScalingGroupName="asg", VPCZoneIdentifier=subnet, Instances=[], MinSize=1, MaxSize=2,
        DesiredCapacity=1, LaunchTemplate={"LaunchTemplateId": "lt-1", "Version": "1"},
    )  # fmt: skip
    return net.add(
        "LaunchTemplateVersion", LaunchTemplateId="lt-1", LaunchTemplateName="lt", VersionNumber=1,
        DefaultVersion=True, LaunchTemplateData={"SecurityGroupIds": [group]},
    )  # fmt: skip


def strangers(net: Network, *own: str) -> dict[str, Opening]:
    """Return who gets in to `eni-t` besides some interfaces and the Auto Scaling group."""
    graph = net.graph()
    owner = graph.index.get(NetworkInterface, "eni-t")
    assert owner is not None
    mine = [graph.index.get(NetworkInterface, id) for id in own] + [*graph.index.all(AutoScalingGroup).items]
    allowed = Allowed(owners=frozenset(one for one in mine if one is not None))
    found = Exposure(graph).openings(Member("data", owner, graph.endpoints.of(owner)), allowed)
    return {opening.source.owner.id: opening for opening in found if opening.source}


def test_who_comes_as_a_nat_gateway_is_let_in_as_one() -> None:  # semantics 35
    # The rule means the app, which may stand anywhere in the gateway's subnet.
    net = launched(over_nat(shared("in tcp 80 10.0.9.0/24")), "subnet-n", "sg-s")

    assert {id: one.state for id, one in strangers(net, "eni-own").items()} == {"eni-s": State.REACHABLE}
    assert strangers(launched(shared("in tcp 80 10.0.9.0/24"), "subnet-n", "sg-s"), "eni-own") == {}


def test_a_nat_gateway_that_was_not_read_may_have_any_address() -> None:  # semantics 35, 55
    net = shared("in tcp 80 10.0.9.0/24").table("rtb-s", ["subnet-s"], "10.0.2.0/24 nat-1").hide("NatGateway")
    passes = between(net.graph(), "eni-s", "eni-t").passes

    assert not passes.must and passes.may == WEB and passes.missing


def test_a_nat_gateway_whose_address_is_not_told_stands_somewhere_in_its_subnet() -> None:  # semantics 35, 55
    whole = between(over_nat(shared("in tcp 80 10.0.9.0/24"), Told=True).graph(), "eni-s", "eni-t").passes
    half = between(over_nat(shared("in tcp 80 10.0.9.0/25"), Told=True).graph(), "eni-s", "eni-t").passes

    assert whole.exact and whole.must == WEB
    assert not half.must and half.may == WEB and half.missing


def test_a_nat_gateway_is_lost_with_its_zone() -> None:  # semantics 35
    graph = over_nat(shared("in tcp 80 10.0.9.0/24")).graph()
    source, target = place(graph, "eni-s"), place(graph, "eni-t")
    passes = {at: graph.without(f"eu-west-1{at}").reachability.between(source, target).passes for at in "ab"}

    assert passes["a"].must == WEB and passes["b"].may == traffic.NOTHING


@pytest.mark.parametrize("first", ["10.0.3.10", "10.0.3.20"])
def test_senders_that_an_appliances_groups_tell_apart_are_not_one(first: str) -> None:  # semantics 29
    second = {"10.0.3.10": "10.0.3.20", "10.0.3.20": "10.0.3.10"}[first]
    net = shared("in tcp 80 10.0.3.0/24").table("rtb-s", ["subnet-s"], "10.0.2.0/24 eni-fw")
    net.group("sg-fw", "in tcp 80 10.0.3.20/32", EGRESS)
    net.interface("eni-fw", "subnet-n", "10.0.9.9", groups=["sg-fw"], more={"SourceDestCheck": False})
    net.records = [one for one in net.records if one.raw.get("NetworkInterfaceId") != "eni-s"]
    net.interface("eni-1", "subnet-s", first, groups=["sg-s"]).interface("eni-2", "subnet-s", second, groups=["sg-s"])
    found = strangers(net, "eni-own")

    assert list(found) == ["eni-1" if first == "10.0.3.20" else "eni-2"]
    assert all(one.missing and not one.others for one in found.values())


def test_a_group_of_another_vpc_tells_addresses_apart_where_it_is_worn() -> None:  # semantics 9, 15
    net = shared(target="sg-x").vpc("vpc-x", "10.7.0.0/16").group("sg-x", "in tcp 80 10.0.3.0/25", vpc="vpc-x")

    assert between(net.graph(), "eni-s", "eni-t").passes.must == WEB
    assert not between(net.graph(), "eni-own", "eni-t").passes.may
    assert strangers(net, "eni-own")["eni-s"].state is State.REACHABLE


def test_it_does_so_where_instances_are_yet_to_be_launched_with_it() -> None:  # semantics 9, 15
    net = shared().vpc("vpc-x", "10.7.0.0/16").group("sg-x", "in tcp 80 10.0.3.0/25", vpc="vpc-x")
    graph = launched(net, "subnet-t", "sg-x").graph()
    (owner,) = graph.index.all(AutoScalingGroup).items
    found = {graph.reachability.between(place(graph, "eni-s"), one.place).passes for one in graph.endpoints.of(owner)}

    assert [(one.must, one.may) for one in found] == [(WEB, WEB)]


def test_what_two_accounts_see_of_a_shared_vpc_is_one_thing() -> None:  # semantics 61
    net = shared("in tcp 80 sg-s")
    net.records += [replace(one, scope=PARTICIPANT) for one in net.records]
    graph = net.graph()

    assert between(graph, "eni-s", "eni-t").passes.exact and between(graph, "eni-s", "eni-t").passes.must == WEB
    assert sorted(one.owner.id for one in graph.endpoints.all()) == ["eni-own", "eni-s", "eni-t"]
    assert [rule.peer.is_(GroupPeer("sg-s")).is_yes for rule in graph.groups.ingress_rules(("sg-t",))] == [True]


def test_interfaces_tell_that_no_transit_gateway_comes_out_in_a_subnet() -> None:  # semantics 22, 55
    net = shared("in tcp 80 0.0.0.0/0", acl=("100 in allow all 10.0.0.0/16", ALL[1]))
    net.hide("TransitGatewayVpcAttachment")
    none = net.graph().reachability.unfiltered(place(net.graph(), "eni-t"))
    net.interface("eni-tgw", "subnet-t", "10.0.2.99", more={"InterfaceType": "transit_gateway"})
    some = net.graph().reachability.unfiltered(place(net.graph(), "eni-t"))
    net.records.pop()
    graph = net.hide("NetworkInterface").graph()

    assert none.exact and some.exact and none.must <= some.must and none.must != some.must
    assert graph.reachability.unfiltered(place(graph, "eni-t")).missing


def test_a_balancer_without_groups_may_listen_where_nobody_looked() -> None:  # semantics 46, 55
    alone = verdicts("NET002", CHAIN)
    unlisted = verdicts("NET002", CHAIN, ("listener",))
    unknown = verdicts("NET002", merged(CHAIN, {"listener": {ON_443: {"port": "?"}}}))

    assert alone["shop-nlb"] == "PASS"
    assert unlisted["shop-nlb"] == unknown["shop-nlb"] == "UNKNOWN"

"""Networks behind VPNs and Direct Connect, held to AWS's documentation; each test names its row."""

from checker.graph.hops import Arrival
from checker.model import addresses as line
from checker.model import traffic
from checker.model.flows import FlowSet
from tests.graph.network import EGRESS, SCOPE, Network, place, two_hosts

OFFICE = "192.168.0.0/16"
SSH = traffic.tcp(22)


def joined(*routes: str, ingress: str = f"in tcp 22 {OFFICE}", acls: bool = True) -> Network:
    """Return `eni-a` and `eni-b`, whose subnet has routes to a network outside."""
    return two_hosts(ingress, acls=acls).table("rtb-b", ["subnet-b"], *(routes or (f"{OFFICE} vgw-1 propagated",)))


def entering(net: Network) -> Arrival:
    """Return what comes in from outside to `eni-b`."""
    graph = net.graph()
    return graph.reachability.from_outside(place(graph, "eni-b"))


def test_what_routes_lead_to_by_a_vpn_may_come_in_by_it() -> None:  # semantics 40
    passes = entering(joined()).passes

    assert passes.exact and passes.must == FlowSet.box(line.union(OFFICE), SSH)


def test_without_a_way_back_nothing_comes_in_from_outside() -> None:  # semantics 40
    assert not entering(joined("10.9.0.0/16 vgw-1")).passes.may
    assert not entering(joined("0.0.0.0/0 igw-a")).passes.may
    assert not entering(joined(f"{OFFICE} vgw-1 blackhole")).passes.may


def test_groups_and_lists_filter_what_comes_from_outside() -> None:  # semantics 17, 40
    assert not entering(joined(ingress="in tcp 22 sg-a")).passes.may
    net = joined(acls=False).acl("acl-b", ["subnet-b"], "100 in allow all 0.0.0.0/0", "100 out allow all 10.0.0.0/8")
    assert not entering(net).passes.may  # the answers stay in


def test_the_table_of_the_vpn_gateway_may_hand_it_to_an_appliance() -> None:  # semantics 28, 40
    net = joined().table("rtb-vgw", [], "10.0.2.0/24 eni-f", gateways=["vgw-1"])
    net.group("sg-f", "in all 0.0.0.0/0", EGRESS)
    net.interface("eni-f", "subnet-a", "10.0.1.70", groups=["sg-f"], more={"SourceDestCheck": False})
    passes = entering(net).passes
    checked = joined().table("rtb-vgw", [], "10.0.2.0/24 eni-a", gateways=["vgw-1"])

    assert not passes.must and passes.may.traffic == SSH and passes.missing
    assert not entering(checked).passes.may


def test_a_place_reaches_the_networks_outside_that_it_has_a_way_to() -> None:  # semantics 40
    net = joined(ingress="in all sg-b")
    net.group("sg-x", "out tcp 443 0.0.0.0/0").interface("eni-x", "subnet-b", "10.0.2.77", groups=["sg-x"])
    graph = net.graph()
    passes = graph.reachability.to_outside(place(graph, "eni-x")).passes

    assert passes.must == passes.may == FlowSet.box(line.union(OFFICE), traffic.tcp(443))
    assert not graph.reachability.to_internet(place(graph, "eni-x")).passes.may


def over_transit(*routes: str, back: tuple[str, ...] = ("10.0.0.0/16 tgw-attach-a propagated",)) -> Network:
    """Return the hosts with a VPN on a transit gateway; `back` are the routes of the table that the VPN goes by."""
    net = joined(f"{OFFICE} tgw-1", ingress=f"in tcp 22 {OFFICE}")
    net.add("TransitGateway", TransitGatewayId="tgw-1", Options={})
    for id, kind, resource, table in (
        ("tgw-attach-a", "vpc", "vpc-a", "tgw-rtb-1"),
        ("tgw-attach-v", "vpn", "vpn-1", "tgw-rtb-2"),
    ):
        net.add(
            "TransitGatewayAttachment", TransitGatewayAttachmentId=id, TransitGatewayId="tgw-1", ResourceType=kind,
            ResourceId=resource, State="available", TransitGatewayOwnerId=SCOPE.account,
            Association={"TransitGatewayRouteTableId": table, "State": "associated"},
        )  # fmt: skip
    net.add(
        "TransitGatewayVpcAttachment", TransitGatewayAttachmentId="tgw-attach-a", TransitGatewayId="tgw-1",
        VpcId="vpc-a", SubnetIds=["subnet-a"], State="available", Options={},
    )  # fmt: skip
    for table, known in (("tgw-rtb-1", routes or (f"{OFFICE} tgw-attach-v propagated",)), ("tgw-rtb-2", back)):
        found = []
        for route in known:
            block, attachment, kind = route.split()
            attachments = [{"TransitGatewayAttachmentId": attachment}]
            found.append(
                {
                    "DestinationCidrBlock": block,
                    "State": "active",
                    "Type": kind,
                    "TransitGatewayAttachments": attachments,
                }
            )
        net.add(
            "TransitGatewayRouteTable", TransitGatewayRouteTableId=table, TransitGatewayId="tgw-1",
            Search={"Routes": found, "AdditionalRoutesAvailable": False},
        )  # fmt: skip
    return net


def test_a_vpn_on_a_transit_gateway_comes_in_by_its_own_table() -> None:  # semantics 38, 40
    assert entering(over_transit()).passes.must == FlowSet.box(line.union(OFFICE), SSH)
    assert not entering(over_transit(back=())).passes.may
    assert not entering(over_transit("10.9.0.0/16 tgw-attach-v propagated")).passes.may


def test_nothing_outside_is_the_internet() -> None:  # semantics 30, 40
    net = joined("0.0.0.0/0 vgw-1", ingress="in all 0.0.0.0/0")
    net.group("sg-w", "in all 0.0.0.0/0", EGRESS)
    net.interface("eni-w", "subnet-b", "10.0.2.60", groups=["sg-w"], public="203.0.113.60")
    graph = net.graph()

    assert not graph.reachability.from_internet(place(graph, "eni-w")).passes.may
    assert graph.reachability.from_outside(place(graph, "eni-w")).passes.must


def inspected(*, ingress: str = "in all 0.0.0.0/0") -> Network:
    """Return the hosts with an appliance between the VPN's gateway and `eni-b`, both ways."""
    net = joined(f"{OFFICE} eni-f").table("rtb-f", ["subnet-a"], f"{OFFICE} vgw-1")
    net.table("rtb-vgw", [], "10.0.2.0/24 eni-f", gateways=["vgw-1"]).group("sg-f", ingress, EGRESS)
    net.add("VpnGateway", VpnGatewayId="vgw-1", State="available", VpcAttachments=[
        {"VpcId": "vpc-a", "State": "attached"},
    ])  # fmt: skip
    return net.interface("eni-f", "subnet-a", "10.0.1.70", groups=["sg-f"], more={"SourceDestCheck": False})


def test_what_an_appliance_brings_from_a_vpn_is_not_known() -> None:  # semantics 10, 28, 40
    passes = entering(inspected()).passes

    assert not passes.must and passes.may == FlowSet.box(line.union(OFFICE), SSH) and passes.missing


def test_an_appliance_whose_answers_are_dropped_brings_nothing() -> None:  # semantics 17, 28, 40
    net = inspected()
    net.records = [one for one in net.records if one.type != "NetworkAcl"]
    net.acl("acl-f", ["subnet-a"], "100 in allow all 192.168.0.0/16", "100 out allow all 0.0.0.0/0")
    net.acl("acl-b", ["subnet-b"], "100 in allow all 0.0.0.0/0", "100 out allow all 10.0.0.0/8")

    assert not entering(net).passes.may

"""Route tables and peerings, held to AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.graph.outbound import to_service
from checker.model import addresses as line
from checker.model import traffic
from checker.model.fact import Known
from checker.model.intervals import IntervalSet
from tests.graph.network import BLANK, EGRESS, Network, between, place, two_hosts

EVERYTHING, NOTHING = traffic.EVERYTHING, traffic.NOTHING


def hosts() -> Network:
    """Return `eni-a` in `subnet-a` and `eni-b` in `subnet-b`, which admits everything."""
    return two_hosts("in all 0.0.0.0/0")


def sent(net: Network, source: str = "eni-a", target: str = "eni-b") -> IntervalSet:
    """Return what surely gets from one interface to another; nothing may be open about it."""
    passes = between(net.graph(), source, target).passes
    assert passes.exact

    return passes.must


def target_of(net: Network, subnet: str, address: str) -> str | None:
    """Return where a subnet's table sends an address."""
    leg = net.graph().routes.leg(subnet, "vpc-a", line.union(address))
    assert isinstance(leg, Known)
    if leg.value is None:
        return None
    target = leg.value.target
    assert isinstance(target, Known)

    return str(target.value)


def test_a_subnet_has_the_table_it_is_associated_with() -> None:  # semantics 23
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "0.0.0.0/0 igw-a"), "subnet-a", "8.8.8.8") == "igw-a"


def test_a_subnet_without_association_has_the_main_table() -> None:  # semantics 23
    net = Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24").subnet("subnet-b", "10.0.2.0/24")
    net.table("rtb-m", [], "0.0.0.0/0 igw-m", main=True).table("rtb-x", ["subnet-b"], "0.0.0.0/0 igw-x")

    assert target_of(net, "subnet-a", "8.8.8.8") == "igw-m"
    assert target_of(net, "subnet-b", "8.8.8.8") == "igw-x"


def test_the_longest_prefix_wins() -> None:  # semantics 24
    net = hosts().table("rtb-x", ["subnet-a"], "0.0.0.0/0 igw-a", "8.8.0.0/16 nat-x", "8.8.8.0/24 tgw-x")

    assert [target_of(net, "subnet-a", to) for to in ("8.8.8.8", "8.8.9.9", "9.9.9.9")] == ["tgw-x", "nat-x", "igw-a"]


def test_every_block_of_the_vpc_is_local() -> None:  # semantics 24
    net = (
        Network()
        .vpc("vpc-a", "10.0.0.0/16", "10.7.0.0/16")
        .subnet("subnet-a", "10.0.1.0/24")
        .subnet("subnet-b", "10.7.2.0/24")
    )
    net.table("rtb-a", [], "0.0.0.0/0 igw-a", main=True)

    assert target_of(net, "subnet-a", "10.7.2.9") == "local"
    assert target_of(net, "subnet-a", "10.8.2.9") == "igw-a"


def test_a_static_route_beats_a_propagated_one() -> None:  # semantics 24
    for routes in (
        ("192.168.0.0/16 vgw-a propagated", "192.168.0.0/16 tgw-a"),
        ("192.168.0.0/16 tgw-a", "192.168.0.0/16 vgw-a propagated"),
    ):
        assert target_of(hosts().table("rtb-x", ["subnet-a"], *routes), "subnet-a", "192.168.1.1") == "tgw-a"


def test_a_propagated_route_with_a_longer_prefix_still_wins() -> None:  # semantics 24
    net = hosts().table("rtb-x", ["subnet-a"], "192.168.1.0/24 vgw-a propagated", "192.168.0.0/16 tgw-a")

    assert target_of(net, "subnet-a", "192.168.1.1") == "vgw-a"


def test_what_a_vpn_propagates_takes_no_address_of_the_vpc() -> None:  # semantics 24
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "10.0.2.0/24 vgw-a propagated"), "subnet-a", "10.0.2.10") == (
        "local"
    )
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "10.0.0.0/8 vgw-a propagated"), "subnet-a", "10.9.0.1") == (
        "vgw-a"
    )


def test_a_route_more_specific_than_local_overrides_it() -> None:  # semantics 24
    passes = between(hosts().table("rtb-x", ["subnet-a"], "10.0.2.0/24 eni-x").graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.missing  # what the appliance does is not known
    assert sent(hosts().table("rtb-x", ["subnet-a"], "10.0.3.0/24 eni-x")) == EVERYTHING


def test_so_does_one_on_the_way_back() -> None:  # semantics 24
    passes = between(hosts().table("rtb-x", ["subnet-b"], "10.0.1.0/24 eni-x").graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.missing
    assert sent(hosts().table("rtb-x", ["subnet-b"], "10.0.1.0/24 eni-x blackhole")) == NOTHING


def test_the_target_of_the_local_route_can_be_replaced() -> None:  # semantics 24
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "10.0.0.0/16 eni-x"), "subnet-a", "10.0.2.10") == "eni-x"
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "10.0.0.0/16 local"), "subnet-a", "10.0.2.10") == "local"
    assert (
        target_of(hosts().table("rtb-x", ["subnet-a"], "10.0.0.0/16 vgw-x propagated"), "subnet-a", "10.0.2.10")
        == "local"
    )


def test_a_black_hole_drops_what_it_takes_and_wins_by_its_prefix() -> None:  # semantics 25
    assert sent(hosts().table("rtb-x", ["subnet-a"], "10.0.2.0/24 pcx-gone blackhole")) == NOTHING
    assert (
        sent(hosts().table("rtb-x", ["subnet-a"], "10.0.0.0/8 pcx-gone blackhole")) == EVERYTHING
    )  # the local route is longer


def test_a_black_hole_is_no_way_to_the_internet() -> None:  # semantics 25
    net = hosts().table("rtb-x", ["subnet-a"], "0.0.0.0/0 igw-a", "8.0.0.0/8 eni-gone blackhole")

    assert target_of(net, "subnet-a", "8.8.8.8") == ""
    assert target_of(net, "subnet-a", "9.9.9.9") == "igw-a"


def test_a_prefix_list_route_is_a_route_to_each_entry() -> None:  # semantics 26
    net = (
        hosts()
        .prefix_list("pl-1", "8.8.8.0/24", "9.0.0.0/8")
        .table("rtb-x", ["subnet-a"], "0.0.0.0/0 igw-a", "pl-1 tgw-x")
    )

    assert [target_of(net, "subnet-a", to) for to in ("8.8.8.8", "9.1.1.1", "7.7.7.7")] == ["tgw-x", "tgw-x", "igw-a"]


def test_entries_compete_by_prefix_and_lose_to_a_static_route_alone() -> None:  # semantics 26
    net = hosts().prefix_list("pl-1", "8.8.0.0/16", "7.7.0.0/16", "6.6.0.0/16")
    net.table(
        "rtb-x", ["subnet-a"], "pl-1 tgw-x", "8.8.8.0/24 nat-x", "7.7.0.0/16 nat-x", "6.6.0.0/16 vgw-x propagated"
    )

    assert [target_of(net, "subnet-a", to) for to in ("8.8.8.8", "8.8.9.9", "7.7.7.7", "6.6.6.6")] == [
        "nat-x",
        "tgw-x",
        "nat-x",
        "tgw-x",
    ]


def test_lists_with_a_block_in_common_leave_open_which_of_their_routes_takes_it() -> None:  # semantics 26
    net = hosts().prefix_list("pl-x", "192.168.0.0/16").prefix_list("pl-y", "192.168.0.0/16", "172.16.0.0/12")
    to_both = net.table("rtb-x", ["subnet-a"], "pl-x tgw-a", "pl-y pcx-a")
    leg = to_both.graph().routes.leg("subnet-a", "vpc-a", line.union("192.168.1.1"))

    assert isinstance(leg, Known) and leg.value is not None and not isinstance(leg.value.target, Known)
    assert target_of(to_both, "subnet-a", "172.16.0.1") == "pcx-a"


def test_lists_with_a_block_in_common_and_one_target_agree() -> None:  # semantics 26
    net = hosts().prefix_list("pl-x", "192.168.0.0/16").prefix_list("pl-y", "192.168.0.0/16")

    assert target_of(net.table("rtb-x", ["subnet-a"], "pl-x tgw-a", "pl-y tgw-a"), "subnet-a", "192.168.1.1") == "tgw-a"


def test_a_list_that_was_not_resolved_leaves_the_routes_open() -> None:  # semantics 26, 55
    net = hosts().prefix_list("pl-1").table("rtb-x", ["subnet-a"], "pl-1 tgw-x")
    passes = between(net.graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing


def test_families_have_routes_of_their_own() -> None:  # semantics 27
    net = Network().vpc("vpc-a", "10.0.0.0/16", "2600:1f18::/56").subnet("subnet-a", "10.0.1.0/24", "2600:1f18::/64")
    net.table("rtb-a", [], "0.0.0.0/0 nat-x", "::/0 igw-a", main=True)

    assert target_of(net, "subnet-a", "8.8.8.8") == "nat-x"
    assert target_of(net, "subnet-a", "2620::1") == "igw-a"
    assert target_of(net, "subnet-a", "2600:1f18::9") == "local"


def test_one_family_without_a_route_has_none() -> None:  # semantics 27
    assert target_of(hosts().table("rtb-x", ["subnet-a"], "0.0.0.0/0 igw-a"), "subnet-a", "2620::1") is None


def peered(*, there: str = "10.1.0.0/16 pcx-1", back: str = "10.0.0.0/16 pcx-1", status: object = "active") -> Network:
    """Return `eni-a` in `vpc-a` and `eni-b` in `vpc-b`, which admits everything, peered by `pcx-1`."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").vpc("vpc-b", "10.1.0.0/16")
    net.subnet("subnet-a", "10.0.1.0/24").subnet("subnet-b", "10.1.1.0/24", vpc="vpc-b")
    net.table("rtb-a", [], *([there] if there else []), main=True).table(
        "rtb-b", [], *([back] if back else []), vpc="vpc-b", main=True
    )
    for letter in "ab":
        net.acl(
            f"acl-{letter}",
            [f"subnet-{letter}"],
            "100 in allow all 0.0.0.0/0",
            "100 out allow all 0.0.0.0/0",
            vpc=f"vpc-{letter}",
        )
    net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"), status)
    net.group("sg-a", EGRESS).group("sg-b", "in all 0.0.0.0/0", vpc="vpc-b")
    net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    return net.interface("eni-b", "subnet-b", "10.1.1.10", groups=["sg-b"], vpc="vpc-b")


def test_a_peering_needs_to_be_active_and_routed_on_both_sides() -> None:  # semantics 36
    assert sent(peered()) == EVERYTHING
    assert sent(peered(status="pending-acceptance")) == NOTHING
    assert sent(peered(there="")) == sent(peered(back="")) == NOTHING


def test_a_peering_leads_to_the_blocks_of_the_peer_alone() -> None:  # semantics 36
    net = peered(there="0.0.0.0/0 pcx-1").vpc("vpc-c", "10.2.0.0/16").subnet("subnet-c", "10.2.1.0/24", vpc="vpc-c")
    net.table("rtb-c", [], "10.0.0.0/16 pcx-2", vpc="vpc-c", main=True).peering(
        "pcx-2", ("vpc-b", "10.1.0.0/16"), ("vpc-c", "10.2.0.0/16")
    )
    net.acl("acl-c", ["subnet-c"], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0", vpc="vpc-c")
    net.group("sg-c", "in all 0.0.0.0/0", vpc="vpc-c").interface(
        "eni-c", "subnet-c", "10.2.1.10", groups=["sg-c"], vpc="vpc-c"
    )

    assert sent(net) == EVERYTHING
    assert sent(net, target="eni-c") == NOTHING  # over a peer to its peer is no way


def test_the_gateway_of_a_peer_is_no_way_to_the_internet() -> None:  # semantics 36
    net = (
        peered(there="0.0.0.0/0 pcx-1", back="0.0.0.0/0 igw-b")
        .gateway("igw-b", "vpc-b")
        .group("sg-w", "in all 0.0.0.0/0", EGRESS)
    )
    net.interface("eni-p", "subnet-a", "10.0.1.50", groups=["sg-w"], public="198.51.100.9")
    graph = net.graph()

    assert not graph.reachability.from_internet(place(graph, "eni-p")).passes.may


@pytest.mark.parametrize("field", ["Status", "RequesterVpcInfo", "AccepterVpcInfo"])
def test_a_peering_that_is_not_wholly_known_is_unknown(field: str) -> None:  # semantics 36, 55
    net = peered()
    at = next(at for at, record in enumerate(net.records) if record.type == "VpcPeeringConnection")
    raw = {**net.records[at].raw, field: BLANK}
    net.records.pop(at)
    passes = between(net.add("VpcPeeringConnection", **raw).graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing


def test_an_address_means_nothing_without_its_vpc() -> None:  # semantics 37
    net = Network()
    for letter in "ab":
        net.vpc(f"vpc-{letter}", "10.0.0.0/16").subnet(f"subnet-{letter}", "10.0.1.0/24", vpc=f"vpc-{letter}")
        net.table(f"rtb-{letter}", [], vpc=f"vpc-{letter}", main=True)
        net.acl(
            f"acl-{letter}",
            [f"subnet-{letter}"],
            "100 in allow all 0.0.0.0/0",
            "100 out allow all 0.0.0.0/0",
            vpc=f"vpc-{letter}",
        )
        net.group(f"sg-{letter}", "in all 10.0.0.0/16", EGRESS, vpc=f"vpc-{letter}")
        net.interface(f"eni-{letter}", f"subnet-{letter}", "10.0.1.10", groups=[f"sg-{letter}"], vpc=f"vpc-{letter}")
    net.interface("eni-c", "subnet-a", "10.0.1.30", groups=["sg-a"])

    assert sent(net, "eni-a", "eni-b") == sent(net, "eni-c", "eni-b") == NOTHING
    assert sent(net, "eni-a", "eni-c") == EVERYTHING


def served(**endpoint: object) -> IntervalSet:
    """Return what `eni-a` surely sends to DynamoDB with one endpoint."""
    net = hosts().add(
        "VpcEndpoint",
        VpcEndpointId="vpce-1",
        ServiceName="com.amazonaws.eu-west-1.dynamodb",
        State="available",
        **endpoint,
    )
    graph = net.graph()
    return to_service(place(graph, "eni-a"), "dynamodb", graph).passes.must


def test_a_gateway_endpoint_serves_the_tables_that_lead_to_it() -> None:  # semantics 39
    gateway = {"VpcEndpointType": "Gateway", "VpcId": "vpc-a"}

    assert traffic.tcp(443) <= served(**gateway, RouteTableIds=["rtb-a"])
    assert served(**gateway, RouteTableIds=["rtb-other"]) == NOTHING


def test_the_endpoint_of_another_vpc_serves_nobody_here() -> None:  # semantics 39
    assert served(VpcEndpointType="Gateway", VpcId="vpc-b", RouteTableIds=["rtb-a"]) == NOTHING


def test_behind_a_nat_gateway_the_private_addresses_are_those_of_its_own_table() -> None:  # semantics 36
    def world(route: str) -> Network:
        net = peered(there="0.0.0.0/0 nat-x").subnet("subnet-n", "10.0.9.0/24").table("rtb-n", ["subnet-n"], route)
        return net.add("NatGateway", NatGatewayId="nat-x", VpcId="vpc-a", SubnetId="subnet-n", State="available")

    assert sent(world("0.0.0.0/0 igw-a")) == NOTHING
    passes = between(world("10.1.0.0/16 pcx-1").graph(), "eni-a", "eni-b").passes
    assert not passes.must and passes.missing

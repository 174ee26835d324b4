"""Transit gateways, held to AWS's documentation; each test names the row of the table it covers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checker.model import traffic
from checker.model.finding import HopKind
from checker.model.intervals import IntervalSet
from checker.model.record import Record
from tests.graph.network import BLANK, EGRESS, SCOPE, Network, between, place

EVERYTHING, NOTHING = traffic.EVERYTHING, traffic.NOTHING
OPEN = ("100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")


def spokes(
    *ingress: str,
    egress: str = EGRESS,
    back: str = "10.0.0.0/8 tgw-1",
    zone: str = "eu-west-1a",
    gateway: Mapping[str, object] | None = None,
    attachment: Mapping[str, object] | None = None,
) -> Network:
    """Return `eni-a` in `vpc-a` and `eni-b` in `vpc-b`, both attached to `tgw-1` in zone `eu-west-1a`."""
    net = Network()
    for letter, block in (("a", "10.0"), ("b", "10.1")):
        vpc = f"vpc-{letter}"
        net.vpc(vpc, f"{block}.0.0/16").subnet(f"subnet-{letter}", f"{block}.1.0/24", vpc=vpc, zone=zone)
        net.subnet(f"subnet-{letter}-tgw", f"{block}.9.0/28", vpc=vpc)
        net.table(f"rtb-{letter}", [], "10.0.0.0/8 tgw-1" if letter == "a" else back, vpc=vpc, main=True)
        net.acl(f"acl-{letter}", [], *OPEN, vpc=vpc, default=True)
        attached(net, letter, **(attachment or {}) if letter == "b" else {})
    net.group("sg-a", egress).group("sg-b", *(ingress or ("in all 10.0.0.0/16",)), EGRESS, vpc="vpc-b")
    net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    net.interface("eni-b", "subnet-b", "10.1.1.10", groups=["sg-b"], vpc="vpc-b")
    return net.add("TransitGateway", TransitGatewayId="tgw-1", Options=gateway or {})


def attached(net: Network, letter: str, table: str | None = "tgw-rtb-1", **options: object) -> Network:
    """Attach `vpc-<letter>` to `tgw-1` by its subnet for the purpose."""
    id = f"tgw-attach-{letter}"
    association = {"Association": {"TransitGatewayRouteTableId": table, "State": "associated"}} if table else {}
    net.add(
        "TransitGatewayAttachment", TransitGatewayAttachmentId=id, TransitGatewayId="tgw-1", ResourceType="vpc",
        ResourceId=f"vpc-{letter}", State="available", TransitGatewayOwnerId=SCOPE.account, **association,
    )  # fmt: skip
    return net.add(
        "TransitGatewayVpcAttachment",
        TransitGatewayAttachmentId=id,
        TransitGatewayId="tgw-1",
        VpcId=f"vpc-{letter}",
        SubnetIds=[f"subnet-{letter}-tgw"],
        State="available",
        Options=options,
    )


def routed(net: Network, *routes: str, table: str = "tgw-rtb-1") -> Network:
    """Add the gateway's table; a route is `block attachment` with `propagated`, or `block blackhole`."""
    found = [_route(*route.split()) for route in routes]
    return net.add(
        "TransitGatewayRouteTable",
        TransitGatewayRouteTableId=table,
        TransitGatewayId="tgw-1",
        Search={"Routes": found, "AdditionalRoutesAvailable": False},
    )


def _route(block: str, target: str, kind: str = "static") -> dict[str, object]:
    if target == "blackhole":
        return {"DestinationCidrBlock": block, "State": "blackhole", "Type": kind}
    attachments = [{"TransitGatewayAttachmentId": target}]
    return {
        "DestinationCidrBlock": block,
        "State": "active",
        "Type": kind,
        "TransitGatewayAttachments": attachments,
    }


BOTH = ("10.0.0.0/16 tgw-attach-a propagated", "10.1.0.0/16 tgw-attach-b propagated")


def _changed(record: Record, raw: Mapping[str, object]) -> Record:
    return replace(record, raw=raw)


def sent(net: Network, source: str = "eni-a", target: str = "eni-b") -> IntervalSet:
    """Return what surely gets from one interface to another; nothing may be open about it."""
    passes = between(net.graph(), source, target).passes
    assert passes.exact, passes

    return passes.must


def code(net: Network, wanted: IntervalSet = EVERYTHING) -> str | None:
    """Return the code of the first obstacle on the way from `eni-a` to `eni-b`."""
    obstacle = between(net.graph(), "eni-a", "eni-b").obstacle(wanted)
    return obstacle.code if obstacle else None


def test_a_gateway_joins_the_vpcs_that_its_table_knows() -> None:  # semantics 38
    assert sent(routed(spokes(), *BOTH)) == EVERYTHING


def test_the_table_that_counts_is_the_associated_one() -> None:  # semantics 38
    net = routed(spokes(), *BOTH, table="tgw-rtb-2")
    net = routed(net, "10.0.0.0/16 tgw-attach-a propagated")

    assert sent(net) == NOTHING and code(net) == "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"


def test_an_attachment_without_association_sends_nowhere() -> None:  # semantics 38
    net = routed(spokes(), *BOTH)
    at = next(at for at, record in enumerate(net.records) if record.type == "TransitGatewayAttachment")
    raw = {key: value for key, value in net.records.pop(at).raw.items() if key != "Association"}
    net.add("TransitGatewayAttachment", **raw)

    assert sent(net) == NOTHING and code(net) == "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"


def test_the_way_back_is_looked_up_apart() -> None:  # semantics 38
    assert sent(routed(spokes(back="10.9.0.0/16 tgw-1"), *BOTH)) == NOTHING
    assert sent(routed(spokes(), "10.1.0.0/16 tgw-attach-b propagated")) == NOTHING


@pytest.mark.parametrize(
    ("routes", "passes"),
    [
        (("10.1.0.0/16 blackhole",), NOTHING),  # a static route wins, a black hole too
        (("10.1.1.0/24 blackhole",), NOTHING),
        (("10.0.0.0/8 blackhole",), EVERYTHING),
        (("10.1.0.0/16 tgw-attach-a",), NOTHING),
        (("10.1.1.0/24 tgw-attach-b", "10.1.0.0/16 blackhole"), EVERYTHING),
    ],
)
def test_the_longest_prefix_wins_and_static_beats_propagated(  # semantics 38
    routes: tuple[str, ...], passes: IntervalSet
) -> None:
    assert sent(routed(spokes(), *BOTH, *routes)) == passes


def test_packets_enter_only_in_zones_of_the_attachment() -> None:  # semantics 38
    net = routed(spokes(zone="eu-west-1b"), *BOTH)

    assert sent(net) == NOTHING and code(net) == "TGW_ROUTE_AZ_RESTRICTION"


def test_what_comes_out_is_routed_by_the_attachments_subnet() -> None:  # semantics 38
    net = routed(spokes(), *BOTH)
    net.table("rtb-tgw", ["subnet-b-tgw"], "10.1.1.0/24 eni-fw", vpc="vpc-b")
    net.interface("eni-fw", "subnet-b-tgw", "10.1.9.9", groups=["sg-b"], vpc="vpc-b")

    assert sent(net) == NOTHING and code(net) == "ENI_SOURCE_DEST_CHECK_RESTRICTION"


@pytest.mark.parametrize(
    ("letter", "entries", "passes"),
    [
        ("a", ("100 in deny all 10.0.1.0/24", "200 in allow all 0.0.0.0/0", "200 out deny all 0.0.0.0/0"), NOTHING),
        ("a", ("200 in allow all 0.0.0.0/0", "200 out deny all 0.0.0.0/0"), NOTHING),  # the answers leave by it
        ("a", ("200 in allow all 10.0.1.0/24", "200 out allow all 10.0.1.0/24"), EVERYTHING),
        ("b", ("200 in allow all 10.1.1.0/24", "200 out allow all 10.1.1.0/24"), EVERYTHING),
        ("b", ("200 in allow all 0.0.0.0/0", "200 out allow tcp 22 10.1.1.0/24"), traffic.tcp(22)),
    ],
)
def test_the_lists_of_the_attachments_subnets_filter_both_ways(  # semantics 22, 38
    letter: str, entries: tuple[str, ...], passes: IntervalSet
) -> None:
    net = routed(spokes(), *BOTH)
    net.acl(f"acl-tgw-{letter}", [f"subnet-{letter}-tgw"], *entries, vpc=f"vpc-{letter}")

    assert sent(net) == passes


def test_within_the_attachments_subnet_no_list_is_asked_on_the_way_in() -> None:  # semantics 22
    net = routed(spokes(), *BOTH).interface("eni-t", "subnet-b-tgw", "10.1.9.10", groups=["sg-b"], vpc="vpc-b")
    net.acl("acl-tgw-b", ["subnet-b-tgw"], "100 in allow all 10.1.9.0/28", "100 out allow all 10.0.0.0/16", vpc="vpc-b")

    assert sent(net, target="eni-t") == EVERYTHING


@pytest.mark.parametrize(
    ("gateway", "attachment", "passes"),
    [
        ({"SecurityGroupReferencingSupport": "enable"}, {}, EVERYTHING),
        ({}, {}, NOTHING),
        ({"SecurityGroupReferencingSupport": "enable"}, {"SecurityGroupReferencingSupport": "disable"}, NOTHING),
    ],
)
def test_groups_are_named_over_a_gateway_where_all_three_say_so(  # semantics 9
    gateway: Mapping[str, object], attachment: Mapping[str, object], passes: IntervalSet
) -> None:
    net = routed(spokes("in all sg-a", gateway=gateway, attachment=attachment), *BOTH)

    assert sent(net) == passes
    assert code(net) == (None if passes else "SG_REFERENCES_NOT_PRESERVED")


def test_egress_rules_name_no_groups_over_a_gateway() -> None:  # semantics 9
    on = {"SecurityGroupReferencingSupport": "enable"}

    assert sent(routed(spokes("in all sg-a", egress="out all sg-b", gateway=on), *BOTH)) == NOTHING


@pytest.mark.parametrize(
    ("type", "field"),
    [
        ("TransitGatewayVpcAttachment", "SubnetIds"),
        ("TransitGatewayVpcAttachment", "State"),
        ("TransitGatewayAttachment", "Association"),
        ("TransitGatewayAttachment", "ResourceType"),
        ("TransitGatewayRouteTable", "Search"),
    ],
)
def test_what_is_not_known_of_a_gateway_is_no_answer(type: str, field: str) -> None:  # semantics 38, 55
    net = routed(spokes(), *BOTH)
    for at in [at for at, record in enumerate(net.records) if record.type == type]:
        record = net.records[at]
        net.records[at] = _changed(record, {**record.raw, field: BLANK})
    passes = between(net.graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing


@pytest.mark.parametrize(
    "type", ["TransitGatewayVpcAttachment", "TransitGatewayAttachment", "TransitGatewayRouteTable"]
)
def test_a_listing_of_a_gateway_that_was_denied_is_no_answer(type: str) -> None:  # semantics 38, 55
    net = routed(spokes(), *BOTH)
    net.records = [record for record in net.records if record.type != type]
    passes = between(net.hide(type).graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.may == EVERYTHING and passes.missing


def test_an_unknown_table_behind_a_group_that_blocks_is_decided() -> None:  # semantics 38, 55
    net = routed(spokes("in tcp 443 192.0.2.0/24"), *BOTH)
    net.records = [record for record in net.records if record.type != "TransitGatewayRouteTable"]

    assert sent(net.hide("TransitGatewayRouteTable")) == NOTHING


def peered(*, static: bool = True) -> Network:
    """Return `eni-a` behind `tgw-1` and `eni-b` behind `tgw-2`, which are peered."""
    net = spokes()
    for at, record in enumerate(net.records):
        if record.raw.get("TransitGatewayAttachmentId") == "tgw-attach-b":
            changed = {**record.raw, "TransitGatewayId": "tgw-2"}
            if "Association" in changed:
                changed["Association"] = {"TransitGatewayRouteTableId": "tgw-rtb-2", "State": "associated"}
            net.records[at] = _changed(record, changed)
        if record.raw.get("RouteTableId") == "rtb-b":
            routes = [{"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-2", "State": "active"}]
            net.records[at] = _changed(record, {**record.raw, "Routes": routes})
    for mine, other, table in (("tgw-1", "tgw-2", "tgw-rtb-1"), ("tgw-2", "tgw-1", "tgw-rtb-2")):
        net.add(
            "TransitGatewayAttachment", TransitGatewayAttachmentId="tgw-attach-p", TransitGatewayId=mine,
            ResourceType="peering", ResourceId=other, State="available", TransitGatewayOwnerId=SCOPE.account,
            Association={"TransitGatewayRouteTableId": table, "State": "associated"},
        )  # fmt: skip
    over = ("10.1.0.0/16 tgw-attach-p",) if static else ()
    routed(net, "10.0.0.0/16 tgw-attach-a propagated", *over)
    return routed(net, "10.1.0.0/16 tgw-attach-b propagated", "10.0.0.0/16 tgw-attach-p", table="tgw-rtb-2")


def test_peered_gateways_pass_on_what_static_routes_say() -> None:  # semantics 38
    net = peered()

    assert sent(net) == EVERYTHING
    assert any(hop.kind is HopKind.TRANSIT for hop in between(net.graph(), "eni-a", "eni-b").hops)
    assert sent(peered(static=False)) == NOTHING


def test_a_peering_of_gateways_passes_no_groups_on() -> None:  # semantics 9, 38
    net = peered()
    net.group("sg-x", "in all sg-a", vpc="vpc-b")
    net.interface("eni-x", "subnet-b", "10.1.1.20", groups=["sg-x"], vpc="vpc-b")

    assert sent(net, target="eni-x") == NOTHING


def test_centralized_ways_out_lead_through_a_gateway() -> None:  # semantics 35, 38
    net = routed(spokes(), *BOTH, "0.0.0.0/0 tgw-attach-b")
    net.subnet("subnet-n", "10.1.5.0/24", vpc="vpc-b").gateway("igw-b", "vpc-b")
    net.table("rtb-n", ["subnet-n"], "10.0.0.0/8 tgw-1", "0.0.0.0/0 igw-b", vpc="vpc-b")
    net.table("rtb-t", ["subnet-b-tgw"], "10.0.0.0/8 tgw-1", "0.0.0.0/0 nat-b", vpc="vpc-b")
    net.add(
        "NatGateway", NatGatewayId="nat-b", VpcId="vpc-b", SubnetId="subnet-n", State="available",
        NatGatewayAddresses=[{"PrivateIp": "10.1.5.5", "PublicIp": "203.0.113.77"}],
    )  # fmt: skip
    for at, record in enumerate(net.records):
        if record.raw.get("RouteTableId") == "rtb-a":
            routes = [{"DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1", "State": "active"}]
            net.records[at] = _changed(record, {**record.raw, "Routes": routes})
    graph = net.graph()

    assert graph.reachability.to_internet(place(graph, "eni-a")).passes.must.traffic & traffic.tcp(443)
    assert not graph.reachability.from_internet(place(graph, "eni-a")).passes.may

"""Security groups, held to the facts of AWS's documentation; each test names the row of the table it covers."""

import pytest

from checker.model import addresses as line
from checker.model import traffic
from checker.model.intervals import IntervalSet
from tests.graph.network import BLANK, EGRESS, OPEN, Network, between, place, two_hosts
from tests.graph.shop import Change, verdicts

WEB = traffic.tcp(80)


def sent(net: Network, source: str = "eni-a", target: str = "eni-b", *, v6: bool = False) -> IntervalSet:
    """Return what surely gets from one interface to another; nothing may be open about it."""
    passes = between(net.graph(), source, target, v6=v6).passes
    assert passes.exact

    return passes.must


def test_a_rule_admits_what_it_names_and_no_more() -> None:  # semantics 1
    assert sent(two_hosts("in tcp 80 10.0.1.0/24")) == WEB
    assert sent(two_hosts("in tcp 80 10.9.0.0/16")) == traffic.NOTHING


def test_a_group_without_rules_admits_nothing() -> None:  # semantics 1
    assert sent(two_hosts()) == traffic.NOTHING


def test_the_groups_of_an_interface_are_a_union() -> None:  # semantics 1
    net = two_hosts("in tcp 80 10.0.1.0/24").group("sg-c", "in tcp 22 10.0.0.0/8")
    net.interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-b", "sg-c"])

    assert sent(net, target="eni-c") == WEB | traffic.tcp(22)
    assert sent(net, target="eni-b") == WEB


def test_the_answer_passes_without_a_rule_of_its_own() -> None:  # semantics 2
    net = two_hosts()
    net.group("sg-c", "in tcp 80 10.0.1.0/24").interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-c"])

    assert sent(net, target="eni-c") == WEB
    assert sent(net, "eni-c", "eni-a") == traffic.NOTHING  # a connection of its own has no such leave


def test_both_ends_count() -> None:  # semantics 3
    net = two_hosts("in all 0.0.0.0/0").group("sg-c", "out tcp 443 10.0.0.0/16").group("sg-d")
    net.interface("eni-c", "subnet-a", "10.0.1.30", groups=["sg-c"]).interface(
        "eni-d", "subnet-a", "10.0.1.40", groups=["sg-d"]
    )

    assert sent(net, "eni-a") == traffic.EVERYTHING
    assert sent(net, "eni-c") == traffic.tcp(443)
    assert sent(net, "eni-d") == traffic.NOTHING


def test_groups_belong_to_the_interface_not_to_the_instance() -> None:  # semantics 4
    net = two_hosts("in tcp 80 10.0.1.0/24").group("sg-c", "in tcp 22 10.0.1.0/24")
    attached = {"Attachment": {"InstanceId": "i-1"}}
    net.add(
        "Instance",
        InstanceId="i-1",
        VpcId="vpc-a",
        SubnetId="subnet-b",
        State={"Name": "running"},
        NetworkInterfaces=[],
    )
    net.interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-b"], more=attached)
    net.interface("eni-d", "subnet-b", "10.0.2.40", groups=["sg-c"], more=attached)
    graph = net.graph()
    (instance,) = {endpoint.owner for endpoint in graph.endpoints.all() if "eni-c" in endpoint.interfaces}
    by_group = {one.place.groups: one.place for one in graph.endpoints.of(instance) if one.interfaces}

    assert set(by_group) == {("sg-b",), ("sg-c",)}
    source = place(graph, "eni-a")
    assert graph.reachability.between(source, by_group["sg-b",]).passes.must == WEB
    assert graph.reachability.between(source, by_group["sg-c",]).passes.must == traffic.tcp(22)


def test_a_reference_means_the_private_addresses_of_its_wearers() -> None:  # semantics 5
    net = two_hosts("in tcp 80 sg-a").interface("eni-c", "subnet-a", "10.0.1.30", groups=["sg-b"])

    assert sent(net) == WEB
    assert sent(net, "eni-c") == traffic.NOTHING  # in the same subnet, without the group


def test_a_reference_does_not_admit_the_public_address_of_a_wearer() -> None:  # semantics 5
    net = two_hosts("in tcp 80 sg-a").table("rtb-b", ["subnet-b"], "0.0.0.0/0 igw-a")
    net.interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-b"], public="198.51.100.7")
    graph = net.graph()

    assert not graph.reachability.from_internet(place(graph, "eni-c")).passes.may


def test_a_reference_does_not_import_the_rules_of_the_group() -> None:  # semantics 6
    net = two_hosts("in tcp 80 sg-c").group("sg-c", "in tcp 22 10.0.1.0/24")

    assert sent(net) == traffic.NOTHING


def test_a_reference_to_a_group_that_nobody_wears_is_a_latent_grant() -> None:  # semantics 6
    unworn: Change = {
        "security_group": {"sg-ops": {"vpc": "vpc-1"}},
        "security_group_rule": {"sgr-x": {"group": "sg-db", "traffic": "tcp 5432", "peer": "sg-ops"}},
    }

    assert verdicts("NET005")["shop-db"] == "PASS"
    assert verdicts("NET005", unworn)["shop-db"] == "FAIL"


@pytest.mark.parametrize(("rules", "wanted"), [(("in all sg-b",), traffic.EVERYTHING), ((), traffic.NOTHING)])
def test_members_talk_to_each_other_only_by_a_reference_to_itself(
    rules: tuple[str, ...], wanted: IntervalSet
) -> None:  # semantics 7
    net = two_hosts(*rules, EGRESS).interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-b"])

    assert sent(net, "eni-c", "eni-b") == wanted


def test_whoever_names_no_group_wears_the_default_one() -> None:  # semantics 8
    launch: Change = {"launch_template": {"lt-1:1": {"groups": []}}}

    assert set(verdicts("NET007").values()) == {"PASS"}
    assert "FAIL" in verdicts("NET007", launch).values()  # the default group is not the one that the stores admit


def test_the_default_group_admits_its_own_members_alone() -> None:  # semantics 8
    net = two_hosts().group("sg-default", "in all sg-default", EGRESS, name="default")
    net.interface("eni-c", "subnet-a", "10.0.1.30", groups=["sg-default"]).interface(
        "eni-d", "subnet-b", "10.0.2.40", groups=["sg-default"]
    )

    assert sent(net, "eni-c", "eni-d") == traffic.EVERYTHING
    assert sent(net, "eni-a", "eni-d") == traffic.NOTHING


def peered(*, status: object = "active", region: object = "eu-west-1", ingress: str = "in tcp 80 sg-a") -> Network:
    """Return `eni-a` in `vpc-a` and `eni-b` in `vpc-b`, peered and routed both ways."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").vpc("vpc-b", "10.1.0.0/16")
    net.subnet("subnet-a", "10.0.1.0/24").subnet("subnet-b", "10.1.1.0/24", vpc="vpc-b")
    net.table("rtb-a", [], "10.1.0.0/16 pcx-1", main=True).table(
        "rtb-b", [], "10.0.0.0/16 pcx-1", vpc="vpc-b", main=True
    )
    for letter in "ab":
        net.acl(
            f"acl-{letter}",
            [f"subnet-{letter}"],
            "100 in allow all 0.0.0.0/0",
            "100 out allow all 0.0.0.0/0",
            vpc=f"vpc-{letter}",
        )
    net.peering("pcx-1", ("vpc-a", "10.0.0.0/16"), ("vpc-b", "10.1.0.0/16"), status, region)
    net.group("sg-a", EGRESS).group("sg-b", ingress, vpc="vpc-b")
    net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"])
    return net.interface("eni-b", "subnet-b", "10.1.1.10", groups=["sg-b"], vpc="vpc-b")


def test_a_reference_holds_over_an_active_peering_of_one_region() -> None:  # semantics 9
    assert sent(peered()) == WEB


def test_a_reference_is_stale_where_the_peering_is_not_active_or_of_two_regions() -> None:  # semantics 9
    assert sent(peered(status="deleted")) == traffic.NOTHING
    assert sent(peered(region="us-east-1")) == traffic.NOTHING
    assert sent(peered(region="us-east-1", ingress="in tcp 80 10.0.0.0/16")) == WEB  # addresses serve there


def test_a_reference_over_a_peering_of_unknown_state_is_unknown() -> None:  # semantics 9, 55
    for net in (peered(status=BLANK), peered(region=BLANK)):
        passes = between(net.graph(), "eni-a", "eni-b").passes

        assert not passes.must and passes.may == WEB and passes.missing


def test_a_reference_is_not_promised_through_a_middlebox() -> None:  # semantics 10
    net = two_hosts("in tcp 80 sg-a").table("rtb-x", ["subnet-a"], "10.0.2.0/24 eni-x")
    passes = between(net.graph(), "eni-a", "eni-b").passes

    assert not passes.must and passes.missing
    assert sent(two_hosts("in tcp 80 sg-a")) == WEB  # straight, it holds


def test_a_reference_does_not_hold_behind_a_nat_gateway() -> None:  # semantics 10
    net = two_hosts("in tcp 80 sg-a").table("rtb-x", ["subnet-a"], "10.0.2.0/24 nat-x")
    net.subnet("subnet-n", "10.0.3.0/24").add(
        "NatGateway", NatGatewayId="nat-x", VpcId="vpc-a", SubnetId="subnet-n", State="available"
    )

    assert sent(net) == traffic.NOTHING


def test_families_are_apart_in_rules() -> None:  # semantics 13
    def world(peer: str) -> Network:
        net = (
            Network()
            .vpc("vpc-a", "10.0.0.0/16", "2001:db8::/56")
            .subnet("subnet-a", "10.0.1.0/24", "2001:db8::/64")
            .table("rtb-a", [], main=True)
        )
        net.group("sg-a", EGRESS, "out all ::/0").group("sg-b", f"in tcp 80 {peer}")
        net.interface("eni-a", "subnet-a", "10.0.1.10", "2001:db8::a", groups=["sg-a"])
        return net.interface("eni-b", "subnet-a", "10.0.1.20", "2001:db8::b", groups=["sg-b"])

    assert sent(world("0.0.0.0/0")) == WEB and sent(world("0.0.0.0/0"), v6=True) == traffic.NOTHING
    assert sent(world("::/0")) == traffic.NOTHING and sent(world("::/0"), v6=True) == WEB


def test_a_prefix_list_is_its_entries() -> None:  # semantics 14
    assert sent(two_hosts("in tcp 80 pl-1").prefix_list("pl-1", "10.9.0.0/16", "10.0.1.10/32")) == WEB
    assert sent(two_hosts("in tcp 80 pl-1").prefix_list("pl-1", "10.9.0.0/16")) == traffic.NOTHING


def test_a_prefix_list_that_was_not_resolved_is_unknown_never_empty() -> None:  # semantics 14
    for net in (two_hosts("in tcp 80 pl-1").prefix_list("pl-1"), two_hosts("in tcp 80 pl-1")):
        passes = between(net.graph(), "eni-a", "eni-b").passes

        assert not passes.must and passes.may == WEB and passes.missing


@pytest.mark.parametrize(
    "halves", [("0.0.0.0/1", "128.0.0.0/1"), tuple(f"{first}.7.7.7/4" for first in range(0, 256, 16))]
)
def test_parts_that_make_the_world_are_the_world(halves: tuple[str, ...]) -> None:  # semantics 15
    net = two_hosts(*(f"in tcp 80 {half}" for half in halves))
    graph = net.graph()

    assert graph.groups.filters(("sg-b",), ingress=True) == two_hosts("in tcp 80 0.0.0.0/0").graph().groups.filters(
        ("sg-b",), ingress=True
    )
    assert sent(net) == WEB


def test_all_but_a_part_is_not_the_world() -> None:  # semantics 15
    flows = two_hosts("in tcp 80 0.0.0.0/1").graph().groups.filters(("sg-b",), ingress=True).by_address

    assert not flows.covers(
        two_hosts("in tcp 80 0.0.0.0/0").graph().groups.filters(("sg-b",), ingress=True).by_address.must
    ).is_yes
    assert line.ALL_V4 - flows.must.addresses == line.union("128.0.0.0/1")


def test_services_that_no_group_filters_need_no_rule() -> None:  # semantics 16
    only: Change = {
        "security_group_rule": {
            "sgr-app-out": {"peer": "sg-cache", "traffic": "tcp 6379"},
            "sgr-app-out-db": {"group": "sg-app", "ingress": False, "peer": "sg-db", "traffic": "tcp 5432"},
            "sgr-app-out-efs": {"group": "sg-app", "ingress": False, "peer": "sg-efs", "traffic": "tcp 2049"},
        }
    }

    assert set(verdicts("NET007", only).values()) == {"PASS"}  # no rule lets DNS, time or metadata out
    assert (
        "FAIL"
        in verdicts(
            "NET007", {"security_group_rule": {"sgr-app-out": {"peer": "sg-cache", "traffic": "tcp 6379"}}}
        ).values()
    )


def test_link_local_services_are_not_of_the_internet() -> None:  # semantics 16
    assert not line.union("169.254.169.254/32", "169.254.169.123/32", "fd00:ec2::254/128") & line.INTERNET


def test_open_rules_are_open() -> None:  # semantics 11
    assert sent(two_hosts(*OPEN)) == traffic.EVERYTHING
    assert sent(two_hosts("in 47 10.0.1.0/24")) == traffic.ports(47)


def test_icmp_rules_name_type_and_code() -> None:  # semantics 12
    assert sent(two_hosts("in icmp 8 10.0.1.0/24")) == traffic.icmp(1, 8, -1)
    assert sent(two_hosts("in icmp 10.0.1.0/24")) == traffic.ports(traffic.ICMP)

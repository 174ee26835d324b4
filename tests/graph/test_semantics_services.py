"""Services that put something of their own into a VPC, held to AWS's documentation; each test names its row."""

from collections.abc import Mapping

import pytest

from checker.graph.place import Initiates
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known
from checker.resources.load_balancer import LoadBalancer
from checker.resources.security_group_rule import PrefixListPeer, SecurityGroupRule
from checker.resources.subnet import Subnet
from checker.resources.vpc_endpoint import VpcEndpoint
from tests.graph.network import EGRESS, Network, between, endpoint, place, two_hosts
from tests.graph.shop import ALB, Change, shop, verdicts

SSH = traffic.tcp(22)
PARTICIPANT = "444455556666"
# What AWS writes on the interfaces of services that open connections for somebody else.
SENDERS: Mapping[str, Mapping[str, object]] = {
    "instance connect": {"InterfaceType": "ec2_instance_connect_endpoint", "Description": "EC2 Instance Connect"},
    "function": {"InterfaceType": "lambda", "Description": "AWS Lambda VPC ENI-report-0a1b2c3d"},
    "accelerator": {"InterfaceType": "global_accelerator_managed", "Description": "GlobalAccelerator managed"},
    "cdn": {"InterfaceType": "interface", "Description": "CloudFront VPC origin", "RequesterId": "amazon-aws"},
    "client vpn": {"InterfaceType": "interface", "Description": "ClientVPN Endpoint resource"},
}
NONE: Fact[tuple[Cidr, ...]] = Known(())


def with_sender(raw: Mapping[str, object], *ingress: str) -> Network:
    """Return `eni-s` of a service, which wears `sg-s`, and `eni-b` whose group has `ingress`."""
    net = two_hosts(*ingress).group("sg-s", EGRESS)
    more = {"RequesterManaged": True, **raw}
    return net.interface("eni-s", "subnet-a", "10.0.1.40", groups=["sg-s"], more=more)


@pytest.mark.parametrize("name", SENDERS)
def test_what_a_service_sends_from_its_interface_needs_a_rule_like_any_other(  # semantics 57, 58, 59, 60, 62
    name: str,
) -> None:
    graph = with_sender(SENDERS[name], "in tcp 22 sg-s").graph()

    assert endpoint(graph, "eni-s").initiates is Initiates.ANY
    assert not SSH - between(graph, "eni-s", "eni-b").passes.must


@pytest.mark.parametrize("name", SENDERS)
def test_without_a_rule_for_its_group_or_address_nothing_of_it_gets_through(  # semantics 57, 58, 59, 60, 62
    name: str,
) -> None:
    passes = between(with_sender(SENDERS[name], "in tcp 22 sg-a").graph(), "eni-s", "eni-b").passes

    assert not passes.may


def test_a_function_is_a_source_of_its_own_beside_the_app_whose_group_it_wears() -> None:  # semantics 58
    def function(group: str) -> Change:
        interface = {
            "vpc": "vpc-1", "subnet": "subnet-app-a", "zone": "us-east-1a", "addresses": ["10.0.64.77"],
            "groups": [group], "type": "lambda", "requester_managed": True,
            "description": "AWS Lambda VPC ENI-report-0a1b2c3d",
        }  # fmt: skip
        return {"network_interface": {"eni-fn": interface}}

    assert verdicts("NET005", function("sg-app"))["shop-db"] == "FAIL"
    assert verdicts("NET005", function("sg-default"))["shop-db"] == "PASS"


def proxied(peer: str) -> Change:
    """Return the shop with a proxy in front of its database, whose group admits `peer`."""
    proxy = {
        "vpc": "vpc-1", "subnets": ["subnet-data-a", "subnet-data-b"], "groups": ["sg-proxy"],
        "require_tls": True, "engine_family": "POSTGRESQL", "targets": ["shop-db"],
    }  # fmt: skip
    return {
        "db_proxy": {"shop-proxy": proxy},
        "security_group": {"sg-proxy": {"vpc": "vpc-1"}},
        "security_group_rule": {
            "sgr-proxy": {"group": "sg-proxy", "traffic": "tcp 5432", "peer": peer},
            "sgr-proxy-out": {"group": "sg-proxy", "ingress": False, "traffic": "all", "peer": "0.0.0.0/0"},
        },
    }


def test_a_proxy_belongs_to_the_data_tier_and_the_app_must_reach_it() -> None:  # semantics 56
    assert verdicts("NET007", proxied("sg-app"))["shop-app -> shop-proxy"] == "PASS"
    assert verdicts("NET005", proxied("sg-app"))["shop-proxy"] == "PASS"


def test_a_proxy_whose_own_group_admits_others_is_open_and_one_that_admits_nobody_is_closed() -> None:  # semantics 56
    assert verdicts("NET005", proxied("10.0.0.0/16"))["shop-proxy"] == "FAIL"
    assert verdicts("NET007", proxied("sg-efs"))["shop-app -> shop-proxy"] == "FAIL"


def test_the_interface_of_a_participant_stands_in_the_owners_subnet() -> None:  # semantics 61
    net = two_hosts("in tcp 22 sg-s").group("sg-s", EGRESS)
    net.interface("eni-s", "subnet-a", "10.0.1.40", groups=["sg-s"], more={"OwnerId": PARTICIPANT})
    graph = net.graph()

    assert not SSH - between(graph, "eni-s", "eni-b").passes.must
    assert endpoint(graph, "eni-s").initiates is Initiates.ANY


def test_the_owners_list_and_routes_hold_for_participants_too() -> None:  # semantics 61
    net = two_hosts("in tcp 22 sg-s", acls=False).group("sg-s", EGRESS)
    net.acl("acl-a", ["subnet-a", "subnet-b"], "90 in deny tcp 22 0.0.0.0/0", "100 in allow all 0.0.0.0/0")
    net.interface("eni-s", "subnet-a", "10.0.1.40", groups=["sg-s"], more={"OwnerId": PARTICIPANT})

    assert not between(net.graph(), "eni-s", "eni-b").passes.may


def test_zones_of_two_accounts_compare_by_their_ids_alone() -> None:  # semantics 61
    net = Network().vpc("vpc-a", "10.0.0.0/16")
    for id, name, zone in (("a", "eu-west-1a", "euw1-az1"), ("b", "eu-west-1b", "euw1-az1"), ("c", "eu-west-1a", "z3")):
        net.add("Subnet", SubnetId=f"subnet-{id}", VpcId="vpc-a", AvailabilityZone=name, AvailabilityZoneId=zone)
    a, b, c = sorted(net.graph().index.all(Subnet).items, key=lambda one: one.id)

    assert a.zone_id.is_("euw1-az1").is_yes and b.zone_id.is_("euw1-az1").is_yes and a.zone.is_("eu-west-1b").is_no
    assert c.zone.is_("eu-west-1a").is_yes and c.zone_id.is_("euw1-az1").is_no


def test_a_group_of_another_vpc_counts_where_it_is_worn() -> None:  # semantics 9
    net = two_hosts("in tcp 22 sg-far").vpc("vpc-z", "10.9.0.0/16").subnet("subnet-z", "10.9.1.0/24", vpc="vpc-z")
    net.group("sg-far", EGRESS, vpc="vpc-z").interface("eni-s", "subnet-a", "10.0.1.40", groups=["sg-far"])
    net.interface("eni-z", "subnet-z", "10.9.1.10", groups=["sg-far"], vpc="vpc-z")
    graph = net.graph()

    assert not SSH - between(graph, "eni-s", "eni-b").passes.must
    assert not between(graph, "eni-z", "eni-b").passes.may


def cluster(multi: bool) -> Change:
    """Return the shop with a cluster for its database: a Multi-AZ DB cluster, or Aurora with one member."""
    without: dict[str, Mapping[str, object] | None] = dict.fromkeys(("shop-db", "shop-db-replica"))
    declared: Mapping[str, object] = {
        "engine": "postgres" if multi else "aurora-postgresql", "subnet_group": "shop-db", "groups": ["sg-db"],
        "is_multi_az_cluster": multi,
        "multi_az": False,
    }  # fmt: skip
    return {"db_instance": without, "db_cluster": {"shop-cluster": declared}}


def test_a_multi_az_db_cluster_stands_in_three_zones_by_what_it_is() -> None:  # semantics 63
    assert verdicts("AZ004", cluster(multi=True))["shop-cluster"] == "PASS"


def test_another_cluster_stands_in_as_many_zones_as_its_members() -> None:  # semantics 63
    assert verdicts("AZ004", cluster(multi=False))["shop-cluster"] == "FAIL"


def one_nat_gateway(zonal: bool) -> Change:
    """Return the shop with one NAT gateway for all of its app subnets."""
    routes = [{"to": "10.0.0.0/16", "via": "local"}, {"to": "0.0.0.0/0", "via": "nat-a"}]
    return {
        "nat_gateway": {"nat-a": {"zonal": zonal, "subnet": "subnet-public-a" if zonal else None}},
        "route_table": {f"rtb-app-{zone}": {"routes": routes} for zone in "abc"},
    }


def test_a_regional_nat_gateway_is_in_every_zone() -> None:  # semantics 35, 64
    assert set(verdicts("AZ006", one_nat_gateway(zonal=False)).values()) == {"PASS"}


def test_a_zonal_one_is_in_the_zone_of_its_subnet() -> None:  # semantics 35, 64
    assert verdicts("AZ006", one_nat_gateway(zonal=True)) == {
        "subnet-app-a": "PASS",
        "subnet-app-b": "FAIL",
        "subnet-app-c": "FAIL",
    }


def firewalled(rule: str) -> Network:
    """Return a public server whose ways in and out lead through a firewall's endpoint."""
    net = Network().vpc("vpc-a", "10.0.0.0/16").subnet("subnet-a", "10.0.1.0/24").subnet("subnet-f", "10.0.9.0/24")
    net.table("rtb-a", ["subnet-a"], "0.0.0.0/0 vpce-f").table("rtb-f", ["subnet-f"], "0.0.0.0/0 igw-a").gateway()
    net.table("rtb-i", [], "10.0.1.0/24 vpce-f", gateways=["igw-a"])
    net.acl("acl-a", ["subnet-a", "subnet-f"], "100 in allow all 0.0.0.0/0", "100 out allow all 0.0.0.0/0")
    net.add(
        "VpcEndpoint", VpcEndpointId="vpce-f", VpcEndpointType="GatewayLoadBalancer", VpcId="vpc-a",
        ServiceName="com.amazonaws.vpce.eu-west-1.vpce-svc-1", State="available", SubnetIds=["subnet-f"],
        NetworkInterfaceIds=["eni-f"], RequesterManaged=True, OwnerId="111122223333",
    )  # fmt: skip
    net.group("sg-a", rule, EGRESS)
    return net.interface("eni-a", "subnet-a", "10.0.1.10", groups=["sg-a"], public="198.51.100.7")


def test_what_a_firewall_lets_through_is_not_known_and_the_firewall_is_named() -> None:  # semantics 65
    graph = firewalled("in tcp 443 0.0.0.0/0").graph()
    passes = graph.reachability.from_internet(place(graph, "eni-a")).passes
    (found,) = graph.index.all(VpcEndpoint).items

    assert passes.may and not passes.must
    assert any("vpce-f" in missing.fact for missing in passes.missing)
    assert found.type.is_("GatewayLoadBalancer").is_yes and found.managed.is_(True).is_yes


def test_what_a_group_refuses_no_firewall_opens() -> None:  # semantics 65
    graph = firewalled("in tcp 443 192.0.2.0/24").graph()

    assert not traffic.tcp(22) & graph.reachability.from_internet(place(graph, "eni-a")).passes.may.at(1)


def latticed() -> Network:
    """Return a server that takes HTTPS from the addresses of VPC Lattice alone."""
    net = two_hosts("in tcp 443 pl-lattice").prefix_list("pl-lattice", "169.254.171.0/24")
    net.table("rtb-b", ["subnet-b"], "0.0.0.0/0 igw-a")
    return net.interface("eni-c", "subnet-b", "10.0.2.30", groups=["sg-b"], public="198.51.100.7")


def test_a_rule_for_lattice_is_a_rule_for_the_addresses_of_its_list() -> None:  # semantics 66
    graph = latticed().graph()
    (rule,) = (one for one in graph.index.all(SecurityGroupRule).items if one.group.is_("sg-b").is_yes)
    entries = rule.peer.then(lambda peer: graph.groups.list_entries(peer) if isinstance(peer, PrefixListPeer) else NONE)

    assert entries.is_((Cidr.parse("169.254.171.0/24"),)).is_yes


def test_a_rule_for_lattice_opens_nothing_to_the_internet_or_to_neighbours() -> None:  # semantics 66
    graph = latticed().graph()

    assert not graph.reachability.from_internet(place(graph, "eni-c")).passes.may
    assert not between(graph, "eni-a", "eni-b").passes.may


def waiting(group: str | None) -> Change:
    """Return the shop with an instance that its group does not list, tagged as the member of `group`."""
    host = {"vpc": "vpc-1", "subnet": "subnet-app-a", "zone": "us-east-1a"}
    instance = {
        **host, "groups": ["sg-app"], "interfaces": ["eni-warm"], "state": "stopped", "group_name": group,
        "imds": "required", "profile": None, "public": None, "imds_endpoint": None,
    }  # fmt: skip
    interface = {**host, "addresses": ["10.0.64.77"], "groups": ["sg-app"], "instance": "i-warm"}
    return {"instance": {"i-warm": instance}, "network_interface": {"eni-warm": interface}}


def test_an_instance_of_a_warm_pool_is_the_groups_own() -> None:  # semantics 67
    assert verdicts("NET005", waiting("shop-app"))["shop-db"] == "PASS"


def test_an_instance_of_nobody_is_not() -> None:  # semantics 67
    assert verdicts("NET005", waiting(None))["shop-db"] == "FAIL"


def test_a_balancer_without_public_ipv4_answers_nobody_on_ipv4() -> None:  # semantics 68
    hidden: Change = {"load_balancer": {ALB: {"address_type": "dualstack-without-public-ipv4"}}}

    assert verdicts("NET001", hidden)["shop-alb"] == "FAIL"
    assert verdicts("NET001")["shop-alb"] == "PASS"


@pytest.mark.parametrize(
    ("type_", "v6"), [("dualstack-without-public-ipv4", True), ("dualstack", True), ("ipv4", False)]
)
def test_a_balancer_without_public_ipv4_still_has_addresses_of_both_families(  # semantics 68
    type_: str, v6: bool
) -> None:
    blocks = {f"subnet-public-{zone}": {"cidrs": [f"10.0.{at * 16}.0/20", f"2600:1f18:0:{at}::/64"]}
              for at, zone in enumerate("abc")}  # fmt: skip
    change: Change = {
        "vpc": {"vpc-1": {"cidrs": ["10.0.0.0/16", "2600:1f18::/56"]}},
        "subnet": blocks,
        "load_balancer": {ALB: {"address_type": type_}},
        "network_interface": {f"eni-alb-{zone}": None for zone in "abc"},
    }
    graph = shop(change)
    (found,) = (one for one in graph.index.all(LoadBalancer).items if one.id.endswith(ALB))

    assert {one.place.is_v6 for one in graph.endpoints.of(found)} == {False, v6}

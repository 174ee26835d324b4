"""An account with every kind of way between networks, read live: no gap, and each kind with what it tells."""

from typing import Any

import boto3
import pytest

from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.collect.source import silent
from checker.demo.emulator.embedded import embedded
from checker.resources.catalog import kinds
from checker.resources.classic_load_balancer import ClassicListener, ClassicLoadBalancer
from checker.resources.inventory import Inventory, normalise
from checker.resources.transit_gateway_peering_attachment import TransitGatewayPeeringAttachment
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment
from checker.resources.vpn_gateway import VpnGateway
from tests.live.account import REGION

NEEDED = {
    "ec2.DescribeTransitGatewayVpcAttachments",
    "ec2.DescribeTransitGatewayPeeringAttachments",
    "ec2.DescribeVpnGateways",
}


def build(session: boto3.Session, *, routed: bool) -> dict[str, str]:
    """Build a VPC with a transit gateway that is peered, a VPN gateway and a Classic balancer; return their ids."""
    ec2: Any = session.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    one, two = (ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _ in range(2))
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=one, VpcId=vpc, SubnetIds=[subnet])
    ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=one, PeerTransitGatewayId=two, PeerAccountId="123456789012", PeerRegion=REGION
    )
    vpn = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=vpn, VpcId=vpc)
    if routed:
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="172.16.0.0/12", TransitGatewayId=one)
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="192.168.0.0/16", GatewayId=vpn)
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}
    elb: Any = session.client("elb")
    elb.create_load_balancer(LoadBalancerName="old", Listeners=[listener], Subnets=[subnet])
    return {"vpc": vpc, "subnet": subnet, "one": one, "two": two, "vpn": vpn}


def read(*, routed: bool) -> tuple[Inventory, dict[str, str], set[str]]:
    """Return what was read of such an account, its ids and the calls that were made."""
    with embedded(REGION) as emulator:
        session = boto3.Session(region_name=REGION)
        ids = build(session, routed=routed)
        emulator.calls.clear()
        collection = collect_live(LiveSettings(regions=(REGION,), workers=1), kinds(), silent)
        calls = set(emulator.calls)
        assert not collection.gaps
        inventory, unread = normalise(collection, kinds())
        assert not unread
    return inventory, ids, calls


@pytest.fixture(scope="module")
def routed() -> tuple[Inventory, dict[str, str], set[str]]:
    """Return an account in which routes lead to its gateways."""
    return read(routed=True)


def test_gateways_that_routes_lead_to_are_read(routed: tuple[Inventory, dict[str, str], set[str]]) -> None:
    inventory, ids, calls = routed
    (attached,) = inventory.all(TransitGatewayVpcAttachment).items
    (peered,) = inventory.all(TransitGatewayPeeringAttachment).items
    (vpn,) = inventory.all(VpnGateway).items

    assert attached.vpc.is_(ids["vpc"]).is_yes and attached.subnets.is_((ids["subnet"],)).is_yes
    assert attached.references.is_(True).is_yes
    assert peered.requester_gateway.is_(ids["one"]).is_yes and peered.accepter_gateway.is_(ids["two"]).is_yes
    assert vpn.id == ids["vpn"] and vpn.vpcs.is_((ids["vpc"],)).is_yes
    assert calls >= NEEDED


def test_a_classic_balancer_is_read_with_its_attributes(routed: tuple[Inventory, dict[str, str], set[str]]) -> None:
    inventory, ids, _ = routed
    (found,) = inventory.all(ClassicLoadBalancer).items

    assert found.listeners.is_((ClassicListener("HTTP", 80, "HTTP", 8080),)).is_yes
    assert found.subnets.is_((ids["subnet"],)).is_yes and found.health_port.is_(8080).is_yes
    assert found.cross_zone.is_(False).is_yes


def test_gateways_that_no_route_leads_to_are_not_asked_for() -> None:
    _, _, calls = read(routed=False)

    assert not calls & {*NEEDED, "ec2.DescribeTransitGateways"}

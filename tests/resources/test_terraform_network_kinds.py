"""The network kinds in Terraform's spellings: the facts that the live account tells of the same thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import pytest

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.records import records
from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.fact import Fact, Known, Missing, Unknown
from checker.model.record import Collection, Origin, Record, Scope
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds
from checker.resources.egress_only_gateway import EgressOnlyGateway
from checker.resources.internet_gateway import InternetGateway
from checker.resources.inventory import Inventory, normalise
from checker.resources.nat_gateway import NatGateway
from checker.resources.network_acl import NetworkAcl
from checker.resources.network_interface import NetworkInterface
from checker.resources.peering_connection import PeeringConnection
from checker.resources.prefix_list import PrefixList
from checker.resources.reader import LINE
from checker.resources.route_table import RouteTable
from checker.resources.security_group import SecurityGroup
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer, SecurityGroupRule
from checker.resources.subnet import Subnet
from checker.resources.transit_gateway import TransitGateway
from checker.resources.transit_gateway_attachment import TransitGatewayAttachment
from checker.resources.transit_gateway_peering_attachment import TransitGatewayPeeringAttachment
from checker.resources.transit_gateway_route_table import TransitGatewayRouteTable
from checker.resources.transit_gateway_vpc_attachment import TransitGatewayVpcAttachment
from checker.resources.vpc import Vpc
from checker.resources.vpc_endpoint import VpcEndpoint
from checker.resources.vpc_public_access import VpcPublicAccess
from checker.resources.vpc_public_access_exclusion import VpcPublicAccessExclusion
from checker.resources.vpn_gateway import VpnGateway

REGION, ACCOUNT = "eu-west-1", "111122223333"
SCOPE = Scope(ACCOUNT, REGION)
LOST = Missing("var.x", "give it")
Values = Mapping[str, object]


def instance(address: str, given: Values | None = None, *, uncertain: bool = False, **more: object) -> Instance:
    """Return an instance at an address."""
    is_data = address.startswith("data.")
    values = {**(given or {}), **more}
    return Instance(
        address=address,
        type=address.removeprefix("data.").partition(".")[0],
        values=values,
        origin=Origin("terraform", "main.tf", 1, address),
        is_data=is_data,
        uncertain=uncertain,
        region=REGION,
        account=ACCOUNT,
    )


def terraform(*instances: Instance) -> Inventory:
    """Return the inventory of some instances."""
    found, gaps = records(instances, kinds())
    inventory, unread = normalise(Collection("terraform", found, gaps), kinds())
    assert not unread
    return inventory


def live(**raws: Sequence[Values]) -> Inventory:
    """Return the inventory of some answers of the API."""
    found = (Record("aws-api", type_, SCOPE, raw, Origin("aws")) for type_, some in raws.items() for raw in some)
    inventory, unread = normalise(Collection("aws", tuple(found)), kinds())
    assert not unread
    return inventory


def facts(resource: Resource) -> dict[str, str]:
    """Return the facts of a resource by name, written out; an ARN that is to come is none yet."""
    told = {item.name: getattr(resource, item.name) for item in fields(resource)}
    told["arn"] = None if isinstance(resource.arn, Symbol) else resource.arn
    return {name: repr(fact) for name, fact in told.items() if isinstance(fact, Known | Unknown) or name == "arn"}


def one(inventory: Inventory, kind: type[Resource], id_: str) -> Resource:
    """Return the resource of a kind and id."""
    (found,) = (item for item in inventory.all(kind).items if item.id == id_)
    return found


def rules(inventory: Inventory, group: str = "aws_security_group.app") -> dict[str, set[tuple[str, str]]]:
    """Return (traffic, peer) of the rules of a group by direction, `?` for what is not known."""
    found: dict[str, set[tuple[str, str]]] = {"in": set(), "out": set()}
    for rule in inventory.all(SecurityGroupRule).items:
        assert isinstance(rule.ingress, Known)
        if isinstance(rule.group, Known) and rule.group.value == group:
            passes = traffic.describe(rule.traffic.value) if isinstance(rule.traffic, Known) else "?"
            found["in" if rule.ingress.value else "out"].add((passes, peer_text(rule.peer)))
    return found


def peer_text(peer: Fact[Cidr | GroupPeer | PrefixListPeer]) -> str:
    """Return the text of a peer, `?` where it is not known."""
    if not isinstance(peer, Known):
        return "?"
    return str(peer.value) if isinstance(peer.value, Cidr) else peer.value.id


@dataclass(frozen=True)
class Twin:
    """One thing as the API and as Terraform tell it; `but` are facts that differ by nature, each with its reason."""

    kind: type[Resource]
    id: str
    api: Mapping[str, Sequence[Values]]
    terraform: tuple[Instance, ...]
    but: Mapping[str, str]


TAGS = [{"Key": "Name", "Value": "shop"}]
HOME = instance("aws_vpc.main", id="vpc-1", cidr_block="10.0.0.0/16")
STAND = instance(
    "aws_subnet.a", id="subnet-1", vpc_id="vpc-1", cidr_block="10.0.1.0/24", availability_zone="eu-west-1a"
)
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}
ALL = {"Protocol": "-1", "RuleAction": "deny", "RuleNumber": 32767, "CidrBlock": "0.0.0.0/0"}
FINAL = [{**ALL, "Egress": True}, {**ALL, "Egress": False}]
TWINS = (
    Twin(
        Vpc,
        "vpc-1",
        {
            "Vpc": [
                {
                    "VpcId": "vpc-1",
                    "CidrBlock": "10.0.0.0/16",
                    "CidrBlockAssociationSet": [
                        {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
                        {"CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}},
                    ],
                    "Ipv6CidrBlockAssociationSet": [
                        {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}}
                    ],
                    "Tags": TAGS,
                }
            ]
        },
        (
            instance(
                "aws_vpc.main",
                id="vpc-1",
                cidr_block="10.0.0.0/16",
                assign_generated_ipv6_cidr_block=True,
                ipv6_cidr_block="2001:db8::/56",
                tags={"Name": "shop"},
            ),
            instance("aws_vpc_ipv4_cidr_block_association.more", vpc_id="vpc-1", cidr_block="100.64.0.0/16"),
        ),
        {},
    ),
    Twin(
        Subnet,
        "subnet-1",
        {
            "Subnet": [
                {
                    "SubnetId": "subnet-1",
                    "VpcId": "vpc-1",
                    "CidrBlock": "10.0.1.0/24",
                    "Ipv6CidrBlockAssociationSet": [
                        {"Ipv6CidrBlock": "2001:db8:0:1::/64", "Ipv6CidrBlockState": {"State": "associated"}}
                    ],
                    "AvailabilityZone": "eu-west-1a",
                    "AvailabilityZoneId": "euw1-az1",
                    "MapPublicIpOnLaunch": True,
                    "AssignIpv6AddressOnCreation": True,
                    "OwnerId": ACCOUNT,
                }
            ]
        },
        (
            instance(
                "aws_subnet.a",
                id="subnet-1",
                vpc_id="vpc-1",
                cidr_block="10.0.1.0/24",
                ipv6_cidr_block="2001:db8:0:1::/64",
                availability_zone="eu-west-1a",
                availability_zone_id="euw1-az1",
                map_public_ip_on_launch=True,
                assign_ipv6_address_on_creation=True,
            ),
        ),
        {},
    ),
    Twin(
        RouteTable,
        "rtb-1",
        {
            "RouteTable": [
                {
                    "RouteTableId": "rtb-1",
                    "VpcId": "vpc-1",
                    "Associations": [
                        {"Main": True},
                        {"Main": False, "SubnetId": "subnet-1"},
                        {"Main": False, "GatewayId": "igw-2"},
                    ],
                    "Routes": [
                        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
                        {
                            "DestinationIpv6CidrBlock": "::/0",
                            "EgressOnlyInternetGatewayId": "eigw-1",
                            "State": "active",
                        },
                        {"DestinationPrefixListId": "pl-1", "TransitGatewayId": "tgw-1", "State": "active"},
                    ],
                }
            ]
        },
        (
            instance(
                "aws_route_table.public",
                id="rtb-1",
                vpc_id="vpc-1",
                route=[
                    {"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "ipv6_cidr_block": "", "nat_gateway_id": ""},
                    {"cidr_block": "", "ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1"},
                ],
            ),
            instance(
                "aws_route.far", route_table_id="rtb-1", destination_prefix_list_id="pl-1", transit_gateway_id="tgw-1"
            ),
            instance("aws_main_route_table_association.m", vpc_id="vpc-1", route_table_id="rtb-1"),
            instance("aws_route_table_association.a", subnet_id="subnet-1", route_table_id="rtb-1"),
            instance("aws_route_table_association.g", gateway_id="igw-2", route_table_id="rtb-1"),
        ),
        {},
    ),
    Twin(
        NetworkAcl,
        "acl-1",
        {
            "NetworkAcl": [
                {
                    "NetworkAclId": "acl-1",
                    "VpcId": "vpc-1",
                    "IsDefault": False,
                    "Associations": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}],
                    "Entries": [
                        {
                            "Egress": True,
                            "Protocol": "-1",
                            "RuleAction": "allow",
                            "RuleNumber": 100,
                            "CidrBlock": "0.0.0.0/0",
                        },
                        {
                            "Egress": False,
                            "Protocol": "6",
                            "RuleAction": "allow",
                            "RuleNumber": 110,
                            "CidrBlock": "10.0.0.0/8",
                            "PortRange": {"From": 443, "To": 443},
                        },
                        {
                            "Egress": False,
                            "Protocol": "58",
                            "RuleAction": "deny",
                            "RuleNumber": 120,
                            "Ipv6CidrBlock": "::/0",
                            "IcmpTypeCode": {"Type": -1, "Code": -1},
                        },
                        *FINAL,
                    ],
                }
            ]
        },
        (
            instance(
                "aws_network_acl.app",
                id="acl-1",
                vpc_id="vpc-1",
                subnet_ids=["subnet-1"],
                egress=[
                    {
                        "rule_no": 100,
                        "action": "allow",
                        "protocol": "all",
                        "cidr_block": "0.0.0.0/0",
                        "ipv6_cidr_block": "",
                        "from_port": 0,
                        "to_port": 0,
                    }
                ],
                ingress=[
                    {
                        "rule_no": 110,
                        "action": "ALLOW",
                        "protocol": "tcp",
                        "cidr_block": "10.0.0.0/8",
                        "from_port": 443,
                        "to_port": 443,
                    }
                ],
            ),
            instance(
                "aws_network_acl_rule.ping",
                network_acl_id="acl-1",
                rule_number=120,
                rule_action="deny",
                protocol="ipv6-icmp",
                ipv6_cidr_block="::/0",
                icmp_type=-1,
                icmp_code=-1,
            ),
            instance("aws_network_acl_association.b", network_acl_id="acl-1", subnet_id="subnet-2"),
        ),
        {},
    ),
    Twin(
        PrefixList,
        "pl-1",
        {
            "PrefixList": [
                {
                    "PrefixListId": "pl-1",
                    "PrefixListName": "offices",
                    "AddressFamily": "IPv4",
                    "OwnerId": ACCOUNT,
                    "Entries": [{"Cidr": "198.51.100.0/24"}, {"Cidr": "203.0.113.0/24"}],
                }
            ]
        },
        (
            instance(
                "aws_ec2_managed_prefix_list.offices",
                id="pl-1",
                name="offices",
                address_family="IPv4",
                entry=[{"cidr": "198.51.100.0/24", "description": "one"}],
            ),
            instance("aws_ec2_managed_prefix_list_entry.two", prefix_list_id="pl-1", cidr="203.0.113.0/24"),
        ),
        {},
    ),
    Twin(
        PeeringConnection,
        "pcx-1",
        {
            "VpcPeeringConnection": [
                {
                    "VpcPeeringConnectionId": "pcx-1",
                    "Status": {"Code": "active"},
                    "RequesterVpcInfo": {
                        "VpcId": "vpc-1",
                        "CidrBlock": "10.0.0.0/16",
                        "OwnerId": ACCOUNT,
                        "Region": REGION,
                    },
                    "AccepterVpcInfo": {
                        "VpcId": "vpc-2",
                        "CidrBlock": "10.1.0.0/16",
                        "OwnerId": ACCOUNT,
                        "Region": REGION,
                    },
                }
            ]
        },
        (
            HOME,
            instance("aws_vpc.other", id="vpc-2", cidr_block="10.1.0.0/16"),
            instance("aws_vpc_peering_connection.p", id="pcx-1", vpc_id="vpc-1", peer_vpc_id="vpc-2"),
            instance("aws_vpc_peering_connection_accepter.p", vpc_peering_connection_id="pcx-1", auto_accept=True),
        ),
        {},
    ),
    Twin(
        VpcEndpoint,
        "vpce-1",
        {
            "VpcEndpoint": [
                {
                    "VpcEndpointId": "vpce-1",
                    "VpcEndpointType": "Interface",
                    "VpcId": "vpc-1",
                    "ServiceName": "com.amazonaws.eu-west-1.secretsmanager",
                    "State": "available",
                    "SubnetIds": ["subnet-1", "subnet-2"],
                    "Groups": [{"GroupId": "sg-1"}],
                    "NetworkInterfaceIds": ["eni-1"],
                    "OwnerId": ACCOUNT,
                }
            ]
        },
        (
            instance(
                "aws_vpc_endpoint.secrets",
                id="vpce-1",
                vpc_id="vpc-1",
                vpc_endpoint_type="Interface",
                service_name="com.amazonaws.eu-west-1.secretsmanager",
                subnet_ids=["subnet-1"],
                security_group_ids=["sg-1"],
                network_interface_ids=["eni-1"],
                state="available",
            ),
            instance("aws_vpc_endpoint_subnet_association.b", vpc_endpoint_id="vpce-1", subnet_id="subnet-2"),
        ),
        {},
    ),
    Twin(
        NetworkInterface,
        "eni-1",
        {
            "NetworkInterface": [
                {
                    "NetworkInterfaceId": "eni-1",
                    "VpcId": "vpc-1",
                    "SubnetId": "subnet-1",
                    "AvailabilityZone": "eu-west-1a",
                    "OwnerId": ACCOUNT,
                    "Status": "in-use",
                    "SourceDestCheck": False,
                    "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
                    "PrivateIpAddress": "10.0.1.5",
                    "PrivateIpAddresses": [
                        {"PrivateIpAddress": "10.0.1.5", "Association": {"PublicIp": "203.0.113.5"}}
                    ],
                    "Association": {"PublicIp": "203.0.113.5"},
                    "Attachment": {"InstanceId": "i-1"},
                }
            ]
        },
        (
            STAND,
            instance(
                "aws_network_interface.a",
                id="eni-1",
                subnet_id="subnet-1",
                private_ip="10.0.1.5",
                private_ips=["10.0.1.5"],
                security_groups=["sg-1"],
                source_dest_check=False,
                attachment=[{"instance": "i-1", "device_index": 1}],
            ),
            instance("aws_network_interface_sg_attachment.b", network_interface_id="eni-1", security_group_id="sg-2"),
            instance("aws_eip.a", id="eipalloc-1", network_interface="eni-1", public_ip="203.0.113.5"),
        ),
        {},
    ),
    Twin(
        TransitGatewayAttachment,
        "tgw-attach-1",
        {
            "TransitGatewayAttachment": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-1",
                    "TransitGatewayId": "tgw-1",
                    "ResourceType": "vpc",
                    "ResourceId": "vpc-1",
                    "State": "available",
                    "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"},
                }
            ]
        },
        (
            instance("aws_ec2_transit_gateway.t", id="tgw-1", association_default_route_table_id="tgw-rtb-1"),
            instance(
                "aws_ec2_transit_gateway_vpc_attachment.a",
                id="tgw-attach-1",
                transit_gateway_id="tgw-1",
                vpc_id="vpc-1",
                subnet_ids=["subnet-1"],
            ),
        ),
        {},
    ),
    Twin(
        TransitGatewayRouteTable,
        "tgw-rtb-1",
        {
            "TransitGatewayRouteTable": [
                {
                    "TransitGatewayRouteTableId": "tgw-rtb-1",
                    "TransitGatewayId": "tgw-1",
                    "Search": {
                        "Routes": [
                            {
                                "DestinationCidrBlock": "172.16.0.0/12",
                                "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-2"}],
                                "Type": "static",
                                "State": "active",
                            },
                            {"DestinationCidrBlock": "192.168.0.0/16", "Type": "static", "State": "blackhole"},
                            {
                                "DestinationCidrBlock": "10.0.0.0/16",
                                "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1"}],
                                "Type": "propagated",
                                "State": "active",
                            },
                        ]
                    },
                }
            ]
        },
        (
            HOME,
            instance("aws_ec2_transit_gateway.t", id="tgw-1"),
            instance(
                "aws_ec2_transit_gateway_vpc_attachment.a",
                id="tgw-attach-1",
                transit_gateway_id="tgw-1",
                vpc_id="vpc-1",
                subnet_ids=["subnet-1"],
            ),
            instance("aws_ec2_transit_gateway_route_table.r", id="tgw-rtb-1", transit_gateway_id="tgw-1"),
            instance(
                "aws_ec2_transit_gateway_route_table_propagation.a",
                transit_gateway_route_table_id="tgw-rtb-1",
                transit_gateway_attachment_id="tgw-attach-1",
            ),
            instance(
                "aws_ec2_transit_gateway_route.s",
                transit_gateway_route_table_id="tgw-rtb-1",
                destination_cidr_block="172.16.0.0/12",
                transit_gateway_attachment_id="tgw-attach-2",
            ),
            instance(
                "aws_ec2_transit_gateway_route.hole",
                transit_gateway_route_table_id="tgw-rtb-1",
                destination_cidr_block="192.168.0.0/16",
                blackhole=True,
            ),
        ),
        {},
    ),
    Twin(
        InternetGateway,
        "igw-1",
        {
            "InternetGateway": [
                {"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}
            ]
        },
        (
            instance("aws_internet_gateway.i", id="igw-1"),
            instance("aws_internet_gateway_attachment.i", internet_gateway_id="igw-1", vpc_id="vpc-1"),
        ),
        {},
    ),
    Twin(
        EgressOnlyGateway,
        "eigw-1",
        {
            "EgressOnlyInternetGateway": [
                {"EgressOnlyInternetGatewayId": "eigw-1", "Attachments": [{"State": "attached", "VpcId": "vpc-1"}]}
            ]
        },
        (instance("aws_egress_only_internet_gateway.e", id="eigw-1", vpc_id="vpc-1"),),
        {},
    ),
    Twin(
        NatGateway,
        "nat-1",
        {
            "NatGateway": [
                {
                    "NatGatewayId": "nat-1",
                    "VpcId": "vpc-1",
                    "SubnetId": "subnet-1",
                    "State": "available",
                    "ConnectivityType": "private",
                    "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-1", "PrivateIp": "10.0.1.4"}],
                }
            ]
        },
        (
            STAND,
            instance(
                "aws_nat_gateway.n",
                id="nat-1",
                subnet_id="subnet-1",
                connectivity_type="private",
                network_interface_id="eni-1",
                private_ip="10.0.1.4",
            ),
        ),
        {},
    ),
    Twin(
        VpnGateway,
        "vgw-1",
        {
            "VpnGateway": [
                {
                    "VpnGatewayId": "vgw-1",
                    "State": "available",
                    "VpcAttachments": [{"State": "attached", "VpcId": "vpc-1"}],
                }
            ]
        },
        (
            instance("aws_vpn_gateway.v", id="vgw-1"),
            instance("aws_vpn_gateway_attachment.v", vpn_gateway_id="vgw-1", vpc_id="vpc-1"),
        ),
        {},
    ),
    Twin(
        SecurityGroup,
        "sg-1",
        {
            "SecurityGroup": [
                {
                    "GroupId": "sg-1",
                    "GroupName": "app",
                    "VpcId": "vpc-1",
                    "IpPermissions": [],
                    "IpPermissionsEgress": [],
                    "Tags": TAGS,
                }
            ]
        },
        (instance("aws_security_group.app", id="sg-1", name="app", vpc_id="vpc-1", tags={"Name": "shop"}),),
        {"permissions": "the rules are resources of their own, so that one made apart cannot be overlooked"},
    ),
    Twin(
        SecurityGroupRule,
        "sgr-1",
        {
            "SecurityGroupRule": [
                {
                    "SecurityGroupRuleId": "sgr-1",
                    "GroupId": "sg-1",
                    "IsEgress": False,
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "PrefixListId": "pl-1",
                }
            ]
        },
        (
            instance(
                "aws_vpc_security_group_ingress_rule.r",
                id="sgr-1",
                security_group_id="sg-1",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                prefix_list_id="pl-1",
            ),
        ),
        {},
    ),
    Twin(
        TransitGateway,
        "tgw-1",
        {"TransitGateway": [{"TransitGatewayId": "tgw-1", "Options": {"SecurityGroupReferencingSupport": "enable"}}]},
        (instance("aws_ec2_transit_gateway.t", id="tgw-1", security_group_referencing_support="enable"),),
        {},
    ),
    Twin(
        TransitGatewayVpcAttachment,
        "tgw-attach-1",
        {
            "TransitGatewayVpcAttachment": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-1",
                    "TransitGatewayId": "tgw-1",
                    "VpcId": "vpc-1",
                    "State": "available",
                    "SubnetIds": ["subnet-1"],
                    "Options": {
                        "SecurityGroupReferencingSupport": "enable",
                        "Ipv6Support": "enable",
                        "ApplianceModeSupport": "disable",
                    },
                }
            ]
        },
        (
            instance(
                "aws_ec2_transit_gateway_vpc_attachment.a",
                id="tgw-attach-1",
                transit_gateway_id="tgw-1",
                vpc_id="vpc-1",
                subnet_ids=["subnet-1"],
                ipv6_support="enable",
            ),
        ),
        {},
    ),
    Twin(
        TransitGatewayPeeringAttachment,
        "tgw-attach-9",
        {
            "TransitGatewayPeeringAttachment": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-9",
                    "RequesterTgwInfo": {"TransitGatewayId": "tgw-1", "OwnerId": ACCOUNT, "Region": REGION},
                    "AccepterTgwInfo": {"TransitGatewayId": "tgw-2", "OwnerId": ACCOUNT, "Region": "us-east-1"},
                    "State": "available",
                }
            ]
        },
        (
            instance(
                "aws_ec2_transit_gateway_peering_attachment.p",
                id="tgw-attach-9",
                transit_gateway_id="tgw-1",
                peer_transit_gateway_id="tgw-2",
                peer_region="us-east-1",
            ),
            instance(
                "aws_ec2_transit_gateway_peering_attachment_accepter.p", transit_gateway_attachment_id="tgw-attach-9"
            ),
        ),
        {},
    ),
    Twin(
        VpcPublicAccess,
        REGION,
        {"VpcBlockPublicAccess": [{"AwsRegion": REGION, "InternetGatewayBlockMode": "block-ingress"}]},
        (instance("aws_vpc_block_public_access_options.b", internet_gateway_block_mode="block-ingress"),),
        {},
    ),
    Twin(
        VpcPublicAccessExclusion,
        "vpcbpa-exclude-1",
        {
            "VpcBlockPublicAccessExclusion": [
                {
                    "ExclusionId": "vpcbpa-exclude-1",
                    "ResourceArn": f"arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/subnet-1",
                    "InternetGatewayExclusionMode": "allow-egress",
                    "State": "create-complete",
                }
            ]
        },
        (
            instance(
                "aws_vpc_block_public_access_exclusion.e",
                id="vpcbpa-exclude-1",
                subnet_id="subnet-1",
                internet_gateway_exclusion_mode="allow-egress",
            ),
        ),
        {},
    ),
)


@pytest.mark.parametrize("twin", TWINS, ids=[twin.kind.kind for twin in TWINS])
def test_terraform_tells_the_facts_that_the_live_account_tells(twin: Twin) -> None:
    mine = facts(one(terraform(*twin.terraform), twin.kind, twin.id))
    theirs = facts(one(live(**twin.api), twin.kind, twin.id))

    assert {name: fact for name, fact in mine.items() if name not in twin.but} == {
        name: fact for name, fact in theirs.items() if name not in twin.but
    }


# A zone whose id is not known yet is told apart by its name; without its address an interface fronts all with a public.
BY_NAME = {("availability_zone_id", "zone_id")}
BLANKED = [
    (twin, part, key)
    for twin in TWINS
    for part in range(len(twin.terraform))
    for key in twin.terraform[part].values
    if key != "id"
]


@pytest.mark.parametrize(
    ("twin", "part", "key"), BLANKED, ids=[f"{t.kind.kind}-{t.terraform[n].type}-{k}" for t, n, k in BLANKED]
)
def test_a_value_that_is_not_known_is_told_or_changes_nothing(twin: Twin, part: int, key: str) -> None:
    """No fact turns into another because an attribute is for the apply to settle; some go by the symbol of it."""
    old = twin.terraform[part]
    blanked = instance(old.address, {**old.values, key: LOST})
    mine = terraform(*(blanked if n == part else item for n, item in enumerate(twin.terraform)))
    theirs = facts(one(live(**twin.api), twin.kind, twin.id))
    if not any(item.id == twin.id for item in mine.all(twin.kind).items):
        assert mine.missing(twin.kind)
        return

    for name, fact in facts(one(mine, twin.kind, twin.id)).items():
        named = f"{old.address}.{key}" in fact or (key, name) in BY_NAME
        assert "Unknown" in fact or fact == theirs[name] or named, name


GROUP = {"name": "app", "vpc_id": Symbol("aws_vpc.main")}
WEB = {"from_port": 443, "to_port": 443, "protocol": "tcp"}


def test_each_peer_of_a_block_is_a_rule_that_names_the_line_of_the_block() -> None:
    block = {
        **WEB,
        "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"],
        "ipv6_cidr_blocks": ["2001:db8::/56"],
        "prefix_list_ids": ["pl-1"],
        "security_groups": ["sg-2", f"{ACCOUNT}/sg-3"],
        "self": True,
        LINE: 7,
    }
    found = terraform(instance("aws_security_group.app", GROUP, ingress=[block]))

    peers = {"10.0.0.0/8", "192.168.0.0/16", "2001:db8::/56", "pl-1", "sg-2", "sg-3", "aws_security_group.app"}
    assert rules(found) == {"in": {("tcp 443", peer) for peer in peers}, "out": set()}
    own = [rule for rule in found.all(SecurityGroupRule).items if rule.id.startswith("aws_security_group.app")]
    assert {rule.origin.line for rule in own} == {7}


@pytest.mark.parametrize(
    ("protocol", "first", "last", "passes"),
    [
        ("-1", 0, 0, "all traffic"),
        ("all", 0, 65535, "all traffic"),
        ("TCP", 0, 0, "tcp 0"),
        ("6", 80, 81, "tcp 80-81"),
        ("icmp", -1, -1, "icmp"),
        ("icmp", 8, 0, "icmp type 8"),
        ("icmpv6", -1, -1, "icmpv6"),
        ("esp", 0, 0, "protocol 50"),
    ],
)
def test_protocols_go_by_name_or_number(protocol: str, first: int, last: int, passes: str) -> None:
    block = {"protocol": protocol, "from_port": first, "to_port": last, "cidr_blocks": ["0.0.0.0/0"]}
    found = terraform(instance("aws_security_group.app", GROUP, egress=[block]))

    assert rules(found)["out"] == {(passes, "0.0.0.0/0")}


def test_every_way_to_spell_a_rule_tells_the_same() -> None:
    group = instance("aws_security_group.app", GROUP)
    id_ = Symbol("aws_security_group.app")
    other = Symbol("aws_security_group.web")
    inline = terraform(instance("aws_security_group.app", GROUP, ingress=[{**WEB, "security_groups": [other]}]))
    old = terraform(
        group,
        instance(
            "aws_security_group_rule.r", WEB, security_group_id=id_, type="ingress", source_security_group_id=other
        ),
    )
    new = terraform(
        group,
        instance(
            "aws_vpc_security_group_ingress_rule.r",
            security_group_id=id_,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            referenced_security_group_id=other,
        ),
    )

    assert rules(inline) == rules(old) == rules(new) == {"in": {("tcp 443", "aws_security_group.web")}, "out": set()}


def test_a_rule_with_several_peers_is_one_for_each() -> None:
    found = terraform(
        instance("aws_security_group.app", GROUP),
        instance(
            "aws_security_group_rule.r",
            WEB,
            security_group_id=Symbol("aws_security_group.app"),
            type="egress",
            cidr_blocks=["10.0.0.0/8"],
            prefix_list_ids=["pl-1"],
            # A plan has this one as a value for the apply, whatever the rule's peers are.
            source_security_group_id=LOST,
        ),
    )

    assert rules(found)["out"] == {("tcp 443", "10.0.0.0/8"), ("tcp 443", "pl-1")}


def test_an_egress_rule_goes_out_and_all_its_protocols_have_no_ports() -> None:
    found = terraform(
        instance("aws_security_group.app", GROUP),
        instance(
            "aws_vpc_security_group_egress_rule.r",
            security_group_id=Symbol("aws_security_group.app"),
            ip_protocol="-1",
            cidr_ipv6="::/0",
        ),
    )

    assert rules(found) == {"in": set(), "out": {("all traffic", "::/0")}}


def test_a_group_without_rules_lets_nothing_through() -> None:
    """The provider takes away the rule that lets all out, which AWS gives to each new group.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
    """
    assert rules(terraform(instance("aws_security_group.app", GROUP))) == {"in": set(), "out": set()}


def test_what_is_known_of_a_list_of_rules_stays_beside_what_is_not() -> None:
    known = {**WEB, "cidr_blocks": [Missing("var.office", ""), "10.0.0.0/8"]}
    found = terraform(instance("aws_security_group.app", GROUP, ingress=[known, LOST], egress=LOST))

    assert rules(found) == {"in": {("tcp 443", "10.0.0.0/8"), ("tcp 443", "?"), ("?", "?")}, "out": {("?", "?")}}


def test_a_rule_of_unknown_number_may_be_there_and_surely_is_not() -> None:
    group = Symbol("aws_security_group.app")
    rule = {"security_group_id": group, "type": "ingress", **WEB}
    found = terraform(
        instance("aws_security_group.app", GROUP),
        instance("aws_security_group_rule.r", rule, uncertain=True, cidr_blocks=["10.0.0.0/8"]),
        instance("aws_security_group_rule.s", rule, uncertain=True, cidr_blocks=LOST),
    )

    assert rules(found)["in"] == {("?", "10.0.0.0/8"), ("tcp 443", "?")}
    assert found.all(SecurityGroupRule).complete
    unknown = next(item for item in found.all(SecurityGroupRule).items if isinstance(item.traffic, Unknown))
    assert "how many aws_security_group_rule.r there are" in repr(unknown.traffic)


def test_a_rule_of_an_unknown_group_may_be_one_of_any_group() -> None:
    found = terraform(
        instance("aws_security_group_rule.r", WEB, security_group_id=LOST, type="ingress", cidr_blocks=["0.0.0.0/0"])
    )

    assert not found.all(SecurityGroupRule).complete


def test_a_rule_that_a_group_repeats_is_told_once() -> None:
    """The provider reads the rules made apart into the group's own lists too."""
    found = terraform(
        instance("aws_security_group.app", GROUP, id="sg-1", ingress=[{**WEB, "cidr_blocks": ["10.0.0.0/8"]}]),
        instance(
            "aws_vpc_security_group_ingress_rule.r",
            id="sgr-1",
            security_group_id="sg-1",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4="10.0.0.0/8",
        ),
    )

    assert [rule.id for rule in found.all(SecurityGroupRule).items if rule.id.startswith("sg")] == ["sgr-1"]


MAIN = instance("aws_vpc.main", cidr_block="10.0.0.0/16")
DEFAULT_GROUP = "aws_vpc.main.default_security_group_id"
DEFAULT_LIST = "aws_vpc.main.default_network_acl_id"
MAIN_TABLE = "aws_vpc.main.default_route_table_id"


def entries(inventory: Inventory, id_: str) -> list[tuple[int, bool, bool, str]] | None:
    """Return (number, egress, allow, peer) of a list's entries in order, None where they are not known."""
    acl = one(inventory, NetworkAcl, id_)
    assert isinstance(acl, NetworkAcl)
    if not isinstance(acl.entries, Known):
        return None
    return sorted(
        (entry.number, entry.egress.is_(True).is_yes, entry.allow.is_(True).is_yes, peer_text(entry.peer))
        for entry in acl.entries.value
    )


def test_a_vpc_comes_with_a_group_a_list_and_a_table() -> None:
    """What AWS makes with each VPC is as AWS documents it.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
    """
    found = terraform(MAIN)

    assert rules(found, DEFAULT_GROUP) == {
        "in": {("all traffic", DEFAULT_GROUP)},
        "out": {("all traffic", "0.0.0.0/0"), ("all traffic", "::/0")},
    }
    assert facts(one(found, SecurityGroup, DEFAULT_GROUP))["is_default"] == "Known(True)"
    assert entries(found, DEFAULT_LIST) == [
        (100, False, True, "0.0.0.0/0"),
        (100, True, True, "0.0.0.0/0"),
        (32767, False, False, "0.0.0.0/0"),
        (32767, True, False, "0.0.0.0/0"),
    ]
    table = facts(one(found, RouteTable, MAIN_TABLE))
    assert (table["is_main"], table["subnets"], table["routes"]) == ("Known(True)", "Known(())", "Known(())")
    assert table["vpc"] == "Known('aws_vpc.main')"


def test_the_default_list_of_a_vpc_with_ipv6_lets_that_through_too() -> None:
    found = terraform(instance("aws_vpc.main", cidr_block="10.0.0.0/16", assign_generated_ipv6_cidr_block=True))

    assert (101, False, True, "::/0") in (entries(found, DEFAULT_LIST) or [])


def test_what_came_with_a_vpc_is_as_the_configuration_that_adopts_it_says() -> None:
    found = terraform(
        MAIN,
        instance("aws_default_security_group.d", vpc_id=Symbol("aws_vpc.main"), ingress=[{**WEB, "self": True}]),
        instance("aws_default_network_acl.d", default_network_acl_id=Symbol(DEFAULT_LIST)),
        instance(
            "aws_default_route_table.d",
            default_route_table_id=Symbol(MAIN_TABLE),
            route=[{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}],
        ),
    )

    assert rules(found, DEFAULT_GROUP) == {"in": {("tcp 443", DEFAULT_GROUP)}, "out": set()}
    assert [number for number, *_ in entries(found, DEFAULT_LIST) or []] == [32767, 32767]
    table = facts(one(found, RouteTable, MAIN_TABLE))
    assert (table["vpc"], table["is_main"]) == ("Known('aws_vpc.main')", "Known(True)")
    assert "igw-1" in table["routes"]
    assert facts(one(found, NetworkAcl, DEFAULT_LIST))["is_default"] == "Known(True)"


def test_what_may_have_been_adopted_is_not_known() -> None:
    found = terraform(MAIN, instance("aws_default_security_group.d", vpc_id=LOST))

    assert rules(found, DEFAULT_GROUP) == {"in": {("?", "?")}, "out": {("?", "?")}}


def test_routes_and_entries_may_name_what_came_with_a_vpc() -> None:
    found = terraform(
        MAIN,
        instance(
            "aws_route.out",
            route_table_id=Symbol("aws_vpc.main.main_route_table_id"),
            destination_cidr_block="0.0.0.0/0",
            gateway_id="igw-1",
        ),
        instance(
            "aws_network_acl_rule.no",
            network_acl_id=Symbol(DEFAULT_LIST),
            rule_number=50,
            rule_action="deny",
            protocol="-1",
            cidr_block="192.0.2.0/24",
        ),
    )

    assert "igw-1" in facts(one(found, RouteTable, MAIN_TABLE))["routes"]
    assert (50, False, False, "192.0.2.0/24") in (entries(found, DEFAULT_LIST) or [])


def test_a_table_made_main_takes_the_place_of_the_one_that_came_with_the_vpc() -> None:
    found = terraform(
        MAIN,
        instance("aws_route_table.t", vpc_id=Symbol("aws_vpc.main")),
        instance(
            "aws_main_route_table_association.m",
            vpc_id=Symbol("aws_vpc.main"),
            route_table_id=Symbol("aws_route_table.t"),
        ),
    )

    assert facts(one(found, RouteTable, MAIN_TABLE))["is_main"] == "Known(False)"
    assert facts(one(found, RouteTable, "aws_route_table.t"))["is_main"] == "Known(True)"


def test_the_target_of_a_route_is_the_one_that_is_told() -> None:
    """A plan leaves the interface to the apply for every route, whatever it leads to."""
    found = terraform(
        instance("aws_route_table.t", vpc_id="vpc-1"),
        instance(
            "aws_route.r",
            route_table_id=Symbol("aws_route_table.t"),
            destination_cidr_block="0.0.0.0/0",
            nat_gateway_id=Symbol("aws_nat_gateway.n"),
            network_interface_id=LOST,
            instance_id=LOST,
            state=LOST,
            origin=LOST,
        ),
    )

    assert (
        "target=Known('aws_nat_gateway.n'), active=Known(True), propagated=Known(False)"
        in (facts(one(found, RouteTable, "aws_route_table.t"))["routes"])
    )


def test_what_a_vpn_announces_is_not_known() -> None:
    found = terraform(
        instance("aws_route_table.t", vpc_id="vpc-1"),
        instance(
            "aws_vpn_gateway_route_propagation.p",
            route_table_id=Symbol("aws_route_table.t"),
            vpn_gateway_id=Symbol("aws_vpn_gateway.v"),
        ),
    )
    table = one(found, RouteTable, "aws_route_table.t")

    assert isinstance(table, RouteTable)
    assert isinstance(table.routes, Known)
    (route,) = table.routes.value
    assert isinstance(route.destination, Unknown)
    assert route.target.is_("aws_vpn_gateway.v").is_yes
    assert route.propagated.is_(True).is_yes


def test_a_subnet_may_be_associated_with_a_table_that_stands_elsewhere() -> None:
    """Otherwise the subnet would be taken for one that follows the main table."""
    found = terraform(
        MAIN,
        instance("data.aws_route_table.shared"),
        instance(
            "aws_route_table_association.a",
            subnet_id=Symbol("aws_subnet.a"),
            route_table_id=Symbol("data.aws_route_table.shared"),
        ),
    )
    table = facts(one(found, RouteTable, "data.aws_route_table.shared"))

    assert table["subnets"] == "Known(('aws_subnet.a',))"
    assert table["routes"].startswith("Unknown")


@pytest.mark.parametrize(
    "lookup",
    [
        instance("data.aws_security_group.o", name="o"),
        instance("aws_instance.i", vpc_security_group_ids=[Symbol("var.group")]),
    ],
    ids=["a data source", "a variable"],
)
def test_a_group_that_stands_elsewhere_may_let_anything_through(lookup: Instance) -> None:
    found = terraform(lookup)
    (group,) = found.all(SecurityGroup).items

    assert rules(found, group.id) == {"in": {("?", "?")}, "out": {("?", "?")}}
    assert group.outside


def test_what_comes_with_a_vpc_that_stands_elsewhere_is_there_and_not_known() -> None:
    found = terraform(instance("data.aws_vpc.main", tags={"Name": "shop"}))

    group, acl, table = (found.all(kind).items for kind in (SecurityGroup, NetworkAcl, RouteTable))
    assert [len(listed) for listed in (group, acl, table)] == [1, 1, 1]
    assert facts(acl[0])["entries"].startswith("Unknown")
    assert facts(table[0])["routes"].startswith("Unknown")
    assert rules(found, group[0].id) == {"in": {("?", "?")}, "out": {("?", "?")}}


def test_a_look_up_that_was_made_tells_what_it_found() -> None:
    found = terraform(
        instance(
            "data.aws_vpc.main",
            id="vpc-1",
            cidr_block="10.0.0.0/16",
            cidr_block_associations=[{"cidr_block": "100.64.0.0/16", "state": "associated"}],
            ipv6_cidr_block="",
            default=False,
        )
    )

    assert "100.64.0.0/16" in facts(one(found, Vpc, "vpc-1"))["cidrs"]


def test_a_list_of_amazons_own_is_amazons_and_its_entries_are_not_known() -> None:
    found = terraform(instance("data.aws_ec2_managed_prefix_list.s3", name="com.amazonaws.eu-west-1.s3"))
    (listed,) = found.all(PrefixList).items

    assert listed.name == "com.amazonaws.eu-west-1.s3"
    assert listed.owner.is_("AWS").is_yes
    assert isinstance(listed.entries, Unknown)


def test_blocks_that_amazon_chooses_are_not_known_and_others_nobody_asked_for() -> None:
    """A plan leaves the IPv6 block of every VPC to the apply."""
    asked = instance("aws_vpc.main", cidr_block="10.0.0.0/16", assign_generated_ipv6_cidr_block=True)
    plain = instance("aws_vpc.main", cidr_block="10.0.0.0/16", ipv6_cidr_block=LOST)

    assert facts(one(terraform(asked), Vpc, "aws_vpc.main"))["cidrs"].startswith("Unknown")
    assert facts(one(terraform(plain), Vpc, "aws_vpc.main"))["cidrs"] == "Known((Cidr(text='10.0.0.0/16'),))"


def test_a_zone_is_known_by_its_name_before_the_apply() -> None:
    found = terraform(
        instance(
            "aws_subnet.a",
            vpc_id="vpc-1",
            cidr_block="10.0.1.0/24",
            availability_zone="eu-west-1a",
            availability_zone_id=LOST,
            owner_id=LOST,
        )
    )
    subnet = facts(one(found, Subnet, "aws_subnet.a"))

    assert (subnet["zone"], subnet["zone_id"], subnet["owner"]) == (
        "Known('eu-west-1a')",
        "Known(None)",
        f"Known('{ACCOUNT}')",
    )


def test_an_endpoint_or_interface_without_groups_wears_the_default_one() -> None:
    """Source: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html."""
    vpc = Symbol("aws_vpc.main")
    found = terraform(
        MAIN,
        instance("aws_subnet.a", vpc_id=vpc, cidr_block="10.0.1.0/24"),
        instance("aws_vpc_endpoint.e", vpc_id=vpc, vpc_endpoint_type="Interface", service_name="s"),
        instance("aws_vpc_endpoint.g", vpc_id=vpc, service_name="s"),
        instance("aws_network_interface.n", subnet_id=Symbol("aws_subnet.a")),
    )

    worn = f"Known(('{DEFAULT_GROUP}',))"
    assert facts(one(found, VpcEndpoint, "aws_vpc_endpoint.e"))["groups"] == worn
    assert facts(one(found, VpcEndpoint, "aws_vpc_endpoint.g"))["groups"] == "Known(())"
    assert facts(one(found, NetworkInterface, "aws_network_interface.n"))["groups"] == worn


@pytest.mark.parametrize(("values", "active"), [({"auto_accept": True}, "Known(True)"), ({}, "Unknown")])
def test_a_peering_that_nobody_here_accepts_may_never_work(values: Values, active: str) -> None:
    found = terraform(instance("aws_vpc_peering_connection.p", values, vpc_id="vpc-1", peer_vpc_id="vpc-2"))

    assert facts(one(found, PeeringConnection, "aws_vpc_peering_connection.p"))["active"].startswith(active)


def test_a_gateway_of_elsewhere_may_join_other_networks() -> None:
    found = terraform(instance("data.aws_ec2_transit_gateway.t", id="tgw-1"))
    (attachment,) = found.all(TransitGatewayAttachment).items

    assert attachment.gateway.is_("tgw-1").is_yes
    assert isinstance(attachment.resource_type, Unknown)


def test_a_list_that_only_an_apply_settles_is_missing_by_its_name() -> None:
    found = terraform(
        instance(
            "aws_vpc_endpoint.e", vpc_id="vpc-1", service_name="s", route_table_ids=Symbol("module.vpc.route_table_ids")
        )
    )

    assert "module.vpc.route_table_ids" in facts(one(found, VpcEndpoint, "aws_vpc_endpoint.e"))["route_tables"]


def test_a_route_to_what_nobody_can_tell_leads_to_an_unknown_target() -> None:
    """A symbol that does not show whether it is an internet gateway must not be taken for none."""
    found = terraform(
        instance(
            "aws_route_table.t",
            vpc_id="vpc-1",
            route=[
                {"cidr_block": "0.0.0.0/0", "gateway_id": Symbol("var.gateway")},
                {"cidr_block": "10.9.0.0/16", "vpc_peering_connection_id": Symbol("aws_vpc_peering_connection.p")},
            ],
        )
    )

    routes = facts(one(found, RouteTable, "aws_route_table.t"))["routes"]
    assert "target=Unknown(the value of var.gateway)" in routes
    assert "target=Known('aws_vpc_peering_connection.p')" in routes


def test_an_endpoint_may_be_routed_to_by_the_table_that_came_with_the_vpc() -> None:
    found = terraform(
        MAIN,
        instance(
            "aws_vpc_endpoint.e",
            vpc_id=Symbol("aws_vpc.main"),
            service_name="s",
            route_table_ids=[Symbol("aws_vpc.main.main_route_table_id")],
        ),
    )

    assert facts(one(found, VpcEndpoint, "aws_vpc_endpoint.e"))["route_tables"] == f"Known(('{MAIN_TABLE}',))"

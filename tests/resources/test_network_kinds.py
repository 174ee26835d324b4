"""The network kinds: what the AWS API tells becomes facts, and what it leaves out its documented default."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

import botocore
import jmespath  # type: ignore[import-untyped]  # it has no types
import pytest

from checker.model import traffic
from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall, Raw
from checker.model.fact import Fact, Known, Missing, Unknown, known_or
from checker.model.record import Gap, Origin, Record, Scope, Status
from checker.model.resource import Resource
from checker.resources import (
    egress_only_gateway,
    internet_gateway,
    nat_gateway,
    network_acl,
    network_interface,
    peering_connection,
    prefix_list,
    route_table,
    security_group,
    security_group_rule,
    subnet,
    transit_gateway,
    transit_gateway_attachment,
    transit_gateway_peering_attachment,
    transit_gateway_route_table,
    transit_gateway_vpc_attachment,
    vpc,
    vpc_endpoint,
    vpc_public_access,
    vpc_public_access_exclusion,
    vpn_gateway,
)
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.security_group_rule import GroupPeer, PrefixListPeer

MODULES = (
    egress_only_gateway,
    internet_gateway,
    nat_gateway,
    network_acl,
    network_interface,
    peering_connection,
    prefix_list,
    route_table,
    security_group,
    security_group_rule,
    subnet,
    transit_gateway,
    transit_gateway_attachment,
    transit_gateway_peering_attachment,
    transit_gateway_route_table,
    transit_gateway_vpc_attachment,
    vpc,
    vpc_endpoint,
    vpc_public_access,
    vpc_public_access_exclusion,
    vpn_gateway,
)
SCOPE = Scope("111122223333", "eu-west-1")
GAP = Gap(
    type="X",
    scope=SCOPE,
    item="ec2:Describe",
    status=Status.DENIED,
    error="AccessDenied",
    supply="allow it",
    parent="x",
)
R = TypeVar("R", bound=Resource)
T = TypeVar("T")


def read(kind: Kind[R], raw: Mapping[str, object]) -> R:
    """Return the one resource that a kind's parser makes of a raw record."""
    ((dialect, type_),) = ((dialect, type_) for dialect, type_ in kind.spellings if dialect == "aws-api")
    (resource,) = kind.spellings[dialect, type_](Reader.of(Record(dialect, type_, SCOPE, raw, Origin("aws"))))
    return resource


def value(fact: Fact[T]) -> T:
    """Return a fact's value, which must be known."""
    assert isinstance(fact, Known), fact
    found: T = fact.value
    return found


def texts(fact: Fact[tuple[Cidr, ...]]) -> list[str]:
    """Return the texts of known blocks."""
    return [str(cidr) for cidr in value(fact)]


def unknown_fields(resource: Resource) -> set[str]:
    """Return the names of a resource's fields that are not known."""
    return {item.name for item in fields(resource) if isinstance(getattr(resource, item.name), Unknown)}


@dataclass
class Listed:
    """What was listed: raw records by type, and the types whose listing has a gap."""

    records: Mapping[str, Iterable[Raw]] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()

    def raw(self, type: str) -> tuple[Raw, ...]:
        """Return the raw records of a type."""
        return tuple(self.records.get(type, ()))

    def complete(self, type: str) -> bool:
        """Tell whether the listing of a type has no gap."""
        return type not in self.incomplete


def is_asked(kind: Kind[R], seen: Listed) -> bool:
    """Tell whether a kind's listing is asked for after `seen`."""
    call = kind.calls[0]
    assert isinstance(call, ListCall)
    return call.when is None or call.when(seen)


VPC: Raw = {
    "VpcId": "vpc-1",
    "OwnerId": "111122223333",
    "CidrBlock": "10.0.0.0/16",
    "IsDefault": False,
    "CidrBlockAssociationSet": [
        {"AssociationId": "a-1", "CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"AssociationId": "a-2", "CidrBlock": "100.64.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"AssociationId": "a-3", "CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": "disassociated"}},
    ],
    "Ipv6CidrBlockAssociationSet": [
        {"AssociationId": "b-1", "Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
        {"AssociationId": "b-2", "Ipv6CidrBlockState": {"State": "associating"}},
    ],
    "Tags": [{"Key": "Name", "Value": "shop"}],
}
SUBNET: Raw = {
    "SubnetId": "subnet-1",
    "SubnetArn": "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
    "VpcId": "vpc-1",
    "OwnerId": "111122223333",
    "CidrBlock": "10.0.1.0/24",
    "AvailabilityZone": "eu-west-1a",
    "AvailabilityZoneId": "euw1-az1",
    "MapPublicIpOnLaunch": True,
    "AssignIpv6AddressOnCreation": True,
    "Ipv6CidrBlockAssociationSet": [
        {"Ipv6CidrBlock": "2001:db8:0:1::/64", "Ipv6CidrBlockState": {"State": "associated"}},
        {"Ipv6CidrBlock": "2001:db8:0:2::/64", "Ipv6CidrBlockState": {"State": "disassociating"}},
    ],
}
ROUTE_TABLE: Raw = {
    "RouteTableId": "rtb-1",
    "VpcId": "vpc-1",
    "Associations": [
        {"Main": False, "SubnetId": "subnet-1", "AssociationState": {"State": "associated"}},
        {"Main": False, "SubnetId": "subnet-2"},
        {"Main": False, "SubnetId": "subnet-3", "AssociationState": {"State": "failed"}},
        {"Main": False, "GatewayId": "igw-1", "AssociationState": {"State": "associated"}},
    ],
    "Routes": [
        {
            "DestinationCidrBlock": "10.0.0.0/16",
            "GatewayId": "local",
            "Origin": "CreateRouteTable",
            "State": "active",
        }
    ],
}
NETWORK_ACL: Raw = {
    "NetworkAclId": "acl-1",
    "VpcId": "vpc-1",
    "IsDefault": True,
    "Associations": [{"NetworkAclAssociationId": "x", "NetworkAclId": "acl-1", "SubnetId": "subnet-1"}],
    "Entries": [
        {"CidrBlock": "0.0.0.0/0", "Egress": True, "Protocol": "-1", "RuleAction": "allow", "RuleNumber": 100},
        {"Ipv6CidrBlock": "::/0", "Egress": False, "Protocol": "-1", "RuleAction": "deny", "RuleNumber": 32768},
    ],
}
INTERNET_GATEWAY: Raw = {
    "InternetGatewayId": "igw-1",
    "Attachments": [{"State": "available", "VpcId": "vpc-1"}],
    "Tags": [],
}
EGRESS_ONLY: Raw = {
    "EgressOnlyInternetGatewayId": "eigw-1",
    "Attachments": [{"State": "attached", "VpcId": "vpc-1"}],
}
NAT_GATEWAY: Raw = {
    "NatGatewayId": "nat-1",
    "VpcId": "vpc-1",
    "SubnetId": "subnet-1",
    "State": "available",
    "NatGatewayAddresses": [{"NetworkInterfaceId": "eni-1", "PrivateIp": "10.0.1.4", "PublicIp": "203.0.113.4"}],
}
PEERING: Raw = {
    "VpcPeeringConnectionId": "pcx-1",
    "Status": {"Code": "active", "Message": "Active"},
    "RequesterVpcInfo": {
        "VpcId": "vpc-1",
        "CidrBlock": "10.0.0.0/16",
        "CidrBlockSet": [{"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "100.64.0.0/16"}],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8::/56"}],
        "OwnerId": "111122223333",
        "Region": "eu-west-1",
    },
    "AccepterVpcInfo": {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16", "OwnerId": "444455556666", "Region": "us-east-1"},
}
TRANSIT_GATEWAY: Raw = {
    "TransitGatewayId": "tgw-1",
    "TransitGatewayArn": "arn:aws:ec2:eu-west-1:111122223333:transit-gateway/tgw-1",
    "Options": {"SecurityGroupReferencingSupport": "enable"},
}
ATTACHMENT: Raw = {
    "TransitGatewayAttachmentId": "tgw-attach-1",
    "TransitGatewayId": "tgw-1",
    "TransitGatewayOwnerId": "111122223333",
    "ResourceType": "vpc",
    "ResourceId": "vpc-1",
    "State": "available",
    "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"},
}
VPC_ATTACHMENT: Raw = {
    "TransitGatewayAttachmentId": "tgw-attach-1",
    "TransitGatewayId": "tgw-1",
    "VpcId": "vpc-1",
    "VpcOwnerId": "444455556666",
    "State": "available",
    "SubnetIds": ["subnet-1", "subnet-2"],
    "Options": {
        "DnsSupport": "enable",
        "SecurityGroupReferencingSupport": "disable",
        "Ipv6Support": "enable",
        "ApplianceModeSupport": "enable",
    },
}
GATEWAY_PEERING: Raw = {
    "TransitGatewayAttachmentId": "tgw-attach-9",
    "RequesterTgwInfo": {"TransitGatewayId": "tgw-1", "OwnerId": "111122223333", "Region": "eu-west-1"},
    "AccepterTgwInfo": {"TransitGatewayId": "tgw-2", "OwnerId": "444455556666", "Region": "us-east-1"},
    "State": "available",
}
VPN_GATEWAY: Raw = {
    "VpnGatewayId": "vgw-1",
    "State": "available",
    "Type": "ipsec.1",
    "VpcAttachments": [{"State": "detached", "VpcId": "vpc-9"}, {"State": "attached", "VpcId": "vpc-1"}],
}
TRANSIT_TABLE: Raw = {
    "TransitGatewayRouteTableId": "tgw-rtb-1",
    "TransitGatewayId": "tgw-1",
    "State": "available",
    "Search": {
        "Routes": [
            {
                "DestinationCidrBlock": "10.1.0.0/16",
                "TransitGatewayAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-1", "ResourceId": "vpc-1"}],
                "Type": "propagated",
                "State": "active",
            }
        ],
        "AdditionalRoutesAvailable": False,
    },
}
ENDPOINT: Raw = {
    "VpcEndpointId": "vpce-1",
    "VpcEndpointType": "Interface",
    "VpcId": "vpc-1",
    "ServiceName": "com.amazonaws.eu-west-1.secretsmanager",
    "State": "available",
    "SubnetIds": ["subnet-1", "subnet-2"],
    "Groups": [{"GroupId": "sg-1", "GroupName": "endpoint"}],
    "RouteTableIds": [],
    "NetworkInterfaceIds": ["eni-1", "eni-2"],
    "RequesterManaged": False,
    "OwnerId": "111122223333",
}
PREFIX_LIST: Raw = {
    "PrefixListId": "pl-1",
    "PrefixListName": "offices",
    "PrefixListArn": "arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-1",
    "AddressFamily": "IPv4",
    "OwnerId": "111122223333",
    "Entries": [{"Cidr": "198.51.100.0/24"}, {"Cidr": "203.0.113.0/24", "Description": "second"}],
}
GROUP: Raw = {
    "GroupId": "sg-1",
    "GroupName": "database",
    "VpcId": "vpc-1",
    "SecurityGroupArn": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
    "IpPermissions": [
        {
            "IpProtocol": "tcp",
            "FromPort": 3306,
            "ToPort": 3306,
            "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "inside"}, {"CidrIp": "192.168.0.0/16"}],
            "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/56"}],
            "PrefixListIds": [{"PrefixListId": "pl-1"}],
            "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "111122223333"}],
        }
    ],
    "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
}
INTERFACE: Raw = {
    "NetworkInterfaceId": "eni-1",
    "VpcId": "vpc-1",
    "SubnetId": "subnet-1",
    "AvailabilityZone": "eu-west-1a",
    "OwnerId": "111122223333",
    "Description": "Primary network interface",
    "InterfaceType": "interface",
    "RequesterManaged": False,
    "SourceDestCheck": False,
    "Status": "in-use",
    "Groups": [{"GroupId": "sg-1", "GroupName": "app"}, {"GroupId": "sg-2", "GroupName": "common"}],
    "PrivateIpAddress": "10.0.1.5",
    "PrivateIpAddresses": [
        {"Primary": True, "PrivateIpAddress": "10.0.1.5", "Association": {"PublicIp": "203.0.113.5"}},
        {"Primary": False, "PrivateIpAddress": "10.0.1.6", "Association": {"PublicIp": "203.0.113.6"}},
        {"Primary": False, "PrivateIpAddress": "10.0.1.7"},
    ],
    "Ipv6Addresses": [{"Ipv6Address": "2001:db8:0:1::5"}],
    "Association": {"PublicIp": "203.0.113.5"},
    "Attachment": {"InstanceId": "i-1", "Status": "attached"},
    "TagSet": [{"Key": "Name", "Value": "front"}],
}
BLOCK: Raw = {
    "AwsAccountId": "111122223333",
    "AwsRegion": "eu-west-1",
    "State": "update-complete",
    "InternetGatewayBlockMode": "block-ingress",
}
EXCLUSION: Raw = {
    "ExclusionId": "vpcbpa-exclude-1",
    "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
    "InternetGatewayExclusionMode": "allow-bidirectional",
    "State": "create-complete",
}
EXAMPLES: tuple[tuple[Kind[Resource], Raw], ...] = (  # type: ignore[assignment]  # a kind is invariant in its type
    (vpc.KIND, VPC),
    (subnet.KIND, SUBNET),
    (route_table.KIND, ROUTE_TABLE),
    (network_acl.KIND, NETWORK_ACL),
    (internet_gateway.KIND, INTERNET_GATEWAY),
    (egress_only_gateway.KIND, EGRESS_ONLY),
    (nat_gateway.KIND, NAT_GATEWAY),
    (peering_connection.KIND, PEERING),
    (transit_gateway.KIND, TRANSIT_GATEWAY),
    (transit_gateway_attachment.KIND, ATTACHMENT),
    (transit_gateway_route_table.KIND, TRANSIT_TABLE),
    (transit_gateway_vpc_attachment.KIND, VPC_ATTACHMENT),
    (transit_gateway_peering_attachment.KIND, GATEWAY_PEERING),
    (vpn_gateway.KIND, VPN_GATEWAY),
    (vpc_endpoint.KIND, ENDPOINT),
    (prefix_list.KIND, PREFIX_LIST),
    (security_group.KIND, GROUP),
    (network_interface.KIND, INTERFACE),
    (vpc_public_access.KIND, BLOCK),
    (vpc_public_access_exclusion.KIND, EXCLUSION),
)
NAMES = [kind.type.kind for kind, _ in EXAMPLES]


@pytest.mark.parametrize(("kind", "raw"), EXAMPLES, ids=NAMES)
def test_a_full_answer_leaves_nothing_unknown(kind: Kind[Resource], raw: Raw) -> None:
    assert unknown_fields(read(kind, raw)) == set()


BLANKED = [(kind, raw, key) for kind, raw in EXAMPLES for key in raw]


@pytest.mark.parametrize(("kind", "raw", "key"), BLANKED, ids=[f"{k.type.kind}-{key}" for k, _, key in BLANKED])
def test_a_gap_is_told_or_changes_nothing(kind: Kind[Resource], raw: Raw, key: str) -> None:
    told = {**raw, key: GAP}
    try:
        blanked = read(kind, told)
    except ValueError:
        return
    whole = read(kind, raw)

    for name in (item.name for item in fields(whole)):
        before, after = getattr(whole, name), getattr(blanked, name)
        if isinstance(after, Unknown):
            assert GAP.missing in after.missing
        elif isinstance(after, Known):
            assert repr(after.value) == repr(before.value)


@pytest.mark.parametrize(("kind", "raw", "key"), BLANKED, ids=[f"{k.type.kind}-{key}" for k, _, key in BLANKED])
def test_a_value_of_another_type_is_never_taken_for_another_fact(kind: Kind[Resource], raw: Raw, key: str) -> None:
    wrong: object = 7.5 if isinstance(raw[key], (list, Mapping)) else [{"a": "b"}]
    try:
        blanked = read(kind, {**raw, key: wrong})
    except ValueError:
        return
    whole = read(kind, raw)

    for name in (item.name for item in fields(whole)):
        before, after = getattr(whole, name), getattr(blanked, name)
        if isinstance(after, Known):
            assert repr(after.value) == repr(before.value)


@pytest.mark.parametrize("identity", ["VpcId", "SubnetId", "RouteTableId", "NetworkInterfaceId", "GroupId"])
def test_a_record_without_its_id_is_refused(identity: str) -> None:
    kind, raw = next((kind, raw) for kind, raw in EXAMPLES if next(iter(raw)) == identity)

    with pytest.raises(ValueError, match=identity):
        read(kind, {key: item for key, item in raw.items() if key != identity})


class TestVpc:
    def test_blocks_of_both_families_that_are_associated(self) -> None:
        found = read(vpc.KIND, VPC)

        assert texts(found.cidrs) == ["10.0.0.0/16", "100.64.0.0/16", "2001:db8::/56"]
        assert (found.id, found.name, value(found.is_default)) == ("vpc-1", "shop", False)

    def test_defaults(self) -> None:
        found = read(vpc.KIND, {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"})

        assert texts(found.cidrs) == ["10.0.0.0/16"]
        assert value(found.is_default) is False

    @pytest.mark.parametrize(
        "raw",
        [
            {"VpcId": "vpc-1"},
            {"VpcId": "vpc-1", "CidrBlock": "ten"},
            {**VPC, "CidrBlockAssociationSet": [{"CidrBlock": "10.0.0.0/16", "CidrBlockState": "associated"}]},
            {**VPC, "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlockState": {"State": "associated"}}]},
        ],
    )
    def test_blocks_that_are_not_told(self, raw: Raw) -> None:
        assert isinstance(read(vpc.KIND, raw).cidrs, Unknown)


class TestSubnet:
    def test_facts(self) -> None:
        found = read(subnet.KIND, SUBNET)

        assert texts(found.cidrs) == ["10.0.1.0/24", "2001:db8:0:1::/64"]
        assert (value(found.vpc), value(found.zone), value(found.zone_id)) == ("vpc-1", "eu-west-1a", "euw1-az1")
        assert value(found.public_on_launch)
        assert value(found.ipv6_on_launch)
        assert value(found.owner) == "111122223333"

    def test_defaults(self) -> None:
        absent = ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "AvailabilityZoneId")
        found = read(subnet.KIND, {key: item for key, item in SUBNET.items() if key not in absent})

        assert value(found.public_on_launch) is False
        assert value(found.ipv6_on_launch) is False
        assert value(found.zone_id) is None

    def test_a_subnet_for_ipv6_only(self) -> None:
        found = read(subnet.KIND, {key: item for key, item in SUBNET.items() if key != "CidrBlock"})

        assert texts(found.cidrs) == ["2001:db8:0:1::/64"]

    def test_a_subnet_without_any_block_is_not_told_in_full(self) -> None:
        assert unknown_fields(read(subnet.KIND, {"SubnetId": "subnet-1"})) == {"vpc", "cidrs", "zone", "owner"}

    def test_what_is_missing_names_the_subnet(self) -> None:
        found = read(subnet.KIND, {"AvailabilityZoneId": "euw1-az1", "SubnetId": "subnet-1"})

        assert found.vpc.missing[0].fact == "Subnet subnet-1: VpcId"


def routed(**route: object) -> route_table.Route:
    """Return the one route of a table that has `route`."""
    raw = {"DestinationCidrBlock": "0.0.0.0/0", **route}
    (found,) = value(read(route_table.KIND, {**ROUTE_TABLE, "Routes": [raw]}).routes)
    return found


class TestRouteTable:
    def test_associations(self) -> None:
        found = read(route_table.KIND, ROUTE_TABLE)

        assert value(found.subnets) == ("subnet-1", "subnet-2")
        assert value(found.gateways) == ("igw-1",)
        assert value(found.is_main) is False
        assert value(found.vpc) == "vpc-1"

    def test_the_main_table(self) -> None:
        found = read(route_table.KIND, {**ROUTE_TABLE, "Associations": [{"Main": True, "RouteTableId": "rtb-1"}]})

        assert value(found.is_main) is True
        assert value(found.subnets) == ()

    def test_a_table_for_nobody(self) -> None:
        found = read(route_table.KIND, {**ROUTE_TABLE, "Associations": []})

        assert value(found.is_main) is False
        assert value(found.subnets) == value(found.gateways) == ()

    def test_an_active_route_to_what_is_not_known_here_is_no_black_hole(self) -> None:
        assert not isinstance(routed(State="active", NewKindOfTargetId="new-1").target, Known)
        assert value(routed(State="blackhole").target) == ""

    def test_lists_that_no_answer_lacks(self) -> None:
        found = read(route_table.KIND, {"RouteTableId": "rtb-1", "VpcId": "vpc-1"})

        assert unknown_fields(found) == {"is_main", "subnets", "gateways", "routes"}

    @pytest.mark.parametrize(
        ("key", "target"),
        [
            ("GatewayId", "local"),
            ("GatewayId", "igw-1"),
            ("GatewayId", "vgw-1"),
            ("GatewayId", "vpce-1"),
            ("NatGatewayId", "nat-1"),
            ("TransitGatewayId", "tgw-1"),
            ("VpcPeeringConnectionId", "pcx-1"),
            ("NetworkInterfaceId", "eni-1"),
            ("EgressOnlyInternetGatewayId", "eigw-1"),
            ("LocalGatewayId", "lgw-1"),
            ("CarrierGatewayId", "cagw-1"),
            ("CoreNetworkArn", "arn:aws:networkmanager::111122223333:core-network/c-1"),
            ("OdbNetworkArn", "arn:aws:odb:eu-west-1:111122223333:odb-network/o-1"),
            ("InstanceId", "i-1"),
        ],
    )
    def test_every_target(self, key: str, target: str) -> None:
        assert value(routed(**{key: target}).target) == target

    def test_the_interface_of_an_instance_is_the_target(self) -> None:
        assert value(routed(InstanceId="i-1", InstanceOwnerId="1", NetworkInterfaceId="eni-1").target) == "eni-1"

    def test_no_target(self) -> None:
        assert value(routed(State="blackhole").target) == ""

    def test_a_target_of_another_type_is_not_passed_over(self) -> None:
        assert isinstance(routed(GatewayId=["igw-1"], NatGatewayId="nat-1").target, Unknown)

    @pytest.mark.parametrize(
        ("route", "active"), [({}, True), ({"State": "active"}, True), ({"State": "blackhole"}, False)]
    )
    def test_activity(self, route: Raw, active: bool) -> None:
        assert value(routed(**route).active) is active

    @pytest.mark.parametrize(
        ("origin", "propagated"),
        [
            ("CreateRoute", False),
            ("CreateRouteTable", False),
            ("EnableVgwRoutePropagation", True),
            ("Advertisement", True),
        ],
    )
    def test_propagation(self, origin: str, propagated: bool) -> None:
        assert value(routed(Origin=origin).propagated) is propagated
        assert value(routed().propagated) is False

    def test_destinations(self) -> None:
        routes = [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
            {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1"},
        ]
        found = value(read(route_table.KIND, {**ROUTE_TABLE, "Routes": routes}).routes)

        assert [value(route.destination) for route in found] == [
            Cidr("10.0.0.0/16"),
            Cidr("::/0"),
            PrefixListPeer("pl-1"),
        ]

    def test_a_route_whose_destination_is_not_told(self) -> None:
        (found,) = value(read(route_table.KIND, {**ROUTE_TABLE, "Routes": [{"GatewayId": "igw-1"}]}).routes)

        assert isinstance(found.destination, Unknown)
        assert value(found.target) == "igw-1"


def entry(**given: object) -> network_acl.AclEntry:
    """Return the one entry of a list that has an entry of `given`."""
    raw = {
        "CidrBlock": "0.0.0.0/0",
        "Egress": False,
        "Protocol": "6",
        "RuleAction": "allow",
        "RuleNumber": 100,
        **given,
    }
    (found,) = value(read(network_acl.KIND, {**NETWORK_ACL, "Entries": [raw]}).entries)
    return found


class TestNetworkAcl:
    def test_facts(self) -> None:
        found = read(network_acl.KIND, NETWORK_ACL)
        out, into = value(found.entries)

        assert (value(found.vpc), value(found.is_default), value(found.subnets)) == ("vpc-1", True, ("subnet-1",))
        assert (out.number, value(out.egress), value(out.allow)) == (100, True, True)
        assert (into.number, value(into.egress), value(into.allow)) == (32768, False, False)
        assert (value(out.peer), value(into.peer)) == (Cidr("0.0.0.0/0"), Cidr("::/0"))
        assert value(out.traffic) == value(into.traffic) == traffic.EVERYTHING

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"Protocol": "6"}, traffic.ports(traffic.TCP)),
            ({"PortRange": {"From": 443, "To": 443}}, traffic.tcp(443)),
            ({"PortRange": {"From": 1024, "To": 65535}}, traffic.tcp(1024, 65535)),
            ({"Protocol": "17", "PortRange": {"From": 53, "To": 53}}, traffic.ports(traffic.UDP, 53, 53)),
            ({"Protocol": "1"}, traffic.ports(traffic.ICMP)),
            ({"Protocol": "1", "IcmpTypeCode": {"Type": -1, "Code": -1}}, traffic.ports(traffic.ICMP)),
            ({"Protocol": "1", "IcmpTypeCode": {"Type": 3, "Code": -1}}, traffic.icmp(traffic.ICMP, 3, -1)),
            ({"Protocol": "1", "IcmpTypeCode": {"Type": 8, "Code": 0}}, traffic.icmp(traffic.ICMP, 8, 0)),
            ({"Protocol": "58", "IcmpTypeCode": {"Type": 2, "Code": 0}}, traffic.icmp(traffic.ICMPV6, 2, 0)),
            ({"Protocol": "58", "PortRange": {"From": 1, "To": 2}}, traffic.ports(traffic.ICMPV6)),
            ({"Protocol": "50"}, traffic.ports(50)),
        ],
    )
    def test_traffic(self, given: Raw, expected: object) -> None:
        assert value(entry(**given).traffic) == expected

    @pytest.mark.parametrize("given", [{"Protocol": "999"}, {"PortRange": "443"}, {"PortRange": {"From": "https"}}])
    def test_traffic_that_is_not_told(self, given: Raw) -> None:
        assert isinstance(entry(**given).traffic, Unknown)

    def test_an_action_that_is_neither(self) -> None:
        assert isinstance(entry(RuleAction="pass").allow, Unknown)

    def test_an_entry_without_its_number_hides_the_order(self) -> None:
        found = read(network_acl.KIND, {**NETWORK_ACL, "Entries": [{"CidrBlock": "0.0.0.0/0", "Egress": True}]})

        assert isinstance(found.entries, Unknown)

    def test_lists_that_no_answer_lacks(self) -> None:
        assert unknown_fields(read(network_acl.KIND, {"NetworkAclId": "acl-1", "VpcId": "vpc-1"})) == {
            "subnets",
            "entries",
        }


class TestGateways:
    @pytest.mark.parametrize("state", ["available", "attached"])
    def test_an_attached_internet_gateway(self, state: str) -> None:
        raw = {**INTERNET_GATEWAY, "Attachments": [{"State": state, "VpcId": "vpc-1"}]}

        assert value(read(internet_gateway.KIND, raw).vpcs) == ("vpc-1",)

    @pytest.mark.parametrize("attachments", [[], [{"State": "detaching", "VpcId": "vpc-1"}], [{"VpcId": "vpc-1"}]])
    def test_a_gateway_that_is_not_attached(self, attachments: object) -> None:
        assert value(read(internet_gateway.KIND, {**INTERNET_GATEWAY, "Attachments": attachments}).vpcs) == ()

    def test_attachments_that_are_not_told(self) -> None:
        assert isinstance(read(internet_gateway.KIND, {"InternetGatewayId": "igw-1"}).vpcs, Unknown)

    def test_an_egress_only_gateway(self) -> None:
        assert value(read(egress_only_gateway.KIND, EGRESS_ONLY).vpcs) == ("vpc-1",)

    def test_egress_only_gateways_are_listed_when_a_route_leads_to_one(self) -> None:
        plain = {"Routes": [{"GatewayId": "local"}]}
        routed_out = {"Routes": [{"GatewayId": "local"}, {"EgressOnlyInternetGatewayId": "eigw-1"}]}

        assert not is_asked(egress_only_gateway.KIND, Listed({"RouteTable": [plain]}))
        assert is_asked(egress_only_gateway.KIND, Listed({"RouteTable": [plain, routed_out]}))
        assert is_asked(egress_only_gateway.KIND, Listed({"RouteTable": [plain]}, ("RouteTable",)))

    def test_a_nat_gateway_of_a_zone(self) -> None:
        found = read(nat_gateway.KIND, NAT_GATEWAY)

        assert (value(found.vpc), value(found.subnet), value(found.interfaces)) == ("vpc-1", "subnet-1", ("eni-1",))
        assert value(found.public)
        assert value(found.active)
        assert value(found.zonal)
        assert (value(found.route_table), value(found.addresses)) == (None, ("10.0.1.4",))

    def test_a_private_regional_nat_gateway_in_the_making(self) -> None:
        raw = {
            "NatGatewayId": "nat-1",
            "VpcId": "vpc-1",
            "State": "pending",
            "ConnectivityType": "private",
            "AvailabilityMode": "regional",
            "RouteTableId": "rtb-9",
            "NatGatewayAddresses": [{"AvailabilityZone": "eu-west-1a"}],
        }
        found = read(nat_gateway.KIND, raw)

        assert value(found.subnet) is None
        assert value(found.route_table) == "rtb-9"
        assert value(found.interfaces) == value(found.addresses) == ()
        assert [value(found.public), value(found.active), value(found.zonal)] == [False, False, False]


class TestPeeringConnection:
    def test_facts(self) -> None:
        found = read(peering_connection.KIND, PEERING)

        assert value(found.active)
        assert (value(found.requester_vpc), value(found.accepter_vpc)) == ("vpc-1", "vpc-2")
        assert texts(found.requester_cidrs) == ["10.0.0.0/16", "100.64.0.0/16", "2001:db8::/56"]
        assert texts(found.accepter_cidrs) == ["10.1.0.0/16"]
        assert (value(found.requester_region), value(found.accepter_region)) == ("eu-west-1", "us-east-1")
        assert (value(found.requester_account), value(found.accepter_account)) == ("111122223333", "444455556666")

    def test_an_end_that_has_not_accepted(self) -> None:
        pending = {**PEERING, "Status": {"Code": "pending-acceptance"}, "AccepterVpcInfo": {"VpcId": "vpc-2"}}
        found = read(peering_connection.KIND, pending)

        assert value(found.active) is False
        assert value(found.accepter_region) is None
        assert unknown_fields(found) == {"accepter_cidrs"}


class TestTransitGateway:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ({"SecurityGroupReferencingSupport": "enable"}, True),
            ({"SecurityGroupReferencingSupport": "disable"}, False),
            ({}, False),
        ],
    )
    def test_references(self, options: Raw, expected: bool) -> None:
        assert value(read(transit_gateway.KIND, {**TRANSIT_GATEWAY, "Options": options}).references) is expected

    def test_options_of_another_type(self) -> None:
        assert isinstance(read(transit_gateway.KIND, {**TRANSIT_GATEWAY, "Options": "enable"}).references, Unknown)

    @pytest.mark.parametrize("kind", [transit_gateway_attachment.KIND, transit_gateway_route_table.KIND])
    def test_its_parts_are_listed_when_there_is_one(self, kind: Kind[Resource]) -> None:
        assert not is_asked(kind, Listed())
        assert is_asked(kind, Listed({"TransitGateway": [TRANSIT_GATEWAY]}))
        assert is_asked(kind, Listed(incomplete=("TransitGateway",)))

    def test_an_attachment(self) -> None:
        found = read(transit_gateway_attachment.KIND, ATTACHMENT)

        assert (value(found.gateway), value(found.resource), value(found.resource_type)) == ("tgw-1", "vpc-1", "vpc")
        assert value(found.active)
        assert value(found.table) == "tgw-rtb-1"

    @pytest.mark.parametrize(
        ("state", "active"), [("modifying", True), ("pendingAcceptance", False), ("deleted", False)]
    )
    def test_an_attachment_that_carries_packets(self, state: str, active: bool) -> None:
        assert value(read(transit_gateway_attachment.KIND, {**ATTACHMENT, "State": state}).active) is active

    @pytest.mark.parametrize(
        "association", [None, {}, {"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "disassociated"}]
    )
    def test_an_attachment_without_a_table(self, association: object) -> None:
        raw = {**ATTACHMENT, "Association": association}

        assert value(read(transit_gateway_attachment.KIND, raw).table) is None

    def test_only_the_owner_sees_the_table(self) -> None:
        raw = {**ATTACHMENT, "Association": None, "TransitGatewayOwnerId": "444455556666"}

        assert isinstance(read(transit_gateway_attachment.KIND, raw).table, Unknown)

    def test_a_policy_table_routes_by_rules_that_are_not_read(self) -> None:
        raw = {**ATTACHMENT, "Association": {"TransitGatewayPolicyTableId": "tgw-ptb-1", "State": "associated"}}

        assert isinstance(read(transit_gateway_attachment.KIND, raw).table, Unknown)


def searched(*routes: Raw, **rest: object) -> Fact[tuple[route_table.Route, ...]]:
    """Return the routes of a transit gateway's table whose search found `routes`."""
    raw = {**TRANSIT_TABLE, "Search": {"Routes": list(routes), **rest}}
    return read(transit_gateway_route_table.KIND, raw).routes


class TestTransitGatewayRouteTable:
    def test_a_propagated_route(self) -> None:
        found = read(transit_gateway_route_table.KIND, TRANSIT_TABLE)
        (route,) = value(found.routes)

        assert value(found.gateway) == "tgw-1"
        assert value(route.destination) == Cidr("10.1.0.0/16")
        assert value(route.target) == "tgw-attach-1"
        assert value(route.active)
        assert value(route.propagated)

    def test_a_static_route_to_several_attachments(self) -> None:
        attachments = [{"TransitGatewayAttachmentId": "a-1"}, {"TransitGatewayAttachmentId": "a-2"}]
        routes = value(
            searched({"DestinationCidrBlock": "0.0.0.0/0", "Type": "static", "TransitGatewayAttachments": attachments})
        )

        assert [(value(route.target), value(route.propagated)) for route in routes] == [("a-1", False), ("a-2", False)]

    def test_a_blackhole(self) -> None:
        (route,) = value(searched({"DestinationCidrBlock": "10.9.0.0/16", "Type": "static", "State": "blackhole"}))

        assert (value(route.target), value(route.active)) == ("", False)

    def test_a_deleted_route_is_none(self) -> None:
        assert value(searched({"DestinationCidrBlock": "10.9.0.0/16", "State": "deleted"})) == ()

    def test_destinations_from_a_prefix_list(self) -> None:
        block, name = value(
            searched({"DestinationCidrBlock": "10.9.0.0/16", "PrefixListId": "pl-1"}, {"PrefixListId": "pl-1"})
        )

        assert (value(block.destination), value(name.destination)) == (Cidr("10.9.0.0/16"), PrefixListPeer("pl-1"))

    def test_a_search_that_was_cut_short(self) -> None:
        assert isinstance(searched(AdditionalRoutesAvailable=True), Unknown)

    def test_a_search_that_was_not_made(self) -> None:
        raw = {key: item for key, item in TRANSIT_TABLE.items() if key != "Search"}

        assert isinstance(read(transit_gateway_route_table.KIND, raw).routes, Unknown)

    def test_an_empty_table(self) -> None:
        assert value(searched(AdditionalRoutesAvailable=None)) == ()


class TestTransitGatewayVpcAttachment:
    def test_facts(self) -> None:
        found = read(transit_gateway_vpc_attachment.KIND, VPC_ATTACHMENT)

        assert (found.id, value(found.gateway), value(found.vpc)) == ("tgw-attach-1", "tgw-1", "vpc-1")
        assert value(found.subnets) == ("subnet-1", "subnet-2")
        assert (value(found.active), value(found.ipv6), value(found.appliance_mode)) == (True, True, True)
        assert value(found.references) is False

    def test_naming_groups_is_on_by_default_and_the_rest_off(self) -> None:
        """Source: API_CreateTransitGatewayVpcAttachmentRequestOptions."""
        found = read(transit_gateway_vpc_attachment.KIND, {**VPC_ATTACHMENT, "Options": None})

        assert (value(found.references), value(found.ipv6), value(found.appliance_mode)) == (True, False, False)

    @pytest.mark.parametrize(
        ("state", "active"),
        [("available", True), ("modifying", True), ("pendingAcceptance", False), ("deleting", False)],
    )
    def test_activity(self, state: str, active: bool) -> None:
        found = read(transit_gateway_vpc_attachment.KIND, {**VPC_ATTACHMENT, "State": state})

        assert value(found.active) is active

    def test_subnets_that_are_not_told_are_unknown_as_there_is_always_one(self) -> None:
        found = read(transit_gateway_vpc_attachment.KIND, {**VPC_ATTACHMENT, "SubnetIds": None})

        assert unknown_fields(found) == {"subnets"}

    def test_asked_where_there_may_be_a_transit_gateway(self) -> None:
        kind = transit_gateway_vpc_attachment.KIND

        assert not is_asked(kind, Listed())
        assert is_asked(kind, Listed({"TransitGateway": [TRANSIT_GATEWAY]}))
        assert is_asked(kind, Listed(incomplete=("TransitGateway",)))


class TestTransitGatewayPeeringAttachment:
    def test_facts(self) -> None:
        found = read(transit_gateway_peering_attachment.KIND, GATEWAY_PEERING)

        assert (value(found.requester_gateway), value(found.accepter_gateway)) == ("tgw-1", "tgw-2")
        assert (value(found.requester_region), value(found.accepter_region)) == ("eu-west-1", "us-east-1")
        assert (value(found.requester_account), value(found.accepter_account)) == ("111122223333", "444455556666")
        assert value(found.active)

    def test_an_end_may_be_a_core_network_and_is_otherwise_told(self) -> None:
        core = {"CoreNetworkId": "core-network-1", "OwnerId": "111122223333", "Region": "us-east-1"}
        found = read(transit_gateway_peering_attachment.KIND, {**GATEWAY_PEERING, "AccepterTgwInfo": core})
        bare = read(transit_gateway_peering_attachment.KIND, {**GATEWAY_PEERING, "AccepterTgwInfo": {}})

        assert value(found.accepter_gateway) is None
        assert isinstance(bare.accepter_gateway, Unknown)

    @pytest.mark.parametrize("state", ["pendingAcceptance", "rejected", "deleted", "failed"])
    def test_a_peering_that_nobody_accepted_carries_nothing(self, state: str) -> None:
        found = read(transit_gateway_peering_attachment.KIND, {**GATEWAY_PEERING, "State": state})

        assert value(found.active) is False

    @pytest.mark.parametrize(("type_", "asked"), [("vpc", False), ("vpn", False), ("peering", True)])
    def test_asked_where_a_peering_is_attached(self, type_: str, asked: bool) -> None:
        seen = Listed({"TransitGatewayAttachment": [{**ATTACHMENT, "ResourceType": type_}]})

        assert is_asked(transit_gateway_peering_attachment.KIND, seen) is asked

    def test_asked_where_attachments_were_not_read(self) -> None:
        assert is_asked(transit_gateway_peering_attachment.KIND, Listed(incomplete=("TransitGatewayAttachment",)))


class TestVpnGateway:
    def test_a_vpc_it_was_detached_from_is_none_of_its_own(self) -> None:
        found = read(vpn_gateway.KIND, VPN_GATEWAY)

        assert (found.id, value(found.vpcs), value(found.active)) == ("vgw-1", ("vpc-1",), True)

    def test_attached_to_nothing(self) -> None:
        found = read(vpn_gateway.KIND, {"VpnGatewayId": "vgw-1", "State": "deleting"})

        assert (value(found.vpcs), value(found.active)) == ((), False)

    @pytest.mark.parametrize("state", ["attaching", "detaching"])
    def test_an_attachment_that_changes_is_not_sure(self, state: str) -> None:
        attachments = [{"State": state, "VpcId": "vpc-1"}]
        found = read(vpn_gateway.KIND, {**VPN_GATEWAY, "VpcAttachments": attachments})

        assert unknown_fields(found) == {"vpcs"}

    @pytest.mark.parametrize(
        ("table", "asked"),
        [
            ({"Routes": [{"GatewayId": "vgw-1"}]}, True),
            ({"Associations": [{"GatewayId": "vgw-1"}]}, True),
            ({"Routes": [{"GatewayId": "igw-1"}], "Associations": [{"GatewayId": "igw-1"}]}, False),
        ],
    )
    def test_asked_where_a_table_names_one(self, table: Raw, asked: bool) -> None:
        assert is_asked(vpn_gateway.KIND, Listed({"RouteTable": [table]})) is asked

    def test_asked_where_tables_were_not_read(self) -> None:
        assert is_asked(vpn_gateway.KIND, Listed(incomplete=("RouteTable",)))


class TestVpcEndpoint:
    def test_an_interface_endpoint(self) -> None:
        found = read(vpc_endpoint.KIND, ENDPOINT)

        assert (value(found.vpc), value(found.type)) == ("vpc-1", "Interface")
        assert value(found.service) == "com.amazonaws.eu-west-1.secretsmanager"
        assert value(found.subnets) == ("subnet-1", "subnet-2")
        assert value(found.groups) == ("sg-1",)
        assert value(found.interfaces) == ("eni-1", "eni-2")
        assert value(found.route_tables) == ()
        assert value(found.active)

    def test_the_endpoint_of_a_firewall_is_managed_and_has_no_groups(self) -> None:
        raw = {**ENDPOINT, "VpcEndpointType": "GatewayLoadBalancer", "Groups": [], "RequesterManaged": True}
        found = read(vpc_endpoint.KIND, raw)

        assert (value(found.type), value(found.groups)) == ("GatewayLoadBalancer", ())
        assert (value(found.managed), value(found.owner)) == (True, "111122223333")

    @pytest.mark.parametrize("kind", ["Resource", "ServiceNetwork", "Tunnel"])
    def test_the_younger_types_keep_their_names(self, kind: str) -> None:
        assert value(read(vpc_endpoint.KIND, {**ENDPOINT, "VpcEndpointType": kind}).type) == kind

    def test_a_gateway_endpoint(self) -> None:
        raw = {
            "VpcEndpointId": "vpce-2",
            "VpcEndpointType": "Gateway",
            "VpcId": "vpc-1",
            "ServiceName": "com.amazonaws.eu-west-1.s3",
            "State": "Available",
            "RouteTableIds": ["rtb-1"],
        }
        found = read(vpc_endpoint.KIND, raw)

        assert (value(found.type), value(found.route_tables)) == ("Gateway", ("rtb-1",))
        assert value(found.subnets) == value(found.groups) == value(found.interfaces) == ()
        assert value(found.active)

    @pytest.mark.parametrize(
        ("state", "active"), [("Partial", True), ("pendingAcceptance", False), ("Rejected", False)]
    )
    def test_activity(self, state: str, active: bool) -> None:
        assert value(read(vpc_endpoint.KIND, {**ENDPOINT, "State": state}).active) is active


class TestPrefixList:
    def test_facts(self) -> None:
        found = read(prefix_list.KIND, PREFIX_LIST)

        assert texts(found.entries) == ["198.51.100.0/24", "203.0.113.0/24"]
        assert (found.name, value(found.owner), value(found.family)) == ("offices", "111122223333", "IPv4")

    def test_entries_that_were_not_asked_are_not_none(self) -> None:
        raw = {key: item for key, item in PREFIX_LIST.items() if key != "Entries"}

        assert isinstance(read(prefix_list.KIND, raw).entries, Unknown)
        assert value(read(prefix_list.KIND, {**raw, "Entries": []}).entries) == ()

    @pytest.mark.parametrize(
        ("seen", "asked"),
        [
            (Listed(), False),
            (Listed({"SecurityGroupRule": [{"PrefixListId": "pl-2"}, {"CidrIpv4": "10.0.0.0/8"}]}), False),
            (Listed({"SecurityGroupRule": [{"PrefixListId": "pl-1"}]}), True),
            (Listed({"SecurityGroup": [GROUP]}), True),
            (Listed({"SecurityGroup": [{"IpPermissionsEgress": GROUP["IpPermissions"]}]}), True),
            (Listed({"RouteTable": [{"Routes": [{"GatewayId": "local"}, {"DestinationPrefixListId": "pl-1"}]}]}), True),
            (Listed({"RouteTable": [ROUTE_TABLE]}), False),
            (Listed(incomplete=("RouteTable",)), True),
            (Listed(incomplete=("SecurityGroupRule",)), False),
            (Listed(incomplete=("SecurityGroup",)), False),
            (Listed(incomplete=("SecurityGroup", "SecurityGroupRule")), True),
        ],
    )
    def test_entries_are_asked_when_a_rule_or_a_route_names_the_list(self, seen: Listed, asked: bool) -> None:
        _, call = prefix_list.KIND.calls
        assert isinstance(call, DetailCall)
        assert call.when is not None

        assert call.when(PREFIX_LIST, seen) is asked


class TestSecurityGroup:
    def test_facts(self) -> None:
        found = read(security_group.KIND, GROUP)

        assert (found.name, value(found.vpc), value(found.is_default)) == ("database", "vpc-1", False)
        assert value(read(security_group.KIND, {**GROUP, "GroupName": "default"}).is_default) is True

    def test_one_rule_for_each_peer(self) -> None:
        rules = value(read(security_group.KIND, GROUP).permissions)

        assert [(rule.id, known_or(rule.peer, None)) for rule in rules] == [
            ("sg-1 ingress tcp 3306 from 10.0.0.0/8", Cidr("10.0.0.0/8")),
            ("sg-1 ingress tcp 3306 from 192.168.0.0/16", Cidr("192.168.0.0/16")),
            ("sg-1 ingress tcp 3306 from 2001:db8::/56", Cidr("2001:db8::/56")),
            ("sg-1 ingress tcp 3306 from pl-1", PrefixListPeer("pl-1")),
            ("sg-1 ingress tcp 3306 from sg-2", GroupPeer("sg-2")),
            ("sg-1 egress all traffic to 0.0.0.0/0", Cidr("0.0.0.0/0")),
        ]
        assert {value(rule.group) for rule in rules} == {"sg-1"}
        assert [value(rule.ingress) for rule in rules] == [True] * 5 + [False]
        assert value(rules[0].traffic) == traffic.tcp(3306)
        assert value(rules[-1].traffic) == traffic.EVERYTHING
        assert rules[0].name == "inside"

    def test_the_same_facts_as_the_listing_of_rules(self) -> None:
        listed = read(
            security_group_rule.KIND,
            {
                "SecurityGroupRuleId": "sgr-1",
                "GroupId": "sg-1",
                "IsEgress": False,
                "IpProtocol": "tcp",
                "FromPort": 3306,
                "ToPort": 3306,
                "CidrIpv4": "10.0.0.0/8",
            },
        )
        told = value(read(security_group.KIND, GROUP).permissions)[0]

        assert [value(fact) for fact in (told.group, told.ingress, told.traffic, told.peer)] == [
            value(fact) for fact in (listed.group, listed.ingress, listed.traffic, listed.peer)
        ]

    def test_a_group_that_admits_nothing(self) -> None:
        found = read(security_group.KIND, {**GROUP, "IpPermissions": [], "IpPermissionsEgress": []})

        assert value(found.permissions) == ()

    @pytest.mark.parametrize("path", ["IpPermissions", "IpPermissionsEgress"])
    def test_a_list_that_no_answer_lacks(self, path: str) -> None:
        raw = {key: item for key, item in GROUP.items() if key != path}

        assert isinstance(read(security_group.KIND, raw).permissions, Unknown)

    def test_a_peer_and_traffic_that_are_not_told(self) -> None:
        raw = {**GROUP, "IpPermissions": [{"IpProtocol": "none", "IpRanges": [{"CidrIp": "ten"}, {}]}]}
        bad, absent, _ = value(read(security_group.KIND, raw).permissions)

        assert bad.id == "sg-1 ingress unknown traffic from ten"
        assert absent.id == "sg-1 ingress unknown traffic from an unknown peer"
        assert unknown_fields(bad) == unknown_fields(absent) == {"traffic", "peer"}


class TestNetworkInterface:
    def test_facts(self) -> None:
        found = read(network_interface.KIND, INTERFACE)

        assert (value(found.vpc), value(found.subnet), value(found.zone)) == ("vpc-1", "subnet-1", "eu-west-1a")
        assert value(found.groups) == ("sg-1", "sg-2")
        assert texts(found.addresses) == ["10.0.1.5/32", "10.0.1.6/32", "10.0.1.7/32", "2001:db8:0:1::5/128"]
        assert value(found.public) == ("203.0.113.5", "203.0.113.6")
        assert (value(found.type), value(found.instance), value(found.owner)) == ("interface", "i-1", "111122223333")
        assert (value(found.requester_managed), value(found.requester)) == (False, "")
        assert (found.description, found.name) == ("Primary network interface", "front")
        assert value(found.source_dest_check) is False
        assert value(found.in_use) is True

    def test_defaults(self) -> None:
        absent = (
            "InterfaceType",
            "RequesterManaged",
            "SourceDestCheck",
            "Association",
            "Attachment",
            "TagSet",
            "Description",
        )
        found = read(network_interface.KIND, {key: item for key, item in INTERFACE.items() if key not in absent})

        assert value(found.type) == "interface"
        assert value(found.requester_managed) is False
        assert value(found.source_dest_check) is True
        assert value(found.instance) is None
        assert value(found.tags) == {}
        assert found.description == ""
        assert value(found.public) == ("203.0.113.5", "203.0.113.6")

    def test_an_interface_on_nothing(self) -> None:
        assert value(read(network_interface.KIND, {**INTERFACE, "Status": "available"}).in_use) is False

    def test_an_interface_of_a_service(self) -> None:
        raw = {**INTERFACE, "InterfaceType": "efs", "RequesterManaged": True, "RequesterId": "amazon-efs", "Groups": []}
        found = read(network_interface.KIND, raw)

        assert (value(found.type), value(found.requester_managed), value(found.requester)) == (
            "efs",
            True,
            "amazon-efs",
        )
        assert value(found.groups) == ()

    def test_only_the_primary_address_is_told(self) -> None:
        raw = {key: item for key, item in INTERFACE.items() if key not in ("PrivateIpAddresses", "Ipv6Addresses")}
        found = read(network_interface.KIND, raw)

        assert texts(found.addresses) == ["10.0.1.5/32"]
        assert value(found.public) == ("203.0.113.5",)

    def test_delegated_prefixes_are_addresses_too(self) -> None:
        raw = {
            **INTERFACE,
            "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.16/28"}],
            "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:1:1::/80"}],
        }

        assert texts(read(network_interface.KIND, raw).addresses)[-2:] == ["10.0.1.16/28", "2001:db8:0:1:1::/80"]

    def test_no_address_is_not_the_same_as_no_list(self) -> None:
        without = {key: item for key, item in INTERFACE.items() if "Address" not in key}

        assert isinstance(read(network_interface.KIND, without).addresses, Unknown)
        assert texts(read(network_interface.KIND, {**without, "PrivateIpAddresses": []}).addresses) == []

    def test_an_absent_list_of_groups_is_not_no_group(self) -> None:
        raw = {key: item for key, item in INTERFACE.items() if key != "Groups"}

        assert isinstance(read(network_interface.KIND, raw).groups, Unknown)


class TestVpcPublicAccess:
    def test_the_mode_of_the_region(self) -> None:
        found = read(vpc_public_access.KIND, BLOCK)

        assert (found.id, value(found.mode)) == ("eu-west-1", "block-ingress")

    def test_the_region_where_the_answer_does_not_say(self) -> None:
        assert read(vpc_public_access.KIND, {"InternetGatewayBlockMode": "off"}).id == "eu-west-1"

    def test_a_mode_that_is_changing(self) -> None:
        assert isinstance(read(vpc_public_access.KIND, {**BLOCK, "State": "update-in-progress"}).mode, Unknown)

    def test_a_mode_that_is_not_told(self) -> None:
        assert isinstance(read(vpc_public_access.KIND, {"AwsRegion": "eu-west-1"}).mode, Unknown)

    def test_an_exclusion(self) -> None:
        found = read(vpc_public_access_exclusion.KIND, EXCLUSION)

        assert (found.id, value(found.resource), value(found.mode)) == (
            "vpcbpa-exclude-1",
            "subnet-1",
            "allow-bidirectional",
        )
        assert value(found.active)

    @pytest.mark.parametrize(
        ("state", "active"),
        [
            ("update-complete", True),
            ("update-failed", True),
            ("create-failed", False),
            ("delete-complete", False),
            ("disable-complete", False),
            ("create-in-progress", None),
            ("delete-in-progress", None),
            ("disable-in-progress", None),
        ],
    )
    def test_whether_an_exclusion_is_in_force(self, state: str, active: bool | None) -> None:
        found = read(vpc_public_access_exclusion.KIND, {**EXCLUSION, "State": state})

        assert found.active.is_(True).value is active

    def test_an_exclusion_that_is_changing(self) -> None:
        found = read(vpc_public_access_exclusion.KIND, {**EXCLUSION, "State": "update-in-progress"})

        assert value(found.active)
        assert isinstance(found.mode, Unknown)

    @pytest.mark.parametrize(
        ("seen", "asked"),
        [
            (Listed(), False),
            (Listed({"VpcBlockPublicAccess": [{"InternetGatewayBlockMode": "off"}]}), False),
            (Listed({"VpcBlockPublicAccess": [BLOCK]}), True),
            (Listed({"VpcBlockPublicAccess": [{}]}), True),
            (Listed(incomplete=("VpcBlockPublicAccess",)), True),
        ],
    )
    def test_exclusions_are_listed_when_something_is_blocked(self, seen: Listed, asked: bool) -> None:
        assert is_asked(vpc_public_access_exclusion.KIND, seen) is asked


def _model() -> Mapping[str, dict[str, dict[str, dict[str, object]]]]:
    folder = Path(botocore.__file__).parent / "data" / "ec2"
    path = max(folder.glob("*/service-2.json.gz"))
    return json.loads(gzip.decompress(path.read_bytes()))  # type: ignore[no-any-return]  # the shape is botocore's own


CALLS = [call for module in MODULES for call in module.KIND.calls]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
def test_calls_are_in_the_service_model(call: ListCall | DetailCall) -> None:
    model = _model()
    name = "".join(part.capitalize() for part in call.operation.split("_"))
    shapes = model["shapes"]
    operation = model["operations"][name]
    given = shapes[operation["input"]["shape"]]["members"]  # type: ignore[index]  # names of shapes are texts
    answer = shapes[operation["output"]["shape"]]["members"]  # type: ignore[index]  # as above
    example = {key: [{"x": 1}] for key in answer}

    assert call.service == "ec2"
    assert set(call.arguments) <= set(given)
    assert jmespath.search(call.result, example)
    assert isinstance(call, ListCall) or call.argument in given
    # Without a page size one answer holds more route tables than the largest page does, and as many routes as it.
    unsized = ("describe_route_tables", "search_transit_gateway_routes")
    assert (call.page is None) == ("MaxResults" not in given or call.operation in unsized)
    if call.page:
        limit = shapes[given["MaxResults"]["shape"]].get("max", 1000)  # type: ignore[index]  # as above
        assert call.page == ("MaxResults", limit)


def test_missing_facts_say_what_to_supply() -> None:
    fact = read(vpc.KIND, {"VpcId": "vpc-1"}).cidrs

    assert fact.missing == (Missing("Vpc vpc-1: CidrBlock", "read it, or supply it in the input"),)

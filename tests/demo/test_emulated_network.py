"""EC2 and Elastic Load Balancing read back as AWS words them."""

from ipaddress import ip_address, ip_network
from typing import Any

import boto3
import pytest

from tests.demo.conftest import Network
from tests.demo.reading import interfaces


def balancer(session: boto3.Session, network: Network, kind: str = "application", **more: Any) -> dict[str, Any]:
    groups = {"SecurityGroups": [network.group]} if kind == "application" else {}
    created = session.client("elbv2").create_load_balancer(
        Name="edge", Type=kind, Subnets=network.subnets, **groups, **more
    )
    return created["LoadBalancers"][0]


def test_nat_gateway_has_an_interface_without_groups_in_its_subnet(ec2: Any, network: Network) -> None:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=network.subnets[1], AllocationId=address)["NatGateway"]
    (found,) = interfaces(ec2, network, f"Interface for NAT Gateway {nat['NatGatewayId']}")

    assert found["InterfaceType"] == "nat_gateway"
    assert found["RequesterManaged"] is True
    assert found["Groups"] == []
    assert ip_address(found["PrivateIpAddress"]) in ip_network("10.0.1.0/24")
    described = ec2.describe_nat_gateways()["NatGateways"][0]["NatGatewayAddresses"][0]
    assert described["PrivateIp"] == found["PrivateIpAddress"]
    assert described["NetworkInterfaceId"] == found["NetworkInterfaceId"]


def test_deleted_nat_gateway_leaves_no_interface(ec2: Any, network: Network) -> None:
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=nat)

    assert interfaces(ec2, network, "Interface for NAT Gateway") == []


def test_interface_endpoint_carries_its_own_groups_as_they_change(ec2: Any, network: Network) -> None:
    endpoint = ec2.create_vpc_endpoint(
        VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.ssm", VpcEndpointType="Interface",
        SubnetIds=network.subnets[:2], SecurityGroupIds=[network.group],
    )["VpcEndpoint"]["VpcEndpointId"]  # fmt: skip
    held = interfaces(ec2, network, f"VPC Endpoint Interface {endpoint}")
    assert [each["InterfaceType"] for each in held] == ["vpc_endpoint"] * 2
    assert {group["GroupId"] for each in held for group in each["Groups"]} == {network.group}

    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc)["GroupId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSecurityGroupIds=[other], RemoveSecurityGroupIds=[network.group])
    held = interfaces(ec2, network, f"VPC Endpoint Interface {endpoint}")

    assert {group["GroupId"] for each in held for group in each["Groups"]} == {other}


def test_own_network_acl_ends_in_deny_both_ways(ec2: Any, network: Network) -> None:
    acl = ec2.create_network_acl(VpcId=network.vpc)["NetworkAcl"]["NetworkAclId"]
    entries = ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]["Entries"]

    assert [(each["RuleNumber"], each["RuleAction"], each["Protocol"]) for each in entries] == [
        (32767, "deny", "-1")
    ] * 2
    assert {each["Egress"] for each in entries} == {True, False}


def test_block_public_access_is_off_until_switched_on(ec2: Any) -> None:
    before = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    after = ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]

    assert (before["InternetGatewayBlockMode"], before["State"]) == ("off", "default-state")
    assert (after["InternetGatewayBlockMode"], after["State"]) == ("block-ingress", "update-complete")


def test_block_public_access_exclusions_are_listed(ec2: Any, network: Network) -> None:
    assert ec2.describe_vpc_block_public_access_exclusions()["VpcBlockPublicAccessExclusions"] == []
    ec2.create_vpc_block_public_access_exclusion(VpcId=network.vpc, InternetGatewayExclusionMode="allow-egress")
    (found,) = ec2.describe_vpc_block_public_access_exclusions()["VpcBlockPublicAccessExclusions"]

    assert found["ResourceArn"].endswith(f"vpc/{network.vpc}")
    assert found["InternetGatewayExclusionMode"] == "allow-egress"


def test_launch_template_versions_of_every_template_without_an_id(ec2: Any) -> None:
    for name in ("one", "two"):
        ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-1"})
        ec2.create_launch_template_version(LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-2"})
    versions = ec2.describe_launch_template_versions(Versions=["$Latest", "$Default"])["LaunchTemplateVersions"]

    assert {(each["LaunchTemplateName"], each["VersionNumber"]) for each in versions} == {
        ("one", 1), ("one", 2), ("two", 1), ("two", 2),
    }  # fmt: skip


def test_transit_gateway_routes_can_be_searched(ec2: Any, network: Network) -> None:
    gateway = ec2.create_transit_gateway()["TransitGateway"]
    attached = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway["TransitGatewayId"], VpcId=network.vpc, SubnetIds=network.subnets[:1]
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=gateway["TransitGatewayId"])
    table_id = table["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"]
    ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.9.0.0/16", TransitGatewayRouteTableId=table_id, TransitGatewayAttachmentId=attached
    )
    found = ec2.search_transit_gateway_routes(
        TransitGatewayRouteTableId=table_id, Filters=[{"Name": "state", "Values": ["active"]}]
    )["Routes"]

    assert [each["DestinationCidrBlock"] for each in found] == ["10.9.0.0/16"]
    assert [each["InterfaceType"] for each in interfaces(ec2, network, "Network Interface for Transit")] == [
        "transit_gateway"
    ]


def test_attachments_of_vpcs_and_peerings_are_listed_apart(ec2: Any, network: Network) -> None:
    one, two = (ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"] for _ in range(2))
    attached = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=one, VpcId=network.vpc, SubnetIds=network.subnets[:1]
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    peered = ec2.create_transit_gateway_peering_attachment(
        TransitGatewayId=one, PeerTransitGatewayId=two, PeerAccountId="123456789012", PeerRegion="us-east-1"
    )["TransitGatewayPeeringAttachment"]["TransitGatewayAttachmentId"]

    (of_vpc,) = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    (of_gateway,) = ec2.describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]

    assert (of_vpc["TransitGatewayAttachmentId"], of_vpc["SubnetIds"]) == (attached, network.subnets[:1])
    assert of_vpc["Options"]["SecurityGroupReferencingSupport"] == "enable"
    assert of_gateway["TransitGatewayAttachmentId"] == peered
    assert [of_gateway[end]["TransitGatewayId"] for end in ("RequesterTgwInfo", "AccepterTgwInfo")] == [one, two]


def test_vpn_gateway_names_the_vpc_it_is_attached_to(ec2: Any, network: Network) -> None:
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=network.vpc)
    (found,) = ec2.describe_vpn_gateways()["VpnGateways"]

    assert found["VpnGatewayId"] == gateway
    assert found["VpcAttachments"] == [{"VpcId": network.vpc, "State": "attached"}]


def test_classic_balancer_has_one_interface_per_subnet_and_leaves_none(
    session: boto3.Session, ec2: Any, network: Network
) -> None:
    client: Any = session.client("elb")
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}
    client.create_load_balancer(
        LoadBalancerName="old", Listeners=[listener], Subnets=network.subnets[:2], SecurityGroups=[network.group]
    )
    (found,) = client.describe_load_balancers(PageSize=400)["LoadBalancerDescriptions"]
    held = interfaces(ec2, network, "ELB old")

    assert (found["Subnets"], found["HealthCheck"]["Target"]) == (network.subnets[:2], "TCP:8080")
    assert [each["SubnetId"] for each in held] == network.subnets[:2]
    assert {group["GroupId"] for each in held for group in each["Groups"]} == {network.group}
    assert all(each["Association"]["PublicIp"] for each in held)
    client.delete_load_balancer(LoadBalancerName="old")
    assert interfaces(ec2, network, "ELB old") == []


def test_rule_has_a_description_whatever_it_names(ec2: Any, network: Network) -> None:
    names = ec2.create_managed_prefix_list(PrefixListName="office", MaxEntries=1, AddressFamily="IPv4")["PrefixList"]
    peers = {
        "IpRanges": {"CidrIp": "10.0.0.0/8", "Description": "block"},
        "UserIdGroupPairs": {"GroupId": network.group, "Description": "group"},
        "PrefixListIds": {"PrefixListId": names["PrefixListId"], "Description": "list"},
    }
    for port, (kind, peer) in enumerate(peers.items(), 1):
        allowed = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, kind: [peer]}
        ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[allowed])
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [network.group]}])

    told = {each["FromPort"]: each["Description"] for each in rules["SecurityGroupRules"] if not each["IsEgress"]}
    assert told == {1: "block", 2: "group", 3: "list"}


def test_prefix_list_entries_are_readable(ec2: Any) -> None:
    made = ec2.create_managed_prefix_list(
        PrefixListName="office", AddressFamily="IPv4", MaxEntries=2, Entries=[{"Cidr": "203.0.113.0/24"}]
    )["PrefixList"]["PrefixListId"]

    assert [each["Cidr"] for each in ec2.get_managed_prefix_list_entries(PrefixListId=made)["Entries"]] == [
        "203.0.113.0/24"
    ]


@pytest.mark.parametrize("action", ["describe_egress_only_internet_gateways", "describe_client_vpn_endpoints",
    "describe_instance_connect_endpoints", "describe_transit_gateway_connects", "describe_security_group_rules",
    "describe_transit_gateways", "describe_transit_gateway_attachments", "describe_transit_gateway_route_tables",
    "describe_transit_gateway_peering_attachments", "describe_transit_gateway_vpc_attachments",
    "describe_vpn_gateways"])  # fmt: skip
def test_listing_is_answered(ec2: Any, action: str) -> None:
    answer = getattr(ec2, action)()

    assert isinstance(next(value for key, value in answer.items() if key != "ResponseMetadata"), list)


def test_application_balancer_has_one_public_interface_per_subnet(
    session: boto3.Session, ec2: Any, network: Network
) -> None:
    made = balancer(session, network)
    held = interfaces(ec2, network, f"ELB app/edge/{made['LoadBalancerArn'].rsplit('/', 1)[1]}")

    assert sorted(each["SubnetId"] for each in held) == sorted(network.subnets)
    assert {each["InterfaceType"] for each in held} == {"interface"}
    assert {each["Groups"][0]["GroupId"] for each in held} == {network.group}
    assert {each["Association"]["IpOwnerId"] for each in held} == {"amazon-elb"}


def test_internal_network_balancer_has_private_interfaces(session: boto3.Session, ec2: Any, network: Network) -> None:
    balancer(session, network, "network", Scheme="internal")
    held = interfaces(ec2, network, "ELB net/edge/")

    assert {each["InterfaceType"] for each in held} == {"network_load_balancer"}
    assert not any("Association" in each for each in held)


def test_balancer_interfaces_follow_groups_subnets_and_deletion(
    session: boto3.Session, ec2: Any, network: Network
) -> None:
    elb, arn = session.client("elbv2"), balancer(session, network)["LoadBalancerArn"]
    other = ec2.create_security_group(GroupName="other", Description="other", VpcId=network.vpc)["GroupId"]
    elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    elb.set_subnets(LoadBalancerArn=arn, Subnets=network.subnets[:2])
    held = interfaces(ec2, network, "ELB app/")
    assert sorted(each["SubnetId"] for each in held) == sorted(network.subnets[:2])
    assert {each["Groups"][0]["GroupId"] for each in held} == {other}

    elb.delete_load_balancer(LoadBalancerArn=arn)

    assert interfaces(ec2, network, "ELB app/") == []


def test_balancer_attributes_have_the_documented_defaults(session: boto3.Session, network: Network) -> None:
    arn = balancer(session, network)["LoadBalancerArn"]
    attributes = session.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    found = {each["Key"]: each["Value"] for each in attributes}

    assert found["load_balancing.cross_zone.enabled"] == "true"
    assert found["routing.http.desync_mitigation_mode"] == "defensive"
    assert found["deletion_protection.enabled"] == found["access_logs.s3.enabled"] == "false"


def test_target_group_reads_back_defaults_and_its_balancer_once(session: boto3.Session, network: Network) -> None:
    elb, arn = session.client("elbv2"), balancer(session, network)["LoadBalancerArn"]
    group = elb.create_target_group(Name="app", Protocol="HTTP", Port=80, VpcId=network.vpc)["TargetGroups"][0]
    forward = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
    listener = elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=80, DefaultActions=forward)
    condition = [{"Field": "path-pattern", "Values": ["/a"]}]
    elb.create_rule(
        ListenerArn=listener["Listeners"][0]["ListenerArn"], Priority=1, Conditions=condition, Actions=forward
    )
    attributes = elb.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])["Attributes"]

    assert {each["Key"]: each["Value"] for each in attributes}["stickiness.lb_cookie.duration_seconds"] == "86400"
    assert elb.describe_target_groups()["TargetGroups"][0]["LoadBalancerArns"] == [arn]


def test_actions_are_read_back_complete(session: boto3.Session, network: Network) -> None:
    elb, arn = session.client("elbv2"), balancer(session, network)["LoadBalancerArn"]
    group = elb.create_target_group(Name="app", Protocol="HTTP", Port=80, VpcId=network.vpc)["TargetGroups"][0]
    redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
    forward = {"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}
    for port, action in ((80, redirect), (8080, forward)):
        elb.create_listener(LoadBalancerArn=arn, Protocol="HTTP", Port=port, DefaultActions=[action])
    listeners = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    read = {each["Port"]: each["DefaultActions"][0] for each in listeners}

    assert read[80]["RedirectConfig"]["Port"] == "#{port}"
    assert read[80]["RedirectConfig"]["Host"] == "#{host}"
    assert read[8080]["ForwardConfig"]["TargetGroups"] == [{"TargetGroupArn": group["TargetGroupArn"], "Weight": 1}]


def test_terminated_instance_is_still_listed_and_has_no_network(ec2: Any, network: Network) -> None:
    made = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, SubnetId=network.subnets[0])
    instance = made["Instances"][0]["InstanceId"]
    ec2.terminate_instances(InstanceIds=[instance])
    (reservation,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    (found,) = reservation["Instances"]

    assert found["State"]["Name"] == "terminated"
    assert found.get("NetworkInterfaces", []) == []
    assert "PrivateIpAddress" not in found
    assert "PublicIpAddress" not in found
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []

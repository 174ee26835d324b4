"""Defaults of networks, their gateways, routes, access lists and security groups.

Those of a plan are what the provider fills in itself; the others it leaves to AWS, and the page says what that is.

Source: the "Argument Reference" of each type's page below
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/
"""

from collections.abc import Mapping

_LISTS: Mapping[str, object] = {
    f"{direction}.{key}": value
    for direction in ("ingress", "egress")
    for key, value in (("icmp_type", 0), ("icmp_code", 0))
}
_GROUP: Mapping[str, object] = {f"{direction}.self": False for direction in ("ingress", "egress")}

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "aws_vpc": {"enable_dns_support": True, "instance_tenancy": "default"},
    "aws_default_vpc": {"enable_dns_support": True, "enable_dns_hostnames": True},
    "aws_subnet": {"map_public_ip_on_launch": False, "assign_ipv6_address_on_creation": False, "ipv6_native": False},
    # Source: https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html (default subnets are public)
    "aws_default_subnet": {
        "map_public_ip_on_launch": True,
        "assign_ipv6_address_on_creation": False,
        "ipv6_native": False,
    },
    "aws_security_group": {"description": "Managed by Terraform", **_GROUP},
    "aws_default_security_group": _GROUP,
    "aws_security_group_rule": {"self": False},
    # The pages say 0 for the ICMP type and code that are not set.
    "aws_network_acl": _LISTS,
    "aws_default_network_acl": _LISTS,
    "aws_network_acl_rule": {"egress": False},
    "aws_nat_gateway": {"connectivity_type": "public"},
    "aws_ec2_transit_gateway": {
        "default_route_table_association": "enable",
        "default_route_table_propagation": "enable",
        "auto_accept_shared_attachments": "disable",
        "security_group_referencing_support": "disable",
    },
    # Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachmentRequestOptions.html
    "aws_ec2_transit_gateway_vpc_attachment": {
        "appliance_mode_support": "disable",
        "ipv6_support": "disable",
        "security_group_referencing_support": "enable",
        "transit_gateway_default_route_table_association": True,
        "transit_gateway_default_route_table_propagation": True,
    },
    "aws_ec2_transit_gateway_route": {"blackhole": False},
    "aws_vpc_endpoint": {"vpc_endpoint_type": "Gateway"},
    "aws_vpc_endpoint_security_group_association": {"replace_default_association": False},
    # Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html (InterfaceType)
    "aws_network_interface": {"source_dest_check": True, "interface_type": "interface"},
}

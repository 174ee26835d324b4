"""What sort of thing an id is of: AWS's own ids begin with it, and a symbol names the type of what is to be made."""

import re
from collections.abc import Mapping
from functools import cache

# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
_PREFIXES: Mapping[str, str] = {
    "aws_default_security_group": "sg-",
    "aws_ec2_carrier_gateway": "cagw-",
    "aws_ec2_local_gateway": "lgw-",
    "aws_ec2_managed_prefix_list": "pl-",
    "aws_ec2_transit_gateway": "tgw-",
    "aws_ec2_transit_gateway_connect": "tgw-attach-",
    "aws_ec2_transit_gateway_peering_attachment": "tgw-attach-",
    "aws_ec2_transit_gateway_peering_attachment_accepter": "tgw-attach-",
    "aws_ec2_transit_gateway_vpc_attachment": "tgw-attach-",
    "aws_ec2_transit_gateway_vpc_attachment_accepter": "tgw-attach-",
    "aws_egress_only_internet_gateway": "eigw-",
    "aws_instance": "i-",
    "aws_internet_gateway": "igw-",
    "aws_nat_gateway": "nat-",
    "aws_network_interface": "eni-",
    "aws_prefix_list": "pl-",
    "aws_security_group": "sg-",
    "aws_vpc_endpoint": "vpce-",
    "aws_vpc_peering_connection": "pcx-",
    "aws_vpc_peering_connection_accepter": "pcx-",
    "aws_vpn_gateway": "vgw-",
}
# What an attribute of something else is the id of, by the end of its name.
_ATTRIBUTES: Mapping[str, str] = {
    "security_group_id": "sg-",
    "network_interface_id": "eni-",
    "transit_gateway_attachment_id": "tgw-attach-",
    "prefix_list_id": "pl-",
}
_SYMBOL = re.compile(
    r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*(?:data\.)?(?P<type>aws_\w+)\.[\w-]+(?:\[[^\]]*\])?(?:\.(?P<attribute>\w+))?"
)

_NAME = re.compile(r"[A-Za-z_][\w-]*\.[A-Za-z_]")


@cache
def prefixed(id: str) -> str:
    """Return an id of AWS's own as it is, and for the symbol of one the prefix that the id is going to have.

    What tells neither (`var.gateway`) is returned as it is, and begins with no prefix of AWS's.
    """
    found = _SYMBOL.fullmatch(id) if "." in id else None
    if found is None:
        return id
    attribute = found["attribute"]
    if attribute is None or attribute == "id":
        return _PREFIXES.get(found["type"], id)
    return next((prefix for end, prefix in _ATTRIBUTES.items() if attribute.endswith(end)), id)


def is_symbolic(text: str) -> bool:
    """Tell whether a text is the symbol of something (`var.group`): no id and no block of addresses looks like one."""
    return _NAME.match(text) is not None

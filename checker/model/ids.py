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
# What stands before a symbol where several programs or plans are judged together: `network//` or `plan.json:`.
IN_A_PROGRAM = r'(?:[^"]*(?://|:))?'
_MODULES = r"(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*"
_SYMBOL = re.compile(
    rf"{IN_A_PROGRAM}{_MODULES}(?:data\.)?(?P<type>aws_\w+)\.[\w-]+(?:\[[^\]]*\])?(?:\.(?P<attribute>\w+))?"
)
_MANAGED = re.compile(rf"{IN_A_PROGRAM}{_MODULES}(?P<type>aws_\w+)\.")
# A security group of another account may be told with that account before it.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
_OF_ACCOUNT = re.compile(r"(?:\d{12}|\$\{[^{}]*\})/(?P<group>.+)", re.DOTALL)
# What stands alone between such braces is the symbol itself.
_ALONE = re.compile(r"\$\{(?P<symbol>[^{}]*)\}")

_NAME = re.compile(rf"{IN_A_PROGRAM}[A-Za-z_][\w-]*\.[A-Za-z_]")


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


def managed_type(symbol: str) -> str:
    """Return the type of the resource that a symbol is of, empty for other symbols and for what is none."""
    found = _MANAGED.match(symbol)
    return found["type"] if found else ""


def program_of(symbol: str) -> str | None:
    """Return which program or plan a symbol is of, empty where there is but one; None for what is no symbol."""
    found = re.match(rf"(?P<program>{IN_A_PROGRAM})[A-Za-z_][\w-]*\.[A-Za-z_]", symbol)
    return found["program"] if found else None


def group_id(text: str) -> str:
    """Return a security group's id, or its symbol, without the account that may stand before it."""
    found = _OF_ACCOUNT.fullmatch(text) if "/" in text else None
    if found is None:
        return text
    alone = _ALONE.fullmatch(found["group"])
    return alone["symbol"] if alone else found["group"]


def is_symbolic(text: str) -> bool:
    """Tell whether a text is the symbol of something (`var.group`): no id and no block of addresses looks like one."""
    return _NAME.match(text) is not None

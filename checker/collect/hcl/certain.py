"""What is certain about a symbol although its value is not known: that it is a resource's id, and how that begins."""

from __future__ import annotations

import re

from checker.collect.terraform.types import canonical
from checker.model.symbol import Symbol

_KEY = r'(?:\[(?:\d+|"[^"]*")\])?'
_ID = re.compile(rf"(?:[^\"]*//)?(?:module\.[\w-]+{_KEY}\.)*(aws_\w+)\.[\w-]+{_KEY}(?:\.arn)?")

_ARN = "arn:"
# How the ids begin that Amazon EC2, EFS and Elastic Load Balancing give.
# Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_BEGINNINGS = {
    "aws_default_network_acl": "acl-",
    "aws_default_route_table": "rtb-",
    "aws_default_security_group": "sg-",
    "aws_default_subnet": "subnet-",
    "aws_default_vpc": "vpc-",
    "aws_ec2_managed_prefix_list": "pl-",
    "aws_efs_file_system": "fs-",
    "aws_eip": "eipalloc-",
    "aws_instance": "i-",
    "aws_internet_gateway": "igw-",
    "aws_launch_template": "lt-",
    "aws_lb": _ARN,
    "aws_lb_listener": _ARN,
    "aws_lb_target_group": _ARN,
    "aws_nat_gateway": "nat-",
    "aws_network_acl": "acl-",
    "aws_network_interface": "eni-",
    "aws_route_table": "rtb-",
    "aws_security_group": "sg-",
    "aws_subnet": "subnet-",
    "aws_vpc": "vpc-",
    "aws_vpc_endpoint": "vpce-",
}


def beginning(value: object) -> str:
    """Return how the id or ARN begins that a symbol is, and an empty text where that is not known."""
    type_ = made_type(value)
    return (_ARN if str(value).endswith(".arn") else _BEGINNINGS.get(canonical(type_), "")) if type_ else ""


def is_word(value: object) -> bool:
    """Tell whether a symbol is an id of letters, digits, hyphens, colons and slashes, as those of the services are."""
    return bool(_BEGINNINGS.get(canonical(made_type(value)))) and not str(value).endswith(".arn")


def made_type(value: object) -> str:
    """Return the type of the resource whose id or ARN a symbol is, and an empty text for any other value.

    Such an id is neither null nor empty, is one value and not several, and no two resources of a type have the same.
    """
    found = _ID.fullmatch(value) if isinstance(value, Symbol) else None
    return found[1] if found else ""

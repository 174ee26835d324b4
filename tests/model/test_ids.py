"""Ids: what sort of thing one is of, whether AWS gave it or it stands for what is to be made."""

import pytest

from checker.model.ids import is_symbolic, prefixed


@pytest.mark.parametrize(
    ("id_", "prefix"),
    [
        ("igw-0123", "igw-0123"),
        ("local", "local"),
        ("aws_internet_gateway.main", "igw-"),
        ("aws_internet_gateway.main.id", "igw-"),
        ("aws_nat_gateway.this[0]", "nat-"),
        ('aws_nat_gateway.this["eu-west-1a.b"]', "nat-"),
        ("module.vpc.aws_internet_gateway.this[0]", "igw-"),
        ('module.aws_vpc["a.b"].module.inner[0].aws_vpn_gateway.v', "vgw-"),
        ("data.aws_ec2_transit_gateway.shared", "tgw-"),
        ("aws_ec2_transit_gateway_vpc_attachment.a", "tgw-attach-"),
        ("aws_vpc.main.default_security_group_id", "sg-"),
        ("aws_instance.nat.primary_network_interface_id", "eni-"),
        ("aws_vpc_endpoint.s3.prefix_list_id", "pl-"),
        # What nobody can tell is left alone.
        ("var.gateway_id", "var.gateway_id"),
        ("module.vpc.igw_id", "module.vpc.igw_id"),
        ("aws_internet_gateway.main.vpc_id", "aws_internet_gateway.main.vpc_id"),
        ("10.0.0.0/16", "10.0.0.0/16"),
    ],
)
def test_a_symbol_begins_as_the_id_will(id_: str, prefix: str) -> None:
    assert prefixed(id_) == prefix


@pytest.mark.parametrize(
    ("text", "expected"),
    [("var.group", True), ("module.a.b", True), ("sg-1", False), ("10.0.0.0/8", False), ("fd00::/8", False)],
)
def test_a_symbol_is_told_from_an_id_and_a_block(text: str, expected: bool) -> None:
    assert is_symbolic(text) is expected

"""Ids: what sort of thing one is of, whether AWS gave it or it stands for what is to be made."""

import pytest

from checker.model.ids import group_id, is_symbolic, managed_type, prefixed, program_of


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
        # Where several programs or plans are judged together, each symbol says which one it is of.
        ("network//aws_internet_gateway.main", "igw-"),
        ('envs/prod//module.a["x"].aws_nat_gateway.this["b//c"]', "nat-"),
        ("plans/network.json:aws_vpc.main.default_security_group_id", "sg-"),
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
    [
        ("var.group", True),
        ("module.a.b", True),
        ("app//var.group", True),
        ("app.json:data.aws_vpc.main", True),
        ("sg-1", False),
        ("10.0.0.0/8", False),
        ("fd00::/8", False),
        ("::ffff:10.0.0.0/104", False),
    ],
)
def test_a_symbol_is_told_from_an_id_and_a_block(text: str, expected: bool) -> None:
    assert is_symbolic(text) is expected


@pytest.mark.parametrize(
    ("symbol", "type_"),
    [
        ("aws_lb.main.dns_name", "aws_lb"),
        ('module.a["x.y"].module.b[0].aws_lb.main["k"].arn', "aws_lb"),
        ("edge//module.a.aws_lb.main", "aws_lb"),
        ("data.aws_lb.main", ""),
        ("edge//data.aws_lb.main", ""),
        ("var.aws_lb", ""),
        ("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a.b/1", ""),
    ],
)
def test_the_type_of_what_a_symbol_is_of(symbol: str, type_: str) -> None:
    assert managed_type(symbol) == type_


def test_a_symbol_tells_its_program() -> None:
    assert program_of("app//aws_vpc.v") == program_of("app//var.v") == "app//"
    assert program_of("var.v") == ""
    assert program_of("sg-0123") is None


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("sg-1", "sg-1"),
        ("123456789012/sg-1", "sg-1"),
        ("aws_security_group.app", "aws_security_group.app"),
        ("app//aws_security_group.app", "app//aws_security_group.app"),
        # As an expression with an account before the group leaves it.
        ("123456789012/${aws_security_group.app}", "aws_security_group.app"),
        ("${var.account}/${aws_security_group.app}", "aws_security_group.app"),
        # Names of groups of old are no ids.
        ("amazon-elb/amazon-elb-sg", "amazon-elb/amazon-elb-sg"),
    ],
)
def test_a_group_is_told_without_its_account(text: str, group: str) -> None:
    assert group_id(text) == group

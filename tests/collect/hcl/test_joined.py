"""Several root modules read as one: remote state, and look-ups of what another of them makes."""

from pathlib import Path

import pytest

from checker.model.fact import Missing
from tests.collect.hcl.programs import addresses, is_symbol, read, values, write

NET = """
terraform {
  backend "s3" {
    bucket = "states"
    key    = "net.tfstate"
  }
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main" }
}
resource "aws_subnet" "private" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.${count.index}.0/24"
  tags       = { Tier = "private", Name = "private-${count.index}" }
}
resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.main.id
}
resource "aws_ssm_parameter" "vpc" {
  name  = "/net/vpc"
  value = aws_vpc.main.id
}
output "vpc_id" { value = aws_vpc.main.id }
output "subnets" { value = aws_subnet.private[*].id }
"""

SUBNETS = """
data "aws_vpc" "v" { tags = { Name = "main" } }
data "aws_subnets" "s" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.v.id]
  }
  tags = { Tier = "private" }
}
"""


def joined(tmp_path: Path, app: str, net: str = NET) -> dict[str, object]:
    """Return the values of `aws_lb.x` in a root that is read with the network's."""
    write(tmp_path, {"net/main.tf": net, "app/main.tf": app})
    return dict(values(read(tmp_path / "net", tmp_path / "app"), "app//aws_lb.x"))


def remote(config: str, backend: str = "s3") -> str:
    return f"""
data "terraform_remote_state" "net" {{
  backend = "{backend}"
  config  = {{ {config} }}
}}
resource "aws_lb" "x" {{
  subnets = data.terraform_remote_state.net.outputs.subnets
  name    = data.terraform_remote_state.net.outputs.vpc_id
}}
"""


def test_addresses_of_joined_roots_are_told_apart(tmp_path: Path) -> None:
    same = 'variable "v" {}\nresource "aws_vpc" "v" {\n  cidr_block = var.v\n}\n'
    write(tmp_path, {"one/x/main.tf": same, "two/x/main.tf": same})
    found = read(tmp_path / "one/x", tmp_path / "two/x")

    assert addresses(found) == {"one/x//aws_vpc.v", "two/x//aws_vpc.v"}
    assert {str(one.values["cidr_block"]) for one in found.instances} == {"one/x//var.v", "two/x//var.v"}


def test_remote_state_is_the_outputs_of_the_root_that_keeps_it(tmp_path: Path) -> None:
    lb = joined(tmp_path, remote('bucket = "states", key = "net.tfstate", region = "eu-west-1"'))

    assert lb["subnets"] == ["net//aws_subnet.private[0]", "net//aws_subnet.private[1]"]
    assert is_symbol(lb["name"], "net//aws_vpc.main")


@pytest.mark.parametrize(
    "config", ['bucket = "states", key = "other.tfstate"', 'bucket = "elsewhere", key = "net.tfstate"']
)
def test_remote_state_of_another_place_is_not_answered(tmp_path: Path, config: str) -> None:
    lb = joined(tmp_path, remote(config))

    assert is_symbol(lb["subnets"], "app//data.terraform_remote_state.net.outputs.subnets")


def test_remote_state_of_another_kind_is_not_answered(tmp_path: Path) -> None:
    lb = joined(tmp_path, remote('bucket = "states", prefix = "net"', "gcs"))

    assert is_symbol(lb["name"], "app//data.terraform_remote_state.net.outputs.vpc_id")


def test_remote_state_with_open_settings_is_that_of_the_only_root_with_the_output(tmp_path: Path) -> None:
    partial = NET.replace('    bucket = "states"\n    key    = "net.tfstate"\n', "")
    lb = joined(tmp_path, 'variable "b" {}\n' + remote('bucket = var.b, key = "net.tfstate"'), partial)

    assert is_symbol(lb["name"], "net//aws_vpc.main")


def test_local_state_is_found_by_its_path(tmp_path: Path) -> None:
    net = NET.replace('backend "s3"', 'backend "local"').replace('bucket = "states"', 'path = "net.state"')
    net = net.replace('    key    = "net.tfstate"\n', "")
    lb = joined(tmp_path, remote('path = "../net/net.state"', "local"), net)

    assert is_symbol(lb["name"], "net//aws_vpc.main")


def lookup(block: str, reference: str) -> str:
    return f'{block}\nresource "aws_lb" "x" {{\n  name = {reference}\n}}\n'


@pytest.mark.parametrize(
    ("block", "reference", "expected"),
    [
        ('data "aws_vpc" "v" { tags = { Name = "main" } }', "data.aws_vpc.v.id", "net//aws_vpc.main"),
        ('data "aws_vpc" "v" { tags = { Name = "main" } }', "data.aws_vpc.v.cidr_block", "10.0.0.0/16"),
        (
            'data "aws_vpc" "v" {\n  filter {\n    name = "tag:Name"\n    values = ["ma*"]\n  }\n}',
            "data.aws_vpc.v.id",
            "net//aws_vpc.main",
        ),
        ('data "aws_vpc" "v" { tags = { Name = "other" } }', "data.aws_vpc.v.id", "app//data.aws_vpc.v"),
        ('data "aws_subnet" "s" { cidr_block = "10.0.1.0/24" }', "data.aws_subnet.s.id", "net//aws_subnet.private[1]"),
        ('data "aws_subnet" "s" { tags = { Tier = "private" } }', "data.aws_subnet.s.id", "app//data.aws_subnet.s"),
        ('data "aws_security_group" "g" { name = "db" }', "data.aws_security_group.g.id", "net//aws_security_group.db"),
        (
            'data "aws_security_group" "g" { name = "web" }',
            "data.aws_security_group.g.id",
            "app//data.aws_security_group.g",
        ),
        ('data "aws_ssm_parameter" "p" { name = "/net/vpc" }', "data.aws_ssm_parameter.p.value", "net//aws_vpc.main"),
        (
            SUBNETS.replace("Tier", "Name").replace('"private"', '"private-1"'),
            "data.aws_subnets.s.ids[0]",
            "net//aws_subnet.private[1]",
        ),
    ],
)  # fmt: skip
def test_look_ups_find_what_another_root_makes(tmp_path: Path, block: str, reference: str, expected: str) -> None:
    assert joined(tmp_path, lookup(block, reference))["name"] == expected


def test_what_a_look_up_of_many_finds_has_no_order(tmp_path: Path) -> None:
    app = (
        SUBNETS + 'resource "aws_lb" "x" {\n  subnets = data.aws_subnets.s.ids\n  name = data.aws_subnets.s.ids[1]\n}\n'
    )
    lb = joined(tmp_path, app)

    assert lb["subnets"] == ["net//aws_subnet.private[0]", "net//aws_subnet.private[1]"]
    assert isinstance(lb["name"], Missing)


def test_a_look_up_that_found_its_resource_is_no_thing_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"net/main.tf": NET, "app/main.tf": 'data "aws_vpc" "v" { tags = { Name = "main" } }\n'})

    assert "app//data.aws_vpc.v" not in addresses(read(tmp_path / "net", tmp_path / "app"))


def test_a_resource_that_may_fit_leaves_the_look_up_open(tmp_path: Path) -> None:
    net = NET + 'variable "n" {}\nresource "aws_vpc" "second" {\n  tags = { Name = var.n }\n}\n'
    lb = joined(tmp_path, lookup('data "aws_vpc" "v" { tags = { Name = "main" } }', "data.aws_vpc.v.id"), net)

    assert is_symbol(lb["name"], "app//data.aws_vpc.v")


@pytest.mark.parametrize(
    ("prefix", "name", "is_found"),
    [
        ("db-", "db", True),
        ("d", "db", True),  # a made name has twenty-six more characters
        ("x-", "db", True),
        ("db-", "db-20260101000000000000000001", False),  # which one it is, only an apply would tell
        ("db-", "db*", False),
    ],
)
def test_a_name_made_of_a_prefix_is_told_from_others(tmp_path: Path, prefix: str, name: str, is_found: bool) -> None:
    made = f'resource "aws_security_group" "made" {{\n  name_prefix = "{prefix}"\n  vpc_id = aws_vpc.main.id\n}}\n'
    lb = joined(
        tmp_path,
        lookup(f'data "aws_security_group" "g" {{ name = "{name}" }}', "data.aws_security_group.g.id"),
        NET.replace('name   = "db"', f'name   = "{name}"') + made,
    )

    assert is_symbol(lb["name"], "net//aws_security_group.db" if is_found else "app//data.aws_security_group.g")


def test_ids_that_are_handed_over_as_one_text_are_split_again(tmp_path: Path) -> None:
    net = (
        NET
        + """
resource "aws_ssm_parameter" "subnets" {
  name  = "/net/subnets"
  value = join(",", aws_subnet.private[*].id)
}
"""
    )
    app = """
data "aws_ssm_parameter" "s" { name = "/net/subnets" }
resource "aws_lb" "x" { subnets = split(",", data.aws_ssm_parameter.s.value) }
"""
    subnets = joined(tmp_path, app, net)["subnets"]

    assert isinstance(subnets, list)
    assert subnets == ["net//aws_subnet.private[0]", "net//aws_subnet.private[1]"]
    assert all(is_symbol(subnet, str(subnet)) for subnet in subnets)


def test_a_look_up_by_tags_alone_in_one_root_is_left_open(tmp_path: Path) -> None:
    main = 'resource "aws_vpc" "v" { tags = { Name = "main" } }\n' + lookup(
        'data "aws_vpc" "v" { tags = { Name = "main" } }', "data.aws_vpc.v.id"
    )
    lb = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")

    assert is_symbol(lb["name"], "data.aws_vpc.v")


def test_a_look_up_by_id_in_one_root_is_the_resource(tmp_path: Path) -> None:
    main = 'resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }\n' + lookup(
        'data "aws_vpc" "v" { id = aws_vpc.v.id }', "data.aws_vpc.v.cidr_block"
    )
    assert values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")["name"] == "10.0.0.0/16"


def test_things_that_are_looked_up_one_by_one_are_each_found(tmp_path: Path) -> None:
    each = """
data "aws_subnet" "each" {
  for_each = toset(data.aws_subnets.s.ids)
  id       = each.value
}
resource "aws_lb" "x" {
  name    = join(",", sort([for s in data.aws_subnet.each : s.cidr_block]))
  subnets = [for s in data.aws_subnet.each : s.id]
}
"""
    lb = joined(tmp_path, SUBNETS + each)

    assert lb["name"] == "10.0.0.0/24,10.0.1.0/24"
    assert lb["subnets"] == ["net//aws_subnet.private[0]", "net//aws_subnet.private[1]"]

"""A module whose files are not here can only complete what its arguments name."""

from pathlib import Path

import pytest

from checker.app import kinds, read
from checker.model.fact import Missing
from tests.collect.hcl.programs import write

GROUP = """
provider "aws" { region = "eu-west-1" }
variable "name" {}
variable "open" {}
data "aws_autoscaling_group" "found" { name = var.name }
data "aws_availability_zones" "all" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_autoscaling_group" "app" {
  name     = "backend"
  min_size = 1
  max_size = 2
}
"""
PART = "aws_autoscaling_attachment"


def is_open(folder: Path, arguments: str, more: str = "") -> bool:
    """Tell whether the group may have target groups that are not told."""
    module = f'module "m" {{\n  source = "terraform-aws-modules/m/aws"\n  {arguments}\n}}\n'
    write(folder, {"main.tf": GROUP + module + more})
    (group,) = (one for one in read([folder], None, kinds()).records if one.type == "aws_autoscaling_group")
    parts = group.raw.get(PART, [])
    assert isinstance(parts, list)
    return any(isinstance(part, Missing) for part in parts)


@pytest.mark.parametrize(
    "arguments",
    [
        "group = aws_autoscaling_group.app.name",
        "group = aws_autoscaling_group.app",
        'group = "${aws_autoscaling_group.app.arn}/x"',
        "groups = { (aws_autoscaling_group.app.id) = [1] }",
        'group = "backend"',
        'rules = [{ to = ["arn:aws:autoscaling:eu-west-1:111122223333:group/backend"] }]',
        "name = upper(var.name)",
        "group = data.aws_autoscaling_group.found.arn",
        "for_each = var.open\n name = each.value",
        'for_each = toset(["a", "backend"])\n name = each.value',
    ],
)
def test_what_its_arguments_may_name_may_have_more_parts(tmp_path: Path, arguments: str) -> None:
    assert is_open(tmp_path, arguments)


def test_what_another_one_is_given_may_come_out_of_it(tmp_path: Path) -> None:
    other = 'module "n" {\n  source = "terraform-aws-modules/n/aws"\n  group = aws_autoscaling_group.app.id\n}\n'

    assert is_open(tmp_path, "group = module.n.group", other)


@pytest.mark.parametrize(
    "arguments",
    [
        'cidr = "10.0.0.0/16"\n name = "shop"',
        "vpc_id = aws_vpc.v.id",
        "name = var.name",
        "zones = slice(data.aws_availability_zones.all.names, 0, 2)",
        'for_each = toset(["a", "b"])\n name = each.value',
        "providers = { aws = aws }\n depends_on = [aws_autoscaling_group.app]",
    ],
)
def test_what_its_arguments_do_not_name_is_complete(tmp_path: Path, arguments: str) -> None:
    assert not is_open(tmp_path, arguments)

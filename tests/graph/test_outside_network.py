"""A network that the input does not make may hold more than was read: what is absent is not known to be absent."""

from pathlib import Path

import pytest

from checker.app import Choices, check, recognised
from checker.model.finding import Verdict

APP = """
provider "aws" { region = "eu-west-1" }
resource "aws_subnet" "s" {
  count             = 2
  vpc_id            = VPC
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
}
resource "aws_security_group" "edge" { vpc_id = VPC }
resource "aws_security_group" "app" { vpc_id = VPC }
resource "aws_lb" "edge" {
  name            = "edge"
  subnets         = aws_subnet.s[*].id
  security_groups = [aws_security_group.edge.id]
}
resource "aws_lb_listener" "edge" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 80
  protocol = "HTTP"
  vpc_id   = VPC
}
resource "aws_launch_template" "app" {
  image_id               = "ami-1"
  vpc_security_group_ids = [aws_security_group.app.id]
}
resource "aws_autoscaling_group" "app" {
  name                = "app"
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = aws_subnet.s[*].id
  target_group_arns   = [aws_lb_target_group.app.arn]
  launch_template { id = aws_launch_template.app.id }
}
"""


@pytest.mark.parametrize(
    ("network", "name", "verdict"),
    [
        ('resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }', "aws_vpc.v.id", Verdict.FAIL),
        ('data "aws_vpc" "v" { default = true }', "data.aws_vpc.v.id", Verdict.UNKNOWN),
        ('variable "vpc" { type = string }', "var.vpc", Verdict.UNKNOWN),
        ('resource "aws_default_vpc" "v" {}', "aws_default_vpc.v.id", Verdict.UNKNOWN),
    ],
)
def test_store_is_missing_only_where_the_network_is_made(
    tmp_path: Path, network: str, name: str, verdict: Verdict
) -> None:
    (tmp_path / "main.tf").write_text(f"{network}\n{APP.replace('VPC', name)}")
    report = check(recognised([tmp_path]), Choices())
    found = {result.rule: result.verdict for result in report.results if result.rule in ("NET005", "SES002")}

    assert found == {"NET005": verdict, "SES002": verdict}

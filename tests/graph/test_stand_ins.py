"""Address blocks that are not known: what is decided without them is what every choice of them decides."""

from pathlib import Path

import pytest

from checker.app import Choices, judge, prepare, read
from checker.collect.source import Inputs
from checker.model.report import Report
from checker.resources.catalog import kinds

BLOCKS = ("net", "a", "b", "c", "d")
STACK = """
provider "aws" { region = "eu-west-1" }
data "aws_availability_zones" "z" {}
%(variables)s
resource "aws_vpc" "main" { cidr_block = var.net }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
%(subnets)s
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_route_table" "private" { vpc_id = aws_vpc.main.id }
resource "aws_security_group" "edge" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "app" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = [aws_security_group.edge.id]
  }
  %(rule)s
}
resource "aws_lb" "shop" {
  security_groups = [aws_security_group.edge.id]
  subnets         = [aws_subnet.a.id, aws_subnet.b.id]
}
resource "aws_lb_target_group" "app" {
  vpc_id   = aws_vpc.main.id
  port     = 80
  protocol = "HTTP"
}
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}
resource "aws_launch_template" "app" { vpc_security_group_ids = [aws_security_group.app.id] }
resource "aws_autoscaling_group" "app" {
  name                = "app"
  min_size            = 2
  max_size            = 4
  vpc_zone_identifier = [aws_subnet.c.id, aws_subnet.d.id]
  target_group_arns   = [aws_lb_target_group.app.arn]
  launch_template { id = aws_launch_template.app.id }
}
"""
SUBNET = """
resource "aws_subnet" "%(name)s" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = var.%(name)s
  availability_zone = data.aws_availability_zones.z.names[%(zone)d]
}
resource "aws_route_table_association" "%(name)s" {
  subnet_id      = aws_subnet.%(name)s.id
  route_table_id = aws_route_table.%(table)s.id
}
"""
SSH = """
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["%s"]
  }
"""


def stack(rule: str = "") -> str:
    subnets = "".join(
        SUBNET % {"name": name, "zone": number % 2, "table": "public" if number < 2 else "private"}
        for number, name in enumerate(BLOCKS[1:])
    )
    variables = "\n".join(f'variable "{name}" {{}}' for name in BLOCKS)
    return STACK % {"variables": variables, "subnets": subnets, "rule": rule}


def verdicts(report: Report) -> dict[tuple[str, str], str]:
    return {(result.rule, result.subject.name): result.verdict.value for result in report.results}


def check(folder: Path, main: str, **given: str) -> Report:
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(main, encoding="utf-8")
    collection = read([folder], None, kinds(), given=Inputs(variables=given))
    return judge(collection, prepare(Choices()))


CHOICES = (
    {"net": "10.9.0.0/16", "a": "10.9.0.0/17", "b": "10.9.128.0/18", "c": "10.9.192.0/19", "d": "10.9.224.0/19"},
    {"net": "172.16.0.0/24", "a": "172.16.0.0/28", "b": "172.16.0.16/28", "c": "172.16.0.64/26", "d": "172.16.0.32/28"},
)


@pytest.mark.parametrize("rule", ["", SSH % "0.0.0.0/0"])
@pytest.mark.parametrize("known", [(), ("net",), ("net", "a", "c")])
def test_what_no_rule_tells_apart_is_decided_as_with_every_choice(
    tmp_path: Path, rule: str, known: tuple[str, ...]
) -> None:
    found = [check(tmp_path, stack(rule), **choice) for choice in CHOICES]
    without = check(tmp_path, stack(rule), **{name: CHOICES[0][name] for name in known})

    assert verdicts(found[0]) == verdicts(found[1])
    assert verdicts(without) == verdicts(found[0])
    assert verdicts(without)["NET003", "app"] == ("FAIL" if rule else "PASS")
    assert any("address blocks are not known" in note for note in without.notes)


@pytest.mark.parametrize("source", ["10.9.192.0/24", "10.0.0.0/8", "203.0.113.7/32"])
def test_where_a_rule_could_tell_the_addresses_apart_nothing_stands_in(tmp_path: Path, source: str) -> None:
    without = check(tmp_path, stack(SSH % source))

    assert verdicts(without)["NET003", "app"] == "UNKNOWN"
    assert verdicts(without)["NET009", "app"] == "PASS"
    assert not any("address blocks are not known" in note for note in without.notes)


def test_a_rule_for_a_part_of_a_known_vpc_leaves_its_subnets_open(tmp_path: Path) -> None:
    part = check(tmp_path, stack(SSH % "10.9.192.0/24"), net="10.9.0.0/16")
    whole = check(tmp_path, stack(SSH % "10.0.0.0/8"), net="10.9.0.0/16")

    assert verdicts(part)["NET003", "app"] == "UNKNOWN"
    assert verdicts(whole) == verdicts(check(tmp_path, stack(SSH % "10.0.0.0/8"), **CHOICES[0]))
    assert verdicts(whole)["NET003", "app"] == "FAIL"


def test_an_address_that_is_named_anywhere_tells_addresses_apart(tmp_path: Path) -> None:
    target = """
resource "aws_lb_target_group_attachment" "fixed" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = "10.9.192.9"
}
"""
    without = check(tmp_path, stack() + target, net="10.9.0.0/16")

    assert not any("address blocks are not known" in note for note in without.notes)


def test_a_packet_from_a_group_to_itself_has_two_addresses(tmp_path: Path) -> None:
    own = SSH.replace('cidr_blocks = ["%s"]', "self        = true")
    egress = SSH.replace("ingress", "egress") % "0.0.0.0/0"
    found = check(tmp_path, stack(own + egress), **CHOICES[0])
    (result,) = (one for one in found.results if one.rule == "NET003")

    assert result.witness is not None
    assert result.witness.source != result.witness.destination

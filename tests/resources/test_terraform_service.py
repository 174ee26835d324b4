"""What a service runs in subnets stands there: as somebody who gets in, or as the app behind its load balancer."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.app import Choices, check, recognised
from checker.model.finding import Verdict

NETWORK = """
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_subnet" "public" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.${count.index}.0/24"
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
}
resource "aws_route_table_association" "public" {
  count          = 2
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}
resource "aws_subnet" "private" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.1${count.index}.0/24"
  availability_zone = ["eu-west-1a", "eu-west-1b"][count.index]
}
resource "aws_security_group" "edge" {
  vpc_id = aws_vpc.v.id
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
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 8080
    to_port         = 8080
    protocol        = "tcp"
    security_groups = [aws_security_group.edge.id]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 3306
    to_port         = 3306
    protocol        = "tcp"
    security_groups = [aws_security_group.app.id]
  }
}
resource "aws_db_subnet_group" "db" {
  name       = "db"
  subnet_ids = aws_subnet.private[*].id
}
resource "aws_db_instance" "db" {
  identifier             = "db"
  engine                 = "mysql"
  instance_class         = "db.t3.micro"
  db_subnet_group_name   = aws_db_subnet_group.db.name
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_lb" "edge" {
  name            = "edge"
  subnets         = aws_subnet.public[*].id
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
  name        = "app"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.v.id
}
"""
TASKS = """
resource "aws_ecs_service" "app" {
  name          = "app"
  desired_count = 2
  launch_type   = "FARGATE"
  network_configuration {
    subnets         = SUBNETS
    security_groups = [aws_security_group.app.id]
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.app.arn
    container_name   = "app"
    container_port   = PORT
  }
}
"""
FUNCTION = """
resource "aws_lambda_function" "report" {
  function_name = "report"
  role          = "arn:aws:iam::111122223333:role/report"
  vpc_config {
    subnet_ids         = aws_subnet.private[*].id
    security_group_ids = [aws_security_group.app.id]
  }
}
"""
OUTSIDE = """
resource "aws_lambda_function" "report" {
  function_name = "report"
  role          = "arn:aws:iam::111122223333:role/report"
}
"""


def tasks(port: int = 8080, subnets: str = "aws_subnet.private[*].id") -> str:
    return TASKS.replace("PORT", str(port)).replace("SUBNETS", subnets)


def judged(folder: Path, *blocks: str) -> Mapping[str, set[Verdict]]:
    (folder / "main.tf").write_text("".join((NETWORK, *blocks)))
    report = check(recognised([folder]), Choices())
    found: dict[str, set[Verdict]] = {}
    for result in report.results:
        found.setdefault(result.rule, set()).add(result.verdict)
    return found


def test_tasks_are_the_app_behind_their_load_balancer(tmp_path: Path) -> None:
    found = judged(tmp_path, tasks())

    for rule in ("APP002", "APP003", "AZ002", "NET003", "NET005", "NET007", "NET009"):
        assert found[rule] == {Verdict.PASS}, rule


def test_tasks_are_sent_to_on_the_port_of_their_container(tmp_path: Path) -> None:
    assert Verdict.FAIL in judged(tmp_path, tasks(port=3000))["NET007"]


def test_tasks_in_public_subnets_are_told(tmp_path: Path) -> None:
    assert judged(tmp_path, tasks(subnets="aws_subnet.public[*].id"))["NET009"] >= {Verdict.FAIL}


def test_tasks_in_one_zone_are_told(tmp_path: Path) -> None:
    assert judged(tmp_path, tasks(subnets="[aws_subnet.private[0].id]"))["AZ002"] == {Verdict.FAIL}


def test_function_that_wears_the_group_of_the_app_gets_in(tmp_path: Path) -> None:
    assert judged(tmp_path, tasks(), FUNCTION)["NET005"] == {Verdict.FAIL}


def test_function_outside_of_the_vpc_gets_in_nowhere(tmp_path: Path) -> None:
    assert judged(tmp_path, tasks(), OUTSIDE)["NET005"] == {Verdict.PASS}


@pytest.mark.parametrize("field", ["subnet_ids         = var.x", "security_group_ids = var.x"])
def test_function_whose_place_or_groups_are_not_known_may_get_in(tmp_path: Path, field: str) -> None:
    name = field.partition(" ")[0]
    lines = [f"    {field}" if line.strip().startswith(name) else line for line in FUNCTION.splitlines()]
    variable = 'variable "x" {\n  type = list(string)\n}\n'

    assert judged(tmp_path, tasks(), "\n".join(lines) + "\n", variable)["NET005"] == {Verdict.UNKNOWN}


SUBNET_GROUP = """
resource "aws_dms_replication_subnet_group" "d" {
  replication_subnet_group_id          = "dms"
  replication_subnet_group_description = "dms"
  subnet_ids                           = aws_subnet.private[*].id
}
"""
CLIENTS = """
resource "aws_ec2_client_vpn_network_association" "c" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.x.id
  subnet_id              = aws_subnet.private[0].id
}
"""
GROUPS = "[aws_security_group.app.id]"
SUBNET = "aws_subnet.private[0].id"


@pytest.mark.sampled(one_in=6)
@pytest.mark.parametrize(
    ("type_", "body", "more"),
    [
        ("aws_glue_connection", (f"physical_connection_requirements {{\n subnet_id = {SUBNET}\n"
         f" security_group_id_list = {GROUPS}\n }}"), ""),
        ("aws_eks_cluster", f"vpc_config {{\n subnet_ids = [{SUBNET}]\n security_group_ids = {GROUPS}\n }}", ""),
        ("aws_fsx_windows_file_system", f"subnet_ids = [{SUBNET}]\n security_group_ids = {GROUPS}", ""),
        ("aws_emr_cluster", (f"ec2_attributes {{\n subnet_id = {SUBNET}\n"
         " emr_managed_master_security_group = aws_security_group.app.id\n }"), ""),
        ("aws_dms_replication_instance", ("replication_subnet_group_id = aws_dms_replication_subnet_group.d.id\n"
         f" vpc_security_group_ids = {GROUPS}"), SUBNET_GROUP),
        ("aws_dms_replication_instance", ('replication_subnet_group_id = "dms"\n'
         f" vpc_security_group_ids = {GROUPS}"), SUBNET_GROUP),
        ("aws_ec2_client_vpn_endpoint", f"security_group_ids = {GROUPS}", CLIENTS),
        ("aws_spot_fleet_request", (f"launch_specification {{\n subnet_id = {SUBNET}\n"
         f" vpc_security_group_ids = {GROUPS}\n }}\n launch_specification {{\n subnet_id = {SUBNET}\n }}"), ""),
    ],
)  # fmt: skip
def test_every_service_that_wears_the_group_of_the_app_gets_in(
    tmp_path: Path, type_: str, body: str, more: str
) -> None:
    service = f'resource "{type_}" "x" {{\n {body}\n}}\n'

    assert judged(tmp_path, tasks(), service, more)["NET005"] == {Verdict.FAIL}


def test_service_that_names_groups_alone_stands_somewhere(tmp_path: Path) -> None:
    service = f'resource "aws_redshift_cluster" "x" {{\n vpc_security_group_ids = {GROUPS}\n}}\n'

    assert judged(tmp_path, tasks(), service)["NET005"] == {Verdict.UNKNOWN}


def test_nodes_wear_the_group_that_the_service_makes(tmp_path: Path) -> None:
    nodes = 'resource "aws_eks_node_group" "x" {\n subnet_ids = aws_subnet.private[*].id\n}\n'

    assert judged(tmp_path, tasks(), nodes)["NET005"] == {Verdict.PASS}


def test_what_only_names_subnets_stands_nowhere(tmp_path: Path) -> None:
    log = f'resource "aws_flow_log" "x" {{\n subnet_id = {SUBNET}\n}}\n'
    note = 'resource "aws_ssm_parameter" "x" {\n value = aws_security_group.app.id\n}\n'

    assert judged(tmp_path, tasks(), log, note)["NET005"] == {Verdict.PASS}


def test_tasks_on_their_hosts_addresses_are_not_known(tmp_path: Path) -> None:
    start, end = TASKS.index("  network_configuration"), TASKS.index("  load_balancer")
    bridged = (TASKS[:start] + TASKS[end:]).replace("PORT", "8080")
    found = judged(tmp_path, bridged)

    assert found["APP002"] == {Verdict.UNKNOWN}
    assert Verdict.PASS not in found["NET005"]

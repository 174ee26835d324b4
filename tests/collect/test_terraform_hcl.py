"""Terraform configurations as a source: what is recognised, and what the kinds read of it."""

from pathlib import Path

import pytest

from checker.collect.catalog import file_sources, recognise
from checker.collect.source import Inputs
from checker.errors import SourceError
from checker.model.record import ANYTHING
from checker.resources.catalog import kinds
from checker.resources.inventory import normalise
from checker.resources.security_group import SecurityGroup
from checker.resources.subnet import Subnet

VPC = """
provider "aws" { region = "eu-west-1" }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}
"""
SPEC = file_sources()["terraform-hcl"]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_paths_are_recognised_in_words(tmp_path: Path) -> None:
    write(tmp_path / "one/main.tf", VPC)
    write(tmp_path / "one/outputs.tf", "")
    write(tmp_path / "two/a/main.tf", VPC)
    write(tmp_path / "two/b/main.tf.json", "{}")
    write(tmp_path / "two/c/main.tf", VPC)
    write(tmp_path / "none/readme.md", "x")
    write(tmp_path / "below/envs/prod/main.tf", VPC)

    assert SPEC.recognise(tmp_path / "one", kinds()) == "Terraform configuration (2 files, root module)"
    assert SPEC.recognise(tmp_path / "two", kinds()) == "Terraform configuration, 2 root modules"
    assert SPEC.recognise(tmp_path / "one/main.tf", kinds()) == "a file of Terraform configuration"
    below = SPEC.recognise(tmp_path / "below", kinds())
    assert below == f"Terraform configuration (1 file, root module {tmp_path / 'below/envs/prod'})"
    assert SPEC.recognise(tmp_path / "none", kinds()) is None
    assert SPEC.recognise(tmp_path / "none/readme.md", kinds()) is None
    with pytest.raises(SourceError, match=r"\.tf"):
        recognise(tmp_path / "none", None, kinds())


def test_the_root_modules_of_a_repository_are_worlds_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "net/main.tf", VPC)
    write(tmp_path / "app/main.tf", 'module "m" {\n  source = "../lib"\n}\n')
    write(tmp_path / "lib/main.tf", VPC)

    assert SPEC.worlds(tmp_path) == (tmp_path / "app", tmp_path / "net")


def test_kinds_read_the_records_with_their_places(tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC)
    collection = SPEC.open((tmp_path,), Inputs()).collect(kinds())
    inventory, unread = normalise(collection, kinds())
    [subnet] = inventory.all(Subnet).items

    assert unread == ()
    assert subnet.origin.address == "aws_subnet.a"
    assert subnet.origin.file == str(tmp_path / "main.tf")
    assert subnet.origin.line == 4
    assert subnet.scope.region == "eu-west-1"


def test_several_paths_are_read_as_one(tmp_path: Path) -> None:
    write(tmp_path / "net/main.tf", VPC + 'output "vpc" { value = aws_vpc.main.id }\n')
    config = 'backend = "local"\n  config = { path = "../net/terraform.tfstate" }'
    app = f'data "terraform_remote_state" "net" {{\n  {config}\n}}\n'
    group = 'resource "aws_security_group" "g" {\n  vpc_id = data.terraform_remote_state.net.outputs.vpc\n}\n'
    write(tmp_path / "app/main.tf", 'provider "aws" { region = "eu-west-1" }\n' + app + group)
    collection = SPEC.open((tmp_path / "net", tmp_path / "app"), Inputs()).collect(kinds())
    inventory, _ = normalise(collection, kinds())
    groups = [
        group for group in inventory.all(SecurityGroup).items if group.origin.address == "app//aws_security_group.g"
    ]
    vpcs = {record.raw["id"] for record in collection.records if record.type == "aws_vpc"}

    assert len(groups) == 1
    assert {record.raw["vpc_id"] for record in collection.records if record.type == "aws_security_group"} == vpcs


def test_a_folder_without_configuration_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no Terraform configuration"):
        SPEC.open((tmp_path,), Inputs()).collect(kinds())


def test_what_was_not_read_makes_the_kinds_incomplete(tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC + 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n')
    collection = SPEC.open((tmp_path,), Inputs()).collect(kinds())
    inventory, _ = normalise(collection, kinds())

    assert {gap.scope.region for gap in collection.gaps if gap.type == ANYTHING} == {"eu-west-1"}
    assert inventory.gaps[SecurityGroup]
    assert {gap.type for gap in collection.gaps if gap.scope.region == "global"} >= {"aws_iam_role", "aws_route53_zone"}


def test_zones_that_were_taken_for_granted_are_told(tmp_path: Path) -> None:
    zones = 'data "aws_availability_zones" "z" {}\n'
    subnet = 'resource "aws_subnet" "z" {\n  availability_zone = data.aws_availability_zones.z.names[0]\n}\n'
    write(tmp_path / "main.tf", zones + subnet)

    assert "Availability Zones" in SPEC.open((tmp_path,), Inputs()).collect(kinds()).facts["assumed"]


def test_two_collections_of_one_tree_are_equal(tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC)

    assert SPEC.open((tmp_path,), Inputs()).collect(kinds()) == SPEC.open((tmp_path,), Inputs()).collect(kinds())

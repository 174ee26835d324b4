"""What cannot be read never counts as nothing: gaps, places and what remains."""

from pathlib import Path

import pytest

from checker.model.record import ANYTHING, Status
from tests.collect.hcl.programs import addresses, by_address, is_missing, is_symbol, read, values, write

GOOD = 'resource "aws_vpc" "good" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def gap_types(tmp_path: Path, text: str, name: str = "bad.tf") -> set[str]:
    found = read(write(tmp_path, {"good.tf": GOOD, name: text}))
    assert "aws_vpc.good" in addresses(found)
    return {gap.type for gap in found.gaps}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ('resource "aws_security_group" "x" {\n  name = \n}\n', {"aws_security_group"}),
        ('resource "aws_alb" "x" {\n  name = [1, 2\n}\n', {"aws_lb"}),
        ('data "aws_vpc" "x" {\n  id = = 1\n}\n', set()),
        ("locals {\n  a = (1\n}\n", set()),
        ('variable "x" {\n  default = )\n}\n', set()),
        ('module "m" {\n  source = "./m\n}\n', {ANYTHING}),
        ('resource "aws_x" y" {\n  a = 1\n}\n', {ANYTHING}),
        ('resurce "aws_vpc" "x" {\n}\n', {ANYTHING}),
        ('resource "aws_vpc" {\n}\n', {ANYTHING}),
        ("this is no configuration\n", {ANYTHING}),
        ("name = 1\n", {ANYTHING}),
        ("}\n", {ANYTHING}),
        ('resource "aws_subnet" "x" {\n  vpc_id = "vpc"_lb" "y" {\n  name = "y"\n}\n', {ANYTHING}),  # torn together
        (
            'resource "aws_subnet" "x" {\n  vpc_id = "vp',
            {ANYTHING},
        ),  # who knows what followed in a file that is cut off
        ('resource "aws_subnet" "x" {\n  timeouts {\n    create = "1m"\n', {ANYTHING}),
        ('resource "aws_subnet" "x" {\n  a = 1\n\nresource "aws_nat_gateway" "y" {\n  b = 2\n}\n', {"aws_subnet"}),
        ('resource "aws_subnet" "x" {\n  user_data = <<EOT\nno end\n}\n', {ANYTHING}),
    ],
)
def test_a_mistake_hides_only_what_it_may_hide(tmp_path: Path, text: str, types: set[str]) -> None:
    found = gap_types(tmp_path, text)

    assert found == types or (ANYTHING in found and ANYTHING not in types and found - {ANYTHING} <= types | {ANYTHING})
    assert (ANYTHING in found) == (ANYTHING in types)


def test_the_place_of_a_mistake_is_told(tmp_path: Path) -> None:
    text = (
        GOOD.replace("good", "first")
        + '\nresource "aws_lb" "x" {\n  name = "a" "b"\n}\n'
        + GOOD.replace("good", "last")
    )
    found = read(write(tmp_path, {"main.tf": text}))

    assert addresses(found) == {"aws_vpc.first", "aws_vpc.last"}
    bad = [line for line in found.coverage if line.status is Status.UNREADABLE]
    assert [line.item for line in bad] == [f"{tmp_path / 'main.tf'}:6"]
    assert found.gaps[0].supply


def test_references_to_a_spoiled_block_keep_its_name(tmp_path: Path) -> None:
    text = """
resource "aws_lb" "x" {
  security_groups = [aws_security_group.bad.id]
  subnets         = [aws_subnet.many[0].id]
  name            = local.lost
}
resource "aws_security_group" "bad" {
  name = "a" "b"
}
resource "aws_subnet" "many" {
  count = = 2
}
locals {
  lost = (
}
"""
    lb = values(read(write(tmp_path, {"main.tf": text})), "aws_lb.x")

    assert is_symbol(lb["security_groups"][0], "aws_security_group.bad")  # type: ignore[index]  # a list
    assert is_symbol(lb["subnets"][0], "aws_subnet.many[0]")  # type: ignore[index]  # a list
    assert is_symbol(lb["name"], "local.lost")


def test_references_to_what_is_declared_nowhere_are_missing(tmp_path: Path) -> None:
    main = """
resource "aws_lb" "x" {
  name    = aws_vpc.none.id
  subnets = module.none.subnets
  a       = var.none
  b       = local.none
  c       = data.aws_vpc.none.id
}
"""
    lb = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")

    assert all(is_missing(value) for value in lb.values())
    assert len(lb) == 5


def test_a_resource_that_is_declared_twice_is_a_fault_with_both_places(tmp_path: Path) -> None:
    files = {"a.tf": GOOD, "b.tf": "\n" + GOOD}
    found = read(write(tmp_path, files))

    assert {gap.type for gap in found.gaps} == {"aws_vpc"}
    assert addresses(found) == set()
    error = str(next(line.error for line in found.coverage if line.error))
    assert f"{tmp_path / 'a.tf'}:1" in error
    assert f"{tmp_path / 'b.tf'}:2" in error


def test_what_is_declared_twice_is_neither_of_the_two(tmp_path: Path) -> None:
    main = """
variable "v" { default = "one" }
variable "v" { default = "two" }
locals { l = "one" }
locals { l = "two" }
resource "aws_security_group" "g" { name = "one" }
resource "aws_security_group" "g" { name = "two" }
resource "aws_lb" "x" {
  a = var.v
  b = local.l
  c = aws_security_group.g.id
}
"""
    lb = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")

    assert is_symbol(lb["a"], "var.v")
    assert is_symbol(lb["b"], "local.l")
    assert is_symbol(lb["c"], "aws_security_group.g")


def test_files_that_cannot_be_read_may_hide_anything(tmp_path: Path) -> None:
    write(tmp_path, {"good.tf": GOOD})
    (tmp_path / "latin.tf").write_bytes(b'resource "aws_vpc" "caf\xe9" {}\n')
    (tmp_path / "huge.tf").write_bytes(b"#" * (10 * 1024 * 1024 + 1))
    (tmp_path / "nowhere.tf").symlink_to(tmp_path / "missing")
    (tmp_path / "loop.tf").symlink_to(tmp_path / "loop.tf")
    (tmp_path / "folder.tf").mkdir()
    found = read(tmp_path)

    assert addresses(found) == {"aws_vpc.good"}
    named = {Path(gap.item.split(":")[0]).name: gap for gap in found.gaps}
    assert set(named) == {"latin.tf", "huge.tf", "nowhere.tf", "loop.tf"}
    assert all(gap.supply for gap in named.values())
    assert named.pop("latin.tf").type == "aws_vpc"  # its first line can still be read
    assert {gap.type for gap in named.values()} == {ANYTHING}
    assert "10 MB" in named["huge.tf"].error


def test_marks_of_editors_on_other_systems_are_no_fault(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    found = read(tmp_path)

    assert values(found, "aws_vpc.good")["cidr_block"] == "10.0.0.0/16"
    assert found.gaps == ()


@pytest.mark.parametrize(
    "source", ["terraform-aws-modules/vpc/aws", "git::https://example.com/vpc.git?ref=v1", "/absolute/path"]
)
def test_a_module_that_is_not_here_is_a_gap_that_names_it(tmp_path: Path, source: str) -> None:
    main = f'module "vpc" {{\n  source = "{source}"\n}}\nresource "aws_lb" "x" {{\n  subnets = module.vpc.subnets\n}}\n'
    found = read(write(tmp_path, {"main.tf": main}))

    assert {gap.type for gap in found.gaps} == {ANYTHING}
    assert "module.vpc" in found.gaps[0].item
    assert source in found.gaps[0].item
    assert "terraform init -backend=false" in found.gaps[0].supply
    assert is_symbol(values(found, "aws_lb.x")["subnets"], "module.vpc.subnets")


def test_copies_of_modules_are_read_where_they_are_of_that_source(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'
        'module "old" {\n  source = "example/new/aws"\n}\n',
        ".terraform/modules/modules.json": '{"Modules": ['
        '{"Key": "", "Source": "", "Dir": "."},'
        '{"Key": "vpc", "Source": "registry.terraform.io/terraform-aws-modules/vpc/aws", "Version": "5.0.0",'
        ' "Dir": ".terraform/modules/vpc"},'
        '{"Key": "vpc.inner", "Source": "./inner", "Dir": ".terraform/modules/vpc/inner"},'
        '{"Key": "old", "Source": "registry.terraform.io/example/old/aws", "Dir": ".terraform/modules/old"}]}',
        ".terraform/modules/vpc/main.tf": 'module "inner" {\n  source = "./inner"\n}\n',
        ".terraform/modules/vpc/inner/main.tf": GOOD,
        ".terraform/modules/old/main.tf": GOOD,
    }
    found = read(write(tmp_path, files))

    assert addresses(found) == {"module.vpc.module.inner.aws_vpc.good"}
    assert {gap.item for gap in found.gaps} == {"module.old (example/new/aws)"}


def test_a_list_of_copies_that_points_outside_is_not_followed(tmp_path: Path) -> None:
    files = {
        "repo/.git/HEAD": "ref: x",
        "repo/main.tf": 'module "vpc" {\n  source = "a/b/aws"\n}\nmodule "up" {\n  source = "../out"\n}\n',
        "repo/.terraform/modules/modules.json": '{"Modules": [{"Key": "vpc", "Source": "a/b/aws", "Dir": "../out"}]}',
        "out/main.tf": GOOD,
    }
    write(tmp_path, files)
    found = read(tmp_path / "repo")

    assert addresses(found) == set()
    assert len(found.gaps) == 2


def test_files_outside_of_the_repository_are_not_read(tmp_path: Path) -> None:
    files = {
        "secret.txt": "secret",
        "repo/.git/HEAD": "ref: x",
        "repo/shared/inside.txt": "inside",
        "repo/app/main.tf": """
resource "aws_vpc" "v" {
  cidr_block = file("${path.module}/../shared/inside.txt")
  a          = file("../../secret.txt")
  b          = file("/etc/hostname")
  c          = fileexists("../../secret.txt")
  d          = file("link.txt")
  e          = try(file("../../secret.txt"), "else")
  f          = fileset("..", "**/*.txt")
  k          = fileset("../shared", "**/*.txt")
  g          = file("~/.bashrc")
  h          = try(file("none.txt"), "none")
  i          = filebase64("../../secret.txt")
  j          = templatefile("../../secret.txt", {})
}
""",
    }
    write(tmp_path, files)
    (tmp_path / "repo/app/link.txt").symlink_to(tmp_path / "secret.txt")
    vpc = values(read(tmp_path / "repo/app"), "aws_vpc.v")

    assert vpc["cidr_block"] == "inside"
    for name in "abcdefgij":
        assert is_missing(vpc[name]), name
    assert vpc["k"] == ["inside.txt"]
    assert vpc["h"] == "none"


def test_a_link_out_of_the_repository_is_no_file_of_it(tmp_path: Path) -> None:
    write(tmp_path, {"out/secret.tf": GOOD, "repo/.git/HEAD": "x", "repo/main.tf": GOOD.replace("good", "own")})
    (tmp_path / "repo/secret.tf").symlink_to(tmp_path / "out/secret.tf")
    found = read(tmp_path / "repo")

    assert addresses(found) == {"aws_vpc.own"}
    assert {gap.type for gap in found.gaps} == {ANYTHING}


def test_a_file_that_is_named_alone_leaves_out_the_others(tmp_path: Path) -> None:
    files = {"a.tf": 'resource "aws_lb" "x" {\n  subnets = [aws_subnet.y.id]\n}\n', "b.tf": GOOD}
    write(tmp_path, files)
    found = read(tmp_path / "a.tf")

    assert addresses(found) == {"aws_lb.x"}
    assert {gap.type for gap in found.gaps} == {ANYTHING}
    assert is_symbol(values(found, "aws_lb.x")["subnets"][0], "aws_subnet.y")  # type: ignore[index]  # a list
    write(tmp_path, {"alone/a.tf": GOOD})
    assert read(tmp_path / "alone/a.tf").gaps == ()


def test_too_many_instances_are_an_unknown_number(tmp_path: Path) -> None:
    found = read(write(tmp_path, {"main.tf": 'resource "aws_vpc" "v" {\n  count = 1000000000\n}\n'}))

    assert by_address(found)["aws_vpc.v[*]"].uncertain


def test_comments_that_waive_are_kept_with_the_lines_of_their_block(tmp_path: Path) -> None:
    text = """# tierproof:waive NET005 until=2027-01-31 reason="above"
# and a remark
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16" # tierproof:waive AZ001 reason="inside"
}

# an ordinary remark
resource "aws_vpc" "b" {}
"""
    found = read(write(tmp_path, {"main.tf": text}))
    file = str(tmp_path / "main.tf")

    assert [(one.file, one.line, one.end_line) for one in found.comments] == [(file, 1, 5), (file, 3, 5)]
    assert 'NET005 until=2027-01-31 reason="above"' in found.comments[0].text


def test_what_was_read_is_told_by_file_and_module(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "m" {\n  source = "./m"\n}\nvariable "x" {}\n',
        "m/main.tf": GOOD,
        "terraform.tfvars": 'x = "1"\n',
    }
    found = read(write(tmp_path, files))
    lines = {line.item.removeprefix(f"{tmp_path}/"): (line.status, line.count) for line in found.coverage}

    assert lines == {
        "main.tf": (Status.OK, 2),
        "m/main.tf": (Status.OK, 1),
        "terraform.tfvars": (Status.OK, 1),
        "module.m (./m)": (Status.OK, 1),
    }


def test_what_may_be_hidden_may_be_in_every_place_that_is_used(tmp_path: Path) -> None:
    main = """
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
resource "aws_vpc" "here" {}
resource "aws_vpc" "there" { provider = aws.east }
module "vpc" { source = "terraform-aws-modules/vpc/aws" }
"""
    found = read(write(tmp_path, {"main.tf": main}))

    assert {gap.scope.region for gap in found.gaps} == {"eu-west-1", "us-east-1", "global"}

"""Values of variables: where they come from, which word is the last, and what types make of them."""

import os
from pathlib import Path

import pytest

from checker.errors import ConfigurationError
from tests.collect.hcl.programs import is_missing, is_symbol, read, values, write

DEEP = {"k": {"o": {"d": True}}}


def the_value(tmp_path: Path, declaration: str, files: dict[str, str] | None = None, **given: str) -> object:
    """Return what `var.x` is where it is declared so."""
    main = f'variable "x" {{\n{declaration}\n}}\nresource "aws_vpc" "v" {{\n  cidr_block = var.x\n}}\n'
    found = read(write(tmp_path, {"main.tf": main, **(files or {})}), variables=given)
    return values(found, "aws_vpc.v")["cidr_block"]


def test_later_sources_have_the_last_word(tmp_path: Path) -> None:
    layers = [
        ("terraform.tfvars", 'x = "1"'),
        ("terraform.tfvars.json", '{"x": "2"}'),
        ("a.auto.tfvars", 'x = "3"'),
        ("b.auto.tfvars.json", '{"x": "4"}'),
        ("c.auto.tfvars", 'x = "5"'),
    ]
    seen = [
        the_value(tmp_path / str(number), 'default = "0"', dict(layers[:number])) for number in range(len(layers) + 1)
    ]

    assert seen == ["0", "1", "2", "3", "4", "5"]
    write(tmp_path, {"given/one.tfvars": 'x = "6"', "given/two.tfvars": 'x = "7"'})
    root = tmp_path / "5"
    files = (tmp_path / "given/one.tfvars", tmp_path / "given/two.tfvars")
    assert values(read(root, files=files), "aws_vpc.v")["cidr_block"] == "7"
    assert values(read(root, files=files, variables={"x": "8"}), "aws_vpc.v")["cidr_block"] == "8"


def test_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TF_VAR_x", "from-the-environment")

    assert the_value(tmp_path, "") == "var.x"


@pytest.mark.parametrize(
    ("declaration", "text", "expected"),
    [
        ("", "80", "80"),
        ("type = string", "true", "true"),
        ("type = number", "80", 80),
        ("type = bool", "true", True),
        ("type = list(number)", '["1", 2]', [1, 2]),
        ("type = set(string)", '["b", "a", "b"]', ["a", "b"]),
        ("type = map(string)", '{ a = 1, "b" = true }', {"a": "1", "b": "true"}),
        ("type = object({ a = number })", '{ a = "1", other = 2 }', {"a": 1}),
        ("type = object({ a = optional(number, 5), b = optional(string) })", "{}", {"a": 5, "b": None}),
        ('type = list(object({ p = number, c = optional(set(any), ["x"]) }))', "[{ p = 1 }]", [{"p": 1, "c": ["x"]}]),
        ("type = tuple([string, number])", '[1, "2"]', ["1", 2]),
        ("type = map(object({ o = optional(object({ d = optional(bool, true) }), {}) }))", "{ k = {} }", DEEP),
    ],
)  # fmt: skip
def test_values_are_converted_to_the_type_of_the_variable(
    tmp_path: Path, declaration: str, text: str, expected: object
) -> None:
    found = the_value(tmp_path, declaration, x=text)

    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("declaration", "text"),
    [("type = number", "many"), ("type = list(string)", "{}"), ("type = object({ a = string })", "{}")],
)
def test_values_that_terraform_refuses_are_missing(tmp_path: Path, declaration: str, text: str) -> None:
    assert is_missing(the_value(tmp_path, declaration, x=text))


def test_unset_variables_are_symbols_in_texts_and_conditions_too(tmp_path: Path) -> None:
    main = """
variable "vpc_id" {}
variable "flag" { type = bool }
resource "aws_subnet" "s" {
  vpc_id                  = var.vpc_id
  cidr_block              = "${var.vpc_id}-x"
  map_public_ip_on_launch = !var.flag
  availability_zone       = var.flag ? "a" : "b"
  tags                    = merge({ A = "1" }, var.flag ? { B = "2" } : {})
}
"""
    subnet = values(read(write(tmp_path, {"main.tf": main})), "aws_subnet.s")

    assert is_symbol(subnet["vpc_id"], "var.vpc_id")
    assert type(subnet["cidr_block"]) is not str
    for name in ("map_public_ip_on_launch", "availability_zone", "tags"):
        assert is_missing(subnet[name])


def test_a_list_that_is_joined_with_an_unset_one_keeps_what_is_known(tmp_path: Path) -> None:
    main = """
variable "more" { type = list(string) }
resource "aws_lb" "x" { subnets = concat(["subnet-1"], var.more) }
"""
    subnets = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")["subnets"]

    assert isinstance(subnets, list)
    assert subnets[0] == "subnet-1"
    assert is_missing(subnets[1])


def test_sensitive_values_are_never_told(tmp_path: Path) -> None:
    value = the_value(tmp_path, 'sensitive = true\ndefault = "hunter2"', {"terraform.tfvars": 'x = "hunter3"'})

    assert is_symbol(value, "var.x")


def test_null_for_a_variable_that_takes_none_is_its_default(tmp_path: Path) -> None:
    assert the_value(tmp_path, 'nullable = false\ndefault = "d"', {"terraform.tfvars": "x = null"}) == "d"


def test_a_broken_file_of_values_hides_every_earlier_word(tmp_path: Path) -> None:
    files = {"terraform.tfvars": 'x = "1"\n', "a.auto.tfvars": "y = [\n"}
    value = the_value(tmp_path, 'default = "0"', files)

    assert is_symbol(value, "var.x")


def test_a_broken_file_that_was_named_is_an_error_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "x" {}\n', "bad.tfvars": "x = [\n"})

    with pytest.raises(ConfigurationError, match=r"bad\.tfvars:\d"):
        read(tmp_path, files=(tmp_path / "bad.tfvars",))
    with pytest.raises(ConfigurationError, match=r"none\.tfvars"):
        read(tmp_path, files=(tmp_path / "none.tfvars",))


def test_a_variable_that_no_root_declares_is_told(tmp_path: Path) -> None:
    found = read(write(tmp_path, {"main.tf": 'variable "x" {}\n'}), variables={"y": "1", "x": "2"})

    assert [line.item for line in found.coverage if not line.status.was_read] == ["--var y"]


def test_the_workspace_can_be_said(tmp_path: Path) -> None:
    main = 'resource "aws_vpc" "v" {\n  count = terraform.workspace == "prod" ? 1 : 0\n}\n'
    write(tmp_path, {"main.tf": main})

    assert read(tmp_path).instances[0].uncertain
    assert [one.uncertain for one in read(tmp_path, variables={"terraform.workspace": "prod"}).instances] == [False]
    assert read(tmp_path, variables={"terraform.workspace": "test"}).instances == ()

"""Files of HCL: what is read of them, and what mistakes spoil."""

from __future__ import annotations

import pytest

from checker.collect.hcl.fragments import parse_expression
from checker.collect.hcl.parse import parse, parse_json
from checker.collect.hcl.syntax import Fault, File

GOOD = 'resource "aws_vpc" "good" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def labels(file: File) -> list[tuple[str, ...]]:
    return [block.labels for block in file.body.blocks]


def test_blocks_labels_lines_and_comments() -> None:
    source = (
        "# first\n"
        'resource aws_x "a" { # tierproof:waive NET005\n'
        "  n = 1 // one\n"
        "  nested { x = true }\n"
        "  nested {\n  }\n"
        "  /* two\n  lines */ m = 2\n"
        "}\n"
    )

    file = parse(source.encode(), "main.tf")

    (block,) = file.body.blocks
    assert not file.faults
    assert (block.type, block.labels, block.line, block.end_line) == ("resource", ("aws_x", "a"), 2, 9)
    assert list(block.body.attributes) == ["n", "m"]
    assert [inner.line for inner in block.body.blocks] == [4, 5]
    assert file.comments[1] == "first"
    assert file.comments[2] == "tierproof:waive NET005"
    assert file.comments[3] == "one"


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_marks_of_byte_order_and_ends_of_lines_of_windows(mark: bytes) -> None:
    file = parse(mark + b'a = "x"\r\nb {\r\n  c = 1 # d\r\n}\r\n', "main.tf")

    assert not file.faults
    assert list(file.body.attributes) == ["a"]
    assert list(file.body.blocks[0].body.attributes) == ["c"]


@pytest.mark.parametrize(
    ("broken", "line", "last"),
    [
        ('resource "a" "bad" {\n  x = \n}\n', 2, 3),
        ('resource "a" "bad" {\n  x = [1,\n  y = 2\n}\n', 3, 4),
        ('resource "a" "bad" {\n  x = 1\n', None, 2),
        ('resource "a" "bad" {\n  x = "open\n}\n', 2, 3),
        ('resource "a" "bad" {\n  x = <<EOT\nnever closed\n}\n', 2, 4),
        ('resource "a" "bad" {\n  x = 1 y = 2\n}\n', 2, 3),
        ('resource "a" "bad" {\n  x = 1\n  x = 2\n}\n', 3, 4),
        ('resource "a" "bad" {\n  x = "${1"\n}\n', 2, 3),
        ('resource "a" "bad" {\n  x = 1 +\n  2\n}\n', 2, 4),
        ('resource "a" "bad" {\n  x = "\\q"\n}\n', 2, 3),
        ('resource "a" "bad" {\n  x = "%{ if a }b"\n}\n', None, 3),
        ('resource "a" "bad" {\n  b { c = 1\n  d = 2 }\n}\n', 2, 4),
        ('resource "a" "bad" {\n  /* never closed\n}\n', 2, 3),
    ],
)
def test_a_mistake_spoils_its_block_and_no_other(broken: str, line: int | None, last: int) -> None:
    file = parse((broken + "\n" + GOOD).encode(), "main.tf")

    (fault,) = file.faults
    assert ("aws_vpc", "good") in labels(file)
    assert fault.first == 1
    assert last <= fault.last <= last + 1
    assert line is None or fault.line == line
    assert all(block.line > fault.last for block in file.body.blocks if block.labels == ("aws_vpc", "good"))


def test_a_stray_brace_spoils_the_block_before_it() -> None:
    source = 'resource "a" "b" {\n  ingress {\n  } }\n  egress {\n  }\n}\n'

    file = parse((source + GOOD).encode(), "main.tf")

    assert [(fault.first, fault.last) for fault in file.faults] == [(1, 6)]
    assert ("aws_vpc", "good") in labels(file)


def test_every_mistake_is_told() -> None:
    file = parse(('resource "a" "x" {\n  y = ]\n}\n' * 3 + GOOD).encode(), "main.tf")

    assert [fault.line for fault in file.faults] == [2, 5, 8]


def test_what_is_no_text() -> None:
    file = parse(b'a = "\xff"\nb = 1\n', "main.tf")

    assert [(fault.line, fault.first, fault.last) for fault in file.faults] == [(1, 1, 3)]
    assert not file.body.attributes


@pytest.mark.parametrize("sign", ["[", "(", "{a=", "-", '"${', "f(", "!"])
def test_nesting_without_end_is_a_mistake(sign: str) -> None:
    file = parse(f"x = {sign * 50_000}\n{GOOD}".encode(), "main.tf")

    assert len(file.faults) == 1
    assert ("aws_vpc", "good") in labels(file)


@pytest.mark.parametrize(
    "source",
    [
        "1 2",
        "a.",
        "a[",
        "[1 2]",
        "{a 1}",
        "f(1",
        "(1",
        '"a',
        "1 +",
        "? 1",
        "a ? b",
        "[for x in y]",
        "{for x in y : x}",
        "@",
    ],
)
def test_what_is_no_expression(source: str) -> None:
    assert isinstance(parse_expression(source), Fault)


def test_json_syntax() -> None:
    source = (
        '{"resource": {"aws_x": {"a": {"name": "n-${var.x}",\n "lifecycle": {"prevent_destroy": true}}}},\n'
        ' "variable": {"x": {"type": "list(string)", "default": "${verbatim}"}}, "//": "a comment"}'
    )

    file = parse_json(source.encode(), "main.tf.json")

    assert not file.faults
    resource, variable = file.body.blocks
    assert (resource.type, resource.labels) == ("resource", ("aws_x", "a"))
    assert [block.type for block in resource.body.blocks] == ["lifecycle"]
    assert type(resource.body.attributes["name"]).__name__ == "Template"
    assert type(variable.body.attributes["type"]).__name__ == "Call"
    assert variable.body.attributes["default"] == parse_expression('"$${verbatim}"', 3)


@pytest.mark.parametrize("source", ["", "[1]", "{", '{"a": 1,}', '{"a" 1}', "{'a': 1}", '{"a": "\n"}', "[" * 5000])
def test_what_is_no_json(source: str) -> None:
    assert parse_json(source.encode(), "main.tf.json").faults

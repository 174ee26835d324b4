"""A second parser, written by others, counts the same blocks and attributes in files that have no mistake in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_hcl
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from checker.collect.hcl.parse import parse
from checker.collect.hcl.syntax import Body

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "examples").rglob("*.tf"), *(ROOT / "tests").rglob("*.tf")])
SECOND = Parser(Language(tree_sitter_hcl.language()))
Header = tuple[int, str, tuple[str, ...], tuple[str, ...]]
names = st.from_regex(r"\A[a-z][a-z_]{0,6}\Z")
values = st.sampled_from(
    [
        "1",
        "true",
        '"text"',
        '"a ${var.b} { c"',
        "[1, 2]",
        "{ a = 1, b = { c = 2 } }",
        "aws_vpc.main.id",
        "[for x in var.y : x if x != null]",
        "var.a ? 1 : 2",
        'format("%s}", var.a)',
        '<<EOT\n  resource "a" "b" {\n  }}\nEOT',
        "max(\n  1,\n  2,\n)",
    ]
)
notes = st.sampled_from(["", '# resource "x" "y" {\n', "// }\n", "/* {{ */\n"])


@st.composite
def bodies(draw: st.DrawFn, depth: int = 0) -> str:
    lines = [f"{name} = {draw(values)}\n" for name in draw(st.lists(names, max_size=4, unique=True))]
    if depth < 3:
        lines += draw(st.lists(blocks(depth + 1), max_size=3))
    return "".join(draw(notes) + line for line in lines)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    labels = "".join(f' "{label}"' for label in draw(st.lists(names, max_size=2)))
    return f"{draw(names)}{labels} {{\n{draw(bodies(depth))}}}\n"


def ours(body: Body) -> Iterator[Header]:
    for block in body.blocks:
        yield block.line, block.type, tuple(block.labels), tuple(sorted(block.body.attributes))
        yield from ours(block.body)


def theirs(body: Node) -> Iterator[Header]:
    for node in body.named_children:
        if node.type != "block":
            continue
        inner = next((child for child in node.named_children if child.type == "body"), None)
        words = [text(child) for child in node.named_children if child.type in ("identifier", "string_lit")]
        attributes = [] if inner is None else [child for child in inner.named_children if child.type == "attribute"]
        given_names = sorted(text(child.named_children[0]) for child in attributes)
        yield node.start_point[0] + 1, words[0], tuple(words[1:]), tuple(given_names)
        if inner is not None:
            yield from theirs(inner)


def text(node: Node) -> str:
    return (node.text or b"").decode().strip('"')


def assert_same(data: bytes) -> None:
    tree = SECOND.parse(data).root_node
    whole = next((child for child in tree.named_children if child.type == "body"), None)
    file = parse(data, "main.tf")

    assert not tree.has_error
    assert not file.faults
    assert sorted(ours(file.body)) == sorted(theirs(whole) if whole else [])


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks(), max_size=4))
def test_drawn_files(parts: list[str]) -> None:
    assert_same("".join(parts).encode())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_files_of_this_repository(file: Path) -> None:
    assert_same(file.read_bytes())

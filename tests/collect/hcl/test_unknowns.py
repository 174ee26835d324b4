"""Expressions over what is not known: what can be kept is kept, and nothing known is ever made up."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.collect.hcl.values import Failure, Several, Unordered, Value, first_unknown
from checker.model.fact import Missing
from checker.model.symbol import Symbol
from tests.collect.hcl.evaluating import expressions, value_of

MISSING = Missing("var.m has no value")
NAMES: dict[str, Value] = {
    "var": {
        "m": MISSING,
        "s": Symbol("var.s"),
        "r": Symbol("aws_x.r"),
        "group": Symbol("aws_security_group.g"),
        "list": ["a", "b"],
        "ids": [Symbol("aws_subnet.b"), Symbol("aws_subnet.a")],
    }
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('contains(["a", var.m], "a")', True),
        ("length([var.m])", 1),
        ("false && var.m", False),
        ("var.m || true", True),
        ("var.m ? 1 : 1", 1),
        ("var.s == var.s", True),
        ("[1, var.m][0]", 1),
        ("{a = var.m, b = 2}.b", 2),
        ('merge({a = var.m}, {b = 2})["b"]', 2),
        ('lookup({a = var.m}, "b", "d")', "d"),
        ("concat([1], [var.r])", [1, Symbol("aws_x.r")]),
        ('"arn:${var.r}/x"', Symbol("arn:${aws_x.r}/x")),
        ('join("/", ["a", var.s])', Symbol("a/${var.s}")),
        ('format("%s-x", var.s)', Symbol("${var.s}-x")),
        ('jsondecode(jsonencode({a = [var.r, "b"]}))', {"a": [Symbol("aws_x.r"), "b"]}),
        ('jsondecode(jsonencode({a = "x/${var.r}"})).a', Symbol("x/${aws_x.r}")),
        ('jsondecode(jsonencode({a = "$${not}", b = var.r})).a', "${not}"),
        ('var.s.id["k"][0]', Symbol('var.s.id["k"][0]')),
        ('values(zipmap(["a"], [var.r]))', [Symbol("aws_x.r")]),
        ('coalesce("a", var.m)', "a"),
        ("try(var.list[7], var.s)", Symbol("var.s")),
        ("tolist(setunion([var.r], [var.r]))", [Symbol("aws_x.r")]),
        ("flatten([[var.r], [[1]]])", [Symbol("aws_x.r"), 1]),
        ("[for x in [var.r, 1] : x]", [Symbol("aws_x.r"), 1]),
        ("[{a = var.r}][*].a", [Symbol("aws_x.r")]),
        ("sensitive(var.r)", Symbol("aws_x.r")),
        # Ids of Amazon EC2 begin with their type: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
        ('var.group == "self"', False),
        ('var.group == "self" ? 1 : 2', 2),
        ('var.group == "sg"', False),
        ('"subnet-1" == var.group', False),
        ('split(",", join(",", [var.group, "x"]))', [Symbol("aws_security_group.g"), "x"]),
        ('split(",", var.group)', [Symbol("aws_security_group.g")]),
        ('split(", ", "a, b-${var.group}, $${c}")[1]', Symbol("b-${aws_security_group.g}")),
        ('split(", ", "a-${var.group}, $${c}")[1]', "${c}"),
    ],
)
def test_what_can_be_kept_is_kept(source: str, expected: Value) -> None:
    found = value_of(source, **NAMES)

    assert found == expected
    assert isinstance(found, Symbol) == isinstance(expected, Symbol)


@pytest.mark.parametrize(
    "source",
    [
        'contains([var.m], "a")',
        "length(concat([1], var.m))",
        "length(flatten([[1], var.m]))",
        "var.m ? 1 : 2",
        "var.s == var.r",
        'var.s == ""',
        "var.s == null",
        "var.m && true",
        "upper(var.s)",
        "[for x in var.m : x]",
        "{(var.m) = 1}",
        "var.m[*].id",
        "jsonencode([var.m])",
        '"a-${var.m}"',
        "timestamp()",
        "uuid()",
        'provider::aws::arn_parse("x")',
        'file("x")',
        "try(var.m, 1)",
        "toset([var.m, 1]) == toset([1])",
        "length(compact([var.s]))",
        "concat(var.m, [1])[0]",
        'var.group == "sg-1"',
        'var.r == "x"',
        'split(",", var.s)',
        'split(",", "a,${var.s}")',
        'split("-", var.group)',
        'split("", "a${var.group}")',
        # Terraform orders sets, and what is sorted, by values that only an apply would tell.
        "tolist(toset(var.ids))[0]",
        "element(tolist(toset(var.ids)), 1)",
        "[for x in toset(var.ids) : x][1]",
        "(toset(var.ids)[*].x)[0]",
        "{for i, x in sort(var.ids) : i => x}",
        "one(sort(var.ids))",
        "sort(var.ids)[0]",
        "reverse(sort(var.ids))[1]",
        "concat(sort(var.ids), [1])[2]",
        "flatten([sort(var.ids)])[0]",
        "slice(sort(var.ids), 0, 1)",
        "index(sort(var.ids), var.ids[0])",
        "zipmap([1, 2], sort(var.ids))",
        'formatlist("%s%s", sort(var.ids), ["a", "b"])',
        'join(",", sort(var.ids))',
        "chunklist(sort(var.ids), 1)",
        "sort(var.ids) == tolist(var.ids)",
        "concat([for x in toset(var.ids) : [x]]...)[0]",
        "{for x in toset(var.ids) : 1 => x...}[1][0]",
    ],
)
def test_what_depends_on_the_unknown_is_unknown(source: str) -> None:
    found = value_of(source, **NAMES)

    assert isinstance(found, Missing)
    assert not isinstance(found, Failure)


@pytest.mark.parametrize(
    "source",
    [
        "sort(var.ids)",
        "tolist(toset(var.ids))",
        "reverse(tolist(toset(concat(var.ids, var.ids))))",
        "distinct(concat(sort(var.ids), var.ids))",
        "flatten([[sort(var.ids)], var.ids[0]])",
        "[for x in sort(var.ids) : x if x != null]",
        "[for x in toset(var.ids) : {a = x}][*].a",
        "slice(sort(var.ids), 0, 2)",
        "{for x in toset(var.ids) : 1 => x...}[1]",
        "concat([for x in toset(var.ids) : [x]]...)",
        "setunion(sort(var.ids), [])",
    ],
)
def test_what_has_no_order_has_its_members(source: str) -> None:
    found = value_of(source, **NAMES)

    assert isinstance(found, list)
    assert set(map(str, found)) == {"aws_subnet.a", "aws_subnet.b"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("tolist(toset([var.r]))[0]", Symbol("aws_x.r")),
        ("one(toset([var.r, var.r]))", Symbol("aws_x.r")),
        ("length(sort(var.ids))", 2),
        ("contains(sort(var.ids), var.ids[1])", True),
        ('tolist(toset(["b", "a"]))[0]', "a"),
    ],
)
def test_what_needs_no_order_is_known(source: str, expected: Value) -> None:
    assert value_of(source, **NAMES) == expected


def test_lists_say_where_their_number_of_items_is_open() -> None:
    found = value_of("concat([1], var.m, [2])", **NAMES)

    assert found == [1, Several("var.m has no value"), 2]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("var.list[3]", "index 3 of var.list in line 1 is out of range"),
        ("var.list[0].id", 'has no attribute "id"'),
        ('{a = 1}["b"]', 'has no item "b"'),
        ("nope(1)", 'there is no function "nope"'),
        ('cidrsubnet("10.0.0.0/8", 30, 1)', "cidrsubnet(...) in line 1"),
        ("1 / 0", "division by zero"),
    ],
)
def test_failures_say_what_and_where(source: str, words: str) -> None:
    found = value_of(source, **NAMES)

    assert isinstance(found, Failure)
    assert words in found.fact


@pytest.mark.parametrize(
    "source",
    [
        "range(0, 1000000000)",
        "setproduct(range(1000), range(1000), range(1000))",
        "pow(10, 400) * pow(10, 400)",
        'format("%999999999d", 1)',
        'indent(999999999, "a\\nb")',
        'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
    ],
)
def test_huge_results_are_not_worked_out(source: str) -> None:
    assert isinstance(value_of(source), Missing)


def test_files_come_from_the_reader_alone() -> None:
    files = {"a.tftpl": "%{ for x in list ~}\n${x}\n%{ endfor ~}\n", "d/x.json": "{}"}

    assert value_of('templatefile("a.tftpl", {list = ["u", "v"]})', files) == "u\nv\n"
    assert value_of('fileexists("nope")', files) is False
    assert value_of('fileset("d", "*")', files) == ["x.json"]
    assert isinstance(value_of('templatefile("a.tftpl", {})', files), Failure)
    assert isinstance(value_of('file("/etc/passwd")', files), Failure)
    assert isinstance(value_of('file("/etc/passwd")'), Missing)


def agrees(partly: Value, fully: Value) -> bool:
    """Tell whether what is known of one value is what the other says."""
    if isinstance(partly, Missing):
        return True
    if isinstance(partly, list) and isinstance(fully, list):
        if any(isinstance(item, Several) for item in partly):
            return True
        if isinstance(partly, Unordered):
            return all(any(agrees(item, other) for other in fully) for item in partly)
        if first_unknown(partly) and partly != fully and len(partly) == len(fully):
            return all(map(agrees, partly, fully))
        return len(partly) == len(fully) and all(map(agrees, partly, fully))
    if isinstance(partly, dict) and isinstance(fully, dict):
        return partly.keys() == fully.keys() and all(agrees(partly[key], fully[key]) for key in partly)
    return type(partly) is type(fully) and partly == fully


KNOWN: dict[str, Value] = {"number": 7, "text": "a-b", "flag": True, "list": ["b", "a", "b"]}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=expressions, hidden=st.sampled_from(sorted(KNOWN)), in_list=st.booleans())
def test_hiding_a_value_never_changes_what_is_known(source: str, hidden: str, in_list: bool) -> None:
    unknown: Value = ["b", MISSING, "b"] if hidden == "list" and in_list else MISSING
    fully = value_of(source, var=dict(KNOWN))
    partly = value_of(source, var={**KNOWN, hidden: unknown})

    assert isinstance(fully, Missing) or agrees(partly, fully)

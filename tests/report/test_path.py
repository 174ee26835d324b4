"""Answers about paths as text and as JSON, against golden files and the schema."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from checker.model import traffic
from checker.model.finding import HopKind
from checker.report import path_json, path_text
from tests.report.sample_path import SAMPLES

GOLDEN = Path(__file__).parent / "golden"
DEFINITION = json.loads((Path(__file__).parents[2] / "docs" / "path.schema.json").read_text(encoding="utf-8"))


def shown(name: str, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False)
    return path_text.render(SAMPLES[name](), console)


def written(name: str) -> str:
    out = io.StringIO()
    path_json.write(SAMPLES[name](), out)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", SAMPLES)
def test_golden_text(name: str, width: int) -> None:
    assert shown(name, width) == (GOLDEN / f"path_{name}_{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_golden_json(name: str) -> None:
    assert written(name) == (GOLDEN / f"path_{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SAMPLES)
def test_json_is_what_the_schema_says(name: str) -> None:
    Draft202012Validator.check_schema(DEFINITION)

    assert list(Draft202012Validator(DEFINITION).iter_errors(json.loads(written(name)))) == []


@pytest.mark.parametrize("change", [{"verdict": "PASS"}, {"more": 1}, {"exit_code": 7}, {"routes": [{}]}])
def test_schema_refuses_what_is_not_in_the_contract(change: dict[str, object]) -> None:
    document = {**json.loads(written("reachable")), **change}

    assert list(Draft202012Validator(DEFINITION).iter_errors(document))


def test_schema_knows_every_kind_of_hop() -> None:
    known = DEFINITION["$defs"]["hop"]["properties"]["kind"]["enum"]

    assert {kind.value for kind in HopKind} | {"listener"} == set(known)


def numbers(ranges: list[dict[str, Any]]) -> int:
    """Return how many protocols and ports some ranges hold together."""
    return sum(
        (one["protocols"][1] - one["protocols"][0] + 1) * traffic.WIDTH
        if one["from"] is None
        else one["to"] - one["from"] + 1
        for one in ranges
    )


def test_ranges_are_the_exact_set() -> None:
    asked = json.loads(written("reachable"))["question"]["asked"]["ranges"]

    assert numbers(asked) == (traffic.EVERYTHING - traffic.ICMP_ERRORS).size


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(map(len, shown(name, width).splitlines())) <= width


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_a_terminal_obeys_gets_through(name: str) -> None:
    assert "\x1b" not in shown(name, 80)


def test_verdict_comes_first_and_the_exit_code_last() -> None:
    lines = shown("relayed", 80).splitlines()

    assert lines[0] == "NOT REACHABLE  the internet -> shop/app on tcp 443"
    assert lines[1].strip() == "not directly; through load balancer shop-alb on tcp 443"
    assert lines[-1].endswith("exit 1")


def test_hops_behind_the_first_obstacle_are_told_only_if_they_stop_too() -> None:
    assert "ENI_SG_RULES_MISMATCH" in shown("relayed", 80)
    assert shown("reachable", 80).count("sgr-1 lets out") == 1


def test_many_alike_are_counted() -> None:
    assert "39992 more (40000 interfaces)" in shown("listing", 120)

"""Expressions that ask for more values than anybody means: they are given up after so many steps, and are not known."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.collect.hcl import budget
from checker.collect.hcl.evaluate import evaluate
from checker.collect.hcl.fragments import parse_expression
from checker.collect.hcl.syntax import Expression
from checker.collect.hcl.values import Failure, Value
from checker.model.fact import Missing
from tests.collect.hcl.evaluating import Files
from tests.collect.hcl.programs import read, values, write

STEPS = 50_000


@pytest.fixture(autouse=True)
def _few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MOST", STEPS)
    monkeypatch.setattr(budget, "POOL", 4 * STEPS)
    monkeypatch.setattr(budget.BUDGET, "_pool", 4 * STEPS)


class Counted:
    """Names that stand for expressions, worked out whenever they are named; it counts how often that is."""

    def __init__(self, **sources: str) -> None:
        self.count = 0
        self.files: Files | None = None
        self._expressions = {name: parsed(source) for name, source in sources.items()}

    def lookup(self, name: str) -> Value:
        self.count += 1
        return evaluate(self._expressions[name], self) if name in self._expressions else Failure(f"no {name}")


def parsed(source: str) -> Expression:
    expression = parse_expression(source)
    assert isinstance(expression, Expression), expression
    return expression


def ten(name: str) -> str:
    return ", ".join([name] * 10)


REPEATED: Mapping[str, str] = {"a0": '"x"', **{f"a{at}": f"[{ten(f'a{at - 1}')}]" for at in range(1, 11)}}
SHARED = "z10"
for level in range(10, 0, -1):
    SHARED = f"[for z{level} in [[{ten(f'z{level - 1}')}]] : {SHARED}]"
SHARED_TEXT = "z10"
for level in range(10, 0, -1):
    SHARED_TEXT = f'[for z{level} in ["{ten(f"${{z{level - 1}}}")}"] : {SHARED_TEXT}]'
BOMBS = {
    "repeated": "jsonencode(a10)",
    "repeated and tried": 'try(jsonencode(a10), "else")',
    "nested": "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a0]]]",
    "nested in a template": "%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }${a0}"
    + "%{ endfor }" * 3,
    "shared": f"jsonencode([for z0 in [a0] : {SHARED}])",
    "texts": f"length([for z0 in [a0] : {SHARED_TEXT}])",
    "products": f"jsonencode([for p in [setproduct({', '.join(['range(10)'] * 4)})] : [for a in range(1000) : p]])",
}


@pytest.mark.parametrize("name", BOMBS)
def test_an_expression_that_asks_for_too_much_is_given_up(name: str) -> None:
    names = Counted(**REPEATED)
    source = BOMBS[name]
    found = evaluate(parsed(f'"{source}"' if "%{" in source else source), names)

    assert isinstance(found, Missing)
    assert not isinstance(found, Failure)
    assert "too many" in found.fact
    assert names.count <= STEPS


def test_what_is_large_and_can_be_worked_out_is() -> None:
    found = evaluate(parsed('length([for a in range(50) : [for b in range(50) : "${a}-${b}-${a0}"]])'), Counted(a0="1"))

    assert found == 50


def test_others_are_worked_out_beside_one_that_is_given_up_and_all_together_end(tmp_path: Path) -> None:
    bomb = "\n".join(
        f"  {name} = {source.replace('a', 'local.a')}" for name, source in REPEATED.items() if name != "a0"
    )
    main = f"""
locals {{
  a0 = "x"
{bomb}
}}
resource "aws_vpc" "v" {{
  count      = 200
  cidr_block = "10.${{count.index}}.0.0/16"
  tags       = {{ Name = jsonencode(local.a10) }}
}}
resource "aws_subnet" "s" {{
  count = length(local.a10)
}}
resource "aws_subnet" "t" {{
  for_each = toset(flatten(local.a10))
}}
"""
    found = read(write(tmp_path, {"main.tf": main}))

    assert values(found, "aws_vpc.v[199]")["cidr_block"] == "10.199.0.0/16"
    for index in (0, 199):
        tags = values(found, f"aws_vpc.v[{index}]")["tags"]
        assert isinstance(tags["Name"] if isinstance(tags, dict) else tags, Missing)
    assert sorted(one.address for one in found.instances if one.uncertain) == ["aws_subnet.s[*]", "aws_subnet.t[*]"]

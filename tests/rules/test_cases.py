"""Every rule on every case of its file: in `cases/`, a case per way to keep or to break it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from checker.evaluate.engine import evaluate
from checker.graph.graph import Graph
from checker.graph.stacks import Discovery, discover
from checker.graph.view import View
from checker.model.blueprint import Blueprint
from checker.model.finding import Result, Verdict
from checker.resources.inventory import Inventory
from checker.rules.catalog import rules
from checker.rules.interface import Rule
from tests.rules.cases_reader import CASES, Case, Expected, blueprint, cases, read, stack
from tests.rules.world import build

ALL = list(cases())
QUIET = (Verdict.PASS, Verdict.NOT_APPLICABLE)
FEWEST = {"FAIL": 3, "PASS": 2, "UNKNOWN": 1}


def judged(
    inventory: Inventory, plan: Blueprint, which: Sequence[Rule[object]]
) -> tuple[tuple[Result, ...], Discovery]:
    """Return the results of some rules on every stack of an inventory, and what discovery said."""
    graph = Graph(inventory)
    found = discover(graph, plan)
    results, crashes = evaluate([View(stack, graph, plan) for stack in found.stacks], which, plan)

    assert not crashes, crashes
    return results, found


def one_rule(id: str) -> list[Rule[object]]:
    """Return the rule of an id, as a list."""
    return [rule for rule in rules() if rule.id == id]


@pytest.mark.parametrize("case", ALL, ids=[f"{case.rule} {case.name}" for case in ALL])
def test_the_rule_says_what_the_case_expects(case: Case) -> None:
    results, found = judged(case.world(), blueprint(case.blueprint), one_rule(case.rule))
    loud = {result.subject.id for result in results if result.verdict not in QUIET}
    told = {
        _the_one(results, wanted).subject.id
        for wanted in case.expect
        if wanted.verdict not in ("PASS", "NOT_APPLICABLE")
    }

    for wanted in case.expect:
        _compare(_the_one(results, wanted), wanted)
    assert loud == told, _show([result for result in results if result.subject.id not in told])
    if case.doubts is not None:
        assert any(case.doubts in doubt.message for doubt in found.doubts), found.doubts


def _the_one(results: Sequence[Result], wanted: Expected) -> Result:
    fitting = [result for result in results if wanted.subject in (result.subject.id, result.subject.name)]

    assert len(fitting) == 1, f"{len(fitting)} results for {wanted.subject}; there are:\n{_show(results)}"
    return fitting[0]


def _compare(result: Result, wanted: Expected) -> None:
    assert result.verdict.value == wanted.verdict, _show([result])
    if wanted.state is not None:
        assert result.state is not None, _show([result])
        assert result.state.value == wanted.state, _show([result])
    if wanted.severity is not None:
        assert str(result.severity) == wanted.severity, _show([result])
    steps = iter(step.resource for step in result.path)
    assert all(resource in steps for resource in wanted.path), _show([result])
    assert wanted.message in " | ".join((result.message, *result.also)), _show([result])


def _show(results: Sequence[Result]) -> str:
    lines = []
    for result in results:
        lines.append(
            f"{result.verdict.value} {result.subject.id} ({result.subject.name}): "
            f"{result.state} {result.severity} {result.message}"
        )
        lines += [f"    {step.resource}: {step.fact}" for step in result.path]
        lines += [f"    missing {item.fact}" for item in result.missing]
        lines += [f"    also {line}" for line in result.also]
    return "\n".join(lines)


def test_every_case_file_belongs_to_a_rule() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} <= {rule.id for rule in rules()}


@pytest.mark.parametrize("rule", [rule.id for rule in rules()])
def test_every_rule_has_cases_of_each_verdict(rule: str) -> None:
    path = CASES / f"{rule}.yaml"
    counts = Counter(verdict for case in (read(path) if path.exists() else ()) for verdict in case.verdicts)

    assert {verdict: counts[verdict] for verdict in FEWEST if counts[verdict] < FEWEST[verdict]} == {}


def test_the_documented_stack_keeps_every_rule() -> None:
    results, found = judged(build(stack("documented")), blueprint({}), rules())

    assert _show([result for result in results if result.verdict not in QUIET]) == ""
    assert found.doubts == ()
    assert {result.rule for result in results} == {rule.id for rule in rules()}

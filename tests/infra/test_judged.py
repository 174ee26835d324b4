"""Every rule passes on the program, whichever of the documented choices a stack makes."""

import sys
from collections import Counter
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from checker import app
from checker.collect.source import Execution, Inputs
from checker.model.finding import Verdict
from checker.model.report import Report
from tests.infra.programs import project

pytest.importorskip("pulumi_aws")

GOOD = {Verdict.PASS, Verdict.NOT_APPLICABLE}
CHOICES = {
    "natGateways": ("zone", "regional"),
    "files": ("true", "false"),
    "sessionStore": ("cache", "table"),
    "databaseEngine": ("rds", "aurora"),
}


def judged(folder: Path, stack: str, settings: Mapping[str, str]) -> Report:
    """Return the report on a copy of the project whose stack has further settings."""
    project(folder, stack, settings)
    execution = Execution(stack=stack, python=Path(sys.executable), sandboxed=False)
    return app.check(app.recognised([folder], "pulumi-program"), app.Choices(), given=Inputs(execution=execution))


def faults(report: Report) -> list[tuple[str, Verdict, str]]:
    """Return what does not pass."""
    assert len(report.stacks) == 1 and report.stacks[0].judged
    return [(one.rule, one.verdict, one.message) for one in report.results if one.verdict not in GOOD]


def test_every_rule_passes_in_a_small_stack(tmp_path: Path) -> None:
    # The full one, prod, is the documented stack of tests/parity.
    report = judged(tmp_path, "dev", {})

    assert not faults(report)
    passed = {one.rule for one in report.results if one.verdict is Verdict.PASS}
    # No rule passes for want of a subject; STACKS speaks only where something was not seen.
    assert {rule.id for rule in report.rules} - passed <= {"STACKS"}


@pytest.mark.sampled(one_in=16)
@pytest.mark.parametrize("choice", list(product(*CHOICES.values())), ids="-".join)
def test_every_choice_passes(tmp_path: Path, choice: tuple[str, ...]) -> None:
    settings = dict(zip(CHOICES, choice, strict=True))
    report = judged(tmp_path, "prod", settings)

    assert not faults(report)
    tiers = Counter(tier for tier, members in report.stacks[0].tiers.items() if members)
    stores = {"cache"} if settings["sessionStore"] == "cache" else {"table"}
    assert set(tiers) == {"edge", "app", "data", *stores} | ({"files"} if settings["files"] == "true" else set())


@pytest.mark.sampled(one_in=8)
def test_one_nat_gateway_for_all_zones_is_told(tmp_path: Path) -> None:
    told = faults(judged(tmp_path, "prod", {"natGateways": "one"}))
    assert [(rule, verdict) for rule, verdict, _ in told] == [("AZ006", Verdict.FAIL)] * 2


@pytest.mark.sampled(one_in=8)
def test_what_is_not_protected_is_told(tmp_path: Path) -> None:
    told = faults(judged(tmp_path, "prod", {"protect": "false"}))
    assert [(rule, verdict) for rule, verdict, _ in told] == [("DAT005", Verdict.FAIL)]

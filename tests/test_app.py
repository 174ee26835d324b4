"""How the floors are joined: exceptions end on their day, and a rule that is not asked has nothing read for it."""

from datetime import date
from pathlib import Path

import pytest

from checker.app import Choices, kinds_for, policy, prepare
from checker.resources.hosted_zone import HostedZone
from checker.rules.catalog import rules

EXCEPTION = """
allow:
  - {from: sg-1, to: data, ports: own, reason: rotation, owner: ops, until: 2026-11-21}
"""


@pytest.fixture
def blueprint(tmp_path: Path) -> Path:
    """A copy of the default blueprint with one exception."""
    text = Path("policies/blueprints/three_tier_web.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("allow:")]
    file = tmp_path / "blueprint.yaml"
    file.write_text("\n".join(lines) + EXCEPTION, encoding="utf-8")
    return file


def test_an_exception_holds_through_its_last_day(blueprint: Path) -> None:
    case = prepare(Choices(blueprint=blueprint, today=date(2026, 11, 21)))

    assert len(case.blueprint.allow) == 1
    assert case.notes == ()


def test_an_exception_that_ended_is_gone_and_noted(blueprint: Path) -> None:
    case = prepare(Choices(blueprint=blueprint, today=date(2026, 11, 22)))

    assert case.blueprint.allow == ()
    assert case.notes == ('the exception "rotation" (ops) ended on 2026-11-21',)


def test_kinds_of_rules_that_are_not_asked_are_not_read() -> None:
    chosen = tuple(rule for rule in rules() if rule.id != "EDG002")

    assert HostedZone not in {kind.type for kind in kinds_for(chosen)}
    assert HostedZone in {kind.type for kind in kinds_for(rules())}


def test_the_policy_covers_the_chosen_rules_only() -> None:
    every = str(policy())
    chosen = str(policy(("NET",)))

    assert "route53:ListResourceRecordSets" in every
    assert "route53:ListResourceRecordSets" not in chosen
    assert "ec2:DescribeSecurityGroups" in chosen

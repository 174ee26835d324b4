"""The policies: one for each rule on the whole stack, and one for each rule that a resource can break all by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from checker.app import rule_views
from checker.evaluate.doubts import DISCOVERY
from checker.model.report import RuleView
from checker.report.findings import sections

# Rules that one resource can break whatever stands around it.
ALONE = (
    "APP001",
    "APP004",
    "AZ003",
    "AZ004",
    "DAT002",
    "DAT003",
    "DAT004",
    "DAT005",
    "EDG001",
    "EDG003",
    "SES001",
)
BEFORE = "-before-creation"


@dataclass(frozen=True)
class Policy:
    """A policy: its name, the rule it judges by, and whether it looks at one resource before that is made."""

    name: str
    rule: RuleView
    is_alone: bool

    @property
    def is_mandatory(self) -> bool:
        """Tell whether it blocks by default; what discovery says is no fault of the stack."""
        return self.rule.id != DISCOVERY.id

    @property
    def description(self) -> str:
        """Return the rule's title and what it checks."""
        checked = self._section("What it checks")
        return f"{self.rule.title}. {checked}" if checked else f"{self.rule.title}."

    @property
    def remedy(self) -> str:
        """Return how to fix what the rule finds."""
        return self._section("How to fix")

    def _section(self, heading: str) -> str:
        return next((" ".join(text.split()) for found, text in sections(self.rule.page) if found == heading), "")


@cache
def policies() -> tuple[Policy, ...]:
    """Return every policy, those of the stack first, each ordered by the id of its rule."""
    rules = rule_views()
    stack = [Policy(f"{rule.id}-{rule.name}", rule, is_alone=False) for rule in (*rules, DISCOVERY)]
    alone = [Policy(f"{rule.id}-{rule.name}{BEFORE}", rule, is_alone=True) for rule in rules if rule.id in ALONE]
    return (*sorted(stack, key=lambda policy: policy.name), *sorted(alone, key=lambda policy: policy.name))

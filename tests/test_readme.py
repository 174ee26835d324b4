"""What the README says of the rules is what they are."""

import re
from pathlib import Path

from checker.app import rule_views

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_table_of_rules_is_the_rules() -> None:
    rows = re.findall(r"^\| ([A-Z]+\d{3}) \| (\S+) \| (\w+) \|$", README, re.MULTILINE)

    assert rows == [(rule.id, rule.name, str(rule.severity)) for rule in rule_views()]

"""The list of rules and a rule's page."""

import io
import json

import pytest

from checker.model.report import Report
from checker.report.rule_pages import as_json, page, table

PAGE = """
Database reachable from elsewhere.

What it checks
    Every packet that gets in,
    whoever sends it:
    - the internet
    - a bastion

References
    https://docs.aws.amazon.com/a
    https://docs.aws.amazon.com/b
"""


def test_page_flows_and_keeps_lists_and_links(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert page(report.rules[1], PAGE, io.StringIO()) == (
        "DAT003 not-encrypted-in-transit  medium\n"
        "Store without encryption in transit\n\n"
        "What it checks\n"
        "    Every packet that gets in, whoever sends it:\n"
        "    - the internet\n"
        "    - a bastion\n\n"
        "References\n"
        "    https://docs.aws.amazon.com/a\n"
        "    https://docs.aws.amazon.com/b\n\n"
        "Controls\n"
        "    PCI-DSS-4.0:4.2.1\n"
    )


def test_table_has_a_line_for_each_rule(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    lines = table(report.rules, io.StringIO()).splitlines()

    assert [line.split()[0] for line in lines[1 : 1 + len(report.rules)]] == [rule.id for rule in report.rules]


def test_json_names_rules_as_the_report_does(report: Report) -> None:
    first = json.loads(as_json(report.rules))[0]

    assert list(first) == ["id", "name", "title", "severity", "url", "controls", "terraform_types", "source"]

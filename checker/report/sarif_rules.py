"""Rules in SARIF: what code scanning shows beside an alert."""

from __future__ import annotations

from checker.model.finding import Severity
from checker.model.report import RuleView
from checker.report.findings import sections

LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
# Code scanning calls 7.0-8.9 high, 4.0-6.9 medium and 0.1-3.9 low.
# Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
_SCORES = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
_AREAS = {
    "NET": ("network", "security"),
    "AZ": ("availability", "reliability"),
    "SES": ("sessions", "reliability"),
    "DAT": ("data", "security"),
    "EDG": ("edge", "security"),
    "APP": ("application", "security"),
}
_MOST_TEXT, _MOST_NAME, _MOST_TAGS = 1024, 255, 10


def as_rule(rule: RuleView) -> dict[str, object]:
    """Return a rule as a `reportingDescriptor`; its page is the help."""
    parts = dict(sections(rule.page))
    full = " ".join(parts.get("What it checks", "").split()) or rule.title
    text = "\n\n".join((rule.title, *(f"{heading}\n{body}" for heading, body in parts.items())))
    markdown = "\n\n".join((f"**{rule.title}**", *(f"## {heading}\n\n{body}" for heading, body in parts.items())))
    return {
        "id": rule.id,
        "name": rule.name[:_MOST_NAME],
        "shortDescription": {"text": rule.title[:_MOST_TEXT]},
        "fullDescription": {"text": _cut(full)},
        "help": {"text": text, "markdown": markdown},
        **({"helpUri": rule.url} if rule.url else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": _properties(rule),
    }


def _properties(rule: RuleView) -> dict[str, object]:
    """Return tags and, for security alone, the score: with one, code scanning files an alert under security."""
    area = _AREAS.get(rule.id.rstrip("0123456789"), ("architecture",))
    tags = list(dict.fromkeys((*area, *rule.controls)))[:_MOST_TAGS]
    score = {"security-severity": _SCORES[rule.severity]} if "security" in area else {}
    return {"tags": tags, "precision": "very-high", **score}


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 3]}..."

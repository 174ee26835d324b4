"""What a report says of each tier, so that reports of different dialects can be laid side by side."""

from collections.abc import Mapping

from checker.model.finding import Verdict
from checker.model.report import Report

Verdicts = Mapping[tuple[str, str], frozenset[Verdict]]
# The owner of a tier is told by the tier's name; everything else by its kind.
TIERS = {
    "load_balancer": "edge",
    "app_group": "app",
    "cache": "cache",
    "database": "data",
    "file_system": "files",
}


def verdicts(report: Report) -> Verdicts:
    """Return the verdicts that each rule gives in each tier; how many there are differs, and what they are called."""
    found: dict[tuple[str, str], set[Verdict]] = {}
    for one in report.results:
        found.setdefault((one.rule, TIERS.get(one.subject.kind, one.subject.kind)), set()).add(one.verdict)
    return {place: frozenset(given) for place, given in found.items()}


def with_verdict(given: Verdicts, verdict: Verdict) -> dict[str, frozenset[str]]:
    """Return for each rule the tiers in which it gives a verdict."""
    found: dict[str, set[str]] = {}
    for (rule, tier), told in given.items():
        if verdict in told:
            found.setdefault(rule, set()).add(tier)
    return {rule: frozenset(tiers) for rule, tiers in found.items()}

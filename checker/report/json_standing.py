"""Waivers and earlier reports in the JSON report."""

from __future__ import annotations

from checker.model.finding import Result, Standing
from checker.model.past import PastResult, PastSubject
from checker.model.report import Comparison, Report
from checker.model.waiver import WaiverView


def waiver_of(result: Result) -> dict[str, object] | None:
    """Return who accepted a WAIVED result, until when, and the verdict that it would be."""
    if result.waiver is None or result.waived is None:
        return None
    return {
        "reason": result.waiver.reason,
        "owner": result.waiver.owner,
        "until": result.waiver.until.isoformat(),
        "place": result.waiver.place,
        "verdict": result.waived.value,
    }


def waiver_json(view: WaiverView) -> dict[str, object]:
    """Return a waiver and what became of it."""
    waiver = view.waiver
    return {
        "rule": waiver.rule,
        "subject": waiver.subject,
        "stack": waiver.stack,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "until": waiver.until.isoformat(),
        "place": waiver.place,
        "use": view.use.value,
        "results": list(view.results),
    }


def comparison_json(report: Report) -> dict[str, object] | None:
    """Return how the report stands to an earlier one, or None where it was compared with none."""
    comparison = report.comparison
    if comparison is None:
        return None
    return {
        "kind": comparison.document.kind,
        "source": comparison.document.source,
        "sha256": comparison.document.sha256,
        "new": sum(result.baseline is Standing.NEW for result in report.results),
        "known": sum(result.baseline is Standing.KNOWN for result in report.results),
        **_gone(comparison),
    }


def _gone(comparison: Comparison) -> dict[str, object]:
    return {
        "fixed": [past_json(result) for result in comparison.fixed],
        "unseen": [past_json(result) for result in comparison.unseen],
    }


def past_json(result: PastResult) -> dict[str, object]:
    """Return a verdict of a written report, as far as a comparison tells it."""
    return {
        "key": result.key,
        "rule": result.rule,
        "verdict": result.verdict.value,
        "severity": result.severity,
        "state": result.state.value if result.state else None,
        "stack": result.stack,
        "root": result.root,
        "subject": subject_json(result.subject),
        "message": result.message,
    }


def subject_json(subject: PastSubject) -> dict[str, object]:
    """Return what a verdict of a written report is about."""
    return {
        "kind": subject.kind,
        "id": subject.id,
        "name": subject.name,
        "account": subject.account,
        "region": subject.region,
        "address": subject.address,
        "file": subject.file,
        "line": subject.line,
    }

"""The report as JSON: the contract `tierproof.report/1`, whose schema is `docs/report.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from checker.model.blueprint import TIERS
from checker.model.change import Change
from checker.model.finding import Result, State, Step, Subject, Verdict
from checker.model.record import Coverage, Scope
from checker.model.report import Crash, Document, Report, RuleView, StackView
from checker.report.format import Format
from checker.report.json_parts import dump, facts, head, packet
from checker.report.json_standing import comparison_json, waiver_json, waiver_of

SCHEMA = "tierproof.report/1"


def write(report: Report, out: TextIO) -> None:
    """Write the report with two spaces of indent and keys in the contract's order; equal reports give equal bytes."""
    dump(as_json(report), out)


def as_json(report: Report) -> dict[str, object]:
    """Return the report as JSON values."""
    return {
        **head(report, SCHEMA),
        "commit": report.facts.get("commit"),
        "summary": _summary(report),
        "documents": [_document(item) for item in report.documents],
        "rules": [rule_json(item) for item in report.rules],
        "stacks": [_stack(item) for item in report.stacks],
        "results": [_result(item) for item in report.results],
        "coverage": [_coverage(item) for item in report.coverage],
        "crashes": [_crash(item) for item in report.crashes],
        "waivers": [waiver_json(item) for item in report.waivers],
        "comparison": comparison_json(report),
        "addresses": list(report.addresses),
        "notes": list(report.notes),
    }


def _summary(report: Report) -> dict[str, object]:
    judged = sum(stack.judged for stack in report.stacks)
    counts: dict[str, object] = {verdict.value.lower(): report.count(verdict) for verdict in Verdict}
    return {
        **{name: counts[name] for name in ("pass", "fail", "unknown", "waived", "error", "not_applicable")},
        "stacks": judged,
        "candidates": len(report.stacks) - judged,
        "exit_code": report.exit_code,
        "exit_codes": list(report.exit_codes),
    }


def _document(document: Document) -> dict[str, object]:
    return {"kind": document.kind, "source": document.source, "sha256": document.sha256}


def rule_json(rule: RuleView) -> dict[str, object]:
    """Return a rule as the contract names it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "title": rule.title,
        "severity": str(rule.severity),
        "url": rule.url or None,
        "controls": list(rule.controls),
        "terraform_types": list(rule.terraform_types),
        "source": rule.source,
    }


def _stack(stack: StackView) -> dict[str, object]:
    return {
        "id": stack.id,
        "seed": stack.seed,
        "vpcs": list(stack.vpcs),
        "name": stack.name,
        "account": stack.scope.account,
        "region": stack.scope.region,
        "judged": stack.judged,
        "reason": stack.reason,
        "root": stack.root or None,
        "tiers": _by_tier(stack.tiers),
        "zones": _by_tier(stack.zones),
    }


def _by_tier(values: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    return {tier: list(values.get(tier, ())) for tier in TIERS}


def _result(result: Result) -> dict[str, object]:
    return {
        "key": result.key,
        "rule": result.rule,
        "verdict": result.verdict.value,
        "severity": str(result.severity),
        "state": _state(result.state),
        "counts": result.counts,
        "stack": result.stack,
        "root": result.root or None,
        "subject": _subject(result.subject),
        "message": result.message,
        "also": list(result.also),
        "fix": result.fix,
        "changes": [_change(change) for change in result.changes],
        "witness": packet(result.witness),
        "path": [_step(step) for step in result.path],
        "missing": facts(result.missing),
        "evidence": [_step(step) for step in result.evidence],
        "waiver": waiver_of(result),
        "baseline": result.baseline.value if result.baseline else None,
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "action": change.action.value,
        "resource": change.resource,
        "what": str(change.what),
        "old": str(change.old) if change.old else None,
        "rule": change.rule,
    }


def _state(state: State | None) -> str | None:
    return state.value if state else None


def _subject(subject: Subject) -> dict[str, object]:
    origin = subject.origin
    return {
        "kind": subject.kind,
        "id": subject.id,
        "name": subject.name,
        **_scope(subject.scope),
        "arn": subject.arn,
        "tags": {key: subject.tags[key] for key in sorted(subject.tags)},
        "address": origin.address if origin else None,
        "file": origin.file if origin else None,
        "line": origin.line if origin else None,
        "end_line": None,
    }


def _scope(scope: Scope) -> dict[str, object]:
    return {"account": scope.account, "region": scope.region}


def _step(step: Step) -> dict[str, object]:
    return {
        "resource": step.resource,
        "fact": step.fact,
        "code": step.code,
        "hop": step.hop.value if step.hop else None,
        "file": step.origin.file if step.origin else None,
        "line": step.origin.line if step.origin else None,
    }


def _coverage(coverage: Coverage) -> dict[str, object]:
    return {
        "source": coverage.source,
        "scope": _scope(coverage.scope),
        "item": coverage.item,
        "status": coverage.status.value,
        "count": coverage.count,
        "error": coverage.error,
    }


def _crash(crash: Crash) -> dict[str, object]:
    return {"rule": crash.rule, "subject": crash.subject, "error": crash.error}


FORMAT = Format("json", write)

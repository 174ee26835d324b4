"""A report beside an earlier one: what is new, what was known, and what is fixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from checker.errors import ConfigurationError
from checker.evaluate.trends import trends
from checker.model.difference import Pair, Trend
from checker.model.finding import Result, Severity, Standing, Verdict
from checker.model.past import Level, PastReport, PastResult, PastRule, PastStack, PastSubject
from checker.model.report import Comparison, Document, Report

_SEVERITIES: Mapping[Severity, Level] = {Severity.LOW: "low", Severity.MEDIUM: "medium", Severity.HIGH: "high"}


def as_past(report: Report) -> PastReport:
    """Return a report as a later one would read it."""
    return PastReport(
        rules=tuple(PastRule(id=rule.id, name=rule.name) for rule in report.rules),
        stacks=tuple(PastStack(id=one.id, name=one.name, judged=one.judged) for one in report.stacks),
        results=tuple(map(_past, report.results)),
    )


_MARKED = (Verdict.FAIL, Verdict.UNKNOWN)


@dataclass(frozen=True)
class Earlier:
    """A report to compare with; `hides` says that what it knows is neither shown nor counted for the exit code."""

    report: PastReport
    document: Document
    hides: bool


def compared(report: Report, earlier: Earlier) -> Report:
    """Return the report with every FAIL and UNKNOWN marked new or known; a crash is neither.

    Raises `ConfigurationError` for an earlier report that has no rule in common with this one.
    """
    past, document = earlier.report, earlier.document
    refuse_strangers(past, as_past(report), document.source)
    found = trends(past, as_past(report))
    standing = {pair.new.key: _standing(pair) for pair in found if pair.new and pair.new.verdict in _MARKED}
    return replace(
        report,
        results=tuple(replace(result, baseline=standing.get(result.key)) for result in report.results),
        comparison=Comparison(document, earlier.hides, _olds(found, Trend.FIXED), _olds(found, Trend.UNSEEN)),
        documents=(*report.documents, document),
        notes=(*report.notes, *unasked_notes(past, as_past(report), document.source)),
    )


def counted(report: Report) -> tuple[Result, ...]:
    """Return the results that decide the exit code: with a baseline, not what was known."""
    if report.comparison is None or not report.comparison.hides:
        return report.results
    return tuple(result for result in report.results if result.baseline is not Standing.KNOWN)


def refuse_strangers(old: PastReport, new: PastReport, source: str) -> None:
    """Raise `ConfigurationError` where no rule was asked in both reports: nothing could be compared."""
    if not old.asked & new.asked - {"STACKS"}:
        raise ConfigurationError(
            "the earlier report asked other rules, so nothing can be compared",
            where=source,
            hint=f"it asked {_few(old.asked)}; this one asks {_few(new.asked)}",
        )


def unasked_notes(old: PastReport, new: PastReport, source: str) -> tuple[str, ...]:
    """Return a note on rules that only one of two reports asked."""
    notes = []
    if more := new.asked - old.asked:
        notes.append(f"{source} did not ask {_few(more)}: all that they find is new")
    if fewer := old.asked - new.asked:
        notes.append(f"{source} also asked {_few(fewer)}: what they found is not looked at")
    return tuple(notes)


def _few(rules: Iterable[str]) -> str:
    names = sorted(rules)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _standing(pair: Pair) -> Standing:
    return Standing.NEW if pair.trend is Trend.NEW else Standing.KNOWN


def _olds(pairs: Iterable[Pair], trend: Trend) -> tuple[PastResult, ...]:
    return tuple(pair.old for pair in pairs if pair.trend is trend and pair.old)


def _past(result: Result) -> PastResult:
    subject, origin = result.subject, result.subject.origin
    return PastResult(
        key=result.key,
        rule=result.rule,
        verdict=result.verdict,
        severity=_SEVERITIES[result.severity],
        subject=PastSubject(
            kind=subject.kind,
            id=subject.id,
            name=subject.name,
            account=subject.scope.account,
            region=subject.scope.region,
            address=origin.address if origin else None,
            file=origin.file if origin else None,
            line=origin.line if origin else None,
        ),
        message=result.message,
        state=result.state,
        counts=result.counts,
        stack=result.stack,
        root=result.root or None,
        also=result.also,
    )

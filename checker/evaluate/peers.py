"""What another tool found, joined to a report: under its own ids, about our subjects where the addresses are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from checker.model.finding import Result, Severity, State, Subject, Verdict
from checker.model.peer import PeerFinding, PeerRun
from checker.model.record import Coverage, Origin, Scope, Status
from checker.model.report import Report, RuleView

_NOWHERE = Scope("", "")


def joined(report: Report, runs: Sequence[PeerRun]) -> Report:
    """Return a report with the findings of other tools as FAILs; no verdict of ours changes.

    A run that failed is an ERROR: what it did not find must not look like nothing to find.
    """
    ours = _subjects(report)
    taken = {result.key for result in report.results}
    added: list[Result] = []
    for result in (result for run in runs for result in _results(run, ours)):
        if result.key not in taken:
            taken.add(result.key)
            added.append(result)
    return replace(
        report,
        rules=tuple(sorted((*report.rules, *_rules(runs, {rule.id for rule in report.rules})), key=lambda one: one.id)),
        results=tuple(sorted((*report.results, *added), key=lambda one: one.key)),
        coverage=(*report.coverage, *(line for run in runs for line in _ledger(run))),
        notes=(*report.notes, *(note for run in runs for note in _notes(run))),
    )


def _subjects(report: Report) -> Mapping[str, list[Result]]:
    """Return, by address, the results whose subjects have one."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in report.results:
        origin = result.subject.origin
        if origin and origin.address:
            found[origin.address].append(result)
    return found


def _results(run: PeerRun, ours: Mapping[str, list[Result]]) -> Iterator[Result]:
    if run.error:
        subject = Subject("tool", run.path, run.path, _NOWHERE)
        message = f"{run.tool} did not end well: {run.error}"
        fix = f"run {run.tool} on {run.path} by hand to see why"
        yield Result(run.tool.upper(), Verdict.ERROR, Severity.HIGH, subject, None, message, fix)
    for finding in run.findings:
        like = _like(finding, ours)
        yield Result(
            rule=finding.check,
            verdict=Verdict.FAIL,
            severity=finding.severity or Severity.MEDIUM,
            subject=like.subject if like else _alone(finding, run),
            stack=like.stack if like else None,
            message=finding.title,
            fix=f"see {finding.url}" if finding.url else "",
            state=State.REACHABLE,
            root=like.root if like else "",
        )


def _like(finding: PeerFinding, ours: Mapping[str, list[Result]]) -> Result | None:
    """Return a result of ours about the same resource; of several roots that have its address, that of its file."""
    found = ours.get(finding.address, [])
    same = [one for one in found if finding.file and one.subject.origin and one.subject.origin.file == finding.file]
    if same:
        return same[0]
    roots = {one.root for one in found}
    return found[0] if len(roots) == 1 else None


def _alone(finding: PeerFinding, run: PeerRun) -> Subject:
    """Return a resource that no rule of ours is about; its file is part of who it is, since roots repeat addresses."""
    origin = Origin(run.tool, finding.file, finding.line, finding.address or None)
    name = finding.address or finding.file or run.path
    id = f"{finding.file}:{name}" if finding.file else name
    return Subject("resource", id, name, _NOWHERE, origin=origin)


def _rules(runs: Sequence[PeerRun], known: set[str]) -> Iterator[RuleView]:
    for run in runs:
        views = [RuleView(run.tool.upper(), run.tool, f"{run.tool} did not end well", Severity.HIGH, "")]
        views = views if run.error else []
        views += (
            RuleView(one.check, run.tool, one.title, one.severity or Severity.MEDIUM, one.url) for one in run.findings
        )
        for view in views:
            if view.id not in known:
                known.add(view.id)
                yield replace(view, source=run.tool)


def _ledger(run: PeerRun) -> Iterator[Coverage]:
    status = Status.FAILED if run.error else Status.OK
    count = run.passed + len(run.findings)
    yield Coverage(run.tool, _NOWHERE, run.path, status, count, run.error or None)
    for file in run.unread:
        yield Coverage(run.tool, _NOWHERE, file, Status.UNREADABLE, 0, f"{run.tool} could not read it")


def _notes(run: PeerRun) -> Iterator[str]:
    if run.skipped:
        checks = "check" if run.skipped == 1 else "checks"
        yield f"comments in {run.path} switch {run.skipped} {checks} of {run.tool} off"
    if run.unknown:
        values = "value of {} is" if run.unknown == 1 else "values of {} are"
        known = f"{run.unknown} {values.format(run.path)} not known"
        yield f"{known}: {run.tool} takes them for what is not set, so what it finds or passes there may be wrong"

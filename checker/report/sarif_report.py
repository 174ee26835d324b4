"""SARIF 2.1.0 for code scanning: the rules, what is open or waived with its path, and how the run went.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
Source: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from checker.model.finding import Result, Severity, Subject, Verdict
from checker.model.record import Scope
from checker.model.report import Report
from checker.report.findings import NOTHING_JUDGED, nothing_judged, shown, unread
from checker.report.format import Format
from checker.report.json_parts import dump
from checker.report.sarif_result import ROOT, Numbering, as_result
from checker.report.sarif_rules import as_rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Code scanning refuses a file with more results in a run.
# Source: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
MOST_RESULTS = 25_000
_CRASHED, _USAGE = 5, 2
_MEANINGS = {
    0: "nothing is wrong, or what is was tolerated",
    1: "a rule fails",
    2: "wrong usage or configuration",
    3: "nothing was judged",
    4: "something is unknown",
    5: "a rule crashed",
}


def write(report: Report, out: TextIO) -> None:
    """Write one run with two spaces of indent; equal reports give equal bytes."""
    dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, out)


def _run(report: Report) -> dict[str, object]:
    results = shown(report, Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.WAIVED)
    results = [*_absent(report), *results]
    kept = results[:MOST_RESULTS]
    indices = {rule.id: index for index, rule in enumerate(report.rules)}
    numbering = Numbering()
    return {
        "tool": {
            "driver": {
                "name": "tierproof",
                "version": report.version,
                "informationUri": "https://github.com/tierproof/tierproof",
                "rules": [as_rule(rule) for rule in report.rules],
            }
        },
        "invocations": [_invocation(report, left_out=len(results) - len(kept))],
        **_provenance(report),
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that tierproof was run in."}}},
        "columnKind": "utf16CodeUnits",
        "results": [as_result(result, report, indices, numbering) for result in kept],
        "properties": {"source": report.source, "paths": list(report.paths), "commit": report.facts.get("commit")},
    }


def _absent(report: Report) -> Iterator[Result]:
    """Yield a result that says that nothing was judged: an empty run would close every alert as fixed."""
    if message := nothing_judged(report):
        scope = Scope(*(next(iter(values), "") for values in (report.accounts, report.regions)))
        subject = Subject("scope", report.source, report.source, scope)
        yield Result("STACKS", Verdict.ERROR, Severity.HIGH, subject, None, message)


def _invocation(report: Report, *, left_out: int) -> dict[str, object]:
    notes = [_notification("warning", f"not read: {line}") for line in unread(report)]
    notes += [_notification("error", f"{crash.rule} crashed: {crash.error}") for crash in report.crashes]
    notes += [_notification("note", note) for note in report.notes]
    if left_out:
        notes.append(_notification("warning", f"{left_out} results of lesser severity are left out of this file"))
    return {
        "executionSuccessful": not {_USAGE, NOTHING_JUDGED, _CRASHED} & set(report.exit_codes),
        "exitCode": report.exit_code,
        "exitCodeDescription": _MEANINGS[report.exit_code],
        "toolExecutionNotifications": notes,
    }


def _notification(level: str, text: str) -> dict[str, object]:
    return {"level": level, "message": {"text": text}}


def _provenance(report: Report) -> dict[str, object]:
    """Return which commit was read, where the repository is known: SARIF has no commit without one."""
    commit, repository = report.facts.get("commit"), report.facts.get("repository")
    if not commit or not repository:
        return {}
    return {"versionControlProvenance": [{"repositoryUri": repository, "revisionId": commit}]}


FORMAT = Format("sarif", write)

"""CSV for spreadsheets: one row for each result, every column always there.

Source: https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from checker.model.finding import Result, Step
from checker.model.report import Report
from checker.report.findings import one_line, place, rules_of
from checker.report.format import Format

# The columns are a contract: new ones are added at the end.
COLUMNS = (
    "key",
    "rule",
    "name",
    "verdict",
    "severity",
    "state",
    "counts",
    "stack",
    "subject_kind",
    "subject_id",
    "subject_name",
    "account",
    "region",
    "address",
    "file",
    "line",
    "message",
    "fix",
    "path",
    "missing",
    "waiver_reason",
    "waiver_owner",
    "waiver_until",
    "baseline",
    "root",
)
# What a spreadsheet takes for the beginning of a formula, full-width forms included; control characters are gone.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def write(report: Report, out: TextIO) -> None:
    """Write a header and the results in the report's order, lines ended by CR LF."""
    names = {rule.id: rule.name for rule in rules_of(report).values()}
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for result in report.results:
        table.writerow([_safe(cell) for cell in _cells(result, names.get(result.rule, ""))])


def _cells(result: Result, name: str) -> Iterable[object]:
    subject, waiver, where = result.subject, result.waiver, place(result)
    return (
        result.key,
        result.rule,
        name,
        result.verdict.value,
        str(result.severity),
        result.state.value if result.state else "",
        "yes" if result.counts else "no",
        result.stack or "",
        subject.kind,
        subject.id,
        subject.name,
        subject.scope.account,
        subject.scope.region,
        (subject.origin.address if subject.origin else None) or "",
        (where.file if where else None) or "",
        (where.line if where else None) or "",
        result.message,
        result.fix,
        " > ".join(map(_step, result.path)),
        "; ".join(item.fact for item in result.missing),
        waiver.reason if waiver else "",
        waiver.owner if waiver else "",
        waiver.until.isoformat() if waiver else "",
        result.baseline.value if result.baseline else "",
        result.root,
    )


def _step(step: Step) -> str:
    return f"{step.resource}: {step.fact}"


def _safe(cell: object) -> str:
    """Return a cell on one line that no spreadsheet takes for a formula."""
    text = one_line(str(cell))
    return f"'{text}" if text.startswith(_FORMULA) else text


FORMAT = Format("csv", write)

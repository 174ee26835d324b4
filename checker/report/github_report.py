"""Workflow commands for GitHub Actions: the worst ten errors and ten warnings as annotations, and how many more.

GitHub shows ten of each in a step and drops the rest in silence.
Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
Source: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TextIO

from checker.model.finding import Result, Severity, Verdict
from checker.model.report import Report
from checker.report.findings import nothing_judged, one_line, place, rules_of, shown, subject_words
from checker.report.format import Format

MOST = 10
_MOST_TEXT, _MOST_TITLE = 4000, 255


def write(report: Report, out: TextIO) -> None:
    """Write one command for each annotation, worst first; what is left out is counted in a notice."""
    results = shown(report, Verdict.ERROR, Verdict.FAIL, Verdict.UNKNOWN)
    results = [result for result in results if result.counts]
    errors = [result for result in results if _is_error(result)]
    warnings = [result for result in results if not _is_error(result)]
    room = MOST
    if message := nothing_judged(report):
        out.write(_command("error", message, title="tierproof"))
        room -= 1
    names = {rule.id: rule.name for rule in rules_of(report).values()}
    for level, some, most in (("error", errors, room), ("warning", warnings, MOST)):
        out.writelines(_annotation(level, result, names.get(result.rule, "")) for result in some[:most])
    left_out = max(len(errors) - room, 0) + max(len(warnings) - MOST, 0)
    if left_out:
        more = f"{left_out} more finding{'' if left_out == 1 else 's'} without an annotation"
        out.write(_command("notice", f"{more}: see the step summary or a --format sarif=FILE", title="tierproof"))


def _is_error(result: Result) -> bool:
    return result.verdict is Verdict.ERROR or (result.verdict is Verdict.FAIL and result.severity is Severity.HIGH)


def _annotation(level: str, result: Result, name: str) -> str:
    word = "" if result.verdict is Verdict.FAIL else f"{result.verdict.value}: "
    lines = [f"{word}{subject_words(result.subject)}: {result.message}"]
    lines += [f"{step.resource}: {step.fact}" for step in result.path]
    lines += [f"Missing: {item.fact}" for item in result.missing]
    lines += [f"Fix: {result.fix}"] if result.fix else []
    where = place(result)
    at = {"file": PurePath(where.file).as_posix(), "line": str(where.line or 1)} if where and where.file else {}
    return _command(level, "\n".join(map(one_line, lines)), **at, title=f"{result.rule} {name}".strip())


def _command(level: str, message: str, **properties: str) -> str:
    """Return a command on one line: what a name holds can end neither its property nor the command.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    """
    said = ",".join(f"{key}={_property(value[:_MOST_TITLE])}" for key, value in properties.items())
    return f"::{level} {said}::{_data(message[:_MOST_TEXT])}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format("github", write)

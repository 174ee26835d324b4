"""The last line: every count, and what the command ends with."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from checker.model.finding import Result, Severity, Standing, Verdict
from checker.model.report import Report
from checker.report.text_standing import standing_counts

_WORDS = {0: "PASS", 1: "FAIL", 2: "USAGE", 3: "NOTHING JUDGED", 4: "UNKNOWN", 5: "CRASHED"}
_STYLES = {0: "bold green", 1: "bold red", 4: "bold yellow", 5: "bold magenta"}


def summary(report: Report) -> Text:
    """Return the one line that says it all."""
    word = _word(report)
    text = Text("\n")
    text.append(word, _STYLES.get(report.exit_code, "bold red") if word != "TOLERATED" else "bold yellow")
    text.append(f": {', '.join(_counts(report))}; {_stacks(report)}; exit {report.exit_code}")
    if also := [str(code) for code in report.exit_codes[1:]]:
        text.append(f" (also {', '.join(also)})")
    return text


def ignored(report: Report) -> tuple[str, ...]:
    """Return the rules whose UNKNOWN the blueprint wants to hear nothing of."""
    return tuple(rule for rule in report.facts.get("on_unknown.ignore", "").split(",") if rule)


def _word(report: Report) -> str:
    """Return the verdict in a word; exit 0 is PASS only if something was judged and nothing waved through or known."""
    tolerated = any(result.verdict in (Verdict.FAIL, Verdict.UNKNOWN) and result.counts for result in _deciding(report))
    judged = any(stack.judged for stack in report.stacks) and report.results
    if report.exit_code == 0 and (tolerated or not judged):
        return "TOLERATED"
    if report.exit_code == 0 and len(_deciding(report)) < len(report.results):
        return "NOTHING NEW"
    return _WORDS[report.exit_code]


def _counts(report: Report) -> Iterator[str]:
    results = _deciding(report)
    fails = [result.severity for result in results if result.verdict is Verdict.FAIL]
    split = ", ".join(f"{fails.count(level)} {level}" for level in sorted(Severity, reverse=True) if level in fails)
    yield f"{len(fails)} failed" + (f" ({split})" if split else "")
    if errors := report.count(Verdict.ERROR):
        yield f"{errors} crashed"
    counted = sum(result.verdict is Verdict.UNKNOWN and result.counts for result in results)
    yield f"{counted} unknown"
    if rest := sum(result.verdict is Verdict.UNKNOWN for result in results) - counted:
        yield f"{rest} unknown not counted"
    if waived := report.count(Verdict.WAIVED):
        yield f"{waived} waived"
    yield from standing_counts(report)
    yield f"{report.count(Verdict.PASS)} passed"
    yield f"{report.count(Verdict.NOT_APPLICABLE)} not applicable"


def _deciding(report: Report) -> list[Result]:
    """Return the results that count: with a baseline, those that it does not know."""
    hides = report.comparison is not None and report.comparison.hides
    return [result for result in report.results if not (hides and result.baseline is Standing.KNOWN)]


def _stacks(report: Report) -> str:
    judged = sum(stack.judged for stack in report.stacks)
    others = len(report.stacks) - judged
    text = f"{judged} stack{'' if judged == 1 else 's'} judged"
    return text + (f", {others} candidate{'' if others == 1 else 's'}" if others else "")

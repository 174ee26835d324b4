"""What was accepted and what an earlier report knew, for the text report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from checker.model.finding import Result, Standing, Verdict
from checker.model.past import PastResult
from checker.model.printable import clean
from checker.model.report import Comparison, Report
from checker.model.waiver import Use, Waiver
from checker.report.text_layout import entry, subject_text, title


def waived(report: Report) -> Iterator[RenderableType]:
    """Yield what somebody accepted, with who, why and until when."""
    results = [result for result in report.results if result.verdict is Verdict.WAIVED]
    if results:
        yield from title("WAIVED", "accepted until a day, and not counted")
    for result in results:
        was = f"  was {result.waived.value}" if result.waived else ""
        yield entry("waived", Text.assemble(_name(result, report), (was, "dim")))
        yield entry("", Text(clean(result.message), "dim"))
        if result.waiver:
            yield entry("until", Text(clean(_accepted(result.waiver))))


def since(report: Report) -> Iterator[RenderableType]:
    """Yield what is new, fixed and still open since an earlier report; a baseline's own faults are only counted."""
    comparison = report.comparison
    if comparison is None:
        return
    new = [result for result in report.results if result.baseline is Standing.NEW]
    known = [result for result in report.results if result.baseline is Standing.KNOWN]
    yield from title("BASELINE" if comparison.hides else "SINCE", comparison.document.source)
    if not comparison.hides:
        for result in new:
            yield entry("new", _name(result, report), "bold red")
    yield from _gone(comparison, report)
    if comparison.hides:
        yield entry("known", Text(f"{_many(len(known), 'result')} told by the baseline and not shown here"))
    else:
        for result in known:
            yield entry("open", _name(result, report))
    if not (new or known or comparison.fixed or comparison.unseen):
        yield entry("", Text("nothing was open then, and nothing is now", "dim"))


def standing_counts(report: Report) -> Iterator[str]:
    """Yield the counts of the last line: waivers that need somebody, and what an earlier report knew."""
    for use, word in ((Use.EXPIRED, "expired"), (Use.UNUSED, "unused")):
        if count := sum(view.use is use for view in report.waivers):
            yield f"{_many(count, 'waiver')} {word}"
    comparison = report.comparison
    if comparison is None:
        return
    known = sum(result.baseline is Standing.KNOWN for result in report.results)
    if comparison.hides:
        yield f"{known} known"
    else:
        new = sum(result.baseline is Standing.NEW for result in report.results)
        yield f"{new} new since, {known} still open"
    yield f"{len(comparison.fixed)} fixed"
    if comparison.unseen:
        yield f"{len(comparison.unseen)} not judged again"


def past_text(result: PastResult, name: str) -> Text:
    """Return a result of an earlier report as `NET005 name  database shop-db (main.tf:12)`."""
    subject = result.subject
    text = Text.assemble((clean(result.rule), "bold"), f" {clean(name)}  ")
    text.append(f"{clean(subject.kind.replace('_', ' '))} ", "dim")
    text.append(clean(subject.name or subject.id))
    if result.root:
        text.append(f" in {clean(result.root)}", "dim")
    if subject.file:
        text.append(clean(f" ({subject.file}" + (f":{subject.line})" if subject.line else ")")), "dim")
    return text


def _gone(comparison: Comparison, report: Report) -> Iterator[RenderableType]:
    names = {rule.id: rule.name for rule in report.rules}
    for result in comparison.fixed:
        yield entry("fixed", past_text(result, names.get(result.rule, "")), "green")
    for result in comparison.unseen:
        note = "  not judged again"
        yield entry("unseen", Text.assemble(past_text(result, names.get(result.rule, "")), (note, "dim")), "yellow")


def _name(result: Result, report: Report) -> Text:
    name = next((rule.name for rule in report.rules if rule.id == result.rule), "")
    return Text.assemble((result.rule, "bold"), f" {name}  ", subject_text(result.subject, result.root))


def _accepted(waiver: Waiver) -> str:
    by = f" by {waiver.owner}" if waiver.owner else ""
    return f"{waiver.until}{by}: {waiver.reason} ({waiver.place})"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"

"""Known risks that somebody accepted: what matches does not count, until the day they named is over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from checker.model.finding import Result, Verdict
from checker.model.report import Report
from checker.model.waiver import Block, Use, Waiver, WaiverView

_WAIVABLE = (Verdict.FAIL, Verdict.UNKNOWN)


def waived(report: Report, waivers: Sequence[Waiver], today: date | None) -> Report:
    """Return the report with every FAIL and UNKNOWN that a waiver matches as WAIVED, and what became of each waiver.

    A waiver holds through the day it names; without `today` none has ended. Of several that match, the first in their
    order is shown. Those that ended or match nothing are noted, and nothing but the verdict of a rule fails.
    """
    if not waivers:
        return report
    names = {stack.id: stack.name for stack in report.stacks}
    asked = {rule.id for rule in report.rules}
    held: dict[str, Waiver] = {}
    views = []
    for waiver in waivers:
        keys = tuple(one.key for one in report.results if _matches(waiver, one, names))
        over = today is not None and waiver.until < today
        if not over:
            held.update({key: waiver for key in keys if key not in held})
        use = Use.USED if keys else Use.UNUSED if waiver.rule in asked else Use.NOT_ASKED
        views.append(WaiverView(waiver, Use.EXPIRED if over else use, keys))
    return replace(
        report,
        results=tuple(_accepted(one, held[one.key]) if one.key in held else one for one in report.results),
        waivers=tuple(views),
        notes=(*report.notes, *_notes(views, held)),
    )


def _accepted(result: Result, waiver: Waiver) -> Result:
    """Return a result as waived; what only a FAIL or an UNKNOWN has is left out."""
    return replace(
        result, verdict=Verdict.WAIVED, waived=result.verdict, waiver=waiver, state=None, missing=(), counts=True
    )


def _matches(waiver: Waiver, result: Result, stacks: Mapping[str, str]) -> bool:
    if result.rule != waiver.rule or result.verdict not in _WAIVABLE:
        return False
    if waiver.stack is not None:
        names = (result.stack, stacks.get(result.stack or ""))
        if not any(name and _fits(waiver.stack, name) for name in names):
            return False
    if waiver.block is not None:
        return _is_about(result, waiver.block)
    return any(_fits(waiver.subject, name) for name in _called(result))


def _called(result: Result) -> Iterator[str]:
    subject = result.subject
    names = (subject.id, subject.name, subject.arn, subject.origin.address if subject.origin else None)
    return (name for name in names if name)


def _is_about(result: Result, block: Block) -> bool:
    """Tell whether a result is about a block: its subject stands there, or a step of all that it tells.

    A path is that of the worst fault. Where others are told beside it, they may come by other blocks, which nobody
    accepted here.
    """
    steps = () if result.also else tuple(step.origin for step in result.path)
    return any(
        origin.file == block.file and origin.line is not None and block.first <= origin.line <= block.last
        for origin in (result.subject.origin, *steps)
        if origin
    )


def _fits(pattern: str, text: str) -> bool:
    """Tell whether a text is what a pattern says; brackets are themselves, since addresses have them."""
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def _notes(views: Iterable[WaiverView], held: Mapping[str, Waiver]) -> Iterator[str]:
    for view in views:
        waiver = view.waiver
        who = f"{waiver.place}: the waiver of {waiver.rule} on {waiver.subject}"
        if view.use is Use.EXPIRED:
            still = sum(key not in held for key in view.results)
            again = f": {_results(still)} no longer waived" if still else ", and nothing needs it"
            by = f" ({waiver.owner})" if waiver.owner else ""
            yield f"{who}{by} ended on {waiver.until}{again}"
        elif view.use is Use.UNUSED:
            alone = " by this alone" if waiver.block else ""
            yield f"{who} is unused: nothing that it matches is FAIL or UNKNOWN{alone}"


def _results(count: int) -> str:
    return "1 result is" if count == 1 else f"{count} results are"

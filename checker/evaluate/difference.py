"""Two reports side by side: what is new, fixed, still open, and which subjects came and went."""

from __future__ import annotations

from checker.evaluate.baseline import refuse_strangers, unasked_notes
from checker.evaluate.exit_codes import CLEAN, CRASHED, FAILED, NOTHING, PRECEDENCE, UNKNOWN
from checker.evaluate.matching import match
from checker.evaluate.trends import trends
from checker.model.difference import Difference, Side, Trend
from checker.model.finding import Severity, Verdict
from checker.model.past import PastReport, PastSubject


def difference(
    version: str,
    old: Side,
    new: Side,
    *,
    fail_on: Severity = Severity.LOW,
    allow_unknown: bool = False,
    allow_no_stack: bool = False,
) -> Difference:
    """Return what is different; only what is new decides the exit code, and a later report that judged nothing.

    Raises `ConfigurationError` where the two have no rule in common.
    """
    refuse_strangers(old.report, new.report, old.path)
    pairs = trends(old.report, new.report)
    fresh = [pair.new for pair in pairs if pair.trend is Trend.NEW and pair.new]
    holds = {
        NOTHING: not allow_no_stack and (new.report.judged == 0 or not new.report.results),
        CRASHED: any(one.verdict is Verdict.ERROR for one in new.report.results),
        FAILED: any(one.verdict is Verdict.FAIL and one.level >= fail_on for one in fresh),
        UNKNOWN: not allow_unknown and any(one.verdict is Verdict.UNKNOWN and one.counts for one in fresh),
    }
    appeared, disappeared = _came_and_went(old.report, new.report)
    return Difference(
        version=version,
        old=old,
        new=new,
        pairs=pairs,
        appeared=appeared,
        disappeared=disappeared,
        notes=unasked_notes(old.report, new.report, old.path),
        exit_codes=tuple(code for code in PRECEDENCE if holds.get(code, False)) or (CLEAN,),
    )


def _came_and_went(old: PastReport, new: PastReport) -> tuple[tuple[PastSubject, ...], tuple[PastSubject, ...]]:
    """Return the subjects that only the later and only the earlier report has, by rules that both asked."""
    both = old.asked & new.asked
    known_new: dict[tuple[str, ...], PastSubject] = {}
    known_old: dict[tuple[str, ...], PastSubject] = {}
    paired: set[tuple[str, ...]] = set()
    for one in match(old, new):
        if one.new and one.new.rule in both:
            known_new[_name(one.new.subject)] = one.new.subject
        if one.old and one.old.rule in both:
            known_old[_name(one.old.subject)] = one.old.subject
        if one.old and one.new:
            paired |= {_name(one.old.subject), _name(one.new.subject)}
    return _rest(known_new, paired), _rest(known_old, paired)


def _rest(subjects: dict[tuple[str, ...], PastSubject], paired: set[tuple[str, ...]]) -> tuple[PastSubject, ...]:
    return tuple(subjects[name] for name in sorted(subjects) if name not in paired)


def _name(subject: PastSubject) -> tuple[str, ...]:
    return subject.kind, subject.account, subject.region, subject.id, subject.file or ""

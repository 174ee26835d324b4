"""How each verdict went from an earlier report to a later one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from checker.evaluate.doubts import DISCOVERY
from checker.evaluate.matching import Match, match, may_be_one
from checker.model.difference import Pair, Trend
from checker.model.finding import State, Verdict
from checker.model.past import PastReport, PastResult, PastSubject

_Strays = dict[tuple[str, str, str], list[PastSubject]]
_REMARK = re.compile(r" \((?:high|medium|low|latent|, )+\)$")


def trends(old: PastReport, new: PastReport) -> tuple[Pair, ...]:
    """Return what happened to every verdict that is open in one of two reports or is not the same in both."""
    found = match(old, new)
    strays: _Strays = defaultdict(list)
    for stray in (one.new for one in found if one.new and not one.old):
        for name in _names(stray):
            strays[name].append(stray.subject)
    pairs = (_pair(one, old, new, strays) for one in found)
    return tuple(sorted((pair for pair in pairs if pair), key=lambda pair: (pair.shown.rule, pair.shown.key)))


def _names(result: PastResult) -> Iterator[tuple[str, str, str]]:
    subject = result.subject
    for name in (subject.id, subject.address, subject.name):
        if name:
            yield result.rule, subject.kind, name


def _pair(one: Match, old: PastReport, new: PastReport, strays: _Strays) -> Pair | None:
    if one.new is None:
        return _gone(one.old, old, new, strays) if one.old and one.old.is_open else None
    if one.old is None:
        return Pair(Trend.NEW, None, one.new, _because(one.new, old)) if one.new.is_open else None
    before, after = one.old, one.new
    if after.is_open:
        worse = _worse(before, after, same_id=one.same_id)
        return Pair(Trend.NEW, before, after, worse) if worse else Pair(Trend.OPEN, before, after, _better(one))
    if before.is_open and after.verdict is not Verdict.WAIVED:
        return Pair(Trend.FIXED, before, after)
    return Pair(Trend.CHANGED, before, after) if before.verdict is not after.verdict else None


def _because(after: PastResult, old: PastReport) -> str:
    return "" if after.rule in old.asked else "the earlier report did not ask this rule"


def _gone(before: PastResult, old: PastReport, new: PastReport, strays: _Strays) -> Pair:
    """Return what became of a fault whose subject the later report does not have: fixed only if it would be seen.

    `strays` are the subjects of the later report that no verdict of the earlier one was matched with.
    """
    why = ""
    if before.rule not in new.asked:
        why = "the rule was not asked"
    elif any(one.rule == before.rule and one.verdict is Verdict.ERROR for one in new.results):
        why = "the rule crashed"
    elif before.stack is not None and not _is_judged(before.stack, old, new):
        why = "its stack is not judged any more"
    elif before.stack is None and not any(may_be_one(before.subject, one.subject) for one in new.results):
        why = "nothing in its account and Region was judged"
    elif any(one.rule == DISCOVERY.id and one.verdict is Verdict.UNKNOWN for one in new.results):
        why = "not everything was seen"
    elif any(may_be_one(before.subject, other) for name in _names(before) for other in strays.get(name, ())):
        why = "which of several it is now cannot be told"
    return Pair(Trend.UNSEEN, before, None, why) if why else Pair(Trend.FIXED, before, None, "no longer there")


def _is_judged(stack: str, old: PastReport, new: PastReport) -> bool:
    names = {stack, *(one.name for one in old.stacks if one.id == stack)}
    return any(one.judged and (one.id in names or one.name in names) for one in new.stacks)


def _worse(before: PastResult, after: PastResult, *, same_id: bool) -> str:
    """Return why a verdict asks for more than it did, or nothing."""
    if after.verdict is Verdict.ERROR:
        return "" if before.verdict is Verdict.ERROR else f"was {before.verdict.value}"
    if _rank(after) > _rank(before):
        return f"was {_told(before)}"
    if after.verdict is not before.verdict:
        return ""
    if after.verdict is Verdict.FAIL and after.level > before.level:
        return f"severity was {before.severity}"
    known, told = (_faults(one, rename=before.subject.name != after.subject.name) for one in (before, after))
    # Where ids differ, such as in a plan and in the account, so may what the messages call things.
    more = [fault for fault in told if fault not in known] if same_id else told[len(known) :]
    return f"was not told before: {more[0]}" if more else ""


def _better(one: Match) -> str:
    if one.old is None or one.new is None or _rank(one.new) == _rank(one.old):
        return ""
    return f"was {_told(one.old)}"


def _rank(result: PastResult) -> int:
    match result.verdict, result.state:
        case Verdict.FAIL, State.LATENT:
            return 3
        case Verdict.FAIL, _:
            return 4
        case Verdict.UNKNOWN, _:
            return 2 if result.counts else 1
    return 0


def _told(result: PastResult) -> str:
    if result.verdict is Verdict.FAIL and result.state is State.LATENT:
        return "latent"
    return result.verdict.value + ("" if result.counts else " that does not count")


def _faults(result: PastResult, *, rename: bool) -> list[str]:
    """Return every fault or open question that is told of a subject, without remarks on how bad each is.

    With `rename`, the subject is called alike in all of them, for it was given another name.
    """
    lines = (result.message, *(line for line in result.also if not line.startswith("not decided: ")))
    faults = [_REMARK.sub("", line) for line in lines]
    return [line.replace(result.subject.name, "?") for line in faults] if rename and result.subject.name else faults

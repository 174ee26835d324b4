"""Every rule on every subject of every stack, each answer made into one result."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath
from typing import TypeVar

from checker.evaluate.outcomes import conclude
from checker.graph.view import View
from checker.model.blueprint import Blueprint
from checker.model.finding import Outcome, Result, Subject, Verdict
from checker.model.report import Crash
from checker.rules.interface import Rule

T = TypeVar("T")
log = logging.getLogger(__name__)
_Place = tuple[str, str, str, str]
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


class _CrashError(Exception):
    """A rule's own code raised; the text says what and where."""


def evaluate(
    views: Sequence[View], rules: Sequence[Rule[object]], blueprint: Blueprint
) -> tuple[tuple[Result, ...], tuple[Crash, ...]]:
    """Return a result for each rule, stack and subject, ordered by key, and the crashes in the order of their results.

    A rule that raises gives an `ERROR` for the subject it was at (for the stack, where listing its subjects failed) and
    the others go on. A subject that a rule lists twice is judged once, on all that was said of it.
    """
    results: list[tuple[Result, Crash | None]] = []
    for view in views:
        for rule in rules:
            results.extend(_judge(rule, view, blueprint))
    results.sort(key=lambda pair: pair[0].key)
    return tuple(result for result, _ in results), tuple(crash for _, crash in results if crash)


def _judge(rule: Rule[object], view: View, blueprint: Blueprint) -> Iterable[tuple[Result, Crash | None]]:
    stack = view.stack.id
    counts = blueprint.on_unknown.get(rule.id, "fail") == "fail"
    outcomes: dict[_Place, tuple[Subject, list[Outcome]]] = {}
    failed: dict[_Place, tuple[Subject, str]] = {}
    try:
        named = _run(lambda: [(item, rule.describe(item)) for item in rule.subjects(view)])
    except _CrashError as error:
        yield _crash(rule, view.stack.subject, stack, str(error))
        return
    for item, subject in named:
        place = (subject.scope.account, subject.scope.region, subject.kind, subject.id)
        _, said = outcomes.setdefault(place, (subject, []))
        try:
            said.extend(_run(lambda item=item: list(rule.check(item, view))))  # type: ignore[misc]  # bound at once
        except _CrashError as error:
            failed[place] = (subject, str(error))
    for place, (subject, said) in outcomes.items():
        if place in failed:
            yield _crash(rule, subject, stack, failed[place][1])
        else:
            yield conclude(rule, subject, stack, said, counts=counts), None


def _run(work: Callable[[], T]) -> T:
    try:
        return work()
    except Exception as error:  # a defect of one rule must not take the verdicts of the others with it
        log.debug("a rule crashed", exc_info=True)
        raise _CrashError(_account(error)) from error


def _account(error: Exception) -> str:
    """Return the error with the place it came from; nothing in it changes from run to run."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return _ADDRESS.sub("", f"{type(error).__name__}: {error}") + place


def _crash(rule: Rule[object], subject: Subject, stack: str, error: str) -> tuple[Result, Crash]:
    result = Result(
        rule=rule.id,
        verdict=Verdict.ERROR,
        severity=rule.severity,
        subject=subject,
        stack=stack,
        message=f"the rule crashed: {error}",
        fix="report it as a defect of tierproof",
    )
    return result, Crash(rule.id, result.key, error)

"""What a rule said of one subject, made into one result."""

from __future__ import annotations

from collections.abc import Iterable

from checker.model.fact import Missing, merge
from checker.model.finding import (
    NotApplicable,
    Outcome,
    Result,
    Seen,
    Severity,
    State,
    Step,
    Subject,
    Unsettled,
    Verdict,
    Violation,
)
from checker.rules.interface import Rule


def conclude(rule: Rule[object], subject: Subject, stack: str, outcomes: Iterable[Outcome], *, counts: bool) -> Result:
    """Return the result of all outcomes: a violation outweighs what is not settled, and that outweighs evidence.

    The worst violation leads and the others follow in `also`, with what could not be decided beside them. `counts` is
    what the blueprint says of an UNKNOWN of this rule. Equal outcomes count once; their order does not matter.
    """
    said = tuple(dict.fromkeys(outcomes))
    violations = sorted(
        (item for item in said if isinstance(item, Violation)), key=lambda item: _rank(item, rule.severity)
    )
    unsettled = sorted((item for item in said if isinstance(item, Unsettled)), key=_place)
    excuses = sorted(item.reason for item in said if isinstance(item, NotApplicable))
    if violations:
        worst, *others = violations
        told = [_line(item, rule.severity) for item in others]
        told.extend(f"not decided: {item.message}" for item in unsettled)
        return Result(
            rule=rule.id,
            verdict=Verdict.FAIL,
            severity=severity_of(worst, rule.severity),
            subject=subject,
            stack=stack,
            message=worst.message,
            fix=worst.fix,
            state=worst.state,
            witness=worst.witness,
            path=worst.path,
            also=_others(worst.message, told),
            changes=worst.changes,
        )
    if unsettled:
        first, *rest = unsettled
        return Result(
            rule=rule.id,
            verdict=Verdict.UNKNOWN,
            severity=rule.severity,
            subject=subject,
            stack=stack,
            message=first.message,
            path=first.path,
            missing=_missing(unsettled),
            also=_others(first.message, [item.message for item in rest]),
            counts=counts,
        )
    verdict = Verdict.NOT_APPLICABLE if excuses else Verdict.PASS
    evidence = tuple(item.step for item in said if isinstance(item, Seen))
    return Result(
        rule=rule.id,
        verdict=verdict,
        severity=rule.severity,
        subject=subject,
        stack=stack,
        message="; ".join(excuses) if excuses else "nothing violates this rule",
        evidence=evidence,
    )


def severity_of(violation: Violation, usual: Severity) -> Severity:
    """Return the severity that a violation says, else the rule's, one lower if nobody stands at the door today."""
    if violation.severity is not None:
        return violation.severity
    return usual.lower if violation.state is State.LATENT else usual


def _rank(violation: Violation, usual: Severity) -> tuple[int, bool, int, tuple[str, ...]]:
    place = (violation.message, violation.fix, *_texts(violation.path), str(violation.witness))
    return -severity_of(violation, usual), violation.state is State.LATENT, violation.order, place


def _place(unsettled: Unsettled) -> tuple[str, ...]:
    return (unsettled.message, *_texts(unsettled.path), *(item.fact for item in unsettled.missing))


def _texts(path: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(text for step in path for text in (step.resource, step.fact))


def _line(violation: Violation, usual: Severity) -> str:
    notes = [str(severity)] if (severity := severity_of(violation, usual)) is not usual else []
    notes += ["latent"] if violation.state is State.LATENT else []
    return violation.message + (f" ({', '.join(notes)})" if notes else "")


def _missing(unsettled: Iterable[Unsettled]) -> tuple[Missing, ...]:
    """Return the missing facts, ordered; a question that names none still says that something is missing."""
    found = tuple(sorted(merge(*(item.missing for item in unsettled))))
    return found or (Missing("the rule did not name the missing fact", "report it as a defect of tierproof"),)


def _others(first: str, lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in dict.fromkeys(lines) if line != first)

"""Discovery judged like everything else: what could hide or complete a stack is a result."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from checker.graph.stacks import Doubt
from checker.model.blueprint import Blueprint
from checker.model.fact import Missing, merge
from checker.model.finding import Result, Severity, Subject, Verdict
from checker.model.record import Scope
from checker.model.report import RuleView

DISCOVERY = RuleView(
    id="STACKS",
    name="stack-not-seen",
    title="Something that was not seen could hide or complete a stack",
    severity=Severity.HIGH,
    url="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html",
)
_UNNAMED = Missing("discovery did not name the missing fact", "report it as a defect of tierproof")


def doubt_results(doubts: Iterable[Doubt], blueprint: Blueprint) -> tuple[Result, ...]:
    """Return one UNKNOWN for each account and Region that has doubts, ordered by key."""
    by_scope: dict[Scope, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        by_scope[doubt.scope].append(doubt)
    return tuple(_result(scope, by_scope[scope], blueprint) for scope in sorted(by_scope))


def _result(scope: Scope, doubts: list[Doubt], blueprint: Blueprint) -> Result:
    doubts = sorted(doubts, key=lambda doubt: (doubt.message, doubt.missing))
    messages = tuple(dict.fromkeys(doubt.message for doubt in doubts))
    return Result(
        rule=DISCOVERY.id,
        verdict=Verdict.UNKNOWN,
        severity=DISCOVERY.severity,
        subject=Subject("scope", str(scope), str(scope), scope),
        stack=None,
        message=messages[0],
        path=tuple(dict.fromkeys(step for doubt in doubts for step in doubt.path)),
        missing=tuple(sorted(merge(*(doubt.missing for doubt in doubts)))) or (_UNNAMED,),
        also=messages[1:],
        counts=blueprint.on_unknown.get(DISCOVERY.id, "fail") == "fail",
    )

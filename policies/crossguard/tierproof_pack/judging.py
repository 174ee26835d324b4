"""A stack judged by every policy that is on, and what each has to say of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from checker.app import judge
from checker.collect.pulumi.collection import collection_of
from checker.collect.pulumi.registered import Registered
from checker.collect.pulumi.wiring import wired
from checker.evaluate.doubts import DISCOVERY
from checker.model.blueprint import Blueprint
from checker.model.finding import Result, Verdict
from checker.model.record import Collection
from checker.model.report import Report
from checker.report.findings import nothing_judged
from checker.resources.catalog import kinds
from tierproof_pack.cases import Bench
from tierproof_pack.configuration import Level, Settings
from tierproof_pack.messages import told
from tierproof_pack.policies import Policy
from tierproof_pack.resources import SOURCE

_JUDGING = Lock()
NOTHING = (
    "; a policy pack sees the resources of one Pulumi stack: where its network, app and data are several, judge them"
    " together with tierproof check or tierproof audit"
)


@dataclass(frozen=True)
class Said:
    """A violation: by which policy, how strictly, of which resource (empty for the stack), and the message."""

    policy: Policy
    level: Level
    urn: str
    message: str


def collected(resources: Sequence[Registered], config: Mapping[str, str]) -> Collection:
    """Return what a stack holds, as any source would tell it."""
    return collection_of(SOURCE, wired(resources, has_outputs=True), (), kinds(), config=config)


def judged(
    benches: Sequence[Bench],
    resources: Sequence[Registered],
    config: Mapping[str, str],
    secrets: Sequence[str] = (),
) -> Iterator[Said]:
    """Yield what the policies of the stack say of its resources; none of `secrets` is in any message."""
    urns = {resource.urn for resource in resources}
    collection = collected(resources, config)
    for bench in benches:
        # One at a time: what judging needs of memory is needed once.
        with _JUDGING:
            report = judge(collection, bench.case)
        for policy, settings in bench.policies:
            for result in report.results:
                level = level_of(result, settings, bench.case.blueprint) if result.rule == policy.rule.id else None
                if level is not None:
                    yield Said(policy, level, _urn(result, report, urns), told(result, secrets))
            if policy.rule.id == DISCOVERY.id and (nothing := nothing_judged(report)):
                level = _undecided(settings, bench.case.blueprint, DISCOVERY.id)
                if level is not None:
                    yield Said(policy, level, "", f"{nothing}{NOTHING}")


def level_of(result: Result, settings: Settings, blueprint: Blueprint) -> Level | None:
    """Return how strictly a result is a violation, None where it is none.

    A crash is one like a fault. What is not known is advisory unless the team or its blueprint says otherwise.
    """
    if result.verdict in (Verdict.FAIL, Verdict.ERROR):
        return settings.level
    return _undecided(settings, blueprint, result.rule) if result.verdict is Verdict.UNKNOWN else None


def _undecided(settings: Settings, blueprint: Blueprint, rule: str) -> Level | None:
    match settings.on_unknown or blueprint.on_unknown.get(rule, "report"):
        case "fail":
            return settings.level
        case "ignore":
            return None
        case _:
            return Level.ADVISORY


def _urn(result: Result, report: Report, urns: set[str]) -> str:
    """Return the URN of what a result is about; what is said of a whole stack is said of its load balancer."""
    own = _address(result)
    if own in urns:
        return own
    if result.stack is None:
        return ""
    edges = (
        _address(one) for one in report.results if one.stack == result.stack and one.subject.kind == "load_balancer"
    )
    return next((urn for urn in edges if urn in urns), "")


def _address(result: Result) -> str:
    return (result.subject.origin.address or "") if result.subject.origin else ""

"""What a rule says of a subject, and the result the engine makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

from checker.model.change import Change
from checker.model.fact import Answer, Missing
from checker.model.record import Origin, Scope
from checker.model.waiver import Waiver


class Verdict(Enum):
    """The six words a result can end with."""

    PASS = "PASS"  # noqa: S105  # a verdict, not a password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    WAIVED = "WAIVED"
    ERROR = "ERROR"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Severity(IntEnum):
    """How much a FAIL matters."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def lower(self) -> Severity:
        """Return the severity one below, or the lowest."""
        return Severity(max(self - 1, Severity.LOW))

    def __str__(self) -> str:
        return self.name.lower()


class State(Enum):
    """Whether a way in is open now, or only granted (no initiator, route, listener or address today)."""

    REACHABLE = "reachable"
    LATENT = "latent"


class HopKind(Enum):
    """What a step of a path is, where it is a hop of a packet."""

    EGRESS = "security-group-egress"
    INGRESS = "security-group-ingress"
    ACL = "network-acl"
    REPLY = "network-acl-reply"
    ROUTE = "route"
    TRANSIT = "transit-gateway"
    NAT = "nat-gateway"
    GATEWAY = "gateway"
    ADDRESS = "address"
    RULE = "security-group-rule"
    BALANCER = "load-balancer"


@dataclass(frozen=True)
class Step:
    """One step of a path or one piece of evidence: a resource, the fact that matters, and where it was read.

    `code` is the explanation code of AWS's Reachability Analyzer where the step is an obstacle.
    Source: https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html
    """

    resource: str
    fact: str
    origin: Origin | None = None
    code: str | None = None
    hop: HopKind | None = None


@dataclass(frozen=True)
class Witness:
    """One packet that shows a finding; `port` is the ICMP type for ICMP."""

    source: str
    destination: str
    protocol: str
    port: int | None = None
    family: str = "ipv4"


@dataclass(frozen=True)
class Subject:
    """What a result is about: the durable owner, never a replaceable member."""

    kind: str
    id: str
    name: str
    scope: Scope
    arn: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    origin: Origin | None = None

    def __str__(self) -> str:
        return self.name or self.id


@dataclass(frozen=True)
class Violation:
    """A fault that is surely there; of several that weigh the same, the lowest `order` is told first.

    `fix` says what to change, and `changes` says it as values: applied, they mend all that the rule says of the
    subject. They are empty where no rule, list entry or route can do it.
    """

    message: str
    fix: str = ""
    path: tuple[Step, ...] = ()
    witness: Witness | None = None
    state: State = State.REACHABLE
    severity: Severity | None = None
    order: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Unsettled:
    """A question that cannot be decided for want of facts."""

    message: str
    missing: tuple[Missing, ...]
    path: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Seen:
    """Evidence that a rule looked at; it never decides a verdict, it is shown with PASS."""

    step: Step


@dataclass(frozen=True)
class NotApplicable:
    """The rule does not concern this subject; no violation may come with it."""

    reason: str


Outcome = Violation | Unsettled | Seen | NotApplicable


def require(answer: Answer, violation: Violation, evidence: Step | None = None) -> tuple[Outcome, ...]:
    """Return `violation` for no, an `Unsettled` for unknown, and the evidence for yes."""
    if answer.is_no:
        return (violation,)
    if answer.is_unknown:
        return (Unsettled(violation.message, answer.missing, violation.path),)
    return (Seen(evidence),) if evidence else ()


class Standing(Enum):
    """How a FAIL, UNKNOWN or ERROR stands to an earlier report: told there already, or new, or worse than there."""

    NEW = "new"
    KNOWN = "known"


@dataclass(frozen=True)
class Result:
    """One rule's verdict on one subject; `key` stays the same from run to run.

    `root` is the part of the input that it was found in, where the parts were judged each for itself. What is WAIVED
    keeps what it would be: `waived` is FAIL or UNKNOWN, and `waiver` says who accepted it.
    """

    rule: str
    verdict: Verdict
    severity: Severity
    subject: Subject
    stack: str | None
    message: str
    fix: str = ""
    state: State | None = None
    witness: Witness | None = None
    path: tuple[Step, ...] = ()
    missing: tuple[Missing, ...] = ()
    evidence: tuple[Step, ...] = ()
    also: tuple[str, ...] = ()
    counts: bool = True
    changes: tuple[Change, ...] = ()
    root: str = ""
    waiver: Waiver | None = None
    waived: Verdict | None = None
    baseline: Standing | None = None

    @property
    def key(self) -> str:
        """Return rule, account, Region, kind, id and stack or root: what tells this result from every other."""
        scope = self.subject.scope
        who = f"{self.subject.kind}|{self.subject.id}|{self.stack or self.root}"
        return f"{self.rule}|{scope.account}|{scope.region}|{who}"

"""A report as it was written, with what later ones are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.model.finding import Severity, State, Verdict

Level = Literal["low", "medium", "high"]


@dataclass(frozen=True, kw_only=True)
class PastSubject:
    """What a result is about; an address is that of the program that declares it."""

    kind: str
    id: str
    name: str
    account: str
    region: str
    address: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class PastRule:
    """A rule that was asked."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class PastStack:
    """A stack that was found."""

    id: str
    name: str
    judged: bool


@dataclass(frozen=True, kw_only=True)
class PastResult:
    """One verdict as it was written."""

    key: str
    rule: str
    verdict: Verdict
    severity: Level
    subject: PastSubject
    message: str
    state: State | None = None
    counts: bool = True
    stack: str | None = None
    root: str | None = None
    also: tuple[str, ...] = ()

    @property
    def level(self) -> Severity:
        """Return the severity as one that can be compared."""
        return Severity[self.severity.upper()]

    @property
    def is_open(self) -> bool:
        """Tell whether this asks for somebody's work: a fault, an open question or a crash."""
        return self.verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


@dataclass(frozen=True, kw_only=True)
class PastReport:
    """A report, `tierproof.report/1`; what is not needed for comparing is not read."""

    rules: tuple[PastRule, ...]
    stacks: tuple[PastStack, ...]
    results: tuple[PastResult, ...]

    @property
    def asked(self) -> frozenset[str]:
        """Return the ids of the rules that were asked."""
        return frozenset(rule.id for rule in self.rules)

    @property
    def judged(self) -> int:
        """Return how many stacks were judged."""
        return sum(stack.judged for stack in self.stacks)

"""What a rule is: an id, the subjects it judges, and a pure function from subject and view to outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from checker.graph.view import View
from checker.model.finding import Outcome, Severity, Subject
from checker.model.resource import Resource

S = TypeVar("S")


@dataclass(frozen=True)
class Rule(Generic[S]):
    """A rule; `subjects` lists what it judges in one stack, `describe` names a subject, `check` judges it.

    `check` yields violations, unsettled questions and evidence; PASS is what the engine concludes when neither a
    violation nor an unsettled question came. `own` are the kinds that neither another rule nor the graph looks at: they
    are read for this rule's sake alone. `tiers` are those of which every member is a subject.
    """

    id: str
    severity: Severity
    subjects: Callable[[View], Iterable[S]]
    describe: Callable[[S], Subject]
    check: Callable[[S, View], Iterable[Outcome]]
    page: str
    module: str
    controls: tuple[str, ...] = ()
    own: tuple[type[Resource], ...] = ()
    tiers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the rule's name, which is its file's: it finishes the sentence "allow ..."."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def title(self) -> str:
        """Return the first line of the manual page."""
        return self.page.strip().partition("\n")[0].rstrip(".")


@dataclass(frozen=True)
class SubjectKind(Generic[S]):
    """A way to list subjects in a stack and to name each; `tiers` are those of which every member is one."""

    list: Callable[[View], Iterable[S]]
    describe: Callable[[S], Subject]
    tiers: tuple[str, ...] = ()


def rule(
    id: str,
    *,
    subject: SubjectKind[S],
    severity: Severity,
    controls: tuple[str, ...] = (),
    own: tuple[type[Resource], ...] = (),
) -> Callable[[Callable[[S, View], Iterable[Outcome]]], Rule[S]]:
    """Return a decorator that makes a rule of a `check` function; its module's docstring is the manual page."""

    def declare(check: Callable[[S, View], Iterable[Outcome]]) -> Rule[S]:
        page = check.__globals__.get("__doc__") or ""
        module = check.__module__
        return Rule(id, severity, subject.list, subject.describe, check, page, module, controls, own, subject.tiers)

    return declare

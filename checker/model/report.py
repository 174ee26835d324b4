"""The report: everything a format may write, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.model.finding import Result, Severity, Verdict
from checker.model.past import PastResult
from checker.model.record import Comment, Coverage, Scope
from checker.model.waiver import WaiverView


@dataclass(frozen=True)
class StackView:
    """One stack as a report shows it; a candidate was not judged and says why.

    `zones` gives each tier's Availability Zones, `members` each tier's owners by display name. `root` is the part of
    the input it was found in, where the parts were judged each for itself.
    """

    id: str
    seed: str
    name: str
    scope: Scope
    vpcs: tuple[str, ...]
    judged: bool
    reason: str | None
    tiers: Mapping[str, tuple[str, ...]]
    zones: Mapping[str, tuple[str, ...]]
    root: str = ""


@dataclass(frozen=True)
class RuleView:
    """One rule as a report names it; `page` is its manual page, whose first line is the title.

    `terraform_types` are those of resources each of which has a verdict by this rule if it is in a stack. `source` is
    the tool that judges by it.
    """

    id: str
    name: str
    title: str
    severity: Severity
    url: str
    controls: tuple[str, ...] = ()
    page: str = ""
    terraform_types: tuple[str, ...] = ()
    source: str = "tierproof"


@dataclass(frozen=True)
class Document:
    """A file that shaped the verdicts, by name and SHA-256."""

    kind: str
    source: str
    sha256: str


@dataclass(frozen=True)
class Crash:
    """A rule that failed to run on a subject."""

    rule: str
    subject: str
    error: str


@dataclass(frozen=True)
class Comparison:
    """How a report stands to an earlier one.

    `hides` says that what was known already is neither shown nor counted for the exit code. `fixed` was open in the
    earlier report and holds now or is gone; `unseen` was open there and was not judged again.
    """

    document: Document
    hides: bool
    fixed: tuple[PastResult, ...] = ()
    unseen: tuple[PastResult, ...] = ()


@dataclass(frozen=True)
class Report:
    """Results in a fixed order, with the stacks they are about and the ledger of what was read.

    `comments` are those of a program that speak to tierproof, `addresses` those of resources that could be in a tier.
    """

    version: str
    source: str
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    paths: tuple[str, ...]
    stacks: tuple[StackView, ...]
    rules: tuple[RuleView, ...]
    results: tuple[Result, ...]
    coverage: tuple[Coverage, ...]
    documents: tuple[Document, ...] = ()
    crashes: tuple[Crash, ...] = ()
    notes: tuple[str, ...] = ()
    exit_codes: tuple[int, ...] = (0,)
    collected_at: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    waivers: tuple[WaiverView, ...] = ()
    comparison: Comparison | None = None
    comments: tuple[Comment, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return the code that the command ends with: the first of all that hold."""
        return self.exit_codes[0]

    def count(self, verdict: Verdict) -> int:
        """Return how many results have a verdict."""
        return sum(result.verdict is verdict for result in self.results)

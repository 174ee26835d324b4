"""What every format for reviewers asks of a report: what is open, worst first, where it is and what it is called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.model.finding import Result, Standing, State, Subject, Verdict
from checker.model.printable import clean
from checker.model.record import Coverage, Origin, Status
from checker.model.report import Report, RuleView
from checker.report.text_summary import ignored

NOTHING_JUDGED = 3


def shown(report: Report, *verdicts: Verdict) -> list[Result]:
    """Return the results with these verdicts, worst first, without what a baseline or the blueprint hides."""
    return sorted((item for item in report.results if item.verdict in verdicts and not hidden(item, report)), key=rank)


def hidden(result: Result, report: Report) -> bool:
    """Tell whether a baseline has told a result already, or the blueprint wants to hear nothing of it."""
    if result.verdict is Verdict.UNKNOWN and result.rule in ignored(report):
        return True
    return report.comparison is not None and report.comparison.hides and result.baseline is Standing.KNOWN


def rank(result: Result) -> tuple[int, bool, str]:
    """Return the order of results: severity, then what is open now before what is only granted, then the key."""
    return -result.severity, result.state is State.LATENT, result.key


def by_cause(results: Iterable[Result]) -> list[list[Result]]:
    """Return results in their order, those of one cause together: one security group rule may open three tiers."""
    groups: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for result in results:
        groups[_cause(result)].append(result)
    return list(groups.values())


def _cause(result: Result) -> tuple[str, ...]:
    """Return what several results share when one change mends them: where the path starts, and the remedy."""
    if result.verdict is Verdict.FAIL and result.fix and (result.path or result.changes):
        return "fix", result.path[0].resource if result.path else "", result.fix
    if result.verdict is Verdict.UNKNOWN and result.missing:
        return "missing", *(item.fact for item in result.missing)
    return "result", result.key


def place(result: Result) -> Origin | None:
    """Return the line to look at: the one that a change mends, else the last of the path, else the subject's own.

    A pull request shows a remark only at a line that it changes, and that is the rule that opens a tier more often than
    the database behind it. None for what was not read in a file.
    """
    mended = {name for change in result.changes for name in (change.resource, change.rule) if name}
    steps = [step for step in reversed(result.path) if step.origin and step.origin.file]
    for step in sorted(steps, key=lambda step: step.resource not in mended):
        return step.origin
    origin = result.subject.origin
    return origin if origin and origin.file else None


def one_line(text: str) -> str:
    """Return the text on one line, without what a terminal could obey: names and tags are other people's input."""
    return " ".join(clean(text).split())


def subject_words(subject: Subject) -> str:
    """Return a subject as `database shop-db`."""
    return one_line(f"{subject.kind.replace('_', ' ')} {subject}")


def full_name(subject: Subject) -> str:
    """Return a subject's address in its program, or account, Region, kind and id."""
    if subject.origin and subject.origin.address:
        return subject.origin.address
    parts = (subject.scope.account, subject.scope.region, subject.kind, subject.id)
    return "/".join(part for part in parts if part)


def rules_of(report: Report) -> Mapping[str, RuleView]:
    """Return the rules of a report by id."""
    return {rule.id: rule for rule in report.rules}


def sections(page: str) -> Iterator[tuple[str, str]]:
    """Yield the sections of a rule's manual page, `(heading, text)`, indent removed; its title is not one of them."""
    for part in re.split(r"\n(?=\S)", page.strip())[1:]:
        heading, _, body = part.partition("\n")
        yield heading.strip(), "\n".join(line.strip() for line in body.strip().splitlines())


@dataclass(frozen=True)
class Unread:
    """One way in which something was not read, and where."""

    item: str
    status: Status
    error: str
    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.item} {self.status.value} in {few(self.scopes)}" + (f": {self.error}" if self.error else "")


def few(names: tuple[str, ...], most: int = 4) -> str:
    """Return names in a row; many end in their number."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def unread(report: Report) -> list[Unread]:
    """Return what was not read, in the ledger's order; the same failure in many Regions is one."""
    groups: dict[tuple[str, Status, str], list[Coverage]] = defaultdict(list)
    one_account = len(report.accounts) == 1
    for line in report.coverage:
        if not line.status.was_read:
            groups[line.item, line.status, line.error or ""].append(line)
    return [
        Unread(*key, tuple(dict.fromkeys(line.scope.region if one_account else str(line.scope) for line in lines)))
        for key, lines in groups.items()
    ]


def nothing_judged(report: Report) -> str:
    """Return the sentence for a report that judged nothing, else nothing: no findings must not look like no faults."""
    if NOTHING_JUDGED not in report.exit_codes:
        return ""
    candidates = [stack.reason or "" for stack in report.stacks if not stack.judged]
    found = (
        f"{len(candidates)} candidate{'' if len(candidates) == 1 else 's'} found" if candidates else "none was found"
    )
    return f"nothing was judged: no stack to judge ({found})"

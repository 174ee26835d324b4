"""The results of the text report: faults by cause, crashes, open questions by missing fact, and what was not read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from checker.model.fact import Missing
from checker.model.finding import Result, State, Verdict, Witness
from checker.model.printable import clean
from checker.model.report import Report
from checker.report.findings import by_cause, few, shown, unread
from checker.report.text_layout import SEVERITY_STYLES, entry, indented, place_of, step_text, subject_text, title


def failed(report: Report) -> Iterator[RenderableType]:
    """Yield the faults, worst first; those of one cause share an entry, its path and its remedy."""
    groups = by_cause(shown(report, Verdict.FAIL))
    if groups:
        yield from title("FAILED")
    for index, results in enumerate(groups):
        if index:
            yield Text("")
        yield from _fault(results, report)


def crashed(report: Report) -> Iterator[RenderableType]:
    """Yield the rules that failed to run."""
    results = shown(report, Verdict.ERROR)
    if results:
        yield from title("CRASHED", "these rules did not judge; the others did")
    for result in results:
        yield entry("error", _name(result, report), "bold magenta")
        yield entry("", Text(clean(result.message)))


def unknown(report: Report) -> Iterator[RenderableType]:
    """Yield the open questions, together where the same facts are missing."""
    groups: dict[tuple[Missing, ...], list[Result]] = defaultdict(list)
    for result in sorted(shown(report, Verdict.UNKNOWN), key=lambda result: not result.counts):
        groups[result.missing].append(result)
    if groups:
        yield from title("UNKNOWN", "what would decide these was not seen")
    for index, (missing, results) in enumerate(groups.items()):
        if index:
            yield Text("")
        for result in results:
            note = "" if result.counts else "  does not count: the blueprint only wants it reported"
            yield entry("unknown", _name(result, report), "yellow")
            yield entry("", Text.assemble(clean(result.message), (note, "dim")))
            yield from _more(result)
            yield from _path(result)
        for item in missing:
            yield entry("missing", Text(clean(item.fact)))
            if item.supply:
                yield entry("supply", Text(clean(item.supply)))


def not_seen(report: Report) -> Iterator[RenderableType]:
    """Yield the lines of the ledger that were not read; the same failure in many Regions is one line."""
    lines = unread(report)
    if lines:
        yield from title("NOT SEEN")
    for line in lines:
        where = few(line.scopes)
        yield from indented([Text.assemble((clean(line.item), "bold"), f" {line.status.value} in {clean(where)}")], 2)
        for each in (line.error or "").splitlines():
            yield entry("", Text(clean(each), "dim"))


def _fault(results: list[Result], report: Report) -> Iterator[RenderableType]:
    worst = results[0]
    for result in results:
        yield entry(str(result.severity), _name(result, report), SEVERITY_STYLES[result.severity])
        state = "  latent" if result.state is State.LATENT else ""
        # A path tells the place of each step.
        place = None if result.path else place_of(result.subject.origin)
        yield entry("", Text.assemble(clean(result.message), (f" ({place})" if place else "", "dim"), (state, "dim")))
        yield from _more(result)
    yield from _path(worst)
    if worst.witness:
        yield entry("packet", Text(clean(_packet(worst.witness))))
    if worst.fix:
        yield entry("fix", Text(clean(worst.fix), "green"), "green")


def _name(result: Result, report: Report) -> Text:
    names = {rule.id: rule.name for rule in report.rules}
    text = Text.assemble((result.rule, "bold"), f" {names.get(result.rule, '')}  ")
    return text + subject_text(result.subject, _stack(result, report))


def _stack(result: Result, report: Report) -> str:
    """Return the stack's name where there are several, and the subject is not the stack itself."""
    names: Mapping[str, str] = {stack.id: stack.name for stack in report.stacks if stack.judged}
    if len(names) < 2 or result.stack is None or result.subject.kind == "stack":
        return ""
    return names.get(result.stack, result.stack)


def _more(result: Result) -> Iterator[RenderableType]:
    for line in result.also:
        yield entry("", Text(f"also: {clean(line)}", "dim"))


def _path(result: Result) -> Iterator[RenderableType]:
    for index, step in enumerate(result.path):
        yield entry("" if index else "path", step_text(step))


def _packet(witness: Witness) -> str:
    port = (
        ""
        if witness.port is None
        else f" type {witness.port}"
        if witness.protocol.startswith("icmp")
        else f" {witness.port}"
    )
    return f"{witness.source} -> {witness.destination} {witness.protocol}{port}"

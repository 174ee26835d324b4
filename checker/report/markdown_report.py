"""Markdown for a comment on a pull request: the counts, the worst in a table, and each cause with its path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from checker.model.finding import Result, State, Verdict
from checker.model.report import Report
from checker.report.findings import by_cause, few, nothing_judged, place, rules_of, shown, subject_words, unread
from checker.report.format import Format
from checker.report.markdown_text import code, html, prose
from checker.report.text_summary import summary

# The most that GitHub takes as the body of a comment, there in characters; bytes are never fewer.
# Source: https://docs.github.com/en/rest/issues/comments
MOST = 65_536
_ROWS, _UNREAD = 20, 10
_RESERVE = 300
_COLUMNS = ("\n| | rule | subject | what | where |\n", "|---|---|---|---|---|\n")
_MARKS = {Verdict.UNKNOWN: "unknown", Verdict.ERROR: "crashed"}


def write(report: Report, out: TextIO) -> None:
    """Write as much as a comment holds; what is left out is counted in the last line."""
    groups = by_cause(shown(report, Verdict.FAIL, Verdict.ERROR))
    groups += by_cause(_unknown(report))
    names = {rule.id: rule.name for rule in rules_of(report).values()}
    tail = _tail(report)
    page = _Page(MOST - _RESERVE - len(tail.encode()))
    page.take(_head(report))
    rows = page.take(_rows(groups)) - len(_COLUMNS)
    page.take([f"\nand {len(groups) - rows} more\n"] if groups and rows < len(groups) else [])
    told = page.take(_details(results, names) for results in groups)
    out.writelines(page.parts)
    if left_out := sum(map(len, groups[told:])):
        out.write(f"\n**{left_out} of {sum(map(len, groups))} findings are left out here**: a comment holds no more.\n")
    out.write(tail)


class _Page:
    """What was written so far and the room that is left, in bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: list[str] = []

    def take(self, parts: Iterable[str]) -> int:
        """Add parts until one does not fit, and return how many were added."""
        before = len(self.parts)
        for part in parts:
            size = len(part.encode())
            if size > self.room:
                break
            self.room -= size
            self.parts.append(part)
        return len(self.parts) - before


def _unknown(report: Report) -> list[Result]:
    return [result for result in shown(report, Verdict.UNKNOWN) if result.counts]


def _head(report: Report) -> Iterator[str]:
    word, _, counts = summary(report).plain.strip().partition(": ")
    yield f"## tierproof: {prose(word)}\n\n{prose(counts)}\n"
    if message := nothing_judged(report):
        yield f"\n**{prose(message)}**\n"


def _rows(groups: Sequence[Sequence[Result]]) -> Iterator[str]:
    """Yield the head of the table and the worst, one row for each cause."""
    if not groups:
        return
    yield from _COLUMNS
    for results in groups[:_ROWS]:
        worst = results[0]
        where = place(worst)
        rules = few(tuple(dict.fromkeys(result.rule for result in results)))
        subjects = few(tuple(dict.fromkeys(subject_words(result.subject) for result in results)))
        at = code(_short(f"{where.file}:{where.line or 1}"), in_table=True) if where else ""
        told = (_mark(worst), prose(rules), prose(_short(subjects)), prose(_short(worst.message)), at)
        yield f"| {' | '.join(told)} |\n"


def _short(message: str, most: int = 200) -> str:
    return message if len(message) <= most else f"{message[: most - 3]}..."


def _mark(result: Result) -> str:
    return _MARKS.get(result.verdict, str(result.severity))


def _details(results: Sequence[Result], names: Mapping[str, str]) -> str:
    """Return one cause, folded: whom it concerns, the path of the worst, what is missing and the remedy."""
    worst = results[0]
    title = f"{worst.rule} {names.get(worst.rule, '')}: {_short(subject_words(worst.subject))}"
    more = f" and {len(results) - 1} more" if len(results) > 1 else ""
    lines = [f"\n<details><summary>{_mark(worst)}: {html(title)}{more}</summary>\n\n"]
    for result in results:
        latent = " (latent)" if result.state is State.LATENT else ""
        lines.append(f"- {code(result.rule)} {prose(subject_words(result.subject))}: {prose(result.message)}{latent}\n")
        lines += [f"  - also: {prose(line)}\n" for line in result.also]
    if worst.path:
        lines.append("\n")
    for number, step in enumerate(worst.path, 1):
        at = f" {code(f'{step.origin.file}:{step.origin.line or 1}')}" if step.origin and step.origin.file else ""
        lines.append(f"{number}. {code(step.resource)}: {prose(step.fact)}{at}\n")
    lines += [f"\n**Missing** {prose(item.fact)}\n**Supply** {prose(item.supply)}\n" for item in worst.missing]
    if worst.fix:
        lines.append(f"\n**Fix** {prose(worst.fix)}\n")
    return "".join((*lines, "\n</details>\n"))


def _tail(report: Report) -> str:
    """Return what was not read, and which documents judged."""
    lines = unread(report)
    found = [f"- {prose(_short(str(line), 500))}\n" for line in lines[:_UNREAD]]
    found += [f"- and {len(lines) - _UNREAD} more\n"] if len(lines) > _UNREAD else []
    part = f"\n<details><summary>{len(lines)} not read</summary>\n\n{''.join(found)}\n</details>\n" if lines else ""
    sources = ", ".join(f"{item.kind} {code(item.source)} {code(item.sha256[:12])}" for item in report.documents)
    return f"{part}\ntierproof {prose(report.version)}{f', {sources}' if sources else ''}\n"


FORMAT = Format("markdown", write)

"""Two reports side by side for people: what is new first, then what is fixed, and one last line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from checker.model.difference import Difference, Pair, Side, Trend
from checker.model.finding import State, Verdict
from checker.model.past import PastResult, PastSubject
from checker.model.printable import clean
from checker.report.text_layout import SEVERITY_STYLES, entry, title
from checker.report.text_standing import past_text

_TITLES = {
    Trend.NEW: ("NEW", ""),
    Trend.FIXED: ("FIXED", ""),
    Trend.OPEN: ("STILL OPEN", ""),
    Trend.UNSEEN: ("NOT JUDGED AGAIN", "open before, and nobody looked"),
    Trend.CHANGED: ("CHANGED", "another verdict, and nothing to do"),
}
_WORDS = {0: "NOTHING NEW", 1: "NEW FAIL", 3: "NOTHING JUDGED", 4: "NEW UNKNOWN", 5: "CRASHED"}
_STYLES = {0: "bold green", 1: "bold red", 4: "bold yellow", 5: "bold magenta"}


def write(found: Difference, out: TextIO) -> None:
    """Write the difference as wide as the terminal, in colour only where the terminal has it."""
    out.write(render(found, Console(file=out, markup=False, emoji=False, highlight=False)))


def render(found: Difference, console: Console) -> str:
    """Return the difference as a console would show it; a part with nothing in it does not appear."""
    names = {rule.id: rule.name for side in (found.old, found.new) for rule in side.report.rules}
    with console.capture() as capture:
        for word, side in (("old", found.old), ("new", found.new)):
            console.print(entry(word, _side(side)))
        for note in found.notes:
            console.print(Text(clean(f"note: {note}"), "yellow"))
        for trend in Trend:
            for block in _part(trend, found.of(trend), names):
                console.print(block)
        for block in _subjects(found):
            console.print(block)
        console.print(_summary(found), soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _side(side: Side) -> Text:
    stacks = side.report.judged
    what = f"{side.what}, {stacks} stack{'' if stacks == 1 else 's'} judged, {len(side.report.results)} results"
    return Text.assemble((clean(side.path), "bold"), (f"  {clean(what)}", "dim"))


def _part(trend: Trend, pairs: tuple[Pair, ...], names: Mapping[str, str]) -> Iterator[RenderableType]:
    if pairs:
        yield from title(*_TITLES[trend])
    for pair in sorted(pairs, key=lambda pair: _rank(pair.shown)):
        shown = pair.shown
        yield _line(shown, names, fixed=trend is Trend.FIXED)
        if trend is not Trend.FIXED:
            latent = "  latent" if shown.state is State.LATENT else ""
            yield entry("", Text.assemble(clean(shown.message), (latent, "dim")))
        if trend is Trend.CHANGED and pair.old and pair.new:
            yield entry("", Text(f"{pair.old.verdict.value} -> {pair.new.verdict.value}", "dim"))
        elif pair.why:
            yield entry("", Text(clean(pair.why), "dim"))


def _line(result: PastResult, names: Mapping[str, str], *, fixed: bool) -> RenderableType:
    name = past_text(result, names.get(result.rule, ""))
    if fixed:
        return entry("fixed", name, "green")
    if result.verdict is Verdict.FAIL:
        return entry(result.severity, name, SEVERITY_STYLES[result.level])
    return entry(result.verdict.value.lower().replace("not_applicable", "n/a"), name, "yellow")


def _subjects(found: Difference) -> Iterator[RenderableType]:
    for word, subjects in (("APPEARED", found.appeared), ("DISAPPEARED", found.disappeared)):
        if subjects:
            yield from title(word)
        for subject in subjects:
            yield entry("", _subject(subject))


def _subject(subject: PastSubject) -> Text:
    return Text.assemble((clean(f"{subject.kind.replace('_', ' ')} "), "dim"), clean(subject.name or subject.id))


def _summary(found: Difference) -> Text:
    new = [pair.new for pair in found.of(Trend.NEW) if pair.new]
    fails = sum(one.verdict is Verdict.FAIL for one in new)
    unknown = sum(one.verdict is Verdict.UNKNOWN for one in new)
    text = Text("\n")
    if found.exit_code == 0 and any(one.verdict is Verdict.FAIL or one.counts for one in new):
        text.append("TOLERATED", "bold yellow")
    else:
        text.append(_WORDS[found.exit_code], _STYLES.get(found.exit_code, "bold red"))
    counts = [f"{fails} newly failed", f"{unknown} newly unknown"]
    counts += [f"{len(found.of(Trend.FIXED))} fixed", f"{len(found.of(Trend.OPEN))} still open"]
    if unseen := found.of(Trend.UNSEEN):
        counts.append(f"{len(unseen)} not judged again")
    counts += [f"{len(found.appeared)} appeared", f"{len(found.disappeared)} disappeared"]
    text.append(f": {', '.join(counts)}; exit {found.exit_code}")
    if also := [str(code) for code in found.exit_codes[1:]]:
        text.append(f" (also {', '.join(also)})")
    return text


def _rank(result: PastResult) -> tuple[int, bool, str, str]:
    return -result.level, result.state is State.LATENT, result.rule, result.key

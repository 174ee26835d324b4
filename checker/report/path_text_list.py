"""Lists of who reaches whom for people: a line for each class, the sure ones first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker.graph.query.answer import EndView, Reach, Reached, ReachList
from checker.model import traffic
from checker.model.intervals import IntervalSet
from checker.model.printable import clean
from checker.report.text_layout import entry

_MOST = 12


def listed(answer: ReachList) -> Iterator[RenderableType]:
    """Yield a title, a table of what is sure, and one of what is not with the missing facts."""
    verb = "is reached by" if answer.inward else "reaches"
    on = f" on {told(answer.asked)}" if is_narrow(answer.asked) else ""
    yield Text.assemble((called(answer.end), "bold"), f" {verb}", on)
    sure = [item for item in answer.entries if item.verdict is Reach.REACHABLE]
    unsure = [item for item in answer.entries if item.verdict is not Reach.REACHABLE]
    yield Text("")
    yield (
        Padding(_table(sure), (0, 0, 0, 2))
        if sure
        else entry("", Text("nothing that is sure" if unsure else "nothing"))
    )
    if unsure:
        yield Text("")
        yield Text("UNKNOWN  these may be too", "bold yellow")
        yield Text("")
        yield Padding(_table(unsure), (0, 0, 0, 2))
        for item in dict.fromkeys(missing for one in unsure for missing in one.missing):
            yield entry("missing", Text(clean(item.fact)), "yellow")
            if item.supply:
                yield entry("supply", Text(clean(item.supply)))


def _table(entries: list[Reached]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("tier", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("who", overflow="fold", ratio=3)
    table.add_column("traffic", overflow="fold", ratio=2)
    for one in entries:
        table.add_row(
            Text(clean(one.tier or "-"), "" if one.tier else "dim"),
            one.kind.replace("_", " "),
            _who(one),
            told(one.traffic),
        )
    return table


def _who(one: Reached) -> Text:
    text = Text(clean(", ".join(one.names)))
    if one.count > len(one.names):
        text.append(f" and {one.count - len(one.names)} more", "dim")
    if one.interfaces > 1:
        text.append(f" ({one.interfaces} interfaces)", "dim")
    if one.through:
        text.append(f" through {clean(one.through)}", "bold")
    return text


def called(end: EndView) -> str:
    """Return the name of an end, with the id where that was asked for: several things may have the name."""
    name = clean(end.name)
    by_id = end.scope is not None and end.asked == end.id != end.name and not end.id.startswith("arn:")
    return f"{name} ({clean(end.id)})" if by_id else name


def is_narrow(asked: IntervalSet) -> bool:
    """Tell whether a question is about some traffic only, which its answer has to say."""
    return not asked >= traffic.EVERYTHING - traffic.ICMP_ERRORS


def told(passes: IntervalSet) -> str:
    """Return traffic in words, with more of its runs than a finding has room for; of ICMP, errors go without saying."""
    for protocol in (traffic.ICMP, traffic.ICMPV6):
        errors = traffic.ICMP_ERRORS & traffic.ports(protocol)
        if traffic.ports(protocol) - errors <= passes:
            passes |= errors
    return traffic.describe(passes, _MOST)

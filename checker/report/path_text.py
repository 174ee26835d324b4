"""The answer to a question about paths for people: the verdict first, then the packet and its way, hop by hop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from checker.graph.query.answer import PathAnswer, PathReport, Reach, Route, Stop, Way
from checker.model.fact import Missing
from checker.model.finding import Witness
from checker.model.printable import clean
from checker.report.path_text_list import called, is_narrow, listed, told
from checker.report.text_layout import entry, place_of

STYLES = {Reach.REACHABLE: "bold green", Reach.NOT_REACHABLE: "bold red", Reach.UNKNOWN: "bold yellow"}
WORDS = {Reach.REACHABLE: "REACHABLE", Reach.NOT_REACHABLE: "NOT REACHABLE", Reach.UNKNOWN: "UNKNOWN"}
_MARKS = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("?", "bold yellow")}
_WAYS = {
    Way.PRIVATE: "directly",
    Way.INTERNET: "over the internet",
    Way.OUTSIDE: "over a VPN, Direct Connect or transit gateway",
    Way.SERVICE: "to the service",
}
_MOST_NAMES = 4


def write(report: PathReport, out: TextIO) -> None:
    """Write the answer as wide as the terminal, in colour only where the terminal has it and `NO_COLOR` is not set."""
    out.write(render(report, Console(file=out, markup=False, emoji=False, highlight=False)))


def render(report: PathReport, console: Console) -> str:
    """Return the answer as a console would show it."""
    answer = report.answer
    with console.capture() as capture:
        for block in _path(answer) if isinstance(answer, PathAnswer) else listed(answer):
            console.print(block)
        for block in _notes(report):
            console.print(block)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _path(answer: PathAnswer) -> Iterator[RenderableType]:
    yield _verdict(answer)
    direct = [route for route in answer.routes if not route.relayed]
    relays = [route for route in answer.routes if route.relayed]
    if answer.verdict is not Reach.REACHABLE and (told := _around(relays)):
        yield entry("", Text(told, "bold"))
    if answer.verdict is Reach.REACHABLE:
        yield from _allowed(answer)
    passing = [route for route in direct if route.verdict is Reach.REACHABLE]
    for route in passing or direct:
        yield Text("")
        yield from _route(route, several=len(passing or direct) > 1)
    for route in direct if passing else ():
        if route not in passing:
            yield Text("")
            yield from _brief(route)
    for route in relays:
        yield Text("")
        yield from _relay(route)


def _verdict(answer: PathAnswer) -> Text:
    text = Text.assemble((WORDS[answer.verdict], STYLES[answer.verdict]), "  ")
    text.append(f"{called(answer.source)} -> {called(answer.target)}", "bold")
    if is_narrow(answer.asked):
        text.append(f" on {told(answer.asked)}", "bold")
    return text


def _around(relays: list[Route]) -> str:
    """Return how it is reached all the same: by what others send on."""
    ways = [
        f"through load balancer {clean(route.through or '')} on {told(route.traffic)}"
        for route in relays
        if route.verdict is Reach.REACHABLE
    ]
    return f"not directly; {'; '.join(ways)}" if ways else ""


def _allowed(answer: PathAnswer) -> Iterator[RenderableType]:
    """Yield what gets through: one line where it is the same for all, else a line for each class."""
    lines = answer.allowed
    for index, line in enumerate(lines):
        text = Text(told(line.traffic))
        if len(lines) > 1:
            text.append(f"  {_names(line.sources)} -> {_names(line.targets)}", "dim")
        yield entry("" if index else "allowed", text)
    for index, line in enumerate(answer.possible):
        text = Text.assemble(told(line.traffic), (f"  {_names(line.sources)} -> {_names(line.targets)}", "dim"))
        yield entry("" if index else "perhaps", text, "yellow")


def _route(route: Route, *, several: bool = False) -> Iterator[RenderableType]:
    where = f"{_names(route.sources)} -> {_names(route.targets)}"
    verdict: list[str | tuple[str, str]] = [(f"{WORDS[route.verdict]} ", STYLES[route.verdict])] if several else []
    yield entry("route", Text.assemble(*verdict, _WAYS.get(route.way, ""), (f"  {where}", "dim")))
    if route.packet:
        yield entry("packet", Text(packet(route.packet)))
    yield from _hops(route.hops)
    yield from missing(route.missing)


def _hops(stops: tuple[Stop, ...]) -> Iterator[RenderableType]:
    """Yield the hops by number; behind the first obstacle only what else stops the packet."""
    stopped = False
    for number, stop in enumerate(stops, 1):
        if not stopped or stop.passes is not True:
            yield from _hop(number, stop)
        stopped = stopped or stop.passes is False


def _hop(number: int, stop: Stop) -> Iterator[RenderableType]:
    mark, style = _MARKS[stop.passes]
    body = Text.assemble((clean(stop.resource), "bold"), f": {clean(stop.fact)}")
    if place := place_of(stop.origin):
        body.append(f" ({place})", "dim")
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=7, no_wrap=True, justify="right")
    table.add_column(width=1, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Text(f"{number}", "dim"), Text(mark, style), body)
    if stop.code:
        table.add_row("", "", Text(stop.code, "red"))
    if stop.change:
        table.add_row("", "", Text.assemble(("change: ", "green"), (clean(stop.change), "green")))
    yield table


def _brief(route: Route) -> Iterator[RenderableType]:
    """Yield a route that does not pass beside one that does: where it ends, and why."""
    where = f"{_names(route.sources)} -> {_names(route.targets)}"
    yield entry("but", Text.assemble((f"{WORDS[route.verdict]} ", STYLES[route.verdict]), where))
    if route.obstacle:
        number = route.hops.index(route.obstacle) + 1 if route.obstacle in route.hops else 1
        yield from _hop(number, route.obstacle)
    yield from missing(route.missing)


def _relay(route: Route) -> Iterator[RenderableType]:
    name = clean(route.through or "")
    on = f" on {told(route.traffic)}" if route.traffic else ""
    head: list[str | tuple[str, str]] = [
        f"through load balancer {name}: ",
        (WORDS[route.verdict], STYLES[route.verdict]),
    ]
    yield entry("relayed", Text.assemble(*head, on))
    for leg in route.legs:
        where = f"{_names(leg.sources)} -> {_names(leg.targets)}"
        text = Text.assemble((WORDS[leg.verdict], STYLES[leg.verdict]), f"  {packet(leg.packet) if leg.packet else ''}")
        yield entry("", Text.assemble(text, (f"  {where}", "dim")))
        if leg.verdict is not Reach.REACHABLE:
            yield from _hops(leg.hops)
            yield from missing(leg.missing)


def _notes(report: PathReport) -> Iterator[RenderableType]:
    answer = report.answer
    told_missing = (
        {item for route in answer.routes for item in route.missing} if isinstance(answer, PathAnswer) else set()
    )
    rest = tuple(item for item in answer.missing if item not in told_missing)
    if rest or answer.remarks:
        yield Text("")
    yield from missing(rest)
    for remark in answer.remarks:
        yield entry("note", Text(clean(remark)))
    yield Text("")
    parts = [
        f"tierproof {report.version}",
        report.source,
        *report.accounts,
        *report.regions[:_MOST_NAMES],
        *report.paths,
    ]
    unread = sum(not line.status.was_read for line in report.coverage)
    parts += [f"{unread} not read"] if unread else []
    yield Text(clean(" · ".join([*parts, f"exit {answer.exit_code}"])), "dim")


def missing(items: Iterable[Missing]) -> Iterator[RenderableType]:
    """Yield missing facts, each with what supplies it."""
    for item in items:
        yield entry("missing", Text(clean(item.fact)), "yellow")
        if item.supply:
            yield entry("supply", Text(clean(item.supply)))


def packet(witness: Witness) -> str:
    """Return a packet as `10.0.0.5 -> 10.0.1.9 tcp 443`."""
    icmp = witness.protocol.startswith("icmp")
    port = "" if witness.port is None else f" type {witness.port}" if icmp else f" {witness.port}"
    return clean(f"{witness.source} -> {witness.destination} {witness.protocol}{port}")


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return clean(", ".join(names[:_MOST_NAMES]) + more)

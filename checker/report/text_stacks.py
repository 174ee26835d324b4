"""The stacks of the text report: what was judged, tier by tier, and what was not."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker.model.blueprint import TIERS
from checker.model.printable import clean
from checker.model.report import Report, StackView
from checker.report.text_layout import entry, title


def heading(report: Report) -> Iterator[RenderableType]:
    """Yield what was read, when and by which documents, and what there is to remark."""
    parts = [f"tierproof {report.version}", report.source]
    parts += [_many("account", report.accounts), _many("Region", report.regions), *report.paths]
    parts += [f"collected {report.collected_at}"] if report.collected_at else []
    yield Text(clean(" · ".join(part for part in parts if part)), "dim")
    for document in report.documents:
        yield Text(clean(f"{document.kind} {document.source} (sha256 {document.sha256[:12]})"), "dim")
    for note in report.notes:
        yield Text(clean(f"note: {note}"), "yellow")


def stacks(report: Report) -> Iterator[RenderableType]:
    """Yield a heading and a table of tiers for each judged stack."""
    for stack in report.stacks:
        if stack.judged:
            where = f"{stack.root}  " if stack.root else ""
            yield from title(f"Stack {clean(stack.name)}", f"{where}{stack.scope}  {', '.join(stack.vpcs)}")
            yield Padding(_tiers(stack), (0, 0, 0, 2))


def candidates(report: Report) -> Iterator[RenderableType]:
    """Yield the stacks that were found and not judged, each with the reason."""
    found = [stack for stack in report.stacks if not stack.judged]
    if found:
        yield from title("NOT JUDGED", "--all-stacks judges these too")
    for stack in found:
        text = Text.assemble((clean(stack.name), "bold"), (clean(f"  {stack.scope}  {', '.join(stack.vpcs)}"), "dim"))
        yield Padding(text, (0, 0, 0, 2))
        yield entry("why", Text(clean(stack.reason or "no reason was given")))


def _tiers(stack: StackView) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("tier", no_wrap=True)
    table.add_column("members", overflow="fold")
    table.add_column("zones", overflow="fold")
    for tier in TIERS:
        members = stack.tiers.get(tier, ())
        zones = ", ".join(_short(zone, stack.scope.region) for zone in stack.zones.get(tier, ()))
        if members:
            table.add_row(tier, clean(", ".join(members)), clean(zones))
        else:
            table.add_row(Text(tier, "dim"), Text("none", "dim"), Text(clean(zones), "dim"))
    return table


def _short(zone: str, region: str) -> str:
    """Return a zone's name without its Region: `a` of `eu-west-1a`, and `zone 1` where only their number is known."""
    return zone.removeprefix(region).removesuffix(f" of {region}").strip() or zone


def _many(noun: str, values: tuple[str, ...]) -> str:
    """Return few values themselves and many as a number: seventeen Regions are no heading."""
    if not values:
        return ""
    if len(values) > 4:
        return f"{len(values)} {noun}s"
    return f"{noun}{'s' if len(values) > 1 else ''} {', '.join(values)}"

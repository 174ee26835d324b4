"""`tierproof rules`: list the rules."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from checker.cli.command import Command


class Shape(StrEnum):
    """How the list is written."""

    TEXT = "text"
    JSON = "json"


def run(
    *,
    select: Annotated[
        list[str], typer.Option(help="Only these rules: ids, beginnings of ids, names.", metavar="RULE")
    ] = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    ignore: Annotated[list[str], typer.Option(help="Not these rules.", metavar="RULE")] = [],  # noqa: B006  # as above
    format: Annotated[Shape, typer.Option(help="A table for people or JSON for programs.")] = Shape.TEXT,
) -> int:
    """List the rules with their severities."""
    from checker.app import rule_views
    from checker.report.rule_pages import as_json, table

    found = rule_views(tuple(select), tuple(ignore))
    sys.stdout.write(as_json(found) if format is Shape.JSON else table(found, sys.stdout))
    return 0


COMMAND = Command("rules", run, ("tierproof rules", "tierproof rules --select NET --format json"))

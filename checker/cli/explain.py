"""`tierproof explain`: a rule's manual page."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from checker.cli.command import Command


def run(rule: Annotated[str, typer.Argument(help="A rule's id or name.", metavar="RULE", show_default=False)]) -> int:
    """Show a rule's page: what, why and how to fix."""
    from checker.app import rule_page
    from checker.report.rule_pages import page

    sys.stdout.write(page(*rule_page(rule), sys.stdout))
    return 0


COMMAND = Command("explain", run, ("tierproof explain NET005", "tierproof explain database-reachable-from-elsewhere"))

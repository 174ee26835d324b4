"""`tierproof demo`: the main job, on an AWS inside the process."""

from __future__ import annotations

from typing import Annotated

import typer

from checker.cli.command import Command
from checker.cli.output import outputs, progress, write


def run(
    *,
    format: Annotated[
        list[str],
        typer.Option(
            help="text or json, to stdout or to a file; repeat for several.", metavar="NAME[=FILE]", show_default="text"
        ),
    ] = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")] = False,
) -> int:
    """Audit two web shops in an emulated AWS.

    Both are built inside this process, and one is broken; no account, credentials or network are needed. The
    demonstration ends with 0 when it ran, whatever it found; its last lines say what an audit would have ended with.
    """
    from checker.app import demonstrate

    wanted = outputs(format)

    with progress(quiet) as told:
        report = demonstrate(told)
    write(report, wanted)
    if not quiet:
        typer.echo(
            f"\nThis was a demonstration: shop-good is as documented, shop-bad has six faults. It ends with 0;\n"
            f"an audit with this result would have ended with {report.exit_code}. What to try next:\n"
            "  tierproof explain NET005               what a rule checks, why, and how to fix it\n"
            "  tierproof demo --format json           the same report for programs\n"
            "  tierproof permissions                  the read-only policy that an audit needs\n"
            "  tierproof audit --region eu-west-1     your own account",
            err=True,
        )
    return 0


COMMAND = Command("demo", run, ("tierproof demo", "tierproof demo --format json=demo.json"))

"""`tierproof demo`: the main job, on an AWS inside the process or on a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from checker.cli.command import Command
from checker.cli.options import FormatNames
from checker.cli.output import Output, outputs, progress, write

_NEXT = (
    "  tierproof explain NET005               what a rule checks, why, and how to fix it\n"
    "  tierproof demo --format json           the same report for programs\n"
)


def run(
    *,
    pull_request: Annotated[
        bool, typer.Option("--pull-request", help="Judge a Terraform configuration before and after a bad commit.")
    ] = False,
    format: FormatNames = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")] = False,
) -> int:
    """Audit two web shops in an emulated AWS, or judge a pull request.

    Both shops are built inside this process, and one is broken; no account, credentials or network are needed. With
    --pull-request, the shop is a Terraform configuration and one commit breaks it. The demonstration ends with 0 when
    it ran, whatever it found; its last lines say what the real thing would have ended with.
    """
    wanted = outputs(format)
    if pull_request:
        _judge(wanted, quiet=quiet)
    else:
        _audit(wanted, quiet=quiet)
    return 0


def _audit(wanted: Sequence[Output], *, quiet: bool) -> None:
    from checker.app import demonstrate

    with progress(quiet) as told:
        report = demonstrate(told)
    write(report, wanted)
    if not quiet:
        _remark(
            "\nThis was a demonstration: shop-good is as documented, shop-bad has six faults. It ends with 0;\n"
            f"an audit with this result would have ended with {report.exit_code}. What to try next:\n{_NEXT}"
            "  tierproof demo --pull-request          the same rules on a commit, before anything is built\n"
            "  tierproof check . --from pulumi-program --stack prod\n"
            "                                         in a checkout: the Pulumi program that declares shop-good\n"
            "  tierproof permissions                  the read-only policy that an audit needs\n"
            "  tierproof audit --region eu-west-1     your own account"
        )


def _judge(wanted: Sequence[Output], *, quiet: bool) -> None:
    from checker.app import demonstrate_pull_request
    from checker.report.text_summary import summary

    with progress(quiet) as told:
        found = demonstrate_pull_request(told)
    if not quiet:
        _remark(f"main: {summary(found.before).plain.strip()}\n\ncommit: {found.title}\n\n{found.patch}")
    write(found.after, wanted)
    if not quiet:
        _remark(
            "\nThis was a demonstration: main is as documented, and one commit breaks three rules.\n"
            f"It ends with 0; tierproof check would have ended with {found.after.exit_code}. What to try next:\n{_NEXT}"
            "  tierproof check .                      the root modules of your own repository\n"
            "  tierproof init github                  the same for every pull request"
        )


def _remark(text: str) -> None:
    typer.echo(text, err=True)


COMMAND = Command(
    "demo", run, ("tierproof demo", "tierproof demo --pull-request", "tierproof demo --format json=demo.json")
)

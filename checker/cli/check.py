"""`tierproof check`: judge files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command, tell
from checker.cli.options import (
    AllowNoStack,
    AllowUnknown,
    AllStacks,
    Blueprint,
    FailOn,
    FormatNames,
    Ignore,
    Level,
    Quiet,
    Select,
)
from checker.cli.output import outputs, progress


def run(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Snapshot, or folder or file of AWS CLI output; several are judged as one.", metavar="PATH..."
        ),
    ],
    *,
    from_: Annotated[
        str | None,
        typer.Option("--from", help="What the paths are, instead of looking: aws-json or snapshot.", metavar="NAME"),
    ] = None,
    blueprint: Blueprint = None,
    select: Select = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    ignore: Ignore = [],  # noqa: B006  # as above
    fail_on: FailOn = Level.LOW,
    allow_unknown: AllowUnknown = False,
    allow_no_stack: AllowNoStack = False,
    all_stacks: AllStacks = False,
    format: FormatNames = [],  # noqa: B006  # as above
    quiet: Quiet = False,
) -> int:
    """Judge what was saved: snapshots of tierproof collect, or folders of AWS CLI output.

    What each path is is found by looking into it, and told on stderr; nothing in it is executed and no call is made.
    A file that is missing is a fact that is missing: what rests on it is UNKNOWN, never PASS.
    """
    # Everything below is imported when the command runs: --help must not wait for it.
    from checker.app import check, prepare, recognised
    from checker.cli.shared.judging import choices, deliver

    wanted = outputs(format)
    chosen = choices(
        blueprint=blueprint,
        select=select,
        ignore=ignore,
        fail_on=fail_on,
        allow_unknown=allow_unknown,
        allow_no_stack=allow_no_stack,
        all_stacks=all_stacks,
    )
    prepare(chosen)  # what cannot be meant is told before anything is read
    inputs = recognised(paths, from_)
    if not quiet:
        for one in inputs:
            tell(f"{one.path}: {one.what}")
    with progress(quiet) as told:
        report = check(inputs, chosen, told)
    return deliver(report, wanted, quiet=quiet)


COMMAND = Command(
    "check",
    run,
    (
        "tierproof check snapshot/",
        "tierproof check exports/ --format text --format json=report.json",
        "tierproof check network/ data/ --select NET --fail-on medium",
        "tierproof check answers/ --from aws-json",
    ),
)

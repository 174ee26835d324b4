"""`tierproof permissions`: the IAM policy of an audit."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from checker.cli.command import Command


def run(
    *,
    select: Annotated[
        list[str], typer.Option(help="Only for these rules: ids, beginnings of ids, names.", metavar="RULE")
    ] = [],  # noqa: B006  # typer wants the default itself, and nothing changes it
    ignore: Annotated[list[str], typer.Option(help="Not for these rules.", metavar="RULE")] = [],  # noqa: B006  # as above
) -> int:
    """Print the IAM policy that an audit needs.

    It holds reading calls only, and no more of them than an audit by the chosen rules makes.
    """
    from checker.app import policy

    typer.echo(json.dumps(policy(tuple(select), tuple(ignore)), indent=2))
    return 0


COMMAND = Command(
    "permissions",
    run,
    ("tierproof permissions > tierproof-policy.json", "tierproof permissions --select NET --select AZ"),
)

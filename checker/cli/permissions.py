"""`tierproof permissions`: the IAM policy of an audit."""

from __future__ import annotations

import json

import typer

from checker.cli.command import Command


def run() -> int:
    """Print the IAM policy that an audit needs.

    It holds reading calls only, and no more of them than an audit makes.
    """
    from checker.app import policy

    typer.echo(json.dumps(policy(), indent=2))
    return 0


COMMAND = Command("permissions", run, ("tierproof permissions > tierproof-policy.json",))

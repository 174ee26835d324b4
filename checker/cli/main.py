"""The command `tierproof`: every subcommand found in this folder."""

from __future__ import annotations

import gc
import logging
import sys
from typing import Annotated

import typer

import checker
import checker.cli
from checker._discover import declared
from checker.cli.command import INTERRUPTED, Command, guarded

HELP = """Prove that an AWS stack keeps its documented tiers.

Every verdict is PASS, FAIL with a path, or UNKNOWN with the missing fact.

\b
Exit codes:
  0  everything passes (or is waived)
  1  a rule fails, at or above --fail-on
  2  wrong usage or configuration
  3  nothing could be read or judged
  4  nothing fails, but something is UNKNOWN (--allow-unknown makes it 0)
  5  a rule crashed
When several hold, the first of 2, 3, 5, 1, 4 decides; the summary names them all.
"""
EXAMPLES = """\b
Examples:
  tierproof demo
  tierproof audit --region eu-west-1
  tierproof explain NET005
"""


def application() -> typer.Typer:
    """Return the command line with all subcommands; nothing heavier than typer is imported for it."""
    # Plain help: rich's would cost as much again as everything else that --help needs.
    app = typer.Typer(
        name="tierproof",
        help=HELP,
        epilog=EXAMPLES,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(_root)
    for _, command in declared(checker.cli, "COMMAND", Command):
        app.command(command.name, epilog=command.epilog)(guarded(command.run))
    return app


def run() -> None:
    """Run the command line on the process's arguments and exit."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks must not cost the report.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        application()(prog_name="tierproof")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        # The process ends, and with it all that it holds: to look through that for cycles first is in vain.
        gc.freeze()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tierproof {checker.__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Log to stderr what happens, with tracebacks.")] = False,
) -> None:
    del version  # the callback has answered it
    logging.basicConfig(
        stream=sys.stderr, format="tierproof: %(levelname)s: %(name)s: %(message)s", level=logging.WARNING
    )
    # botocore warns, with a traceback, of what it raises as well: the command line has a message for that.
    logging.getLogger("botocore").setLevel(logging.ERROR)
    if debug:
        # Only our own: botocore's debug log holds whole requests, signatures included.
        logging.getLogger("checker").setLevel(logging.DEBUG)

"""What a subcommand is, and how every one of them ends."""

from __future__ import annotations

import functools
import logging
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

import typer

from checker.errors import CheckerError
from checker.model.printable import clean

NOTHING, INTERRUPTED, PIPE_CLOSED = 3, 130, 141


@dataclass(frozen=True)
class Command:
    """A subcommand: its name, a function whose parameters are its options and which returns the exit code, examples."""

    name: str
    run: Callable[..., int]
    examples: tuple[str, ...]

    @property
    def epilog(self) -> str:
        """Return the end of the help: examples as they are typed."""
        return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in self.examples)


def guarded(run: Callable[..., int]) -> Callable[..., None]:
    """Return a function with the same parameters that ends by an exit code and one message, never a traceback."""

    @functools.wraps(run)
    def guard(*arguments: object, **options: object) -> None:
        raise typer.Exit(ending(lambda: run(*arguments, **options)))

    return guard


def ending(work: Callable[[], int]) -> int:
    """Return the exit code of `work`; what goes wrong is told on stderr."""
    try:
        code = work()
        sys.stdout.flush()
    except CheckerError as error:
        tell(_text(error), error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001  # the last resort: a defect must not end with the code of a finding
        if logging.getLogger("checker").isEnabledFor(logging.DEBUG):
            traceback.print_exc()
        tell(f"no audit was performed: internal error: {type(error).__name__}: {error}")
        tell("this is a defect of tierproof; tierproof --debug COMMAND shows where it is")
        return NOTHING
    return code


def tell(text: str, hint: str = "") -> None:
    """Write one message to stderr, on one line, and what to try on the next; neither can move a terminal's cursor."""
    typer.echo("\n  ".join(map(clean, (f"tierproof: {text}", *([hint] if hint else [])))), err=True)


def _text(error: CheckerError) -> str:
    text = f"{error.where}: {error.what}" if error.where else error.what
    return f"no audit was performed: {text}" if error.exit_code == NOTHING else text

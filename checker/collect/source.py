"""What every source is: something that is opened by name and collects records, gaps and a ledger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checker.model.call import Listed
from checker.model.record import Collection

Progress = Callable[[str, int, int], None]


def silent(_label: str, _done: int, _total: int) -> None:
    """Report no progress."""


class Source(Protocol):
    """One input that was named and not read yet."""

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return all that could be read of `kinds`; `progress` is told (what, done, known so far).

        Raises:
            SourceError: nothing at all could be read.
        """


@dataclass(frozen=True)
class SourceSpec:
    """A source as its module declares it under `SOURCE`; `open` takes the target that was named and reads nothing."""

    name: str
    open: Callable[[str], Source]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """How a program is run that only tells what it declares by running.

    `stack` is the name of its stack, None for the only one there is. `stack_outputs` is a file with the outputs of
    other stacks that it refers to. `python` is the interpreter that its packages are installed in, None for the one
    that the project names. It is ended after `seconds`. Unless `sandboxed`, it is not kept apart from the
    machine.
    """

    stack: str | None = None
    stack_outputs: Path | None = None
    python: Path | None = None
    seconds: float = 60.0
    sandboxed: bool = True


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What the user gave beside the paths.

    `variables` are the texts of variables by name, `variable_files` files of such values, the last one wins, and
    `program` is the folder of the program that a plan was made from. `execution` says how a program may be run where a
    source has to run it.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    variable_files: tuple[Path, ...] = ()
    program: Path | None = None
    execution: Execution = field(default_factory=Execution)


def _alone(path: Path) -> tuple[Path, ...]:
    return (path,)


def _nothing(path: Path) -> str | None:
    return None


@dataclass(frozen=True)
class FileSourceSpec:
    """A source of files and folders as its module declares it under `SOURCE`.

    `recognise` looks at a path, executes nothing, and says in words what it is if it is of this source and holds
    anything of the kinds; `looks_for` says what that would be. `open` takes every path that is of this source, so that
    they are read as one, and reads nothing yet. `worlds` gives the paths inside one path that have nothing to do with
    each other, such as the root modules of a repository: each is judged for itself. `suggest` says what a path is that
    nobody recognises because it is only read where the user asks for it.
    """

    name: str
    looks_for: str
    recognise: Callable[[Path, Sequence[Listed]], str | None]
    open: Callable[[Sequence[Path], Inputs], Source]
    worlds: Callable[[Path], Sequence[Path]] = _alone
    suggest: Callable[[Path], str | None] = _nothing

"""Programs that are run side by side, each shut in, until all have ended or the time is over."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from checker.collect.enclosure.main import REFUSED
from checker.collect.enclosure.orders import Orders
from checker.errors import UsageError

_PIECE = 1 << 16
# What is kept of the program's own output: its end.
_MOST_OUTPUT = 1 << 16
# More is told by no program that somebody could read the report of: a resource is about two kilobytes.
_MOST_EVENTS = 1 << 28
_LONGEST_LINE = 1 << 25
_PATIENCE = 10.0
# The launcher needs nothing but Python's own library, and sees no folder of the program.
_BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from checker.collect.enclosure.main import main;"
    " sys.exit(main(sys.argv[2]))"
)
_ROOT = Path(__file__).parents[3]
# No namespaces, and no way to inherit a pipe.
_HAS_PROCESSES = os.name == "posix"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A command (without the number of the pipe that it tells on, which is its last word) and what it is given.

    `document` is its stdin, `environment` what it sees beside the folders that are made for it, `project` the folder
    that it works in and `hidden` what it must not see; `memory` is in bytes.
    """

    command: tuple[str, ...]
    document: Mapping[str, object]
    environment: Mapping[str, str]
    project: Path
    hidden: tuple[Path, ...] = ()
    memory: int = 4 << 30
    disk: int = 1 << 30


@dataclass
class Told:
    """What became of a job: the lines that it told, the end of its output, and how it ended.

    `code` is its exit code, negative for a signal; None if it was ended because it was late or told too much. `refused`
    is why it could not be shut in, `stopped` why it was ended, or not started.
    """

    lines: list[bytes] = field(default_factory=list)
    output: deque[bytes] = field(default_factory=deque)
    code: int | None = None
    refused: str = ""
    stopped: str = ""
    is_late: bool = False

    @property
    def said(self) -> str:
        """Return the end of its output."""
        return b"".join(self.output)[-_MOST_OUTPUT:].decode("utf-8", "replace")


class NotEnclosedError(OSError):
    """The machine does not let us shut a program in."""


def run(jobs: Sequence[Job], deadline: float, *, enclosed: bool) -> list[Told]:
    """Return what becomes of each job; they run at the same time and are ended at `deadline` (of the monotonic clock).

    Nobody whom they started is left when this returns, an interrupt included.

    Raises:
        UsageError: the machine cannot run them so, which says why and what to do.
        NotEnclosedError: the machine cannot shut them in.
    """
    if not _HAS_PROCESSES:
        raise UsageError("a program cannot be run on this system", hint="use Linux, macOS or WSL")
    with ExitStack() as stack:
        running = [stack.enter_context(_started(job, deadline, enclosed=enclosed)) for job in jobs]
        _listen(running, deadline)
    for one in running:
        if one.told.refused:
            raise NotEnclosedError(one.told.refused)
    return [one.told for one in running]


@dataclass
class _Running:
    process: subprocess.Popen[bytes]
    events: int
    output: int
    lifeline: int
    told: Told = field(default_factory=Told)
    rest: bytearray = field(default_factory=bytearray)
    size: int = 0
    kept: int = 0

    def cut(self) -> None:
        """Tell the launcher to end everything."""
        if self.lifeline >= 0:
            os.close(self.lifeline)
            self.lifeline = -1

    def hear(self, piece: bytes) -> None:
        """Take a piece of what it tells."""
        self.size += len(piece)
        if self.size > _MOST_EVENTS or len(self.rest) > _LONGEST_LINE:
            self.told.stopped = "it registers more than can be read"
            self.cut()
            return
        self.rest += piece
        if b"\n" not in piece:
            return
        *lines, rest = self.rest.split(b"\n")
        self.told.lines.extend(bytes(line) for line in lines if line)
        self.rest = bytearray(rest)

    def keep(self, piece: bytes) -> None:
        """Keep the end of what it prints."""
        output = self.told.output
        output.append(piece)
        self.kept += len(piece)
        while self.kept - len(output[0]) >= _MOST_OUTPUT:
            self.kept -= len(output.popleft())


@contextmanager
def _started(job: Job, deadline: float, *, enclosed: bool) -> Iterator[_Running]:
    """Start a job; at the end it is ended with all whom it started, and its folders are gone."""
    with ExitStack() as stack:
        # What the program makes unreadable on purpose cannot be removed, and is no reason to fail.
        folder = tempfile.TemporaryDirectory(prefix="tierproof-", ignore_cleanup_errors=True)
        private = stack.enter_context(folder)
        document = stack.enter_context(tempfile.TemporaryFile())
        document.write(json.dumps(job.document).encode())
        document.seek(0)
        events, report = os.pipe()
        output, printed = os.pipe()
        lifeline, ours = os.pipe()
        orders = Orders(
            command=(*job.command, str(report)),
            report=report,
            lifeline=lifeline,
            enclosed=enclosed,
            private=os.path.realpath(private),
            project=os.path.realpath(job.project),
            hidden=tuple(map(str, job.hidden)),
            memory=job.memory,
            disk=job.disk,
            # Somebody who gets away all the same does not stay for long.
            seconds=2 * max(1, round(deadline - time.monotonic())),
        )
        home = {"HOME": orders.home, "TMPDIR": orders.temporary}
        try:
            process = subprocess.Popen(  # noqa: S603  # our own interpreter, and our own words
                [sys.executable, "-I", "-S", "-B", "-c", _BOOT, str(_ROOT), orders.text()],
                cwd="/",
                env={**job.environment, **home},
                stdin=document,
                stdout=printed,
                stderr=printed,
                pass_fds=(report, lifeline),
                start_new_session=True,
            )
        except BaseException:
            for mine in (events, output, ours):
                os.close(mine)
            raise
        finally:
            for theirs in (report, printed, lifeline):
                os.close(theirs)
        running = _Running(process, events, output, ours)
        try:
            yield running
        finally:
            running.cut()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(events)
            os.close(output)
            _settle(running)


def _listen(running: Sequence[_Running], deadline: float) -> None:
    """Read all that is told and printed, until everybody has ended."""
    with selectors.DefaultSelector() as selector:
        for one in running:
            selector.register(one.events, selectors.EVENT_READ, (one.hear, one))
            selector.register(one.output, selectors.EVENT_READ, (one.keep, one))
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                for one in running:
                    if one.process.poll() is None:
                        one.told.is_late = True
                        one.cut()
                left = _PATIENCE
                if time.monotonic() > deadline + _PATIENCE:
                    return
            for key, _ in selector.select(left):
                heard, _one = key.data
                piece = os.read(key.fd, _PIECE)
                if piece:
                    heard(piece)
                else:
                    selector.unregister(key.fd)


def _settle(running: _Running) -> None:
    """Take what the launcher told out of the lines."""
    told = running.told
    lines: list[bytes] = []
    for line in told.lines:
        found: object = None
        if line.startswith((b'{"event": "ended"', b'{"event": "refused"')):
            with suppress(ValueError):
                found = json.loads(line)
        if not isinstance(found, dict):
            lines.append(line)
        elif found.get("event") == "refused" and running.process.returncode == REFUSED:
            told.refused = str(found.get("reason"))
        elif found.get("event") == "refused":
            told.stopped = f"it could not be started: {found.get('reason')}"
        elif found.get("event") == "ended" and isinstance(found.get("code"), int):
            told.code = found["code"]
    told.lines[:] = lines

"""Processes that are started, waited for, and ended with all that they started."""

from __future__ import annotations

import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from checker.collect.enclosure.orders import Orders

_PATIENCE = 5.0
# How long a program has to tell where it was.
_LAST_WORDS = 0.5


def forked(work: Callable[[], int]) -> int:
    """Return the id of a new process that does `work` and ends with what it returns."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = work()
    finally:
        os._exit(code)


def wait(child: int, lifeline: int | None) -> int | None:
    """Return how a child ended, None if the lifeline was cut before."""
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        ready, _, _ = select.select([wake] if lifeline is None else [wake, lifeline], [], [])
        if lifeline in ready:
            return None
        os.read(wake, 4096)


def ask_to_end(child: int) -> None:
    """Ask a child to end, and give it a moment for it."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(child, signal.SIGTERM)
    deadline = time.monotonic() + _LAST_WORDS
    with suppress(ChildProcessError):
        while not os.waitpid(child, os.WNOHANG)[0] and time.monotonic() < deadline:
            time.sleep(0.01)


def limit(orders: Orders) -> None:
    """Limit what this process and its children may take; a limit that the system lacks is left out."""
    wanted = {
        resource.RLIMIT_AS: orders.memory,
        resource.RLIMIT_CPU: orders.seconds,
        resource.RLIMIT_FSIZE: orders.disk,
        resource.RLIMIT_NOFILE: 4096,
        resource.RLIMIT_CORE: 0,
    }
    if orders.enclosed:
        # Elsewhere all other processes of the user count.
        wanted[resource.RLIMIT_NPROC] = 2048
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (least, least))


def adopt_orphans() -> None:
    """Become the parent of whoever loses theirs below us, where the system can."""
    if sys.platform == "linux":
        from checker.collect.enclosure import system

        system.prctl(system.PR_SET_CHILD_SUBREAPER, 1)


def end_all(session: int) -> None:
    """End a session that a child began, and on Linux everyone else that descends from us."""
    deadline = time.monotonic() + _PATIENCE
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(session, signal.SIGKILL)
    while time.monotonic() < deadline:
        for child in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            # Whoever it started is ours once it is dead.
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.002)


def _children() -> list[int]:
    """Return our own children; none where the system does not tell."""
    own = os.getpid()
    found: list[int] = []
    try:
        names = [name for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  # as fast as it gets
    except OSError:
        return found
    for name in names:
        with suppress(OSError, ValueError, IndexError):
            with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123  # as above
                text = file.read()
            # The name of the program, in parentheses, may hold anything.
            if int(text.rpartition(")")[2].split()[1]) == own:
                found.append(int(name))
    return found

"""Start a program as it was ordered, tell how it ended, and end everything that it started.

Four processes: this one, one that leaves our world, the first of the new one, which makes it, and the program, which
can change nothing of it. Where no new world is wanted there are two.
"""

from __future__ import annotations

import json
import os
import select
import signal
from collections.abc import Callable

from checker.collect.enclosure.children import adopt_orphans, ask_to_end, end_all, forked, limit, wait
from checker.collect.enclosure.orders import Orders, orders

REFUSED = 125


def main(text: str) -> int:
    """Return what to end with: `REFUSED` if the program could not be started, else zero."""
    given = orders(text)
    # Who is in the new world can remove nothing of ours.
    code = wait(forked(lambda: _attempted(given, _enclosed)), None) if given.enclosed else _attempted(given, _plain)
    _remove_if_alone(given)
    return code or 0


def _attempted(given: Orders, start: Callable[[Orders], int]) -> int:
    try:
        return start(given)
    except OSError as error:
        _tell(given.report, {"event": "refused", "reason": str(error.strerror or error)})
        return REFUSED


def _remove_if_alone(given: Orders) -> None:
    """Remove the program's folder if nobody is left who would: whoever started us was killed, or is about to do it."""
    if select.select([given.lifeline], [], [], 0)[0]:
        import shutil

        shutil.rmtree(given.private, ignore_errors=True)


def _plain(given: Orders) -> int:
    adopt_orphans()
    _make_folders(given)
    program = forked(lambda: _program(given))
    ended = wait(program, given.lifeline)
    if ended is None:
        ask_to_end(program)
    end_all(program)
    _tell_ended(given, ended)
    return 0


def _enclosed(given: Orders) -> int:
    from checker.collect.enclosure import system
    from checker.collect.enclosure.namespaces import leave

    leave()

    def first() -> int:
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
        return _first(given)

    return wait(forked(first), None) or 0


def _first(given: Orders) -> int:
    """Make the new world and run the program; all that is left in it ends with this process."""
    from checker.collect.enclosure.namespaces import drop_powers, furnish

    try:
        furnish(given)
        _make_folders(given)
        drop_powers()
    except OSError as error:
        _tell(given.report, {"event": "refused", "reason": str(error.strerror or error)})
        return REFUSED
    program = forked(lambda: _program(given))
    ended = wait(program, given.lifeline)
    if ended is None:
        ask_to_end(program)
    _tell_ended(given, ended)
    return 0


def _make_folders(given: Orders) -> None:
    for path in (given.home, given.temporary):
        os.makedirs(path, mode=0o700, exist_ok=True)  # noqa: PTH103  # as fast as it gets


def _program(given: Orders) -> int:
    os.setsid()
    os.close(given.lifeline)
    limit(given)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    try:
        os.execv(given.command[0], given.command)  # noqa: S606  # that is what we are for
    except OSError as error:
        _tell(given.report, {"event": "refused", "reason": f"{given.command[0]}: {error.strerror}", "program": True})
    return REFUSED


def _tell_ended(given: Orders, ended: int | None) -> None:
    """Tell the exit code, or the signal as a negative number."""
    if ended is not None:
        _tell(given.report, {"event": "ended", "code": ended})


def _tell(report: int, event: dict[str, object]) -> None:
    # The program may have been ended in the middle of a line.
    os.write(report, f"\n{json.dumps(event)}\n".encode())

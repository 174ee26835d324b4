"""One evaluation: the program run as Pulumi's language host runs it, its registrations told as they come."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import gc
import logging
import os
import platform
import runpy
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeVar

from .events import Events
from .positions import Positions
from .request import Request, request_of
from .spelling import Spelling

# As many calls at a time as Pulumi's own host: a transform that looks something up holds one and waits for another.
_THREADS = 64
_SELDOM = 200_000
T = TypeVar("T")


def main(descriptor: int) -> None:
    """Evaluate the request on standard input, tell events on a descriptor, and end the process.

    It ends at once: threads that the program left running do not hold it up.
    """
    started = time.perf_counter()
    # The packages of a provider make hundreds of thousands of objects that live to the end: looking for cycles among
    # them again and again took a quarter of the time.
    gc.set_threshold(_SELDOM)
    events = Events(descriptor)
    request = request_of(sys.stdin.read())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.dont_write_bytecode = True
    spelling = Spelling(request.spelling, request.region)
    events.tell("begin", spelling=spelling.name, marker=spelling.marker)
    positions = Positions(request.folder)
    _watch(events, positions)
    version = _evaluate(request, spelling, events, positions, started)
    events.tell("end", python=platform.python_version(), **version)
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def _watch(events: Events, positions: Positions) -> None:
    """Tell where the program was when it is asked to end."""

    def stop(_signal: int, frame: FrameType | None) -> None:
        file, line = positions.of_frame(frame)
        events.tell("error", kind="stopped", message="stopped", traceback="", file=file, line=line)
        os._exit(3)

    signal.signal(signal.SIGTERM, stop)


def _evaluate(
    request: Request, spelling: Spelling, events: Events, positions: Positions, started: float
) -> dict[str, object]:
    try:
        from . import sdk
    except ImportError as error:
        message = f"{sys.executable}: cannot import {error.name or 'pulumi'}: {error}"
        events.tell("error", kind="sdk", message=message, traceback="", file="", line=0, package=error.name or "")
        return {"pulumi": "", "seconds": {"imports": time.perf_counter() - started, "program": 0.0}}
    imported = time.perf_counter()
    version = _version()
    absent = sdk.missing()
    if absent:
        message = f"pulumi {version} has no {', '.join(absent)}; pulumi 3 is needed"
        events.tell("error", kind="sdk", message=message, traceback="", file="", line=0)
    else:
        _run(request, spelling, events, positions)
    seconds = {"imports": imported - started, "program": time.perf_counter() - imported}
    return {"pulumi": version, "seconds": seconds}


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("pulumi")
    except metadata.PackageNotFoundError:
        return ""


def _run(request: Request, spelling: Spelling, events: Events, positions: Positions) -> None:
    import pulumi.runtime

    from . import sdk, secrets_of_config
    from .anything import read_placeholders
    from .applies import Applies
    from .delivery import Delivery
    from .engine import Engine
    from .errors import described
    from .meanings import Meanings
    from .monitor import Monitor
    from .questions import Questions
    from .variables import tell_absent

    meanings = Meanings(spelling)
    delivery = Delivery(spelling, Questions(meanings, events, positions))
    delivery.serve(request.config)
    applies = Applies(delivery.value)
    tell_absent(events, positions)
    monitor = sdk.monitor_of(Monitor(request, spelling, meanings, events, positions))
    sdk.take_note(positions, applies, spelling.marker, admits_preview=spelling.name != "two")
    read_placeholders(spelling)
    secrets_of_config.answer_by_type(request.config, spelling)
    config = secrets_of_config.texts(request.config, spelling)
    sdk.configure(request, config, monitor, sdk.engine_of(Engine(events)))
    main = Path(request.main)
    os.chdir(main if main.is_dir() else main.parent)
    sys.argv = [request.main]
    if not main.is_dir():
        sys.path.insert(0, str(main.parent))
    loop = _loop()
    program = _program(main, events)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except BaseException as error:  # noqa: BLE001 - whatever a program raises is what is told of it
        events.tell("error", **described(error, positions))
    applies.tell(events)


def _program(main: Path, events: Events) -> Callable[[], None]:
    def program() -> None:
        code = main / "__main__.py" if main.is_dir() else main
        if not code.is_file():
            events.tell("error", kind="no_program", message=f"no program {code}", traceback="", file=str(code), line=0)
            return
        runpy.run_path(str(main), run_name="__main__")

    return program


class _Threads(ThreadPoolExecutor):
    """Threads that know which call of the program they serve; older SDKs do not hand that on."""

    def submit(self, function: Callable[..., T], /, *args: object, **options: object) -> Future[T]:
        return super().submit(contextvars.copy_context().run, partial(function, *args, **options))


def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop that the program runs on."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(_Threads(max_workers=_THREADS))
    # Futures that nobody waits for are how Pulumi works; its own host silences these messages too.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    return loop

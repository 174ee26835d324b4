"""Callbacks of `apply`: which of them never ran because their input is not known before an apply."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FrameType

from .calls import PLACE
from .events import Events
from .positions import Positions
from .reach import CORE, called_of, may_register


@dataclass
class _Callback:
    function: Callable[[object], object]
    file: str
    line: int
    is_own: bool
    ran: bool = False


class Applies:
    """Takes note of callbacks as they are given to `apply`, and of those that ran."""

    def __init__(self, delivered: Callable[[object], object]) -> None:
        """`delivered` makes what a callback is handed of what it would be handed."""
        self._delivered = delivered
        self._callbacks: list[_Callback] = []

    def noted(
        self, function: Callable[[object], object], positions: Positions, frame: FrameType | None
    ) -> Callable[[object], object]:
        """Return a callback that tells when it runs; one of the SDK's own is returned as it is."""
        code = code_of(function)
        if code is None or code.co_filename.startswith(CORE):
            return function
        is_own = not positions.is_library(code.co_filename)
        file, line = (code.co_filename, code.co_firstlineno) if is_own else positions.of_frame(frame)
        callback = _Callback(function, file, line, is_own)
        self._callbacks.append(callback)

        def called(value: object) -> object:
            callback.ran = True
            token = PLACE.set(("", 0) if is_own else (file, line))
            try:
                return function(self._delivered(value))
            finally:
                PLACE.reset(token)

        return called

    def tell(self, events: Events) -> None:
        """Tell each place with a callback that did not run, once: the project's own, and others that may register."""
        told: set[tuple[str, int, bool]] = set()
        for callback in self._callbacks:
            if callback.ran:
                continue
            may = may_register(callback.function)
            place = (callback.file, callback.line, may)
            if place in told or not (callback.is_own or may):
                continue
            told.add(place)
            events.tell("skipped", file=callback.file, line=callback.line, may_register=may)


def code_of(function: object) -> CodeType | None:
    """Return the code that a callback runs, None for what is not written in Python."""
    while isinstance(function, functools.partial):
        function = function.func
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None and not isinstance(function, type):
        code = getattr(called_of(function), "__code__", None)
    return code if isinstance(code, CodeType) else None

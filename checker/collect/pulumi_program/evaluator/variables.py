"""Variables of the environment that the program asks for and does not get: they may configure it."""

from __future__ import annotations

import os

from .events import Events
from .positions import Positions, caller

_READING = (os.path.normcase(os.__file__ or ""), "_collections_abc")


def tell_absent(events: Events, positions: Positions) -> None:
    """Tell once of each variable that the project's own code asks for and that is not set."""
    told: set[str] = set()

    class Environment(type(os.environ)):  # type: ignore[misc]  # a class of the standard library that has no name
        def __getitem__(self, key: str) -> str:
            try:
                return super().__getitem__(key)
            except KeyError:
                frame = caller()
                while frame is not None and _reads(frame.f_code.co_filename):
                    frame = frame.f_back
                if frame is not None and key not in told and positions.is_project(frame.f_code.co_filename):
                    told.add(key)
                    events.tell("variable", name=key, file=frame.f_code.co_filename, line=frame.f_lineno)
                raise

    os.environ.__class__ = Environment


def _reads(file: str) -> bool:
    return os.path.normcase(file) == _READING[0] or _READING[1] in file or file.startswith("<frozen os")

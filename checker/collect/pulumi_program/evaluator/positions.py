"""Where in the user's own files something was called."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlparse

_PACKAGES = ("site-packages", "dist-packages")


class Positions:
    """Tells the project's files from libraries, and finds the project's own line on a stack."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.realpath(folder)
        ours = str(Path(__file__).resolve().parent)
        self._libraries = [os.path.realpath(path) for path in (*standard_library(), ours)]
        self._project: dict[str, bool] = {}
        self._library: dict[str, bool] = {}

    def is_project(self, file: str) -> bool:
        """Whether a file is one of the project's own, not one of an environment inside of its folder."""
        if file not in self._project:
            path = os.path.realpath(file)
            inside = path.startswith(self._folder + os.sep)
            self._project[file] = inside and not file.startswith("<") and not self.is_library(file)
        return self._project[file]

    def is_library(self, file: str) -> bool:
        """Whether a file belongs to an installed package, to Python itself or to this evaluator."""
        if file not in self._library:
            path = os.path.realpath(file)
            packaged = any(part in _PACKAGES for part in Path(path).parts)
            standard = any(path.startswith(root + os.sep) for root in self._libraries)
            self._library[file] = file.startswith("<") or packaged or standard
        return self._library[file]

    def of_frame(self, frame: FrameType | None, resource: object = None) -> tuple[str, int]:
        """Return file and line of the project's innermost frame from `frame` outwards, ("", 0) if there is none.

        The constructors of `resource` itself are passed over: the line that asks for it is meant. Where no frame is
        the project's, one of a package beside it that is not installed serves.
        """
        within: tuple[str, int] | None = None
        beside: tuple[str, int] | None = None
        while frame is not None:
            file = frame.f_code.co_filename
            place = (file, frame.f_lineno)
            if self.is_project(file):
                if not _constructs(frame, resource):
                    return place
                within = within or place
            elif beside is None and not self.is_library(file) and not _constructs(frame, resource):
                beside = place
            frame = frame.f_back
        return within or beside or ("", 0)

    def of_uris(self, frames: list[tuple[str, int]]) -> tuple[str, int]:
        """Return the same for the stack that a request tells, innermost first, as URIs of files and lines."""
        beside: tuple[str, int] | None = None
        for uri, line in frames:
            file = unquote(urlparse(uri).path)
            if self.is_project(file):
                return file, line
            if beside is None and not self.is_library(file):
                beside = file, line
        return beside or ("", 0)


def standard_library() -> list[str]:
    """Return the folders of Python's own modules."""
    paths = sysconfig.get_paths()
    return [paths["stdlib"], paths["platstdlib"]]


def _constructs(frame: FrameType, resource: object) -> bool:
    code = frame.f_code
    if resource is None or code.co_argcount == 0 or not code.co_name.endswith("__init__"):
        return code.co_name == "_internal_init" and resource is not None
    return frame.f_locals.get(code.co_varnames[0]) is resource


def caller(depth: int = 1) -> FrameType | None:
    """Return the frame `depth` calls above the one that asks, None above the outermost."""
    try:
        return sys._getframe(depth + 1)  # noqa: SLF001 - the only way to a frame without reading every source line
    except ValueError:
        return None

"""What the launcher is told: a JSON document as its only argument."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True)
class Orders:
    """A command and how it is run.

    `report` and `lifeline` are file descriptors: told on, and closed by whoever started us when all is to end.
    `private` is an empty folder that only the program uses, `project` the folder whose changes are thrown away,
    `hidden` are files and folders that it does not see. `memory` and `disk` are bytes, `seconds` are of processor time.
    """

    command: tuple[str, ...]
    report: int
    lifeline: int
    enclosed: bool
    private: str
    project: str
    hidden: tuple[str, ...]
    memory: int
    disk: int
    seconds: int

    @property
    def home(self) -> str:
        """Return the folder that is its home."""
        return f"{self.private}/home"

    @property
    def temporary(self) -> str:
        """Return the folder of its temporary files."""
        return f"{self.private}/temporary"

    def text(self) -> str:
        """Return the document."""
        return json.dumps(asdict(self))


def orders(text: str) -> Orders:
    """Return what a document says, which is always one of our own."""
    given = json.loads(text)
    return Orders(**{**given, "command": tuple(given["command"]), "hidden": tuple(given["hidden"])})

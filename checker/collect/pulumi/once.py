"""Each stack is told once: two files that tell of one would say two things of every resource."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.collect.pulumi.addresses import stack_of
from checker.collect.pulumi.registered import Registered
from checker.errors import UsageError


class Stacks:
    """The stacks that were read so far, with the file of each."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, str], Path] = {}

    def add(self, path: Path, registered: Iterable[Registered]) -> None:
        """Take note of the stacks of a file.

        Raises:
            UsageError: another file holds one of them.
        """
        for stack in {stack_of(one.urn) for one in registered}:
            other = self._files.setdefault(stack, path)
            if other != path:
                what = f"it tells of the stack {'/'.join(stack)}, as {other} does"
                raise UsageError(what, where=str(path), hint="check one of them, or each by itself")

"""Which call of the program a request to the monitor comes from: the SDK does not say it in the request."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """A resource that is constructed (`cls` is its class) or a function that is called (of its result, if it has one).

    `line` is the project's own, of `file`. `is_guarded` says that the program goes on if the call fails.
    """

    cls: type | None
    file: str
    line: int
    is_guarded: bool = False


CALL: ContextVar[Call | None] = ContextVar("call", default=None)
# The project's line that handed a library's callback to `apply`: when it runs, no line of the project is on the stack.
PLACE: ContextVar[tuple[str, int]] = ContextVar("place", default=("", 0))

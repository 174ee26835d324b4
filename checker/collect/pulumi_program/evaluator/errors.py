"""What went wrong in a program, told by its own lines."""

from __future__ import annotations

import traceback
from types import TracebackType

import pulumi

from .positions import Positions


def described(error: BaseException, positions: Positions) -> dict[str, object]:
    """Return the fields of an error event: kind, message, traceback, file and line, and what the kind adds."""
    file, line = _place(error, positions)
    fields: dict[str, object] = {
        "kind": _kind(error),
        "message": _message(error),
        "traceback": _traceback(error, positions),
        "file": file,
        "line": line,
    }
    if isinstance(error, SystemExit):
        fields["code"] = error.code if isinstance(error.code, (int, str)) else 0 if error.code is None else 1
    if isinstance(error, ImportError):
        fields["package"] = error.name or ""
    if fields["kind"] == "config":
        fields["key"] = getattr(error, "key", "")
    return fields


def _kind(error: BaseException) -> str:
    # The errors of configuration are not exported by every version of the SDK.
    if type(error).__name__ in ("ConfigMissingError", "ConfigTypeError"):
        return "config"
    if isinstance(error, SystemExit):
        return "exit"
    if isinstance(error, SyntaxError):
        return "syntax"
    if isinstance(error, ImportError):
        return "import"
    if isinstance(error, pulumi.RunError):
        return "run_error"
    return "exception"


def _message(error: BaseException) -> str:
    name, text = type(error).__name__, str(error)
    return f"{name}: {text}" if text else name


def _frames(error: BaseException) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    step: TracebackType | None = error.__traceback__
    while step is not None:
        found.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    return found


def _place(error: BaseException, positions: Positions) -> tuple[str, int]:
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return error.filename, error.lineno
    own = [place for place in _frames(error) if positions.is_project(place[0])]
    cause = error.__cause__ or error.__context__
    if not own and cause is not None:
        return _place(cause, positions)
    return own[-1] if own else ("", 0)


def _traceback(error: BaseException, positions: Positions) -> str:
    """Return the traceback from the program's first line on; what led there is ours and Python's."""
    told = traceback.TracebackException.from_exception(error)
    each: traceback.TracebackException | None = told
    seen: set[int] = set()
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        own = [n for n, frame in enumerate(each.stack) if positions.is_project(frame.filename)]
        each.stack = traceback.StackSummary.from_list(each.stack[own[0] :] if own else [])
        each = each.__cause__ or each.__context__
    return "".join(told.format())

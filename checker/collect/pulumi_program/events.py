"""What a run tells, line by line, as values.

Whatever a line lacks has a value that says so; a line that is none of ours is counted, since the program itself could
have written it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

Raw = dict[str, object]


class _Event(msgspec.Struct, frozen=True, tag_field="event"):
    pass


class Begin(_Event, frozen=True, tag="begin"):
    """The first line: `marker` is in every placeholder of the run."""

    spelling: str = ""
    marker: str = ""


class Resource(_Event, frozen=True, kw_only=True, tag="resource"):
    """A registration: `inputs` as the SDK wrote them, `issued` the placeholders of its outputs (text -> property).

    `issued_numbers` are those that are numbers, by their digits.
    """

    urn: str
    type: str
    name: str
    custom: bool = True
    remote: bool = False
    read: bool = False
    id: str | None = None
    inputs: Raw = {}
    needs: dict[str, list[str]] = {}
    parent: str | None = None
    provider: str | None = None
    file: str | None = None
    line: int | None = None
    issued: dict[str, str] = {}
    issued_numbers: dict[str, str] = {}


class LookUp(_Event, frozen=True, kw_only=True, tag="lookup"):
    """A function of a provider that was called; `issued` are the placeholders of the answer (text -> path in it).

    `issued_numbers` are those that are numbers, by their digits.
    """

    name: str
    token: str
    arguments: Raw = {}
    provider: str | None = None
    file: str | None = None
    line: int | None = None
    issued: dict[str, str] = {}
    issued_numbers: dict[str, str] = {}


class StackReference(_Event, frozen=True, kw_only=True, tag="stack_reference"):
    """Another stack that is referred to; `given` says whether its outputs were."""

    name: str
    stack: str = ""
    given: bool = False


class Skipped(_Event, frozen=True, kw_only=True, tag="skipped"):
    """A callback of the program that never ran since its input was not known."""

    file: str | None = None
    line: int | None = None
    may_register: bool = True


class Asked(_Event, frozen=True, kw_only=True, tag="asked"):
    """A text that is not known was compared with one that is: `what` holds in that run if `answer`."""

    file: str = ""
    line: int = 0
    what: str = ""
    answer: bool = False


class Variable(_Event, frozen=True, kw_only=True, tag="variable"):
    """A variable of the environment that the program asked for and did not get."""

    name: str
    file: str = ""
    line: int = 0


class Log(_Event, frozen=True, kw_only=True, tag="log"):
    """What the program told the engine's log."""

    severity: str | int = ""
    message: str = ""


class Failure(_Event, frozen=True, kw_only=True, tag="error"):
    """What ended the program, or would end an update.

    `kind` is exception, syntax, exit, config, import, run_error, sdk (Pulumi's own packages), duplicate_urn,
    no_program, or stopped.
    """

    kind: str
    message: str = ""
    traceback: str = ""
    file: str | None = None
    line: int | None = None
    key: str | None = None


class End(_Event, frozen=True, kw_only=True, tag="end"):
    """The last line; without it the process died."""

    python: str = ""
    pulumi: str = ""
    seconds: dict[str, float] = {}


class _Other(_Event, frozen=True, tag="outputs"):
    """What nobody asks for."""


_Line = Begin | Resource | LookUp | StackReference | Skipped | Asked | Variable | Log | Failure | End | _Other
_DECODER = msgspec.json.Decoder(_Line)
_MOST_LOGS = 1000
_MOST_ASKED = 10_000


@dataclass
class Events:
    """All that a run told, each kind in the order that it was told in."""

    begin: Begin | None = None
    resources: dict[str, Resource] = field(default_factory=dict)
    look_ups: dict[str, LookUp] = field(default_factory=dict)
    stacks: list[StackReference] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    logs: list[Log] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    end: End | None = None
    strange: int = 0


def read(lines: Iterable[bytes]) -> Events:
    """Return what a run told."""
    found = Events()
    for line in lines:
        try:
            event = _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            found.strange += 1
            continue
        match event:
            case Begin():
                found.begin = event
            case Resource():
                found.resources[event.urn] = event
            case LookUp():
                found.look_ups[event.name] = event
            case StackReference():
                found.stacks.append(event)
            case End():
                found.end = event
            case _:
                _add_remark(found, event)
    return found


def _add_remark(found: Events, event: _Line) -> None:
    """Add what a run tells of itself, and not of what it registers; what it tells endlessly is cut off."""
    match event:
        case Skipped():
            found.skipped.append(event)
        case Asked() if len(found.asked) < _MOST_ASKED:
            found.asked.append(event)
        case Variable():
            found.variables.append(event)
        case Log() if len(found.logs) < _MOST_LOGS:
            found.logs.append(event)
        case Failure():
            found.failures.append(event)
        case _:
            pass

"""A preview in either of its forms: its configuration, its steps, and whether it is whole."""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.collect.pulumi.files import Shape, content_of, shape_of
from checker.collect.pulumi_preview.shape import About, Digest, Event, Step
from checker.collect.terraform.document import decoded
from checker.errors import SourceError

_WRITER = "Pulumi"
_REMEDY = "run: pulumi preview --json --show-sames > preview.json"
_STEP: msgspec.json.Decoder[Step] = msgspec.json.Decoder(Step)
_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_SAME = "same"
_FAILED = "failed"
_ERROR = "error"
_NEWLINE = b"\n"


@dataclass(frozen=True)
class Fault:
    """Why a preview does not tell all that there will be, and what to do about it."""

    why: str
    supply: str


_NOT_WHOLE = Fault("the preview failed, so it is not whole", "mend what `pulumi preview` says, and preview again")
_CORRUPT = Fault("the engine says that the state may be corrupt", "run `pulumi refresh`, and preview again")
_IN_PART = Fault("the preview was made with --target or --exclude", "preview without them")
_CUT_OFF = Fault("the events end before the preview does", _REMEDY)


@dataclass(frozen=True)
class Preview:
    """What a preview tells; the steps come in its order, one or more for a resource.

    A stream (`is_stream`) does not tell which resources a property was made from.
    """

    config: Mapping[str, object]
    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    is_stream: bool = False


def preview_of(path: Path) -> Preview:
    """Return what a file tells.

    Raises:
        SourceError: it is no preview, or is cut off.
    """
    with content_of(path, _REMEDY) as content:
        if shape_of(path) is Shape.EVENTS:
            return _of_events(path, content)
        digest = decoded(path, content, Digest, _WRITER, _REMEDY)
        if digest.steps is None and digest.change_summary is None and digest.diagnostics is None:
            raise SourceError("this is no Pulumi preview: it has no steps", where=str(path), hint=_REMEDY)
        try:
            steps = tuple(_steps(digest.steps or (), path))
        except RecursionError as error:
            raise SourceError("it is nested too deeply", where=str(path), hint=_REMEDY) from error
    has_errors = any(one.severity == _ERROR for one in digest.diagnostics or ())
    faults = _faults(steps, digest.change_summary, has_errors=has_errors, is_corrupt=digest.maybe_corrupt)
    return Preview(digest.config or {}, steps, tuple(faults))


def _steps(raws: Iterable[msgspec.Raw], path: Path) -> Iterator[Step]:
    for number, raw in enumerate(raws):
        where = f"{path}: steps[{number}]"
        try:
            step = _STEP.decode(raw)
        except msgspec.DecodeError as error:
            raise SourceError(f"this is not what {_WRITER} writes: {error}", where=where, hint=_REMEDY) from error
        if not step.is_whole:
            raise SourceError("the step does not say which resource it is about", where=where, hint=_REMEDY)
        yield step


def _faults(
    steps: tuple[Step, ...], summary: Mapping[str, int] | None, *, has_errors: bool, is_corrupt: bool
) -> Iterator[Fault]:
    if has_errors:
        yield _NOT_WHOLE
    if is_corrupt:
        yield _CORRUPT
    if any(step.is_skipped for step in steps):
        yield _IN_PART
    shown = Counter(step.op for step in steps)
    hidden = (summary or {}).get(_SAME, 0) - shown[_SAME]
    if hidden > 0:
        # The engine leaves out what it would not touch, and shows nothing but the stack itself.
        why = f"{hidden} resources that stay as they are were left out of the preview"
        yield Fault(why, "preview with --show-sames too: pulumi preview --json --show-sames")


def _of_events(path: Path, content: bytes | mmap.mmap) -> Preview:
    config: Mapping[str, object] = {}
    steps: dict[tuple[str, str], Step] = {}
    summary: Mapping[str, int] | None = None
    has_errors = is_corrupt = False
    for number, event in _events(path, content):
        if event.prelude_event is not None:
            config = event.prelude_event.config or {}
        if event.summary_event is not None:
            summary = event.summary_event.resource_changes or {}
            is_corrupt = event.summary_event.maybe_corrupt
            has_errors = has_errors or event.summary_event.result == _FAILED
        for about in (event.resource_pre_event, event.res_outputs_event):
            if about is not None:
                step = _step(about, path, number)
                steps[step.op, step.urn] = step
        said = event.diagnostic_event is not None and event.diagnostic_event.severity == _ERROR
        has_errors = has_errors or said or event.error_event is not None or event.res_op_failed_event is not None
    found = tuple(steps.values())
    faults = list(_faults(found, summary, has_errors=has_errors, is_corrupt=is_corrupt))
    if summary is None and not has_errors:
        faults.append(_CUT_OFF)
    return Preview(config, found, tuple(faults), is_stream=True)


def _events(path: Path, content: bytes | mmap.mmap) -> Iterator[tuple[int, Event]]:
    start = number = 0
    while start < len(content):
        end = content.find(_NEWLINE, start)
        end = len(content) if end < 0 else end
        line = content[start:end].strip()
        start, number = end + 1, number + 1
        if not line.startswith(b"{"):
            continue  # what the CLI says between them
        try:
            yield number, _EVENT.decode(line)
        except msgspec.ValidationError as error:
            where = f"{path}:{number}"
            raise SourceError(f"this is not what {_WRITER} writes: {error}", where=where, hint=_REMEDY) from error
        except RecursionError as error:
            raise SourceError("it is nested too deeply", where=f"{path}:{number}", hint=_REMEDY) from error
        except msgspec.DecodeError as error:
            raise SourceError("the line is cut off", where=f"{path}:{number}", hint=_REMEDY) from error


def _step(about: About, path: Path, number: int) -> Step:
    state = about.metadata.new or about.metadata.old
    step = Step(about.metadata.op, "" if state is None else state.urn, about.metadata.old, about.metadata.new)
    if not step.is_whole:
        where = f"{path}:{number}"
        raise SourceError("the step does not say which resource it is about", where=where, hint=_REMEDY)
    return step

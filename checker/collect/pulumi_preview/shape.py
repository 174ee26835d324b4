"""The parts of a preview that are read, in the form of one document and in that of a stream of events.

Source: https://github.com/pulumi/pulumi/blob/master/pkg/display/json.go (PreviewDigest)
Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go (EngineEvent)
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from checker.collect.pulumi.states import State


class Step(msgspec.Struct, rename="camel"):
    """What the engine would do with one resource."""

    op: str = ""
    urn: str = ""
    old_state: State | None = None
    new_state: State | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether it says what it does, and which resource it is about in each of its states."""
        states = [state for state in (self.old_state, self.new_state) if state is not None]
        return bool(self.op and self.urn and states) and all(state.urn and state.type for state in states)

    @property
    def is_skipped(self) -> bool:
        """Tell whether it leaves out what the program declares and nobody has made: its old state is that of nothing.

        Source: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step.go (NewSkippedCreateStep)
        """
        old = self.old_state
        return self.op == "same" and old is not None and old.custom and not old.id and not old.outputs


class Diagnostic(msgspec.Struct):
    """Something that was said; what was said may hold anything and is not read."""

    severity: str = ""


class Digest(msgspec.Struct, rename="camel"):
    """A preview as one document."""

    config: Mapping[str, object] | None = None
    steps: list[msgspec.Raw] | None = None
    diagnostics: list[Diagnostic] | None = None
    change_summary: Mapping[str, int] | None = None
    maybe_corrupt: bool = False


class Metadata(msgspec.Struct):
    """A step in a stream of events."""

    op: str = ""
    old: State | None = None
    new: State | None = None


class About(msgspec.Struct):
    """An event about a step."""

    metadata: Metadata = msgspec.field(default_factory=Metadata)


class Prelude(msgspec.Struct):
    """The event that begins a stream."""

    config: Mapping[str, object] | None = None


class Summary(msgspec.Struct, rename="camel"):
    """The event that ends a stream."""

    maybe_corrupt: bool = False
    resource_changes: Mapping[str, int] | None = None
    result: str = ""


class Failure(msgspec.Struct):
    """An event of the engine's own failure."""


class Event(msgspec.Struct, rename="camel"):
    """One line of a stream: one of these is there, or it is an event of which nothing is read."""

    prelude_event: Prelude | None = None
    summary_event: Summary | None = None
    resource_pre_event: About | None = None
    res_outputs_event: About | None = None
    res_op_failed_event: About | None = None
    diagnostic_event: Diagnostic | None = None
    error_event: Failure | None = None

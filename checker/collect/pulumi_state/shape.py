"""The parts of a state that are read; all others are passed over without being decoded.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go
"""

from __future__ import annotations

import msgspec

from checker.collect.pulumi.states import State


class Operation(msgspec.Struct):
    """Something that the engine was about to do when it wrote the state, or was interrupted in."""

    type: str = ""
    resource: State = msgspec.field(default_factory=State)


class Deployment(msgspec.Struct):
    """All that a stack holds."""

    resources: list[msgspec.Raw] | None = None
    pending_operations: list[Operation] | None = None


class Checkpoint(msgspec.Struct):
    """What a backend keeps of a stack; one without an update has no deployment."""

    stack: str = ""
    latest: Deployment | None = None


class Document(msgspec.Struct):
    """Either form of a state, at its top; the deployment is decoded when its version is known."""

    version: int | None = None
    deployment: msgspec.Raw = msgspec.Raw()
    checkpoint: msgspec.Raw = msgspec.Raw()


class Head(msgspec.Struct):
    """What tells whether a resource is of interest, and that it is told once."""

    urn: str = ""
    type: str = ""
    delete: bool = False

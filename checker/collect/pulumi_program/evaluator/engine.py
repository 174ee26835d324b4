"""The engine's other service: the program's log, and the resource at the root of its stack.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/engine.proto
"""

from __future__ import annotations

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import engine_pb2

from .events import Events

_SEVERITIES = ("debug", "info", "warning", "error")


class Engine:
    """Answers the calls of the Engine service."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._root = ""

    def log(self, request: Message) -> Empty:
        """Tell what the program logs; what is for debugging stays untold."""
        severity = _SEVERITIES[request.severity] if request.severity < len(_SEVERITIES) else "info"
        if severity != "debug":
            self._events.tell("log", severity=severity, message=request.message, urn=request.urn)
        return Empty()

    def get_root_resource(self, _request: Message) -> Message:
        """Return the URN of the stack."""
        return engine_pb2.GetRootResourceResponse(urn=self._root)

    def set_root_resource(self, request: Message) -> Message:
        """Keep the URN of the stack."""
        self._root = request.urn
        return engine_pb2.SetRootResourceResponse()

    def require_pulumi_version(self, _request: Message) -> Message:
        """Agree: which version of the command will deploy the program is not known here."""
        return engine_pb2.RequirePulumiVersionResponse()

    def start_debugging(self, _request: Message) -> Empty:
        """Start nothing."""
        return Empty()

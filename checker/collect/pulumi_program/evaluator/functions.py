"""Calls of functions of providers and of methods of resources: told once each, and answered alike each time.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import grpc
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, resource_pb2

from .callbacks import Callbacks
from .calls import CALL
from .events import Events
from .lookups import Lookups
from .meanings import Meanings
from .outputs import Outputs
from .registry import Registry
from .spelling import Spelling
from .values import plain, revealed, settled, struct_of

# Versions before the engine could decline a look-up answer with the provider's own message.
_ANSWERED: Callable[..., Message] = getattr(resource_pb2, "ResourceInvokeResponse", provider_pb2.InvokeResponse)


class Refused(grpc.RpcError):
    """What the engine refuses, raised as the SDK expects a failed call."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._message = message

    def code(self) -> grpc.StatusCode:
        """Return the status of the failed call."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """Return the engine's message."""
        return self._message


class Functions:
    """Answers what a program looks up, from any thread; `zones` is how many zones a Region has at least."""

    def __init__(
        self,
        spelling: Spelling,
        meanings: Meanings,
        registry: Registry,
        outputs: Outputs,
        callbacks: Callbacks,
        events: Events,
        *,
        zones: int,
    ) -> None:
        self._spelling = spelling
        self._meanings = meanings
        self._registry = registry
        self._outputs = outputs
        self._callbacks = callbacks
        self._events = events
        self._lookups = Lookups(spelling, meanings, zones)
        self._lock = threading.Lock()
        self._told: set[str] = set()

    def invoke(self, request: Message) -> Message:
        """Answer a call of a provider's function."""
        if request.tok == "pulumi:pulumi:getResource":
            return self._resource(plain(request.args))
        request = self._callbacks.transformed_invoke(request)
        if self._spelling.is_preview and self._registry.has_planned(getattr(request, "dependsOn", ())):
            # The engine does not look up what hangs on a resource that is yet to be made.
            return _ANSWERED(unknown=True)
        answer = self._looked_up(request, plain(request.args))
        return _ANSWERED(**{"return": struct_of(answer)})

    def call(self, request: Message) -> Message:
        """Answer a call of a method of a resource."""
        arguments = {name: revealed(settled(value)) for name, value in plain(request.args).items()}
        answer = {} if self._spelling.is_preview else self._looked_up(request, arguments)
        return provider_pb2.CallResponse(**{"return": struct_of(answer)})

    def _looked_up(self, request: Message, arguments: dict[str, object]) -> dict[str, object]:
        call = CALL.get()
        result = call.cls if call is not None else None
        asked = arguments.get("region")
        region = asked if isinstance(asked, str) and asked else self._outputs.region(request.provider)
        with self._lock:
            found = self._lookups.answer(request.tok, arguments, request.provider, region, result)
            self._meanings.learn(found.name, found.issued)
            is_new = found.name not in self._told
            self._told.add(found.name)
        if is_new:
            self._events.tell(
                "lookup",
                name=found.name,
                token=request.tok,
                arguments=arguments,
                provider=request.provider,
                file=call.file if call is not None else "",
                line=call.line if call is not None else 0,
                issued=found.issued,
                issued_numbers=found.numbers,
                known=found.known,
            )
        if call is not None and call.is_guarded and not found.known:
            what = f"{request.tok} fails"
            self._events.tell("asked", file=call.file, line=call.line, what=what, answer=False)
        return found.answer

    def _resource(self, arguments: Mapping[str, object]) -> Message:
        urn = str(arguments.get("urn"))
        outputs = self._registry.outputs_of(urn)
        if outputs is None:
            raise Refused(f"unknown resource {urn}")
        answer = {"urn": urn, "id": self._registry.id_of(urn), "state": outputs}
        return _ANSWERED(**{"return": struct_of(answer)})

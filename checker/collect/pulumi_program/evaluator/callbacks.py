"""Calls back into the program's transforms, as the engine does over the Callbacks service that the SDK serves.

Source: https://www.pulumi.com/docs/iac/concepts/options/transforms/ and
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/callback.proto
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

import grpc
from google.protobuf.message import Message
from pulumi.runtime.proto import resource_pb2

# The largest message that Pulumi's own channels take.
_LARGEST = 400 * 1024 * 1024
_LISTS = (
    ("depends_on", "dependencies"),
    ("ignore_changes", "ignoreChanges"),
    ("replace_on_changes", "replaceOnChanges"),
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("aliases", "aliases"),
)
_SCALARS = (
    ("protect", "protect"),
    ("version", "version"),
    ("provider", "provider"),
    ("plugin_download_url", "pluginDownloadURL"),
    ("retain_on_delete", "retainOnDelete"),
    ("deleted_with", "deletedWith"),
    ("import", "importId"),
)


class Callbacks:
    """Transforms that were registered, by what they are for."""

    def __init__(self) -> None:
        self._channels: dict[str, grpc.Channel] = {}
        self._lock = threading.Lock()
        self.stack: list[Message] = []
        self.invokes: list[Message] = []
        self.of_resource: dict[str, list[Message]] = {}
        self.parents: dict[str, str] = {}

    def _call(self, callback: Message, payload: Message) -> bytes:
        from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc

        with self._lock:
            channel = self._channels.get(callback.target)
            if channel is None:
                options = [("grpc.max_receive_message_length", _LARGEST), ("grpc.max_send_message_length", _LARGEST)]
                channel = self._channels[callback.target] = grpc.insecure_channel(callback.target, options=options)
        request = callback_pb2.CallbackInvokeRequest(token=callback.token, request=payload.SerializeToString())
        answer: bytes = callback_pb2_grpc.CallbacksStub(channel).Invoke(request).response
        return answer

    def _ancestors(self, parent: str) -> Iterable[Message]:
        while parent:
            yield from self.of_resource.get(parent, ())
            parent = self.parents.get(parent, "")

    def transformed(self, request: Message) -> Message:
        """Return a registration as the transforms leave it: its own first, its ancestors', then the stack's.

        Raises:
            grpc.RpcError: a transform raised; its text is the transform's own.
        """
        callbacks = [*getattr(request, "transforms", ()), *self._ancestors(request.parent), *self.stack]
        if not callbacks:
            return request
        request = _copy(request)
        for callback in callbacks:
            payload = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            )
            answer = resource_pb2.TransformResponse.FromString(self._call(callback, payload))
            if answer.HasField("properties"):
                request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _take(request, answer.options)
        return request

    def transformed_invoke(self, request: Message) -> Message:
        """Return a call of a provider's function as the stack's transforms leave it."""
        if not self.invokes:
            return request
        request = _copy(request)
        for callback in self.invokes:
            options = resource_pb2.TransformInvokeOptions(
                provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL
            )
            payload = resource_pb2.TransformInvokeRequest(token=request.tok, args=request.args, options=options)
            answer = resource_pb2.TransformInvokeResponse.FromString(self._call(callback, payload))
            if answer.HasField("args"):
                request.args.CopyFrom(answer.args)
            if answer.HasField("options") and answer.options.provider:
                request.provider = answer.options.provider
        return request


def _copy(message: Message) -> Message:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy


def _options(request: Message) -> Message:
    options = resource_pb2.TransformResourceOptions()
    known = options.DESCRIPTOR.fields_by_name
    for theirs, ours in _LISTS:
        if theirs in known:
            getattr(options, theirs).extend(getattr(request, ours))
    for theirs, ours in _SCALARS:
        if theirs in known and getattr(request, ours):
            setattr(options, theirs, getattr(request, ours))
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    for name, provider in request.providers.items():
        options.providers[name] = provider
    if "hooks" in known and request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    return options


def _take(request: Message, options: Message) -> None:
    """Write the options of a transform's answer back: they are the whole of the options from then on."""
    known = options.DESCRIPTOR.fields_by_name
    for theirs, ours in _LISTS:
        if theirs in known:
            del getattr(request, ours)[:]
            getattr(request, ours).extend(getattr(options, theirs))
    for theirs, ours in _SCALARS:
        if theirs in known:
            setattr(request, ours, getattr(options, theirs))
    request.providers.clear()
    request.providers.update(dict(options.providers))

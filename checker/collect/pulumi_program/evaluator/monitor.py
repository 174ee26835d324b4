"""The resource monitor: what a program registers, reads and looks up, told as events and answered.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto
"""

from __future__ import annotations

import threading
import uuid

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import resource_pb2

from .answers import Answer
from .callbacks import Callbacks
from .calls import CALL
from .events import Events
from .functions import Functions
from .meanings import Meanings
from .outputs import Outputs
from .positions import Positions
from .registry import Registry
from .request import Request
from .spelling import Spelling
from .values import UNKNOWN, as_outputs, is_unknown, plain, struct_of

# Not claimed: texts of bytes, and outputs in answers of functions, which this monitor does not send.
_FEATURES = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "OUTPUT_VALUES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
    "INVOKE_DEPENDS_ON",
    "STATE_MIGRATIONS",
)
_UNSUPPORTED = ("byteString",)
_STACK = "pulumi:pulumi:Stack"


class Monitor:
    """Answers the calls of the ResourceMonitor service, from any thread."""

    def __init__(
        self, request: Request, spelling: Spelling, meanings: Meanings, events: Events, positions: Positions
    ) -> None:
        self._request = request
        self._spelling = spelling
        self._events = events
        self._positions = positions
        self._meanings = meanings
        self._callbacks = Callbacks()
        self._lock = threading.Lock()
        self._registry = Registry(events)
        self._outputs = Outputs(request, spelling, events)
        self.functions = Functions(
            *(spelling, meanings, self._registry, self._outputs, self._callbacks, events),
            zones=max(3, len(request.zones)),
        )

    def get_deployment_info(self, _request: Message) -> Message:
        """Return what is evaluated, and what this monitor can do of what the SDK knows."""
        known = resource_pb2.ResourceMonitorFeature.keys()
        names = [f"RESOURCE_MONITOR_FEATURE_{name}" for name in _FEATURES]
        return resource_pb2.DeploymentInfo(
            project=self._request.project,
            stack=self._request.stack,
            organization=self._request.organization,
            dryRun=True,
            parallel=16,
            supportedFeatures=[resource_pb2.ResourceMonitorFeature.Value(name) for name in names if name in known],
        )

    def supports_feature(self, request: Message) -> Message:
        """Return the same for an SDK that asks for one feature after another."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id not in _UNSUPPORTED)

    def register_resource(self, request: Message) -> Message:
        """Tell a registration and answer it with its outputs, as far as they are known or made up.

        Raises:
            grpc.RpcError: a transform raised.
        """
        urn = self._urn(request.type, request.name, request.parent)
        has_transforms = bool(getattr(request, "transforms", ()))
        with self._lock:
            self._callbacks.parents[urn] = request.parent
            if has_transforms and not request.custom:
                self._callbacks.of_resource[urn] = list(request.transforms)
        request = self._transformed(request)
        file, line = self._position(request)
        if not self._registry.enter(urn, file, line):
            state = struct_of(self._registry.outputs_of(urn) or {})
            return resource_pb2.RegisterResourceResponse(urn=urn, id=self._registry.id_of(urn), object=state)
        inputs = plain(request.object)
        made = Answer(self._spelling, urn, request.type, request.name)
        outputs, identity = self._outputs.of_registration(request, inputs, made)
        self._registry.keep(urn, identity, outputs, is_planned=request.custom)
        needs = {name: sorted(needs.urns) for name, needs in sorted(request.propertyDependencies.items())}
        kind = {"custom": request.custom, "remote": request.remote, "read": False}
        self._tell(request, made, file, line, inputs=inputs, needs=needs, id=request.importId, **kind)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identity, object=struct_of(outputs))

    def read_resource(self, request: Message) -> Message:
        """Tell that a resource that stands elsewhere is looked at, and answer with what is known of it."""
        urn = self._urn(request.type, request.name, request.parent)
        file, line = self._position(request)
        if not self._registry.enter(urn, file, line):
            return _read(urn, request.id, struct_of(self._registry.outputs_of(urn) or {}))
        inputs = plain(request.properties)
        made = Answer(self._spelling, urn, request.type, request.name)
        outputs = self._outputs.of_read(request, inputs, made)
        self._registry.keep(urn, request.id, outputs, is_planned=False)
        kind = {"custom": True, "remote": False, "read": True}
        self._tell(request, made, file, line, inputs=inputs, needs={}, id=request.id, **kind)
        return _read(urn, request.id, struct_of(outputs))

    def _tell(self, request: Message, made: Answer, file: str, line: int, **fields: object) -> None:
        # What a placeholder stands for is known before the program can ask anything of it.
        self._meanings.learn(made.owner, made.issued)
        self._events.tell(
            "resource",
            urn=made.owner,
            type=request.type,
            name=request.name,
            dependencies=sorted(request.dependencies),
            parent=request.parent,
            provider=request.provider,
            file=file,
            line=line,
            issued=made.issued,
            issued_numbers=made.numbers,
            **fields,
        )

    def register_resource_outputs(self, request: Message) -> Empty:
        """Tell the outputs of a component or of the stack."""
        self._events.tell("outputs", urn=request.urn, outputs=plain(request.outputs))
        return Empty()

    def register_package(self, request: Message) -> Message:
        """Return a reference for a package that is made of another one by a parameter."""
        return resource_pb2.RegisterPackageResponse(ref=str(uuid.uuid5(uuid.NAMESPACE_URL, str(request))))

    def register_stack_transform(self, callback: Message) -> Empty:
        """Keep a transform of every resource."""
        with self._lock:
            self._callbacks.stack.append(callback)
        return Empty()

    def register_stack_invoke_transform(self, callback: Message) -> Empty:
        """Keep a transform of every call of a function."""
        with self._lock:
            self._callbacks.invokes.append(callback)
        return Empty()

    def ignore(self, _request: Message) -> Empty:
        """Agree to what changes nothing of what is declared: hooks, and the end of the program."""
        return Empty()

    def _transformed(self, request: Message) -> Message:
        before = plain(request.object)
        shown = request
        if is_unknown(before):
            shown = type(request)()
            shown.CopyFrom(request)
            shown.object.CopyFrom(struct_of({name: as_outputs(value) for name, value in before.items()}))
        after = self._callbacks.transformed(shown)
        return request if after is shown else after

    def _urn(self, type_: str, name: str, parent: str) -> str:
        above = parent.split("::")[2] if parent.count("::") > 2 else ""
        whole = f"{above}${type_}" if above and above != _STACK else type_
        return f"urn:pulumi:{self._request.stack}::{self._request.project}::{whole}::{name}"

    def _position(self, request: Message) -> tuple[str, int]:
        call = CALL.get()
        if call is not None and call.file:
            return call.file, call.line
        frames = getattr(getattr(request, "stackTrace", None), "frames", ())
        places = [(frame.pc.uri, frame.pc.line) for frame in frames]
        position = getattr(request, "sourcePosition", None)
        if not places and position is not None and position.uri:
            places = [(position.uri, position.line)]
        return self._positions.of_uris(places)


def _read(urn: str, identity: str, properties: Message) -> Message:
    response = resource_pb2.ReadResourceResponse(urn=urn, properties=properties)
    if "id" in response.DESCRIPTOR.fields_by_name and identity != UNKNOWN:
        response.id = identity
    return response

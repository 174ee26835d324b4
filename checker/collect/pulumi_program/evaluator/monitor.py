"""The resource monitor: what a program registers, reads and looks up, told as events and answered.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, resource_pb2

from .answers import Answer
from .callbacks import Callbacks
from .calls import CALL
from .events import Events
from .lookups import Lookups
from .meanings import Meanings
from .positions import Positions
from .request import Request
from .spelling import Spelling
from .values import UNKNOWN, as_outputs, is_unknown, plain, revealed, secret, settled, struct_of

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
_REFERENCE = "pulumi:pulumi:StackReference"
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
        self._lookups = Lookups(spelling, meanings, max(3, len(request.zones)))
        self._callbacks = Callbacks()
        self._lock = threading.Lock()
        self._states: dict[str, dict[str, object]] = {}
        self._ids: dict[str, str] = {}
        self._planned: set[str] = set()
        self._regions: dict[str, str] = {}
        self._told: set[str] = set()

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
        if not self._is_first(urn, file, line):
            return resource_pb2.RegisterResourceResponse(urn=urn, id=self._ids.get(urn, ""), object=self._state(urn))
        inputs = plain(request.object)
        made = Answer(self._spelling, urn, request.type, request.name)
        outputs, identity = self._outputs(request, inputs, made, urn)
        self._keep(urn, identity, outputs, made, is_planned=request.custom)
        if request.type.startswith("pulumi:providers:"):
            region = revealed(settled(inputs.get("region")))
            self._regions[urn] = region if isinstance(region, str) and not is_unknown(region) else ""
        self._events.tell(
            "resource",
            urn=urn,
            type=request.type,
            name=request.name,
            custom=request.custom,
            remote=request.remote,
            read=False,
            id=request.importId,
            inputs=inputs,
            needs={name: sorted(needs.urns) for name, needs in sorted(request.propertyDependencies.items())},
            dependencies=sorted(request.dependencies),
            parent=request.parent,
            provider=request.provider,
            file=file,
            line=line,
            issued=made.issued,
            issued_numbers=made.numbers,
        )
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identity, object=struct_of(outputs))

    def _outputs(
        self, request: Message, inputs: Mapping[str, object], made: Answer, urn: str
    ) -> tuple[dict[str, object], str]:
        """Return the outputs and the id of a registration, an empty one where it is not known."""
        given = {name: settled(value) for name, value in inputs.items()}
        if request.type.startswith("pulumi:providers:"):
            return given, str(uuid.uuid5(uuid.NAMESPACE_URL, urn))
        if not (request.custom or request.remote):
            return given, ""
        call = CALL.get()
        if self._spelling.is_preview:
            return made.outputs(call.cls if call is not None else None, given), request.importId
        identity = ""
        if request.custom:
            identity = request.importId or made.text("id")
        if request.type == "aws:acm/certificate:Certificate":
            made.lengths["domainValidationOptions"] = _names_of_certificate(given, made.lengths)
            if not made.lengths["domainValidationOptions"]:
                del made.lengths["domainValidationOptions"]
        outputs = made.outputs(call.cls if call is not None else None, given)
        if request.custom and request.type.startswith("aws:") and "arn" not in outputs:
            outputs["arn"] = made.text("arn")
        region = self._region(request.provider)
        if region and outputs.get("region") and "region" not in given:
            outputs["region"] = region
            made.issued = {text: path for text, path in made.issued.items() if path != "region"}
        for name in request.additionalSecretOutputs:
            if name in outputs:
                outputs[name] = secret(outputs[name])
        return outputs, identity

    def read_resource(self, request: Message) -> Message:
        """Tell that a resource that stands elsewhere is looked at, and answer with what is known of it."""
        urn = self._urn(request.type, request.name, request.parent)
        file, line = self._position(request)
        if not self._is_first(urn, file, line):
            return _read(urn, request.id, self._state(urn))
        inputs = plain(request.properties)
        made = Answer(self._spelling, urn, request.type, request.name)
        given = {name: settled(value) for name, value in inputs.items()}
        if request.type == _REFERENCE:
            outputs = self._stack_reference(made, request.name, request.id, given)
        elif request.id == UNKNOWN:
            outputs = given
        else:
            call = CALL.get()
            outputs = made.outputs(call.cls if call is not None else None, given)
        self._keep(urn, request.id, outputs, made, is_planned=False)
        self._events.tell(
            "resource",
            urn=urn,
            type=request.type,
            name=request.name,
            custom=True,
            remote=False,
            read=True,
            id=request.id,
            inputs=inputs,
            needs={},
            dependencies=sorted(request.dependencies),
            parent=request.parent,
            provider=request.provider,
            file=file,
            line=line,
            issued=made.issued,
            issued_numbers=made.numbers,
        )
        return _read(urn, request.id, struct_of(outputs))

    def _stack_reference(self, made: Answer, name: str, stack: str, given: dict[str, object]) -> dict[str, object]:
        known = self._request.stack_outputs
        outputs = known.get(stack, known.get(stack.rsplit("/", 1)[-1]))
        self._events.tell("stack_reference", name=name, stack=stack, urn=made.owner, given=outputs is not None)
        if outputs is None:
            # Not even the names of its outputs are known: each that is asked for is unknown.
            return {"name": stack}
        secrets = [key for key, value in outputs.items() if revealed(value) is not value or value == "[secret]"]
        shown = {key: secret(made.text(f"outputs.{key}")) if key in secrets else outputs[key] for key in outputs}
        return {**given, "name": stack, "outputs": shown, "secretOutputNames": secrets}

    def register_resource_outputs(self, request: Message) -> Empty:
        """Tell the outputs of a component or of the stack."""
        self._events.tell("outputs", urn=request.urn, outputs=plain(request.outputs))
        return Empty()

    def invoke(self, request: Message) -> Message:
        """Answer a call of a provider's function."""
        if request.tok == "pulumi:pulumi:getResource":
            return self._resource(plain(request.args))
        request = self._transformed_invoke(request)
        if self._spelling.is_preview and any(urn in self._planned for urn in getattr(request, "dependsOn", ())):
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
        region = asked if isinstance(asked, str) and asked else self._region(request.provider)
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
        return found.answer

    def _resource(self, arguments: Mapping[str, object]) -> Message:
        urn = str(arguments.get("urn"))
        if urn not in self._states:
            raise Refused(f"unknown resource {urn}")
        answer = {"urn": urn, "id": self._ids.get(urn, ""), "state": self._states[urn]}
        return _ANSWERED(**{"return": struct_of(answer)})

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

    def _transformed_invoke(self, request: Message) -> Message:
        return self._callbacks.transformed_invoke(request)

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

    def _is_first(self, urn: str, file: str, line: int) -> bool:
        with self._lock:
            is_first = urn not in self._states
            self._states.setdefault(urn, {})
        if not is_first:
            message = f"Duplicate resource URN '{urn}'; try giving it a unique name"
            self._events.tell("error", kind="duplicate_urn", message=message, urn=urn, file=file, line=line)
        return is_first

    def _state(self, urn: str) -> Message:
        return struct_of(self._states.get(urn, {}))

    def _keep(self, urn: str, identity: str, outputs: dict[str, object], made: Answer, *, is_planned: bool) -> None:
        with self._lock:
            self._states[urn] = outputs
            self._ids[urn] = identity
            if is_planned:
                self._planned.add(urn)
            self._meanings.learn(urn, made.issued)

    def _region(self, provider: str) -> str:
        """Return the Region that a provider works in, empty if not known."""
        urn = provider.rsplit("::", 1)[0]
        return self._regions.get(urn, "") or (self._request.region if urn not in self._regions else "")


def _read(urn: str, identity: str, properties: Message) -> Message:
    response = resource_pb2.ReadResourceResponse(urn=urn, properties=properties)
    if "id" in response.DESCRIPTOR.fields_by_name and identity != UNKNOWN:
        response.id = identity
    return response


def _names_of_certificate(given: Mapping[str, object], _lengths: Mapping[str, int]) -> int:
    """Return how many names a certificate is for, each of which is validated, 0 if not known."""
    others = given.get("subjectAlternativeNames", [])
    if is_unknown(dict(given)) or not isinstance(others, list):
        return 0
    return len({given.get("domainName"), *map(str, others)})

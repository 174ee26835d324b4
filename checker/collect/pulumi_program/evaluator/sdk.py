"""The program's own SDK: whether it will do, and the few places where calls of the program are taken note of."""

from __future__ import annotations

import enum
import functools
import inspect
import sys
from collections.abc import Callable
from types import SimpleNamespace

import pulumi
import pulumi.runtime
from google.protobuf.message import Message
from pulumi.runtime.proto import resource_pb2_grpc

from .applies import Applies
from .calls import CALL, PLACE, Call
from .engine import Engine
from .guards import is_guarded
from .monitor import Monitor
from .positions import Positions, caller
from .request import Request
from .unknown import UnknownText

# Functions that raise where they are called, not where their answer is awaited.
_RAISING = frozenset(("invoke", "invoke_single"))
_RUNTIME = ("Settings", "configure", "run_in_stack", "set_config", "invoke", "is_dry_run")


def missing() -> list[str]:
    """Return the names that the evaluator needs of the SDK and that this version does not have."""
    absent = [f"pulumi.runtime.{name}" for name in _RUNTIME if not hasattr(pulumi.runtime, name)]
    absent += [f"pulumi.{name}" for name in ("Output", "Resource", "RunError", "Config") if not hasattr(pulumi, name)]
    if not hasattr(getattr(pulumi, "Output", None), "apply"):
        absent.append("pulumi.Output.apply")
    return absent


class _Stub(resource_pb2_grpc.ResourceMonitorStub):
    """The monitor in the place of the client of one: some versions serve transforms only beside a client."""

    def __init__(self, **methods: Callable[[Message], Message]) -> None:
        self.__dict__.update(methods)


def monitor_of(monitor: Monitor) -> resource_pb2_grpc.ResourceMonitorStub:
    """Return a monitor under the names of its service, as the SDK calls it."""
    return _Stub(
        GetDeploymentInfo=monitor.get_deployment_info,
        SupportsFeature=monitor.supports_feature,
        RegisterResource=monitor.register_resource,
        ReadResource=monitor.read_resource,
        RegisterResourceOutputs=monitor.register_resource_outputs,
        Invoke=monitor.functions.invoke,
        Call=monitor.functions.call,
        RegisterPackage=monitor.register_package,
        RegisterStackTransform=monitor.register_stack_transform,
        RegisterStackInvokeTransform=monitor.register_stack_invoke_transform,
        RegisterResourceHook=monitor.ignore,
        RegisterErrorHook=monitor.ignore,
        SignalAndWaitForShutdown=monitor.ignore,
    )


def engine_of(engine: Engine) -> SimpleNamespace:
    """Return an engine under the names of its service."""
    return SimpleNamespace(
        Log=engine.log,
        GetRootResource=engine.get_root_resource,
        SetRootResource=engine.set_root_resource,
        RequirePulumiVersion=engine.require_pulumi_version,
        StartDebugging=engine.start_debugging,
    )


def configure(request: Request, config: dict[str, str], monitor: object, engine: object) -> None:
    """Set the SDK up as the language host does."""
    if hasattr(pulumi.runtime, "set_all_config"):
        pulumi.runtime.set_all_config(config, list(request.secret_keys))
    else:
        for key, text in config.items():
            pulumi.runtime.set_config(key, text)
    given = {
        "monitor": monitor,
        "engine": engine,
        "project": request.project,
        "stack": request.stack,
        "parallel": 16,
        "dry_run": True,
        "organization": request.organization,
        "root_directory": request.folder,
    }
    # Versions before `organization` and `root_directory` refuse what they do not know.
    known = inspect.signature(pulumi.runtime.Settings.__init__).parameters
    settings = pulumi.runtime.Settings(**{name: value for name, value in given.items() if name in known})
    pulumi.runtime.configure(settings)


def take_note(positions: Positions, applies: Applies, marker: str, *, admits_preview: bool) -> None:
    """Take note of constructors, calls of functions, `apply`, and questions whether this is a preview.

    `marker` is what tells a placeholder; only where `admits_preview` the program is told that this is a preview.
    """
    _note_resources(positions)
    for name in ("invoke", "invoke_output", "invoke_async", "invoke_single", "invoke_output_single", "call"):
        _note_function(name, positions)
    _note_applies(positions, applies)
    _admit_to_enumerations(marker)
    asked = pulumi.runtime.is_dry_run

    @functools.wraps(asked)
    def is_dry_run() -> bool:
        frame = caller()
        if not admits_preview and frame is not None and positions.is_project(frame.f_code.co_filename):
            return False
        return bool(asked())

    pulumi.runtime.is_dry_run = is_dry_run


def _admit_to_enumerations(marker: str) -> None:
    """Let `RecordType(text)` take a placeholder: the real text is one that the enumeration has."""
    missing_of = enum.Enum.__dict__["_missing_"].__func__

    def admitted(cls: type[enum.Enum], value: object) -> object:
        if not (issubclass(cls, str) and isinstance(value, str) and marker in value):
            return missing_of(cls, value)
        if isinstance(value, UnknownText) and not cls.__module__.startswith("pulumi"):
            # An enumeration of the program's own is there to be compared with.
            value.note_from(caller(), f"is a {cls.__name__}")
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    enum.Enum._missing_ = classmethod(admitted)  # type: ignore[method-assign,assignment]  # a hook, set as such


def _note_resources(positions: Positions) -> None:
    construct = pulumi.Resource.__init__

    @functools.wraps(construct)
    def noted(self: pulumi.Resource, *args: object, **options: object) -> None:
        file, line = _place(positions, self)
        token = CALL.set(Call(type(self), file, line))
        try:
            construct(self, *args, **options)
        finally:
            CALL.reset(token)

    pulumi.Resource.__init__ = noted


def _place(positions: Positions, resource: object) -> tuple[str, int]:
    file, line = positions.of_frame(caller(2), resource)
    return (file, line) if file else PLACE.get()


def _note_function(name: str, positions: Positions) -> None:
    module = sys.modules.get("pulumi.runtime.invoke")
    function: Callable[..., object] | None = getattr(module, name, None)
    if module is None or function is None:
        return

    @functools.wraps(function)
    def noted(*args: object, **options: object) -> object:
        file, line = _place(positions, None)
        result = options.get("typ", args[3] if len(args) > 3 else None)
        guarded = name in _RAISING and is_guarded(caller(), positions)
        token = CALL.set(Call(result if isinstance(result, type) else None, file, line, guarded))
        try:
            return function(*args, **options)
        finally:
            CALL.reset(token)

    setattr(module, name, noted)
    if getattr(pulumi.runtime, name, None) is function:
        setattr(pulumi.runtime, name, noted)


def _note_applies(positions: Positions, applies: Applies) -> None:
    apply = pulumi.Output.apply

    @functools.wraps(apply)
    def noted(self: object, func: Callable[[object], object], *args: object, **options: object) -> object:
        return apply(self, applies.noted(func, positions, caller()), *args, **options)

    pulumi.Output.apply = noted

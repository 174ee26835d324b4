"""The engine's calls, answered: what policies there are, how they are set, and what they say of a resource or a stack.

Source: https://github.com/pulumi/pulumi/blob/master/proto/pulumi/analyzer.proto
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath
from threading import Event
from typing import Never, Protocol

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

import checker
from checker.errors import CheckerError, ConfigurationError
from checker.model.finding import Severity
from tierproof_pack.alone import decides_alone, judged_alone
from tierproof_pack.cases import Bench, benches
from tierproof_pack.configuration import Level, Own, Settings, called, default, schema, settings
from tierproof_pack.judging import Said, judged
from tierproof_pack.messages import secrets_of
from tierproof_pack.policies import Policy, policies
from tierproof_pack.resources import plain, provider, registered

NAME = "tierproof"
_LEVELS = {
    proto.ADVISORY: Level.ADVISORY,
    proto.MANDATORY: Level.MANDATORY,
    # There is nothing here that could be mended by itself.
    proto.REMEDIATE: Level.MANDATORY,
    proto.DISABLED: Level.DISABLED,
}
_ENGINE = {level: number for number, level in _LEVELS.items() if number != proto.REMEDIATE}
_SEVERITIES = {
    Severity.LOW: proto.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: proto.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: proto.POLICY_SEVERITY_HIGH,
}
_AWS = "aws:"
log = logging.getLogger(__name__)


class Context(Protocol):
    """A call that is being answered."""

    def abort(self, code: grpc.StatusCode, details: str) -> Never:
        """End the call with an error that the engine shows."""


class Servicer(analyzer_pb2_grpc.AnalyzerServicer):
    """An analyzer that judges by tierproof's rules; `cancelled` is set once the engine wants it to end."""

    def __init__(self, folder: Path, own: Own) -> None:
        self.cancelled = Event()
        self._folder = folder
        self._own = own
        self._settings: Mapping[Policy, Settings] = {policy: default(policy, own) for policy in policies()}
        self._benches: tuple[Bench, ...] | None = None
        self._config: dict[str, str] = {}
        self._secrets: set[str] = set()
        self._inputs: dict[str, Struct] = {}

    def Handshake(  # noqa: N802  # the protocol's names
        self, request: proto.AnalyzerHandshakeRequest, context: Context
    ) -> proto.AnalyzerHandshakeResponse:
        """Agree: nothing is asked of the engine in return."""
        return proto.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:  # noqa: N802
        """Return the version."""
        return plugin_pb2.PluginInfo(version=checker.__version__)

    def GetAnalyzerInfo(self, request: Empty, context: Context) -> proto.AnalyzerInfo:  # noqa: N802
        """Return the policies."""
        return proto.AnalyzerInfo(
            name=NAME,
            displayName="tierproof",
            description="Proves that an AWS stack keeps its documented tiers",
            version=checker.__version__,
            supportsConfig=True,
            policies=[_info(policy) for policy in policies()],
        )

    def ConfigureStack(  # noqa: N802
        self, request: proto.AnalyzerStackConfigureRequest, context: Context
    ) -> proto.AnalyzerStackConfigureResponse:
        """Take the configuration of the program, for the Region of its default provider, and its secrets to hide."""
        hidden = set(request.config_secret_keys)
        self._config = {key: value for key, value in request.config.items() if key not in hidden}
        self._secrets.update(secrets_of([request.config.get(key, "") for key in hidden], inside=True))
        self._ready(context)
        return proto.AnalyzerStackConfigureResponse()

    def Configure(self, request: proto.ConfigureAnalyzerRequest, context: Context) -> Empty:  # noqa: N802
        """Take what the team configures; what cannot be meant is an error of the call, before anything is made."""
        found = {policy: default(policy, self._own) for policy in policies()}
        try:
            for name in sorted(request.policyConfig):
                policy, given = called(name), request.policyConfig[name]
                found[policy] = settings(policy, _LEVELS[given.enforcementLevel], plain(given.properties), self._own)
        except ConfigurationError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{NAME}: {error}")
        self._settings, self._benches = found, None
        self._ready(context)
        return Empty()

    def Analyze(self, request: proto.AnalyzeRequest, context: Context) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge one resource before it is made, as far as it decides alone."""
        if request.type.startswith(_AWS):
            self._inputs[request.urn] = request.properties
        alone = [bench for bench in self._ready(context) if bench.policies[0][0].is_alone]
        if not decides_alone(request.type):
            return proto.AnalyzeResponse()
        return _response(
            alone,
            lambda: judged_alone(
                alone, registered(request, self._read(request.properties)), self._config, sorted(self._secrets)
            ),
        )

    def AnalyzeStack(self, request: proto.AnalyzeStackRequest, context: Context) -> proto.AnalyzeResponse:  # noqa: N802
        """Judge everything that the stack holds, or would hold."""
        whole = [bench for bench in self._ready(context) if not bench.policies[0][0].is_alone]
        return _response(whole, lambda: self._of_stack(whole, request))

    def Remediate(self, request: proto.AnalyzeRequest, context: Context) -> proto.RemediateResponse:  # noqa: N802
        """Change nothing."""
        return proto.RemediateResponse()

    def Cancel(self, request: Empty, context: Context) -> Empty:  # noqa: N802
        """End the process, once this is answered."""
        self.cancelled.set()
        return Empty()

    def _of_stack(self, whole: Sequence[Bench], request: proto.AnalyzeStackRequest) -> Iterator[Said]:
        found = []
        urns = {resource.urn for resource in request.resources}
        providers = {
            one.provider.urn: one.provider
            for one in request.resources
            if one.HasField("provider") and one.provider.urn not in urns
        }
        for resource in request.resources:
            given = self._inputs.get(resource.urn)
            inputs = None if given is None else self._read(given)
            found.append(registered(resource, self._read(resource.properties), inputs))
        found.extend(provider(one) for one in providers.values())
        yield from judged(whole, found, self._config, sorted(self._secrets))

    def _read(self, properties: Struct) -> dict[str, object]:
        """Return properties as plain values, the secrets in them kept in mind."""
        raw = plain(properties)
        self._secrets.update(secrets_of(raw))
        return raw

    def _ready(self, context: Context) -> tuple[Bench, ...]:
        """Return the policies that are on; what is wrong with their settings is an error of the call."""
        if self._benches is None:
            try:
                self._benches = benches(self._settings, self._folder, datetime.now(UTC).date())
            except CheckerError as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{NAME}: {error}")
        return self._benches


def _info(policy: Policy) -> proto.PolicyInfo:
    info = proto.PolicyInfo(
        name=policy.name,
        displayName=policy.name,
        description=policy.description,
        enforcementLevel=_ENGINE[default(policy, Own()).level],
        severity=_SEVERITIES[policy.rule.severity],
        policy_type=proto.POLICY_TYPE_RESOURCE if policy.is_alone else proto.POLICY_TYPE_STACK,
        tags=policy.rule.controls,
        remediation_steps=policy.remedy,
        url=policy.rule.url,
    )
    info.configSchema.properties.update(schema(policy))
    return info


def _response(used: Sequence[Bench], work: Callable[[], Iterable[Said]]) -> proto.AnalyzeResponse:
    """Return what is said, each thing once; if we crash that is said, as strictly as the strictest policy."""
    try:
        said = list(dict.fromkeys(work()))
    except Exception as error:  # whatever it is, the engine must not take it for nothing to say
        log.debug("the pack crashed", exc_info=True)
        said = [_crashed(used, error)]
    return proto.AnalyzeResponse(diagnostics=[_diagnostic(one) for one in said])


def _crashed(used: Sequence[Bench], error: Exception) -> Said:
    """Return where we crashed; the error's own text stays out, for it may hold anything."""
    every = [member for bench in used for member in bench.policies]
    policy, settings_ = min(every, key=lambda member: member[1].level is not Level.MANDATORY)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({PurePath(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    what = f"tierproof crashed and judged nothing: {type(error).__name__}{place}"
    return Said(policy, settings_.level, "", f"{what}\n  fix: report it as a defect of tierproof")


def _diagnostic(said: Said) -> proto.AnalyzeDiagnostic:
    return proto.AnalyzeDiagnostic(
        policyName=said.policy.name,
        policyPackName=NAME,
        policyPackVersion=checker.__version__,
        description=said.policy.rule.title,
        message=f"{said.policy.rule.title}.\n{said.message}",
        enforcementLevel=_ENGINE[said.level],
        urn=said.urn,
        severity=_SEVERITIES[said.policy.rule.severity],
    )

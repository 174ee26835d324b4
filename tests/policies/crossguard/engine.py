"""The engine's side of the protocol: a pack started as the language host starts one, and the requests it is sent.

Source: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/analyzer_plugin.go
Source: https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step_generator.go (Analyze, AnalyzeStack)
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.shop import Made, Of, OneOf

ROOT = Path(__file__).parents[3]
PACK = ROOT / "policies" / "crossguard"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:aws::default_7_51_1"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024)]
_PLACE = "arn:aws:x:eu-west-1:123456789012"


@contextmanager
def started(folder: Path) -> Iterator[tuple[analyzer_pb2_grpc.AnalyzerStub, subprocess.Popen[str]]]:
    """Start a pack in its folder, yield its service and its process, and end it with a signal."""
    inherited = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    told = {"PULUMI_PROJECT": "shop", "PULUMI_STACK": "dev", "PULUMI_DRY_RUN": "true", "PULUMI_CONFIG": "{}"}
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."],
        cwd=folder,
        env={**inherited, **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{int(process.stdout.readline())}", _OPTIONS) as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel), process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def pack(folder: Path = PACK) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """Start a pack of ours, yield its service, and ask it to end, as the engine does before it sends a signal."""
    with started(folder) as (service, process):
        yield service
        service.Cancel(Empty())
        _, complaints = process.communicate(timeout=10)
        assert (process.returncode, complaints) == (0, "")


def urn(made: Made) -> str:
    return f"urn:pulumi:dev::shop::{made.type}::{made.name}"


def of_stack(made: Sequence[Made], *, preview: bool = True) -> proto.AnalyzeStackRequest:
    """Return the request at the end of a preview, where nothing is made yet, or of an update, where everything is."""
    by_name = {one.name: one for one in made}
    used = {one for other in made for one in _used(other.inputs)}
    request = proto.AnalyzeStackRequest()
    request.resources.add(type="pulumi:pulumi:Stack", urn=STACK, name="shop-dev")
    request.resources.add(
        type="pulumi:providers:aws", urn=PROVIDER, name="default_7_51_1", properties=_struct({"region": "eu-west-1"})
    )
    for one in made:
        needs = {key: sorted({used.name for used in _used(value)}) for key, value in one.inputs.items()}
        resource = request.resources.add(
            type=one.type,
            urn=urn(one),
            name=one.name,
            parent=STACK,
            properties=_struct(_outputs(one, by_name, used, preview=preview)),
            dependencies=sorted({urn(by_name[name]) for some in needs.values() for name in some}),
        )
        resource.provider.CopyFrom(_provider())
        for key, names in needs.items():
            if names:
                resource.propertyDependencies[key].urns.extend(urn(by_name[name]) for name in names)
    return request


def of_resource(one: Made, made: Sequence[Made] = (), *, preview: bool = True) -> proto.AnalyzeRequest:
    """Return the request before a resource is made: what the program gives it."""
    by_name = {other.name: other for other in (*made, one)}
    inputs = {key: _filled(value, by_name, preview=preview) for key, value in one.inputs.items()}
    request = proto.AnalyzeRequest(type=one.type, urn=urn(one), name=one.name, properties=_struct(inputs))
    request.provider.CopyFrom(_provider())
    return request


def configured(policies: Mapping[str, Mapping[str, object] | str]) -> proto.ConfigureAnalyzerRequest:
    """Return what the file of `--policy-pack-config` becomes: for each policy its level, or a mapping with it in."""
    request = proto.ConfigureAnalyzerRequest()
    for name, said in policies.items():
        given = {"enforcementLevel": said} if isinstance(said, str) else dict(said)
        level = proto.EnforcementLevel.Value(str(given.pop("enforcementLevel", "mandatory")).upper())
        request.policyConfig[name].CopyFrom(proto.PolicyConfig(enforcementLevel=level, properties=_struct(given)))
    return request


@dataclass(frozen=True)
class Violation:
    """What the engine is told, as far as its user sees it; `name` is the resource's, empty for the stack."""

    policy: str
    level: str
    name: str
    message: str

    @property
    def rule(self) -> str:
        return self.policy.partition("-")[0]


def violations(response: proto.AnalyzeResponse) -> list[Violation]:
    return [
        Violation(
            one.policyName,
            proto.EnforcementLevel.Name(one.enforcementLevel).lower(),
            one.urn.rpartition("::")[2],
            one.message,
        )
        for one in response.diagnostics
    ]


def run(service: analyzer_pb2_grpc.AnalyzerStub, made: Sequence[Made], *, preview: bool = True) -> list[Violation]:
    """Return what is said of a stack at the end of a preview or an update, every resource looked at before."""
    for one in made:
        service.Analyze(of_resource(one, made, preview=preview))
    return at_end(service, made, preview=preview)


def at_end(service: analyzer_pb2_grpc.AnalyzerStub, made: Sequence[Made], *, preview: bool = True) -> list[Violation]:
    """Return what is said of a stack at the end, by an engine that has changed no resource."""
    return violations(service.AnalyzeStack(of_stack(made, preview=preview)))


def secret(value: object) -> dict[str, object]:
    """Return a value as the engine sends a secret: in plain text, with a mark."""
    return {SIGNATURE: SECRET, "value": value}


def _provider() -> proto.AnalyzerProviderResource:
    given = _struct({"region": "eu-west-1", "version": "7.51.1"})
    return proto.AnalyzerProviderResource(
        type="pulumi:providers:aws", urn=PROVIDER, name="default_7_51_1", properties=given
    )


def _outputs(one: Made, by_name: Mapping[str, Made], used: set[Of], *, preview: bool) -> dict[str, object]:
    """Return what the provider tells of a resource: its inputs, and what AWS chooses, which a preview does not know."""
    asked = {end.property for end in used if end.name == one.name}
    own = {key: _own(one, key, preview=preview) for key in {"id", "arn", *asked}}
    return {**own, **{key: _filled(value, by_name, preview=preview) for key, value in one.inputs.items()}}


def _filled(value: object, by_name: Mapping[str, Made], *, preview: bool) -> object:
    if isinstance(value, Of):
        found = by_name[value.name].inputs.get(value.property)
        if isinstance(found, Of):
            return _filled(found, by_name, preview=preview)
        return found if isinstance(found, str) else _own(by_name[value.name], value.property, preview=preview)
    if isinstance(value, OneOf):
        end = value.value if value.value is not None else value.ends[0]
        return UNKNOWN if preview else _filled(end, by_name, preview=preview)
    if isinstance(value, dict):
        return {key: _filled(item, by_name, preview=preview) for key, item in value.items()}
    return [_filled(item, by_name, preview=preview) for item in value] if isinstance(value, list) else value


_PREFIXES = {
    "aws:ec2/vpc:Vpc": "vpc",
    "aws:ec2/subnet:Subnet": "subnet",
    "aws:ec2/securityGroup:SecurityGroup": "sg",
    "aws:ec2/routeTable:RouteTable": "rtb",
    "aws:ec2/internetGateway:InternetGateway": "igw",
    "aws:ec2/natGateway:NatGateway": "nat",
    "aws:ec2/eip:Eip": "eipalloc",
    "aws:ec2/launchTemplate:LaunchTemplate": "lt",
    "aws:efs/fileSystem:FileSystem": "fs",
}
_BALANCING = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
_ARNS = {
    "aws:lb/loadBalancer:LoadBalancer": _BALANCING + ":loadbalancer/app/{}/50dc6c495c0c9188",
    "aws:lb/targetGroup:TargetGroup": _BALANCING + ":targetgroup/{}/73e2d6bc24d8a067",
    "aws:lb/listener:Listener": _BALANCING + ":listener/app/edge/50dc6c495c0c9188/{}",
    "aws:acm/certificate:Certificate": "arn:aws:acm:eu-west-1:123456789012:certificate/{}",
}


def _own(one: Made, name: str, *, preview: bool) -> str:
    """Return what AWS chooses of a resource, in the shape that it has there."""
    if preview:
        return UNKNOWN
    arn = _ARNS.get(one.type, _PLACE + ":{}").format(one.name)
    if name == "arn" or (name == "id" and one.type in _ARNS):
        return arn
    if name == "id" and one.type in _PREFIXES:
        return f"{_PREFIXES[one.type]}-{crc32(one.name.encode()):017x}"
    return {"dnsName": f"{one.name}.eu-west-1.elb.amazonaws.com"}.get(name, one.name)


def _used(value: object) -> set[Of]:
    if isinstance(value, Of):
        return {value}
    if isinstance(value, OneOf):
        return set(value.ends)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return {one for item in inner for one in _used(item)}


def _struct(values: Mapping[str, object]) -> Struct:
    made = Struct()
    made.update(values)
    return made

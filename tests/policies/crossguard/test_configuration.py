"""What a team configures counts, and what cannot be meant is one error of the call, before anything is made."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.conftest import Configure
from tests.policies.crossguard.engine import PACK, at_end
from tests.policies.crossguard.shop import DATABASE, Made, Of, called, changed, shop

Service = analyzer_pb2_grpc.AnalyzerStub
NET005 = "NET005-database-reachable-from-elsewhere"
SES001 = "SES001-session-not-sticky"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OFFICE = {"ipProtocol": "tcp", "fromPort": DATABASE, "toPort": DATABASE, "cidrIpv4": "203.0.113.0/24"}
OPENED = (*shop(), Made("office", RULE, {"securityGroupId": Of("database-group"), **OFFICE}))
ALLOWED = {"from": "203.0.113.0/24", "to": "data", "ports": [DATABASE], "reason": "reports", "owner": "data team"}
LOOSE = changed(shop(), "targets", stickiness={"type": "lb_cookie", "enabled": False})


@pytest.mark.parametrize(
    ("said", "levels"),
    [("mandatory", {"mandatory"}), ("advisory", {"advisory"}), ("remediate", {"mandatory"}), ("disabled", set())],
)
def test_levels(service: Service, configure: Configure, name: str, said: str, levels: set[str]) -> None:
    configure({SES001: said})

    assert {one.level for one in at_end(service, called(LOOSE, name))} == levels


@pytest.mark.parametrize(
    ("change", "is_silent"),
    [({}, True), ({"until": "2099-12-31"}, True), ({"until": "2020-01-01"}, False), ({"ports": [1]}, False)],
)
def test_an_exception_is_the_blueprints(
    service: Service, configure: Configure, name: str, change: Mapping[str, object], is_silent: bool
) -> None:
    configure({NET005: {"allow": [{**ALLOWED, **change}]}})
    found = {one.rule for one in at_end(service, called(OPENED, name))}

    assert ("NET005" not in found) is is_silent


def test_a_policy_may_have_a_blueprint_of_its_own(
    service: Service, configure: Configure, name: str, tmp_path: Path
) -> None:
    text = (Path(__file__).parents[3] / "policies/blueprints/three_tier_web.yaml").read_text(encoding="utf-8")
    file = tmp_path / "loose.yaml"
    file.write_text(text.replace("stickiness: required", "stickiness: optional"), encoding="utf-8")
    both = changed(LOOSE, "database", multiAz=False)
    configure({SES001: {"blueprint": str(file)}})

    assert {one.rule for one in at_end(service, called(both, name))} == {"AZ004"}


def test_the_documented_configuration_is_one(configure: Configure) -> None:
    page = (Path(__file__).parents[3] / "docs/crossguard.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    said = json.loads(text)
    # What is said of all policies the engine says of each, and the file is the reader's.
    assert said.pop("all") == "mandatory"
    assert said[NET005].pop("blueprint")

    configure(said)


BROKEN = {
    "an unknown key": ({NET005: {"blueprnt": "x.yaml"}}, ("blueprnt", "did you mean 'blueprint'")),
    "a key of other policies": ({NET005: {"blocks": "every"}}, ("blocks", "known:")),
    "a policy that is not there": ({"NET005": {}}, ("no policy 'NET005'", "did you mean")),
    "a file that is not there": (
        {NET005: {"blueprint": "not/there.yaml"}},
        ("there is no such file", "not/there.yaml", "from the folder of the pack"),
    ),
    "a wish that is none": ({NET005: {"on_unknown": "shout"}}, ("on_unknown", "'shout'", "one of: fail")),
    "a value of another type": ({NET005: {"blueprint": 5}}, ("blueprint", "str")),
    "a tier that is not there": ({NET005: {"allow": [{**ALLOWED, "to": "databse"}]}}, ("databse",)),
    "a day that is none": ({NET005: {"allow": [{**ALLOWED, "until": "soon"}]}}, ("soon", "YYYY-MM-DD")),
    "an exception without an end": ({NET005: {"allow": [{"from": "internet"}]}}, ("allow",)),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_meant_is_one_clear_error(service: Service, configure: Configure, name: str, what: str) -> None:
    given, words = BROKEN[what]
    with pytest.raises(grpc.RpcError) as caught:
        configure(given)
    told = caught.value.details()

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert told.startswith("tierproof: ")
    assert all(word in told for word in words), told
    assert "Traceback" not in told
    assert "\n" not in told


def test_a_blueprint_that_is_no_yaml_is_told_with_its_line(configure: Configure, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("blueprint: mine\ntiers: [\n", encoding="utf-8")
    with pytest.raises(grpc.RpcError) as caught:
        configure({NET005: {"blueprint": str(file)}})

    assert f"{file}:3: not valid YAML" in caught.value.details()


def test_what_the_pack_itself_sets_is_refused_as_soon_as_the_engine_tells_of_the_stack(inside: None) -> None:
    from tierproof_pack.configuration import Own  # found as soon as the pack can be imported
    from tierproof_pack.servicer import Servicer

    class Context:
        def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
            raise RuntimeError(code.name, details)

    with pytest.raises(RuntimeError, match=r"INVALID_ARGUMENT.*mine.yaml: there is no such file"):
        Servicer(PACK, Own("mine.yaml")).ConfigureStack(proto.AnalyzerStackConfigureRequest(), Context())


def test_as_long_as_something_cannot_be_meant_nothing_is_let_pass(
    service: Service, configure: Configure, name: str
) -> None:
    with pytest.raises(grpc.RpcError):
        configure({NET005: {"blueprint": "not/there.yaml"}})
    with pytest.raises(grpc.RpcError, match="there is no such file"):
        at_end(service, called(shop(), name))

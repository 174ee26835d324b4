"""The whole stack is judged at preview and at update alike, and what is not known is told and blocks nothing."""

from collections.abc import Sequence

import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.conftest import Configure
from tests.policies.crossguard.engine import at_end, run
from tests.policies.crossguard.faults import WRONG
from tests.policies.crossguard.shop import DATABASE, Made, Of, OneOf, called, changed, shop, without

Service = analyzer_pb2_grpc.AnalyzerStub
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
WORLD = {"ipProtocol": "tcp", "fromPort": DATABASE, "toPort": DATABASE, "cidrIpv4": "0.0.0.0/0"}
FORWARD = {"type": "forward", "targetGroupArn": Of("targets", "arn")}
EVERY = frozenset({"database", "reader-a", "reader-b"})
DATA = ("database", "database-subnets", "reader-a", "reader-b")
# What is wrong, and of which resources which rule has to say so.
FAULTS: dict[str, tuple[Sequence[Made], dict[str, frozenset[str]]]] = {
    "database open to the world": (
        (*shop(), Made("oops", RULE, {"securityGroupId": Of("database-group"), **WORLD})),
        {"NET005": EVERY},
    ),
    "database in a public subnet": (
        changed(shop(), "database-subnets", subnetIds=[Of("public-a"), Of("public-b")]),
        {"NET009": EVERY},
    ),
    "database without a standby": (changed(shop(), "database", multiAz=False), {"AZ004": frozenset({"database"})}),
    "database that one call deletes": (
        changed(shop(), "database", deletionProtection=None),
        {"DAT005": frozenset({"database"})},
    ),
    "cache in plain text": (
        changed(shop(), "cache", transitEncryptionEnabled=False, transitEncryptionMode=None),
        {"DAT003": frozenset({"cache"})},
    ),
    "content over plain HTTP": (changed(shop(), "http", defaultActions=[FORWARD]), {"EDG001": frozenset({"http"})}),
    "weak TLS": (changed(shop(), "https", sslPolicy="ELBSecurityPolicy-2016-08"), {"EDG003": frozenset({"https"})}),
    "sessions that wander": (
        changed(shop(), "targets", stickiness={"type": "lb_cookie", "enabled": False}),
        {"SES001": frozenset({"targets"})},
    ),
    "app in one zone": (
        changed(shop(), "app", vpcZoneIdentifiers=[Of("app-a")]),
        {"AZ002": frozenset({"app"})},
    ),
    "app of a fixed size": (without(shop(), "load"), {"APP004": frozenset({"app"})}),
    "metadata without a token": (
        changed(shop(), "template", metadataOptions={"httpTokens": "optional"}),
        {"APP001": frozenset({"template"})},
    ),
    # What is said of a stack is said of its load balancer.
    "no database": (without(shop(), *DATA), {"NET005": frozenset({"edge"})}),
    "no way to the cache": (without(shop(), "app-to-cache"), {"NET007": frozenset({"cache"})}),
}


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
def test_the_documented_shop_breaks_no_policy(service: Service, name: str, preview: bool) -> None:
    assert run(service, called(shop(), name), preview=preview) == []


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "update"])
@pytest.mark.sampled(one_in=3)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_blocks_and_names_the_resource(service: Service, name: str, fault: str, preview: bool) -> None:
    made, wanted = FAULTS[fault]
    found = at_end(service, called(made, name), preview=preview)
    mandatory = {(one.rule, one.name) for one in found if one.level == "mandatory"}

    assert mandatory == {(rule, f"{name}-{one}") for rule, names in wanted.items() for one in names}
    assert {one.level for one in found} == {"mandatory"}


def test_a_violation_tells_the_way_in_and_the_remedy_in_few_lines(service: Service, name: str) -> None:
    made, _ = FAULTS["database open to the world"]
    [told, *_] = [one.message for one in at_end(service, called(made, name))]

    assert "0.0.0.0/0" in told
    assert "tcp 5432" in told
    assert "path:" in told
    assert "fix: Remove from" in told
    assert f"{name}-oops" in told
    assert len(told.splitlines()) < 10
    assert "urn:pulumi" not in told


GROUP = {"referencedSecurityGroupId": OneOf((Of("app-group"), Of("files-group")))}
OPEN = {
    "which group gets in": (changed(shop(), "database-from-app", **GROUP), "NET005", "database"),
    "a flag that nothing else tells": (changed(shop(), "database", multiAz=OneOf(value=True)), "AZ004", "database"),
    "a flag made of another resource": (
        changed(shop(), "database", storageEncrypted=OneOf((Of("vpc"),), value=True)),
        "DAT002",
        "database",
    ),
}


@pytest.mark.parametrize("question", OPEN)
def test_what_a_preview_does_not_know_is_told_and_blocks_nothing(service: Service, name: str, question: str) -> None:
    made, rule, subject = OPEN[question]
    found = run(service, called(made, name))
    of_rule = [one for one in found if one.rule == rule and one.name == f"{name}-{subject}"]

    assert [one.level for one in of_rule] == ["advisory"]
    assert "not decided" in of_rule[0].message
    assert "missing: " in of_rule[0].message
    assert {one.level for one in found} == {"advisory"}
    # The update knows, and nothing is wrong.
    assert at_end(service, called(made, f"{name}x"), preview=False) == []


@pytest.mark.parametrize("ends", [(), (Of("vpc"),)], ids=["made of nothing", "made of a resource"])
def test_a_fault_that_a_preview_does_not_know_is_never_let_pass(
    service: Service, name: str, ends: tuple[Of, ...]
) -> None:
    made = shop()
    for which, inputs in WRONG.values():
        made = changed(made, which, **{key: OneOf(ends, value or False) for key, value in inputs.items()})
    found = {(one.rule, one.name) for one in run(service, called(made, name))}

    assert found >= {(rule, f"{name}-{which}") for rule, (which, _) in WRONG.items()}


@pytest.mark.parametrize(("wish", "levels"), [("fail", ["mandatory"]), ("report", ["advisory"]), ("ignore", [])])
def test_a_team_says_what_becomes_of_what_is_not_known(
    service: Service, configure: Configure, name: str, wish: str, levels: list[str]
) -> None:
    made, _, _ = OPEN["a flag that nothing else tells"]
    configure({"AZ004-database-in-one-zone": {"on_unknown": wish}})

    assert [one.level for one in run(service, called(made, name)) if one.rule == "AZ004"] == levels


def test_nothing_judged_is_told(service: Service, name: str) -> None:
    network = [one for one in shop() if one.type.startswith("aws:ec2/") and not one.name.startswith("template")]
    [told] = at_end(service, called(network, name))

    assert (told.rule, told.level) == ("STACKS", "advisory")
    assert "nothing was judged" in told.message

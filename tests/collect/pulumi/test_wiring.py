"""What unknown values of a preview stand for, by what each property was made from."""

from collections.abc import Mapping

import pytest

from checker.collect.pulumi.registered import Reference, Registered
from checker.collect.pulumi.values import decode
from checker.collect.pulumi.wiring import wired
from checker.model.fact import Missing
from checker.model.record import Origin

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
KINDS = {
    "group": "aws:ec2/securityGroup:SecurityGroup",
    "vpc": "aws:ec2/vpc:Vpc",
    "subnet": "aws:ec2/subnet:Subnet",
    "target": "aws:lb/targetGroup:TargetGroup",
    "template": "aws:ec2/launchTemplate:LaunchTemplate",
    "front": "aws:alb/loadBalancer:LoadBalancer",
    "role": "aws:iam/role:Role",
    "pet": "random:index/randomPet:RandomPet",
    "gateway": "aws:ec2/internetGateway:InternetGateway",
}


def urn(name: str) -> str:
    return f"urn:pulumi:dev::p::{token(name)}::{name}"


def token(name: str) -> str:
    return KINDS[name.partition("-")[0]]


def one(name: str, type_: str, needs: Mapping[str, list[str]], **inputs: object) -> Registered:
    return Registered(
        urn=name,
        type=type_,
        name=name,
        properties=decode(inputs),
        origin=Origin("test"),
        needs={key: tuple(urn(other) for other in others) for key, others in needs.items()},
    )


def made(name: str) -> Registered:
    return Registered(urn=urn(name), type=token(name), name=name, properties={}, origin=Origin("test"))


def properties(type_: str, needs: list[str], key: str, value: object) -> object:
    names = ("group-1", "group-2", "vpc", "subnet-1", "subnet-2", "target-1", "target-2", "template", "front", "role")
    others = [made(name) for name in (*names, "pet", "gateway")]
    return wired([*others, one("it", type_, {key: needs}, **{key: value})])[-1].properties.get(key)


LISTENER, GROUP, ROUTES = "aws:lb/listener:Listener", "aws:autoscaling/group:Group", "aws:ec2/routeTable:RouteTable"
RECORD, DATABASE = "aws:route53/record:Record", "aws:rds/instance:Instance"
FOUND = {
    "the one thing that is named": (LISTENER, "loadBalancerArn", ["front"], UNKNOWN, Reference(urn("front"), "arn")),
    "beside what tells no such id": (
        LISTENER,
        "loadBalancerArn",
        ["front", "role"],
        UNKNOWN,
        Reference(urn("front"), "arn"),
    ),
    "inside of a block": (
        LISTENER,
        "defaultActions",
        ["target-1"],
        [{"type": "forward", "targetGroupArn": UNKNOWN}],
        [{"type": "forward", "targetGroupArn": Reference(urn("target-1"), "arn")}],
    ),
    "a gateway of a route": (
        ROUTES,
        "routes",
        ["gateway"],
        [{"cidrBlock": "0.0.0.0/0", "gatewayId": UNKNOWN}],
        [{"cidrBlock": "0.0.0.0/0", "gatewayId": Reference(urn("gateway"), "id")}],
    ),
    "a template and its version": (
        GROUP,
        "launchTemplate",
        ["template"],
        {"id": UNKNOWN, "version": UNKNOWN},
        {"id": Reference(urn("template"), "id"), "version": Reference(urn("template"), "latestVersion")},
    ),
    "an alias by its names": (
        RECORD,
        "aliases",
        ["front"],
        [{"name": UNKNOWN, "zoneId": UNKNOWN, "evaluateTargetHealth": True}],
        [
            {
                "name": Reference(urn("front"), "dnsName"),
                "zoneId": Reference(urn("front"), "zoneId"),
                "evaluateTargetHealth": True,
            }
        ],
    ),
    "as many items as things": (
        GROUP,
        "vpcZoneIdentifiers",
        ["subnet-2", "subnet-1"],
        [UNKNOWN, UNKNOWN],
        [Reference(urn("subnet-1"), "id"), Reference(urn("subnet-2"), "id")],
    ),
    "one item beside ids": (
        DATABASE,
        "vpcSecurityGroupIds",
        ["group-1"],
        ["sg-1", UNKNOWN],
        ["sg-1", Reference(urn("group-1"), "id")],
    ),
    "the groups of one rule": (
        KINDS["group"],
        "ingress",
        ["group-1", "group-2"],
        [{"protocol": "tcp", "fromPort": 1, "toPort": 1, "securityGroups": [UNKNOWN, UNKNOWN]}],
        [
            {
                "protocol": "tcp",
                "fromPort": 1,
                "toPort": 1,
                "securityGroups": [Reference(urn("group-1"), "id"), Reference(urn("group-2"), "id")],
            }
        ],
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_where_one_possibility_is_left_it_is_taken(name: str) -> None:
    type_, key, needs, value, expected = FOUND[name]

    assert properties(type_, needs, key, value) == expected


def rule(*groups: str) -> dict[str, object]:
    return {"protocol": "tcp", "fromPort": 1, "toPort": 1, "securityGroups": list(groups)}


OPEN = {
    "two things for one value": (LISTENER, "loadBalancerArn", ["target-1", "target-2"], UNKNOWN),
    "none of the type": (LISTENER, "loadBalancerArn", ["vpc"], UNKNOWN),
    "two groups in two rules": (KINDS["group"], "ingress", ["group-1", "group-2"], [rule(UNKNOWN), rule(UNKNOWN)]),
    "weighted targets": (
        LISTENER,
        "defaultActions",
        ["target-1", "target-2"],
        [{"type": "forward", "forward": {"targetGroups": [{"arn": UNKNOWN}, {"arn": UNKNOWN}]}}],
    ),
    "a list of which nothing is known": (DATABASE, "vpcSecurityGroupIds", ["group-1"], UNKNOWN),
    "a list whose name is no plural": (GROUP, "vpcZoneIdentifiers", ["subnet-1"], UNKNOWN),
    "the default group of a network": (DATABASE, "vpcSecurityGroupIds", ["vpc"], [UNKNOWN]),
    "a group or the default one": (DATABASE, "vpcSecurityGroupIds", ["vpc", "group-1"], [UNKNOWN]),
    "more items than things": (DATABASE, "vpcSecurityGroupIds", ["group-1"], [UNKNOWN, UNKNOWN]),
    "more things than items": (DATABASE, "vpcSecurityGroupIds", ["group-1", "group-2"], [UNKNOWN]),
    "what another provider may tell": (DATABASE, "vpcSecurityGroupIds", ["group-1", "pet"], [UNKNOWN]),
    "what names nothing": (DATABASE, "multiAz", ["group-1"], UNKNOWN),
    "a secret": (DATABASE, "vpcSecurityGroupIds", ["group-1", "group-2"], ["[secret]"]),
    "a whole rule": (KINDS["group"], "ingress", ["group-1"], [UNKNOWN]),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_ambiguous_stays_unknown(name: str) -> None:
    type_, key, needs, value = OPEN[name]
    found = properties(type_, needs, key, value)

    assert "Reference" not in repr(found)
    assert "Missing" in repr(found)
    assert found == decode({key: value})[key]


def test_what_was_not_given_is_left_to_the_provider() -> None:
    needs = {"vpcId": ["vpc"], "cidrBlock": []}
    every = [made("vpc"), one("it", KINDS["subnet"], needs, vpcId=UNKNOWN, cidrBlock=UNKNOWN, arn=UNKNOWN)]
    found = wired(every, has_outputs=True)[-1]

    assert set(found.properties) == {"vpcId", "cidrBlock"}
    assert isinstance(found.properties["cidrBlock"], Missing)


def test_of_what_was_given_nothing_is_left_out() -> None:
    found = wired([one("it", DATABASE, {"engine": []}, engine="postgres", publiclyAccessible=UNKNOWN)])[-1]

    assert isinstance(found.properties["publiclyAccessible"], Missing)


def test_without_dependencies_nothing_is_left_out() -> None:
    found = wired([one("it", KINDS["subnet"], {}, arn=UNKNOWN)], has_outputs=True)[-1]

    assert isinstance(found.properties["arn"], Missing)

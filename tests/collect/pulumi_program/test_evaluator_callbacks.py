"""Whether a callback that never ran could have registered resources."""

import functools
import json
from collections.abc import Callable

import pytest

pulumi = pytest.importorskip("pulumi")
aws = pytest.importorskip("pulumi_aws")
from checker.collect.pulumi_program.evaluator.reach import may_register  # noqa: E402 - needs the SDK

# Modules of the provider warn of what is old in them when they are loaded.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Net(pulumi.ComponentResource):
    def grow(self, name: str) -> pulumi.Resource:
        return aws.sns.Topic(name)

    def label(self, name: str) -> str:
        return f"net-{name}"


def topic(name: str) -> pulumi.Resource:
    return aws.sns.Topic(name)


def twice(name: str) -> list[object]:
    return [topic(name), json.dumps(name)]


def handed_on(create: Callable[[str], object]) -> Callable[[str], object]:
    return lambda name: create(name)


class Maker:
    def __call__(self, name: str) -> pulumi.Resource:
        return topic(name)


def _net() -> Net:
    # Without an engine: only its methods matter.
    return Net.__new__(Net)


net = _net()
makers = {"a": topic}
limits = {"a": 1}


# A callback is written as a lambda here because that is how programs write them.
# ruff: noqa: PLW0108, PLC3002, ARG005, FURB192
@pytest.mark.parametrize(
    "callback",
    [
        lambda name: aws.sns.Topic(name),
        topic,
        twice,
        aws.sns.Topic,
        net.grow,
        lambda name: net.grow(name),
        handed_on(topic),
        functools.partial(handed_on, topic),
        Maker(),
        lambda names: [topic(each) for each in names],
        lambda name: makers[name](name),
        lambda name: (lambda: topic(name))(),
        lambda name: getattr(aws, name)(name),
        lambda name: not_there(name),  # noqa: F821 - what nothing tells may be anything
        lambda name: __import__(name),
        lambda name: __import__("pulumi_aws").sns,
    ],
)
def test_a_callback_that_mentions_a_resource_or_what_cannot_be_told_may_register(
    callback: Callable[[str], object],
) -> None:
    assert may_register(callback)


@pytest.mark.parametrize(
    "callback",
    [
        lambda name: name.upper(),
        lambda name: f"https://{name}/{limits['a']}",
        lambda each: json.dumps({"Resource": [each["arn"], each["arn"] + "/*"]}),
        lambda name: __import__("base64").b64encode(name.encode()).decode(),
        lambda name: pulumi.log.info(name),
        lambda name: pulumi.Output.concat("a", name),
        net.label,
        lambda name: net.label(name),
        handed_on(str.upper),
        lambda names: sorted(set(names))[0],
        lambda name: aws.ec2.get_ami(owners=[name]).id,
        lambda name: aws.ec2.SecurityGroupIngressArgs(protocol=name, from_port=1, to_port=2),
        json.dumps,
        str,
    ],
)
def test_a_callback_that_only_makes_values_registers_nothing(callback: Callable[[str], object]) -> None:
    assert not may_register(callback)

"""A policy that changes the size of an Auto Scaling group."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class ScalingPolicy(Resource):
    """A scaling policy; `group` is the name of its Auto Scaling group.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ScalingPolicy.html
    """

    kind = "scaling_policy"
    belongs = ("group",)

    group: Fact[str]
    type: Fact[str]
    enabled: Fact[bool]


def _from_api(reader: Reader) -> Iterator[ScalingPolicy]:
    yield ScalingPolicy(
        id=reader.must("PolicyARN"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("PolicyName"),
        arn=reader.plain("PolicyARN"),
        group=reader.text("AutoScalingGroupName"),
        type=reader.text("PolicyType", default="SimpleScaling"),
        enabled=reader.flag("Enabled", default=True),
    )


def _from_terraform(reader: Reader) -> Iterator[ScalingPolicy]:
    """Yield an `aws_autoscaling_policy`; its id there is its name, which policies of other groups may have too.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_policy
    """
    yield ScalingPolicy(
        **common(reader, "name", id=reader.plain("arn")),
        group=reader.id("autoscaling_group_name"),
        type=reader.text("policy_type"),
        enabled=reader.flag("enabled"),
    )


KIND = Kind(
    type=ScalingPolicy,
    spellings={
        ("aws-api", "ScalingPolicy"): _from_api,
        ("terraform", "aws_autoscaling_policy"): _from_terraform,
    },
    calls=(
        ListCall(
            service="autoscaling",
            operation="describe_policies",
            type="ScalingPolicy",
            result="ScalingPolicies",
            page=("MaxRecords", 100),
        ),
    ),
)

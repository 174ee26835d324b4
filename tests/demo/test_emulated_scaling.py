"""Auto Scaling groups spread, follow their template and read back."""

from collections import Counter
from typing import Any

import boto3
import pytest

from tests.demo.conftest import Network


@pytest.fixture
def scaling(session: boto3.Session, ec2: Any, network: Network) -> Any:
    """Return an Auto Scaling client in an account with a group of three called `app`."""
    iam = session.client("iam")
    iam.create_instance_profile(InstanceProfileName="app")
    ec2.create_launch_template(
        LaunchTemplateName="app",
        LaunchTemplateData={
            "ImageId": "ami-0abcdef1234567890", "SecurityGroupIds": [network.group],
            "MetadataOptions": {"HttpTokens": "required"}, "IamInstanceProfile": {"Name": "app"},
        },
    )  # fmt: skip
    client = session.client("autoscaling")
    client.create_auto_scaling_group(
        AutoScalingGroupName="app", LaunchTemplate={"LaunchTemplateName": "app", "Version": "$Latest"},
        MinSize=2, DesiredCapacity=3, MaxSize=6, VPCZoneIdentifier=",".join(network.subnets),
    )  # fmt: skip
    return client


def instances(ec2: Any) -> list[dict[str, Any]]:
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    answer = ec2.describe_instances(Filters=running)
    return [each for reservation in answer["Reservations"] for each in reservation["Instances"]]


def group(scaling: Any) -> dict[str, Any]:
    return scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]


def test_instances_are_spread_over_the_groups_subnets(scaling: Any, ec2: Any, network: Network) -> None:
    assert Counter(each["SubnetId"] for each in instances(ec2)) == Counter(network.subnets)
    assert {each["AvailabilityZone"] for each in group(scaling)["Instances"]} == {
        "us-east-1a", "us-east-1b", "us-east-1c",
    }  # fmt: skip


def test_instances_are_what_the_template_says(scaling: Any, ec2: Any, network: Network) -> None:
    del scaling
    for each in instances(ec2):
        assert each["MetadataOptions"]["HttpTokens"] == "required"
        assert [found["GroupId"] for found in each["SecurityGroups"]] == [network.group]
        assert [found["GroupId"] for found in each["NetworkInterfaces"][0]["Groups"]] == [network.group]
        assert each["IamInstanceProfile"]["Arn"].endswith("instance-profile/app")


def test_group_moved_to_one_subnet_takes_its_instances_along(scaling: Any, ec2: Any, network: Network) -> None:
    scaling.update_auto_scaling_group(AutoScalingGroupName="app", VPCZoneIdentifier=network.subnets[0])

    assert Counter(each["SubnetId"] for each in instances(ec2)) == {network.subnets[0]: 3}
    assert group(scaling)["AvailabilityZones"] == ["us-east-1a"]


def test_policies_are_listed_enabled(scaling: Any) -> None:
    target = {"PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"}, "TargetValue": 5.0}
    made = scaling.put_scaling_policy(
        AutoScalingGroupName="app", PolicyName="cpu", PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration=target,
    )["PolicyARN"]  # fmt: skip
    (found,) = scaling.describe_policies(AutoScalingGroupName="app")["ScalingPolicies"]

    assert (found["PolicyARN"], found["PolicyType"], found["Enabled"]) == (made, "TargetTrackingScaling", True)


def test_warm_pool_is_read_back(scaling: Any) -> None:
    scaling.put_warm_pool(AutoScalingGroupName="app", MinSize=1)

    assert scaling.describe_warm_pool(AutoScalingGroupName="app")["WarmPoolConfiguration"]["MinSize"] == 1


def test_standby_instance_stays_listed(scaling: Any) -> None:
    first = group(scaling)["Instances"][0]["InstanceId"]
    scaling.enter_standby(AutoScalingGroupName="app", InstanceIds=[first], ShouldDecrementDesiredCapacity=True)
    states = Counter(each["LifecycleState"] for each in group(scaling)["Instances"])

    assert states == {"Standby": 1, "InService": 2}
    assert group(scaling)["DesiredCapacity"] == 2

"""The shop's application tier: identity, launch template and Auto Scaling group."""

import json
from collections.abc import Mapping

from checker.demo.plan import Plan

IMAGE = "ami-0abcdef1234567890"
TABLE_ACTIONS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")


def build(plan: Plan) -> None:
    """Create role, instance profile, launch template, group and scaling policy."""
    _identity(plan)
    _template(plan)
    _group(plan)


def _identity(plan: Plan) -> None:
    iam, name = plan.client("iam"), f"{plan.name}-app"
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust), Tags=plan.tags("role"))
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    plan.ids["role"] = plan.ids["profile"] = name
    if "table" in plan.ids:
        actions = [f"dynamodb:{each}" for each in TABLE_ACTIONS]
        allowed = {"Effect": "Allow", "Action": actions, "Resource": plan.ids["table.arn"]}
        iam.put_role_policy(RoleName=name, PolicyName="sessions", PolicyDocument=_policy(allowed))


def _policy(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _template(plan: Plan) -> None:
    created = plan.client("ec2").create_launch_template(
        LaunchTemplateName=f"{plan.name}-app",
        LaunchTemplateData={
            "ImageId": IMAGE,
            "InstanceType": "t3.small",
            "SecurityGroupIds": [plan.ids["sg.app"]],
            "IamInstanceProfile": {"Name": plan.ids["profile"]},
            "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}}
            ],
        },
        TagSpecifications=plan.tagged("launch-template", "lt"),
    )
    plan.ids["lt"] = created["LaunchTemplate"]["LaunchTemplateId"]


def _group(plan: Plan) -> None:
    scaling, name = plan.client("autoscaling"), f"{plan.name}-app"
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchTemplate={"LaunchTemplateId": plan.ids["lt"], "Version": "$Latest"},
        MinSize=2,
        DesiredCapacity=3,
        MaxSize=6,
        VPCZoneIdentifier=",".join(plan.each("subnet.app")),
        TargetGroupARNs=[plan.ids["tg"]],
        HealthCheckType="ELB",
        HealthCheckGracePeriod=120,
        Tags=[{**tag, "PropagateAtLaunch": True} for tag in plan.tags("app")],
    )
    plan.ids["asg"] = name
    policy = scaling.put_scaling_policy(
        AutoScalingGroupName=name,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 50.0,
        },
    )
    plan.ids["asg.policy"] = policy["PolicyARN"]

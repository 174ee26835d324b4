"""Who talked to whom in the network: flow logs, kept for some days."""

import pulumi
import pulumi_aws as aws

import iam_policies
from settings import Settings


class FlowLogs(pulumi.ComponentResource):
    """All of a network's traffic, refused or not, in a log group."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        vpc_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Log the traffic of a VPC."""
        super().__init__("myclothes:index:FlowLogs", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        logs = aws.cloudwatch.LogGroup(f"{name}-flows", retention_in_days=settings.log_days, opts=child)
        role = aws.iam.Role(
            f"{name}-flows", assume_role_policy=iam_policies.trust("vpc-flow-logs.amazonaws.com"), opts=child
        )
        # Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        actions = ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams")
        aws.iam.RolePolicy(
            f"{name}-flows",
            role=role.id,
            policy=iam_policies.allow(actions, logs.arn, pulumi.Output.concat(logs.arn, ":*")),
            opts=child,
        )
        aws.ec2.FlowLog(
            f"{name}-flows",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            opts=child,
        )
        self.log_group = logs.name
        self.register_outputs({"logGroup": self.log_group})

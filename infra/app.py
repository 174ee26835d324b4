"""The app: instances that keep nothing, over all zones, as many as the load asks for."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

import iam_policies
from firewall import APP_PORT
from settings import Settings

BOOT = Path(__file__).with_name("boot.sh")
# Half of the processors: a zone may go, and what is left carries its load.
TARGET_LOAD = 50


class App(pulumi.ComponentResource):
    """Launch template and Auto Scaling group, and the role that its instances act by."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        *,
        subnets: list[aws.ec2.Subnet],
        security_group: aws.ec2.SecurityGroup,
        target_group: aws.lb.TargetGroup,
        environment: Mapping[str, pulumi.Input[str]],
        may: Mapping[str, pulumi.Input[str]],
        after: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the app; instances find `environment` in `/etc/shop.env`, and `may` are policies of their role.

        Nothing is started before all of `after` is there.
        """
        super().__init__("myclothes:index:App", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        self._name = f"{name}-app"
        template = aws.ec2.LaunchTemplate(
            self._name,
            image_id=aws.ssm.get_parameter_output(
                name=settings.app_image, opts=pulumi.InvokeOutputOptions(parent=self)
            ).insecure_value,
            instance_type=settings.app_instance_type,
            vpc_security_group_ids=[security_group.id],
            update_default_version=True,
            iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(name=self._identity(may).name),
            # Session tokens only: a request that the app is tricked into sending cannot read the role's credentials.
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name="/dev/xvda",
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=20, volume_type="gp3", encrypted="true"
                    ),
                )
            ],
            user_data=_user_data({"APP_PORT": str(APP_PORT), **environment}),
            opts=child,
        )
        self.group = aws.autoscaling.Group(
            self._name,
            min_size=settings.app_min,
            max_size=settings.app_max,
            vpc_zone_identifiers=[subnet.id for subnet in subnets],
            target_group_arns=[target_group.arn],
            health_check_type="ELB",
            health_check_grace_period=180,
            launch_template=aws.autoscaling.GroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            # A new version of the template replaces the instances, a few at a time.
            instance_refresh=aws.autoscaling.GroupInstanceRefreshArgs(
                strategy="Rolling",
                preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(min_healthy_percentage=90),
            ),
            # The provider's default tags do not reach instances that a group launches.
            tags=[aws.autoscaling.GroupTagArgs(key="Name", value=self._name, propagate_at_launch=True)],
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
        aws.autoscaling.Policy(
            f"{name}-load",
            autoscaling_group_name=self.group.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=aws.autoscaling.PolicyTargetTrackingConfigurationArgs(
                target_value=TARGET_LOAD,
                predefined_metric_specification=(
                    aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs(
                        predefined_metric_type="ASGAverageCPUUtilization"
                    )
                ),
            ),
            opts=child,
        )
        self.register_outputs({"group": self.group.name})

    def _identity(self, may: Mapping[str, pulumi.Input[str]]) -> aws.iam.InstanceProfile:
        """Return the profile of a role that may do what `may` says, and be logged in to by Session Manager."""
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(self._name, assume_role_policy=iam_policies.trust("ec2.amazonaws.com"), opts=child)
        # Nobody logs in by SSH: there is no key, no open port and no bastion.
        aws.iam.RolePolicyAttachment(
            f"{self._name}-session-manager",
            role=role.name,
            policy_arn=aws.iam.ManagedPolicy.AMAZON_SSM_MANAGED_INSTANCE_CORE,
            opts=child,
        )
        for purpose, policy in may.items():
            aws.iam.RolePolicy(f"{self._name}-{purpose}", role=role.id, policy=policy, opts=child)
        return aws.iam.InstanceProfile(self._name, role=role.name, opts=child)


def _user_data(environment: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return the script of a new instance: its environment, then what it does once."""
    lines = [pulumi.Output.concat(key, "='", value, "'\n") for key, value in environment.items()]
    script = pulumi.Output.concat(
        "#!/bin/bash\nset -euo pipefail\ncat >/etc/shop.env <<'ENVIRONMENT'\n",
        *lines,
        "ENVIRONMENT\n. /etc/shop.env\n\n",
        BOOT.read_text(encoding="utf-8"),
    )
    return script.apply(lambda text: base64.b64encode(text.encode()).decode())

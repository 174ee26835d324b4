"""A launch configuration, the predecessor of launch templates."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from checker.model.call import ListCall, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader
from checker.resources.terraform import common


@dataclass(frozen=True, eq=False, kw_only=True)
class LaunchConfiguration(Resource):
    """A launch configuration, called by its name; `None` leaves a setting to the subnet, the image or the account.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchConfiguration.html
    """

    kind = "launch_configuration"

    groups: Fact[tuple[str, ...]]
    associate_public: Fact[bool | None]
    imds: Fact[str | None]
    profile: Fact[str | None]
    imds_endpoint: Fact[str | None] = field(default_factory=lambda: Known(None))


def _from_api(reader: Reader) -> Iterator[LaunchConfiguration]:
    yield LaunchConfiguration(
        id=reader.must("LaunchConfigurationName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("LaunchConfigurationName"),
        arn=reader.plain("LaunchConfigurationARN") or None,
        groups=reader.texts("SecurityGroups"),
        associate_public=reader.maybe_flag("AssociatePublicIpAddress"),
        imds=reader.maybe("MetadataOptions.HttpTokens"),
        profile=reader.maybe("IamInstanceProfile"),
        imds_endpoint=reader.maybe("MetadataOptions.HttpEndpoint"),
    )


def _from_terraform(reader: Reader) -> Iterator[LaunchConfiguration]:
    """Yield an `aws_launch_configuration`.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_configuration
    """
    yield LaunchConfiguration(
        **common(reader, "name"),
        groups=reader.ids("security_groups"),
        associate_public=reader.maybe_flag("associate_public_ip_address"),
        imds=reader.maybe("metadata_options.http_tokens"),
        profile=reader.maybe_id("iam_instance_profile"),
        imds_endpoint=reader.maybe("metadata_options.http_endpoint"),
    )


def _in_use(seen: Seen) -> bool:
    return not seen.complete("AutoScalingGroup") or any(
        group.get("LaunchConfigurationName") for group in seen.raw("AutoScalingGroup")
    )


KIND = Kind(
    type=LaunchConfiguration,
    spellings={
        ("aws-api", "LaunchConfiguration"): _from_api,
        ("terraform", "aws_launch_configuration"): _from_terraform,
    },
    calls=(
        ListCall(
            service="autoscaling",
            operation="describe_launch_configurations",
            type="LaunchConfiguration",
            result="LaunchConfigurations",
            page=("MaxRecords", 100),
            after=("AutoScalingGroup",),
            when=_in_use,
        ),
    ),
)

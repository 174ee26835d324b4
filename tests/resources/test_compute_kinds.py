"""Instances and what launches them: raw answers become facts, and calls are made only where they could matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from checker.model.call import ListCall, Raw
from checker.model.fact import Fact, Known
from checker.model.record import Gap, Origin, Record, Scope, Status
from checker.resources import (
    auto_scaling_group,
    instance,
    launch_configuration,
    launch_template,
    scaling_policy,
)
from checker.resources.auto_scaling_group import AutoScalingGroup, TemplateRef
from checker.resources.instance import Instance
from checker.resources.kind import Kind
from checker.resources.launch_configuration import LaunchConfiguration
from checker.resources.launch_template import LaunchTemplate
from checker.resources.reader import Reader
from checker.resources.scaling_policy import ScalingPolicy

HERE = Scope("111122223333", "eu-west-1")
GAP = Gap("X", HERE, "ec2:DescribeX", Status.DENIED, "denied", "allow ec2:DescribeX")


@dataclass(frozen=True)
class Listed:
    """What has been listed, by record type; types in `incomplete` have a gap."""

    records: Mapping[str, tuple[Raw, ...]] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()

    def raw(self, type: str) -> tuple[Raw, ...]:
        return self.records.get(type, ())

    def complete(self, type: str) -> bool:
        return type not in self.incomplete


def read_instance(raw: Raw) -> list[Instance]:
    return list(instance.KIND.spellings["aws-api", "Instance"](reader("Instance", raw)))


def read_template(data: Raw, **more: object) -> LaunchTemplate:
    raw = {
        "LaunchTemplateId": "lt-1",
        "LaunchTemplateName": "shop",
        "VersionNumber": 3,
        "LaunchTemplateData": data,
    } | more
    (found,) = launch_template.KIND.spellings["aws-api", "LaunchTemplateVersion"](reader("LaunchTemplateVersion", raw))
    return found


def read_configuration(raw: Raw) -> LaunchConfiguration:
    (found,) = launch_configuration.KIND.spellings["aws-api", "LaunchConfiguration"](
        reader("LaunchConfiguration", {"LaunchConfigurationName": "old"} | dict(raw))
    )
    return found


def read_group(raw: Raw) -> AutoScalingGroup:
    named = {"AutoScalingGroupName": "shop", "MinSize": 2, "MaxSize": 6, "DesiredCapacity": 2}
    (found,) = auto_scaling_group.KIND.spellings["aws-api", "AutoScalingGroup"](
        reader("AutoScalingGroup", named | dict(raw))
    )
    return found


def read_policy(raw: Raw) -> ScalingPolicy:
    (found,) = scaling_policy.KIND.spellings["aws-api", "ScalingPolicy"](
        reader("ScalingPolicy", {"PolicyARN": "arn:policy", "AutoScalingGroupName": "shop"} | dict(raw))
    )
    return found


def reader(type: str, raw: Raw) -> Reader:
    return Reader.of(Record("aws-api", type, HERE, raw, Origin("aws")))


def value(fact: Fact[object]) -> object:
    assert isinstance(fact, Known), fact
    return fact.value


INSTANCE = {
    "InstanceId": "i-1",
    "State": {"Code": 16, "Name": "running"},
    "VpcId": "vpc-1",
    "SubnetId": "subnet-1",
    "Placement": {"AvailabilityZone": "eu-west-1a"},
    "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "app"}],
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}],
    "MetadataOptions": {"State": "applied", "HttpTokens": "required"},
    "IamInstanceProfile": {"Arn": "arn:aws:iam::111122223333:instance-profile/app", "Id": "AIPA"},
    "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "aws:autoscaling:groupName", "Value": "shop"}],
}


def test_an_instance_tells_its_place_owner_and_metadata_service() -> None:
    (found,) = read_instance(INSTANCE)

    assert (found.id, found.name) == ("i-1", "web")
    assert (value(found.vpc), value(found.subnet), value(found.zone)) == ("vpc-1", "subnet-1", "eu-west-1a")
    assert (value(found.groups), value(found.interfaces)) == (("sg-1",), ("eni-1",))
    assert (value(found.state), value(found.group_name), value(found.imds)) == ("running", "shop", "required")
    assert value(found.profile) == "arn:aws:iam::111122223333:instance-profile/app"
    assert value(found.public) is None


def test_an_instance_of_its_own_has_no_owner_and_no_settings() -> None:
    (found,) = read_instance({"InstanceId": "i-1", "State": {"Name": "stopped"}, "PublicIpAddress": "203.0.113.9"})

    assert (value(found.group_name), value(found.imds), value(found.profile)) == (None, None, None)
    assert (value(found.public), value(found.groups)) == ("203.0.113.9", ())
    assert found.vpc.missing


@pytest.mark.parametrize("state", ["shutting-down", "terminated"])
def test_an_instance_that_is_gone_is_not_yielded(state: str) -> None:
    assert read_instance({"InstanceId": "i-1", "State": {"Name": state}}) == []


def test_an_instance_of_unread_state_is_yielded() -> None:
    (found,) = read_instance(INSTANCE | {"State": GAP, "Tags": GAP, "MetadataOptions": GAP})

    assert found.state.missing and found.group_name.missing and found.imds.missing == (GAP.missing,)


def test_a_template_without_interfaces_names_its_groups_directly() -> None:
    found = read_template({"SecurityGroupIds": ["sg-1"], "SecurityGroups": ["web"]}, DefaultVersion=True)

    assert (found.id, value(found.version), value(found.is_default)) == ("lt-1:3", 3, True)
    assert (value(found.template), value(found.template_name)) == ("lt-1", "shop")
    assert (value(found.groups), value(found.group_names)) == (("sg-1",), ("web",))
    assert (value(found.associate_public), value(found.ipv6_addresses)) == (None, False)
    assert (value(found.imds), value(found.imds_endpoint), value(found.profile)) == (None, None, None)


def test_a_template_with_interfaces_has_the_groups_of_the_first_device() -> None:
    second = {"DeviceIndex": 1, "Groups": ["sg-2"], "Ipv6AddressCount": 1}
    first = {"DeviceIndex": 0, "Groups": ["sg-1"], "AssociatePublicIpAddress": False}

    found = read_template({"NetworkInterfaces": [second, first]})

    assert value(found.groups) == ("sg-1",)
    assert (value(found.associate_public), value(found.ipv6_addresses)) == (False, True)


@pytest.mark.parametrize(
    ("interface", "has_ipv6"),
    [
        ({}, False),
        ({"Ipv6AddressCount": 0}, False),
        ({"Ipv6AddressCount": 2}, True),
        ({"Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}]}, True),
        ({"Ipv6PrefixCount": 1}, True),
        ({"Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8::/80"}]}, True),
    ],
)
def test_a_template_gives_ipv6_addresses_by_number_or_by_name(interface: Raw, has_ipv6: bool) -> None:
    assert value(read_template({"NetworkInterfaces": [interface]}).ipv6_addresses) is has_ipv6


@pytest.mark.parametrize(
    ("settings", "expected"), [((), None), ((None,), None), ((False, None), False), ((False, True), True)]
)
def test_one_public_interface_is_enough(settings: tuple[bool | None, ...], expected: bool | None) -> None:
    interfaces = [{} if setting is None else {"AssociatePublicIpAddress": setting} for setting in settings]

    assert value(read_template({"NetworkInterfaces": interfaces}).associate_public) is expected


def test_a_template_keeps_metadata_options_and_a_profile_by_arn_or_name() -> None:
    options = {"HttpTokens": "required", "HttpEndpoint": "enabled"}

    found = read_template({"MetadataOptions": options, "IamInstanceProfile": {"Name": "app"}})
    assert (value(found.imds), value(found.imds_endpoint), value(found.profile)) == ("required", "enabled", "app")

    assert value(read_template({"IamInstanceProfile": {"Arn": "arn:app"}}).profile) == "arn:app"


def test_what_a_template_hides_is_unknown() -> None:
    found = read_template({"NetworkInterfaces": GAP, "MetadataOptions": GAP, "IamInstanceProfile": GAP})

    for fact in (found.groups, found.associate_public, found.ipv6_addresses, found.imds, found.profile):
        assert fact.missing == (GAP.missing,)


def test_a_launch_configuration_leaves_open_what_it_does_not_set() -> None:
    found = read_configuration({"SecurityGroups": ["sg-1"], "IamInstanceProfile": "app"})
    assert (found.id, value(found.groups), value(found.profile)) == ("old", ("sg-1",), "app")
    assert (value(found.associate_public), value(found.imds)) == (None, None)

    found = read_configuration({"AssociatePublicIpAddress": True, "MetadataOptions": {"HttpTokens": "optional"}})
    assert (value(found.associate_public), value(found.imds)) == (True, "optional")


def test_a_group_tells_its_subnets_sizes_and_attachments() -> None:
    found = read_group(
        {
            "AutoScalingGroupARN": "arn:asg",
            "VPCZoneIdentifier": "subnet-1, subnet-2",
            "AvailabilityZones": ["eu-west-1a", "eu-west-1b"],
            "TargetGroupARNs": ["arn:tg"],
            "LoadBalancerNames": ["classic"],
            "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "shop", "Version": "3"},
            "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
            "HealthCheckType": "ELB,EBS",
            "Tags": [{"Key": "stack", "Value": "shop", "PropagateAtLaunch": True}],
        }
    )

    assert (found.id, found.name, found.arn) == ("shop", "shop", "arn:asg")
    assert value(found.subnets) == ("subnet-1", "subnet-2")
    assert value(found.zones) == ("eu-west-1a", "eu-west-1b")
    assert (value(found.target_groups), value(found.classic_balancers)) == (("arn:tg",), ("classic",))
    assert (value(found.template), value(found.overrides)) == (TemplateRef("lt-1", "shop", "3"), ())
    assert (value(found.configuration), value(found.instances)) == (None, ("i-1", "i-2"))
    assert (value(found.minimum), value(found.maximum), value(found.desired)) == (2, 6, 2)
    assert (value(found.health_check), value(found.tags)) == ("ELB,EBS", {"stack": "shop"})


def test_a_bare_group_has_the_documented_defaults() -> None:
    found = read_group({"VPCZoneIdentifier": "", "LaunchConfigurationName": "old"})

    assert (value(found.subnets), value(found.target_groups), value(found.instances)) == ((), (), ())
    assert (value(found.template), value(found.configuration), value(found.health_check)) == (None, "old", "EC2")


def test_traffic_sources_attach_like_their_own_fields_and_count_once() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/1"
    sources = [
        {"Identifier": arn, "Type": "elbv2"},
        {"Identifier": arn.replace("/a/", "/b/")},
        {"Identifier": "classic", "Type": "elb"},
        {"Identifier": "arn:aws:vpc-lattice:eu-west-1:111122223333:targetgroup/tg-1", "Type": "vpc-lattice"},
    ]

    found = read_group({"TargetGroupARNs": [arn], "TrafficSources": sources})

    assert value(found.target_groups) == (arn, arn.replace("/a/", "/b/"))
    assert value(found.classic_balancers) == ("classic",)


def mixed(*overrides: Raw, version: str | None = None) -> Raw:
    base = {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "shop"} | ({"Version": version} if version else {})
    return {"MixedInstancesPolicy": {"LaunchTemplate": {"LaunchTemplateSpecification": base, "Overrides": overrides}}}


def test_a_mixed_group_has_the_templates_of_its_policy_and_overrides() -> None:
    arm = {"LaunchTemplateId": "lt-2", "LaunchTemplateName": "arm", "Version": "$Latest"}

    found = read_group(mixed({"InstanceType": "t3.small"}, {"LaunchTemplateSpecification": arm}))

    assert value(found.template) == TemplateRef("lt-1", "shop", "$Default")
    assert value(found.overrides) == (TemplateRef("lt-2", "arm", "$Latest"),)


def test_what_a_group_hides_is_unknown() -> None:
    found = read_group({"MixedInstancesPolicy": GAP, "TrafficSources": GAP, "Instances": GAP, "MaxSize": GAP})

    for fact in (found.template, found.overrides, found.target_groups, found.instances, found.maximum):
        assert fact.missing == (GAP.missing,)


def test_a_scaling_policy_is_enabled_and_simple_unless_it_says_otherwise() -> None:
    found = read_policy({"PolicyName": "cpu"})
    assert (found.id, found.name, value(found.group)) == ("arn:policy", "cpu", "shop")
    assert (value(found.type), value(found.enabled)) == ("SimpleScaling", True)

    found = read_policy({"PolicyType": "TargetTrackingScaling", "Enabled": False})
    assert (value(found.type), value(found.enabled)) == ("TargetTrackingScaling", False)


def call_of(kind: Kind[LaunchTemplate] | Kind[LaunchConfiguration], type: str) -> ListCall:
    (found,) = (call for call in kind.calls if isinstance(call, ListCall) and call.type == type)
    return found


def wanted_versions(seen: Listed) -> list[Raw]:
    each = call_of(launch_template.KIND, "NumberedLaunchTemplateVersion").each
    assert each is not None
    return list(each(seen))


def version_of(template: str, number: int) -> Raw:
    return {"LaunchTemplateId": template, "LaunchTemplateName": f"name-{template}", "VersionNumber": number}


def launched_by(template: str, version: str) -> Raw:
    return {"LaunchTemplate": {"LaunchTemplateId": template, "Version": version}}


def test_a_version_that_is_latest_or_default_is_not_asked_again() -> None:
    groups = (launched_by("lt-1", "$Latest"), launched_by("lt-1", "3"), launched_by("lt-1", "$Default"))
    seen = Listed({"AutoScalingGroup": groups, "LaunchTemplateVersion": (version_of("lt-1", 3),)})

    assert wanted_versions(seen) == []


def test_the_numbered_versions_of_a_template_are_asked_in_one_call() -> None:
    arm = {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "7"}}
    groups = (launched_by("lt-1", "10"), launched_by("lt-1", "2"), mixed(arm, version="2"))
    seen = Listed({"AutoScalingGroup": groups, "LaunchTemplateVersion": (version_of("lt-1", 11),)})

    assert wanted_versions(seen) == [
        {"LaunchTemplateId": "lt-1", "Versions": ["2", "10"]},
        {"LaunchTemplateId": "lt-2", "Versions": ["7"]},
    ]


def test_a_template_named_by_name_alone_is_looked_up_by_name() -> None:
    groups: tuple[Raw, ...] = (
        {"LaunchTemplate": {"LaunchTemplateName": "name-lt-1", "Version": "3"}},
        {"LaunchTemplate": {"LaunchTemplateName": "other", "Version": "1"}},
    )
    seen = Listed({"AutoScalingGroup": groups, "LaunchTemplateVersion": (version_of("lt-1", 3),)})

    assert wanted_versions(seen) == [{"LaunchTemplateName": "other", "Versions": ["1"]}]


def test_after_a_gap_every_version_that_a_group_names_is_asked() -> None:
    seen = Listed({"AutoScalingGroup": (launched_by("lt-1", "3"),)}, ("LaunchTemplateVersion",))

    assert wanted_versions(seen) == [{"LaunchTemplateId": "lt-1", "Versions": ["3"]}]


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        (Listed(), False),
        (Listed({"AutoScalingGroup": (launched_by("lt-1", "1"),)}), False),
        (Listed({"AutoScalingGroup": ({"LaunchConfigurationName": "old"},)}), True),
        (Listed(incomplete=("AutoScalingGroup",)), True),
    ],
)
def test_launch_configurations_are_asked_where_a_group_may_use_one(seen: Listed, asked: bool) -> None:
    when = call_of(launch_configuration.KIND, "LaunchConfiguration").when

    assert when is not None and when(seen) is asked

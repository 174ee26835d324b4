"""Auto Scaling: instances spread over the group's subnets, built as the launch template says."""

from collections import Counter
from functools import cache
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, FakeScalingPolicy
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.instances import MetadataOptions
from moto.iam.models import iam_backends

from checker.demo.emulator.patching import answer_empty, replaces


@cache
def apply() -> None:
    """Patch moto's Auto Scaling models."""
    answer_empty(AutoScalingResponse, {"describe_traffic_sources": "TrafficSources"})
    _listing()
    _launches()
    _moves()
    _policies()


def _subnets(group: Any) -> list[str]:
    return [each.strip() for each in (group.vpc_zone_identifier or "").split(",") if each.strip()]


def _launches() -> None:
    """Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-availability-zone-balanced.html."""

    @replaces(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
    def _(original: Any, self: Any, count: int, tags: dict[str, str]) -> None:
        subnets = _subnets(self)
        if not subnets:
            original(self, count, tags)
            return
        zones, identifier = self.availability_zones, self.vpc_zone_identifier
        try:
            for _ in range(count):
                used = Counter(state.instance.subnet_id for state in self.instance_states)
                # moto launches everything into the first subnet, so the emptiest one is made the first
                emptiest = min(subnets, key=lambda subnet: used[subnet])
                self.vpc_zone_identifier = emptiest
                self.availability_zones = [self.ec2_backend.get_subnet(emptiest).availability_zone]
                original(self, 1, tags)
                _finish(self, self.instance_states[-1].instance)
        finally:
            self.availability_zones, self.vpc_zone_identifier = zones, identifier


def _finish(group: Any, instance: Any) -> None:
    """Give a launched instance what the template says and moto forgets."""
    if not group.ec2_launch_template:
        return
    template = group.ec2_launch_template.get_version(group.launch_template_version).data
    if options := template.get("MetadataOptions"):
        instance.metadata_options = MetadataOptions({"State": "applied", **options})
    groups = template.get("SecurityGroupIds") or [
        each for interface in template.get("NetworkInterfaces", []) for each in interface.get("Groups", [])
    ]
    if groups:
        found = [group.ec2_backend.get_security_group_from_id(each) for each in groups]
        instance.security_groups = found
        for interface in instance.nics.values():
            interface._group_set = list(found)
    wanted = template.get("IamInstanceProfile", {})
    for profile in iam_backends[group.account_id]["aws"].instance_profiles.values():
        if profile.name == wanted.get("Name") or profile.arn == wanted.get("Arn"):
            # moto's DescribeInstances reads the profile from the association, the model keeps it as well
            group.ec2_backend.associate_iam_instance_profile(instance.id, profile.name, profile.arn)
            instance.iam_instance_profile = profile


def _listing() -> None:
    @replaces(AutoScalingResponse, "describe_auto_scaling_groups")
    def _(original: Any, self: Any) -> ActionResult:
        del original  # it refuses the lifted limit with which `paging` asks for the whole listing
        names, filters = self._get_param("AutoScalingGroupNames", []), self._get_param("Filters", [])
        found = self.autoscaling_backend.describe_auto_scaling_groups(names, filters=filters)
        return ActionResult({"AutoScalingGroups": found})


def _moves() -> None:
    """A group that leaves a subnet ends its instances there, and they leave its target groups.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-load-balancer.html
    """

    @replaces(FakeAutoScalingGroup, "update")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        policy, desired = self.mixed_instances_policy, self.desired_capacity
        original(self, *args, **kwargs)
        self.mixed_instances_policy = self.mixed_instances_policy or policy
        stranded = [each for each in self.instance_states if each.instance.subnet_id not in _subnets(self)]
        if stranded and _subnets(self):
            gone = [each.instance.id for each in stranded]
            self.ec2_backend.terminate_instances(gone)
            self.autoscaling_backend.elbv2_backend.notify_terminate_instances(gone)
            self.instance_states = [each for each in self.instance_states if each not in stranded]
            self.set_desired_capacity(self.desired_capacity or desired)

    @replaces(FakeAutoScalingGroup, "set_desired_capacity")
    def _(original: Any, self: Any, new_capacity: int | None) -> None:
        order = list(self.instance_states) if hasattr(self, "instance_states") else []
        original(self, new_capacity)
        # moto goes through a set when it shrinks the group, so the order of the rest would be random
        rank = {id(each): place for place, each in enumerate(order)}
        self.instance_states.sort(key=lambda each: rank.get(id(each), len(rank)))


def _policies() -> None:
    """A policy's name is unique within its group; moto takes it for unique in the account.

    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeletePolicy.html
    """

    @replaces(AutoScalingBackend, "put_scaling_policy")
    def _(original: Any, self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        namesake = self.policies.pop(name, None)
        policy = original(self, name, *args, **kwargs)
        self.policies[f"{policy.auto_scaling_group_name}/{name}"] = self.policies.pop(name)
        if namesake:
            self.policies[name] = namesake
        return policy

    @replaces(AutoScalingBackend, "execute_policy")
    def _(original: Any, self: Any, group_name: str) -> None:
        del original
        next(policy for policy in self.policies.values() if group_name in (policy.name, policy.arn)).execute()

    @replaces(AutoScalingResponse, "delete_policy")
    def _(original: Any, self: Any) -> ActionResult:
        del original
        group, wanted = self._get_param("AutoScalingGroupName"), self._get_param("PolicyName")
        policies = self.autoscaling_backend.policies
        for key, policy in list(policies.items()):
            if wanted == policy.arn or (policy.name == wanted and group in (None, policy.auto_scaling_group_name)):
                del policies[key]
        return EmptyResult()

    @replaces(FakeScalingPolicy, "__init__")
    def _(original: Any, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.enabled, self.alarms = True, []
        self.predictive_scaling_configuration = self.predictive_scaling_configuration or None

    @replaces(AutoScalingResponse, "put_scaling_policy")
    def _(original: Any, self: Any) -> ActionResult:
        answer = original(self).result
        return ActionResult({"PolicyARN": answer.get("PolicyARN") or answer.get("PolicyArn"), "Alarms": []})

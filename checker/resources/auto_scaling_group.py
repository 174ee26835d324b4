"""An Auto Scaling group: the durable owner of its instances."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, joined, present

_MIXED = "MixedInstancesPolicy.LaunchTemplate"


@dataclass(frozen=True)
class TemplateRef:
    """A launch template named by a group; `version` is a number, `$Latest` or `$Default`."""

    id: str
    name: str
    version: str


@dataclass(frozen=True, eq=False, kw_only=True)
class AutoScalingGroup(Resource):
    """A group, called by its name; `overrides` are templates that replace `template` for some instance types.

    `zones` are those of `subnets`; `health_check` is one type or several with commas, `EC2` always included.
    Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
    """

    kind = "auto_scaling_group"
    belongs = ("subnets", "target_groups")

    subnets: Fact[tuple[str, ...]]
    zones: Fact[tuple[str, ...]]
    target_groups: Fact[tuple[str, ...]]
    template: Fact[TemplateRef | None]
    overrides: Fact[tuple[TemplateRef, ...]]
    configuration: Fact[str | None]
    instances: Fact[tuple[str, ...]]
    minimum: Fact[int]
    maximum: Fact[int]
    desired: Fact[int]
    health_check: Fact[str]
    classic_balancers: Fact[tuple[str, ...]]


def _from_api(reader: Reader) -> Iterator[AutoScalingGroup]:
    yield AutoScalingGroup(
        id=reader.must("AutoScalingGroupName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("AutoScalingGroupName"),
        arn=reader.plain("AutoScalingGroupARN") or None,
        tags=reader.tags(),
        subnets=reader.text("VPCZoneIdentifier", default="").map(_comma_separated),
        zones=reader.texts("AvailabilityZones"),
        target_groups=_attached(reader, "TargetGroupARNs", "elbv2"),
        template=_template(reader),
        overrides=present(reader.each(f"{_MIXED}.Overrides", _override)),
        configuration=reader.maybe("LaunchConfigurationName"),
        instances=reader.texts("Instances", "InstanceId"),
        minimum=reader.number("MinSize"),
        maximum=reader.number("MaxSize"),
        desired=reader.number("DesiredCapacity"),
        health_check=reader.text("HealthCheckType", default="EC2"),
        classic_balancers=_attached(reader, "LoadBalancerNames", "elb"),
    )


def _comma_separated(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _attached(reader: Reader, field: str, type_: str) -> Fact[tuple[str, ...]]:
    # Load balancing may be attached under its own name or as a traffic source; the answers may tell it twice.
    sources = reader.each("TrafficSources", _source)
    return joined(reader.texts(field), sources.map(lambda pairs: tuple(id for id, of in pairs if of == type_)))


def _source(reader: Reader) -> Fact[tuple[str, str]]:
    return reader.text("Identifier").then(
        # The type may be left out only where the identifier is the ARN of a target group.
        lambda id: reader.text("Type", default=_type_of(id)).map(lambda type_: (id, type_))
    )


def _type_of(identifier: str) -> str:
    return "elbv2" if ":elasticloadbalancing:" in identifier else "vpc-lattice"


def _template(reader: Reader) -> Fact[TemplateRef | None]:
    return _reference(reader, "LaunchTemplate").then(
        lambda plain: Known(plain) if plain else _reference(reader, f"{_MIXED}.LaunchTemplateSpecification")
    )


def _override(reader: Reader) -> Fact[TemplateRef | None]:
    return _reference(reader, "LaunchTemplateSpecification")


def _reference(reader: Reader, path: str) -> Fact[TemplateRef | None]:
    if not reader.has(path):
        return Known(None)
    return reader.text(f"{path}.LaunchTemplateId", default="").then(
        lambda id: reader.text(f"{path}.LaunchTemplateName", default="").then(
            lambda name: reader.text(f"{path}.Version", default="$Default").map(
                lambda version: TemplateRef(id, name, version)
            )
        )
    )


KIND = Kind(
    type=AutoScalingGroup,
    spellings={("aws-api", "AutoScalingGroup"): _from_api},
    calls=(
        ListCall(
            service="autoscaling",
            operation="describe_auto_scaling_groups",
            type="AutoScalingGroup",
            result="AutoScalingGroups",
            page=("MaxRecords", 100),
        ),
    ),
)

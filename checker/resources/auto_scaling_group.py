"""An Auto Scaling group: the durable owner of its instances."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import ListCall
from checker.model.fact import Fact, Known, known_or
from checker.model.ids import managed_type
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.reader import Reader, joined, present
from checker.resources.terraform import common, resource_of

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


# What attaches a group from outside: a target group or a Classic Load Balancer, under one of three names.
_ATTACHMENT = "aws_autoscaling_attachment"
_SOURCE_ATTACHMENT = "aws_autoscaling_traffic_source_attachment"
_DECLARED_MIXED = "mixed_instances_policy.launch_template"
_DECLARED_TYPES = {"aws_lb_target_group": "elbv2", "aws_alb_target_group": "elbv2", "aws_elb": "elb"}
_VERSIONS = {"latest_version": "$Latest", "default_version": "$Default"}


def _from_terraform(reader: Reader) -> Iterator[AutoScalingGroup]:
    """Yield an `aws_autoscaling_group` with what is attached to it; instances are launched by it and not declared.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/autoscaling_group
    """
    minimum = reader.number("min_size")
    mixed = f"{_DECLARED_MIXED}.launch_template_specification"
    yield AutoScalingGroup(
        **common(reader, "name", tagged=reader.tags("tag", "key", "value")),
        # With zones in place of subnets it launches in the default subnets of the default VPC.
        subnets=_declared_ids(reader, "vpc_zone_identifier"),
        zones=_declared_ids(reader, "availability_zones"),
        target_groups=joined(
            reader.ids("target_group_arns"),
            present(reader.each(_ATTACHMENT, _declared_target_group)),
            *_declared_sources(reader, "elbv2"),
        ),
        template=_declared_reference(reader, "launch_template").then(
            lambda plain: Known(plain) if plain else _declared_reference(reader, mixed, "launch_template_")
        ),
        overrides=present(reader.each(f"{_DECLARED_MIXED}.override", _declared_override)),
        configuration=reader.maybe_id("launch_configuration"),
        instances=Known(()),
        minimum=minimum,
        maximum=reader.number("max_size"),
        desired=reader.number("desired_capacity") if reader.has("desired_capacity") else minimum,
        health_check=reader.text("health_check_type"),
        classic_balancers=joined(
            reader.ids("load_balancers"),
            present(reader.each(_ATTACHMENT, lambda item: item.maybe_id("elb"))),
            *_declared_sources(reader, "elb"),
        ),
    )


def _declared_ids(reader: Reader, field: str) -> Fact[tuple[str, ...]]:
    return reader.ids(field) if reader.has(field) else reader.unknown(field)


def _declared_target_group(item: Reader) -> Fact[str | None]:
    # It had another name before version 5 of the provider.
    return item.maybe_id("lb_target_group_arn" if item.has("lb_target_group_arn") else "alb_target_group_arn")


def _declared_sources(reader: Reader, type_: str) -> tuple[Fact[tuple[str, ...]], ...]:
    def of(item: Reader) -> Fact[tuple[str, ...]]:
        sources = item.each("traffic_source", _declared_source)
        return sources.map(lambda pairs: tuple(id for id, kind in pairs if kind == type_))

    apart = reader.each(_SOURCE_ATTACHMENT, of)
    return of(reader), apart.map(lambda lists: tuple(id for found in lists for id in found))


def _declared_source(source: Reader) -> Fact[tuple[str, str]]:
    def typed(id: str) -> Fact[tuple[str, str]]:
        named = resource_of(source.plain("identifier"))
        kind = _DECLARED_TYPES.get(named, "vpc-lattice") if named else _type_of(id) if id.startswith("arn:") else ""
        told = source.text("type", default=kind) if kind else source.text("type")
        return told.map(lambda type_: (id, type_))

    return source.id("identifier").then(typed)


def _declared_override(override: Reader) -> Fact[TemplateRef | None]:
    return _declared_reference(override, "launch_template_specification", "launch_template_")


def _declared_reference(reader: Reader, path: str, prefix: str = "") -> Fact[TemplateRef | None]:
    """Return the template that a block names, in fields whose names begin with `prefix`."""
    if not reader.has(path):
        return Known(None)
    name = reader.maybe_id(f"{path}.{prefix}name")
    # One of the two is given, and the other may be left to the apply.
    names = reader.maybe_id(f"{path}.{prefix}id").then(
        lambda id: Known((id, known_or(name, None) or "")) if id else name.map(_by_name)
    )
    return names.then(
        lambda both: (
            _declared_version(reader, f"{path}.version").map(lambda version: TemplateRef(*both, version))
            if any(both)
            else Known(None)
        )
    )


def _by_name(name: str | None) -> tuple[str, str]:
    # The name of a template that has none yet is the symbol of its address with `.name` behind it.
    stem = (name or "").removesuffix(".name")
    return (stem, "") if stem != name and managed_type(stem) == "aws_launch_template" else ("", name or "")


def _declared_version(reader: Reader, path: str) -> Fact[str]:
    """Return a version; a template's own number of its latest or default one is that version, whatever the number is.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template
    """
    said = reader.plain(path)
    word = _VERSIONS.get(said.rpartition(".")[2])
    if word and resource_of(said) == "aws_launch_template":
        return Known(word)
    return reader.text(path, default="$Default")


KIND = Kind(
    type=AutoScalingGroup,
    spellings={
        ("aws-api", "AutoScalingGroup"): _from_api,
        ("terraform", "aws_autoscaling_group"): _from_terraform,
        ("terraform", "data.aws_autoscaling_group"): _from_terraform,
    },
    parts=tuple(
        Part(type=type_, of=of, by="autoscaling_group_name")
        for of in ("aws_autoscaling_group", "data.aws_autoscaling_group")
        for type_ in (_ATTACHMENT, _SOURCE_ATTACHMENT)
    ),
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

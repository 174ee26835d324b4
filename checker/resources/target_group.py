"""A target group: where a load balancer sends what it forwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known
from checker.model.resource import Resource
from checker.resources.instance import GONE
from checker.resources.kind import Kind
from checker.resources.reader import Reader, text_of, texts_at

# A gateway load balancer hands packets on as they came; the other protocols not named here are answered by a proxy.
_ALWAYS_PRESERVED = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "GENEVE")
_MAY_PRESERVE = ("TCP", "TLS")
_PRESERVE = "preserve_client_ip.enabled"
_CROSS_ZONE = "load_balancing.cross_zone.enabled"
_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True)
class Target:
    """A registered target: an instance's id, an address, or an ARN; no `port` for a function.

    `zone` is told of an address only: its zone, or `all` for one outside the VPC, which every node may send to. An
    instance's zone is that of its subnet.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
    """

    id: str
    port: int | None
    zone: str | None


@dataclass(frozen=True, eq=False, kw_only=True)
class TargetGroup(Resource):
    """A target group, called by its ARN; `health_port` is `traffic-port` or a number's text.

    `targets` are empty and `targets_asked` is false where they were not asked, because every instance that could be
    registered is a member of an Auto Scaling group attached to this group. `preserve_client_ip` says whether packets
    to a target come from the client's address, which holds for clients of the group's `address_type` (`ipv4` or `ipv6`)
    only; `cross_zone` is `None` where the load balancer's own setting decides.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """

    kind = "target_group"

    target_type: Fact[str]
    protocol: Fact[str]
    address_type: Fact[str]
    port: Fact[int | None]
    health_port: Fact[str]
    health_enabled: Fact[bool]
    vpc: Fact[str | None]
    load_balancers: Fact[tuple[str, ...]]
    stickiness: Fact[bool]
    stickiness_type: Fact[str | None]
    preserve_client_ip: Fact[bool]
    cross_zone: Fact[bool | None]
    targets: Fact[tuple[Target, ...]]
    targets_asked: bool


def _from_api(reader: Reader) -> Iterator[TargetGroup]:
    attributes = _attributes(reader)
    yield TargetGroup(
        id=reader.must("TargetGroupArn"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("TargetGroupName"),
        arn=reader.plain("TargetGroupArn"),
        target_type=reader.text("TargetType", default="instance"),
        protocol=reader.text("Protocol", default=""),
        address_type=reader.text("IpAddressType", default="ipv4"),
        port=reader.maybe_number("Port"),
        health_port=reader.text("HealthCheckPort", default="traffic-port"),
        # Only for functions are health checks off by default.
        health_enabled=reader.flag("HealthCheckEnabled", default=reader.plain("TargetType") != "lambda"),
        vpc=reader.maybe("VpcId"),
        load_balancers=reader.texts("LoadBalancerArns"),
        stickiness=attributes.map(lambda values: values.get("stickiness.enabled") == "true"),
        stickiness_type=attributes.map(lambda values: values.get("stickiness.type")),
        preserve_client_ip=_preserves(reader, attributes),
        cross_zone=attributes.map(lambda values: _TRUTHS.get(values.get(_CROSS_ZONE, ""))),
        targets=reader.each("TargetHealthDescriptions", _target),
        targets_asked=reader.has("TargetHealthDescriptions"),
    )


def _attributes(reader: Reader) -> Fact[Mapping[str, str]]:
    # Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
    return reader.tags("Attributes") if reader.has("Attributes") else reader.unknown("Attributes")


def _preserves(reader: Reader, attributes: Fact[Mapping[str, str]]) -> Fact[bool]:
    """Return whether a target sees the client's address: fixed for most groups, an attribute for TCP and TLS.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """
    return reader.text("Protocol", default="").then(
        lambda protocol: (
            reader.text("TargetType", default="instance").then(
                lambda type_: attributes.map(lambda values: _TRUTHS.get(values.get(_PRESERVE, ""), type_ != "ip"))
            )
            if protocol in _MAY_PRESERVE
            else Known(protocol in _ALWAYS_PRESERVED)
        )
    )


def _target(reader: Reader) -> Fact[Target]:
    return reader.text("Target.Id").then(
        lambda id: reader.maybe_number("Target.Port").then(
            lambda port: reader.maybe("Target.AvailabilityZone").map(lambda zone: Target(id, port, zone))
        )
    )


def _has_balancer(group: Raw, seen: Seen) -> bool:
    return any(texts_at(group, "LoadBalancerArns"))


def _targets_matter(group: Raw, seen: Seen) -> bool:
    if group.get("TargetType", "instance") != "instance":
        return True
    if not (seen.complete("Instance") and seen.complete("AutoScalingGroup")):
        return True
    arn, vpc = group.get("TargetGroupArn"), group.get("VpcId")
    members = {
        member
        for owner in seen.raw("AutoScalingGroup")
        if arn in tuple(texts_at(owner, "TargetGroupARNs"))
        for member in texts_at(owner, "Instances.InstanceId")
    }
    return any(
        instance.get("VpcId") == vpc and text_of(instance, "InstanceId") not in members and not _is_gone(instance)
        for instance in seen.raw("Instance")
    )


def _is_gone(instance: Raw) -> bool:
    return any(name in GONE for name in texts_at(instance, "State.Name"))


KIND = Kind(
    type=TargetGroup,
    spellings={("aws-api", "TargetGroup"): _from_api},
    calls=(
        ListCall(
            service="elbv2",
            operation="describe_target_groups",
            type="TargetGroup",
            result="TargetGroups",
            page=("PageSize", 400),
        ),
        DetailCall(
            service="elbv2",
            operation="describe_target_group_attributes",
            of="TargetGroup",
            identity="TargetGroupArn",
            argument="TargetGroupArn",
            result="Attributes",
            into="Attributes",
            when=_has_balancer,
        ),
        DetailCall(
            service="elbv2",
            operation="describe_target_health",
            of="TargetGroup",
            identity="TargetGroupArn",
            argument="TargetGroupArn",
            result="TargetHealthDescriptions",
            into="TargetHealthDescriptions",
            after=("Instance", "AutoScalingGroup"),
            when=_targets_matter,
        ),
    ),
)

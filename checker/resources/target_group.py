"""A target group: where a load balancer sends what it forwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.model.addresses import Cidr
from checker.model.call import DetailCall, ListCall, Raw, Seen
from checker.model.fact import Fact, Known, Unknown, known_or, merge
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.instance import GONE
from checker.resources.kind import Kind
from checker.resources.reader import Reader, joined, present, text_of, texts_at
from checker.resources.service import is_placed
from checker.resources.service_types import TASKS
from checker.resources.terraform import common, mappings

# A gateway load balancer hands packets on as they came; the other protocols not named here are answered by a proxy.
_ALWAYS_PRESERVED = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "GENEVE")
_MAY_PRESERVE = ("TCP", "TLS")
_PRESERVE = "preserve_client_ip.enabled"
_CROSS_ZONE = "load_balancing.cross_zone.enabled"
_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True)
class Target:
    """A registered target: an instance's id, an address, an ARN, or a service that registers its tasks by itself.

    It has no `port` if it is a function.

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


_DECLARED_PRESERVE = "preserve_client_ip"
_ATTACHMENT = "aws_lb_target_group_attachment"


def _from_terraform(reader: Reader) -> Iterator[TargetGroup]:
    """Yield an `aws_lb_target_group` with what is attached to it; its Auto Scaling groups say so themselves.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group
    """
    type_ = reader.text("target_type")
    port = reader.maybe_number("port")
    yield TargetGroup(
        **common(reader, "name"),
        target_type=type_,
        protocol=reader.text("protocol", default=""),
        address_type=reader.text("ip_address_type"),
        port=port,
        health_port=reader.text("health_check.port", default="traffic-port"),
        health_enabled=(
            reader.flag("health_check.enabled", default=True)
            if reader.has("health_check.enabled")
            else type_.map(lambda kind: kind != "lambda")
        ),
        vpc=reader.maybe_id("vpc_id"),
        load_balancers=(
            reader.ids("load_balancer_arns") if reader.has("load_balancer_arns") else reader.unknown("listeners")
        ),
        # Stickiness is off until a block turns it on, and the block does unless it says otherwise.
        stickiness=reader.each("stickiness", lambda block: block.flag("enabled", default=True)).map(any),
        stickiness_type=reader.maybe("stickiness.type"),
        preserve_client_ip=_declared_preserves(reader, type_),
        cross_zone=reader.maybe("load_balancing_cross_zone_enabled").map(lambda text: _TRUTHS.get(text or "")),
        targets=type_.then(lambda kind: _declared_targets(reader, kind, known_or(port, None))),
        targets_asked=True,
    )


def _declared_preserves(reader: Reader, type_: Fact[str]) -> Fact[bool]:
    told = reader.raw.get(_DECLARED_PRESERVE) not in (None, "")
    decided = reader.flag(_DECLARED_PRESERVE) if told else type_.map(lambda kind: kind != "ip")
    return reader.text("protocol", default="").then(
        lambda protocol: decided if protocol in _MAY_PRESERVE else Known(protocol in _ALWAYS_PRESERVED)
    )


def _declared_targets(reader: Reader, type_: str, port: int | None) -> Fact[tuple[Target, ...]]:
    services = mappings(reader, TASKS)
    served = joined(*(_served(service, reader.must("id")) for service in services.items))
    if services.missing or served.missing:
        return Unknown(*merge(services.missing, served.missing))
    return joined(served, reader.each(_ATTACHMENT, lambda item: _declared_target(item, type_, port)))


def _served(service: Reader, group: str) -> Fact[tuple[Target, ...]]:
    """Return a service as the target of a group that it registers its tasks in, on the port of their container.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html (containerPort)
    """
    if not is_placed(service):
        return service.unknown("tasks")  # they have the addresses of their hosts, and no file tells which those are
    return present(
        service.each(
            "load_balancer",
            lambda one: one.maybe_id("target_group_arn").then(
                lambda arn: (
                    one.number("container_port").map(lambda port: Target(service.must("id"), port, None))
                    if arn == group
                    else Known(None)
                )
            ),
        )
    )


def _declared_target(item: Reader, type_: str, port: int | None) -> Fact[Target]:
    # An address is looked at, everything else is only somebody's name.
    if type_ == "ip":
        id_ = item.text("target_id").then(lambda text: item.check("target_id", lambda: Cidr.parse(text) and text))
    else:
        id_ = item.id("target_id")
    own = item.maybe_number("port").map(lambda found: None if type_ == "lambda" else found or port)
    return id_.then(
        lambda id: own.then(lambda number: item.maybe("availability_zone").map(lambda zone: Target(id, number, zone)))
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
    spellings={
        ("aws-api", "TargetGroup"): _from_api,
        ("terraform", "aws_lb_target_group"): _from_terraform,
        ("terraform", "data.aws_lb_target_group"): _from_terraform,
    },
    parts=tuple(
        Part(type=type_, of=of, by=by)
        for of in ("aws_lb_target_group", "data.aws_lb_target_group")
        for type_, by in ((_ATTACHMENT, "target_group_arn"), (TASKS, "load_balancer.target_group_arn"))
    ),
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

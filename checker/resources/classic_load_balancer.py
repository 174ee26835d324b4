"""A Classic Load Balancer: the first generation, whose targets are instances and listeners are part of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from checker.model.call import DetailCall, ListCall
from checker.model.fact import Fact
from checker.model.part import Part
from checker.model.resource import Resource
from checker.resources.kind import Kind
from checker.resources.neighbours import groups_worn, standing, vpc_of
from checker.resources.reader import REQUIRED, Reader, joined
from checker.resources.terraform import common


@dataclass(frozen=True)
class ClassicListener:
    """A listener: connections to `port` go on to `instance_port`; the protocols are HTTP, HTTPS, TCP or SSL."""

    protocol: str
    port: int
    instance_protocol: str
    instance_port: int


@dataclass(frozen=True, eq=False, kw_only=True)
class ClassicLoadBalancer(Resource):
    """A Classic Load Balancer, called by its name, which is unique in an account and Region.

    `dns_name` is in lower case; `health_port` is the port of its health checks.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_LoadBalancerDescription.html
    """

    kind = "classic_load_balancer"
    belongs = ("vpc",)

    internet_facing: Fact[bool]
    dns_name: Fact[str]
    vpc: Fact[str]
    subnets: Fact[tuple[str, ...]]
    groups: Fact[tuple[str, ...]]
    listeners: Fact[tuple[ClassicListener, ...]]
    health_port: Fact[int]
    instances: Fact[tuple[str, ...]]
    cross_zone: Fact[bool]


def _listener(reader: Reader) -> Fact[ClassicListener]:
    protocol = reader.text("Listener.Protocol").map(str.upper)
    # Where it is not told, the protocol to the instance is that of the listener.
    behind = protocol.then(lambda front: reader.text("Listener.InstanceProtocol", default=front).map(str.upper))
    return protocol.then(
        lambda front: behind.then(
            lambda back: reader.number("Listener.LoadBalancerPort").then(
                lambda port: reader.number("Listener.InstancePort").map(
                    lambda to: ClassicListener(front, port, back, to)
                )
            )
        )
    )


def _port_of(reader: Reader, path: str) -> Fact[int]:
    """Return the port in `PROTOCOL:PORT` or `PROTOCOL:PORT/PATH`."""
    return reader.text(path).then(
        lambda target: reader.check(path, lambda: int(target.partition(":")[2].partition("/")[0]))
    )


def _cross_zone(reader: Reader) -> Fact[bool]:
    return reader.flag("Attributes.CrossZoneLoadBalancing.Enabled")


def _from_api(reader: Reader) -> Iterator[ClassicLoadBalancer]:
    yield ClassicLoadBalancer(
        id=reader.must("LoadBalancerName"),
        scope=reader.scope,
        origin=reader.origin,
        name=reader.plain("LoadBalancerName"),
        internet_facing=reader.text("Scheme").map(lambda scheme: scheme == "internet-facing"),
        dns_name=reader.text("DNSName", default="").map(str.lower),
        vpc=reader.text("VPCId"),
        subnets=reader.texts("Subnets"),
        groups=reader.texts("SecurityGroups"),
        listeners=reader.each("ListenerDescriptions", _listener, default=REQUIRED),
        health_port=_port_of(reader, "HealthCheck.Target"),
        instances=reader.texts("Instances", "InstanceId"),
        cross_zone=_cross_zone(reader),
    )


_ATTACHMENT = "aws_elb_attachment"


def _from_terraform(reader: Reader) -> Iterator[ClassicLoadBalancer]:
    """Yield an `aws_elb` with the instances that are attached to it.

    Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elb
    """
    yield ClassicLoadBalancer(
        **common(reader, "name"),
        internet_facing=reader.flag("internal").map(lambda internal: not internal),
        dns_name=reader.id("dns_name").map(str.lower),
        vpc=vpc_of(reader),
        # With zones in place of subnets it stands in the default subnets; without groups it wears the default one.
        subnets=reader.ids("subnets") if reader.has("subnets") else reader.unknown("subnets"),
        groups=groups_worn(reader, "security_groups", reader),
        listeners=reader.each("listener", _declared_listener, default=REQUIRED),
        health_port=_port_of(reader, "health_check.target"),
        instances=joined(reader.ids("instances"), reader.ids(_ATTACHMENT, "instance")),
        cross_zone=reader.flag("cross_zone_load_balancing"),
    )


def _declared_listener(reader: Reader) -> Fact[ClassicListener]:
    return reader.text("lb_protocol").then(
        lambda front: reader.text("instance_protocol").then(
            lambda back: reader.number("lb_port").then(
                lambda port: reader.number("instance_port").map(
                    lambda to: ClassicListener(front.upper(), port, back.upper(), to)
                )
            )
        )
    )


KIND = Kind(
    type=ClassicLoadBalancer,
    spellings={
        ("aws-api", "ClassicLoadBalancer"): _from_api,
        ("terraform", "aws_elb"): _from_terraform,
    },
    parts=(
        Part(type=_ATTACHMENT, of="aws_elb", by="elb"),
        *standing("aws_elb", subnets=("subnets",), groups=("security_groups",)),
    ),
    calls=(
        ListCall(
            service="elb",
            operation="describe_load_balancers",
            type="ClassicLoadBalancer",
            result="LoadBalancerDescriptions",
            page=("PageSize", 400),
        ),
        DetailCall(
            service="elb",
            operation="describe_load_balancer_attributes",
            of="ClassicLoadBalancer",
            identity="LoadBalancerName",
            argument="LoadBalancerName",
            result="LoadBalancerAttributes",
            into="Attributes",
        ),
    ),
)

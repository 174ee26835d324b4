"""Load balancers, listeners, targets, names and certificates: raw answers, and calls only where they matter."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from checker.model.call import Call, DetailCall, ListCall, Raw
from checker.model.fact import Fact, Known
from checker.model.record import Gap, Origin, Record, Scope, Status
from checker.resources import certificate, hosted_zone, listener, load_balancer, target_group
from checker.resources.certificate import Certificate
from checker.resources.hosted_zone import DnsRecord, HostedZone
from checker.resources.listener import Action, Listener, ListenerRule
from checker.resources.load_balancer import LoadBalancer
from checker.resources.reader import Reader
from checker.resources.target_group import Target, TargetGroup

HERE = Scope("111122223333", "eu-west-1")
GAP = Gap("X", HERE, "elasticloadbalancing:DescribeX", Status.DENIED, "denied", "allow it")
CALLS: tuple[Call, ...] = (
    *load_balancer.KIND.calls,
    *listener.KIND.calls,
    *target_group.KIND.calls,
    *hosted_zone.KIND.calls,
    *certificate.KIND.calls,
)


@dataclass(frozen=True)
class Listed:
    """What has been listed, by record type; types in `incomplete` have a gap."""

    records: Mapping[str, tuple[Raw, ...]] = field(default_factory=dict)
    incomplete: tuple[str, ...] = ()

    def raw(self, type: str) -> tuple[Raw, ...]:
        return self.records.get(type, ())

    def complete(self, type: str) -> bool:
        return type not in self.incomplete


def reader(type: str, raw: Raw) -> Reader:
    return Reader.of(Record("aws-api", type, HERE, raw, Origin("aws")))


def read_balancer(raw: Raw) -> LoadBalancer:
    named = {"LoadBalancerArn": "arn:lb", "LoadBalancerName": "Shop", "Type": "application", "VpcId": "vpc-1"}
    (found,) = load_balancer.KIND.spellings["aws-api", "LoadBalancer"](reader("LoadBalancer", named | dict(raw)))
    return found


def read_listener(raw: Raw) -> Listener:
    named = {"ListenerArn": "arn:listener", "LoadBalancerArn": "arn:lb", "Port": 443, "Protocol": "HTTPS"}
    (found,) = listener.KIND.spellings["aws-api", "Listener"](reader("Listener", named | dict(raw)))
    return found


def read_group(raw: Raw) -> TargetGroup:
    named = {"TargetGroupArn": "arn:tg", "TargetGroupName": "app", "VpcId": "vpc-1"}
    (found,) = target_group.KIND.spellings["aws-api", "TargetGroup"](reader("TargetGroup", named | dict(raw)))
    return found


def read_zone(raw: Raw) -> HostedZone:
    named = {"Id": "/hostedzone/Z1", "Name": "MyClothes.com."}
    (found,) = hosted_zone.KIND.spellings["aws-api", "HostedZone"](reader("HostedZone", named | dict(raw)))
    return found


def read_certificate(raw: Raw) -> Certificate:
    named = {"CertificateArn": "arn:cert", "DomainName": "myclothes.com", "Status": "ISSUED"}
    (found,) = certificate.KIND.spellings["aws-api", "Certificate"](reader("Certificate", named | dict(raw)))
    return found


def value(fact: Fact[object]) -> object:
    assert isinstance(fact, Known), fact
    return fact.value


def forward(*arns: str) -> Raw:
    if len(arns) == 1:
        return {"Type": "forward", "TargetGroupArn": arns[0]}
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": arn} for arn in arns]}}


TO_HTTPS: Raw = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}


def test_a_load_balancer_tells_its_scheme_name_and_place() -> None:
    found = read_balancer(
        {
            "DNSName": "Shop-1.eu-west-1.elb.amazonaws.com",
            "Scheme": "internet-facing",
            "State": {"Code": "active_impaired"},
            "AvailabilityZones": [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}],
            "SecurityGroups": ["sg-1"],
            "IpAddressType": "dualstack",
            "Tags": [{"Key": "stack", "Value": "shop"}],
        }
    )

    assert (found.id, found.arn, found.name) == ("arn:lb", "arn:lb", "Shop")
    assert (value(found.type), value(found.internet_facing), value(found.active)) == ("application", True, True)
    assert value(found.dns_name) == "shop-1.eu-west-1.elb.amazonaws.com"
    assert (value(found.vpc), value(found.subnets)) == ("vpc-1", ("subnet-1", "subnet-2"))
    assert (value(found.groups), value(found.address_type)) == (("sg-1",), "dualstack")
    assert (value(found.cross_zone), value(found.tags)) == (True, {"stack": "shop"})


def test_a_bare_load_balancer_has_the_documented_defaults() -> None:
    found = read_balancer({"Scheme": "internal", "State": {"Code": "failed"}})

    assert (value(found.internet_facing), value(found.active)) == (False, False)
    assert (value(found.groups), value(found.address_type), value(found.tags)) == ((), "ipv4", {})


def test_only_a_gateway_load_balancer_may_lack_a_scheme() -> None:
    assert value(read_balancer({"Type": "gateway"}).internet_facing) is False
    assert read_balancer({}).internet_facing.missing


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("false", False)])
def test_cross_zone_is_an_attribute_of_a_network_load_balancer(text: str, expected: bool) -> None:
    attributes = [{"Key": "load_balancing.cross_zone.enabled", "Value": text}]

    assert value(read_balancer({"Type": "network", "Attributes": attributes}).cross_zone) is expected


def test_a_network_load_balancer_without_that_attribute_is_zonal_and_an_unread_one_unknown() -> None:
    assert value(read_balancer({"Type": "network", "Attributes": []}).cross_zone) is False
    assert read_balancer({"Type": "network"}).cross_zone.missing
    assert read_balancer({"Type": "network", "Attributes": GAP}).cross_zone.missing == (GAP.missing,)


def test_fixed_addresses_stand_in_the_subnets_of_their_nodes() -> None:
    zones = [
        {"SubnetId": "subnet-1", "LoadBalancerAddresses": [{"IpAddress": "203.0.113.9", "AllocationId": "eipalloc-1"}]},
        {"SubnetId": "subnet-2", "LoadBalancerAddresses": [{"PrivateIPv4Address": "10.0.2.9", "IPv6Address": "::9"}]},
        {"SubnetId": "subnet-3", "LoadBalancerAddresses": []},
        {"SubnetId": "subnet-4"},
    ]

    nodes = value(read_balancer({"AvailabilityZones": zones}).nodes)

    assert isinstance(nodes, tuple)
    assert [(node.subnet, str(node.address)) for node in nodes] == [
        ("subnet-1", "203.0.113.9/32"),
        ("subnet-2", "10.0.2.9/32"),
        ("subnet-2", "::9/128"),
    ]


@pytest.mark.parametrize(("raw", "expected"), [({}, True), ({"on": "on"}, True), ({"on": "off"}, False)])
def test_inbound_rules_hold_for_private_link_until_that_is_turned_off(raw: Raw, expected: bool) -> None:  # semantics 46
    told = {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": raw["on"]} if raw else {}

    assert value(read_balancer({"Type": "network", **told}).enforces_on_private_link) is expected


@pytest.mark.parametrize("kind", ["ipv4", "dualstack", "dualstack-without-public-ipv4"])
def test_every_type_of_addresses(kind: str) -> None:
    assert value(read_balancer({"IpAddressType": kind}).address_type) == kind


@pytest.mark.parametrize(
    ("scheme", "attributes", "expected"),
    [
        ("internal", [], True),
        ("internet-facing", [], False),
        ("internal", [{"Key": "ipv6.deny_all_igw_traffic", "Value": "false"}], False),
        ("internet-facing", [{"Key": "ipv6.deny_all_igw_traffic", "Value": "true"}], True),
    ],
)
def test_an_internal_balancer_hides_its_ipv6_addresses_unless_told_otherwise(  # semantics 69
    scheme: str, attributes: list[Raw], expected: bool
) -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html."""
    found = read_balancer({"Scheme": scheme, "IpAddressType": "dualstack", "Attributes": attributes})

    assert value(found.hides_ipv6) is expected


def test_what_hides_ipv6_addresses_is_unknown_where_it_was_not_read() -> None:  # semantics 69
    assert read_balancer({"Scheme": "internal", "IpAddressType": "dualstack"}).hides_ipv6.missing
    assert read_balancer({"Scheme": "internal", "Attributes": GAP}).hides_ipv6.missing == (GAP.missing,)
    assert value(read_balancer({"Scheme": "internal"}).hides_ipv6) is True


def test_what_a_load_balancer_hides_is_unknown() -> None:
    found = read_balancer({"Scheme": GAP, "SecurityGroups": GAP, "Tags": GAP, "AvailabilityZones": GAP, "State": GAP})

    for fact in (found.internet_facing, found.groups, found.tags, found.subnets, found.active):
        assert fact.missing == (GAP.missing,)


def test_a_listener_tells_its_policy_certificate_and_forward() -> None:
    found = read_listener(
        {
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "Certificates": [{"CertificateArn": "arn:cert"}],
            "DefaultActions": [forward("arn:tg")],
        }
    )

    assert (found.id, value(found.load_balancer)) == ("arn:listener", "arn:lb")
    assert (value(found.port), value(found.protocol)) == (443, "HTTPS")
    assert value(found.policy) == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert value(found.certificates) == ("arn:cert",)
    assert value(found.actions) == (Action("forward", (("arn:tg", 1),)),)
    assert value(found.rules) == ()


def test_a_weighted_forward_keeps_weights_and_stickiness() -> None:
    config = {
        "TargetGroups": [{"TargetGroupArn": "arn:a", "Weight": 9}, {"TargetGroupArn": "arn:b", "Weight": 0}],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 3600},
    }

    found = read_listener({"DefaultActions": [{"Type": "forward", "ForwardConfig": config}]})

    assert value(found.actions) == (Action("forward", (("arn:a", 9), ("arn:b", 0)), sticky=True),)


def test_a_forward_told_twice_counts_once() -> None:
    both = {**forward("arn:tg"), "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:tg"}]}}

    assert value(read_listener({"DefaultActions": [both]}).actions) == (Action("forward", (("arn:tg", 1),)),)


def test_a_redirect_keeps_what_it_does_not_change() -> None:
    found = read_listener({"DefaultActions": [TO_HTTPS, {"Type": "redirect", "RedirectConfig": {"Path": "/new"}}]})

    assert value(found.actions) == (
        Action("redirect", protocol="HTTPS", port="443", status_code="HTTP_301"),
        Action("redirect", protocol="#{protocol}", port="#{port}"),
    )


def test_other_actions_keep_their_type() -> None:
    actions = [{"Type": "authenticate-oidc"}, {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]

    assert value(read_listener({"DefaultActions": actions}).actions) == (
        Action("authenticate-oidc"),
        Action("fixed-response"),
    )


def test_rules_keep_their_priority_and_actions() -> None:
    rules = [
        {"RuleArn": "arn:rule/1", "Priority": "10", "IsDefault": False, "Actions": [forward("arn:a", "arn:b")]},
        {"RuleArn": "arn:rule/2", "Priority": "default", "IsDefault": True, "Actions": [TO_HTTPS]},
    ]

    found = read_listener({"Protocol": "HTTP", "Port": 80, "DefaultActions": [TO_HTTPS], "Rules": rules})

    assert value(found.rules) == (
        ListenerRule("arn:rule/1", False, "10", (Action("forward", (("arn:a", 1), ("arn:b", 1))),)),
        ListenerRule(
            "arn:rule/2", True, "default", (Action("redirect", protocol="HTTPS", port="443", status_code="HTTP_301"),)
        ),
    )


def test_the_rules_of_an_http_listener_are_unknown_until_read() -> None:
    assert read_listener({"Protocol": "HTTP"}).rules.missing
    assert read_listener({"Protocol": "HTTP", "Rules": GAP}).rules.missing == (GAP.missing,)
    assert read_listener({"Rules": GAP}).rules.missing == (GAP.missing,)


@pytest.mark.parametrize(
    "action",
    [GAP, {"Type": "forward"}, {"Type": "redirect", "RedirectConfig": GAP}, {"Type": "forward", "ForwardConfig": GAP}],
)
def test_an_action_that_hides_its_end_is_unknown(action: object) -> None:
    assert read_listener({"DefaultActions": [action]}).actions.missing


def test_a_target_group_tells_where_it_sends() -> None:
    found = read_group(
        {
            "TargetType": "instance",
            "Protocol": "HTTP",
            "Port": 8080,
            "HealthCheckPort": "9090",
            "HealthCheckEnabled": True,
            "LoadBalancerArns": ["arn:lb"],
            "Attributes": [
                {"Key": "stickiness.enabled", "Value": "true"},
                {"Key": "stickiness.type", "Value": "lb_cookie"},
            ],
        }
    )

    assert (found.id, found.name, value(found.vpc)) == ("arn:tg", "app", "vpc-1")
    assert (value(found.target_type), value(found.protocol), value(found.port)) == ("instance", "HTTP", 8080)
    assert (value(found.health_port), value(found.health_enabled)) == ("9090", True)
    assert (value(found.load_balancers), value(found.preserve_client_ip)) == (("arn:lb",), False)
    assert (value(found.stickiness), value(found.stickiness_type)) == (True, "lb_cookie")
    assert (value(found.targets), found.targets_asked) == ((), False)


def test_a_bare_target_group_has_the_documented_defaults() -> None:
    found = read_group({"Attributes": []})

    assert (value(found.target_type), value(found.port), value(found.health_port)) == ("instance", None, "traffic-port")
    assert value(found.address_type) == "ipv4"
    assert (value(found.health_enabled), value(found.load_balancers)) == (True, ())
    assert (value(found.stickiness), value(found.stickiness_type)) == (False, None)
    assert (value(found.preserve_client_ip), value(found.cross_zone)) == (False, None)


@pytest.mark.parametrize(
    ("type_", "protocol", "expected"),
    [
        ("instance", "TCP", True),
        ("instance", "TLS", True),
        ("ip", "TCP", False),
        ("ip", "TLS", False),
        ("ip", "UDP", True),
        ("ip", "TCP_UDP", True),
        ("ip", "QUIC", True),
        ("ip", "TCP_QUIC", True),
        ("alb", "TCP", True),
        ("instance", "HTTP", False),
        ("ip", "HTTPS", False),
    ],
)
def test_the_clients_address_is_kept_by_type_and_protocol(  # semantics 47
    type_: str, protocol: str, expected: bool
) -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html."""
    found = read_group({"TargetType": type_, "Protocol": protocol, "Attributes": []})

    assert value(found.preserve_client_ip) is expected


@pytest.mark.parametrize(
    ("protocol", "text", "expected"),
    [("TCP", "false", False), ("TLS", "true", True), ("UDP", "false", True), ("TCP_UDP", "false", True)],
)
def test_the_attribute_decides_for_tcp_and_tls_only(  # semantics 47
    protocol: str, text: str, expected: bool
) -> None:
    for type_ in ("instance", "ip"):
        attributes = [{"Key": "preserve_client_ip.enabled", "Value": text}]
        found = read_group({"TargetType": type_, "Protocol": protocol, "Attributes": attributes})

        assert value(found.preserve_client_ip) is expected


def test_what_is_fixed_is_known_without_the_attributes() -> None:
    assert value(read_group({"TargetType": "ip", "Protocol": "UDP", "Attributes": GAP}).preserve_client_ip) is True
    assert value(read_group({"TargetType": "ip", "Protocol": "HTTP"}).preserve_client_ip) is False
    assert read_group({"TargetType": "ip", "Protocol": "TCP"}).preserve_client_ip.missing


@pytest.mark.parametrize(
    ("text", "expected"), [("true", True), ("false", False), ("use_load_balancer_configuration", None)]
)
def test_a_group_may_leave_cross_zone_to_the_balancer(text: str, expected: bool | None) -> None:  # semantics 48
    found = read_group({"Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": text}]})

    assert value(found.cross_zone) is expected


def test_a_function_has_no_port_and_no_health_checks_by_default() -> None:
    found = read_group({"TargetType": "lambda"})

    assert (value(found.port), value(found.protocol), value(found.health_enabled)) == (None, "", False)


def test_targets_are_known_where_they_were_asked() -> None:
    described = [
        {"Target": {"Id": "i-1", "Port": 8080}, "TargetHealth": {"State": "healthy"}},
        {"Target": {"Id": "10.0.1.5", "Port": 8080, "AvailabilityZone": "all"}},
        {"Target": {"Id": "arn:aws:lambda:eu-west-1:111122223333:function:f"}},
    ]

    found = read_group({"TargetHealthDescriptions": described})

    assert found.targets_asked
    assert value(found.targets) == (
        Target("i-1", 8080, None),
        Target("10.0.1.5", 8080, "all"),
        Target("arn:aws:lambda:eu-west-1:111122223333:function:f", None, None),
    )


def test_what_a_target_group_hides_is_unknown() -> None:
    found = read_group({"Protocol": "TCP", "Attributes": GAP, "TargetHealthDescriptions": GAP, "Port": GAP})

    attributes = (found.stickiness, found.stickiness_type, found.preserve_client_ip, found.cross_zone)
    for fact in (*attributes, found.targets, found.port):
        assert fact.missing == (GAP.missing,)
    assert found.targets_asked
    assert read_group({}).stickiness.missing


def test_a_zone_tells_its_records_in_canonical_names() -> None:
    records = [
        {
            "Name": "www.MyClothes.com.",
            "Type": "A",
            "AliasTarget": {"DNSName": "dualstack.Shop-1.eu-west-1.elb.amazonaws.com.", "EvaluateTargetHealth": True},
        },
        {"Name": "\\052.myclothes.com.", "Type": "CNAME", "ResourceRecords": [{"Value": "dualstack.myclothes.com."}]},
        {
            "Name": "myclothes.com.",
            "Type": "A",
            "ResourceRecords": [{"Value": "203.0.113.9"}, {"Value": "203.0.113.8"}],
        },
    ]

    found = read_zone({"Config": {"PrivateZone": False}, "ResourceRecordSets": records})

    assert (found.id, value(found.zone), value(found.private)) == ("Z1", "myclothes.com", False)
    assert value(found.records) == (
        DnsRecord("www.myclothes.com", "A", ("shop-1.eu-west-1.elb.amazonaws.com",)),
        DnsRecord("*.myclothes.com", "CNAME", ("dualstack.myclothes.com",)),
        DnsRecord("myclothes.com", "A", ("203.0.113.9", "203.0.113.8")),
    )


def test_the_records_of_a_public_zone_are_unknown_until_read_and_those_of_a_private_one_not_asked() -> None:
    assert read_zone({}).records.missing
    assert read_zone({"ResourceRecordSets": GAP}).records.missing == (GAP.missing,)
    assert read_zone({"Config": GAP}).records.missing == (GAP.missing,)
    assert value(read_zone({"Config": {"PrivateZone": True}}).records) == ()


def test_a_certificate_expires_at_a_time_or_was_never_issued() -> None:
    found = read_certificate({"NotAfter": datetime(2027, 1, 2, tzinfo=UTC)})

    assert (found.id, value(found.domain), value(found.status)) == ("arn:cert", "myclothes.com", "ISSUED")
    assert value(found.expires) == "2027-01-02T00:00:00+00:00"
    assert value(read_certificate({"NotAfter": "2027-01-02T00:00:00+00:00"}).expires) == "2027-01-02T00:00:00+00:00"
    assert value(read_certificate({"Status": "PENDING_VALIDATION"}).expires) is None
    assert read_certificate({"NotAfter": GAP}).expires.missing == (GAP.missing,)


def listing(operation: str) -> ListCall:
    (found,) = (call for call in CALLS if isinstance(call, ListCall) and call.operation == operation)
    return found


def is_asked(operation: str, parent: Raw, seen: Listed) -> bool:
    (found,) = (call for call in CALLS if isinstance(call, DetailCall) and call.operation == operation)
    assert found.when is not None
    return found.when(parent, seen)


def balancer(vpc: str = "vpc-1", scheme: str = "internet-facing", type: str = "application") -> Raw:
    return {"LoadBalancerArn": f"arn:{vpc}:{scheme}:{type}", "VpcId": vpc, "Scheme": scheme, "Type": type}


def test_listeners_are_asked_for_each_balancer_but_gateways() -> None:
    each = listing("describe_listeners").each
    seen = Listed({"LoadBalancer": (balancer(), balancer(type="network"), balancer(type="gateway"))})

    assert each is not None
    assert list(each(seen)) == [
        {"LoadBalancerArn": "arn:vpc-1:internet-facing:application"},
        {"LoadBalancerArn": "arn:vpc-1:internet-facing:network"},
    ]
    assert list(each(Listed(incomplete=("LoadBalancer",)))) == []


@pytest.mark.parametrize(("type", "asked"), [("application", False), ("network", True), ("gateway", True)])
def test_attributes_are_asked_where_cross_zone_is_a_choice(type: str, asked: bool) -> None:
    assert is_asked("describe_load_balancer_attributes", balancer(type=type), Listed()) is asked


@pytest.mark.parametrize(
    ("addresses", "asked"), [("ipv4", False), ("dualstack", True), ("dualstack-without-public-ipv4", True)]
)
def test_attributes_are_asked_where_ipv6_addresses_may_be_hidden(addresses: str, asked: bool) -> None:  # semantics 69
    raw = {**balancer(), "IpAddressType": addresses}

    assert is_asked("describe_load_balancer_attributes", raw, Listed()) is asked


@pytest.mark.parametrize(
    ("others", "incomplete", "asked"),
    [
        ((), (), False),
        ((balancer("vpc-2"),), (), False),
        ((balancer(scheme="internal"),), (), False),
        ((balancer(type="network"),), (), True),
        ((), ("LoadBalancer",), True),
    ],
)
def test_tags_are_asked_where_they_tell_front_doors_apart(
    others: tuple[Raw, ...], incomplete: tuple[str, ...], asked: bool
) -> None:
    seen = Listed({"LoadBalancer": (balancer(), *others)}, incomplete)

    assert is_asked("describe_tags", balancer(), seen) is asked


def https(*arns: str) -> Raw:
    return {"LoadBalancerArn": "arn:lb", "Protocol": "HTTPS", "DefaultActions": [forward(*arns)]}


def attached(*arns: str, to: str = "arn:lb") -> tuple[Raw, ...]:
    return tuple({"TargetGroupArn": arn, "LoadBalancerArns": [to]} for arn in arns)


@pytest.mark.parametrize(
    ("raw", "groups", "incomplete", "asked"),
    [
        (https("arn:a"), attached("arn:a"), (), False),
        (https("arn:a"), attached("arn:a") + attached("arn:b", to="arn:other"), (), False),
        (https("arn:a"), attached("arn:a", "arn:b"), (), True),
        (https("arn:a", "arn:b"), attached("arn:a", "arn:b"), (), True),
        (https("arn:a"), attached("arn:a"), ("TargetGroup",), True),
        (https("arn:a"), (), (), True),
        ({**https("arn:a"), "DefaultActions": [{"Type": "fixed-response"}]}, attached("arn:a"), (), True),
        (
            {**https("arn:a"), "DefaultActions": [{"Type": "authenticate-oidc"}, forward("arn:a")]},
            attached("arn:a"),
            (),
            False,
        ),
        ({**https("arn:a"), "Protocol": "HTTP"}, attached("arn:a"), (), True),
        ({**https("arn:a"), "Protocol": "TLS"}, attached("arn:a", "arn:b"), (), False),
    ],
)
def test_rules_are_asked_where_they_could_lead_elsewhere(
    raw: Raw, groups: tuple[Raw, ...], incomplete: tuple[str, ...], asked: bool
) -> None:
    assert is_asked("describe_rules", raw, Listed({"TargetGroup": groups}, incomplete)) is asked


def test_attributes_are_asked_of_groups_in_use() -> None:
    assert is_asked("describe_target_group_attributes", attached("arn:a")[0], Listed())
    assert not is_asked("describe_target_group_attributes", {"LoadBalancerArns": []}, Listed())


def standing(id: str, vpc: str = "vpc-1", state: str = "running") -> Raw:
    return {"InstanceId": id, "VpcId": vpc, "State": {"Name": state}}


def owner(*ids: str, attached_to: str = "arn:tg") -> Raw:
    return {"TargetGroupARNs": [attached_to], "Instances": [{"InstanceId": id} for id in ids]}


@pytest.mark.parametrize(
    ("type", "instances", "owners", "incomplete", "asked"),
    [
        ("instance", (standing("i-1"),), (owner("i-1"),), (), False),
        ("instance", (), (), (), False),
        ("instance", (standing("i-1"), standing("i-2")), (owner("i-1"),), (), True),
        ("instance", (standing("i-1"),), (owner("i-1", attached_to="arn:other"),), (), True),
        ("instance", (standing("i-2", vpc="vpc-2"),), (), (), False),
        ("instance", (standing("i-2", state="terminated"),), (), (), False),
        ("instance", (standing("i-2", state="stopped"),), (), (), True),
        ("instance", (), (), ("Instance",), True),
        ("instance", (), (), ("AutoScalingGroup",), True),
        ("ip", (), (), (), True),
        ("lambda", (), (), (), True),
        ("alb", (), (), (), True),
    ],
)
def test_targets_are_asked_where_one_could_be_outside_the_attached_groups(
    type: str, instances: tuple[Raw, ...], owners: tuple[Raw, ...], incomplete: tuple[str, ...], asked: bool
) -> None:
    seen = Listed({"Instance": instances, "AutoScalingGroup": owners}, incomplete)
    group = {"TargetGroupArn": "arn:tg", "TargetType": type, "VpcId": "vpc-1"}

    assert is_asked("describe_target_health", group, seen) is asked


@pytest.mark.parametrize(
    ("config", "asked"), [({"PrivateZone": True}, False), ({"PrivateZone": False}, True), ({}, True)]
)
def test_records_are_asked_of_public_zones(config: Raw, asked: bool) -> None:
    assert is_asked("list_resource_record_sets", {"Config": config}, Listed()) is asked


@pytest.mark.parametrize(
    ("seen", "asked"),
    [
        (Listed(), False),
        (Listed({"Listener": ({"Protocol": "HTTP"},)}), False),
        (Listed({"Listener": ({"Certificates": [{"CertificateArn": "arn:cert"}]},)}), True),
        (Listed(incomplete=("Listener",)), True),
    ],
)
def test_certificates_are_asked_where_a_listener_may_have_one(seen: Listed, asked: bool) -> None:
    when = listing("list_certificates").when

    assert when is not None and when(seen) is asked


def test_the_calls_for_a_hundred_documented_shops() -> None:
    shops = range(100)
    listeners = tuple(
        {
            "ListenerArn": f"{n}/{protocol}",
            "LoadBalancerArn": f"lb-{n}",
            "Protocol": protocol,
            "DefaultActions": [action],
        }
        for n in shops
        for protocol, action in (("HTTP", TO_HTTPS), ("HTTPS", forward(f"tg-{n}")))
    )
    seen = Listed(
        {
            "LoadBalancer": tuple({**balancer(f"vpc-{n}"), "LoadBalancerArn": f"lb-{n}"} for n in shops),
            "Listener": listeners,
            "TargetGroup": tuple(
                {"TargetGroupArn": f"tg-{n}", "LoadBalancerArns": [f"lb-{n}"], "VpcId": f"vpc-{n}"} for n in shops
            ),
            "Instance": tuple(standing(f"i-{n}-{k}", f"vpc-{n}") for n in shops for k in range(2)),
            "AutoScalingGroup": tuple(owner(f"i-{n}-0", f"i-{n}-1", attached_to=f"tg-{n}") for n in shops),
        }
    )
    made = Counter[str]()
    for call in CALLS:
        if isinstance(call, ListCall):
            made[call.operation] += sum(1 for _ in call.each(seen)) if call.each else 1
        else:
            parents = seen.raw(call.of)
            made[call.operation] += sum(1 for raw in parents if call.when is None or call.when(raw, seen))

    assert made == {
        "describe_load_balancers": 1,
        "describe_listeners": 100,
        "describe_rules": 100,
        "describe_target_groups": 1,
        "describe_target_group_attributes": 100,
        "list_hosted_zones": 1,
        "list_certificates": 1,
        "describe_load_balancer_attributes": 0,
        "describe_tags": 0,
        "describe_target_health": 0,
        "list_resource_record_sets": 0,
    }

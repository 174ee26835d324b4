"""Edges and apps as Terraform spells them: the same facts as the API's answers give, and what a program leaves open."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TypeVar

import pytest

from checker.collect.terraform.instance import Instance as Declared
from checker.collect.terraform.records import records
from checker.graph.tables import may_use
from checker.model.fact import Fact, Known, Missing
from checker.model.record import Collection, Origin, Record, Scope
from checker.model.resource import Resource
from checker.model.symbol import Symbol
from checker.resources.auto_scaling_group import AutoScalingGroup, TemplateRef
from checker.resources.catalog import kinds
from checker.resources.certificate import Certificate
from checker.resources.classic_load_balancer import ClassicLoadBalancer
from checker.resources.dynamo_table import DynamoTable
from checker.resources.hosted_zone import DnsRecord, HostedZone
from checker.resources.instance import Instance
from checker.resources.inventory import Inventory, normalise
from checker.resources.launch_configuration import LaunchConfiguration
from checker.resources.launch_template import LaunchTemplate
from checker.resources.listener import Action, Listener, ListenerRule
from checker.resources.load_balancer import LoadBalancer
from checker.resources.policy import Statement
from checker.resources.role import Role
from checker.resources.scaling_policy import ScalingPolicy
from checker.resources.target_group import Target, TargetGroup

R = TypeVar("R", bound=Resource)
Values = Mapping[str, object]
HERE = Scope("111122223333", "eu-west-1")
LOST = Missing("var.x", "give its value")


def program(blocks: Mapping[str, Values]) -> Inventory:
    """Return the inventory of a program: each block's values by its address, `count?` there for an unknown number."""
    found = []
    for address, values in blocks.items():
        type_ = address.removeprefix("data.").partition(".")[0]
        found.append(
            Declared(
                address=address,
                type=type_,
                values={key: value for key, value in values.items() if key != "count?"},
                origin=Origin("terraform-hcl", "main.tf", 1, address),
                is_data=address.startswith("data."),
                uncertain="count?" in values,
                region=HERE.region,
                account=HERE.account,
            )
        )
    read, gaps = records(found, kinds())
    return normalise(Collection("terraform-hcl", read, gaps), kinds())[0]


def only(kind: type[R], blocks: Mapping[str, Values]) -> R:
    (found,) = program(blocks).all(kind).items
    return found


def live(kind: type[R], type: str, raw: Values) -> R:
    (found,) = (
        normalise(Collection("aws", (Record("aws-api", type, HERE, raw, Origin("aws")),)), kinds())[0].all(kind).items
    )
    return found


def value(fact: Fact[object]) -> object:
    assert isinstance(fact, Known), fact
    return fact.value


def facts(item: Resource, *without: str) -> dict[str, object]:
    """Return the known facts of a resource by their names, its identity left aside."""
    own = [field.name for field in fields(item) if field.name not in ("id", "scope", "origin", "arn", *without)]
    return {name: fact.value if isinstance(fact := getattr(item, name), Known) else fact for name in own}


def new(address: str) -> Symbol:
    return Symbol(address)


SUBNETS: Mapping[str, Values] = {
    "aws_subnet.a": {"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24", "availability_zone": "eu-west-1a"},
    "aws_subnet.b": {"vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1b"},
}
BOTH = [new("aws_subnet.a"), new("aws_subnet.b")]
BALANCER: Values = {"name": "shop", "subnets": BOTH, "security_groups": ["sg-1"]}


def balancer(values: Values) -> LoadBalancer:
    return only(LoadBalancer, {**SUBNETS, "aws_lb.main": {**BALANCER, **values}})


def test_a_load_balancer_is_the_same_as_the_live_one() -> None:
    described = {
        "LoadBalancerArn": "arn:lb",
        "LoadBalancerName": "shop",
        "DNSName": "aws_lb.main.dns_name",
        "Scheme": "internet-facing",
        "Type": "application",
        "VpcId": "vpc-1",
        "State": {"Code": "active"},
        "AvailabilityZones": [{"SubnetId": "aws_subnet.a"}, {"SubnetId": "aws_subnet.b"}],
        "SecurityGroups": ["sg-1"],
        "IpAddressType": "ipv4",
        "Tags": [{"Key": "stack", "Value": "shop"}],
    }

    found = balancer({"tags": {"stack": "shop"}})

    assert facts(found) == facts(live(LoadBalancer, "LoadBalancer", described))
    assert (found.id, found.arn) == ("aws_lb.main", "aws_lb.main")


def test_a_network_load_balancer_with_fixed_addresses_is_the_same_as_the_live_one() -> None:
    node = {"SubnetId": "aws_subnet.a", "LoadBalancerAddresses": [{"PrivateIPv4Address": "10.0.0.9"}]}
    described = {
        "LoadBalancerArn": "arn:lb",
        "LoadBalancerName": "shop",
        "DNSName": "aws_lb.main.dns_name",
        "Scheme": "internal",
        "Type": "network",
        "VpcId": "vpc-1",
        "AvailabilityZones": [node],
        "Attributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
    }
    mapping = {"subnet_id": new("aws_subnet.a"), "private_ipv4_address": "10.0.0.9", "allocation_id": ""}

    found = only(
        LoadBalancer,
        {
            **SUBNETS,
            "aws_alb.main": {
                "name": "shop",
                "internal": True,
                "load_balancer_type": "network",
                "subnet_mapping": [mapping],
                "enable_cross_zone_load_balancing": True,
            },
        },
    )

    assert facts(found, "dns_name") == facts(live(LoadBalancer, "LoadBalancer", described), "dns_name")


@pytest.mark.parametrize(
    ("type_", "groups"), [("application", ("vpc-1.default_security_group_id",)), ("network", ()), ("gateway", ())]
)
def test_only_an_application_load_balancer_without_groups_wears_the_default_one(
    type_: str, groups: tuple[str, ...]
) -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html."""
    found = balancer({"load_balancer_type": type_, "security_groups": None})

    assert value(found.groups) == groups
    assert value(found.internet_facing) is (type_ != "gateway")


def test_the_vpc_of_a_load_balancer_is_told_by_its_subnets_or_its_groups() -> None:
    group = {"aws_security_group.lb": {"name": "lb", "vpc_id": new("aws_vpc.main")}}
    named = {"subnets": Symbol("var.subnets"), "security_groups": [new("aws_security_group.lb")]}

    assert value(balancer({}).vpc) == "vpc-1"
    assert value(only(LoadBalancer, {**group, "aws_lb.main": named}).vpc) == "aws_vpc.main"
    assert only(LoadBalancer, {"aws_lb.main": {"subnets": LOST}}).vpc.missing


def test_what_a_program_leaves_open_of_a_load_balancer_is_unknown() -> None:
    found = balancer(
        {"internal": LOST, "subnets": [new("aws_subnet.a"), LOST], "security_groups": Symbol("var.groups")}
    )

    for fact in (found.internet_facing, found.subnets, found.groups, found.hides_ipv6):
        assert fact.missing
    assert balancer({"load_balancer_type": Symbol("var.type")}).cross_zone.missing


def test_a_load_balancer_of_a_state_has_its_real_name() -> None:
    found = balancer({"id": "arn:lb", "arn": "arn:lb", "dns_name": "Shop-1.elb.amazonaws.com", "vpc_id": "vpc-9"})

    assert (found.id, found.arn, value(found.dns_name)) == ("arn:lb", "arn:lb", "shop-1.elb.amazonaws.com")
    assert value(found.vpc) == "vpc-9"


TO_HTTPS: Values = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}]}
TO_GROUP: Values = {"type": "forward", "target_group_arn": new("aws_lb_target_group.app")}


def listener(values: Values, more: Mapping[str, Values] | None = None) -> Listener:
    own = {"load_balancer_arn": new("aws_lb.main"), "port": 443, "protocol": "HTTPS", "default_action": [TO_GROUP]}
    return only(Listener, {"aws_lb_listener.main": {**own, **values}, **(more or {})})


def test_a_listener_is_the_same_as_the_live_one() -> None:
    described = {
        "ListenerArn": "arn:listener",
        "LoadBalancerArn": "aws_lb.main",
        "Port": 443,
        "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "Certificates": [{"CertificateArn": "aws_acm_certificate.shop"}],
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": "aws_lb_target_group.app"}],
        "Rules": [],
    }

    found = listener(
        {"ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "certificate_arn": new("aws_acm_certificate.shop")}
    )

    assert facts(found) == facts(live(Listener, "Listener", described))


def test_a_listener_that_only_redirects_has_no_certificate_and_no_policy() -> None:
    found = listener({"port": 80, "protocol": None, "default_action": [TO_HTTPS]})

    assert (value(found.protocol), value(found.policy), value(found.certificates)) == ("HTTP", None, ())
    assert value(found.actions) == (Action("redirect", protocol="HTTPS", port="443", status_code="HTTP_301"),)


def test_tls_without_a_policy_gets_the_oldest_one() -> None:
    """Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html."""
    assert value(listener({}).policy) == "ELBSecurityPolicy-2016-08"
    assert listener({"ssl_policy": LOST}).policy.missing


def test_a_weighted_forward_keeps_weights_and_stickiness() -> None:
    groups = [{"arn": new("aws_lb_target_group.a"), "weight": 9}, {"arn": new("aws_lb_target_group.b")}]
    sure = {"type": "forward", "forward": [{"target_group": groups, "stickiness": [{"duration": 60, "enabled": True}]}]}
    plain = {"type": "forward", "forward": [{"target_group": groups, "stickiness": [{"duration": 60}]}]}
    pairs = (("aws_lb_target_group.a", 9), ("aws_lb_target_group.b", 1))

    found = listener({"default_action": [sure, plain]})

    assert value(found.actions) == (Action("forward", pairs, sticky=True), Action("forward", pairs))


def test_a_redirect_keeps_what_it_does_not_change() -> None:
    found = listener({"default_action": [{"type": "redirect", "redirect": [{"status_code": "HTTP_302"}]}]})

    assert value(found.actions) == (Action("redirect", protocol="#{protocol}", port="#{port}", status_code="HTTP_302"),)


@pytest.mark.parametrize("type_", ["fixed-response", "authenticate-cognito", "authenticate-oidc"])
def test_other_actions_keep_their_type(type_: str) -> None:
    assert value(listener({"default_action": [{"type": type_, "fixed_response": []}]}).actions) == (Action(type_),)


@pytest.mark.parametrize("family", ["aws_lb", "aws_alb"])
def test_rules_belong_to_the_listener_that_they_name(family: str) -> None:
    mine = {"listener_arn": new("aws_lb_listener.main"), "priority": 10, "action": [TO_HTTPS]}
    other = {"listener_arn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/x", "action": [TO_GROUP]}

    found = program(
        {
            "aws_lb_listener.main": {"load_balancer_arn": "arn:lb", "port": 80, "default_action": [TO_HTTPS]},
            f"{family}_listener_rule.mine": mine,
            f"{family}_listener_rule.other": other,
        }
    )

    ours = next(item for item in found.all(Listener).items if item.id == "aws_lb_listener.main")
    to_https = Action("redirect", protocol="HTTPS", port="443", status_code="HTTP_301")
    assert value(ours.rules) == (ListenerRule(f"{family}_listener_rule.mine", False, "10", (to_https,)),)


@pytest.mark.parametrize(
    "rule",
    [
        {"listener_arn": new("aws_lb_listener.main"), "action": [TO_GROUP], "count?": True},
        {"listener_arn": LOST, "action": [TO_GROUP]},
        {"listener_arn": new("aws_lb_listener.main"), "action": LOST},
        {"listener_arn": new("aws_lb_listener.main"), "action": [{"type": "forward", "target_group_arn": LOST}]},
    ],
)
def test_a_rule_that_may_do_anything_makes_the_rules_unknown(rule: Values) -> None:
    found = listener({}, {"aws_lb_listener_rule.open": rule})

    assert found.rules.missing
    assert value(found.actions) == (Action("forward", (("aws_lb_target_group.app", 1),)),)


def group(values: Values, more: Mapping[str, Values] | None = None) -> TargetGroup:
    return only(TargetGroup, {"aws_lb_target_group.app": {"name": "app", "vpc_id": "vpc-1", **values}, **(more or {})})


@pytest.mark.parametrize(
    ("given", "expected"),
    [(True, True), (False, False), ("true", True), ("false", False), ("use_load_balancer_configuration", None)],
)
def test_cross_zone_of_a_target_group_is_a_text_that_may_be_given_as_a_truth_value(
    given: object, expected: bool | None
) -> None:
    # Source: https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
    assert value(group({"load_balancing_cross_zone_enabled": given}).cross_zone) is expected


WEB: Values = {"port": 8080, "protocol": "HTTP"}


def test_a_target_group_is_the_same_as_the_live_one() -> None:
    described = {
        "TargetGroupArn": "arn:tg",
        "TargetGroupName": "app",
        "TargetType": "instance",
        "Protocol": "HTTP",
        "Port": 8080,
        "VpcId": "vpc-1",
        "HealthCheckEnabled": True,
        "HealthCheckPort": "9090",
        "IpAddressType": "ipv4",
        "Attributes": [
            {"Key": "stickiness.enabled", "Value": "true"},
            {"Key": "stickiness.type", "Value": "lb_cookie"},
        ],
        "TargetHealthDescriptions": [{"Target": {"Id": "aws_instance.web", "Port": 8080}}],
    }
    attached = {"target_group_arn": new("aws_lb_target_group.app"), "target_id": new("aws_instance.web")}

    found = group(
        {**WEB, "stickiness": [{"type": "lb_cookie"}], "health_check": [{"path": "/", "port": "9090"}]},
        {"aws_lb_target_group_attachment.web": attached},
    )

    assert facts(found, "load_balancers") == facts(live(TargetGroup, "TargetGroup", described), "load_balancers")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ({}, False),
        ({"stickiness": []}, False),
        ({"stickiness": [{"type": "lb_cookie"}]}, True),
        ({"stickiness": [{"type": "lb_cookie", "enabled": False}]}, False),
        ({"stickiness": LOST}, None),
        ({"stickiness": [{"type": "lb_cookie", "enabled": Symbol("var.sticky")}]}, None),
    ],
)
def test_a_group_is_sticky_where_a_block_says_so(blocks: Values, expected: bool | None) -> None:
    """Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb_target_group."""
    found = group({**WEB, **blocks})

    assert found.stickiness.missing if expected is None else value(found.stickiness) is expected


@pytest.mark.parametrize(
    ("values", "port", "enabled"),
    [
        (WEB, "traffic-port", True),
        ({**WEB, "health_check": [{"path": "/"}]}, "traffic-port", True),
        ({**WEB, "health_check": [{"enabled": False}]}, "traffic-port", False),
        ({"target_type": "lambda"}, "traffic-port", False),
        ({"target_type": "lambda", "health_check": [{"path": "/"}]}, "traffic-port", True),
    ],
)
def test_health_checks_are_on_but_for_functions(values: Values, port: str, enabled: bool) -> None:
    found = group(values)

    assert (value(found.health_port), value(found.health_enabled)) == (port, enabled)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"protocol": "TCP"}, True),
        ({"protocol": "TCP", "target_type": "ip"}, False),
        ({"protocol": "TCP", "target_type": "ip", "preserve_client_ip": "true"}, True),
        ({"protocol": "TLS", "preserve_client_ip": False}, False),
        ({"protocol": "UDP", "target_type": "ip"}, True),
        ({"protocol": "HTTP"}, False),
    ],
)
def test_the_clients_address_is_kept_by_type_and_protocol(values: Values, expected: bool) -> None:  # semantics 47
    assert value(group({"port": 80, **values}).preserve_client_ip) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(None, None), ("true", True), ("false", False), ("use_load_balancer_configuration", None)],
)
def test_a_group_may_leave_cross_zone_to_the_balancer(text: str | None, expected: bool | None) -> None:  # semantics 48
    assert value(group({**WEB, "load_balancing_cross_zone_enabled": text}).cross_zone) is expected


def attachment(target: object, **more: object) -> Mapping[str, Values]:
    own = {"target_group_arn": new("aws_lb_target_group.app"), "target_id": target}
    return {"aws_lb_target_group_attachment.one": {**own, **more}}


def test_targets_are_those_that_are_attached() -> None:
    assert value(group(WEB).targets) == ()
    assert value(group(WEB, attachment(new("aws_instance.a"), port=81)).targets) == (
        Target("aws_instance.a", 81, None),
    )
    ip = {**WEB, "target_type": "ip"}
    assert value(group(ip, attachment("10.9.0.7", availability_zone="all")).targets) == (
        Target("10.9.0.7", 8080, "all"),
    )
    chained = {"target_type": "alb", "port": 80, "protocol": "TCP"}
    assert value(group(chained, attachment(new("aws_lb.inner"))).targets) == (Target("aws_lb.inner", 80, None),)
    function = group({"target_type": "lambda"}, attachment(new("aws_lambda_function.f")))
    assert value(function.targets) == (Target("aws_lambda_function.f", None, None),)


@pytest.mark.parametrize(
    "more",
    [
        attachment(new("aws_instance.a"), **{"count?": True}),
        attachment(LOST),
        {"aws_ecs_service.web": {"load_balancer": [{"target_group_arn": new("aws_lb_target_group.app")}]}},
    ],
)
def test_targets_that_nobody_can_tell_are_unknown(more: Mapping[str, Values]) -> None:
    assert group(WEB, more).targets.missing


def test_an_address_that_an_apply_gives_is_unknown() -> None:
    found = group({**WEB, "target_type": "ip"}, attachment(Symbol("aws_instance.a.private_ip")))

    assert found.targets.missing


CLASSIC: Values = {
    "name": "old-shop",
    "subnets": BOTH,
    "security_groups": ["sg-1"],
    "listener": [{"lb_port": 443, "lb_protocol": "https", "instance_port": 8080, "instance_protocol": "http"}],
    "health_check": [{"target": "HTTP:8081/health"}],
    "instances": [new("aws_instance.a")],
}


def test_a_classic_load_balancer_is_the_same_as_the_live_one() -> None:
    wires = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTP", "InstancePort": 8080}
    described = {
        "LoadBalancerName": "old-shop",
        "DNSName": "aws_elb.old.dns_name",
        "Scheme": "internet-facing",
        "VPCId": "vpc-1",
        "Subnets": ["aws_subnet.a", "aws_subnet.b"],
        "SecurityGroups": ["sg-1"],
        "Instances": [{"InstanceId": "aws_instance.a"}, {"InstanceId": "i-2"}],
        "HealthCheck": {"Target": "HTTP:8081/health"},
        "ListenerDescriptions": [{"Listener": wires}],
        "Attributes": {"CrossZoneLoadBalancing": {"Enabled": True}},
    }
    attached = {"elb": "old-shop", "instance": "i-2"}

    found = only(ClassicLoadBalancer, {**SUBNETS, "aws_elb.old": CLASSIC, "aws_elb_attachment.two": attached})

    assert facts(found) == facts(live(ClassicLoadBalancer, "ClassicLoadBalancer", described))
    assert found.id == "old-shop"


def test_a_classic_load_balancer_in_zones_leaves_its_subnets_and_groups_open() -> None:
    found = only(ClassicLoadBalancer, {"aws_elb.old": {"availability_zones": ["eu-west-1a"], "internal": LOST}})

    for fact in (found.subnets, found.groups, found.internet_facing, found.vpc, found.health_port, found.listeners):
        assert fact.missing


SCALED: Values = {
    "name": "shop",
    "min_size": 2,
    "max_size": 6,
    "vpc_zone_identifier": BOTH,
    "launch_template": [{"id": new("aws_launch_template.app"), "version": "$Latest"}],
}


def scaled(values: Values, more: Mapping[str, Values] | None = None) -> AutoScalingGroup:
    return only(AutoScalingGroup, {"aws_autoscaling_group.app": {**SCALED, **values}, **(more or {})})


def test_an_auto_scaling_group_is_the_same_as_the_live_one() -> None:
    described = {
        "AutoScalingGroupName": "shop",
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 3,
        "VPCZoneIdentifier": "aws_subnet.a,aws_subnet.b",
        "TargetGroupARNs": ["aws_lb_target_group.app"],
        "LoadBalancerNames": ["old-shop"],
        "HealthCheckType": "ELB",
        "LaunchTemplate": {"LaunchTemplateId": "aws_launch_template.app", "Version": "$Latest"},
        "Tags": [{"Key": "stack", "Value": "shop", "PropagateAtLaunch": True}],
    }

    found = scaled(
        {
            "desired_capacity": 3,
            "target_group_arns": [new("aws_lb_target_group.app")],
            "load_balancers": ["old-shop"],
            "health_check_type": "ELB",
            "tag": [{"key": "stack", "value": "shop", "propagate_at_launch": True}],
        }
    )

    assert facts(found, "zones") == facts(live(AutoScalingGroup, "AutoScalingGroup", described), "zones")
    assert found.id == "shop"


def test_a_bare_group_has_the_documented_defaults() -> None:
    """Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html."""
    found = scaled({"name": None, "launch_template": [{"name": "app"}]})

    assert (found.id, value(found.desired), value(found.health_check)) == ("aws_autoscaling_group.app", 2, "EC2")
    assert value(found.template) == TemplateRef("", "app", "$Default")
    assert (value(found.target_groups), value(found.classic_balancers), value(found.overrides)) == ((), (), ())


SELF = "shop"
ATTACHMENTS: Mapping[str, Mapping[str, Values]] = {
    "attachment": {
        "aws_autoscaling_attachment.a": {
            "autoscaling_group_name": SELF,
            "lb_target_group_arn": new("aws_lb_target_group.a"),
        }
    },
    "attachment of version 4": {
        "aws_autoscaling_attachment.a": {
            "autoscaling_group_name": SELF,
            "alb_target_group_arn": new("aws_lb_target_group.a"),
        }
    },
    "traffic source": {
        "aws_autoscaling_traffic_source_attachment.a": {
            "autoscaling_group_name": SELF,
            "traffic_source": [{"identifier": new("aws_lb_target_group.a"), "type": "elbv2"}],
        }
    },
}


@pytest.mark.parametrize("how", ATTACHMENTS)
def test_every_way_to_attach_a_target_group(how: str) -> None:
    assert value(scaled({}, ATTACHMENTS[how]).target_groups) == ("aws_lb_target_group.a",)


def test_traffic_sources_attach_like_their_own_fields_and_count_once() -> None:
    group, old = new("aws_lb_target_group.a"), new("aws_elb.old")
    sources = [
        {"identifier": group},
        {"identifier": old, "type": "elb"},
        {"identifier": "arn:l", "type": "vpc-lattice"},
    ]

    found = scaled({"target_group_arns": [group], "traffic_source": sources}, ATTACHMENTS["attachment"])

    assert value(found.target_groups) == ("aws_lb_target_group.a",)
    assert value(found.classic_balancers) == ("aws_elb.old",)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (None, "$Default"),
        ("$Latest", "$Latest"),
        (3, "3"),
        (Symbol("aws_launch_template.app.latest_version"), "$Latest"),
        (Symbol("module.app[0].aws_launch_template.app.latest_version"), "$Latest"),
        (Symbol("aws_launch_template.app.default_version"), "$Default"),
        (Symbol("var.latest_version"), None),
    ],
)
def test_a_group_names_a_version_in_any_way(version: object, expected: str | None) -> None:
    found = scaled({"launch_template": [{"id": new("aws_launch_template.app"), "version": version}]})

    if expected is None:
        assert found.template.missing
    else:
        assert value(found.template) == TemplateRef("aws_launch_template.app", "", expected)


def test_a_group_may_call_a_template_by_a_name_that_it_does_not_have_yet() -> None:
    named = {"launch_template": [{"name": Symbol("aws_launch_template.app.name"), "version": "$Latest"}]}

    assert value(scaled(named).template) == TemplateRef("aws_launch_template.app", "", "$Latest")
    assert value(template({"name": None}).template) == "aws_launch_template.app"


def test_a_mixed_group_has_the_templates_of_its_policy_and_overrides() -> None:
    base = {"launch_template_id": new("aws_launch_template.app"), "version": "$Latest"}
    arm = {"launch_template_specification": [{"launch_template_name": "arm", "version": "2"}]}
    block = {"launch_template_specification": [base], "override": [{"instance_type": "t3.small"}, arm]}

    found = scaled({"launch_template": [], "mixed_instances_policy": [{"launch_template": [block]}]})

    assert value(found.template) == TemplateRef("aws_launch_template.app", "", "$Latest")
    assert value(found.overrides) == (TemplateRef("", "arm", "2"),)


def test_a_group_may_launch_from_a_configuration() -> None:
    found = scaled({"launch_template": None, "launch_configuration": new("aws_launch_configuration.old")})

    assert (value(found.template), value(found.configuration)) == (None, "aws_launch_configuration.old")


def test_what_a_group_leaves_open_is_unknown() -> None:
    found = scaled(
        {
            "vpc_zone_identifier": Symbol("data.aws_subnets.app.ids"),
            "target_group_arns": [new("aws_lb_target_group.a"), LOST],
            "launch_template": LOST,
            "max_size": Symbol("var.size"),
            "health_check_type": LOST,
        }
    )

    for fact in (found.subnets, found.target_groups, found.template, found.maximum, found.health_check):
        assert fact.missing
    assert scaled({"vpc_zone_identifier": None, "availability_zones": ["eu-west-1a"]}).subnets.missing


def template(values: Values) -> LaunchTemplate:
    return only(LaunchTemplate, {"aws_launch_template.app": {"name": "shop", **values}})


def test_a_launch_template_is_the_same_as_the_live_one() -> None:
    data = {
        "SecurityGroupIds": ["sg-1"],
        "SecurityGroups": ["web"],
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "IamInstanceProfile": {"Name": "app"},
        "UserData": "c2VjcmV0",
    }
    described = {
        "LaunchTemplateId": "aws_launch_template.app",
        "LaunchTemplateName": "shop",
        "VersionNumber": 1,
        "DefaultVersion": True,
        "LaunchTemplateData": data,
    }

    found = template(
        {
            "vpc_security_group_ids": ["sg-1"],
            "security_group_names": ["web"],
            "metadata_options": [{"http_tokens": "required", "http_endpoint": "enabled"}],
            "iam_instance_profile": [{"name": "app"}],
            "user_data": "c2VjcmV0",
        }
    )

    assert facts(found) == facts(live(LaunchTemplate, "LaunchTemplateVersion", described))
    assert (found.id, "c2VjcmV0" in repr(found)) == ("aws_launch_template.app:1", False)


@pytest.mark.parametrize(
    ("values", "number", "is_default"),
    [
        ({}, 1, True),
        ({"id": "lt-1", "latest_version": 1, "default_version": 1}, 1, True),
        ({"id": "lt-1", "latest_version": 7, "default_version": 1}, 7, False),
        ({"id": "lt-1", "latest_version": LOST, "default_version": 1}, 0, False),
        ({"id": "lt-1", "latest_version": LOST, "default_version": LOST, "update_default_version": True}, 0, True),
    ],
)
def test_a_template_describes_its_latest_version(values: Values, number: int, is_default: bool) -> None:
    """Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/launch_template."""
    found = template(values)

    assert (value(found.version), value(found.is_default)) == (number, is_default)


def test_a_template_with_interfaces_has_the_groups_of_the_first_device() -> None:
    second = {"device_index": 1, "security_groups": ["sg-2"], "ipv6_address_count": 1}
    first = {"security_groups": [new("aws_security_group.app")], "associate_public_ip_address": "false"}

    found = template({"network_interfaces": [second, first]})

    assert value(found.groups) == ("aws_security_group.app",)
    assert (value(found.associate_public), value(found.ipv6_addresses)) == (False, True)


@pytest.mark.parametrize(
    ("setting", "expected"), [(None, None), ("", None), ("true", True), (True, True), ("false", False)]
)
def test_a_public_address_may_be_left_to_the_subnet(setting: object, expected: bool | None) -> None:
    found = template({"network_interfaces": [{"associate_public_ip_address": setting}]})

    assert value(found.associate_public) is expected


def test_what_a_template_leaves_open_is_unknown() -> None:
    found = template({"network_interfaces": LOST, "metadata_options": LOST, "iam_instance_profile": LOST})

    for fact in (found.groups, found.associate_public, found.ipv6_addresses, found.imds, found.profile):
        assert fact.missing == (LOST,)


def test_a_launch_configuration_is_the_same_as_the_live_one() -> None:
    described = {
        "LaunchConfigurationName": "old",
        "SecurityGroups": ["sg-1"],
        "AssociatePublicIpAddress": False,
        "IamInstanceProfile": "app",
        "MetadataOptions": {"HttpTokens": "optional"},
    }

    found = only(
        LaunchConfiguration,
        {
            "aws_launch_configuration.old": {
                "name": "old",
                "security_groups": ["sg-1"],
                "associate_public_ip_address": False,
                "iam_instance_profile": "app",
                "metadata_options": [{"http_tokens": "optional"}],
            }
        },
    )

    assert facts(found) == facts(live(LaunchConfiguration, "LaunchConfiguration", described))
    bare = only(LaunchConfiguration, {"aws_launch_configuration.old": {"name_prefix": "old-"}})
    assert (value(bare.associate_public), value(bare.imds), value(bare.profile)) == (None, None, None)


def machine(values: Values, more: Mapping[str, Values] | None = None) -> Instance:
    own = {"subnet_id": new("aws_subnet.a"), "vpc_security_group_ids": ["sg-1"]}
    return only(Instance, {**SUBNETS, "aws_instance.web": {**own, **values}, **(more or {})})


def test_an_instance_is_the_same_as_the_live_one() -> None:
    described = {
        "InstanceId": "i-1",
        "State": {"Name": "running"},
        "VpcId": "vpc-1",
        "SubnetId": "aws_subnet.a",
        "Placement": {"AvailabilityZone": "eu-west-1a"},
        "SecurityGroups": [{"GroupId": "sg-1"}],
        "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}],
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "IamInstanceProfile": {"Arn": "app"},
        "Tags": [{"Key": "Name", "Value": "web"}],
    }

    found = machine(
        {
            "metadata_options": [{"http_tokens": "required"}],
            "iam_instance_profile": "app",
            "tags": {"Name": "web"},
            "network_interface": [{"network_interface_id": "eni-1", "device_index": 0}],
            "associate_public_ip_address": None,
        }
    )

    assert facts(found, "public") == facts(live(Instance, "Instance", described), "public")


@pytest.mark.parametrize(
    ("own", "subnet", "expected"),
    [(None, None, False), (None, True, True), (True, None, True), (False, True, False), (None, LOST, None)],
)
def test_the_subnet_decides_on_a_public_address_where_the_instance_does_not(
    own: object, subnet: object, expected: bool | None
) -> None:
    """Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html."""
    home = {**SUBNETS["aws_subnet.a"], "map_public_ip_on_launch": subnet}

    found = machine({"associate_public_ip_address": own}, {"aws_subnet.a": home})

    assert found.public.missing if expected is None else (value(found.public) is not None) is expected


@pytest.mark.parametrize(
    "more",
    [
        {"aws_eip.web": {"instance": new("aws_instance.web")}},
        {"aws_eip_association.web": {"instance_id": new("aws_instance.web"), "allocation_id": "eipalloc-1"}},
    ],
)
def test_an_elastic_address_is_a_public_one(more: Mapping[str, Values]) -> None:
    assert value(machine({"associate_public_ip_address": False}, more).public) is not None


def test_an_instance_without_groups_wears_the_default_one_and_names_are_not_looked_up() -> None:
    unnamed: Values = {"vpc_security_group_ids": None}

    assert value(machine(unnamed).groups) == ("vpc-1.default_security_group_id",)
    assert machine({**unnamed, "subnet_id": None, "security_groups": ["web"]}).groups.missing
    assert value(machine({**unnamed, "security_groups": [new("aws_security_group.web")]}).groups) == (
        "aws_security_group.web",
    )


def test_what_a_launch_template_gives_an_instance_is_unknown() -> None:
    found = machine({"launch_template": [{"id": "lt-1"}], "vpc_security_group_ids": None})

    for fact in (found.groups, found.imds, found.profile, found.public):
        assert fact.missing


def test_an_instance_of_a_state_may_be_gone_or_stopped() -> None:
    stopped = machine({"instance_state": "stopped"})

    assert value(stopped.state) == "stopped"
    assert program({"aws_instance.web": {"instance_state": "terminated"}}).all(Instance).items == ()


def test_a_scaling_policy_is_enabled_and_simple_unless_it_says_otherwise() -> None:
    bare = {"name": "cpu", "autoscaling_group_name": new("aws_autoscaling_group.app")}
    described = {"PolicyARN": "arn:policy", "PolicyName": "cpu", "AutoScalingGroupName": "aws_autoscaling_group.app"}

    found = only(ScalingPolicy, {"aws_autoscaling_policy.cpu": bare})

    assert facts(found) == facts(live(ScalingPolicy, "ScalingPolicy", described))
    off = only(ScalingPolicy, {"aws_autoscaling_policy.cpu": {**bare, "enabled": False, "policy_type": "StepScaling"}})
    assert (value(off.enabled), value(off.type)) == (False, "StepScaling")


def test_policies_of_one_name_for_two_groups_are_two() -> None:
    found = program(
        {
            "aws_autoscaling_policy.a": {"name": "cpu", "autoscaling_group_name": "a"},
            "aws_autoscaling_policy.b": {"name": "cpu", "autoscaling_group_name": "b"},
        }
    )

    assert sorted(str(value(item.group)) for item in found.all(ScalingPolicy).items) == ["a", "b"]


def document(resource: str, action: str = "dynamodb:*", effect: str = "Allow") -> str:
    statement = f'{{"Effect": "{effect}", "Action": "{action}", "Resource": "{resource}"}}'
    return f'{{"Version": "2012-10-17", "Statement": [{statement}]}}'


TABLE = Symbol(document("${aws_dynamodb_table.carts.arn}"))
ON_TABLE = (Statement("Allow", ("dynamodb:*",), resources=("aws_dynamodb_table.carts.arn",)),)


def role(values: Values, more: Mapping[str, Values] | None = None) -> Role:
    return only(Role, {"aws_iam_role.app": {"name": "app", **values}, **(more or {})})


OWN = new("aws_iam_policy.carts")
POLICY: Mapping[str, Values] = {"aws_iam_policy.carts": {"name": "carts", "policy": TABLE}}
GRANTS: Mapping[str, tuple[Values, Mapping[str, Values]]] = {
    "inline block": ({"inline_policy": [{"name": "x", "policy": TABLE}]}, {}),
    "inline policy": ({}, {"aws_iam_role_policy.x": {"role": "app", "policy": TABLE}}),
    "attachment": (
        {},
        {**POLICY, "aws_iam_role_policy_attachment.x": {"role": "app", "policy_arn": OWN}},
    ),
    "attachment of several": (
        {},
        {**POLICY, "aws_iam_policy_attachment.x": {"name": "x", "roles": ["other", "app"], "policy_arn": OWN}},
    ),
    "exclusive attachments": (
        {},
        {**POLICY, "aws_iam_role_policy_attachments_exclusive.x": {"role_name": "app", "policy_arns": [OWN]}},
    ),
    "managed policies": ({"managed_policy_arns": [OWN]}, POLICY),
}


@pytest.mark.parametrize("how", GRANTS)
def test_every_way_to_give_a_role_a_policy(how: str) -> None:
    values, more = GRANTS[how]

    assert value(role(values, more).statements) == ON_TABLE


def test_a_role_without_policies_has_no_statements() -> None:
    assert value(role({}).statements) == ()
    assert value(role({"inline_policy": [{}]}).statements) == ()
    assert value(role({"inline_policy": [{"name": "", "policy": ""}]}).statements) == ()


def managed(name: str) -> Mapping[str, Values]:
    arn = f"arn:aws:iam::aws:policy/{name}"
    return {"aws_iam_role_policy_attachment.x": {"role": "app", "policy_arn": arn}}


def test_policies_of_aws_count_where_it_is_known_what_they_say() -> None:
    """Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html."""
    assert value(role({}, managed("AmazonSSMManagedInstanceCore")).statements) == ()
    full = role({}, managed("AmazonDynamoDBFullAccess"))
    assert value(full.statements) == (Statement("Allow", ("dynamodb:*",), resources=("*",)),)
    assert role({}, managed("AmazonNewServiceFullAccess")).statements.missing


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"permissions_boundary": new("aws_iam_policy.boundary")}, {}),
        ({"inline_policy": LOST}, {}),
        ({}, {"aws_iam_role_policy.x": {"role": "app", "policy": Symbol("data.http.policy.body")}}),
        ({}, {"aws_iam_role_policy.x": {"role": "app", "policy": TABLE, "count?": True}}),
        ({}, {"aws_iam_role_policy_attachment.x": {"role": "app", "policy_arn": Symbol("var.policy")}}),
    ],
)
def test_what_a_role_may_do_is_unknown_where_a_policy_is(values: Values, more: Mapping[str, Values]) -> None:
    assert role(values, more).statements.missing


@pytest.mark.parametrize(
    ("resource", "pattern", "conditions"),
    [
        ("${aws_dynamodb_table.carts.arn}/index/*", "aws_dynamodb_table.carts.arn/index/*", False),
        ("${module.db.aws_dynamodb_table.carts.arn}", "module.db.aws_dynamodb_table.carts.arn", False),
        ("${var.table}", "*", True),
        (
            "arn:aws:dynamodb:${data.aws_region.x.name}:${data.aws_caller_identity.x.account_id}:table/carts",
            "arn:aws:dynamodb:*:*:table/carts",
            False,
        ),
        (
            "arn:aws:dynamodb:eu-west-1:111122223333:table/${var.name}",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/*",
            True,
        ),
        ("arn:aws:s3:::bucket/$${aws:username}", "arn:aws:s3:::bucket/${aws:username}", False),
    ],
)
def test_a_name_in_a_policy_is_its_own_or_leaves_the_statement_open(
    resource: str, pattern: str, conditions: bool
) -> None:
    found = role({"inline_policy": [{"name": "x", "policy": Symbol(document(resource))}]})

    expected = Statement("Allow", ("dynamodb:*",), resources=(pattern,), conditions=conditions)
    assert value(found.statements) == (expected,)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("${aws_dynamodb_table.carts.arn}", True),
        ("${aws_dynamodb_table.orders.arn}", False),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/carts", True),
        ("${var.table}", None),
    ],
)
def test_a_role_may_use_the_table_that_its_policy_names(resource: str, expected: bool | None) -> None:
    app = {"aws_iam_role.app": {"name": "app", "inline_policy": [{"name": "x", "policy": Symbol(document(resource))}]}}

    found = program({**app, "aws_dynamodb_table.carts": {"name": "carts"}})

    (holder,), (table,) = found.all(Role).items, found.all(DynamoTable).items
    assert may_use(holder, table).value is expected


def test_profiles_hand_a_role_to_instances_by_name_and_by_arn() -> None:
    known = role({}, {"aws_iam_instance_profile.app": {"name": "app-profile", "role": "app"}})
    made = role({"name": None}, {"aws_iam_instance_profile.app": {"role": new("aws_iam_role.app")}})

    assert value(known.profiles) == ("app-profile", "aws_iam_instance_profile.app.arn")
    assert value(made.profiles) == ("aws_iam_instance_profile.app", "aws_iam_instance_profile.app.arn")


ZONE: Mapping[str, Values] = {"aws_route53_zone.main": {"name": "MyClothes.com."}}


def record(values: Values, zone: object = "aws_route53_zone.main") -> Mapping[str, Values]:
    return {"aws_route53_record.one": {"zone_id": new(str(zone)), "type": "A", "name": "www", **values}}


def test_a_zone_and_its_records_are_the_same_as_the_live_ones() -> None:
    sets = [
        {"Name": "www.myclothes.com.", "Type": "A", "AliasTarget": {"DNSName": "dualstack.Shop-1.elb.amazonaws.com."}},
        {"Name": "myclothes.com.", "Type": "A", "ResourceRecords": [{"Value": "203.0.113.9"}]},
        {"Name": "\\052.myclothes.com.", "Type": "CNAME", "ResourceRecords": [{"Value": "www.myclothes.com"}]},
    ]
    described = {"Id": "/hostedzone/Z1", "Name": "MyClothes.com.", "ResourceRecordSets": sets}
    mine = {"zone_id": new("aws_route53_zone.main")}

    found = only(
        HostedZone,
        {
            **ZONE,
            "aws_route53_record.www": {
                **mine,
                "name": "www",
                "type": "A",
                "alias": [{"name": "dualstack.Shop-1.elb.amazonaws.com"}],
            },
            "aws_route53_record.apex": {**mine, "name": "", "type": "A", "records": ["203.0.113.9"]},
            "aws_route53_record.all": {
                **mine,
                "name": "*.myclothes.com",
                "type": "CNAME",
                "records": ["www.myclothes.com"],
                "weighted_routing_policy": [{"weight": 10}],
                "set_identifier": "a",
            },
        },
    )

    assert facts(found) == facts(live(HostedZone, "HostedZone", described))


def test_an_alias_has_the_name_of_the_balancer_that_it_leads_to() -> None:
    found = program({**ZONE, "aws_lb.main": BALANCER, **record({"alias": [{"name": Symbol("aws_lb.main.dns_name")}]})})

    (zone,), (edge,) = found.all(HostedZone).items, found.all(LoadBalancer).items
    assert value(zone.records) == (DnsRecord("www.myclothes.com", "A", (str(value(edge.dns_name)),)),)


def test_a_record_may_stand_in_a_zone_elsewhere() -> None:
    alias = {"alias": [{"name": Symbol("aws_lb.main.dns_name")}]}

    found = only(
        HostedZone,
        {"data.aws_route53_zone.main": {"name": "myclothes.com"}, **record(alias, "data.aws_route53_zone.main")},
    )

    assert value(found.records) == (DnsRecord("www.myclothes.com", "A", ("aws_lb.main.dns_name",)),)
    assert found.more and found.private.missing


@pytest.mark.parametrize(
    "values",
    [
        {"alias": [{"name": Symbol("var.balancer")}]},
        {"alias": [{"name": Symbol("data.aws_lb.main.dns_name")}]},
        {"records": LOST},
        {"records": ["www.example.com", Symbol("var.other")], "type": "CNAME"},
        {"type": LOST, "records": ["www.example.com"]},
        {"records": ["192.0.2.1"], "count?": True},
    ],
)
def test_a_record_that_may_lead_anywhere_leaves_open_what_else_there_is(values: Values) -> None:
    known = {"aws_route53_record.known": {"zone_id": new("aws_route53_zone.main"), "name": "a", "type": "A"}}

    found = only(HostedZone, {**ZONE, **known, **record(values)})

    assert (value(found.records), bool(found.more)) == ((DnsRecord("a.myclothes.com", "A", ()),), True)


def test_a_record_that_leads_nowhere_leaves_nothing_open() -> None:
    assert only(HostedZone, {**ZONE, **record({"type": "TXT", "records": [Symbol("var.token")]})}).more == ()


def test_a_relay_keeps_the_end_of_its_name() -> None:
    found = only(
        HostedZone, {**ZONE, **record({"alias": [{"name": Symbol("aws_cloudfront_distribution.x.domain_name")}]})}
    )

    assert value(found.records.map(lambda records: records[0].targets[0].endswith(".cloudfront.net"))) is True


@pytest.mark.parametrize(("vpc", "private"), [(None, False), ([{"vpc_id": "vpc-1"}], True), (LOST, None)])
def test_a_zone_with_a_vpc_is_private(vpc: object, private: bool | None) -> None:
    found = only(HostedZone, {"aws_route53_zone.main": {"name": "inside", "vpc": vpc}})

    assert found.private.missing if private is None else value(found.private) is private


def test_a_certificate_that_is_to_be_made_will_be_issued() -> None:
    described = {"CertificateArn": "arn:cert", "DomainName": "myclothes.com", "Status": "ISSUED"}

    found = only(Certificate, {"aws_acm_certificate.shop": {"domain_name": "myclothes.com"}})

    assert facts(found) == facts(live(Certificate, "Certificate", described))
    old = {"domain_name": "myclothes.com", "status": "EXPIRED"}
    assert value(only(Certificate, {"aws_acm_certificate.shop": old}).status) == "EXPIRED"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("data.aws_lb.x", LoadBalancer),
        ("data.aws_lb_listener.x", Listener),
        ("data.aws_lb_target_group.x", TargetGroup),
        ("data.aws_autoscaling_group.x", AutoScalingGroup),
        ("data.aws_route53_zone.x", HostedZone),
    ],
)
def test_what_stands_elsewhere_is_there_and_its_facts_are_unknown(address: str, kind: type[Resource]) -> None:
    found = only(kind, {address: {}})

    own = [name for name in vars(found) if name not in ("id", "scope", "origin", "name", "arn")]
    told = {name for name in own if isinstance(fact := getattr(found, name), Fact) and isinstance(fact, Known)}
    # What follows from its being in service, and what it can only have of this input.
    assert told <= {"active", "dns_name", "instances", "records"}

"""Properties of Pulumi resources in the names and shapes of Terraform's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checker.collect.pulumi.registered import Reference, Text
from checker.collect.pulumi.shape import attribute, pulumi_property, to_terraform
from checker.model.fact import Missing
from checker.model.symbol import Symbol

GROUP = Reference("urn:pulumi:dev::shop::aws:ec2/securityGroup:SecurityGroup::app", "id")
LOST = Missing("what the program makes of it")

# Statements that stand within others to any depth.
# Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html (nestable)
_RATED = {
    "rateBasedStatement": {"limit": 100.0, "customKeys": [{"header": {"name": "a", "textTransformations": [{}]}}]},
    "managedRuleGroupStatement": {
        "managedRuleGroupConfigs": [
            {"awsManagedRulesBotControlRuleSet": {"inspectionLevel": "COMMON", "enableMachineLearning": True}}
        ]
    },
}
_RATE = {
    "rate_based_statement": [{"limit": 100, "custom_key": [{"header": [{"name": "a", "text_transformation": [{}]}]}]}],
    "managed_rule_group_statement": [
        {
            "managed_rule_group_config": [
                {
                    "aws_managed_rules_bot_control_rule_set": [
                        {"inspection_level": "COMMON", "enable_machine_learning": True}
                    ]
                }
            ]
        }
    ],
}

# type, what a Pulumi program gives, what `terraform show -json` tells of the same.
# Source: https://www.pulumi.com/registry/packages/aws/api-docs/ (each type's Inputs)
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs (each type's Argument Reference)
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("aws_vpc", {"cidrBlock": "10.0.0.0/16", "__defaults": ["x"], "__meta": "{}"}, {"cidr_block": "10.0.0.0/16"}),
    (
        "aws_security_group",
        {"ingress": [{"protocol": -1.0, "fromPort": 0.0, "toPort": 0.0, "self": "true", "securityGroups": [GROUP]}]},
        {"ingress": [{"protocol": "-1", "from_port": 0, "to_port": 0, "self": True, "security_groups": [GROUP]}]},
    ),
    ("aws_security_group", {"ingresses": [{"fromPort": "22"}]}, {"ingress": [{"from_port": 22}]}),
    (
        "aws_wafv2_web_acl",
        {"rules": [{"statement": {"andStatement": {"statements": [{"notStatement": {"statements": [_RATED]}}]}}}]},
        {"rule": [{"statement": [{"and_statement": [{"statement": [{"not_statement": [{"statement": [_RATE]}]}]}]}]}]},
    ),
    ("aws_security_group", {"egress": {"fromPort": 1.0}}, {"egress": [{"from_port": 1}]}),
    ("aws_network_acl", {"ingress": [{"ruleNo": 100.0, "action": "allow"}]}, None),
    (
        "aws_autoscaling_group",
        {
            "vpcZoneIdentifiers": ["subnet-1"],
            "launchTemplate": {"id": "lt-1", "version": 3.0},
            "tags": [{"key": "ownKey", "value": "ownValue", "propagateAtLaunch": True}],
        },
        {
            "vpc_zone_identifier": ["subnet-1"],
            "launch_template": [{"id": "lt-1", "version": "3"}],
            "tag": [{"key": "ownKey", "value": "ownValue", "propagate_at_launch": True}],
        },
    ),
    ("aws_instance", {"tags": {"ownKey": True, "n": 1.0}}, {"tags": {"ownKey": "true", "n": "1"}}),
    (
        "aws_lb_listener",
        {"port": 443.0, "defaultActions": [{"type": "forward", "forward": {"targetGroups": [{"weight": 1.0}]}}]},
        {"port": 443, "default_action": [{"type": "forward", "forward": [{"target_group": [{"weight": 1}]}]}]},
    ),
    (
        "aws_lb_listener_rule",
        {"conditions": [{"pathPattern": {"values": ["/a"]}, "queryStrings": [{"value": "b"}]}]},
        {"condition": [{"path_pattern": [{"values": ["/a"]}], "query_string": [{"value": "b"}]}]},
    ),
    (
        "aws_lb_target_group",
        {"deregistrationDelay": 30.0, "healthCheck": {"port": 80.0, "healthyThreshold": "2"}},
        {"deregistration_delay": "30", "health_check": [{"port": "80", "healthy_threshold": 2}]},
    ),
    ("aws_elasticache_cluster", {"snapshotArns": "arn:a"}, {"snapshot_arns": ["arn:a"]}),
    (
        "aws_elasticache_serverless_cache",
        {"cacheUsageLimits": {"dataStorage": {"maximum": 5.0}}},
        {"cache_usage_limits": [{"data_storage": [{"maximum": 5}]}]},
    ),
    ("aws_cloudwatch_metric_alarm", {"name": "high", "threshold": 0.5}, {"alarm_name": "high", "threshold": 0.5}),
    ("aws_cloudwatch_metric_alarm", {"alarmName": "high"}, {"alarm_name": "high"}),
    (
        "aws_route53_record",
        {"aliases": [{"name": "lb", "evaluateTargetHealth": True}], "weightedRoutingPolicies": [{"weight": 10.0}]},
        {"alias": [{"name": "lb", "evaluate_target_health": True}], "weighted_routing_policy": [{"weight": 10}]},
    ),
    (
        "aws_dynamodb_table",
        {"globalSecondaryIndexes": [{"name": "i"}], "pointInTimeRecovery": {"enabled": True}},
        {"global_secondary_index": [{"name": "i"}], "point_in_time_recovery": [{"enabled": True}]},
    ),
    (
        "aws_lambda_function",
        {"name": "f", "environment": {"variables": {"ownKey": "v"}}, "vpcConfig": {"subnetIds": ["subnet-1"]}},
        {
            "function_name": "f",
            "environment": [{"variables": {"ownKey": "v"}}],
            "vpc_config": [{"subnet_ids": ["subnet-1"]}],
        },
    ),
    ("aws_s3_bucket_website_configuration", {"routingRuleDetails": "[]"}, {"routing_rules": "[]"}),
    ("aws_ecs_service", {"networkConfiguration": {"assignPublicIp": "true"}}, None),
    ("aws_db_instance", {"notInTheTable": 5.0, "multiAz": "false"}, {"not_in_the_table": "5", "multi_az": False}),
    ("aws_subnet", {"ownThings": [{"innerName": 1.0}]}, {"own_things": [{"inner_name": 1}]}),
    ("aws_not_in_the_table", {"someBlock": {"innerName": 1.0}, "tags": {"ownKey": 1.0}}, None),
]
EXPECTED = {
    "aws_network_acl": {"ingress": [{"rule_no": 100, "action": "allow"}]},
    "aws_ecs_service": {"network_configuration": [{"assign_public_ip": True}]},
    "aws_not_in_the_table": {"some_block": {"inner_name": 1}, "tags": {"ownKey": 1.0}},
}


@pytest.mark.parametrize(("type_", "given", "expected"), CASES)
def test_shapes(type_: str, given: dict[str, Any], expected: dict[str, Any] | None) -> None:
    made = to_terraform(type_, given)

    assert made == (EXPECTED[type_] if expected is None else expected)
    # Numbers and truth values are equal to each other in Python.
    assert json.dumps(made, default=repr) == json.dumps(expected or EXPECTED[type_], default=repr)


@pytest.mark.parametrize("value", [LOST, GROUP, Text(("a-", GROUP)), Symbol("aws_lb.web.dns_name"), None])
def test_what_is_not_known_stays_as_it_is(value: object) -> None:
    made = to_terraform(
        "aws_lb_target_group",
        {"port": value, "name": value, "healthCheck": value, "tags": {"a": value}, "targetFailovers": [value]},
    )

    assert made == {
        "port": value,
        "name": value,
        "health_check": value,
        "tags": {"a": value},
        "target_failover": [value],
    }
    assert all(type(made[name]) is type(value) for name in ("port", "name", "health_check"))


def test_a_reference_in_the_place_of_a_list_of_one_text_is_in_the_list_and_what_may_be_absent_is_not() -> None:
    assert to_terraform("aws_elasticache_cluster", {"snapshotArns": GROUP}) == {"snapshot_arns": [GROUP]}
    assert to_terraform("aws_elasticache_cluster", {"snapshotArns": LOST}) == {"snapshot_arns": LOST}


def test_what_is_in_terraforms_shape_already_stays_so() -> None:
    given = {"launchTemplate": [{"id": "lt-1"}], "mixedInstancesPolicy": []}

    assert to_terraform("aws_autoscaling_group", given) == {
        "launch_template": [{"id": "lt-1"}],
        "mixed_instances_policy": [],
    }


def test_documents_are_left_as_they_are_and_those_given_as_mappings_become_texts() -> None:
    text = '{"Statement": [{"Effect": "Allow"}]}'
    table = Reference("urn:table", "arn")
    given = {"Version": "2012-10-17", "Statement": [{"Resource": [table, Text((table, '/"a"'))], "Sid": None}]}
    made = to_terraform("aws_iam_policy", {"policy": given})["policy"]

    assert to_terraform("aws_iam_policy", {"policy": text}) == {"policy": text}
    assert to_terraform("aws_iam_policy", {"policy": {"Version": 1.0}}) == {"policy": '{"Version":1}'}
    assert to_terraform("aws_iam_policy", {"policy": {"Version": LOST}}) == {"policy": LOST}
    assert isinstance(made, Text)
    assert made.parts[1] == made.parts[3] == table
    assert json.loads("".join(part if isinstance(part, str) else "ARN" for part in made.parts)) == {
        "Version": "2012-10-17",
        "Statement": [{"Resource": ["ARN", 'ARN/"a"'], "Sid": None}],
    }


def test_functions_have_shapes_of_their_own() -> None:
    given = {"filters": [{"name": "tag:Name", "values": ["a"]}], "mostRecent": True, "owners": ["self"]}

    assert to_terraform("aws_ami", given, is_data=True) == {
        "filter": [{"name": "tag:Name", "values": ["a"]}],
        "most_recent": True,
        "owners": ["self"],
    }


# Source: https://developer.hashicorp.com/terraform/language/expressions/references
@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("aws_lb", "dnsName", "dns_name"),
        ("aws_cloudwatch_metric_alarm", "name", "alarm_name"),
        ("aws_eks_cluster", "vpcConfig", "vpc_config"),
        ("aws_eks_cluster", "vpcConfig.clusterSecurityGroupId", "vpc_config[0].cluster_security_group_id"),
        ("aws_db_instance", "masterUserSecrets[0].secretArn", "master_user_secret[0].secret_arn"),
        ("aws_acm_certificate", "domainValidationOptions[1].resourceRecordName", None),
        ("aws_vpc", "tags.ownKey", "tags.ownKey"),
        ("aws_vpc", 'tags["ownKey"]', 'tags["ownKey"]'),
        ("aws_not_in_the_table", "someBlock.innerName", "some_block.inner_name"),
    ],
)
def test_paths_to_properties(type_: str, path: str, expected: str | None) -> None:
    assert attribute(type_, path) == (expected or "domain_validation_options[1].resource_record_name")
    assert pulumi_property(type_, attribute(type_, path)) == path

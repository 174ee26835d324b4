"""The IAM policy that a collection needs, and what importing the source costs."""

import subprocess
import sys

from checker.collect.aws.actions import permissions, policy_document
from checker.model.call import ListCall
from checker.model.resource import Resource
from checker.resources.kind import Kind

KINDS = [
    Kind(
        type=Resource,
        spellings={},
        calls=(
            ListCall(service="rds", operation="describe_db_instances", type="DBInstance", result="DBInstances"),
            ListCall(service="efs", operation="describe_file_systems", type="FileSystem", result="FileSystems"),
            ListCall(service="elbv2", operation="describe_rules", type="Rule", result="Rules"),
        ),
    )
]


def test_actions_are_aws_own_names() -> None:
    assert permissions(KINDS) == [
        "ec2:DescribeRegions",
        "elasticfilesystem:DescribeFileSystems",
        "elasticloadbalancing:DescribeRules",
        "rds:DescribeDBInstances",
    ]
    assert "ec2:DescribeRegions" not in permissions(KINDS, all_regions=False)


def test_policy_allows_the_actions() -> None:
    document = policy_document(["b:B", "a:A", "a:A"])

    assert document["Version"] == "2012-10-17"
    assert document["Statement"] == [
        {"Sid": "TierproofReadOnly", "Effect": "Allow", "Action": ["a:A", "b:B"], "Resource": "*"}
    ]


def test_importing_the_source_does_not_import_boto3() -> None:
    program = "import sys, checker.collect.aws, checker.collect.aws.actions; print('botocore' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"

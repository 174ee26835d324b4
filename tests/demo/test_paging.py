"""Listings come in pages, as from AWS."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.ec2.models import EC2Backend

from checker.demo.emulator.emulator import Emulator
from tests.demo.conftest import Network


@pytest.fixture
def vpc(ec2: Any, network: Network) -> str:
    """Return a VPC with thirteen security groups."""
    for number in range(11):
        ec2.create_security_group(GroupName=f"g{number}", Description="g", VpcId=network.vpc)
    return network.vpc


def in_vpc(vpc: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc]}]


def test_pages_hold_every_item_once(ec2: Any, vpc: str) -> None:
    pages = ec2.get_paginator("describe_security_groups").paginate(
        Filters=in_vpc(vpc), PaginationConfig={"PageSize": 5}
    )
    sizes, names = [], []
    for page in pages:
        sizes.append(len(page["SecurityGroups"]))
        names += [each["GroupId"] for each in page["SecurityGroups"]]

    assert sizes == [5, 5, 3]
    assert len(set(names)) == 13


def test_whole_answer_without_a_limit_has_no_token(ec2: Any, vpc: str) -> None:
    answer = ec2.describe_security_groups(Filters=in_vpc(vpc))

    assert len(answer["SecurityGroups"]) == 13
    assert "NextToken" not in answer


def test_listing_is_computed_once_for_all_its_pages(ec2: Any, vpc: str, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = []
    stock = EC2Backend.describe_security_groups
    monkeypatch.setattr(EC2Backend, "describe_security_groups", lambda *a, **k: computed.append(1) or stock(*a, **k))
    paginator = ec2.get_paginator("describe_security_groups")
    pages = list(paginator.paginate(Filters=in_vpc(vpc), PaginationConfig={"PageSize": 5}))

    assert len(pages) == 3
    assert len(computed) == 1


def test_unknown_token_is_refused(ec2: Any, vpc: str) -> None:
    with pytest.raises(ClientError) as refused:
        ec2.describe_security_groups(Filters=in_vpc(vpc), NextToken="made up", MaxResults=5)

    assert refused.value.response["Error"]["Code"] == "InvalidNextToken"


def test_token_of_another_action_is_refused(ec2: Any, vpc: str) -> None:
    token = ec2.describe_security_groups(Filters=in_vpc(vpc), MaxResults=5)["NextToken"]

    with pytest.raises(ClientError, match="InvalidNextToken"):
        ec2.describe_subnets(NextToken=token)


def test_balancers_and_target_groups_are_paged(session: boto3.Session, network: Network) -> None:
    elb = session.client("elbv2")
    for number in range(3):
        elb.create_target_group(Name=f"t{number}", Protocol="HTTP", Port=80, VpcId=network.vpc)
        elb.create_load_balancer(Name=f"l{number}", Subnets=network.subnets[:2])
    for action, key in (("describe_target_groups", "TargetGroups"), ("describe_load_balancers", "LoadBalancers")):
        pages = list(elb.get_paginator(action).paginate(PaginationConfig={"PageSize": 2}))
        assert [len(page[key]) for page in pages] == [2, 1]


def test_scaling_groups_come_fifty_at_a_time(session: boto3.Session, network: Network) -> None:
    scaling = session.client("autoscaling")
    session.client("ec2").create_launch_template(LaunchTemplateName="app", LaunchTemplateData={"ImageId": "ami-1"})
    for number in range(51):
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=f"g{number}", LaunchTemplate={"LaunchTemplateName": "app"}, MinSize=0, MaxSize=0,
            VPCZoneIdentifier=network.subnets[0],
        )  # fmt: skip
    pages = list(scaling.get_paginator("describe_auto_scaling_groups").paginate())

    assert [len(page["AutoScalingGroups"]) for page in pages] == [50, 1]


def test_identities_of_all_kinds_share_the_pages(session: boto3.Session) -> None:
    iam = session.client("iam")
    for number in range(3):
        iam.create_role(RoleName=f"r{number}", AssumeRolePolicyDocument="{}")
        iam.create_user(UserName=f"u{number}")
    paginator = iam.get_paginator("get_account_authorization_details")
    pages = list(paginator.paginate(PaginationConfig={"PageSize": 4}))

    assert [len(page["UserDetailList"]) + len(page["RoleDetailList"]) for page in pages] == [4, 2]
    assert [page["IsTruncated"] for page in pages] == [True, False]


@pytest.mark.parametrize("kind", ["rds", "elasticache"])
def test_data_services_page_by_marker(session: boto3.Session, network: Network, kind: str) -> None:
    client = session.client(kind)
    for number in range(21):
        if kind == "rds":
            client.create_db_subnet_group(
                DBSubnetGroupName=f"s{number}", DBSubnetGroupDescription="s", SubnetIds=network.subnets
            )
        else:
            client.create_cache_subnet_group(
                CacheSubnetGroupName=f"s{number}", CacheSubnetGroupDescription="s", SubnetIds=network.subnets
            )
    action = "describe_db_subnet_groups" if kind == "rds" else "describe_cache_subnet_groups"
    key = "DBSubnetGroups" if kind == "rds" else "CacheSubnetGroups"
    pages = list(client.get_paginator(action).paginate(PaginationConfig={"PageSize": 20}))

    assert [len(page[key]) for page in pages] == [20, 1]


def test_every_page_is_a_call(aws: Emulator, ec2: Any, vpc: str) -> None:
    aws.calls.clear()
    list(ec2.get_paginator("describe_security_groups").paginate(PaginationConfig={"PageSize": 10}))

    assert aws.calls["ec2.DescribeSecurityGroups"] > 1
    assert vpc

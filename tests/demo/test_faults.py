"""Calls can be made to fail as AWS fails them, and botocore reacts as it does to AWS."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator

ONCE = Config(retries={"total_max_attempts": 1})
TWICE = Config(retries={"total_max_attempts": 2, "mode": "standard"})

READS = {
    "ec2": ("describe_vpcs", "UnauthorizedOperation", "RequestLimitExceeded"),
    "elbv2": ("describe_load_balancers", "AccessDenied", "Throttling"),
    "rds": ("describe_db_instances", "AccessDenied", "Throttling"),
    "iam": ("list_roles", "AccessDenied", "Throttling"),
    "route53": ("list_hosted_zones", "AccessDenied", "Throttling"),
    "dynamodb": ("list_tables", "AccessDeniedException", "ThrottlingException"),
    "acm": ("list_certificates", "AccessDeniedException", "ThrottlingException"),
    "efs": ("describe_file_systems", "AccessDeniedException", "ThrottlingException"),
}


def refusal(client: Any, action: str, **arguments: Any) -> str:
    with pytest.raises(ClientError) as refused:
        getattr(client, action)(**arguments)
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize("service", READS)
def test_denial_and_throttling_have_the_services_own_codes(aws: Emulator, session: boto3.Session, service: str) -> None:
    action, denied, throttled = READS[service]
    client = session.client(service, config=ONCE)
    codes = []
    for code in ("DENY", "THROTTLE"):
        aws.faults = [{"service": service, "code": code}]
        codes.append(refusal(client, action))

    assert codes == [denied, throttled]


def test_throttled_once_is_recovered_by_botocore(aws: Emulator, session: boto3.Session) -> None:
    client = session.client("ec2", config=TWICE)
    aws.faults = [{"service": "ec2", "action": "DescribeVpcs", "code": "THROTTLE", "times": 1}]

    assert "Vpcs" in client.describe_vpcs()
    assert aws.calls == {"ec2.DescribeVpcs": 2}


def test_rule_speaks_of_its_action_only(aws: Emulator, session: boto3.Session) -> None:
    client = session.client("ec2", config=ONCE)
    aws.faults = [{"service": "ec2", "action": "Describe(Vpcs|Subnets)", "code": "DENY"}]

    assert refusal(client, "describe_subnets") == "UnauthorizedOperation"
    assert "RouteTables" in client.describe_route_tables()


def test_rule_starts_after_and_strikes_every_nth(aws: Emulator, session: boto3.Session) -> None:
    client = session.client("ec2", config=ONCE)
    aws.faults = [{"service": "ec2", "code": "DENY", "after": 1, "every": 2, "times": 2}]
    seen = []
    for _ in range(7):
        try:
            client.describe_vpcs()
            seen.append("ok")
        except ClientError:
            seen.append("no")

    assert seen == ["ok", "ok", "no", "ok", "no", "ok", "ok"]


def test_other_codes_and_status_are_passed_on(aws: Emulator, session: boto3.Session) -> None:
    aws.faults = [{"service": "ec2", "code": "AuthFailure", "status": 401, "message": "expired"}]
    with pytest.raises(ClientError) as refused:
        session.client("ec2", config=ONCE).describe_vpcs()

    assert refused.value.response["Error"] == {"Code": "AuthFailure", "Message": "expired"}
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 401


def test_dropped_connection(aws: Emulator, session: boto3.Session) -> None:
    aws.faults = [{"service": "ec2", "reset": True}]
    with pytest.raises(ConnectionClosedError):
        session.client("ec2", config=ONCE).describe_vpcs()

    aws.faults = [{"service": "ec2", "reset": True, "times": 1}]
    assert session.client("ec2", config=TWICE).describe_vpcs()["Vpcs"]


def test_torn_answer(aws: Emulator, session: boto3.Session) -> None:
    aws.faults = [{"service": "ec2", "garbage": True}]

    with pytest.raises(ResponseParserError):
        session.client("ec2", config=ONCE).describe_vpcs()


def test_delays_overlap(aws: Emulator, session: boto3.Session) -> None:
    client = session.client("ec2")
    client.describe_vpcs()
    aws.faults = [{"service": "ec2", "delay": 0.3}]
    began = time.monotonic()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: client.describe_vpcs(), range(6)))

    assert time.monotonic() - began < 1.2


def test_concurrent_readers_and_writers_do_not_disturb_each_other(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def work(number: int) -> int:
        if number % 2:
            ec2.create_security_group(GroupName=f"g{number}", Description="g", VpcId=vpc)
        return len(ec2.describe_security_groups()["SecurityGroups"])

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(work, range(40)))

    assert max(counted) >= 21


def test_unknown_rule_key_is_refused(aws: Emulator) -> None:
    with pytest.raises(ValueError, match="unknown key sevice"):
        aws.faults = [{"sevice": "ec2"}]


def test_everything_but_the_allowed_actions_is_denied(aws: Emulator, session: boto3.Session) -> None:
    aws.deny_except({"ec2:DescribeVpcs", "elasticfilesystem:DescribeFileSystems", "dynamodb:ListTables"})

    assert session.client("ec2").describe_vpcs()["Vpcs"]
    assert session.client("efs").describe_file_systems()["FileSystems"] == []
    assert session.client("dynamodb").list_tables()["TableNames"] == []
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert refusal(session.client("ec2"), "describe_subnets") == "UnauthorizedOperation"
    assert refusal(session.client("elbv2"), "describe_listeners", LoadBalancerArn="arn:x") == "AccessDenied"
    assert refusal(session.client("efs"), "describe_mount_targets", FileSystemId="fs-1") == "AccessDeniedException"
    assert refusal(session.client("route53"), "list_hosted_zones") == "AccessDenied"
    aws.deny_except(None)
    assert session.client("ec2").describe_subnets()["Subnets"]


def test_action_that_is_not_emulated_is_a_client_error(session: boto3.Session) -> None:
    assert refusal(session.client("ec2"), "describe_ipam_pools") == "UnsupportedOperation"
    assert refusal(session.client("globalaccelerator", region_name="us-west-2"), "list_accelerators")


def test_reset_empties_account_faults_and_counts(aws: Emulator, session: boto3.Session) -> None:
    client = session.client("ec2", config=ONCE)
    made = client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    client.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")
    aws.faults = [{"service": "ec2", "code": "DENY"}]
    aws.reset()

    assert aws.calls == {}
    assert made not in [each["VpcId"] for each in client.describe_vpcs()["Vpcs"]]
    options = client.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    assert options["InternetGatewayBlockMode"] == "off"


def test_environment_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    with embedded("eu-west-1"):
        assert "AWS_PROFILE" not in os.environ
        assert boto3.Session().client("ec2").meta.region_name == "eu-west-1"

    assert os.environ["AWS_PROFILE"] == "mine"
    assert "AWS_DEFAULT_REGION" not in os.environ


def test_accounts_do_not_leak_from_one_block_to_the_next(parsed_models: boto3.Session) -> None:
    with embedded():
        parsed_models.client("ec2").create_vpc(CidrBlock="10.77.0.0/16")
    with embedded():
        found = parsed_models.client("ec2").describe_vpcs()["Vpcs"]

    assert "10.77.0.0/16" not in [each["CidrBlock"] for each in found]

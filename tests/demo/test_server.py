"""The same emulated account behind HTTP."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

PATIENT = Config(retries={"total_max_attempts": 3, "mode": "standard"})
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Yield the address of a server in its own process."""
    command = [sys.executable, "-m", "checker.demo.emulator.server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def client(address: str) -> Callable[..., Any]:
    """Return a maker of clients of a server that has just been reset."""
    control(address, "/_reset", {})
    session = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1")
    return lambda service, config=PATIENT: session.client(service, endpoint_url=address, config=config)


def control(address: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address + path, data=data)) as answer:
        return json.loads(answer.read())


def test_one_line_names_the_loopback_address(address: str) -> None:
    assert address.startswith("http://127.0.0.1:")


def test_calls_of_every_protocol_are_answered_and_counted(address: str, client: Callable[..., Any]) -> None:
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    assert vpc in [each["VpcId"] for each in client("ec2").describe_vpcs()["Vpcs"]]
    client("elbv2").describe_load_balancers()
    client("dynamodb").list_tables()
    files = client("efs").create_file_system(CreationToken="f")["FileSystemId"]
    client("efs").describe_mount_targets(FileSystemId=files)
    zone = client("route53").create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]
    client("route53").list_resource_record_sets(HostedZoneId=zone)
    client("iam").list_roles()

    assert control(address, "/_calls") == {
        "ec2.CreateVpc": 1, "ec2.DescribeVpcs": 1, "elasticloadbalancing.DescribeLoadBalancers": 1,
        "dynamodb.ListTables": 1, "elasticfilesystem.CreateFileSystem": 1, "elasticfilesystem.DescribeMountTargets": 1,
        "route53.CreateHostedZone": 1, "route53.ListResourceRecordSets": 1, "iam.ListRoles": 1,
    }  # fmt: skip


def test_faults_reach_the_client(address: str, client: Callable[..., Any]) -> None:
    control(address, "/_faults", [{"service": "ec2", "code": "THROTTLE", "times": 2}])
    assert client("ec2").describe_vpcs()["Vpcs"]
    assert control(address, "/_calls") == {"ec2.DescribeVpcs": 3}

    control(address, "/_faults", [{"service": "ec2", "code": "DENY"}])
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        client("ec2").describe_vpcs()

    control(address, "/_faults", [{"service": "ec2", "reset": True}])
    with pytest.raises(ConnectionClosedError):
        client("ec2", ONCE).describe_vpcs()

    control(address, "/_faults", [{"service": "ec2", "garbage": True}])
    with pytest.raises(ResponseParserError):
        client("ec2", ONCE).describe_vpcs()


def test_denials_and_reset(address: str, client: Callable[..., Any]) -> None:
    control(address, "/_deny_except", ["ec2:DescribeVpcs"])
    client("ec2").describe_vpcs()
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client("efs").describe_file_systems()

    control(address, "/_reset", {})

    assert client("efs").describe_file_systems()["FileSystems"] == []


def test_action_that_is_not_emulated_is_refused_at_once(client: Callable[..., Any]) -> None:
    with pytest.raises(ClientError, match="UnsupportedOperation"):
        client("ec2").describe_ipam_pools()

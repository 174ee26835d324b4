"""An empty emulated account, and a small network in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator


@dataclass(frozen=True)
class Network:
    """One VPC with a subnet in each of three zones and one security group."""

    vpc: str
    subnets: list[str]
    group: str


@pytest.fixture
def aws() -> Iterator[Emulator]:
    """Yield an empty emulated account."""
    with embedded() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def parsed_models() -> boto3.Session:
    """Return one session for all tests, because reading botocore's service models takes most of a test's time."""
    return boto3.Session(aws_access_key_id="emulated", aws_secret_access_key="emulated", region_name="us-east-1")


@pytest.fixture
def session(aws: Emulator, parsed_models: boto3.Session) -> boto3.Session:
    """Return a session in the emulated account."""
    del aws
    return parsed_models


@pytest.fixture
def ec2(session: boto3.Session) -> Any:
    """Return an EC2 client."""
    return session.client("ec2")


@pytest.fixture
def network(ec2: Any) -> Network:
    """Return a small network."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for place, zone in enumerate("abc")
    ]
    group = ec2.create_security_group(GroupName="tier", Description="tier", VpcId=vpc)["GroupId"]
    return Network(vpc, [each["Subnet"]["SubnetId"] for each in subnets], group)

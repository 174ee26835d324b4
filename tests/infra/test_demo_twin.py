"""The stack that the demonstration audits and the one that the program declares are the same, role by role."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from checker.collect.aws.settings import LiveSettings
from checker.collect.aws.source import collect_live
from checker.collect.pulumi_program import SOURCE
from checker.collect.source import Execution, Inputs, silent
from checker.demo import changes, shop
from checker.demo.emulator.embedded import embedded
from checker.resources.catalog import kinds
from checker.resources.inventory import normalise
from tests.infra.programs import project
from tests.infra.twins import Told, differences, told

pytest.importorskip("pulumi_aws")

REGION = "eu-west-1"
# The demonstration's shop is smaller than the one that sells.
SETTINGS = {"databaseReaders": "1", "appMin": "2", "appMax": "6", "backupDays": "7"}

# What the two say otherwise and mean the same by, or otherwise on purpose; no rule fails by any of it.
MEANT: Mapping[str, str] = {
    # Not known before an apply, and known of an account.
    "(auto_scaling_group|replication_group|cache_cluster .): zones": "AWS spreads them over the subnets",
    "auto_scaling_group: instances": "the group launches them",
    "auto_scaling_group: desired": "the program leaves it to the scaling policy, and begins with the fewest",
    "mount_target in .*: (address|interface)": "AWS chooses it",
    "nat_gateway in .*: (addresses|interfaces)": "AWS chooses it",
    "network_acl: subnets": "AWS puts every subnet under the default ACL",
    "writer: zone": "AWS chooses it",
    "(writer|reader): replicas": "an account tells it of the source, a program of the replica",
    "target_group: load_balancers": "the listeners tell it",
    "target_group: targets_asked": "an account is not asked where a group's instances are all there could be",
    "vpc: is_plain": "only a program can say that there will be no further block",
    "(default security_group|security_group of .*): permissions": "rules are compared one by one",
    "certificate: expires": "the account's is issued",
    # Names.
    "certificate: domain": "each shop has its own domain",
    "hosted_zone: (zone|records)": "each shop has its own; what leads to the load balancer is compared by itself",
    "launch_template: profile": "its name",
    # Told by one dialect only.
    "db_subnet_group": "an account tells its subnets with each database, and they are compared there",
    "role of (app|the logs)": "roles are asked of an account only where sessions are in a table",
    "listener 80: policy": "the emulated AWS gives a listener of plain HTTP a policy; AWS gives it none",
    # Otherwise on purpose: the demonstration is a shop as AWS makes it where nobody asks for more.
    "out of (default security_group|security_group of .*): .*": "the demonstration leaves ways out as AWS makes them",
    "vpc_endpoint (s3|dynamodb)": "the demonstration has endpoints only where sessions are in a table",
    "(writer|reader): engine_version": "the program lets AWS choose the minor version",
    "(writer|reader): (parameter_groups|force_tls)": "the program says itself what PostgreSQL 15 and later do anyway",
    "reader: zone": "each is in a zone of its own choice, neither in the first",
    "reader: deletion_protection": "the program can make a reader again",
}


@dataclass(frozen=True)
class Mutation:
    """A change to the demonstration's shop, and the difference that tells it."""

    name: str
    change: Mapping[str, object]
    told: str


MUTATIONS = (
    Mutation(
        "a rule is widened",
        {
            "service": "ec2",
            "call": "authorize_security_group_ingress",
            "with": {
                "GroupId": "${sg.db}",
                "IpPermissions": [
                    {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}
                ],
            },
        },
        "into security_group of data: .*10.0.0.0/16.*",
    ),
    Mutation(
        "a zone is dropped",
        {
            "service": "autoscaling",
            "call": "update_auto_scaling_group",
            "with": {"AutoScalingGroupName": "${asg}", "VPCZoneIdentifier": "${subnet.app.0},${subnet.app.1}"},
        },
        "auto_scaling_group: subnets",
    ),
    Mutation(
        "visitors do not stick",
        {
            "service": "elbv2",
            "call": "modify_target_group_attributes",
            "with": {"TargetGroupArn": "${tg}", "Attributes": [{"Key": "stickiness.enabled", "Value": "false"}]},
        },
        "target_group: stickiness",
    ),
    Mutation(
        "the name leads elsewhere",
        {
            "service": "route53",
            "call": "change_resource_record_sets",
            "with": {
                "HostedZoneId": "${zone}",
                "ChangeBatch": {
                    "Changes": [
                        {
                            "Action": "UPSERT",
                            "ResourceRecordSet": {
                                "Name": "shop-good.example.com",
                                "Type": "A",
                                "TTL": 60,
                                "ResourceRecords": [{"Value": "203.0.113.7"}],
                            },
                        }
                    ]
                },
            },
        },
        "record A to load_balancer",
    ),
)


@pytest.fixture(scope="module")
def accounts() -> tuple[Told, Told]:
    """Return the demonstration's shop as it is built, and after every mutation."""
    with embedded(REGION):
        session = boto3.Session(region_name=REGION)
        ids = shop.build(session, "shop-good")
        built = _audited()
        changes.apply(session, ids, [mutation.change for mutation in MUTATIONS])
        return built, _audited()


def _audited() -> Told:
    collection = collect_live(LiveSettings(regions=(REGION,)), kinds(), silent)
    return told(normalise(collection, kinds())[0].resources)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return what the program declares for a stack of the demonstration's size."""
    folder = project(tmp_path_factory.mktemp("program"), "prod", SETTINGS)
    # It is our own: where the system cannot keep it apart it is run all the same.
    execution = Execution(stack="prod", python=Path(sys.executable), sandboxed=False)
    collection = SOURCE.open([folder], Inputs(execution=execution)).collect(kinds())
    return told(normalise(collection, kinds())[0].resources)


def unmeant(account: Told, program: Told) -> set[str]:
    """Return the differences that nothing explains."""
    return {where for where in differences(account, program) if not any(re.fullmatch(one, where) for one in MEANT)}


def test_the_demonstration_audits_what_the_program_declares(accounts: tuple[Told, Told], program: Told) -> None:
    there = differences(accounts[0], program)

    assert {where: there[where] for where in unmeant(accounts[0], program)} == {}
    needless = [one for one in MEANT if not any(re.fullmatch(one, where) for where in there)]
    assert needless == []


def test_both_stand_in_three_zones_with_every_tier(accounts: tuple[Told, Told], program: Told) -> None:
    for stack in (accounts[0], program):
        subnets = [role for role in stack if role.startswith("subnet ")]
        assert {stack[role]["zone"] for role in subnets} == {"zone 1", "zone 2", "zone 3"}
        assert len(subnets) == 9
        assert not [role for role in stack if " of no role " in role]
        assert {"load_balancer", "auto_scaling_group", "replication_group", "writer", "reader", "file_system"} <= {
            *stack
        }


def test_a_change_to_one_of_them_is_noticed(accounts: tuple[Told, Told], program: Told) -> None:
    before, after = (unmeant(account, program) for account in accounts)
    new = after - before

    noticed = {one.name: [where for where in new if re.fullmatch(one.told, where)] for one in MUTATIONS}
    assert {name: len(found) for name, found in noticed.items()} == dict.fromkeys(noticed, 1)
    assert len(new) == len(MUTATIONS)

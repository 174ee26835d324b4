"""A program that is run for real: what is told of it as known hangs on nothing that is not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checker.collect.pulumi_program import SOURCE
from checker.collect.source import Execution, Inputs
from checker.model.fact import Missing
from checker.model.record import Collection, Record
from checker.resources.catalog import kinds

pytest.importorskip("pulumi_aws")
PROGRAM = """\
import pulumi, pulumi_aws as aws

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
zones = aws.get_availability_zones().names
for number, zone in enumerate(zones):
    aws.ec2.Subnet(f"s{number}", vpc_id=vpc.id, cidr_block=f"10.0.{number}.0/24", availability_zone=zone,
                   map_public_ip_on_launch=zone == zones[0], tags={"zone": zone.upper()})
strangers = aws.ec2.get_subnets().ids
open_ = aws.ec2.SecurityGroup("open", vpc_id=vpc.id, ingress=[
    {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]},
    {"protocol": "tcp", "from_port": len(strangers), "to_port": 99, "cidr_blocks": ["10.0.0.0/8"]},
])  # tierproof:waive NET005 until=2030-01-01 reason="a test"
vpc.arn.apply(lambda arn: aws.ec2.SecurityGroup("late", vpc_id=vpc.id, description=arn.split(":")[-1]))
if len(strangers) > 2:
    aws.ec2.SecurityGroup("maybe", vpc_id=vpc.id)
password = pulumi.Config().require_secret("password")
aws.ssm.Parameter("password", type="SecureString", value=password)
print(open("stacks.txt", "w").write("written"))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, refusal: str) -> Collection:
    folder = tmp_path_factory.mktemp("programs") / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    settings = "config:\n  aws:region: eu-west-1\n  shop:password: {secure: v1:ciphertext}\n"
    (folder / "Pulumi.dev.yaml").write_text(settings, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    inputs = replace(Inputs(), execution=Execution(sandboxed=not refusal))
    collection = SOURCE.open([folder], inputs).collect(kinds())
    assert refusal or {path.name for path in folder.iterdir()} == {"Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"}
    return collection


def named(collection: Collection, name: str) -> Record:
    return next(record for record in collection.records if str(record.raw["id"]).endswith(f".{name}"))


def test_resources_refer_to_each_other_and_have_their_lines(read: Collection) -> None:
    subnet = named(read, "s0")

    assert subnet.raw["vpc_id"] == named(read, "vpc").raw["id"]
    assert subnet.raw["cidr_block"] == "10.0.0.0/24"
    assert str(subnet.origin.file).endswith("shop/__main__.py") and subnet.origin.line == 6
    assert subnet.scope.region == "eu-west-1"
    # As many zones as every Region has, which are told apart.
    assert len({str(named(read, f"s{number}").raw["availability_zone"]) for number in range(3)}) == 3


def test_what_is_made_of_what_is_not_known_is_not_known(read: Collection) -> None:
    tags = named(read, "s1").raw["tags"]
    ingress = named(read, "open").raw["ingress"]

    assert isinstance(tags, Mapping) and isinstance(tags["zone"], Missing)
    assert isinstance(ingress, list)
    assert (ingress[0]["from_port"], ingress[0]["cidr_blocks"]) == (22, ["0.0.0.0/0"])
    assert isinstance(ingress[1]["from_port"], Missing) and ingress[1]["to_port"] == 99


def test_what_is_registered_in_a_callback_is_read(read: Collection) -> None:
    late = named(read, "late")

    assert late.raw["vpc_id"] == named(read, "vpc").raw["id"]
    assert isinstance(late.raw["description"], Missing)
    assert late.origin.line == 13


def test_resource_that_hangs_on_a_look_up_is_a_gap(read: Collection) -> None:
    assert [gap.type for gap in read.gaps] == ["aws_security_group"]
    assert "maybe" in read.gaps[0].item


def test_comment_belongs_to_the_lines_of_its_resource(read: Collection) -> None:
    [comment] = read.comments

    assert (comment.line, comment.end_line, comment.at) == (9, 12, 12)


def test_secrets_are_nowhere(read: Collection) -> None:
    assert "ciphertext" not in repr(read)

"""A program that is run for real: what is told of it as known hangs on nothing that is not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from checker.collect.pulumi_program import SOURCE
from checker.collect.source import Execution, Inputs
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Collection, Record
from checker.resources.catalog import kinds

pytest.importorskip("pulumi_aws")
PROGRAM = """\
import jinja2, json, pulumi, pulumi_aws as aws, yaml; from pathlib import Path

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
pulumi.log.error("careful")
print(open("stacks.txt", "w").write("written"))
# Of look-ups: a loop over one may find nothing, what is written out is there.
for number, stranger in enumerate(strangers):
    aws.ec2.Instance(f"host{number}", subnet_id=stranger)
for number in range(2):
    aws.ec2.Instance(f"counted{number}", subnet_id=strangers[number])
aws.ec2.Instance("first", subnet_id=strangers[0])
if aws.get_caller_identity().account_id == "123456789012":
    aws.ec2.SecurityGroup("production", vpc_id=vpc.id)
# Files that lie beside the program.
settings = {**json.load(open("settings.json")), **yaml.safe_load(Path("settings.yaml").read_text())}
start = jinja2.Environment(loader=jinja2.FileSystemLoader("templates")).get_template("start.sh").render(settings)
aws.ec2.Instance("started", user_data=start + open("user_data.sh").read(), instance_type=settings["size"])
aws.s3.BucketObject("page", bucket="pages", source=pulumi.FileAsset("user_data.sh"))
aws.lambda_.Function("worker", role="arn:aws:iam::123456789012:role/worker", runtime="python3.13", handler="a.b",
    code=pulumi.AssetArchive({"a.py": pulumi.FileAsset("user_data.sh"), "lib": pulumi.FileArchive("templates")}))
"""
FILES = {
    "settings.json": '{"name": "shop"}',
    "settings.yaml": "size: t3.micro",
    "user_data.sh": "echo two",
    "templates/start.sh": "echo {{ name }}; ",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, refusal: str) -> Collection:
    folder = tmp_path_factory.mktemp("programs") / "shop"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    settings = "config:\n  aws:region: eu-west-1\n  shop:password: {secure: v1:ciphertext}\n"
    (folder / "Pulumi.dev.yaml").write_text(settings, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "templates").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    before = set(folder.rglob("*"))
    inputs = replace(Inputs(), execution=Execution(sandboxed=not refusal))
    collection = SOURCE.open([folder], inputs).collect(kinds())
    assert refusal or set(folder.rglob("*")) == before
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
    [gap] = [gap for gap in read.gaps if gap.type == "aws_security_group"]

    assert "maybe" in gap.item


def test_what_is_registered_for_each_of_what_is_looked_up_may_not_be_there(read: Collection) -> None:
    gaps = [gap.item for gap in read.gaps if gap.type == "aws_instance"]

    assert len(gaps) == 3 and all(any(f"host{number}" in gap for gap in gaps) for number in range(3))
    assert all(named(read, name) for name in ("counted0", "counted1", "first"))


def test_what_hangs_on_a_comparison_that_both_runs_answer_alike_is_a_gap_of_anything(read: Collection) -> None:
    [gap] = [gap for gap in read.gaps if gap.type == ANYTHING]
    asked = next(n for n, line in enumerate(PROGRAM.splitlines(), 1) if "account_id ==" in line)

    assert gap.item == "whether the number of the account is '123456789012'"
    assert f"shop/__main__.py:{asked}" in str(gap.error)


def test_error_that_the_program_logs_is_told_and_ends_nothing(read: Collection) -> None:
    # https://github.com/pulumi/pulumi/issues/5085: the engine shows it, and the update goes on and succeeds.
    [line] = [line for line in read.coverage if line.item == "pulumi.log.error"]

    assert line.error == "careful"
    assert named(read, "started")


def test_files_beside_the_program_are_read(read: Collection) -> None:
    started = named(read, "started")

    assert started.raw["instance_type"] == "t3.micro"
    assert started.raw["user_data"] == "echo shop; echo two"


def test_comment_belongs_to_the_lines_of_its_resource(read: Collection) -> None:
    [comment] = read.comments

    assert (comment.line, comment.end_line, comment.at) == (9, 12, 12)


def test_secrets_are_nowhere(read: Collection) -> None:
    assert "ciphertext" not in repr(read)

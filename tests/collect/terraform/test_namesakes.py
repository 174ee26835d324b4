"""Names that users choose: what is not known may be any of them, and what is known to differ is none."""

import pytest

from checker.collect.terraform.instance import Instance
from checker.collect.terraform.records import records
from checker.model.fact import Missing
from checker.model.record import Origin, Record
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds

UNKNOWN = Missing("a value")
MEMBER = "aws_rds_cluster_instance"


def instance(address: str, *, region: str = "", **values: object) -> Instance:
    type_ = address.partition(".")[0]
    return Instance(
        address=address, type=type_, values=values, origin=Origin("terraform-hcl", "main.tf", 7, address), region=region
    )


def read(*instances: Instance) -> dict[str | None, Record]:
    found, _ = records(instances, kinds())
    return {record.origin.address: record for record in found}


def members(cluster: Instance, *others: Instance) -> list[object]:
    found = read(cluster, *others)[cluster.address].raw.get(MEMBER, [])
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("shop", Symbol("var.cluster")),
        ("shop", Symbol("data.aws_ssm_parameter.cluster.value")),
        ("shop-prod", Symbol("shop-${var.stage}")),
        (Symbol("var.cluster"), "shop"),
        (Symbol("${var.stage}-shop"), "prod-shop"),
        (Symbol("${var.stage}-shop"), Symbol("${var.team}-shop")),
        (UNKNOWN, "shop"),
    ],
)
def test_a_part_that_may_name_a_whole_is_missing_in_it(own: object, named: object) -> None:
    member = instance(f"{MEMBER}.m", cluster_identifier=named)
    (held,) = members(instance("aws_rds_cluster.c", cluster_identifier=own), member)

    assert isinstance(held, Missing)
    assert f"{MEMBER}.m" in held.fact
    assert "aws_rds_cluster.c" in held.fact


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("shop", "blog"),
        ("shop", Symbol("blog-${var.stage}")),
        ("shop", Symbol("${var.stage}-blog")),
        ("ab", Symbol("ab${var.x}b")),
        (Symbol("${var.stage}-shop"), "blog"),
        (Symbol("${var.stage}-shop"), Symbol("${var.stage}-blog")),
        # A name that the provider makes up stands in no variable before it is made.
        (None, Symbol("var.cluster")),
        (None, "shop"),
        # This is another resource, whose name is not this one's.
        ("shop", Symbol("aws_rds_cluster.other")),
    ],
)
def test_a_part_that_surely_names_something_else_is_not_in_a_whole(own: object, named: object) -> None:
    cluster = instance("aws_rds_cluster.c", cluster_identifier=own)
    member = instance(f"{MEMBER}.m", cluster_identifier=named)

    assert members(cluster, instance("aws_rds_cluster.other"), member) == []


def test_a_part_that_names_one_whole_is_in_no_other() -> None:
    name = Symbol("var.cluster")
    named = instance("aws_rds_cluster.named", cluster_identifier=name)
    other = instance("aws_rds_cluster.other", cluster_identifier="shop")
    member = instance(f"{MEMBER}.m", cluster_identifier=name)

    assert members(other, named, member) == []
    assert [isinstance(item, Missing) for item in members(named, other, member)] == [False]


def test_a_name_is_of_its_own_region() -> None:
    cluster = instance("aws_rds_cluster.c", region="eu-west-1", cluster_identifier="shop")
    member = instance(f"{MEMBER}.m", region="us-east-1", cluster_identifier=Symbol("var.cluster"))

    assert members(cluster, member) == []


def test_an_id_of_awss_own_stands_in_no_variable_before_there_is_one() -> None:
    rule = instance("aws_route.to", route_table_id=Symbol("var.table"), gateway_id="igw-1")

    assert "aws_route" not in read(instance("aws_route_table.t", vpc_id="vpc-1"), rule)["aws_route_table.t"].raw


@pytest.mark.parametrize(
    ("named", "open_"),
    [
        (Symbol("var.source"), True),
        ("arn:aws:rds:eu-west-1:123456789012:db:shop", True),
        (Symbol("arn:aws:rds:eu-west-1:${var.account}:db:shop"), True),
        ("arn:aws:rds:us-east-1:123456789012:db:shop", False),
        ("arn:aws:rds:eu-west-1:123456789012:db:blog", False),
        ("blog", False),
        ("shop", False),
    ],
)
def test_a_source_that_may_be_a_database_here_is_not_known(named: object, open_: bool) -> None:
    source = instance("aws_db_instance.main", region="eu-west-1", identifier="shop")
    replica = instance("aws_db_instance.copy", region="eu-west-1", identifier="copy", replicate_source_db=named)

    assert isinstance(read(source, replica)["aws_db_instance.copy"].raw["replicate_source_db"], Missing) is open_


def test_a_policy_that_may_scale_a_group_here_does_not_say_which() -> None:
    group = instance("aws_autoscaling_group.web", name="web")
    policy = instance("aws_autoscaling_policy.p", name="p", autoscaling_group_name=Symbol("var.group"))
    apart = instance("aws_autoscaling_policy.q", name="q", autoscaling_group_name="batch")
    found = read(group, policy, apart)

    assert isinstance(found["aws_autoscaling_policy.p"].raw["autoscaling_group_name"], Missing)
    assert found["aws_autoscaling_policy.q"].raw["autoscaling_group_name"] == "batch"

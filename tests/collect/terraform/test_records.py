"""What instances become: who they are, what the provider fills in, whose parts they are, and what stands outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from checker.collect.terraform.filling import fill
from checker.collect.terraform.identity import attribute_of
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.records import records
from checker.model.call import Call
from checker.model.fact import Missing
from checker.model.part import Part
from checker.model.record import Gap, Origin, Record, Scope
from checker.model.symbol import Symbol

UNKNOWN = Missing("a value")


@dataclass(frozen=True)
class Reads:
    """A kind that reads some types of records."""

    types: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    open_ended: frozenset[str] = frozenset()
    calls: tuple[Call, ...] = ()
    spellings: Mapping[tuple[str, str], object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spellings", {("terraform", type_): None for type_ in self.types})


ROUTES = Reads(("aws_route_table",), (Part("aws_route", "aws_route_table", "route_table_id"),))
GROUPS = Reads(("aws_security_group", "aws_lb", "data.aws_security_group", "data.aws_vpc", "data.aws_subnet"))


def instance(
    address: str, *, data: bool = False, uncertain: bool = False, region: str = "", **values: object
) -> Instance:
    type_ = address.rpartition(".")[0].rpartition(".")[2]
    origin = Origin("terraform-hcl", "main.tf", 7, address)
    return Instance(
        address=address, type=type_, values=values, origin=origin, is_data=data, uncertain=uncertain, region=region
    )


def read(*instances: Instance, kind: Reads = GROUPS) -> tuple[dict[str, Record], tuple[Gap, ...]]:
    found, gaps = records(instances, [kind])
    return {str(record.raw["id"]): record for record in found}, gaps


@pytest.mark.parametrize(
    ("type_", "values", "name", "expected"),
    [
        ("aws_subnet", {}, "id", Symbol("x.y")),
        ("aws_lb", {}, "arn", Symbol("x.y")),
        ("aws_alb", {}, "arn", Symbol("x.y")),
        ("aws_security_group", {}, "arn", Symbol("x.y.arn")),
        # Data sources tell the id under a name of its own too, and may be looked up by it.
        ("aws_internet_gateway", {}, "internet_gateway_id", Symbol("x.y")),
        ("aws_route_table", {"route_table_id": "rtb-1"}, "id", "rtb-1"),
        ("aws_efs_file_system", {}, "file_system_id", Symbol("x.y")),
        ("aws_route_table", {}, "subnet_id", Symbol("x.y.subnet_id")),
        ("aws_db_subnet_group", {"name": "data"}, "id", "data"),
        ("aws_autoscaling_group", {"name_prefix": "web"}, "name", Symbol("x.y")),
        ("aws_rds_cluster", {"cluster_identifier": Symbol("var.name")}, "id", Symbol("var.name")),
        ("aws_rds_cluster", {"cluster_identifier": UNKNOWN}, "cluster_identifier", Symbol("x.y")),
        ("aws_db_instance", {"identifier": UNKNOWN}, "identifier", Symbol("x.y.identifier")),
        ("aws_db_instance", {"port": UNKNOWN}, "port", UNKNOWN),
        ("aws_vpc", {}, "default_security_group_id", Symbol("x.y.default_security_group_id")),
        ("aws_default_route_table", {"default_route_table_id": Symbol("v.default")}, "id", Symbol("v.default")),
        ("aws_default_security_group", {"vpc_id": Symbol("v")}, "id", Symbol("v.default_security_group_id")),
        ("aws_subnet", {"id": "subnet-1"}, "id", "subnet-1"),
    ],
)
def test_a_reference_stands_for_what_is_set_or_for_who_it_will_be(
    type_: str, values: Mapping[str, object], name: str, expected: object
) -> None:
    found = attribute_of(type_, "x.y", name, values.get)

    assert found == expected
    assert type(found) is type(expected)


def test_what_equals_the_id_is_filled_in_and_an_alias_is_its_type() -> None:
    found, _ = read(instance("aws_alb.web", name="web"))

    assert found["aws_alb.web"].type == "aws_lb"
    assert found["aws_alb.web"].raw["arn"] == Symbol("aws_alb.web")


def test_a_default_is_for_what_was_not_set_and_never_for_what_is_not_known() -> None:
    raw: dict[str, object] = {"multi_az": UNKNOWN, "engine": None}
    fill("aws_db_instance", raw)

    assert raw["multi_az"] is UNKNOWN
    assert raw["engine"] is None


def test_a_default_in_a_block_goes_into_each_such_block() -> None:
    first, second = {"type": "lb_cookie"}, {"type": "lb_cookie", "enabled": False}
    raw: dict[str, object] = {"stickiness": [first, second, UNKNOWN]}
    fill("aws_lb_target_group", raw)

    blocks = raw["stickiness"]
    assert isinstance(blocks, list)
    assert [block["enabled"] for block in blocks[:2]] == [True, False]
    assert blocks[2] is UNKNOWN
    assert "enabled" not in first


def test_a_part_stands_in_its_whole_with_its_line() -> None:
    table = instance("aws_route_table.a")
    route = instance("aws_route.to", route_table_id=Symbol("aws_route_table.a"), gateway_id="igw-1")
    found, _ = read(table, instance("aws_route_table.b"), route, kind=ROUTES)

    (held,) = found["aws_route_table.a"].raw["aws_route"]  # type: ignore[misc]  # raw values are objects
    assert (held["gateway_id"], held["~line"]) == ("igw-1", 7)
    assert "aws_route" not in found["aws_route_table.b"].raw


def test_a_part_of_unknown_owner_may_be_of_any_of_its_region() -> None:
    tables = [instance(f"aws_route_table.{name}", region=region) for name, region in (("a", "r-1"), ("b", "r-2"))]
    found, _ = read(*tables, instance("aws_route.to", region="r-1", route_table_id=UNKNOWN), kind=ROUTES)

    assert found["aws_route_table.a"].raw["aws_route"] == [UNKNOWN]
    assert "aws_route" not in found["aws_route_table.b"].raw


def test_parts_of_unknown_number_are_missing_in_their_whole() -> None:
    route = instance("aws_route.to", route_table_id=Symbol("aws_route_table.a"), uncertain=True)
    found, gaps = read(instance("aws_route_table.a"), route, kind=ROUTES)

    (held,) = found["aws_route_table.a"].raw["aws_route"]  # type: ignore[misc]  # raw values are objects
    assert isinstance(held, Missing)
    assert not gaps


def test_an_unknown_number_of_things_is_a_gap_of_their_type() -> None:
    found, gaps = read(instance("aws_lb.many", uncertain=True))

    assert not found
    assert [(gap.type, gap.error) for gap in gaps] == [("aws_lb", "its count or for_each is not known")]


def test_a_kind_may_read_an_unknown_number_itself() -> None:
    kind = Reads(("aws_lb",), open_ended=frozenset({"aws_lb"}))
    found, gaps = read(instance("aws_lb.many", uncertain=True), kind=kind)

    assert found["aws_lb.many"].raw["~uncertain"] is True
    assert not gaps


def test_what_is_named_and_not_there_stands_outside_once() -> None:
    groups: list[object] = ["sg-1", Symbol("var.group"), Symbol("aws_security_group.own"), UNKNOWN]
    found, _ = read(
        instance("aws_lb.a", security_groups=groups),
        instance("aws_lb.b", security_groups=["sg-1"]),
        instance("aws_security_group.own", vpc_id=Symbol("data.aws_vpc.main")),
        instance("data.aws_vpc.main", data=True, default=True),
    )

    outside = {id_: record for id_, record in found.items() if record.type.startswith("data.")}
    assert {id_: record.type for id_, record in outside.items()} == {
        "sg-1": "data.aws_security_group",
        "var.group": "data.aws_security_group",
        "data.aws_vpc.main": "data.aws_vpc",
    }
    assert isinstance(outside["sg-1"].raw.get("ingress"), Missing)
    assert outside["sg-1"].raw.get("~line") is None
    assert outside["data.aws_vpc.main"].raw["default"] is True


def test_what_comes_with_a_thing_is_not_outside() -> None:
    default = Symbol("aws_vpc.main.default_security_group_id")
    found, _ = read(instance("aws_vpc.main"), instance("aws_lb.a", security_groups=[default]))

    assert [record.type for record in found.values()] == ["aws_lb"]


def test_a_data_source_of_what_the_input_holds_is_that_itself() -> None:
    found, _ = read(
        instance("aws_security_group.own", id="sg-1"), instance("data.aws_security_group.own", data=True, id="sg-1")
    )

    assert [record.type for record in found.values()] == ["aws_security_group"]


def test_two_things_of_one_name_are_both_kept_and_leave_a_gap() -> None:
    kind = Reads(("aws_db_subnet_group",))
    found, gaps = read(
        instance("aws_db_subnet_group.a", name="data"), instance("aws_db_subnet_group.b", name="data"), kind=kind
    )

    assert set(found) == {"data", "aws_db_subnet_group.b"}
    assert [gap.type for gap in gaps] == ["aws_db_subnet_group"]


def test_instances_without_a_region_share_one_place_and_global_ones_have_none() -> None:
    kind = Reads(("aws_lb", "aws_route53_record"))
    found, _ = read(
        instance("aws_lb.a"),
        instance("aws_lb.b"),
        instance("aws_lb.far", region="us-west-2"),
        instance("aws_route53_record.www", region="us-west-2"),
        kind=kind,
    )

    assert found["aws_lb.a"].scope == found["aws_lb.b"].scope != found["aws_lb.far"].scope
    assert found["aws_route53_record.www"].scope == Scope("", "global")


def test_of_things_of_one_name_a_part_is_of_the_one_in_its_own_region() -> None:
    kind = Reads(
        ("aws_autoscaling_group",),
        (Part("aws_autoscaling_attachment", "aws_autoscaling_group", "autoscaling_group_name"),),
    )
    found, gaps = records(
        [
            instance("aws_autoscaling_group.here", region="eu-west-1", name="app"),
            instance("aws_autoscaling_group.there", region="us-east-1", name="app"),
            instance("aws_autoscaling_attachment.a", region="us-east-1", autoscaling_group_name="app"),
        ],
        [kind],
    )

    parts = {record.origin.address: record.raw.get("aws_autoscaling_attachment") for record in found}
    assert not gaps
    assert parts["aws_autoscaling_group.here"] is None
    assert isinstance(parts["aws_autoscaling_group.there"], list)


def test_what_completes_the_only_thing_of_its_name_may_stand_in_another_region() -> None:
    peering = "aws_vpc_peering_connection"
    kind = Reads((peering,), (Part(f"{peering}_accepter", peering, "vpc_peering_connection_id"),))
    found, _ = read(
        instance(f"{peering}.p", region="eu-west-1"),
        instance(f"{peering}_accepter.a", region="us-east-1", vpc_peering_connection_id=Symbol(f"{peering}.p")),
        kind=kind,
    )

    assert len(found[f"{peering}.p"].raw[f"{peering}_accepter"]) == 1  # type: ignore[arg-type]  # a list


def test_a_group_of_another_account_is_outside_by_its_id_alone() -> None:
    rule = instance(
        "aws_vpc_security_group_ingress_rule.r",
        security_group_id="sg-1",
        referenced_security_group_id="123456789012/sg-2",
    )
    found, _ = read(rule, kind=Reads(("data.aws_security_group",)))

    assert set(found) == {"sg-1", "sg-2"}

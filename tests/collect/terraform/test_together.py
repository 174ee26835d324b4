"""Several inputs of Terraform's that tell of one account."""

from collections.abc import Mapping

from checker.collect.join import join
from checker.model.fact import Missing
from checker.model.record import Collection, Gap, Origin, Record, Scope
from checker.model.symbol import Symbol

HERE = Scope("123456789012", "eu-west-1")


def told(source: str, scope: Scope, *records: tuple[str, Mapping[str, object]]) -> Collection:
    origin = Origin(source, file=f"{source}.json")
    found = tuple(Record("terraform", type_, scope, raw, origin) for type_, raw in records)
    return Collection(source, records=found, paths=(source,))


def only(found: Collection, type_: str) -> Record:
    (record,) = (record for record in found.records if record.type == type_)
    return record


def test_what_one_input_names_and_another_holds_is_not_outside() -> None:
    network = told("network", HERE, ("aws_default_vpc", {"id": "vpc-1"}))
    app = told("app", HERE, ("data.aws_vpc", {"id": "vpc-1"}), ("data.aws_vpc", {"id": "vpc-2"}))
    found = join([network, app])

    assert [(record.type, record.raw["id"]) for record in found.records] == [
        ("aws_default_vpc", "vpc-1"),
        ("data.aws_vpc", "vpc-2"),
    ]


def test_a_program_that_names_no_account_is_of_the_one_account_that_is_named() -> None:
    found = join(
        [told("state", HERE, ("aws_vpc", {"id": "vpc-1"})), told("hcl", Scope("", ""), ("aws_lb", {"id": "a"}))]
    )

    assert only(found, "aws_lb").scope == HERE


def test_what_one_input_does_not_know_the_other_tells() -> None:
    unknown = {"id": "sg-1", "vpc_id": Symbol("var.vpc"), "name": Missing("a name"), "description": None}
    known = {"id": "sg-1", "vpc_id": "vpc-1", "name": "app", "description": "x"}
    found = join([told("one", HERE, ("aws_security_group", unknown)), told("two", HERE, ("aws_security_group", known))])

    assert only(found, "aws_security_group").raw == known


def test_what_two_inputs_tell_differently_is_not_known() -> None:
    one = told("one", HERE, ("aws_db_instance", {"id": "db-1", "multi_az": True}))
    two = told("two", HERE, ("aws_db_instance", {"id": "db-1", "multi_az": False}))
    found = only(join([one, two]), "aws_db_instance").raw

    assert isinstance(found["multi_az"], Gap)

"""States: what there is, in the form that Terraform shows and in the one that it keeps."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.collect.catalog import recognise
from checker.collect.terraform_state.collection import collect
from checker.errors import SourceError
from checker.model.fact import Missing
from checker.model.record import Collection, Scope
from checker.resources.catalog import kinds

GROUP = {"id": "sg-1", "arn": "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1", "name": "app"}


def shown(*resources: Mapping[str, object], **more: object) -> str:
    found = [{"mode": "managed", "name": "x", **resource} for resource in resources]
    return json.dumps({"format_version": "1.0", "values": {"root_module": {"resources": found, **more}}})


def kept(*resources: Mapping[str, object]) -> str:
    found = [
        {"mode": "managed", "provider": 'provider["registry.terraform.io/hashicorp/aws"]', **one} for one in resources
    ]
    return json.dumps({"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x", "resources": found})


# Shallow enough to be decoded, and each level of it is a step of more than one call.
NESTED = json.loads("[" * 700 + "true" + "]" * 700)
DEEP = shown(
    {
        "address": "aws_vpc.x",
        "type": "aws_vpc",
        "values": {"id": "vpc-1", "tags": NESTED},
        "sensitive_values": {"tags": NESTED},
    }
)


def read(*paths: Path) -> Collection:
    return collect(paths, kinds(), lambda _label, _done, _total: None)


def state(folder: Path, text: str) -> Path:
    path = folder / "terraform.tfstate"
    path.write_text(text)
    return path


def addresses(found: Collection) -> set[str | None]:
    return {record.origin.address for record in found.records}


def test_what_is_shown_is_read_with_modules_and_data_sources(tmp_path: Path) -> None:
    child = {
        "address": "module.net",
        "resources": [{"address": "module.net.aws_vpc.x", "type": "aws_vpc", "values": {"id": "vpc-1"}}],
    }
    data = {"address": "data.aws_vpc.old", "mode": "data", "type": "aws_vpc", "values": {"id": "vpc-2"}}
    group = {"address": "aws_security_group.x", "type": "aws_security_group", "values": {**GROUP, "vpc_id": "vpc-1"}}
    found = read(state(tmp_path, shown(group, data, child_modules=[child])))

    assert {"aws_security_group.x", "module.net.aws_vpc.x"} <= addresses(found)
    assert not any(record.type == "aws_vpc" and record.raw["id"] == "vpc-2" for record in found.records)


def test_what_is_kept_is_read_with_its_keys(tmp_path: Path) -> None:
    instances = [
        {"index_key": "a", "attributes": GROUP},
        {"index_key": "b", "attributes": {**GROUP, "id": "sg-2"}, "deposed": "abc"},
        {"index_key": "c", "attributes": {**GROUP, "id": "sg-3"}, "status": "tainted"},
    ]
    resource = {"module": 'module.app["x"]', "type": "aws_security_group", "name": "g", "instances": instances}
    found = read(state(tmp_path, kept(resource)))

    prefix = 'module.app["x"].aws_security_group.g'
    assert addresses(found) == {f'{prefix}["a"]', f'{prefix}["c"]'}
    assert any("is tainted" in line.item and '["c"]' in line.item for line in found.coverage)


def test_the_account_and_region_are_those_of_arns_and_of_neighbours(tmp_path: Path) -> None:
    west = {**GROUP, "id": "sg-9", "arn": GROUP["arn"].replace("eu-west-1", "us-west-2")}
    rule = {"security_group_id": "sg-9", "id": "sgr-1"}
    resources = [
        {"type": "aws_security_group", "name": "a", "instances": [{"attributes": GROUP}]},
        {"type": "aws_security_group", "name": "b", "instances": [{"attributes": west}]},
        {"type": "aws_vpc_security_group_ingress_rule", "name": "r", "instances": [{"attributes": rule}]},
    ]
    found = {record.origin.address: record.scope for record in read(state(tmp_path, kept(*resources))).records}

    assert found["aws_security_group.a"] == Scope("123456789012", "eu-west-1")
    assert found["aws_vpc_security_group_ingress_rule.r"] == Scope("123456789012", "us-west-2")


@pytest.mark.parametrize("form", ["shown", "kept"])
def test_sensitive_values_are_never_told(tmp_path: Path, form: str) -> None:
    values = {"id": "db-1", "identifier": "main", "engine": "mysql", "password": "hunter2"}
    if form == "shown":
        marks = {"sensitive_values": {"password": True}}
        text = shown({"address": "aws_db_instance.x", "type": "aws_db_instance", "values": values, **marks})
    else:
        path = [[{"type": "get_attr", "value": "password"}]]
        instance = {"attributes": values, "sensitive_attributes": path}
        text = kept({"type": "aws_db_instance", "name": "x", "instances": [instance]})
    found = read(state(tmp_path, text))

    assert isinstance(found.records[0].raw["password"], Missing)
    assert "hunter" not in repr(found)


@pytest.mark.parametrize("text", [shown(), kept(), '{"format_version": "1.0"}'])
def test_states_are_recognised_in_both_forms(tmp_path: Path, text: str) -> None:
    found = recognise(state(tmp_path, text), None, kinds())

    assert found.spec.name == "terraform-state"


def test_an_empty_state_holds_nothing(tmp_path: Path) -> None:
    assert not read(state(tmp_path, '{"format_version": "1.0"}')).records


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"version": 3, "serial": 1, "lineage": "x", "modules": []}', "version 3, and only version 4 is known"),
        ('{"format_version": "2.0", "values": {}}', "format 2.0, and only 1.x is known"),
        (kept()[:-20], "the file is cut off"),
        ("{}", "no Terraform state"),
        pytest.param(DEEP, "terraform.tfstate: it is nested too deeply", id="nested"),
    ],
)
def test_what_is_no_state_of_today_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(SourceError, match=expected):
        read(state(tmp_path, text))

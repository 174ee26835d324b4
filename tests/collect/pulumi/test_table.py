"""The table of types and properties, held to the SDK it was made from and to the provider's schema."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from checker.collect.pulumi.shape import attribute, pulumi_property, to_terraform
from checker.collect.pulumi.table.blocks import shapes
from checker.collect.pulumi.tokens import terraform_type
from checker.collect.terraform.records import wanted
from checker.resources.catalog import kinds
from tests.collect.pulumi.generating.__main__ import generate, schema
from tests.collect.pulumi.generating.sdk import Hint, hint
from tests.collect.pulumi.samples import KEY, classes, properties, sample

# The SDK says so of some classes when their module is imported.
pytestmark = pytest.mark.filterwarnings("ignore:.* has been deprecated in favor of:DeprecationWarning")
TABLE = Path(__file__).parents[3] / "checker" / "collect" / "pulumi" / "table"
# Types that are one of two names for the same thing, or that are looked up and never made.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/prefix_list
NEVER_MADE = {"aws_prefix_list"}
# Terraform has these, the SDK not any more.
# Source: https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/
REMOVED = {"aws_opsworks_instance"}


# Modules of which each type that the kinds read is looked at every time; the others take long to import.
STACK = ("acm", "autoscaling", "dynamodb", "ec2", "efs", "elasticache", "elb", "iam", "lb", "rds", "route53", "vpc")


def named() -> Mapping[str, tuple[str, str]]:
    """Return the SDK's class for each Terraform type, that of today where there is an old one too."""
    found = {terraform_type(token): where for token, where in sorted(classes().items(), reverse=True)}
    return {type_: where for type_, where in found.items() if type_}


@pytest.fixture(scope="module")
def read_types() -> Mapping[str, Mapping[str, Hint]]:
    """Return the properties of the SDK's classes, for each type of the usual stack that the kinds read."""
    usual = {f"pulumi_aws.{module}" for module in STACK}
    found = {type_: where for type_, where in named().items() if where[0] in usual}
    return {type_: properties(*found[type_]) for type_ in sorted(wanted(kinds()) & set(found))}


@pytest.fixture(scope="module")
def all_types(provider: dict[str, Any]) -> Mapping[str, Mapping[str, Hint]]:
    """Return the properties of all of the SDK's classes whose types are in the provider's schema."""
    return {type_: properties(*where) for type_, where in named().items() if type_ in provider["resource_schemas"]}


def test_each_type_that_is_read_is_one_of_the_sdk() -> None:
    assert wanted(kinds()) - set(named()) == NEVER_MADE | REMOVED


def test_each_property_has_a_name_of_its_own_and_leads_back(read_types: Mapping[str, Mapping[str, Hint]]) -> None:
    assert len(leading_back(read_types)) > 2000


def leading_back(types: Mapping[str, Mapping[str, Hint]]) -> Mapping[tuple[str, str], str]:
    """Return each path to a property, by type and path in Terraform; asserts that they lead to each other."""
    found: dict[tuple[str, str], str] = {}
    for type_, told in types.items():
        for path in paths(told):
            terraform = attribute(type_, path)
            assert found.setdefault((type_, terraform), path) == path, terraform
            assert terraform == terraform.lower()
            assert pulumi_property(type_, terraform) == path
    return found


def paths(told: Mapping[str, Hint], before: str = "", depth: int = 0) -> Iterator[str]:
    for name, one in told.items():
        path = f"{before}{name}"
        yield path
        if one.members and depth < 8:
            within = f"{path}[0]." if one.nesting == "many" else f"{path}."
            yield from paths({key: hint(note) for key, note in one.members.items()}, within, depth + 1)


def test_nothing_of_a_resource_is_lost_or_left_in_pulumis_shape(read_types: Mapping[str, Mapping[str, Hint]]) -> None:
    for type_, told in read_types.items():
        given = sample(told)
        made = to_terraform(type_, given)

        assert len(list(leaves(made))) == len(list(leaves(given))), type_
        assert all(key == KEY or key == key.lower() for key in keys(made)), type_
        assert not any(isinstance(leaf, float) for leaf in leaves(made)), type_


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def keys(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from value
    if isinstance(value, (Mapping, list)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from keys(item)


def test_all_numbers_of_blocks_lead_somewhere() -> None:
    table = shapes()
    for number in range(len(table.blocks)):
        block = table.block(number)
        inner = (n for blocks in (block.one, block.many, block.lists, block.single, block.map) for n in blocks.values())

        assert all(n < len(table.blocks) for n in inner)
    assert {*table.resources.values(), *table.functions.values()} <= set(range(len(table.blocks)))


@pytest.fixture(scope="module")
def provider() -> dict[str, Any]:
    """Return the schema of the AWS provider."""
    mirror = os.environ.get("TF_PLUGIN_MIRROR", "")
    if shutil.which("terraform") is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform, or a mirror of its AWS provider (TF_PLUGIN_MIRROR), is not here")
    return schema(mirror)


@pytest.mark.terraform
@pytest.mark.slow
def test_the_table_is_what_the_sdk_and_the_schema_make(provider: dict[str, Any]) -> None:
    made, _ = generate(provider)

    assert {path.name for path in TABLE.glob("*.json")} == set(made)
    for name, text in made.items():
        assert (TABLE / name).read_text() == text, f"{name} is stale: see tests/collect/pulumi/generating"


# Attributes that are of another shape in the version of the provider that the SDK was made from.
# Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade
CHANGED = {
    "aws_lakeformation_opt_in.resource_data.lf_tag.value",
    "aws_networkmanager_connect_peer.bgp_options.peer_asn",
    "aws_networkmanager_connect_peer.configuration.bgp_configurations.peer_asn",
    "aws_paymentcryptography_key.key_attributes",
    "aws_paymentcryptography_key.key_attributes.key_modes_of_use",
}


@pytest.mark.terraform
@pytest.mark.slow
def test_what_is_made_fits_the_schema(provider: dict[str, Any], all_types: Mapping[str, Mapping[str, Hint]]) -> None:
    misfits = {
        misfit.partition(":")[0]
        for type_, told in all_types.items()
        for misfit in unfit(type_, to_terraform(type_, sample(told)), provider["resource_schemas"][type_]["block"])
    }

    assert len(all_types) > 1500
    assert misfits == CHANGED


# A set has both `region` and its plural.
# Source: https://www.pulumi.com/registry/packages/aws/api-docs/ssmincidents/replicationset/
APART = "aws_ssmincidents_replication_set"


@pytest.mark.terraform
@pytest.mark.slow
def test_the_names_of_all_types_lead_back(all_types: Mapping[str, Mapping[str, Hint]]) -> None:
    types = {type_: told for type_, told in all_types.items() if type_ != APART}

    assert len(leading_back(types)) > 30_000


def unfit(path: str, values: Mapping[str, Any], block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places where values are of another shape than in the schema; what it does not have is passed over."""
    for name, value in values.items():
        at, nested = f"{path}.{name}", block.get("block_types", {}).get(name)
        attribute_ = block.get("attributes", {}).get(name, {})
        if nested or "nested_type" in attribute_:
            inner = nested["block"] if nested else attribute_["nested_type"]
            mode = nested["nesting_mode"] if nested else inner["nesting_mode"]
            if isinstance(value, Mapping) != (mode in ("single", "map")):
                yield f"{at}: not {mode}"
            for item in value if isinstance(value, list) else (value,):
                yield from unfit(at, item, inner) if isinstance(item, Mapping) else (f"{at}: {item!r} is no block",)
        elif "type" in attribute_:
            yield from misshapen(at, value, attribute_["type"])


def misshapen(path: str, value: Any, type_: Any) -> Iterator[str]:
    if isinstance(type_, str):
        fits = {"string": str, "number": int, "bool": bool}[type_]
        if type(value) is not fits:
            yield f"{path}: {value!r} is no {type_}"
    elif type_[0] == "object":
        yield from unfit(path, value, {"attributes": {name: {"type": one} for name, one in type_[1].items()}})
    elif isinstance(value, Mapping) != (type_[0] == "map"):
        yield f"{path}: not {type_[0]}"
    else:
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from misshapen(path, item, type_[1])

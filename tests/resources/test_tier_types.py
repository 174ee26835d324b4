"""What Terraform declares the members of tiers by."""

from checker.model.blueprint import TIERS
from checker.model.fact import Known
from checker.model.record import Origin, Scope
from checker.resources.file_system import FileSystem
from checker.resources.inventory import Inventory
from checker.resources.tier_types import addresses, terraform_types
from checker.resources.vpc import Vpc

HERE = Scope("", "eu-west-1")


def at(address: str | None) -> Origin:
    return Origin("terraform-hcl", "main.tf", 1, address)


def file_system(id: str, address: str | None) -> FileSystem:
    facts = {"encrypted": Known(True), "zone": Known(None), "mount_targets": Known(2), "active": Known(True)}
    return FileSystem(id=id, scope=HERE, origin=at(address), **facts)  # type: ignore[arg-type]  # facts of four types


def test_every_tier_has_types_of_resources() -> None:
    for tier in TIERS:
        assert terraform_types(tier)
    assert not [name for name in terraform_types(*TIERS) if not name.startswith("aws_")]


def test_both_names_of_a_load_balancer() -> None:
    # Source: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lb
    assert set(terraform_types("edge")) == {"aws_lb", "aws_alb"}


def test_what_is_only_looked_up_is_no_member() -> None:
    types = terraform_types("data")

    assert {"aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance", "aws_db_proxy"} <= set(types)
    assert not [name for name in types if "parameter_group" in name or "subnet" in name]


def test_addresses_are_those_of_what_could_be_in_a_tier() -> None:
    vpc = Vpc(id="v", scope=HERE, origin=at("aws_vpc.v"), cidrs=Known(()), is_default=Known(False))
    declared = file_system("a", "aws_efs_file_system.a")

    assert addresses(Inventory([declared, file_system("b", None), vpc], {})) == ("aws_efs_file_system.a",)

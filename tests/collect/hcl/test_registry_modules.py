"""What the modules of the public registry are written with, and what it comes to."""

from pathlib import Path

import pytest

from tests.collect.hcl.programs import by_address, read, values, write

# How a subnet tells names of zones from ids of zones.
# Source: https://github.com/terraform-aws-modules/terraform-aws-vpc/blob/master/main.tf
SUBNETS = """
data "aws_availability_zones" "available" {}
locals { zones = ZONES }
resource "aws_subnet" "s" {
  count                = 3
  availability_zone    = length(regexall("PATTERN", local.zones[count.index])) > 0 ? local.zones[count.index] : null
  availability_zone_id = length(regexall("PATTERN", local.zones[count.index])) == 0 ? local.zones[count.index] : null
}
"""


@pytest.mark.parametrize("pattern", ["^[a-z]{2}-", "^[a-z]+-"])
@pytest.mark.parametrize("provider", ["", 'provider "aws" { region = "eu-west-1" }\n'])
@pytest.mark.parametrize(("list_", "field"), [("names", "availability_zone"), ("zone_ids", "availability_zone_id")])
def test_names_of_zones_are_told_from_their_ids(
    tmp_path: Path, pattern: str, provider: str, list_: str, field: str
) -> None:
    zones = f"data.aws_availability_zones.available.{list_}"
    main = provider + SUBNETS.replace("PATTERN", pattern).replace("ZONES", zones)
    found = read(write(tmp_path, {"main.tf": main}))
    subnets = [values(found, f"aws_subnet.s[{index}]") for index in range(3)]
    (other,) = {"availability_zone", "availability_zone_id"} - {field}

    assert len({subnet[field] for subnet in subnets}) == 3
    assert all(type(subnet[field]) is str for subnet in subnets)
    assert all(subnet[other] is None for subnet in subnets)


@pytest.mark.parametrize(("given", "expected"), [("null", "eu-west-1"), ('"us-east-1"', "us-east-1")])
def test_a_region_that_is_null_is_the_providers(tmp_path: Path, given: str, expected: str) -> None:
    main = f"""
provider "aws" {{ region = "eu-west-1" }}
variable "region" {{ default = {given} }}
resource "aws_elasticache_subnet_group" "g" {{
  region = var.region
  name   = "g"
}}
"""
    found = by_address(read(write(tmp_path, {"main.tf": main})))["aws_elasticache_subnet_group.g"]

    assert found.region == expected

"""Resources, modules and their repetitions, as Terraform expands them."""

from pathlib import Path

import pytest

from tests.collect.hcl.programs import addresses, by_address, is_missing, is_symbol, read, taken, values, write

NET = """
variable "name" {}
variable "public_subnets" {
  type    = list(string)
  default = []
}
resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "public" {
  count      = length(var.public_subnets)
  vpc_id     = aws_vpc.this.id
  cidr_block = var.public_subnets[count.index]
  tags       = { Name = "${var.name}-${count.index}" }
}
output "vpc_id" { value = aws_vpc.this.id }
output "id" { value = "the-output-named-id" }
output "public_subnets" { value = aws_subnet.public[*].id }
"""


def test_module_instances_have_exact_addresses_files_and_lines(tmp_path: Path) -> None:
    main = """
module "net" {
  source         = "./modules/net"
  for_each       = { a = ["10.0.1.0/24"], b = ["10.0.2.0/24", "10.0.3.0/24"] }
  name           = each.key
  public_subnets = each.value
}
"""
    found = read(write(tmp_path, {"main.tf": main, "modules/net/net.tf": NET}))

    assert addresses(found) == {
        'module.net["a"].aws_vpc.this',
        'module.net["a"].aws_subnet.public[0]',
        'module.net["b"].aws_vpc.this',
        'module.net["b"].aws_subnet.public[0]',
        'module.net["b"].aws_subnet.public[1]',
    }
    subnet = by_address(found)['module.net["b"].aws_subnet.public[1]']
    assert subnet.values["cidr_block"] == "10.0.3.0/24"
    assert subnet.values["tags"] == {"Name": "b-1"}
    assert is_symbol(subnet.values["vpc_id"], 'module.net["b"].aws_vpc.this')
    assert (subnet.origin.file, subnet.origin.line) == (str(tmp_path / "modules/net/net.tf"), 10)


def test_output_that_shares_its_name_with_an_input_or_id_is_the_output(tmp_path: Path) -> None:
    main = """
module "vpc" {
  source         = "./net"
  name           = "n"
  public_subnets = ["10.0.1.0/24", "10.0.2.0/24"]
}
resource "aws_lb" "main" {
  name    = module.vpc.id
  subnets = module.vpc.public_subnets
}
"""
    lb = values(read(write(tmp_path, {"main.tf": main, "net/main.tf": NET})), "aws_lb.main")

    assert lb["name"] == "the-output-named-id"
    assert lb["subnets"] == ["module.vpc.aws_subnet.public[0]", "module.vpc.aws_subnet.public[1]"]


def test_nested_modules_hand_values_up_and_down(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "./a"\n  port = 8080\n}\n'
        'resource "aws_lb_target_group" "x" {\n  port = module.a.port\n  vpc_id = module.a.inner.vpc\n}\n',
        "a/main.tf": 'variable "port" {}\n'
        'module "b" {\n  count = 2\n  source = "../b"\n  port = var.port + count.index\n}\n'
        'output "port" { value = module.b[1].port }\noutput "inner" { value = module.b[0] }\n',
        "b/main.tf": 'variable "port" { type = number }\nresource "aws_vpc" "v" {}\n'
        'output "port" { value = var.port }\n'
        'output "vpc" { value = aws_vpc.v.id }\n',
    }
    group = values(read(write(tmp_path, files)), "aws_lb_target_group.x")

    assert group["port"] == 8081
    assert is_symbol(group["vpc_id"], "module.a.module.b[0].aws_vpc.v")


@pytest.mark.parametrize(
    "repeated", ["count = 0", "count = var.on ? 1 : 0", "for_each = {}", "for_each = toset([])", 'count = "0"']
)
def test_nothing_stands_for_a_count_of_none(tmp_path: Path, repeated: str) -> None:
    main = f'variable "on" {{ default = false }}\nresource "aws_vpc" "x" {{\n  {repeated}\n}}\n'

    assert read(write(tmp_path, {"main.tf": main})).instances == ()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("aws_subnet.counted[*].id", ["aws_subnet.counted[0]", "aws_subnet.counted[1]"]),
        ("values(aws_subnet.each)[*].id", ['aws_subnet.each["a"]', 'aws_subnet.each["b"]']),
        ("[for k, s in aws_subnet.each : s.id]", ['aws_subnet.each["a"]', 'aws_subnet.each["b"]']),
        ("[one(aws_subnet.counted[*].id)]", None),
        ('[try(aws_subnet.none[0].id, "none")]', ["none"]),
        ("aws_subnet.none[*].id", []),
        ('[aws_subnet.each["b"].cidr_block]', ["10.0.2.0/24"]),
        (
            'concat(aws_subnet.counted[*].id, [aws_subnet.each["a"].id])',
            ["aws_subnet.counted[0]", "aws_subnet.counted[1]", 'aws_subnet.each["a"]'],
        ),
        ("slice(aws_subnet.counted.*.id, 1, 2)", ["aws_subnet.counted[1]"]),
        ('[lookup({ for k, s in aws_subnet.each : k => s.id }, "a")]', ['aws_subnet.each["a"]']),
        ("[aws_subnet.single.arn]", ["aws_subnet.single.arn"]),
        ("[aws_subnet.single.tags.Name]", ["s"]),
    ],
)  # fmt: skip
def test_references_to_resources_are_exact(tmp_path: Path, expression: str, expected: list[str] | None) -> None:
    main = f"""
resource "aws_subnet" "single" {{
  tags = {{ Name = "s" }}
}}
resource "aws_subnet" "counted" {{
  count = 2
}}
resource "aws_subnet" "none" {{
  count = 0
}}
resource "aws_subnet" "each" {{
  for_each   = {{ b = "10.0.2.0/24", a = "10.0.1.0/24" }}
  cidr_block = each.value
}}
resource "aws_lb" "main" {{
  subnets = {expression}
}}
"""
    subnets = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.main")["subnets"]

    if expected is None:  # Terraform refuses two for one
        assert is_missing(subnets)
    else:
        assert subnets == expected


def test_unknown_count_is_one_uncertain_instance_and_references_to_it_stay_open(tmp_path: Path) -> None:
    main = """
variable "number" { type = number }
variable "names" { type = set(string) }
resource "aws_subnet" "counted" {
  count = var.number
  tags  = { Index = count.index, Fixed = "x" }
}
resource "aws_subnet" "each" {
  for_each   = var.names
  cidr_block = each.value
}
module "m" {
  count  = var.number
  source = "./m"
}
resource "aws_lb" "main" {
  name    = "lb"
  subnets = concat(["subnet-1"], aws_subnet.counted[*].id)
  internal = length(aws_subnet.counted) > 1
  security_groups = [aws_subnet.each["a"].id]
}
"""
    inner = 'resource "aws_vpc" "v" {}\n'
    found = read(write(tmp_path, {"main.tf": main, "m/main.tf": inner}))
    named = by_address(found)

    assert {address for address, one in named.items() if one.uncertain} == {
        "aws_subnet.counted[*]",
        "aws_subnet.each[*]",
        "module.m[*].aws_vpc.v",
    }
    tags = named["aws_subnet.counted[*]"].values["tags"]
    assert isinstance(tags, dict)
    assert tags["Fixed"] == "x"
    assert is_missing(tags["Index"])
    assert is_missing(named["aws_subnet.each[*]"].values["cidr_block"])
    lb = named["aws_lb.main"].values
    assert isinstance(lb["subnets"], list)
    assert lb["subnets"][0] == "subnet-1"
    assert is_missing(lb["subnets"][1])
    assert is_missing(lb["internal"])


def test_dynamic_blocks_are_expanded_and_unknown_ones_leave_the_static_ones(tmp_path: Path) -> None:
    main = """
variable "open" { type = list(number) }
locals {
  rules = [{ port = 80, from = ["10.0.0.0/8", "192.168.0.0/16"] }, { port = 443, from = [] }]
}
resource "aws_security_group" "known" {
  dynamic "ingress" {
    for_each = { for r in local.rules : r.port => r }
    iterator = it
    content {
      description = it.key
      from_port   = it.value.port
      cidr_blocks = it.value.from
    }
  }
}
resource "aws_security_group" "unknown" {
  ingress {
    from_port = 22
  }
  dynamic "ingress" {
    for_each = var.open
    content {
      from_port = ingress.value
    }
  }
}
resource "aws_lb_listener" "nested" {
  dynamic "default_action" {
    for_each = ["forward"]
    content {
      type = default_action.value
      dynamic "forward" {
        for_each = [["a", "b"]]
        content {
          dynamic "target_group" {
            for_each = forward.value
            content {
              arn = "${default_action.value}-${target_group.value}-${target_group.key}"
            }
          }
        }
      }
    }
  }
}
"""
    found = read(write(tmp_path, {"main.tf": main}))

    assert values(found, "aws_security_group.known")["ingress"] == [
        {"~line": 10, "description": "443", "from_port": 443, "cidr_blocks": []},
        {"~line": 10, "description": "80", "from_port": 80, "cidr_blocks": ["10.0.0.0/8", "192.168.0.0/16"]},
    ]
    static, unknown = values(found, "aws_security_group.unknown")["ingress"]  # type: ignore[misc]  # a list of two
    assert static == {"~line": 18, "from_port": 22}
    assert is_missing(unknown)
    action = values(found, "aws_lb_listener.nested")["default_action"][0]  # type: ignore[index]  # a list of one
    groups = [group["arn"] for group in action["forward"][0]["target_group"]]
    assert groups == ["forward-a-0", "forward-b-1"]


def test_circles_are_missing_and_no_error(tmp_path: Path) -> None:
    files = {
        "main.tf": """
locals {
  a = local.b
  b = local.a
  c = [for x in [1] : local.c]
}
resource "aws_vpc" "x" {
  cidr_block = local.a
  tags       = { Name = aws_vpc.x.tags.Name, C = local.c }
}
resource "aws_subnet" "n" {
  count = length(aws_subnet.n)
}
module "self" {
  source = "./."
}
""",
    }
    found = read(write(tmp_path, files))

    assert is_missing(by_address(found)["aws_vpc.x"].values["cidr_block"])
    assert by_address(found)["aws_subnet.n[*]"].uncertain
    assert any("it calls itself" in gap.error for gap in found.gaps)


def test_deep_chains_of_references_end_in_an_answer(tmp_path: Path) -> None:
    chain = "\n".join(f"  l{number} = local.l{number + 1}" for number in range(3000))
    vpc = 'resource "aws_vpc" "v" {\n  cidr_block = local.l0\n}\n'
    found = read(write(tmp_path, {"main.tf": f'locals {{\n{chain}\n  l3000 = "x"\n}}\n{vpc}'}))

    cidr = values(found, "aws_vpc.v")["cidr_block"]
    assert cidr == "x" or is_missing(cidr)


def test_override_files_change_what_others_declare(tmp_path: Path) -> None:
    files = {
        "main.tf": """
resource "aws_security_group" "x" {
  name = "base"
  description = "kept"
  ingress { from_port = 1 }
  ingress { from_port = 2 }
  egress { from_port = 3 }
}
variable "v" { default = "base" }
locals { l = "base" }
resource "aws_vpc" "v" { tags = { V = var.v, L = local.l } }
""",
        "b_override.tf": 'resource "aws_security_group" "x" {\n  name = "second"\n}\n',
        "a_override.tf": 'resource "aws_security_group" "x" {\n  name = "first"\n'
        "  ingress {\n    from_port = 9\n  }\n}\n",
        "override.tf": 'variable "v" { default = "over" }\nlocals { l = "over" }\n',
    }
    found = read(write(tmp_path, files))

    group = values(found, "aws_security_group.x")
    assert group["name"] == "second"
    assert group["description"] == "kept"
    assert taken(group["ingress"], "from_port") == [9]
    assert taken(group["egress"], "from_port") == [3]
    assert values(found, "aws_vpc.v")["tags"] == {"V": "over", "L": "over"}


def test_blocks_that_make_nothing_are_passed_over(tmp_path: Path) -> None:
    main = """
terraform { required_version = ">= 1.5" }
moved {
  from = aws_vpc.old
  to   = aws_vpc.new
}
import {
  to = aws_vpc.new
  id = "vpc-1"
}
removed {
  from = aws_vpc.gone
  lifecycle { destroy = false }
}
check "c" {
  assert {
    condition     = aws_vpc.new.id != ""
    error_message = "no"
  }
}
resource "aws_vpc" "new" {
  cidr_block = "10.0.0.0/16"
  lifecycle { ignore_changes = [tags] }
  timeouts { create = "1m" }
  provisioner "local-exec" { command = "touch ${path.module}/pwned" }
}
"""
    found = read(write(tmp_path, {"main.tf": main}))

    assert addresses(found) == {"aws_vpc.new"}
    assert set(values(found, "aws_vpc.new")) == {"cidr_block"}
    assert found.gaps == ()
    assert not (tmp_path / "pwned").exists()


def test_providers_give_regions_accounts_and_default_tags(tmp_path: Path) -> None:
    files = {
        "main.tf": """
variable "unset" {}
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111111111111"]
  default_tags { tags = { Team = "a", Env = "prod" } }
}
provider "aws" {
  alias  = "east"
  region = "us-east-1"
  assume_role { role_arn = "arn:aws:iam::222222222222:role/deploy" }
}
provider "aws" {
  alias  = "open"
  region = var.unset
}
resource "aws_vpc" "here" { tags = { Team = "b" } }
resource "aws_vpc" "east" { provider = aws.east }
resource "aws_vpc" "own" { region = "ap-south-1" }
resource "aws_vpc" "open" { provider = aws.open }
data "aws_region" "current" {}
data "aws_region" "open" { provider = aws.open }
module "plain" { source = "./m" }
module "east" {
  source    = "./m"
  providers = { aws = aws.east, aws.second = aws }
}
resource "aws_subnet" "zone" {
  availability_zone = "${data.aws_region.current.name}a"
  cidr_block = data.aws_region.open.name
}
""",
        "m/main.tf": 'resource "aws_vpc" "a" {}\nresource "aws_vpc" "b" {\n  provider = aws.second\n}\n',
    }
    named = by_address(read(write(tmp_path, files)))
    placed = {address: (one.region, one.account) for address, one in named.items() if one.type == "aws_vpc"}

    assert placed == {
        "aws_vpc.here": ("eu-west-1", "111111111111"),
        "aws_vpc.east": ("us-east-1", "222222222222"),
        "aws_vpc.own": ("ap-south-1", "111111111111"),
        "aws_vpc.open": ("", ""),
        "module.plain.aws_vpc.a": ("eu-west-1", "111111111111"),
        "module.plain.aws_vpc.b": ("", ""),
        "module.east.aws_vpc.a": ("us-east-1", "222222222222"),
        "module.east.aws_vpc.b": ("eu-west-1", "111111111111"),
    }
    assert named["aws_vpc.here"].values["tags_all"] == {"Team": "b", "Env": "prod"}
    assert named["aws_subnet.zone"].values["availability_zone"] == "eu-west-1a"
    assert isinstance(named["aws_subnet.zone"].values["cidr_block"], str)
    assert is_symbol(named["aws_subnet.zone"].values["cidr_block"], "data.aws_region.open.name")


def test_json_configurations_are_read_like_native_ones(tmp_path: Path) -> None:
    main = """
{
  "variable": {"port": {"type": "number", "default": 80}},
  "provider": {"aws": {"region": "eu-west-1", "default_tags": {"tags": {"A": "1"}}}},
  "resource": {
    "aws_security_group": {
      "x": {
        "name": "sg-${var.port}",
        "tags": {"Name": "x"},
        "ingress": {"from_port": "${var.port}", "cidr_blocks": ["10.0.0.0/8"]},
        "egress": [{"from_port": 1}, {"from_port": 2}],
        "dynamic": {"timeouts_like": {"for_each": ["a"], "content": {"value": "${timeouts_like.value}"}}}
      }
    },
    "aws_instance": {"i": {"count": 2, "vpc_security_group_ids": ["${aws_security_group.x.id}"]}}
  }
}
"""
    found = read(write(tmp_path, {"main.tf.json": main}))
    group = values(found, "aws_security_group.x")

    assert group["name"] == "sg-80"
    assert group["tags_all"] == {"A": "1", "Name": "x"}
    assert taken(group["ingress"], "from_port") == [80]
    assert taken(group["ingress"], "cidr_blocks") == [["10.0.0.0/8"]]
    assert taken(group["egress"], "from_port") == [1, 2]
    assert taken(group["timeouts_like"], "value") == ["a"]
    assert values(found, "aws_instance.i[1]")["vpc_security_group_ids"] == ["aws_security_group.x"]


def test_zones_that_are_looked_up_are_three_distinct_ones(tmp_path: Path) -> None:
    main = """
data "aws_availability_zones" "a" { state = "available" }
data "aws_availability_zones" "b" {}
resource "aws_subnet" "s" {
  count             = length(data.aws_availability_zones.a.names)
  availability_zone = data.aws_availability_zones.a.names[count.index]
}
resource "aws_subnet" "sliced" {
  for_each          = toset(slice(data.aws_availability_zones.b.names, 0, 2))
  availability_zone = each.value
}
resource "aws_subnet" "beyond" { availability_zone = data.aws_availability_zones.a.names[3] }
"""
    found = read(write(tmp_path, {"main.tf": main}))
    zones = [one.values["availability_zone"] for one in found.instances if one.address.startswith("aws_subnet.s[")]
    sliced = [one.values["availability_zone"] for one in found.instances if "sliced" in one.address]

    assert len(zones) == len(set(zones)) == 3
    assert all(type(zone) is str for zone in zones)
    assert len(sliced) == 2
    assert set(sliced) < set(zones)
    assert is_missing(values(found, "aws_subnet.beyond")["availability_zone"])
    assert found.assumed


def test_subnets_of_three_tiers_and_their_gateways_stand_in_each_zone(tmp_path: Path) -> None:
    main = """
data "aws_availability_zones" "available" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}
locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
  tiers = ["public", "private", "data"]
}
resource "aws_subnet" "s" {
  for_each          = { for pair in setproduct(local.tiers, range(3)) : "${pair[0]}-${pair[1]}" => pair }
  availability_zone = local.zones[each.value[1]]
}
resource "aws_nat_gateway" "n" {
  for_each  = toset([for index, zone in local.zones : tostring(index)])
  subnet_id = aws_subnet.s["public-${each.key}"].id
}
"""
    named = by_address(read(write(tmp_path, {"main.tf": main})))
    zones = [one.values["availability_zone"] for one in named.values() if one.type == "aws_subnet"]
    gateways = {str(one.values["subnet_id"]) for one in named.values() if one.type == "aws_nat_gateway"}

    assert sorted(zones.count(zone) for zone in set(zones)) == [3, 3, 3]
    assert gateways == {f'aws_subnet.s["public-{index}"]' for index in range(3)}


def test_zones_are_called_by_number_and_region_while_all_look_ups_choose_alike(tmp_path: Path) -> None:
    main = """
provider "aws" { region = "eu-west-1" }
data "aws_availability_zones" "a" {
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}
resource "aws_subnet" "s" {
  for_each          = toset(data.aws_availability_zones.a.names)
  availability_zone = each.value
}
"""
    other = 'data "aws_availability_zones" "b" {}\nresource "aws_subnet" "t" { %s }\n'
    alike = read(write(tmp_path / "alike", {"main.tf": main}))
    mixed = write(
        tmp_path / "mixed", {"main.tf": main + other % "availability_zone = data.aws_availability_zones.b.names[0]"}
    )

    assert {one.address for one in alike.instances if not one.is_data} == {
        f'aws_subnet.s["eu-west-1 zone {number}"]' for number in (1, 2, 3)
    }
    of_either = read(mixed)
    assert not [one.address for one in of_either.instances if "zone 1" in one.address]
    assert not any(type(one.values["availability_zone"]) is str for one in of_either.instances if not one.is_data)


@pytest.mark.parametrize(
    "beside",
    [
        'resource "aws_subnet" "named" { availability_zone = "us-east-1a" }',
        """data "aws_availability_zones" "other" { all_availability_zones = true }
        resource "aws_subnet" "named" { availability_zone = data.aws_availability_zones.other.names[0] }""",
    ],
)
def test_zones_that_may_be_the_same_as_others_are_only_called_by_symbols(tmp_path: Path, beside: str) -> None:
    main = f"""
data "aws_availability_zones" "a" {{}}
resource "aws_subnet" "s" {{
  count             = 2
  availability_zone = data.aws_availability_zones.a.names[count.index]
}}
{beside}
"""
    found = read(write(tmp_path, {"main.tf": main}))
    zones = [values(found, f"aws_subnet.s[{index}]")["availability_zone"] for index in range(2)]

    assert all(is_symbol(zone, str(zone)) for zone in zones)
    assert zones[0] != zones[1]


@pytest.mark.parametrize(
    "beside",
    [
        'resource "aws_lb_target_group_attachment" "t" { availability_zone = "us-east-1a" }',
        'resource "aws_ebs_volume" "t" { availability_zone = "us-east-1a" }',
    ],
)
def test_a_zone_called_by_its_name_outside_of_subnets_may_be_any_and_the_subnets_keep_theirs(
    tmp_path: Path, beside: str
) -> None:
    main = f"""
data "aws_availability_zones" "a" {{}}
resource "aws_subnet" "s" {{
  count             = 2
  availability_zone = data.aws_availability_zones.a.names[count.index]
}}
{beside}
"""
    found = read(write(tmp_path, {"main.tf": main}))
    zones = [values(found, f"aws_subnet.s[{index}]")["availability_zone"] for index in range(2)]
    (other,) = (one for one in found.instances if one.type != "aws_subnet" and not one.is_data)

    assert all(type(zone) is str for zone in zones)
    assert zones[0] != zones[1]
    assert is_missing(other.values["availability_zone"])


def test_databases_are_compared_with_each_other_by_the_names_of_their_zones(tmp_path: Path) -> None:
    main = """
data "aws_availability_zones" "a" {}
resource "aws_subnet" "s" { availability_zone = data.aws_availability_zones.a.names[0] }
resource "aws_rds_cluster_instance" "one" { availability_zone = "us-east-1a" }
resource "aws_rds_cluster_instance" "two" { availability_zone = %s }
"""
    named = read(write(tmp_path / "named", {"main.tf": main % '"us-east-1b"'}))
    mixed = read(write(tmp_path / "mixed", {"main.tf": main % "data.aws_availability_zones.a.names[1]"}))

    assert values(named, "aws_rds_cluster_instance.one")["availability_zone"] == "us-east-1a"
    assert is_missing(values(mixed, "aws_rds_cluster_instance.one")["availability_zone"])


def test_subnets_that_are_looked_up_by_the_name_of_a_zone_may_be_in_any_that_was_looked_up(tmp_path: Path) -> None:
    main = """
data "aws_availability_zones" "a" {}
data "aws_subnets" "s" {
  filter {
    name   = "availability-zone"
    values = ["us-east-1a"]
  }
}
resource "aws_subnet" "s" { availability_zone = data.aws_availability_zones.a.names[0] }
"""
    zone = values(read(write(tmp_path, {"main.tf": main})), "aws_subnet.s")["availability_zone"]

    assert is_symbol(zone, str(zone))


@pytest.mark.parametrize(("region", "zones"), [("us-west-1", 2), ("eu-west-1", 3)])
def test_a_zone_that_an_account_may_not_have_is_not_counted(tmp_path: Path, region: str, zones: int) -> None:
    main = f"""
provider "aws" {{ region = "{region}" }}
data "aws_availability_zones" "a" {{}}
resource "aws_subnet" "s" {{
  count             = 4
  availability_zone = element(data.aws_availability_zones.a.names, count.index)
}}
resource "aws_subnet" "t" {{
  count             = 4
  availability_zone = element(slice(data.aws_availability_zones.a.names, 0, 2), count.index)
}}
"""
    found = read(write(tmp_path, {"main.tf": main}))
    straight = [values(found, f"aws_subnet.s[{index}]")["availability_zone"] for index in range(4)]
    wrapped = [values(found, f"aws_subnet.t[{index}]")["availability_zone"] for index in range(4)]

    assert len({str(zone) for zone in straight[:zones]}) == zones
    assert all(type(zone) is str for zone in straight[:zones])
    assert all(is_missing(zone) for zone in straight[zones:])
    assert wrapped == [straight[0], straight[1]] * 2


def test_zones_with_some_left_out_are_not_known(tmp_path: Path) -> None:
    main = """
data "aws_availability_zones" "a" { exclude_names = ["us-east-1a"] }
resource "aws_subnet" "s" { availability_zone = data.aws_availability_zones.a.names[0] }
"""
    assert is_missing(values(read(write(tmp_path, {"main.tf": main})), "aws_subnet.s")["availability_zone"])


def test_policy_documents_become_json_with_the_names_in_them(tmp_path: Path) -> None:
    main = """
resource "aws_dynamodb_table" "t" { name = "t" }
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["dynamodb:GetItem"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "p" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    effect    = "Deny"
    actions   = ["dynamodb:*"]
    resources = [aws_dynamodb_table.t.arn, "&{aws:username}"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_iam_role_policy" "p" { policy = data.aws_iam_policy_document.p.json }
resource "aws_iam_role" "base" { assume_role_policy = data.aws_iam_policy_document.base.json }
"""
    found = read(write(tmp_path, {"main.tf": main}))
    policy = values(found, "aws_iam_role_policy.p")["policy"]

    assert isinstance(policy, str)
    assert '"${aws_dynamodb_table.t.arn}"' in policy
    assert '"Sid":"Read"' in policy
    assert is_symbol(policy, policy)
    assert "aws:username" in policy
    plain = values(found, "aws_iam_role.base")["assume_role_policy"]
    assert isinstance(plain, str)
    assert '"Action": "dynamodb:GetItem"' in plain


def test_data_sources_are_marked_and_called_by_their_symbols(tmp_path: Path) -> None:
    main = """
data "aws_vpc" "main" { tags = { Name = "main" } }
resource "aws_subnet" "s" {
  vpc_id     = data.aws_vpc.main.id
  cidr_block = data.aws_vpc.main.cidr_block
}
"""
    named = by_address(read(write(tmp_path, {"main.tf": main})))

    assert named["data.aws_vpc.main"].is_data
    assert is_symbol(named["aws_subnet.s"].values["vpc_id"], "data.aws_vpc.main")
    assert is_symbol(named["aws_subnet.s"].values["cidr_block"], "data.aws_vpc.main.cidr_block")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('compact([aws_security_group.ecs.id, ""])', ["aws_security_group.ecs"]),
        ("flatten([[aws_security_group.ecs.id], aws_security_group.ecs.id])", ["aws_security_group.ecs"] * 2),
        ("[coalesce(null, aws_security_group.ecs.id)]", ["aws_security_group.ecs"]),
        ('aws_security_group.ecs.id != "" && aws_security_group.ecs.id != null ? ["set"] : []', ["set"]),
        ('aws_security_group.ecs.id == aws_security_group.rds.id ? ["same"] : ["apart"]', ["apart"]),
        (
            "distinct([aws_security_group.ecs.id, aws_security_group.rds.id, aws_security_group.ecs.id])",
            ["aws_security_group.ecs", "aws_security_group.rds"],
        ),
    ],
)
def test_the_id_of_a_resource_that_is_made_is_one_text_of_its_own(
    tmp_path: Path, expression: str, expected: list[str]
) -> None:
    groups = 'resource "aws_security_group" "ecs" {}\nresource "aws_security_group" "rds" {}\n'
    main = f'{groups}resource "aws_lb" "x" {{\n  security_groups = {expression}\n}}\n'

    assert values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")["security_groups"] == expected


@pytest.mark.parametrize(
    "expression",
    [
        'compact([var.group, ""])',
        'var.group == aws_security_group.x.id ? ["same"] : []',
        'aws_instance.x.public_ip != "" ? ["public"] : []',
        'aws_vpc.x.id == aws_security_group.x.id ? ["same"] : []',
    ],
)
def test_other_names_may_be_null_empty_or_the_same(tmp_path: Path, expression: str) -> None:
    main = f"""
variable "group" {{}}
resource "aws_vpc" "x" {{}}
resource "aws_instance" "x" {{}}
resource "aws_security_group" "x" {{}}
resource "aws_lb" "x" {{
  security_groups = {expression}
}}
"""
    found = values(read(write(tmp_path, {"main.tf": main})), "aws_lb.x")["security_groups"]

    assert is_missing(found) or (isinstance(found, list) and any(is_missing(item) for item in found))

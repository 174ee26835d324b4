"""Plans in JSON: what there will be, what is not known yet, and what the program beside them tells."""

import json
import zipfile
from pathlib import Path

import pytest

from checker.collect.catalog import recognise
from checker.errors import SourceError, UsageError
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Scope, Status
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds
from tests.collect.terraform.plans import Json, block, change, named, plan, raw, read, record, write

VPC = change("aws_vpc.main", {"cidr_block": "10.0.0.0/16"})


def test_a_single_reference_of_a_first_plan_is_resolved_and_the_region_is_its_providers(tmp_path: Path) -> None:
    changes = [VPC, change("aws_security_group.app", {"name": "app"}, {"vpc_id": True, "arn": True})]
    blocks = [block("aws_vpc.main"), block("aws_security_group.app", {"vpc_id": named("aws_vpc.main.id")})]
    found = record(read(write(tmp_path, plan(changes, blocks))), "aws_security_group.app")

    assert found.raw["vpc_id"] == Symbol("aws_vpc.main") == raw(read(tmp_path / "plan.json"), "aws_vpc.main")["id"]
    assert found.scope == Scope("", "eu-west-1")


def test_what_the_plan_knows_of_the_other_end_is_its_real_id(tmp_path: Path) -> None:
    known = change("aws_vpc.main", {"id": "vpc-1"}, {"id": False}, actions=("no-op",))
    new = change("aws_subnet.a", {"cidr_block": "10.0.0.0/24"}, {"vpc_id": True})
    blocks = [block("aws_vpc.main"), block("aws_subnet.a", {"vpc_id": named("aws_vpc.main.id")})]

    # A reference to what is known is no reason for a value not to be known: it is not taken for its source.
    found = raw(read(write(tmp_path, plan([known, new], blocks))), "aws_subnet.a")["vpc_id"]
    assert isinstance(found, Missing)


def test_references_go_through_variables_outputs_and_each_value(tmp_path: Path) -> None:
    changes = [
        VPC,
        change('aws_subnet.s["a"]', {}, {"vpc_id": True}),
        change('aws_efs_mount_target.m["a"]', {}, {"subnet_id": True}),
        change("module.net.aws_security_group.this", {}, {"vpc_id": True}),
        change("aws_vpc_security_group_ingress_rule.r", {}, {"security_group_id": True}),
    ]
    inner = {
        "resources": [block("aws_security_group.this", {"vpc_id": named("var.vpc_id")})],
        "outputs": {"group": {"expression": named("aws_security_group.this.id")}},
    }
    calls = {"net": {"expressions": {"vpc_id": named("aws_vpc.main.id")}, "module": inner}}
    blocks = [
        block("aws_vpc.main"),
        block("aws_subnet.s", {"vpc_id": named("aws_vpc.main.id")}, for_each_expression={"constant_value": {"a": 1}}),
        block(
            "aws_efs_mount_target.m",
            {"subnet_id": named("each.value.id")},
            for_each_expression={"references": ["aws_subnet.s"]},
        ),
        block("aws_vpc_security_group_ingress_rule.r", {"security_group_id": named("module.net.group")}),
    ]
    found = read(write(tmp_path, plan(changes, blocks, calls=calls)))

    assert raw(found, "module.net.aws_security_group.this")["vpc_id"] == Symbol("aws_vpc.main")
    assert raw(found, 'aws_efs_mount_target.m["a"]')["subnet_id"] == Symbol('aws_subnet.s["a"]')
    rule = raw(found, "aws_vpc_security_group_ingress_rule.r")
    assert rule["security_group_id"] == Symbol("module.net.aws_security_group.this")


@pytest.mark.parametrize(
    "references",
    [
        ("aws_security_group.a.id", "aws_security_group.b.id"),
        ("local.group",),
        ("aws_security_group.many",),
        ("aws_security_group.many", "count.index"),
        ("aws_lb.web.dns_name",),
        (),
    ],
)
def test_what_references_leave_open_stays_unknown(tmp_path: Path, references: tuple[str, ...]) -> None:
    changes = [
        change("aws_security_group.a", {}),
        change("aws_security_group.b", {}),
        change("aws_security_group.many[0]", {}),
        change("aws_vpc_security_group_ingress_rule.r", {}, {"security_group_id": True}),
    ]
    blocks = [
        block("aws_security_group.a"),
        block("aws_security_group.b"),
        block("aws_security_group.many", count_expression={"constant_value": 1}),
        block("aws_vpc_security_group_ingress_rule.r", {"security_group_id": named(*references)}),
    ]
    found = raw(read(write(tmp_path, plan(changes, blocks))), "aws_vpc_security_group_ingress_rule.r")

    assert isinstance(found["security_group_id"], Missing)


def test_a_list_may_hold_literals_that_its_references_do_not_tell(tmp_path: Path) -> None:
    # Terraform writes `["sg-1", aws_security_group.a.id]` and `[aws_security_group.a.id]` alike: a set of which one
    # item is not known is not known, and literals are no references.
    changes = [
        change("aws_security_group.a", {}),
        change("aws_lb.web", {"name": "web"}, {"security_groups": True}, sensitive={"security_groups": []}),
    ]
    blocks = [
        block("aws_security_group.a"),
        block("aws_lb.web", {"security_groups": named("aws_security_group.a.id")}),
    ]
    found = raw(read(write(tmp_path, plan(changes, blocks))), "aws_lb.web")

    assert isinstance(found["security_groups"], Missing)


def test_what_was_not_written_and_the_provider_chooses_is_not_set(tmp_path: Path) -> None:
    group = change("aws_lb_target_group.a", {"port": 80}, {"stickiness": True, "protocol_version": True})
    database = change("aws_db_instance.a", {"engine": "mysql", "multi_az": None}, {"port": True})
    blocks = [block("aws_lb_target_group.a"), block("aws_db_instance.a", {"engine": {"constant_value": "mysql"}})]
    found = read(write(tmp_path, plan([group, database], blocks)))

    assert raw(found, "aws_lb_target_group.a").get("protocol_version") is None
    assert not isinstance(raw(found, "aws_lb_target_group.a").get("stickiness"), Missing)
    assert not isinstance(raw(found, "aws_db_instance.a").get("port"), Missing)


def test_a_block_that_the_provider_never_makes_is_a_dynamic_one(tmp_path: Path) -> None:
    template = change("aws_launch_template.a", {}, {"network_interfaces": True, "metadata_options": True})
    found = raw(read(write(tmp_path, plan([template], [block("aws_launch_template.a")]))), "aws_launch_template.a")

    assert isinstance(found["network_interfaces"], Missing)
    assert found.get("metadata_options") is None


def test_without_its_block_an_unknown_value_stays_unknown(tmp_path: Path) -> None:
    found = raw(read(write(tmp_path, plan([change("aws_db_instance.a", {}, {"port": True})]))), "aws_db_instance.a")

    assert isinstance(found["port"], Missing)


INGRESS = {"protocol": "tcp", "cidr_blocks": [], "self": False}
TWO_RULES = change(
    "aws_security_group.app",
    {"ingress": [{**INGRESS, "from_port": 22, "to_port": 22}, {**INGRESS, "from_port": 80, "to_port": 80}]},
    {"ingress": [{"security_groups": True}, {"security_groups": True}]},
    sensitive={"ingress": [{"security_groups": []}, {"security_groups": []}]},
)


def test_the_groups_of_inline_rules_are_unknown_by_the_plan_alone(tmp_path: Path) -> None:
    blocks = [block("aws_security_group.app", {"ingress": named("aws_security_group.a.id", "aws_security_group.b.id")})]
    found = raw(read(write(tmp_path, plan([TWO_RULES], blocks))), "aws_security_group.app")["ingress"]

    assert isinstance(found, list)
    assert [isinstance(rule["security_groups"], Missing) for rule in found] == [True, True]
    assert [rule["from_port"] for rule in found] == [22, 80]


def test_the_program_beside_tells_which_group_each_inline_rule_names(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
resource "aws_security_group" "a" {}
resource "aws_security_group" "b" {}
resource "aws_security_group" "app" {
  ingress {
    protocol        = "tcp"
    from_port       = 80
    to_port         = 80
    security_groups = [aws_security_group.a.id]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.b.id, "sg-1"]
  }
}
"""
    )
    changes = [change("aws_security_group.a", {}), change("aws_security_group.b", {}), TWO_RULES]
    blocks = [block("aws_security_group.app", {"ingress": named("aws_security_group.a.id", "aws_security_group.b.id")})]
    found = record(read(write(tmp_path, plan(changes, blocks))), "aws_security_group.app")

    rules = found.raw["ingress"]
    assert isinstance(rules, list)
    assert {rule["from_port"]: (rule["security_groups"], rule["~line"]) for rule in rules} == {
        22: ([Symbol("aws_security_group.b"), "sg-1"], 11),
        80: ([Symbol("aws_security_group.a")], 5),
    }
    assert (Path(str(found.origin.file)).name, found.origin.line) == ("main.tf", 4)


def test_a_program_that_was_changed_since_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_lb" "web" {\n  name = "other"\n  security_groups = ["sg-1"]\n}\n')
    marks = {"security_groups": True}
    changes = [change("aws_lb.web", {"name": "web"}, marks, sensitive={"security_groups": []})]
    blocks = [block("aws_lb.web", {"security_groups": named("var.groups")})]
    found = read(write(tmp_path, plan(changes, blocks)))

    assert isinstance(raw(found, "aws_lb.web")["security_groups"], Missing)
    assert any("aws_lb.web is written otherwise" in line.item for line in found.coverage)


def test_a_program_that_was_named_must_be_that_of_the_plan(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "main.tf").write_text('resource "aws_vpc" "other" {}\n')

    with pytest.raises(UsageError, match="none of the resources that were planned"):
        read(write(tmp_path / "plan.json", plan([VPC])), program=other)


def test_a_folder_of_plans_and_of_aws_output_is_for_the_user_to_tell(tmp_path: Path) -> None:
    write(tmp_path, plan([VPC]))
    (tmp_path / "vpcs.json").write_text('{"Vpcs": []}')

    with pytest.raises(UsageError, match=r"could be aws-json .* terraform-plan"):
        recognise(tmp_path, None, kinds())


def test_the_plans_own_variables_and_look_ups_settle_the_program(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
variable "groups" { default = [] }
data "aws_security_group" "old" { name = "old" }
resource "aws_security_group" "new" {}
resource "aws_lb" "web" {
  name            = "web"
  security_groups = concat(var.groups, [data.aws_security_group.old.id, aws_security_group.new.id])
}
"""
    )
    lookup = {"address": "data.aws_security_group.old", "mode": "data", "type": "aws_security_group", "name": "old"}
    prior = {"values": {"root_module": {"resources": [{**lookup, "values": {"id": "sg-2", "name": "old"}}]}}}
    marks = {"security_groups": True}
    changes = [
        change("aws_security_group.new", {}),
        change("aws_lb.web", {"name": "web"}, marks, sensitive={"security_groups": []}),
    ]
    blocks = [block("aws_lb.web", {"security_groups": named("var.groups", "aws_security_group.new.id")})]
    document = plan(changes, blocks, prior_state=prior, variables={"groups": {"value": ["sg-1"]}})
    found = read(write(tmp_path, document))

    assert raw(found, "aws_lb.web")["security_groups"] == ["sg-1", "sg-2", Symbol("aws_security_group.new")]


def test_only_what_stands_after_the_apply_is_read(tmp_path: Path) -> None:
    before = {"id": "sg-1", "name": "old"}
    changes = [
        change("aws_security_group.gone", None, actions=("delete",), before=before),
        change("aws_security_group.new", {"name": "new"}, actions=("delete", "create"), before=before),
        change("aws_security_group.new", None, actions=("delete",), before=before, deposed="abc"),
        change("aws_security_group.same", {**before, "id": "sg-2"}, {"id": False}, actions=("no-op",)),
        change("aws_security_group.left", None, actions=("forget",), before={**before, "id": "sg-3"}),
    ]
    found = read(write(tmp_path, plan(changes)))

    names = {record.origin.address: record.raw["id"] for record in found.records}
    assert names == {
        "aws_security_group.new": Symbol("aws_security_group.new"),
        "aws_security_group.same": "sg-2",
        "aws_security_group.left": "sg-3",
    }


def test_null_is_not_set_and_nothing_of_it_is_unknown(tmp_path: Path) -> None:
    changes = [change("aws_db_instance.a", {"engine": "mysql", "replicate_source_db": None})]
    found = raw(read(write(tmp_path, plan(changes))), "aws_db_instance.a")

    assert found.get("replicate_source_db") is None


def test_sensitive_values_decide_and_are_never_told(tmp_path: Path) -> None:
    after = {"engine": "mysql", "multi_az": True, "port": 3307, "password": "hunter2", "tags": {"Name": "hunter3"}}
    marks = {"engine": True, "multi_az": True, "port": True, "password": True, "tags": True}
    found = read(write(tmp_path, plan([change("aws_db_instance.a", after, sensitive=marks)])))

    database = raw(found, "aws_db_instance.a")
    assert (database["engine"], database["multi_az"], database["port"]) == ("mysql", True, 3307)
    assert "hunter" not in repr(found)


@pytest.mark.parametrize("flag", [{"errored": True}, {"complete": False}])
def test_a_plan_that_is_not_whole_hides_anything(tmp_path: Path, flag: dict[str, bool]) -> None:
    found = read(write(tmp_path, plan([VPC], **flag)))

    assert [gap.type for gap in found.gaps] == [ANYTHING]


def test_a_change_of_unknown_number_that_is_left_for_later_is_a_gap(tmp_path: Path) -> None:
    later = {"reason": "instance_count_unknown", "resource_change": change('aws_lb.web["*"]', {})}
    found = read(write(tmp_path, plan([VPC], deferred_changes=[later])))

    assert "aws_lb" in [gap.type for gap in found.gaps]


def test_drift_is_noted(tmp_path: Path) -> None:
    drifted = change("aws_vpc.main", {"id": "vpc-1"}, actions=("update",))
    found = read(write(tmp_path, plan([VPC], resource_drift=[drifted])))

    assert any("aws_vpc.main was changed outside of Terraform" in line.item for line in found.coverage)


def test_several_plans_are_one_world_and_their_addresses_do_not_meet(tmp_path: Path) -> None:
    group = {"id": "sg-1", "name": "a", "vpc_id": "vpc-1"}
    network = write(tmp_path / "network.json", plan([change("aws_security_group.a", group, {"id": False}), VPC]))
    rule = change("aws_vpc_security_group_ingress_rule.r", {"security_group_id": "sg-1"})
    app = write(tmp_path / "app.json", plan([rule, VPC]))
    found = read(network, app)

    ids = [record.raw["id"] for record in found.records if record.type == "aws_vpc"]
    assert len(set(ids)) == 2
    assert not any(record.type.startswith("data.") and record.raw["id"] == "sg-1" for record in found.records)


def test_plans_are_recognised_and_folders_of_programs_are_not_plans(tmp_path: Path) -> None:
    file = write(tmp_path, plan([VPC]))
    named_file = recognise(file, None, kinds())
    folder = recognise(tmp_path, None, kinds())
    (tmp_path / "main.tf").write_text("")
    program = recognise(tmp_path, None, kinds())

    assert (named_file.spec.name, named_file.what) == ("terraform-plan", "a Terraform plan (format 1.2)")
    assert folder.spec.name == "terraform-plan"
    assert program.spec.name == "terraform-hcl"


def test_a_plan_of_sorted_keys_and_one_of_powershell_are_plans_too(tmp_path: Path) -> None:
    text = json.dumps(plan([VPC]), sort_keys=True, indent=2)
    (tmp_path / "plan.json").write_bytes(text.encode("utf-16"))
    found = recognise(tmp_path / "plan.json", None, kinds())

    assert found.spec.name == "terraform-plan"
    assert record(read(tmp_path / "plan.json"), "aws_vpc.main").raw["cidr_block"] == "10.0.0.0/16"


def test_a_binary_plan_is_answered_with_the_command(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "out", "w") as archive:
        archive.writestr("tfplan", b"")
        archive.writestr("tfstate", b"{}")

    with pytest.raises(SourceError, match=r"binary plan \(run: terraform show -json out > plan.json\)"):
        recognise(tmp_path / "out", None, kinds())


def test_the_log_of_a_plan_is_answered_with_the_command(tmp_path: Path) -> None:
    lines = [{"@level": "info", "@message": "Terraform 1.11.4", "type": "version"}, {"@level": "info"}]
    (tmp_path / "plan.json").write_text("\n".join(map(json.dumps, lines)))

    with pytest.raises(SourceError, match=r"terraform plan -out tfplan; terraform show -json tfplan > plan.json"):
        recognise(tmp_path / "plan.json", None, kinds())


# Shallow enough to be decoded, and each level of it is a step of more than one call.
NESTED = json.loads('{"a":' * 700 + "true" + "}" * 700)
DEEP = change("aws_vpc.a", {"tags": NESTED}, {"tags": NESTED})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"format_version":"1.2",\n"resource_changes":[{"address"', r"plan.json:2:\d+: the file is cut off"),
        ('{"format_version":"1.2",\n"resource_changes":[x]}', r"plan.json:2:21: this is not JSON"),
        ('{"format_version":"0.1","resource_changes":[]}', r"format 0.1, and only 1.x is known"),
        ('{"format_version":"2.0","resource_changes":[]}', r"format 2.0, and only 1.x is known"),
        ('{"format_version":"1.2","resource_changes":{}}', r"not what Terraform writes"),
        ('{"format_version":"1.2","resource_changes":[{"type":1}]}', r"not what Terraform writes"),
        ("", r"the file is empty"),
        pytest.param(json.dumps(plan([DEEP])), r"plan.json: it is nested too deeply", id="nested"),
    ],
)
def test_what_is_no_whole_plan_is_refused_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "plan.json").write_text(text)

    with pytest.raises(SourceError, match=expected):
        read(tmp_path / "plan.json")


def test_a_plan_of_another_cloud_holds_nothing_and_says_so(tmp_path: Path) -> None:
    found = read(write(tmp_path, plan([{**change("azurerm_subnet.a", {}), "type": "azurerm_subnet"}])))

    assert not found.records
    assert "azurerm" in found.facts["not_read"]
    assert found.coverage[0].status is Status.EMPTY


def kept(address: str, /, **values: object) -> Json:
    """Return a resource that a plan leaves as it is."""
    return change(address, values, {"id": False}, actions=("no-op",), before=values)


def taken(address: str, now: Json | None = None, /, **before: object) -> Json:
    """Return one that a plan destroys, or turns into something else."""
    actions = ("delete",) if now is None else ("delete", "create")
    return change(address, now, actions=actions, before=before)


SSH: Json = {"protocol": "tcp", "from_port": 22, "to_port": 22}
OPEN: Json = {"security_group_id": "sg-1", "type": "ingress", **SSH}


def entry(*blocks: str, groups: tuple[str, ...] = (), itself: bool = False) -> Json:
    peers = {"cidr_blocks": [*blocks], "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [*groups]}
    return {**SSH, **peers, "self": itself, "description": ""}


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (taken("aws_security_group_rule.r", **OPEN, cidr_blocks=["0.0.0.0/0"]), [entry("10.0.0.0/8", itself=True)]),
        (
            taken("aws_vpc_security_group_ingress_rule.r", security_group_id="sg-1", ip_protocol="6", from_port=22,
                  to_port=22, referenced_security_group_id="sg-1"),
            [entry("0.0.0.0/0", "10.0.0.0/8")],
        ),
        (
            taken("aws_security_group_rule.r", {**OPEN, "cidr_blocks": ["10.1.0.0/16"]}, **OPEN, self=True,
                  cidr_blocks=["0.0.0.0/0", "10.0.0.0/8"]),
            [],
        ),
        # Another group, another direction or other traffic.
        (taken("aws_security_group_rule.r", **{**OPEN, "security_group_id": "sg-2"}, self=True), None),
        (taken("aws_security_group_rule.r", **{**OPEN, "type": "egress"}, self=True), None),
        (taken("aws_security_group_rule.r", **{**OPEN, "to_port": 23}, self=True), None),
    ],
)  # fmt: skip
def test_a_group_does_not_tell_the_rules_that_a_plan_takes_away(
    tmp_path: Path, gone: Json, left: list[object] | None
) -> None:
    told = [entry("0.0.0.0/0", "10.0.0.0/8", itself=True)]
    group = kept("aws_security_group.g", id="sg-1", ingress=told, egress=[])
    found = raw(read(write(tmp_path, plan([group, gone], [block("aws_security_group.g")]))), "aws_security_group.g")

    assert found["ingress"] == (told if left is None else left)


def test_rules_that_the_group_itself_writes_stay(tmp_path: Path) -> None:
    group = kept("aws_security_group.g", id="sg-1", ingress=[entry("0.0.0.0/0")])
    gone = taken("aws_security_group_rule.r", **OPEN, cidr_blocks=["0.0.0.0/0"])
    blocks = [block("aws_security_group.g", {"ingress": [{}]})]

    found = raw(read(write(tmp_path, plan([group, gone], blocks))), "aws_security_group.g")
    assert found["ingress"] == [entry("0.0.0.0/0")]


@pytest.mark.parametrize(
    ("whole", "key", "gone"),
    [
        (
            kept("aws_route_table.t", id="rtb-1", route=[{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}]), "route",
            taken("aws_route.r", route_table_id="rtb-1", destination_cidr_block="0.0.0.0/0", gateway_id="igw-1"),
        ),
        (
            kept("aws_network_acl.a", id="acl-1", ingress=[{"rule_no": 100, "action": "allow"}]), "ingress",
            taken("aws_network_acl_rule.r", network_acl_id="acl-1", rule_number=100, egress=False),
        ),
        (
            kept("aws_autoscaling_group.g", id="app", name="app", target_group_arns=["arn:tg"]), "target_group_arns",
            taken("aws_autoscaling_attachment.a", autoscaling_group_name="app", lb_target_group_arn="arn:tg"),
        ),
        (
            kept("aws_db_instance.d", id="db-ABC", identifier="shop", replicas=["reader"]), "replicas",
            taken("aws_db_instance.r", replicate_source_db="shop", identifier="reader"),
        ),
        (
            kept("aws_vpc_endpoint.e", id="vpce-1", route_table_ids=["rtb-1"]), "route_table_ids",
            taken("aws_vpc_endpoint_route_table_association.a", vpc_endpoint_id="vpce-1", route_table_id="rtb-1"),
        ),
    ],
)  # fmt: skip
def test_what_is_taken_away_is_told_nowhere_else(tmp_path: Path, whole: Json, key: str, gone: Json) -> None:
    address = str(whole["address"])
    assert raw(read(write(tmp_path, plan([whole], [block(address)]))), address)[key]
    assert raw(read(write(tmp_path, plan([whole, gone], [block(address)]))), address)[key] == []

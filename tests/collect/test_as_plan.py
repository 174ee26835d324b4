"""Instances as a plan: what Terraform's own form says, and that our reader of plans finds in it what was put in."""

import json
from collections.abc import Mapping
from pathlib import Path

from checker.app import Choices, check, export, recognised
from checker.collect.as_plan.declared import Declared
from checker.collect.as_plan.document import plan_of
from checker.collect.as_plan.values import HIDDEN
from checker.collect.source import Inputs
from checker.collect.terraform.instance import Instance
from checker.collect.terraform.shapes import Shape, shape_of
from checker.collect.terraform_plan.collection import collect
from checker.model.fact import Missing
from checker.model.record import ANYTHING, Collection, Gap, Origin, Record, Scope, Status
from checker.model.report import Report
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds

EXAMPLE = Path(__file__).parents[2] / "examples/terraform"
UNKNOWN = Missing("the size (known after the update)")
SECRET = Missing("aws_db_instance.main: password (a secret)")
GAP = Gap(ANYTHING, Scope("", ""), "the rest of the program", Status.UNREADABLE, "it raised ValueError", "mend it")
Json = Mapping[str, object]


def instance(address: str, *, is_data: bool = False, uncertain: bool = False, **values: object) -> Instance:
    type_ = address.removeprefix("data.").partition(".")[0]
    origin = Origin("made", "__main__.py", 7, f"urn:{address}")
    return Instance(
        address=address,
        type=type_,
        values=values,
        origin=origin,
        is_data=is_data,
        uncertain=uncertain,
        region="eu-west-1",
    )


def document(*instances: Instance, gaps: tuple[Gap, ...] = (), stands: bool = False) -> Json:
    """Return the plan of some instances, as a reader of its JSON gets it."""
    made = plan_of(Declared(instances=instances, gaps=gaps, stands=stands))
    text: Json = json.loads(json.dumps(made.document))
    return text


def part(value: object, *path: str | int) -> object:
    """Return what stands at a path of a document."""
    for step in path:
        assert isinstance(value, (dict, list)), path
        value = value[step]  # type: ignore[index]  # a key of a mapping or an index of a list
    return value


def change(plan: Json, number: int = 0) -> Json:
    found = part(plan, "resource_changes", number, "change")
    assert isinstance(found, dict)
    return found


def expressions(plan: Json, number: int = 0) -> Json:
    found = part(plan, "configuration", "root_module", "resources", number, "expressions")
    assert isinstance(found, dict)
    return found


def read_back(folder: Path, plan: Json) -> Collection:
    """Return what our own reader of plans finds in a document."""
    file = folder / "plan.json"
    file.write_text(json.dumps(plan))
    return collect((file,), Inputs(), kinds(), lambda _label, _done, _total: None)


def raw(found: Collection, address: str) -> Mapping[str, object]:
    return record(found, address).raw


def record(found: Collection, address: str) -> Record:
    return next(one for one in found.records if one.origin.address == address)


def verdicts(report: Report, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return each rule's verdict by the address of its subject, or by its kind where it has none."""
    found = []
    for one in report.results:
        address = (one.subject.origin.address if one.subject.origin else None) or one.subject.kind
        found.append((one.rule, names.get(address, address), one.verdict.name))
    return sorted(found)


def test_our_reader_of_plans_gives_the_same_verdicts_as_the_program(tmp_path: Path) -> None:
    # With a table the rules rest on a policy that names it.
    given = Inputs(variables={"session_store": "table"})
    [one] = recognised([EXAMPLE])
    plan = export(one, given).plan
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan.document))
    names = {instance.address: address for address, instance in plan.instances.items()}
    written = verdicts(check([one], Choices(), given=given), names)

    assert shape_of(file) is Shape.PLAN
    assert verdicts(check(recognised([file]), Choices()), {}) == written
    assert len(written) > 60


def test_known_values_are_told_with_their_types() -> None:
    group = instance(
        "aws_security_group.web",
        name="web",
        ingress=[
            {"~line": 4, "from_port": 22, "to_port": 22, "protocol": "tcp", "self": False, "cidr_blocks": ["::/0"]}
        ],
        description=None,
    )
    plan = document(group)

    told = {
        "name": "web",
        "ingress": [{"from_port": 22, "to_port": 22, "protocol": "tcp", "self": False, "cidr_blocks": ["::/0"]}],
    }
    assert change(plan)["after"] == told
    assert change(plan)["actions"] == ["create"]
    assert change(plan)["after_unknown"] == {"id": True, "ingress": [{"cidr_blocks": [False]}]}
    assert part(plan, "planned_values", "root_module", "resources", 0, "values") == told
    assert expressions(plan)["name"] == {"constant_value": "web"}


def test_what_only_an_apply_tells_is_marked_and_told_by_what_it_mentions(tmp_path: Path) -> None:
    vpc = instance("aws_vpc.main", cidr_block="10.0.0.0/16", enable_dns_support=UNKNOWN)
    subnet = instance("aws_subnet.a", vpc_id=Symbol("aws_vpc.main"))
    plan = document(vpc, subnet)

    assert change(plan, 1)["after"] == {}
    assert change(plan, 1)["after_unknown"] == {"vpc_id": True, "id": True}
    assert expressions(plan, 1) == {"vpc_id": {"references": ["aws_vpc.main.id", "aws_vpc.main"]}}
    # A value that nothing is known of is neither constant nor does it mention anything.
    assert change(plan)["after_unknown"] == {"enable_dns_support": True, "id": True}
    assert expressions(plan)["enable_dns_support"] == {}
    back = read_back(tmp_path, plan)
    assert raw(back, "aws_subnet.a")["vpc_id"] == "aws_vpc.main"
    assert isinstance(raw(back, "aws_vpc.main")["enable_dns_support"], Missing)


def test_attributes_that_others_mention_are_marked_where_they_are_made(tmp_path: Path) -> None:
    vpc = instance("aws_vpc.main", cidr_block="10.0.0.0/16")
    own = Symbol("aws_vpc.main.default_security_group_id")
    plan = document(vpc, instance("aws_lb.main", security_groups=[own]))

    assert change(plan)["after_unknown"] == {"id": True, "default_security_group_id": True}
    mentioned = part(expressions(plan, 1), "security_groups", "references")
    assert mentioned == ["aws_vpc.main.default_security_group_id", "aws_vpc.main"]
    assert raw(read_back(tmp_path, plan), "aws_lb.main")["security_groups"] == [own]


def test_items_of_a_list_are_told_apart(tmp_path: Path) -> None:
    made = [instance(f"aws_subnet.{name}") for name in "ab"]
    plan = document(
        *made, instance("aws_lb.main", subnets=[Symbol("aws_subnet.b"), UNKNOWN, "subnet-1", Symbol("aws_subnet.a")])
    )

    assert change(plan, 2)["after"] == {"subnets": [None, None, "subnet-1", None]}
    assert part(change(plan, 2), "after_unknown", "subnets") == [True, True, False, True]
    # Terraform's own part of it names them all at once.
    both = ["aws_subnet.b.id", "aws_subnet.b", "aws_subnet.a.id", "aws_subnet.a"]
    assert part(expressions(plan, 2), "subnets", "references") == both
    subnets = raw(read_back(tmp_path, plan), "aws_lb.main")["subnets"]
    assert [part(subnets, at) for at in (0, 2, 3)] == ["aws_subnet.b", "subnet-1", "aws_subnet.a"]
    assert isinstance(part(subnets, 1), Missing)


def test_each_block_keeps_what_it_mentions(tmp_path: Path) -> None:
    web = {"from_port": 80, "security_groups": [Symbol("aws_security_group.a")], "self": False}
    rules = [web, {"from_port": 22, "self": True}]
    groups = [instance("aws_security_group.a", name="a"), instance("aws_security_group.b", ingress=rules)]
    plan = document(*groups)

    assert raw(read_back(tmp_path, plan), "aws_security_group.b")["ingress"] == rules


def test_secret_is_marked_and_nowhere_told(tmp_path: Path) -> None:
    hidden = Missing("aws_db_instance.main: username (marked as sensitive)")
    plan = document(instance("aws_db_instance.main", password=SECRET, username=hidden, engine="mysql"))

    assert change(plan)["after"] == {"password": HIDDEN, "username": HIDDEN, "engine": "mysql"}
    assert change(plan)["after_sensitive"] == {"password": True, "username": True}
    resource = part(plan, "planned_values", "root_module", "resources", 0)
    assert part(resource, "sensitive_values") == {"password": True, "username": True}
    assert expressions(plan)["password"] == {}
    assert isinstance(raw(read_back(tmp_path, plan), "aws_db_instance.main")["username"], Missing)


def test_text_with_names_in_it_can_be_read_and_is_not_taken_for_settled(tmp_path: Path) -> None:
    text = '{"Resource": "${aws_dynamodb_table.carts.arn}", "Condition": "$${aws:username}"}'
    table = instance("aws_dynamodb_table.carts", name="carts")
    role = instance("aws_iam_role.app", name="app")
    plan = document(table, instance("aws_iam_role_policy.p", policy=Symbol(text), role="app"), role)

    shown = part(plan, "planned_values", "root_module", "resources", 1, "values", "policy")
    assert shown == text.replace("$${", "${")
    assert "policy" not in change(plan, 1)["after"]  # type: ignore[operator]  # a mapping
    assert part(change(plan, 1), "after_unknown", "policy") is True
    assert part(expressions(plan, 1), "policy", "references", 0) == "aws_dynamodb_table.carts.arn"
    assert Symbol(text) in str(raw(read_back(tmp_path, plan), "aws_iam_role.app"))


def test_what_stands_is_not_changed_and_is_wired_by_its_ids() -> None:
    vpc = instance("aws_vpc.main", id="vpc-0123456789abcdef0", cidr_block="10.0.0.0/16")
    subnet = instance("aws_subnet.a", id="subnet-1", vpc_id="vpc-0123456789abcdef0", tags={"vpc": "main"})
    plan = document(vpc, subnet, stands=True)

    assert change(plan, 1)["actions"] == ["no-op"]
    assert change(plan, 1)["before"] == change(plan, 1)["after"] == subnet.values
    assert change(plan, 1)["after_unknown"] == {"tags": {}}
    assert expressions(plan, 1)["vpc_id"] == {"references": ["aws_vpc.main.id", "aws_vpc.main"]}
    assert expressions(plan, 1)["tags"] == {"constant_value": {"vpc": "main"}}
    # Nothing is made of itself.
    assert expressions(plan)["id"] == {"constant_value": "vpc-0123456789abcdef0"}


def test_name_of_several_things_mentions_none() -> None:
    roles = [instance("aws_iam_role.a", name="app"), instance("aws_iam_role.b", name="app")]
    plan = document(
        *roles, instance("aws_iam_instance_profile.p", role="app"), instance("aws_db_instance.d", name="app")
    )

    assert expressions(plan, 2)["role"] == {"constant_value": "app"}
    assert expressions(plan, 3)["name"] == {"constant_value": "app"}


def test_look_up_is_of_the_state_where_it_is_answered_and_else_read() -> None:
    known = instance("data.aws_vpc.known", is_data=True, id="vpc-1", cidr_block="10.0.0.0/16")
    open_ = instance("data.aws_ami.newest", is_data=True, owners=["amazon"])
    server = instance("aws_instance.web", ami=Symbol("data.aws_ami.newest"))
    plan = document(known, open_, server)

    prior = part(plan, "prior_state", "values", "root_module", "resources")
    assert part(prior, 0, "address") == "data.aws_vpc.known"
    assert part(plan, "resource_changes", 0, "address") == "data.aws_ami.newest"
    assert part(plan, "resource_changes", 0, "mode") == "data"
    assert change(plan)["actions"] == ["read"]
    assert part(expressions(plan, 2), "ami", "references", 0) == "data.aws_ami.newest.id"


def test_addresses_are_unique_and_such_as_terraform_takes() -> None:
    names = ['module.net["a"].aws_vpc.main', "module.net.aws_vpc.a_main", "aws_vpc.1st", "aws_vpc.x[0]", "aws_vpc.x_0"]
    instances = [
        Instance(address=name, type="aws_vpc", values={}, origin=Origin("made", address=name)) for name in names
    ]
    plan = plan_of(Declared(instances=tuple(instances)))

    assert [one.address for one in plan.instances.values()] == names
    assert all(address.replace("aws_vpc.", "").replace("-", "_").isidentifier() for address in plan.instances)


def test_one_of_an_unknown_number_is_left_for_later(tmp_path: Path) -> None:
    plan = document(instance("aws_security_group_rule.some", uncertain=True, type="ingress", from_port=22, to_port=22))

    assert plan["resource_changes"] == []
    assert part(plan, "deferred_changes", 0, "reason") == "instance_count_unknown"
    # checkov and others look at the planned values alone.
    assert part(plan, "planned_values", "root_module", "resources", 0, "address") == "aws_security_group_rule.some"
    assert raw(read_back(tmp_path, plan), "aws_security_group_rule.some")["~uncertain"] is True


def test_plan_of_what_could_not_be_read_wholly_is_not_complete(tmp_path: Path) -> None:
    plan = document(instance("aws_vpc.main"), gaps=(GAP,))

    assert plan["complete"] is False
    assert ANYTHING in {gap.type for gap in read_back(tmp_path, plan).gaps}
    assert document(instance("aws_vpc.main"))["complete"] is True


def test_regions_are_those_of_providers(tmp_path: Path) -> None:
    here = [instance("aws_vpc.a"), instance("aws_vpc.b"), instance("aws_iam_role.r")]
    there = Instance(
        address="aws_vpc.far", type="aws_vpc", values={}, origin=Origin("made", address="x"), region="us-east-1"
    )
    plan = document(*here, there)

    providers = part(plan, "configuration", "provider_config")
    assert part(providers, "aws", "expressions", "region", "constant_value") == "eu-west-1"
    assert part(providers, "aws.us_east_1", "alias") == "us_east_1"
    back = read_back(tmp_path, plan)
    assert [record(back, address).scope.region for address in ("aws_vpc.a", "aws_vpc.far")] == [
        "eu-west-1",
        "us-east-1",
    ]

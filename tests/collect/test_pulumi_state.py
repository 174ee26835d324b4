"""States: a stack as it is exported, and as a backend of one's own keeps it."""

import gzip
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from checker.app import Choices, check, recognised
from checker.collect.catalog import recognise
from checker.collect.pulumi_state.collection import collect
from checker.errors import CheckerError, SourceError, UsageError
from checker.model.fact import Missing
from checker.model.finding import Verdict
from checker.model.record import Collection, Record, Status
from checker.resources.catalog import kinds
from tests.collect.pulumi.shop import outputs, shop, state

PASSWORD = "hunter2-very-secret"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::shop::{token}::{name}"


def resource(token: str, name: str, **more: object) -> dict[str, object]:
    return {"urn": urn(token, name), "custom": True, "type": token, "id": f"id-of-{name}", **more}


def exported(*resources: object, version: int = 3, **more: object) -> str:
    manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": "v3.200.0"}
    return json.dumps({"version": version, "deployment": {"manifest": manifest, "resources": list(resources), **more}})


def kept(text: str) -> str:
    document = json.loads(text)
    checkpoint = {"stack": "organization/shop/prod", "latest": document["deployment"]}
    return json.dumps({"version": document["version"], "checkpoint": checkpoint})


def read(*paths: Path) -> Collection:
    return collect(paths, kinds(), lambda _label, _done, _total: None)


def file(folder: Path, text: str | bytes, name: str = "state.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def records(found: Collection) -> Mapping[str | None, Record]:
    return {record.origin.address: record for record in found.records}


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "as it is exported": lambda text: text.encode(),
    "laid out": lambda text: json.dumps(json.loads(text), indent=4).encode(),
    "with its keys in order": lambda text: json.dumps(json.loads(text), sort_keys=True).encode(),
    "of version 4": lambda text: json.dumps({**json.loads(text), "version": 4, "features": ["views"]}).encode(),
    "as a backend keeps it": lambda text: kept(text).encode(),
    "as a backend keeps it compressed": lambda text: gzip.compress(kept(text).encode()),
    "as PowerShell writes it": lambda text: text.encode("utf-16"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_state_is_recognised_and_read_however_it_is_written(name: str, tmp_path: Path) -> None:
    text = exported(resource(GROUP, "web", outputs={"id": "sg-1", "name": "web"}))
    path = file(tmp_path, WRITTEN[name](text))

    assert recognise(path, None, kinds()).spec.name == "pulumi-state"
    assert records(read(path))[urn(GROUP, "web")].raw["id"] == "id-of-web"


def test_a_shop_without_a_fault_passes_and_is_placed_by_its_provider(tmp_path: Path) -> None:
    report = check(recognised([file(tmp_path, json.dumps(state(shop())))]), Choices())

    assert report.exit_code == 0
    assert [stack.scope.region for stack in report.stacks] == ["eu-west-1"]


def test_findings_are_told_by_file_and_line_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    found = records(read(file(tmp_path, json.dumps(state(shop())))))
    origin = found[urn("aws:ec2/vpc:Vpc", "net")].origin

    assert (origin.file, origin.line) == (str(tmp_path / "__main__.py"), 1)


def test_positions_inside_of_packages_are_passed_over(tmp_path: Path) -> None:
    frames = ["project:///venv/lib/site-packages/x/y.py#9", "project:///../else.py#1", "project:///net/vpc.py#12,5"]
    trace = [{"sourcePosition": frame} for frame in frames]
    one = resource(GROUP, "web", sourcePosition=frames[0], stackTrace=[*trace, {}])
    origin = records(read(file(tmp_path, exported(one))))[urn(GROUP, "web")].origin

    assert (origin.file, origin.line) == ("net/vpc.py", 12)


def test_outputs_are_the_truth_and_secrets_are_never_seen(tmp_path: Path) -> None:
    database = resource(
        "aws:rds/instance:Instance",
        "db",
        inputs={"multiAz": False, "username": PASSWORD, "password": {**SECRET, "plaintext": json.dumps(PASSWORD)}},
        outputs={
            "multiAz": True,
            "username": {**SECRET, "ciphertext": "v1:x"},
            "password": {**SECRET, "ciphertext": "v1:x"},
        },
    )
    found = read(file(tmp_path, exported(database)))
    raw = records(found)[database["urn"]].raw  # type: ignore[index]  # a text

    assert raw["multi_az"] is True
    assert isinstance(raw["username"], Missing)
    assert PASSWORD not in repr(found)


def test_what_is_named_as_a_secret_is_one_though_it_is_told_in_plain_text(tmp_path: Path) -> None:
    inputs = {"password": PASSWORD, "engine": "postgres"}
    database = resource("aws:rds/instance:Instance", "db", inputs=inputs, additionalSecretOutputs=["password", "none"])
    found = read(file(tmp_path, exported(database)))

    assert PASSWORD not in repr(found)
    assert found.records[0].raw["engine"] == "postgres"


def test_what_is_replaced_or_not_there_any_more_is_left_out_and_told(tmp_path: Path) -> None:
    web, gone = resource(GROUP, "web", id="sg-new"), resource(GROUP, "gone", pendingReplacement=True)
    found = read(file(tmp_path, exported(web, {**web, "id": "sg-old", "delete": True}, gone)))
    lines = [line.item for line in found.coverage]

    assert [record.raw["id"] for record in found.records] == ["sg-new"]
    assert any("has yet to be deleted" in line for line in lines)
    assert any("was deleted" in line for line in lines)


def test_what_is_only_read_stands_outside(tmp_path: Path) -> None:
    found = read(file(tmp_path, exported(resource("aws:ec2/vpc:Vpc", "old", external=True))))

    assert [record.type for record in found.records] == ["data.aws_vpc"]


def test_a_rule_that_is_only_read_is_there_for_its_group(tmp_path: Path) -> None:
    """A rule belongs to its group, whoever made it: `SecurityGroupIngressRule.get` tells of one that lets in."""
    document = state(shop())
    group = outputs(shop())["SecurityGroup.database"]["id"]
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    told = {"securityGroupId": group, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}
    document["deployment"]["resources"].append(  # type: ignore[index]  # a document
        resource(token, "open", id="sgr-1", external=True, outputs=told)
    )
    report = check(recognised([file(tmp_path, json.dumps(document))]), Choices())

    assert {one.rule for one in report.results if one.verdict is Verdict.FAIL} >= {"NET005"}


@pytest.mark.parametrize("operation", ["creating", "importing"])
def test_what_was_being_created_may_be_there(operation: str, tmp_path: Path) -> None:
    pending = {"type": operation, "resource": resource(GROUP, "new")}
    found = read(file(tmp_path, exported(resource(GROUP, "web"), pending_operations=[pending])))

    assert [gap.type for gap in found.gaps] == ["aws_security_group"]
    assert any(line.status is Status.UNREADABLE and urn(GROUP, "new") in line.item for line in found.coverage)


def test_what_was_being_changed_is_open_in_what_would_have_changed(tmp_path: Path) -> None:
    before = resource("aws:rds/instance:Instance", "db", inputs={"multiAz": True, "engine": "postgres"})
    pending = {"type": "updating", "resource": {**before, "inputs": {"multiAz": False, "engine": "postgres"}}}
    raw = records(read(file(tmp_path, exported(before, pending_operations=[pending]))))[before["urn"]].raw  # type: ignore[index]  # a text

    assert isinstance(raw["multi_az"], Missing)
    assert raw["engine"] == "postgres"


def test_what_was_being_deleted_may_be_gone(tmp_path: Path) -> None:
    one = resource(GROUP, "web")
    found = read(file(tmp_path, exported(one, pending_operations=[{"type": "deleting", "resource": one}])))

    assert found.gaps or found.records[0].raw.get("~uncertain") is True


def test_old_tokens_are_read(tmp_path: Path) -> None:
    old = {
        "aws:alb/loadBalancer:LoadBalancer": "aws_alb",
        "aws:elasticloadbalancingv2/targetGroup:TargetGroup": "aws_lb_target_group",
        "aws:index/subnet:Subnet": "aws_subnet",
    }
    found = read(file(tmp_path, exported(*(resource(token, f"n{index}") for index, token in enumerate(old)))))

    assert {record.type for record in found.records} == {"aws_lb", "aws_lb_target_group", "aws_subnet"}


def test_a_folder_of_states_is_one_world(tmp_path: Path) -> None:
    file(tmp_path, exported(resource(GROUP, "web")), "one.json")
    other = exported(resource(GROUP, "web")).replace("prod::shop", "prod::other")
    file(tmp_path, other, "other.json")
    taken = recognise(tmp_path, None, kinds())
    found = taken.spec.open([tmp_path], None).collect(kinds())  # type: ignore[arg-type]  # no inputs are needed

    assert taken.what == "a folder of Pulumi states (2 files)"
    assert len(found.records) == 2


def test_one_stack_is_told_once(tmp_path: Path) -> None:
    text = exported(resource(GROUP, "web"))

    with pytest.raises(UsageError, match=r"as .*one\.json does"):
        read(file(tmp_path, text, "one.json"), file(tmp_path, text, "other.json"))


def test_a_stack_that_is_empty_is_told_to_be(tmp_path: Path) -> None:
    for text in (exported(), json.dumps({"version": 3, "checkpoint": {"stack": "organization/shop/dev"}})):
        found = read(file(tmp_path, text))

        assert found.records == ()
        assert [line.status for line in found.coverage] == [Status.EMPTY]


BAD: dict[str, tuple[str | bytes, str, str]] = {
    "cut off": (exported(resource(GROUP, "web"))[:-30], "the file is cut off", "state.json:1:"),
    "of an old version": (exported(version=2), "of version 2, and only versions 3 and 4", "state.json"),
    "of a version to come": (exported(version=5), "of version 5", "state.json"),
    "without a version": (json.dumps({"deployment": {"manifest": {}}}), "no version", "state.json"),
    "with resources that are none": (exported("web"), "not what Pulumi writes", "state.json"),
    "nested without end": (
        exported(resource(GROUP, "web", inputs={"x": "HERE"})).replace('"HERE"', "[" * 5_000 + "]" * 5_000),
        "nested too deeply",
        "state.json",
    ),
    "with a number for a type": (exported({"type": 1}), "not what Pulumi writes", "state.json: resources[0]"),
    "with a resource without a name": (exported({"type": GROUP}), "no URN or no type", "state.json: resources[0]"),
    "with a resource that is told twice": (
        exported(resource(GROUP, "web"), resource(GROUP, "web", id="sg-2")),
        "tells of .*::web twice",
        "state.json: resources[1]",
    ),
    "damaged": (exported().replace("}", "", 1), "JSON|cut off", "state.json:1:"),
    "compressed and cut off": (gzip.compress(exported(resource(GROUP, "web")).encode())[:-20], "cut off", "state.json"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_state_that_cannot_be_read_is_told_by_place_and_remedy(name: str, tmp_path: Path) -> None:
    text, message, place = BAD[name]
    path = file(tmp_path, text)

    with pytest.raises(SourceError, match=message) as raised:
        recognise(path, "pulumi-state", kinds()).spec.open([path], None).collect(kinds())  # type: ignore[arg-type]  # no inputs are needed
    assert place in raised.value.where
    assert raised.value.hint


@pytest.mark.parametrize("name", [None, "pulumi-state"])
def test_a_pipe_is_refused_and_not_waited_for(name: str | None, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UsageError, match="neither a file nor a folder"):
        recognise(pipe, name, kinds())


NONE: dict[str, str | bytes] = {
    "a plan of Terraform's": '{"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}}',
    "a state of Terraform's": '{"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x"}',
    "an answer of AWS's": '{"Vpcs": []}',
    "a list": "[]",
    "the state in YAML": "version: 3\ndeployment:\n  manifest: {}\n",
    "only encrypted": '{"version": 3, "ciphertext": "v1:abc"}',
    "nothing": "",
    "no text": b"\x00\x01\xff\xfe",
    "something packed": b"\x1f\x8bnot really",
}


@pytest.mark.parametrize("name", NONE)
def test_other_files_are_taken_for_no_state(name: str, tmp_path: Path) -> None:
    path = file(tmp_path, NONE[name])
    try:
        taken = recognise(path, None, kinds()).spec.name
    except CheckerError:
        taken = "nothing"

    assert not taken.startswith("pulumi")


def test_types_that_nobody_reads_are_not_decoded_and_do_no_harm(tmp_path: Path) -> None:
    strange = {**resource("aws:sns/topic:Topic", "t"), "outputs": "no mapping"}
    found = read(file(tmp_path, exported(strange, resource(GROUP, "web"))))

    assert len(found.records) == 1

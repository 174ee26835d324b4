"""Previews: what there will be after an update, as one document and as a stream of events."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from checker.app import Choices, check, recognised
from checker.collect.catalog import recognise
from checker.collect.pulumi_preview.collection import collect
from checker.errors import SourceError, UsageError
from checker.model.fact import Missing
from checker.model.finding import Verdict
from checker.model.record import ANYTHING, Collection, Record
from checker.model.report import Report
from checker.model.symbol import Symbol
from checker.resources.catalog import kinds
from tests.collect.pulumi.shop import PROVIDER, ROOT, UNKNOWN, Declared, Ref, outputs, preview, shop, state

GROUP, RULE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroupRule:SecurityGroupRule"
DATABASE, VPC = "aws:rds/instance:Instance", "aws:ec2/vpc:Vpc"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:prod::shop::{token}::{name}"


def told(token: str, name: str, **more: object) -> dict[str, object]:
    return {"urn": urn(token, name), "custom": True, "type": token, **more}


def step(
    op: str, *, old: Mapping[str, object] | None = None, new: Mapping[str, object] | None = None
) -> dict[str, object]:
    both = {"oldState": old, "newState": new}
    return {"op": op, "urn": (new or old or {})["urn"], **{key: one for key, one in both.items() if one is not None}}


def same(token: str, name: str, id_: str, inputs: Mapping[str, object], **outputs_: object) -> dict[str, object]:
    old = told(token, name, id=id_, inputs=inputs, outputs={**inputs, "id": id_, **outputs_})
    return step("same", old=old, new=told(token, name, inputs=inputs))


def digest(*steps: object, **more: object) -> str:
    return json.dumps({"config": {"aws:region": "eu-west-1"}, "steps": list(steps), "duration": 1, **more})


def read(*paths: Path) -> Collection:
    return collect(paths, kinds(), lambda _label, _done, _total: None)


def file(folder: Path, text: str | bytes, name: str = "preview.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def records(found: Collection) -> Mapping[str | None, Record]:
    return {record.origin.address: record for record in found.records}


def of(folder: Path, *steps: object, **more: object) -> Mapping[str | None, Record]:
    return records(read(file(folder, digest(*steps, **more))))


# Forms


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "as it is": lambda text: text.encode(),
    "laid out": lambda text: json.dumps(json.loads(text), indent=4).encode(),
    "after what the CLI says": lambda text: f"Installing policy pack tierproof {{1}}...\n\n{text}".encode(),
    "with its keys in order": lambda text: json.dumps(json.loads(text), sort_keys=True).encode(),
    "as PowerShell writes it": lambda text: text.encode("utf-16"),
    "without a configuration": lambda text: json.dumps({**json.loads(text), "config": None}).encode(),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_preview_is_recognised_and_read_however_it_is_written(name: str, tmp_path: Path) -> None:
    text = digest(step("create", new=told(GROUP, "web", inputs={"name": "web"})))
    path = file(tmp_path, WRITTEN[name](text))

    assert recognise(path, None, kinds()).spec.name == "pulumi-preview"
    assert isinstance(records(read(path))[urn(GROUP, "web")].raw["id"], Symbol)


def test_a_shop_that_is_not_there_yet_is_judged_whole(tmp_path: Path) -> None:
    report = check(recognised([file(tmp_path, json.dumps(preview(shop())))]), Choices())

    assert report.exit_code == 0
    assert [stack.scope.region for stack in report.stacks] == ["eu-west-1"]


def verdicts(report: Report) -> Mapping[tuple[str, str], Verdict]:
    return {(one.rule, one.subject.origin.address if one.subject.origin else ""): one.verdict for one in report.results}  # type: ignore[misc]  # addresses are texts


def without(name: str, key: str) -> Sequence[Declared]:
    return [
        Declared(one.token, one.name, {k: v for k, v in one.inputs.items() if k != key}) if one.called == name else one
        for one in shop()
    ]


FAULTS = {
    "one zone for the database": without("Instance.database", "multiAz"),
    "no backups": without("Instance.database", "backupRetentionPeriod"),
    "sessions that do not stick": without("TargetGroup.app", "stickiness"),
    "the database open to the world": [
        *shop(),
        Declared(
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "open",
            {
                "securityGroupId": Ref("SecurityGroup.database"),
                "ipProtocol": "tcp",
                "fromPort": 5432,
                "toPort": 5432,
                "cidrIpv4": "0.0.0.0/0",
            },
        ),
    ],
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_preview_and_the_state_after_it_are_judged_alike(name: str, tmp_path: Path) -> None:
    planned = check(recognised([file(tmp_path, json.dumps(preview(FAULTS[name])))]), Choices())
    made = check(recognised([file(tmp_path, json.dumps(state(FAULTS[name])), "state.json")]), Choices())

    assert verdicts(planned) == verdicts(made)
    assert planned.exit_code == 1


# Steps


def test_what_stays_keeps_its_ids_and_what_aws_made_of_it(tmp_path: Path) -> None:
    raw = of(tmp_path, same(VPC, "net", "vpc-1", {"cidrBlock": "10.0.0.0/16"}, defaultRouteTableId="rtb-1"))[
        urn(VPC, "net")
    ].raw

    assert (raw["id"], raw["default_route_table_id"], raw["cidr_block"]) == ("vpc-1", "rtb-1", "10.0.0.0/16")


def test_what_is_changed_is_told_as_it_will_be_under_its_id(tmp_path: Path) -> None:
    old = told(
        DATABASE,
        "db",
        id="db-1",
        inputs={"multiAz": True, "deletionProtection": True},
        outputs={"multiAz": True, "deletionProtection": True, "availabilityZone": "eu-west-1a", "id": "db-1"},
    )
    changed = step("update", old=old, new=told(DATABASE, "db", inputs={"multiAz": False}))
    raw = of(tmp_path, changed)[urn(DATABASE, "db")].raw

    assert (raw["id"], raw["multi_az"], raw["availability_zone"]) == ("db-1", False, "eu-west-1a")
    # What is not given any more is the provider's default again.
    assert "deletion_protection" not in raw


def changed(token: str, before: Mapping[str, object], now: Mapping[str, object], folder: Path) -> Mapping[str, object]:
    """Return what is told of a resource that gave `before` and gives `now`."""
    old = told(token, "one", id="one-1", inputs=before, outputs={**before, "id": "one-1"})
    return of(folder, step("update", old=old, new=told(token, "one", inputs=now)))[urn(token, "one")].raw


def test_what_the_provider_keeps_where_it_is_not_given_any_more_stays(tmp_path: Path) -> None:
    # "omitting this argument is interpreted as ignoring any existing routes": attribute-as-blocks mode.
    open_ = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}
    route = {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}
    tags = {"tags": {"team": "shop"}}
    group = changed(GROUP, {"description": "a", "ingress": [open_]}, {"description": "a", **tags}, tmp_path)
    table = changed(
        "aws:ec2/routeTable:RouteTable", {"vpcId": "vpc-1", "routes": [route]}, {"vpcId": "vpc-1"}, tmp_path
    )
    emptied = changed(GROUP, {"ingress": [open_]}, {"ingress": []}, tmp_path)

    assert [one["cidr_blocks"] for one in group["ingress"]] == [["0.0.0.0/0"]]  # type: ignore[attr-defined]  # blocks
    assert [one["gateway_id"] for one in table["route"]] == ["igw-1"]  # type: ignore[attr-defined]  # blocks
    assert emptied["ingress"] == []


def test_of_blocks_that_are_not_given_any_more_nothing_is_known(tmp_path: Path) -> None:
    sticky = {"type": "lb_cookie", "enabled": True}
    raw = changed("aws:lb/targetGroup:TargetGroup", {"port": 80, "stickiness": sticky}, {"port": 80}, tmp_path)

    assert isinstance(raw["stickiness"], Missing)
    assert "stickiness" in raw["stickiness"].fact


def test_what_takes_the_place_of_something_else_stands_alone(tmp_path: Path) -> None:
    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    before = {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0", "tags": {"a": "b"}}
    raw = changed(token, before, {"ipProtocol": "-1", "referencedSecurityGroupId": "sg-1"}, tmp_path)

    assert raw.get("cidr_ipv4") is None
    assert raw["referenced_security_group_id"] == "sg-1"
    assert not raw.get("tags")


def test_what_is_replaced_is_told_once_and_is_somebody_new(tmp_path: Path) -> None:
    old = told(GROUP, "web", id="sg-1", inputs={"description": "a"}, outputs={"id": "sg-1", "arn": "arn:old"})
    new = told(GROUP, "web", inputs={"description": "b"})
    steps = [
        step("create-replacement", old=old, new=new),
        step("replace", old=old, new=new),
        step("delete-replaced", old=old),
    ]
    for order in (steps, steps[::-1]):
        found = of(tmp_path, *order)
        raw = found[urn(GROUP, "web")].raw

        assert len(found) == 1
        assert raw["id"] == Symbol("aws_security_group.web")
        assert isinstance(raw["arn"], Symbol)
        assert raw["description"] == "b"


def test_what_is_deleted_is_left_out_and_what_is_retained_is_not(tmp_path: Path) -> None:
    gone = told(GROUP, "gone", id="sg-1", outputs={"id": "sg-1"})
    kept = told(GROUP, "kept", id="sg-2", outputs={"id": "sg-2"}, retainOnDelete=True)
    found = of(tmp_path, step("delete", old=gone), step("delete", old=kept))

    assert [record.raw["id"] for record in found.values()] == ["sg-2"]


def test_what_is_read_or_imported_has_its_id(tmp_path: Path) -> None:
    read_ = step("read", new=told(VPC, "old", id="vpc-9", external=True))
    imported = step("import", new=told(GROUP, "mine", id="", importID="sg-9", inputs={"name": "mine"}))
    found = of(tmp_path, read_, imported)

    assert found[urn(GROUP, "mine")].raw["id"] == "sg-9"
    assert found[urn(VPC, "old")].type == "data.aws_vpc"


def test_a_rule_that_is_read_is_there_for_its_group(tmp_path: Path) -> None:
    given = {"type": "ingress", "securityGroupId": "sg-1", "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}
    rule = told(RULE, "open", id="sgrule-1", external=True, inputs={}, outputs=given)
    raw = of(tmp_path, same(GROUP, "web", "sg-1", {"name": "web"}), step("read", new=rule))[urn(RULE, "open")]

    assert raw.type == "aws_security_group_rule"


def test_what_a_refresh_saw_gives_way_to_what_is_done_then(tmp_path: Path) -> None:
    old = told(GROUP, "web", id="sg-1", inputs={"description": "a"}, outputs={"id": "sg-1", "description": "a"})
    refreshed = step("refresh", old=old, new=old)
    changed = step("update", old=old, new=told(GROUP, "web", inputs={"description": "b"}))

    for steps in ([refreshed, changed], [changed, refreshed]):
        assert of(tmp_path, *steps)[urn(GROUP, "web")].raw["description"] == "b"


def test_a_group_does_not_tell_the_rule_that_goes(tmp_path: Path) -> None:
    block = {"protocol": "tcp", "fromPort": 22.0, "toPort": 22.0, "cidrBlocks": ["0.0.0.0/0"], "self": False}
    other = {**block, "fromPort": 443, "toPort": 443}
    group = same(
        GROUP, "web", "sg-1", {"name": "web"}, ingress=[block, other], arn="arn:aws:ec2:eu-west-1:123456789012:x/y"
    )
    given = {"type": "ingress", "securityGroupId": "sg-1", **{k: v for k, v in block.items() if k != "self"}}
    rule = told(RULE, "ssh", id="sgrule-1", inputs=given, outputs={**given, "id": "sgrule-1"})
    raw = of(tmp_path, group, step("delete", old=rule))[urn(GROUP, "web")].raw

    assert [one["from_port"] for one in raw["ingress"]] == [443]  # type: ignore[attr-defined]  # a list of blocks


def test_what_a_group_says_itself_stays_whoever_goes(tmp_path: Path) -> None:
    block = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}
    group = same(GROUP, "web", "sg-1", {"ingress": [block]})
    given = {"type": "ingress", "securityGroupId": "sg-1", **block}
    rule = told(RULE, "ssh", id="sgrule-1", inputs=given, outputs=given)
    raw = of(tmp_path, group, step("delete", old=rule))[urn(GROUP, "web")].raw

    assert len(raw["ingress"]) == 1  # type: ignore[arg-type]  # a list of blocks


def test_a_region_that_is_a_secret_is_none(tmp_path: Path) -> None:
    new = told(GROUP, "web", inputs={"name": "web"}, provider=f"{PROVIDER}::{UNKNOWN}")
    found = read(file(tmp_path, digest(step("create", new=new), config={"aws:region": "[secret]"})))

    assert [record.scope.region for record in found.records] == [""]


# What is not whole


def hidden(found: Collection) -> list[str]:
    return [gap.supply for gap in found.gaps if gap.type == ANYTHING]


def test_a_preview_without_what_stays_says_so(tmp_path: Path) -> None:
    root = step(
        "same", old={"urn": ROOT, "type": "pulumi:pulumi:Stack"}, new={"urn": ROOT, "type": "pulumi:pulumi:Stack"}
    )
    changed = step("create", new=told(GROUP, "web", inputs={}))
    cut = file(tmp_path, digest(root, changed, changeSummary={"same": 12, "create": 1}))
    whole = file(tmp_path, digest(root, changed, changeSummary={"same": 1, "create": 1}), "whole.json")

    assert any("--show-sames" in supply for supply in hidden(read(cut)))
    assert hidden(read(whole)) == []
    assert check(recognised([cut]), Choices()).exit_code == 4


@pytest.mark.parametrize("more", [{"diagnostics": [{"severity": "error", "message": "x"}]}, {"maybeCorrupt": True}])
def test_a_preview_that_failed_says_so(more: Mapping[str, object], tmp_path: Path) -> None:
    fine = {"diagnostics": [{"severity": "warning", "message": "error"}]}
    one = step("create", new=told(GROUP, "web", inputs={}))

    assert hidden(read(file(tmp_path, digest(one, **more))))
    assert hidden(read(file(tmp_path, digest(one, **fine)))) == []


def test_a_preview_of_some_targets_says_so(tmp_path: Path) -> None:
    skipped = told(GROUP, "later", id="", inputs={"name": "later"})
    steps = [step("same", old=skipped, new=skipped), same(GROUP, "web", "sg-1", {"name": "web"})]
    found = read(file(tmp_path, digest(*steps)))

    assert hidden(found) == ["preview without them"]
    assert set(records(found)) == {urn(GROUP, "web")}


# Streams


def event(number: int, **one: object) -> str:
    return json.dumps({"sequence": number, "timestamp": 1_700_000_000, **one})


def stream(steps: Sequence[Mapping[str, object]], *, ends: bool = True, result: str = "succeeded") -> str:
    lines = [event(0, diagnosticEvent={"message": "warning", "severity": "warning"})]
    lines.append(event(1, preludeEvent={"config": {"aws:region": "eu-west-1"}}))
    for one in steps:
        new = one.get("newState")
        metadata = {"op": one["op"], "urn": one["urn"], "old": one.get("oldState"), "new": new, "provider": ""}
        lines.append(event(2, resourcePreEvent={"metadata": metadata, "planning": True}))
        lines.append(event(3, resOutputsEvent={"metadata": metadata, "planning": True}))
    if ends:
        changes = {"same": sum(one["op"] == "same" for one in steps)}
        lines.append(event(4, summaryEvent={"resourceChanges": changes, "result": result}))
    return "\n".join(lines) + "\n"


def test_a_stream_of_events_tells_what_the_document_does(tmp_path: Path) -> None:
    made = outputs(shop())
    steps = [same(one.token, one.name, str(made[one.called]["id"]), made[one.called]) for one in shop()]
    document = check(recognised([file(tmp_path, digest(*steps))]), Choices())
    path = file(tmp_path, stream(steps), "preview.jsonl")
    events = check(recognised([path]), Choices())

    assert verdicts(events) == verdicts(document)
    assert events.exit_code == 0


def test_a_stream_says_which_form_tells_more(tmp_path: Path) -> None:
    new = told(RULE, "in", inputs={"securityGroupId": UNKNOWN, "cidrBlocks": [UNKNOWN]})
    summary = event(1, summaryEvent={"resourceChanges": {"create": 1}})
    text = "\n".join([event(0, resourcePreEvent={"metadata": {"op": "create", "new": new}}), summary])
    raw = records(read(file(tmp_path, text)))[urn(RULE, "in")].raw

    assert isinstance(raw["security_group_id"], Missing)
    assert "PULUMI_ENABLE_STREAMING_JSON_PREVIEW" in raw["security_group_id"].supply


def test_what_a_stream_tells_of_the_provider_leaves_unknown_is_left_to_it(tmp_path: Path) -> None:
    planned = {"name": "web", "arn": UNKNOWN, "ingress": UNKNOWN, "vpcId": UNKNOWN, "description": "Managed by Pulumi"}
    new = told(GROUP, "web", inputs={"name": "web", "vpcId": UNKNOWN}, outputs=planned)
    raw = records(read(file(tmp_path, stream([step("create", new=new)]))))[urn(GROUP, "web")].raw

    assert isinstance(raw["vpc_id"], Missing)
    assert raw["description"] == "Managed by Pulumi"
    assert not isinstance(raw.get("ingress"), Missing)


@pytest.mark.parametrize("more", [{"ends": False}, {"result": "failed"}])
def test_a_stream_that_is_not_whole_says_so(more: Mapping[str, object], tmp_path: Path) -> None:
    steps = [step("create", new=told(GROUP, "web", inputs={}))]

    assert hidden(read(file(tmp_path, stream(steps, **more))))  # type: ignore[arg-type]  # options by name
    assert hidden(read(file(tmp_path, stream(steps)))) == []


# Several, and bad input


def test_default_providers_have_the_configuration_of_their_own_stack(tmp_path: Path) -> None:
    one = told(GROUP, "web", inputs={}, provider=f"{PROVIDER}::{UNKNOWN}")
    text = digest(step("create", new=one))
    first = file(tmp_path, text)
    second = file(tmp_path, text.replace("eu-west-1", "us-east-1").replace("prod::shop", "prod::other"), "other.json")

    assert {record.scope.region for record in read(first, second).records} == {"eu-west-1", "us-east-1"}
    with pytest.raises(UsageError, match="prod"):
        read(first, file(tmp_path, text, "again.json"))


BAD = {
    "cut off": (digest(step("create", new=told(GROUP, "web")))[:-30], "the file is cut off", "preview.json:1:"),
    "nested without end": (
        digest(step("create", new=told(GROUP, "web", inputs={"x": "HERE"}))).replace(
            '"HERE"', "[" * 5_000 + "]" * 5_000
        ),
        "nested too deeply",
        "preview.json",
    ),
    "with steps that are none": (digest("web", changeSummary={}), "not what Pulumi writes", "preview.json"),
    "with a step about nothing": (
        digest(step("same", new=told(GROUP, "web")), {"op": "create", "urn": urn(GROUP, "other"), "newState": {}}),
        "does not say which resource",
        "preview.json: steps[1]",
    ),
    "with a line that is cut off": (stream([])[:-10], "the line is cut off", "preview.json:3"),
    "with an event about nothing": (
        event(0, resourcePreEvent={"metadata": {"op": "create"}}),
        "the step does not say which resource",
        "preview.json:1",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_preview_that_cannot_be_read_is_told_by_place_and_remedy(name: str, tmp_path: Path) -> None:
    text, message, place = BAD[name]
    path = file(tmp_path, text)

    assert recognise(path, None, kinds()).spec.name == "pulumi-preview"
    with pytest.raises(SourceError, match=message) as raised:
        read(path)
    assert place in raised.value.where
    assert raised.value.hint


def test_a_state_is_no_preview(tmp_path: Path) -> None:
    path = file(tmp_path, json.dumps(state(shop())))

    with pytest.raises(SourceError, match="there is no Pulumi preview"):
        recognise(path, "pulumi-preview", kinds()).spec.open([path], None).collect(kinds())  # type: ignore[arg-type]  # no inputs are needed

"""A program of many habits, run in both spellings: what it registers is told as the real engine would hear it."""

import json

import pytest

from tests.collect.pulumi_program.evaluated import Evaluated
from tests.collect.pulumi_program.spelled import PROGRAM

pytest.importorskip("pulumi_aws")
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


def names(run: Evaluated) -> set[str]:
    return {each["name"] for each in run.of("resource")}


def line(start: str) -> int:
    return next(n for n, text in enumerate(PROGRAM.splitlines(), 1) if text.strip().startswith(start))


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::shop::{type_}::{name}"


def test_events_begin_and_end_and_what_the_program_prints_stays_out_of_them(one: Evaluated) -> None:
    assert (one.events[0]["event"], one.events[-1]["event"], one.code) == ("begin", "end", 0)
    assert "PRINTED" in one.printed


def test_an_id_given_as_an_input_is_the_one_that_was_issued_for_it_in_either_spelling(
    one: Evaluated, two: Evaluated
) -> None:
    for run in (one, two):
        given = run.named("subnet")["inputs"]["vpcId"]

        assert run.named("vpc")["issued"][given] == "id"
        assert run.events[0]["marker"] in given
    assert one.named("subnet")["inputs"]["vpcId"].startswith("vpc-")


def test_a_child_of_a_component_has_its_urn_and_the_line_that_constructs_it(one: Evaluated) -> None:
    child, component = one.named("subnet"), one.named("net")

    assert child["urn"] == urn("shop:net:Net$aws:ec2/subnet:Subnet", "subnet")
    assert (child["line"], component["line"]) == (line("self.subnet ="), line("net = Net("))
    assert child["file"].endswith("__main__.py")
    assert not component["custom"]


def test_needs_name_the_resources_that_a_property_was_made_from(one: Evaluated) -> None:
    assert one.named("subnet")["needs"]["vpcId"] == [urn("aws:ec2/vpc:Vpc", "vpc")]
    assert one.named("subnet")["needs"]["cidrBlock"] == []


def test_a_resource_made_in_an_apply_is_told(one: Evaluated, two: Evaluated) -> None:
    assert "in-apply" in names(one) & names(two)


def test_lists_that_are_not_known_differ_in_length_between_the_spellings(one: Evaluated, two: Evaluated) -> None:
    assert {"host-0", "host-1"} <= names(one) & names(two)
    assert "host-2" in names(one) - names(two)


def test_zones_look_like_zones_of_the_region_and_are_issued_by_their_place(one: Evaluated, two: Evaluated) -> None:
    for run in (one, two):
        lookup = next(each for each in run.of("lookup") if "getAvailabilityZones" in each["token"])
        zone = run.named("subnet")["inputs"]["availabilityZone"]

        assert zone.startswith("eu-west-1")
        assert lookup["issued"][zone] == "names.0"
    assert one.named("subnet")["inputs"]["availabilityZone"] != two.named("subnet")["inputs"]["availabilityZone"]


def test_the_same_look_up_has_one_name_in_both_spellings_though_its_arguments_are_made_up(
    one: Evaluated, two: Evaluated
) -> None:
    assert {each["name"] for each in one.of("lookup")} == {each["name"] for each in two.of("lookup")}


def test_a_network_that_is_not_known_can_be_taken_apart_and_the_parts_differ(one: Evaluated, two: Evaluated) -> None:
    first, second = (run.named("inner")["inputs"]["cidrBlock"] for run in (one, two))

    assert first != second
    assert first.endswith("/24")


def test_a_policy_document_is_computed_with_the_arn_that_was_issued_in_it(one: Evaluated) -> None:
    policy = json.loads(one.named("policy")["inputs"]["policy"])
    arn = next(text for text, path in one.named("topic")["issued"].items() if path == "arn")

    assert policy == {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": arn}],
    }


def test_a_secret_that_nobody_can_read_is_answered_by_type_and_stays_marked(one: Evaluated, two: Evaluated) -> None:
    values = [run.named("port")["inputs"]["displayName"] for run in (one, two)]

    assert all(value[SIGNATURE] == SECRET for value in values)
    assert values[0]["value"] != values[1]["value"]


def test_the_region_of_a_provider_answers_what_is_looked_up_with_it(one: Evaluated) -> None:
    assert one.named("region")["inputs"]["name"] == "us-west-2"


def test_a_transform_changes_every_resource_it_matches(one: Evaluated) -> None:
    assert one.named("topic")["inputs"]["tags"] == {"team": "a"}
    assert "tags" not in one.named("vpc")["inputs"]


def test_a_name_registered_twice_is_told_once_and_is_an_error(one: Evaluated) -> None:
    assert len([each for each in one.of("resource") if each["name"] == "twice"]) == 1
    assert [(each["kind"], each["urn"]) for each in one.of("error")] == [
        ("duplicate_urn", urn("aws:sns/topic:Topic", "twice"))
    ]


def test_what_hangs_on_a_preview_differs_between_the_spellings(one: Evaluated, two: Evaluated) -> None:
    assert "only-preview" in names(one) - names(two)


def test_outputs_of_another_stack_are_known_where_they_are_given(one: Evaluated) -> None:
    assert one.named("theirs")["inputs"]["name"] == "given"
    assert {each["stack"]: each["given"] for each in one.of("stack_reference")} == {
        "acme/net/dev": True,
        "acme/unread/dev": False,
    }


def test_a_callback_that_never_ran_is_told_with_whether_it_could_register(one: Evaluated) -> None:
    skipped = {each["line"]: each["may_register"] for each in one.of("skipped")}

    assert skipped == {line('unread.get_output("ids")'): True, line('unread.get_output("name")'): False}


def test_a_certificate_is_validated_once_for_each_of_its_names(one: Evaluated, two: Evaluated) -> None:
    for run in (one, two):
        assert {name for name in names(run) if name.startswith("option-")} == {"option-0", "option-1"}


def test_outputs_of_a_remote_component_are_issued_and_its_children_are_not_there(one: Evaluated) -> None:
    far = one.named("far")

    assert far["remote"]
    assert far["issued"][one.named("far-subnet")["inputs"]["vpcId"]] == "vpc_id"


def test_a_resource_given_as_an_input_keeps_its_reference(one: Evaluated) -> None:
    assert one.named("loose")["inputs"]["vpc"]["urn"] == urn("aws:ec2/vpc:Vpc", "vpc")


def test_what_is_only_looked_at_has_its_id_and_is_marked_as_read(one: Evaluated) -> None:
    seen = one.named("seen")

    assert (seen["read"], seen["id"]) == (True, "vpc-77")


def test_a_text_that_is_not_known_can_be_read_as_json(one: Evaluated, two: Evaluated) -> None:
    for run in (one, two):
        assert run.events[0]["marker"] in run.named("from-json")["inputs"]["name"]


def test_exports_are_told_as_outputs_of_the_stack(one: Evaluated) -> None:
    stack = next(each for each in one.of("outputs") if "pulumi:pulumi:Stack" in each["urn"])

    assert stack["outputs"]["url"].startswith("https://arn:aws:ec2:eu-west-1:")

"""What a provider would compute is made by its types, differently in each spelling."""

import json

import pytest

aws = pytest.importorskip("pulumi_aws")
from checker.collect.pulumi_program.evaluator.answers import Answer  # noqa: E402 - needs the SDK
from checker.collect.pulumi_program.evaluator.policy_document import policy_document  # noqa: E402
from checker.collect.pulumi_program.evaluator.spelling import Spelling  # noqa: E402

# Modules of the provider warn of what is old in them when they are loaded.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
INSTANCE = "aws:ec2/instance:Instance"


def outputs(spelling: str, token: str, cls: type, given: dict[str, object]) -> tuple[dict[str, object], Answer]:
    made = Answer(Spelling(spelling, "eu-west-1"), "urn", token, "web")
    return made.outputs(cls, given), made


def test_what_is_added_to_a_given_object_is_known_in_no_spelling() -> None:
    given: dict[str, object] = {"rootBlockDevice": {"volumeSize": 5.0}}
    first, made = outputs("one", INSTANCE, aws.ec2.Instance, given)
    second, _ = outputs("two", INSTANCE, aws.ec2.Instance, given)
    preview, _ = outputs("preview", INSTANCE, aws.ec2.Instance, given)

    assert made.issued[first["rootBlockDevice"]["volumeId"]] == "rootBlockDevice.volumeId"
    assert second["rootBlockDevice"] == {"volumeSize": 5.0}
    assert preview["rootBlockDevice"]["volumeId"] == UNKNOWN
    assert "arn" in first and "arn" not in preview


def test_a_port_that_is_not_given_is_a_number_of_its_own_in_each_spelling() -> None:
    (first, made), (second, _) = (
        outputs(each, "aws:rds/instance:Instance", aws.rds.Instance, {}) for each in ("one", "two")
    )

    assert made.numbers[str(first["port"])] == "port"
    assert first["port"] != second["port"]


def test_booleans_and_lengths_are_opposite_and_different() -> None:
    (first, _), (second, _) = (outputs(each, INSTANCE, aws.ec2.Instance, {}) for each in ("one", "two"))

    assert first["ebsOptimized"] is not second["ebsOptimized"]
    assert len(first["securityGroups"]) != len(second["securityGroups"])


def test_a_given_value_of_another_shape_than_its_type_stays_unknown() -> None:
    # The SDK would raise on an object where its types have a text.
    made, _ = outputs("one", INSTANCE, aws.ec2.Instance, {"ami": {"not": "a text"}})

    assert "ami" not in made


def test_an_arn_can_be_taken_apart_alike_in_both_spellings_but_for_what_is_known() -> None:
    for token, empty in (("aws:s3/bucket:Bucket", {3, 4}), ("aws:iam/role:Role", {3}), (INSTANCE, set())):
        parts = [Spelling(each, "eu-west-1").text("key", "arn", token, "web").split(":", 5) for each in ("one", "two")]

        assert all({n for n, part in enumerate(each) if not part} == empty for each in parts)
        assert all(one != two for one, two in zip(*parts, strict=True) if one and two)


def test_a_policy_document_merges_what_it_is_given() -> None:
    # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
    source = {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "a", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }
    override = {"Statement": {"Sid": "a", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}}
    answer = policy_document(
        {
            "sourcePolicyDocuments": [json.dumps(source)],
            "overridePolicyDocuments": [json.dumps(override)],
            "statements": [
                {
                    "actions": ["sts:AssumeRole", "sts:TagSession"],
                    "principals": [{"type": "*", "identifiers": ["*"]}],
                    "conditions": [{"test": "StringLike", "variable": "aws:username", "values": ["&{aws:username}"]}],
                }
            ],
        },
        "",
    )

    assert answer is not None
    assert json.loads(str(answer["json"]))["Statement"] == [
        {"Sid": "a", "Effect": "Deny", "Action": "s3:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Principal": "*",
            "Condition": {"StringLike": {"aws:username": "${aws:username}"}},
        },
    ]


def test_a_policy_document_of_what_is_not_known_is_not_computed() -> None:
    assert policy_document({"statements": [{"actions": [UNKNOWN]}]}, "") is None
    assert policy_document({"sourcePolicyDocuments": ["no JSON"]}, "") is None

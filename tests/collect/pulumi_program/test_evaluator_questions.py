"""What a program asks of a text that nobody knows is told where both spellings answer it alike, and nothing else is."""

import pytest

from tests.collect.pulumi_program.evaluated import Evaluated
from tests.collect.pulumi_program.spelled import QUESTIONS

pytest.importorskip("pulumi_aws")
FILE = "questions.py"


@pytest.fixture
def asked(one: Evaluated, two: Evaluated) -> list[Evaluated]:
    return [one, two]


def of_file(run: Evaluated, event: str) -> list[dict]:
    return [each for each in run.of(event) if str(each.get("file")).endswith(FILE)]


def test_questions_that_no_made_up_text_answers_with_yes_are_told_with_their_lines(asked: list[Evaluated]) -> None:
    lines = enumerate(QUESTIONS.splitlines(), 1)
    expected = {(number, text.partition("# asked: ")[2]) for number, text in lines if "# asked: " in text}

    for run in asked:
        told = {(each["line"], each["what"]) for each in of_file(run, "asked") if not each["answer"]}
        missing = {(line, what) for line, what in expected if not any(line == n and what in whole for n, whole in told)}
        assert not of_file(run, "error") and not missing
        assert {line for line, _ in told} == {line for line, _ in expected}
    whose = [{each["what"] for each in of_file(run, "asked") if not each["answer"]} for run in asked]
    assert whose[0] == whose[1]
    assert "the number of the account is '123456789012'" in whose[0] and "id of asked is 'vpc-1'" in whose[0]


def test_what_a_secret_is_compared_with_is_not_told(asked: list[Evaluated]) -> None:
    assert "hunter2" not in repr([of_file(run, "asked") for run in asked])


def test_placeholders_are_texts_like_any_other(asked: list[Evaluated]) -> None:
    for run in asked:
        inputs = run.named("text")["inputs"]
        account, tags = inputs["description"], inputs["tags"]

        assert f'"a": "{account}"' in inputs["name"] and f"- '{account}'" in inputs["name"]
        assert inputs["name"].endswith(f"{account} {tags.get('Name', '')}")
        assert set(tags) <= {"Name"}

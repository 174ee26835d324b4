"""Property values as the engine writes them: what is not known, secrets, files, references and outputs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.collect.pulumi.placeholders import Placeholders
from checker.collect.pulumi.registered import Reference, Text
from checker.collect.pulumi.values import SIGNATURE, UNKNOWNS, decode
from checker.model.fact import Missing

PASSWORD = "hunter2-very-secret"
SECRET, OUTPUT = "1b47061264138c4ac30d75fd1eb44270", "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE, ASSET = "5cf8f73096256a8f31e491e813e4eb8e", "c44067f5952c0a294b673a41bacd8c17"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
GROUP = "urn:pulumi:dev::p::aws:ec2/securityGroup:SecurityGroup::web"


def signed(mark: str, **more: object) -> dict[str, object]:
    return {SIGNATURE: mark, **more}


def value(raw: object, **placeholders: tuple[str, str]) -> object:
    return decode({"it": raw}, placeholders)["it"]


@pytest.mark.parametrize("sentinel", sorted(UNKNOWNS))
def test_what_only_an_update_tells_is_missing(sentinel: str) -> None:
    for raw in (sentinel, signed(OUTPUT, value=sentinel), signed(OUTPUT, dependencies=[GROUP])):
        found = value(raw)

        assert isinstance(found, Missing)
        assert "it (known after the update)" in found.fact


def test_all_seven_texts_for_unknown_values_are_known() -> None:
    from pulumi_policy import proxy  # the engine's own list, as its SDK for policies has it

    theirs = {text for name, text in vars(proxy).items() if name.startswith("UNKNOWN_") and name.endswith("_VALUE")}

    assert theirs == UNKNOWNS


HIDDEN = {
    "a secret that is encrypted": signed(SECRET, ciphertext="v1:abc:def"),
    "a secret in plain text": signed(SECRET, plaintext=json.dumps(PASSWORD)),
    "a secret inside of a list": [signed(SECRET, plaintext=json.dumps(PASSWORD))],
    "a secret in the SDK's form": signed(SECRET, value=PASSWORD),
    "a secret object": signed(SECRET, plaintext=json.dumps({"user": "me-myself", "password": PASSWORD})),
    "an output marked as secret": signed(OUTPUT, value=PASSWORD, secret=True),
    "a secret output inside of one": signed(OUTPUT, value=signed(SECRET, value=PASSWORD)),
    "what the engine hides itself": "[secret]",
    "a secret with its ciphertext hidden": signed(SECRET, ciphertext="[secret]"),
    "a secret that is no JSON": signed(SECRET, plaintext=PASSWORD),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_a_secret_is_missing_and_never_seen(name: str) -> None:
    found = value({"deep": [HIDDEN[name]]})

    assert PASSWORD not in repr(found)
    assert "(a secret)" in repr(found)


@pytest.mark.parametrize("plain", [True, 5432, "tcp", "10.0.0.0/16", None])
def test_of_a_secret_that_much_is_known_which_betrays_nobody(plain: object) -> None:
    assert value(signed(SECRET, plaintext=json.dumps(plain))) == plain


def test_a_text_with_a_placeholder_is_no_less_secret_for_it() -> None:
    secret = signed(SECRET, value=f"postgres://{PASSWORD}@PH-1")

    assert PASSWORD not in repr(decode({"it": secret}, {"PH-1": (GROUP, "endpoint")}))


def test_references_to_resources_are_their_ids() -> None:
    component = "urn:pulumi:dev::p::my:Component::c"

    assert value(signed(RESOURCE, urn=GROUP, id="sg-1")) == "sg-1"
    assert value(signed(RESOURCE, urn=GROUP, id=UNKNOWN)) == Reference(GROUP, "id")
    assert value(signed(RESOURCE, urn=GROUP, id="")) == Reference(GROUP, "id")
    assert value(signed(RESOURCE, urn=component)) == component


def test_outputs_that_are_known_are_their_values_wherever_they_stand() -> None:
    assert value([{"a": signed(OUTPUT, value=["x"])}]) == [{"a": ["x"]}]


def test_files_are_their_paths_and_nothing_of_what_they_hold() -> None:
    assert value(signed(ASSET, path="app.zip", hash="0")) == "app.zip"
    assert isinstance(value(signed(ASSET, text=PASSWORD)), Missing)


def test_what_the_engine_keeps_for_itself_is_left_out() -> None:
    assert decode({"__meta": "{}", "__defaults": [], "name": {"__defaults": [], "a": 1}}) == {"name": {"a": 1}}


def test_a_value_of_a_kind_that_is_not_known_is_missing() -> None:
    assert isinstance(value(signed("00000000000000000000000000000000", value="x")), Missing)


def test_placeholders_become_references_and_texts_with_references() -> None:
    found = decode(
        {"group": "PH-1", "list": ["sg-1", "PH-10"], "text": "arn:PH-1/PH-10!", "none": "PH-"},
        {"PH-1": (GROUP, "id"), "PH-10": (GROUP, "arn")},
    )

    assert found == {
        "group": Reference(GROUP, "id"),
        "list": ["sg-1", Reference(GROUP, "arn")],
        "text": Text(("arn:", Reference(GROUP, "id"), "/", Reference(GROUP, "arn"), "!")),
        "none": "PH-",
    }


def test_a_placeholder_in_a_key_makes_the_whole_unknown() -> None:
    assert isinstance(decode({"it": {"a PH-1": 1}}, {"PH-1": (GROUP, "id")})["it"], Missing)


@given(st.lists(st.sampled_from(["<1>", "<12>", "<3>", "plain", " ", "<1", ">"]), max_size=8))
def test_every_placeholder_of_a_text_is_found_and_nothing_else_changes(pieces: list[str]) -> None:
    owners = {"<1>": ("one", "id"), "<12>": ("two", "id"), "<3>": ("three", "id")}
    text = "".join(pieces)
    found = Placeholders(owners).found_in(text)
    parts = found.parts if isinstance(found, Text) else (found,)
    spelled = {Reference(*owner): text for text, owner in owners.items()}

    assert "".join(part if isinstance(part, str) else spelled[part] for part in parts) == text
    assert not any(one in part for part in parts if isinstance(part, str) for one in owners)

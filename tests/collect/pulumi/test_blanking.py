"""Values of states and previews made unknown in turn: what was not read never becomes PASS, and is no fault."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checker.app import Choices, check, recognised
from checker.model.finding import Verdict
from checker.model.report import Report
from tests.collect.pulumi.shop import UNKNOWN, Declared, Ref, preview, shop, state
from tests.live.terraform_blanks import lost, verdicts, worse

Place = tuple[str | int, ...]
Document = dict[str, object]
FORMS: dict[str, tuple[Callable[[Sequence[Declared]], Document], str]] = {
    "state": (state, "outputs"),
    "preview": (preview, "inputs"),
}
# Faults that do not hide each other.
_CHANGED: Mapping[str, Mapping[str, object]] = {
    "Instance.database": {"multiAz": False, "backupRetentionPeriod": 0, "storageEncrypted": False},
    "TargetGroup.app": {"stickiness": {"type": "lb_cookie", "enabled": False}},
    "Listener.https": {"sslPolicy": "ELBSecurityPolicy-2016-08"},
    "LaunchTemplate.app": {"metadataOptions": {"httpTokens": "optional"}},
    "ReplicationGroup.cache": {"transitEncryptionEnabled": False},
    "Route.out-1": {"natGatewayId": Ref("NatGateway.nat-0")},
    "SecurityGroupIngressRule.database-from-app": {"referencedSecurityGroupId": None, "cidrIpv4": "10.0.0.0/8"},
}


def faulty() -> list[Declared]:
    """Return the shop with its faults."""
    changed = [Declared(one.token, one.name, {**one.inputs, **_CHANGED.get(one.called, {})}) for one in shop()]
    return [
        Declared(one.token, one.name, {key: value for key, value in one.inputs.items() if value is not None})
        for one in changed
    ]


def leaves(value: object, path: Place = ()) -> Iterator[Place]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        if isinstance(key, str) and key.startswith("__"):
            continue
        yield (*path, key)
        yield from leaves(item, (*path, key))


def states_of(document: Document) -> list[Document]:
    deployment = document.get("deployment")
    if isinstance(deployment, dict):
        return [one for one in deployment["resources"] if str(one["type"]).startswith("aws:")]
    steps = document["steps"]
    assert isinstance(steps, list)
    return [one["newState"] for one in steps if str(one["newState"]["type"]).startswith("aws:")]


def places(document: Document, of: str) -> list[tuple[int, Place]]:
    """Return which resource and where in it each value stands that can be made unknown."""
    return [(index, path) for index, one in enumerate(states_of(document)) for path in leaves(one[of])]


def without(document: Document, of: str, index: int, path: Place) -> Document:
    blank = copy.deepcopy(document)
    one = states_of(blank)[index]
    for part in {of, "inputs"}:
        inner = one[part]
        for key in path[:-1]:
            inner = inner[key] if _has(inner, key) else {}  # type: ignore[index]  # JSON
        if _has(inner, path[-1]):
            inner[path[-1]] = UNKNOWN  # type: ignore[index]  # JSON
    if of == "inputs":
        # An unknown literal comes of something that only an update tells.
        one["propertyDependencies"] = {**one["propertyDependencies"], path[0]: []}  # type: ignore[dict-item]  # JSON
    return blank


def _has(value: object, key: str | int) -> bool:
    return (isinstance(value, dict) and key in value) or (
        isinstance(value, list) and isinstance(key, int) and key < len(value)
    )


def draws(share: float) -> settings:
    return settings(
        max_examples=max(4, int(settings().max_examples * share)),
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_known_never_makes_a_failure_pass(form: str, tmp_path: Path) -> None:
    write, of = FORMS[form]
    document = write(faulty())
    before = judged(document, tmp_path)
    failed = {key[0] for key, verdict in verdicts(before).items() if verdict is Verdict.FAIL}

    @draws(0.04)
    @given(st.sampled_from(places(document, of)))
    def law(place: tuple[int, Place]) -> None:
        after = judged(without(document, of, *place), tmp_path)
        assert after.crashes == ()
        assert [f"{one} without {place}" for one in lost(before, after)] == []
        assert [f"{one} without {place}" for one in settled_by_it(before, after)] == []

    assert failed == {"APP001", "AZ004", "AZ006", "DAT002", "DAT003", "DAT004", "EDG003", "NET005", "SES001"}
    law()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_known_is_no_fault(form: str, tmp_path: Path) -> None:
    write, of = FORMS[form]
    document = write(shop())
    before = judged(document, tmp_path)

    @draws(0.03)
    @given(st.sampled_from(places(document, of)))
    def law(place: tuple[int, Place]) -> None:
        after = judged(without(document, of, *place), tmp_path)
        assert [f"{one} without {place}" for one in worse(before, after)] == []
        assert after.exit_code in (0, 3, 4)

    assert before.exit_code == 0
    law()


def judged(document: Document, folder: Path) -> Report:
    path = folder / "told.json"
    path.write_text(json.dumps(document))
    return check(recognised([path]), Choices())


def settled_by_it(before: Report, after: Report) -> Iterator[str]:
    """Yield each UNKNOWN that became PASS though less is known."""
    old, new = verdicts(before), verdicts(after)
    for key, verdict in old.items():
        if verdict is Verdict.UNKNOWN and new.get(key) is Verdict.PASS:
            yield " ".join(key)

"""A defect of ours is told as strictly as a fault, without a word of what it was working on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.policies.crossguard.engine import PACK, Violation, configured, of_stack, violations
from tests.policies.crossguard.shop import changed, shop


@pytest.fixture
def made(inside: None) -> Callable[[], analyzer_pb2_grpc.AnalyzerServicer]:
    """Return how to make the pack's servicer in this process."""
    from tierproof_pack.configuration import Own  # found as soon as the pack can be imported
    from tierproof_pack.servicer import Servicer

    return lambda: Servicer(PACK, Own())


def said(servicer: Any) -> list[Violation]:
    faulty = changed(shop(), "database", multiAz=False)
    return violations(servicer.AnalyzeStack(of_stack(faulty), None))


def _crash(*_: object, **__: object) -> Iterator[Any]:
    raise RuntimeError("hunter2")


def test_a_rule_that_crashes_is_told_and_the_others_judge(
    made: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tierproof_pack import cases

    prepare = cases.prepare

    def crashing(choices: Any) -> Any:
        case = prepare(choices)
        return replace(
            case, rules=tuple(replace(one, check=_crash) if one.id == "SES001" else one for one in case.rules)
        )

    monkeypatch.setattr(cases, "prepare", crashing)
    found = said(made())

    assert {(one.rule, one.level) for one in found} == {("SES001", "mandatory"), ("AZ004", "mandatory")}
    assert "the rule crashed" in str(found)


def test_if_all_of_it_crashes_nothing_passes(made: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from tierproof_pack import judging

    monkeypatch.setattr(judging, "judge", _crash)
    servicer = made()
    [told] = said(servicer)

    assert told.level == "mandatory"
    assert "tierproof crashed and judged nothing: RuntimeError" in told.message
    assert "hunter2" not in told.message
    assert "Traceback" not in told.message

    every = {policy.name: "advisory" for policy in servicer.GetAnalyzerInfo(None, None).policies}
    servicer.Configure(configured(every), None)
    assert [one.level for one in said(servicer)] == ["advisory"]

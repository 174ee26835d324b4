"""One documented stack and its faults have the same verdicts, rule by rule, in whatever dialect they are told."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from checker.model.finding import Verdict
from checker.rules.catalog import rules
from tests.parity.dialects import DIALECTS, EXPORTED, HCL, LIVE, PLAN_ALONE, PROGRAM, as_written
from tests.parity.recorded import KINDS, names
from tests.parity.spelling import AS_DOCUMENTED, Fault, doubts, table
from tests.parity.verdicts import Verdicts, with_verdict

pytest.importorskip("pulumi_aws")

TABLE = table()
DOUBTS = doubts()
# Files that an account is saved to take two seconds and a program four, most others a part of one.
ONE_IN = {HCL: 4, LIVE: 22, EXPORTED: 44, PROGRAM: 88}
OTHERS = 66


def cases() -> Iterator[object]:
    """Yield the documented stack in every dialect, which is always judged, and every fault in every dialect."""
    for fault in TABLE:
        for dialect in DIALECTS:
            drawn = [pytest.mark.sampled(one_in=ONE_IN.get(dialect, OTHERS))] if fault.name != AS_DOCUMENTED else []
            yield pytest.param(fault, dialect, id=f"{fault.name}-{dialect}", marks=drawn)


@pytest.mark.parametrize(("fault", "dialect"), list(cases()))
def test_every_dialect_has_the_same_verdicts(
    fault: Fault, dialect: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = DIALECTS[dialect](fault, tmp_path, partial(request.getfixturevalue, "account"))
    written = as_written(fault)

    assert with_verdict(written, Verdict.FAIL) == fault.expect
    assert with_verdict(written, Verdict.UNKNOWN) == {}
    if dialect in DOUBTS:
        assert _hidden(found, written, DOUBTS[dialect]) == {}
    else:
        assert found == written


def _hidden(found: Verdicts, written: Verdicts, open_: frozenset[str]) -> dict[tuple[str, str], frozenset[Verdict]]:
    """Return the verdicts that are neither those of the written stack nor UNKNOWN where that is allowed.

    What is in no stack has no verdict of its own: then the whole is UNKNOWN, and the run does not end well.
    """
    unknown = frozenset(with_verdict(found, Verdict.UNKNOWN))
    assert "STACKS" in unknown
    astray = {place: given for place, given in found.items() if given - written.get(place, frozenset()) - _UNKNOWN}
    return {**astray, **{place: given for place, given in found.items() if given & _UNKNOWN and place[0] not in open_}}


_UNKNOWN = frozenset({Verdict.UNKNOWN})


def test_the_faults_are_of_every_family() -> None:
    broken = {rule for fault in TABLE for rule in fault.expect}

    assert broken <= {rule.id for rule in rules()}
    assert {rule.rstrip("0123456789") for rule in broken} == {"NET", "AZ", "SES", "DAT", "EDG", "APP"}
    assert len(TABLE) - 1 >= 12
    assert len({fault.name for fault in TABLE}) == len(TABLE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_real_tools_were_asked_about_every_stack(kind: str) -> None:
    assert names(kind) == {fault.name for fault in TABLE}


def test_a_dialect_that_may_doubt_is_one_of_them() -> None:
    assert set(DOUBTS) == {PLAN_ALONE}

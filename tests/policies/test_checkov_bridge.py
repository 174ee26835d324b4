"""Our verdicts inside a real run of checkov, in HCL and in plans; whatever keeps one away fails."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from checker.model.finding import Verdict
from tests.policies.bridge import (
    ADDRESSES,
    HCL,
    PATH,
    Answer,
    ask,
    result,
    write_plan,
    write_program,
    write_report,
)

pytestmark = pytest.mark.checkov
DATABASE, SPARE, EDGE, CACHE_A, CACHE_B = ADDRESSES


@pytest.fixture(params=["hcl", "plan"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Sequence[str]:
    """Return the options that give checkov the program or its plan."""
    return ["-d", str(write_program(tmp_path))] if request.param == "hcl" else ["-f", str(write_plan(tmp_path))]


def every(answer: Answer, rule: str) -> set[str | None]:
    return {answer.word(rule, address) for address in ADDRESSES}


def test_verdicts_are_ours_and_carry_the_path(checkov: str, where: Sequence[str], tmp_path: Path) -> None:
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(write_report(tmp_path))})

    assert answer.code == 1
    assert answer.word("NET005", DATABASE) == "FAILED"
    assert "path: aws_security_group.db: allows tcp 3306 (sg.tf:4)" in answer.details("NET005", DATABASE)
    assert (answer.word("NET004", CACHE_A), answer.word("NET004", CACHE_B)) == ("PASSED", "FAILED")
    assert answer.word("DAT003", DATABASE) == "FAILED"
    assert "missing: var.tls" in answer.details("DAT003", DATABASE)
    # What is said of the stack is said of its load balancer; of what is in no stack nothing is said.
    assert answer.word("SES002", EDGE) == "FAILED"
    assert answer.word("NET005", SPARE) is None
    # A rule need not be about every listener.
    assert answer.word("EDG001", "aws_lb_listener.https") is None


def test_nothing_wrong_is_green(checkov: str, where: Sequence[str], tmp_path: Path) -> None:
    passes = [result("NET005", Verdict.PASS, address) for address in (DATABASE, SPARE)]
    waived = result("DAT003", Verdict.UNKNOWN, DATABASE, counts=False)
    report = write_report(tmp_path, [*passes, waived], exit_codes=(0,))
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(report)}, "--check", "TIERPROOF_NET005,TIERPROOF_DAT003")

    assert answer.code == 0
    assert answer.word("NET005", DATABASE) == answer.word("DAT003", DATABASE) == "PASSED"


@pytest.mark.parametrize("content", [None, "{", "[]", '{"schema": "tierproof.report/1", "rules": []}'])
def test_report_that_is_missing_or_broken_fails_everything(checkov: str, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "report.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    where = ["-d", str(write_program(tmp_path))]
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(file)}, "--check", "TIERPROOF_REPORT,TIERPROOF_NET005")

    assert answer.code == 1
    assert every(answer, "REPORT") == every(answer, "NET005") == {"FAILED"}
    assert "report" in answer.details("REPORT", DATABASE)


def test_rule_that_the_report_has_not_is_no_success(checkov: str, tmp_path: Path) -> None:
    where = ["-d", str(write_program(tmp_path))]
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(write_report(tmp_path))}, "--check", "TIERPROOF_NET999")

    assert every(answer, "NET999") == {"FAILED"}


def test_resource_that_the_report_has_never_heard_of_fails(checkov: str, where: Sequence[str], tmp_path: Path) -> None:
    report = write_report(tmp_path, addresses=tuple(one for one in ADDRESSES if one != SPARE))
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(report)}, "--check", "TIERPROOF_NET005,TIERPROOF_NET004")

    assert answer.word("NET005", SPARE) == "FAILED"
    assert "never heard of" in answer.details("NET005", SPARE)


def test_instances_that_are_called_otherwise_are_those_of_their_block(
    checkov: str, where: Sequence[str], tmp_path: Path
) -> None:
    # As where the keys are the names of zones, which are not in the program.
    elsewhere = [f'module.cache.aws_elasticache_cluster.this["zone {number}"]' for number in (1, 2)]
    verdicts = (result("NET004", Verdict.PASS, elsewhere[0]), result("NET004", Verdict.FAIL, elsewhere[1], path=PATH))
    report = write_report(tmp_path, verdicts, addresses=(DATABASE, SPARE, EDGE, *elsewhere))
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(report)}, "--check", "TIERPROOF_NET004")

    assert answer.word("NET004", CACHE_A) == answer.word("NET004", CACHE_B) == "FAILED"
    assert "path: aws_security_group.db" in answer.details("NET004", CACHE_A)


def test_stack_that_could_not_be_found_is_not_green(checkov: str, where: Sequence[str], tmp_path: Path) -> None:
    doubt = result("STACKS", Verdict.UNKNOWN, None, "load balancers could not be read", stack=None)
    report = write_report(tmp_path, [doubt], stacks=(), exit_codes=(3, 4))
    answer = ask(checkov, where, {"TIERPROOF_REPORT": str(report)})

    assert answer.code == 1
    assert every(answer, "STACKS") == {"FAILED"}
    # Though only one rule were asked for.
    assert answer.word("NET005", DATABASE) == "FAILED"
    assert "load balancers could not be read" in answer.details("NET005", DATABASE)


def test_checkovs_own_skips_work(checkov: str, tmp_path: Path) -> None:
    folder = write_program(tmp_path)
    text = HCL.replace('"main" {', '"main" {\n  #checkov:skip=TIERPROOF_NET005:a reason', 1)
    (folder / "main.tf").write_text(text, encoding="utf-8")
    answer = ask(checkov, ["-d", str(folder)], {"TIERPROOF_REPORT": str(write_report(tmp_path))})

    assert answer.word("NET005", DATABASE) == "SKIPPED"


def test_without_a_report_tierproof_is_run_once_on_the_same_input(checkov: str, tmp_path: Path) -> None:
    folder, calls = write_program(tmp_path), tmp_path / "calls"
    stub = tmp_path / "stub.py"
    stub.write_text(
        f"import sys; open({str(calls)!r}, 'a').write(repr(sys.argv[1:]) + '\\n')\n"
        f"print(open({str(write_report(tmp_path))!r}).read())\nsys.exit(1)\n",
        encoding="utf-8",
    )
    command = shlex.join([sys.executable, str(stub)])
    answer = ask(checkov, ["-d", str(folder)], {"TIERPROOF_COMMAND": command})

    assert answer.word("NET005", DATABASE) == "FAILED"
    assert calls.read_text(encoding="utf-8").splitlines() == [
        repr(["check", "--quiet", "--format", "json", "--", str(folder)])
    ]


def test_tierproof_that_cannot_be_run_fails_everything(checkov: str, tmp_path: Path) -> None:
    where = ["-d", str(write_program(tmp_path))]
    answer = ask(checkov, where, {"TIERPROOF_COMMAND": str(tmp_path / "nothing")}, "--check", "TIERPROOF_REPORT")

    assert every(answer, "REPORT") == {"FAILED"}

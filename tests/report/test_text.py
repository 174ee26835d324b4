"""The text report against its golden files, and what must hold of every one."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from checker.model.finding import Verdict
from checker.model.record import Scope
from checker.model.report import Report
from checker.report.text_report import FORMAT, render

GOLDEN = Path(__file__).parent / "golden"


def shown(report: Report, width: int = 80) -> str:
    return render(report, Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False))


def last(report: Report) -> str:
    return shown(report).splitlines()[-1]


@pytest.mark.parametrize("width", [80, 120])
def test_golden(report: Report, width: int) -> None:
    assert shown(report, width) == (GOLDEN / f"report_{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_but_the_last_is_wider_than_the_terminal(report: Report, width: int) -> None:
    assert max(map(len, shown(report, width).splitlines()[:-1])) <= width


def test_nothing_a_terminal_obeys_gets_through(report: Report) -> None:
    places = [replace(stack, scope=Scope("", "\x1b[1m"), vpcs=("\x1b[2m",)) for stack in report.stacks]

    assert {stack.judged for stack in places} == {True, False}
    assert "\x1b" not in shown(replace(report, stacks=tuple(places)))


def test_stream_that_is_no_terminal_gets_no_colour(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    out = io.StringIO()
    FORMAT.write(report, out)

    assert "\x1b" not in out.getvalue()


def test_no_color_is_honoured_on_a_terminal(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(out, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    FORMAT.write(report, out)

    assert "\x1b[3" not in out.getvalue()


def test_one_cause_is_one_entry(report: Report) -> None:
    assert shown(report).count("Delete rule sgr-01") == 1


def test_last_line_names_every_count_and_code(report: Report) -> None:
    assert last(report) == (
        "CRASHED: 4 failed (1 high, 2 medium, 1 low), 1 crashed, 1 unknown, 1 unknown not counted, 1 passed, "
        "1 not applicable; 1 stack judged, 1 candidate; exit 5 (also 1, 4)"
    )


@pytest.mark.parametrize(
    ("verdicts", "codes", "start"),
    [
        ({Verdict.PASS}, (0,), "PASS: 0 failed, 0 unknown, 1 passed"),
        ({Verdict.PASS, Verdict.FAIL}, (0,), "TOLERATED: 4 failed"),
        ({Verdict.FAIL}, (1,), "FAIL: 4 failed"),
        ({Verdict.UNKNOWN}, (4,), "UNKNOWN: 0 failed, 1 unknown"),
        (set(), (3,), "NOTHING JUDGED: 0 failed"),
        (set(), (0,), "TOLERATED: 0 failed"),
    ],
)
def test_last_line_begins_with_the_outcome(
    report: Report, verdicts: set[Verdict], codes: tuple[int, ...], start: str
) -> None:
    results = tuple(result for result in report.results if result.verdict in verdicts)

    assert last(replace(report, results=results, exit_codes=codes)).startswith(start)


def test_unknown_that_is_ignored_is_not_listed(report: Report) -> None:
    text = shown(replace(report, facts={"on_unknown.ignore": "STACKS"}))

    assert "could not be listed" not in text
    assert "1 unknown not counted" in text


def test_results_name_their_stack_where_there_are_two(report: Report) -> None:
    stacks = tuple(replace(stack, judged=True, reason=None) for stack in report.stacks)

    assert "database shop-db in shop" in shown(replace(report, stacks=stacks), 120)


def test_a_fault_without_a_path_tells_where_its_subject_is_declared(report: Report) -> None:
    [first, *_] = [one for one in report.results if one.verdict is Verdict.FAIL and one.subject.origin]
    bare = replace(report, results=(replace(first, path=()),))

    assert first.subject.origin is not None and first.subject.origin.line is not None
    assert f"({first.subject.origin.file}:{first.subject.origin.line})" in shown(bare, 120)

"""Where reports go, beside stdout and files: the step summary of GitHub Actions; and what help says of formats."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application
from checker.cli.output import outputs, step_summary, write
from checker.errors import UsageError
from checker.report.format import formats
from checker.report.format_names import format_names
from tests.report.sample_review import sample_review


def test_summary_is_written_beside_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    write(sample_review(), outputs(["github"]), step_summary({"GITHUB_STEP_SUMMARY": str(summary)}))
    text = summary.read_text(encoding="utf-8")

    assert text.startswith("before\n## tierproof: CRASHED")
    assert capsys.readouterr().out.startswith("::error file=")


def test_no_summary_where_no_annotations_are_asked_for(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    write(sample_review(), outputs(["json"]), summary)

    assert not summary.exists()


def test_no_summary_outside_of_actions() -> None:
    assert step_summary({}) is None
    assert step_summary({"GITHUB_STEP_SUMMARY": ""}) is None


def test_summary_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="step summary"):
        write(sample_review(), outputs(["github"]), tmp_path / "missing" / "summary.md")


def test_names_of_files_are_those_of_formats() -> None:
    assert format_names() == tuple(formats())


@pytest.mark.parametrize("command", ["check", "audit"])
def test_help_names_every_format(command: str) -> None:
    told = " ".join(CliRunner().invoke(application(), [command, "--help"]).output.split())

    assert f"{', '.join(list(formats())[:-1])} or {list(formats())[-1]}, to stdout" in told

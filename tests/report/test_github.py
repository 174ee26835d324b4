"""Workflow commands: what GitHub would run, read as its runner reads them."""

import io
import re
from dataclasses import dataclass, replace
from pathlib import Path

from checker.model.finding import Severity
from checker.model.report import Report
from checker.report.github_report import FORMAT, MOST
from tests.report.sample_review import HOSTILE

GOLDEN = Path(__file__).parent / "golden"


@dataclass
class Command:
    name: str
    properties: dict[str, str]
    message: str


def text(report: Report) -> str:
    out = io.StringIO()
    FORMAT.write(report, out)
    return out.getvalue()


def commands(written: str) -> list[Command]:
    """Read lines as the runner does: the name and properties end at the second `::`, properties at commas.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    found = []
    for line in re.split(r"\r\n|\r|\n", written.removesuffix("\n")):
        head, _, message = line.removeprefix("::").partition("::")
        name, _, rest = head.partition(" ")
        pairs = (pair.partition("=") for pair in rest.split(","))
        found.append(Command(name, {key: unescaped(value) for key, _, value in pairs}, unescaped(message)))
    return found


def unescaped(value: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, char)
    return value


def many(report: Report, rule: str, count: int) -> Report:
    [result] = [item for item in report.results if item.rule == rule]
    copies = (replace(result, subject=replace(result.subject, id=f"{index:03}")) for index in range(count))
    return replace(report, results=tuple(copies))


def test_golden(review: Report) -> None:
    assert text(review) == (GOLDEN / "review_github.txt").read_text(encoding="utf-8")


def test_place_and_title(review: Report) -> None:
    first = commands(text(review))[0]

    assert first.name == "error"
    assert first.properties == {
        "file": "groups.tf",
        "line": "44",
        "title": "NET005 database-reachable-from-elsewhere",
    }
    assert first.message.splitlines()[0] == "database shop-db: the whole internet gets to tcp 3306"
    assert "aws_subnet.a: has a default route" in first.message


def test_levels(review: Report) -> None:
    levels = {command.properties["title"][:6]: command.name for command in commands(text(review))}

    assert levels == {
        "NET005": "error",
        "SES001": "error",
        "NET004": "warning",
        "NET010": "warning",
        "DAT003": "warning",
    }


def test_no_name_makes_a_command_of_its_own(review: Report) -> None:
    [failed] = [item for item in review.results if item.rule == "NET010"]
    odd = replace(failed, message=f"a\r\n::stop-commands::x\r::add-mask::y{HOSTILE}", fix="b\n##[error]z")
    found = commands(text(replace(review, results=(odd,))))

    assert [command.name for command in found] == ["warning"]
    assert set(found[0].properties) == {"file", "line", "title"}


def test_names_do_not_end_properties(review: Report) -> None:
    rules = tuple(replace(rule, name="a,line=1::error file=x%0A:\n") for rule in review.rules)
    first = commands(text(replace(review, rules=rules)))[0]

    assert first.properties["line"] == "44"
    assert first.properties["title"] == "NET005 a,line=1::error file=x%0A:"


def test_no_more_than_github_shows_and_the_rest_is_counted(review: Report) -> None:
    found = commands(text(many(review, "NET005", 13)))

    assert [command.name for command in found] == ["error"] * MOST + ["notice"]
    assert found[-1].message.startswith("3 more findings")


def test_worst_come_first(review: Report) -> None:
    low = many(review, "NET010", 12).results
    [worse] = [item for item in review.results if item.rule == "NET004"]
    found = commands(text(replace(review, results=(*low, worse))))

    assert worse.severity > Severity.LOW
    assert found[0].properties["title"].startswith("NET004")


def test_place_that_is_not_known_is_left_out(report: Report) -> None:
    found = [command for command in commands(text(report)) if command.properties["title"].startswith("NET010")]

    assert [set(command.properties) for command in found] == [{"title"}]


def test_nothing_judged_is_an_error() -> None:
    [found] = commands(text(Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,))))

    assert (found.name, found.message.partition(":")[0]) == ("error", "nothing was judged")


def test_nothing_wrong_says_nothing(review: Report) -> None:
    assert text(replace(review, results=(), exit_codes=(0,))) == ""

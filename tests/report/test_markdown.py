"""Markdown as GitHub renders it: by a parser of CommonMark with tables, since rich brings one."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from checker.model.finding import Step
from checker.model.report import Report
from checker.report.markdown_report import FORMAT, MOST
from checker.report.markdown_text import code, html, prose
from tests.report.sample_review import HOSTILE

GOLDEN = Path(__file__).parent / "golden"
PARSER = MarkdownIt("commonmark", {"linkify": False}).enable("table").enable("strikethrough")
ATTEMPTS = (
    HOSTILE,
    "a | b | c",
    "``` x ``",
    "</summary></details><script>alert(1)</script>",
    "**bold** _it_ ~~gone~~ <img src=x> ![i](http://x)",
    "x\n\n# heading\n- list\n> quote\n\n```\nfence",
    "&lt;b&gt; &#64;team",
    "\\`\\",
    "[a]: http://evil.example",
    "$$x$$",
)
# What our own lines are made of; everything else would have to come from a name.
OURS = {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "code", "strong"}


def text(report: Report) -> str:
    out = io.StringIO()
    FORMAT.write(report, out)
    return out.getvalue()


def many(report: Report, count: int, message: str = "is open") -> Report:
    [result] = [item for item in report.results if item.rule == "NET005"]
    steps = tuple(Step(f"sg-{index}", "lets in tcp 3306 " * 20) for index in range(5))
    found = (
        replace(result, subject=replace(result.subject, id=f"{index}"), fix=f"{index}", message=message, path=steps)
        for index in range(count)
    )
    return replace(report, results=tuple(found))


def test_golden(review: Report) -> None:
    assert text(review) == (GOLDEN / "review.md").read_text(encoding="utf-8")


def test_headline_has_the_counts(review: Report) -> None:
    lines = text(review).splitlines()

    assert lines[0] == "## tierproof: CRASHED"
    assert lines[2].startswith(r"3 failed \(1 high, 1 medium, 1 low\), 1 crashed, 1 unknown")


def test_one_cause_is_one_row_and_one_fold(review: Report) -> None:
    written = text(review)

    assert written.count("| NET005, NET004 |") == 1
    assert written.count("<summary>high: NET005") == 1
    assert written.count("Delete rule sgr-01") == 1


def test_folds_are_closed(review: Report) -> None:
    written = text(review)

    assert written.count("<details>") == written.count("</details>") == 5


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("wrap", ["{}", "- x: {}", "1. `y`: {}", "**Fix** {}"])
def test_prose_is_shown_as_it_is(attempt: str, wrap: str) -> None:
    rendered = PARSER.render(wrap.format(f"text {prose(attempt)}"))
    tags = set(re.findall(r"<(\w+)", rendered))

    assert tags <= {"p", "ul", "ol", "li", "code", "strong"}
    assert rendered.count("<code>") == wrap.count("`") // 2
    assert rendered.count("<strong>") == wrap.count("**") // 2
    assert " ".join("".join(c if c.isprintable() else " " for c in attempt).split()) in shown(rendered)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_code_is_shown_as_it_is(attempt: str) -> None:
    rendered = PARSER.render(f"see {code(attempt)}")

    assert re.fullmatch(r"<p>see <code>[^<]*</code></p>\n", rendered)
    assert " ".join("".join(c if c.isprintable() else " " for c in attempt).split()) in shown(rendered)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_cell_stays_a_cell(attempt: str) -> None:
    row = f"| a | b |\n|---|---|\n| {prose(attempt)} | {code(attempt, in_table=True)} |\n"
    rendered = PARSER.render(row)

    assert rendered.count("<td>") == 2
    assert rendered.count("<code>") == 1


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_summary_ends_where_it_should(attempt: str) -> None:
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", html(attempt))
    assert "\n" not in html(attempt)


@pytest.mark.parametrize(
    "name", ["@team", "a@b.example", "#12", "org/repo#12", "GH-7", "http://x.example", "www.x.example"]
)
def test_nobody_is_mentioned_and_nothing_linked(name: str) -> None:
    # GitHub looks for these in the finished text, so what stands between the letters must be there, and not be seen.
    for shown_ in (prose(f"a {name} b"), html(f"a {name} b")):
        assert name not in shown_.replace("\\", "")
        assert name in shown_.replace("\\", "").replace("\u200b", "")


def test_nothing_of_a_name_takes_effect_in_the_whole(review: Report) -> None:
    rendered = PARSER.render(text(review))
    folds = {"details", "summary"}

    assert set(re.findall(r"<(\w+)", rendered)) <= OURS | folds


def test_long_report_fits_and_says_what_is_left_out(review: Report) -> None:
    written = text(many(review, 300))
    [left_out] = re.findall(r"\*\*(\d+) of 300 findings are left out here\*\*", written)

    assert len(written.encode()) <= MOST
    assert written.count("<details>") - 1 == 300 - int(left_out)
    assert written.count("<details>") == written.count("</details>")


def test_names_of_any_length_fit(review: Report) -> None:
    written = text(many(review, 40, message="<" * 100_000))

    assert len(written.encode()) <= MOST
    assert "**40 of 40 findings are left out here**" in written


def test_short_report_leaves_nothing_out(review: Report) -> None:
    assert "left out" not in text(review)


def test_nothing_judged_is_said() -> None:
    assert "**nothing was judged" in text(Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,)))


def shown(rendered: str) -> str:
    """Return what a reader sees of rendered Markdown."""
    bare = re.sub(r"<[^>]+>", "", rendered).replace("\u200b", "")
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        bare = bare.replace(entity, char)
    return bare

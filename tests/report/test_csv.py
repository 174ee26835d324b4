"""CSV as spreadsheets read it."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from checker.model.report import Report
from checker.report.csv_report import COLUMNS, FORMAT

GOLDEN = Path(__file__).parent / "golden"


def text(report: Report) -> str:
    out = io.StringIO(newline="")
    FORMAT.write(report, out)
    return out.getvalue()


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(report), newline="")))


def test_golden(review: Report) -> None:
    assert text(review).encode() == (GOLDEN / "review.csv").read_bytes()


def test_one_row_for_each_result_in_order(report: Report) -> None:
    found = rows(report)

    assert [row["key"] for row in found] == [result.key for result in report.results]
    assert list(found[0]) == list(COLUMNS)


def test_lines_end_as_the_standard_says(review: Report) -> None:
    written = text(review)

    # RFC 4180, 2: CR LF, and no line end is inside of a cell here.
    assert written.count("\r\n") == written.count("\n") == len(review.results) + 1


def test_empty_report_has_its_header() -> None:
    assert text(Report("0.1.0", "aws", (), (), (), (), (), (), ())) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n@", "\x00=", "\uff1d"])
def test_no_cell_is_a_formula(review: Report, start: str) -> None:
    [failed] = [result for result in review.results if result.rule == "NET005"]
    odd = replace(failed, message=f"{start}1+1", fix=start, subject=replace(failed.subject, name=f"{start}cmd|x"))
    [row] = rows(replace(review, results=(odd,)))

    for column in ("message", "fix", "subject_name"):
        assert row[column].startswith("'")


def test_what_is_no_formula_stays_as_it_is(review: Report) -> None:
    row = next(row for row in rows(review) if row["rule"] == "NET005")

    assert row["message"] == "the whole internet gets to tcp 3306"
    assert (row["file"], row["line"], row["address"]) == ("groups.tf", "44", "module.data.aws_db_instance.main")
    assert (row["account"], row["baseline"], row["counts"]) == ("", "new", "yes")


def test_waiver_is_told(review: Report) -> None:
    [row] = [row for row in rows(review) if row["verdict"] == "WAIVED"]

    assert (row["waiver_owner"], row["waiver_until"]) == ("web team", "2027-01-31")

"""Waivers and earlier reports in the text and the JSON report."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from checker.evaluate.baseline import Earlier, as_past, compared
from checker.evaluate.waivers import waived
from checker.model.finding import State, Verdict
from checker.model.report import Document, Report
from checker.model.waiver import Waiver
from checker.report.json_report import as_json
from checker.report.text_report import render

GOLDEN = Path(__file__).parent / "golden"
DEFINITION = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
TODAY = date(2026, 5, 1)


def shown(report: Report, width: int = 80) -> str:
    return render(report, Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False))


def settled(report: Report, *, hides: bool) -> Report:
    """Return the report after waivers, beside one in which less was open and one thing was."""
    waivers = [
        Waiver("SES001", "shop", "the new release\x1b[31m needs none", "web team", date(2027, 1, 31), "waivers.yaml:1"),
        Waiver("NET010", "shop-app", "narrowed in May", "web team", date(2026, 4, 30), "waivers.yaml:7"),
        Waiver("AZ004", "shop-db", "moves", "data team", date(2027, 1, 31), "waivers.yaml:13"),
    ]
    old = {
        "NET005": {"state": State.LATENT},
        "AZ004": {"verdict": Verdict.FAIL, "state": State.REACHABLE},
        "SES001": {"verdict": Verdict.PASS, "state": None},
    }
    past = replace(
        report,
        results=tuple(
            replace(one, **old[one.rule]) if one.verdict is not Verdict.NOT_APPLICABLE and one.rule in old else one
            for one in report.results
        ),
    )
    document = Document("baseline" if hides else "since", "main.json", "cd" * 32)
    return compared(waived(report, waivers, TODAY), Earlier(as_past(past), document, hides))


@pytest.mark.parametrize("hides", [True, False], ids=["baseline", "since"])
def test_golden(report: Report, hides: bool) -> None:
    name = "standing_baseline.txt" if hides else "standing_since.txt"

    assert shown(settled(report, hides=hides)) == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("hides", [True, False], ids=["baseline", "since"])
def test_json_is_what_the_schema_says(report: Report, hides: bool) -> None:
    document = json.loads(json.dumps(as_json(settled(report, hides=hides))))

    assert list(Draft202012Validator(DEFINITION).iter_errors(document)) == []
    assert {one["baseline"] for one in document["results"]} == {"new", "known", None}
    assert [one["use"] for one in document["waivers"]] == ["used", "expired", "unused"]


def test_json_says_who_accepted_what(report: Report) -> None:
    document = as_json(settled(report, hides=True))

    (result,) = (one for one in document["results"] if one["verdict"] == "WAIVED")  # type: ignore[attr-defined]  # a list
    assert result["waiver"] == {
        "reason": "the new release\x1b[31m needs none",
        "owner": "web team",
        "until": "2027-01-31",
        "place": "waivers.yaml:1",
        "verdict": "FAIL",
    }


def test_schema_refuses_a_waived_result_without_its_waiver(report: Report) -> None:
    document = json.loads(json.dumps(as_json(settled(report, hides=True))))
    for one in document["results"]:
        one["waiver"] = None

    assert list(Draft202012Validator(DEFINITION).iter_errors(document))


def test_since_without_anything_open(report: Report) -> None:
    clean = replace(report, results=())
    document = Document("since", "main.json", "cd" * 32)

    text = shown(compared(clean, Earlier(as_past(clean), document, hides=False)))

    assert "nothing was open then, and nothing is now" in text
    assert "0 new since, 0 still open, 0 fixed" in text

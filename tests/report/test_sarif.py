"""SARIF against its schema, its golden file, and what code scanning makes of it."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.model.finding import Result, Severity, Standing, Verdict
from checker.model.record import Origin
from checker.model.report import Comparison, Document, Report
from checker.report import sarif_report
from checker.report.sarif_report import FORMAT, MOST_RESULTS
from tests.report.sample_review import DATABASE, OPEN

GOLDEN = Path(__file__).parent / "golden"


def text(report: Report) -> str:
    out = io.StringIO()
    FORMAT.write(report, out)
    return out.getvalue()


def run(report: Report) -> dict[str, Any]:
    return dict(json.loads(text(report))["runs"][0])


def one(report: Report, rule: str, kind: str) -> dict[str, Any]:
    [found] = [item for item in run(report)["results"] if item["ruleId"] == rule and f"|{kind}|" in key(item)]
    return dict(found)


def key(item: dict[str, Any]) -> str:
    return str(item["properties"]["key"])


def places(value: object) -> Iterator[dict[str, Any]]:
    """Yield every location of a document."""
    if isinstance(value, dict):
        if "physicalLocation" in value or "logicalLocations" in value:
            yield value
        for part in value.values():
            yield from places(part)
    elif isinstance(value, list):
        for part in value:
            yield from places(part)


def moved(report: Report, lines: int) -> Report:
    """Return the report of the same program with lines added above everything."""

    def at(origin: Origin | None) -> Origin | None:
        return replace(origin, line=origin.line + lines) if origin and origin.line else origin

    def shifted(result: Result) -> Result:
        steps = tuple(replace(step, origin=at(step.origin)) for step in result.path)
        return replace(result, subject=replace(result.subject, origin=at(result.subject.origin)), path=steps)

    return replace(report, results=tuple(map(shifted, report.results)))


def test_golden(review: Report) -> None:
    assert text(review) == (GOLDEN / "review.sarif").read_text(encoding="utf-8")


def test_document_is_what_the_schema_says(report: Report, review: Report) -> None:
    # Types that were generated from the standard's own schema, closed: a key that it does not have is refused.
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

    empty = Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,))
    for item in (report, review, empty):
        # The generator was given the schema of a draft, which called this `state`.
        Sarif.model_validate_json(text(item).replace('"status": "accepted"', '"state": "accepted"'))


def test_level_is_given_only_to_what_failed(review: Report) -> None:
    # SARIF 2.1.0, 3.27.10: with any other kind than `fail` the level is `none`, and code scanning shows nothing.
    assert {(item["kind"], item["level"] == "none") for item in run(review)["results"]} == {("fail", False)}


def test_levels_follow_severity_and_verdict(review: Report) -> None:
    levels = {(item["ruleId"], item["properties"]["verdict"]): item["level"] for item in run(review)["results"]}

    assert levels == {
        ("NET005", "FAIL"): "error",
        ("NET004", "FAIL"): "warning",
        ("NET010", "FAIL"): "note",
        ("DAT003", "UNKNOWN"): "warning",
        ("STACKS", "UNKNOWN"): "note",
        ("SES001", "ERROR"): "error",
        ("SES001", "WAIVED"): "note",
    }


def test_rules_are_those_of_the_results(review: Report) -> None:
    found = run(review)
    rules = found["tool"]["driver"]["rules"]

    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in found["results"])
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules)


def test_security_score_is_for_security_alone(review: Report) -> None:
    scores = {
        rule["id"]: rule["properties"].get("security-severity") for rule in run(review)["tool"]["driver"]["rules"]
    }

    # 7.0 to 8.9 is high there, 4.0 to 6.9 medium, 0.1 to 3.9 low.
    assert 7.0 <= float(scores["NET005"]) <= 8.9
    assert 4.0 <= float(scores["DAT003"]) <= 6.9
    assert scores["AZ004"] is None


def test_every_place_has_a_file(report: Report, review: Report) -> None:
    # One without makes code scanning refuse the whole upload.
    for item in (report, review):
        found = list(places(run(item)))

        assert found
        assert all(place["physicalLocation"]["artifactLocation"]["uri"] for place in found)
        assert all(place["physicalLocation"]["region"]["startLine"] >= 1 for place in found)


def test_place_is_the_line_that_is_to_be_changed(review: Report) -> None:
    found = one(review, "NET005", "database")

    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "groups.tf"
    assert found["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 12


def test_names_of_files_are_uris(review: Report) -> None:
    relative = one(review, "SES001", "edge")["locations"][0]["physicalLocation"]["artifactLocation"]
    elsewhere = replace(DATABASE, origin=Origin("terraform-hcl", "/srv/infra/a b.tf", 1))
    results = tuple(replace(item, subject=elsewhere, path=()) for item in review.results if item.rule == "NET005")
    absolute = one(replace(review, results=results), "NET005", "database")["locations"][0]["physicalLocation"]

    assert relative == {"uri": "edge%20%231.tf", "uriBaseId": "%SRCROOT%"}
    assert absolute["artifactLocation"] == {"uri": "file:///srv/infra/a%20b.tf"}


@pytest.mark.parametrize("file", ["infra/\udcff.tf", None])
def test_names_that_are_no_text_do_not_cost_the_report(review: Report, file: str | None) -> None:
    subject = replace(DATABASE, name="\ud800", origin=Origin("terraform-hcl", file, 1, 'aws_db_instance.a["\ud800"]'))
    results = tuple(replace(item, subject=subject, path=()) for item in review.results if item.rule == "NET005")

    assert len(run(replace(review, results=results))["results"]) == len(results) == 1


def test_identity_outlives_a_move_of_lines(review: Report) -> None:
    prints = [[item["partialFingerprints"] for item in run(some)["results"]] for some in (review, moved(review, 40))]

    assert prints[0] == prints[1]


def test_identity_tells_instances_of_one_block_apart(review: Report) -> None:
    [failed] = [item for item in review.results if item.rule == "NET005"]
    origins = [Origin("terraform-hcl", "data.tf", 12, f"aws_db_instance.main[{index}]") for index in range(2)]
    subjects = [replace(DATABASE, id=str(origin.address), origin=origin) for origin in origins]
    results = tuple(replace(failed, subject=subject) for subject in subjects)
    prints = [item["partialFingerprints"] for item in run(replace(review, results=(*results, results[0])))["results"]]

    assert len({item["primaryLocationLineHash"] for item in prints}) == 3
    assert len({item["tierproofResult/v1"] for item in prints}) == 2


def test_path_is_the_code_flow(review: Report) -> None:
    [flow] = one(review, "NET005", "database")["codeFlows"]
    [thread] = flow["threadFlows"]
    told = [item["location"]["message"]["text"] for item in thread["locations"]]

    assert told == [f"{step.resource}: {step.fact}" for step in OPEN]
    assert [item["executionOrder"] for item in thread["locations"]] == [1, 2, 3]


def test_waiver_and_baseline(review: Report) -> None:
    waived = one(review, "SES001", "edge")

    assert [item["kind"] for item in waived["suppressions"]] == ["external"]
    assert waived["suppressions"][0]["justification"] == "moved to a cookie of the app"
    assert one(review, "NET005", "database")["baselineState"] == "new"
    assert one(review, "NET004", "cache")["baselineState"] == "unchanged"
    assert "suppressions" not in one(review, "NET005", "database")


def test_known_is_left_out_where_only_new_is_asked_for(review: Report) -> None:
    hiding = Comparison(Document("baseline", "old.json", "cd" * 32), hides=True)
    found = run(replace(review, comparison=hiding))["results"]

    assert not [item for item in found if item.get("baselineState") == "unchanged"]
    assert [item for item in review.results if item.baseline is Standing.KNOWN]


def test_nothing_judged_is_no_clean_run() -> None:
    found = run(Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,)))

    assert [item["level"] for item in found["results"]] == ["error"]
    assert found["invocations"][0]["executionSuccessful"] is False


def test_faults_found_are_a_successful_run(review: Report) -> None:
    invocation = run(replace(review, exit_codes=(1, 4)))["invocations"][0]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (True, 1)


def test_no_name_makes_a_link_in_a_message(review: Report) -> None:
    assert not [item for item in run(review)["results"] if "](" in item["message"]["text"]]


def test_no_more_results_than_are_taken(review: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_report, "MOST_RESULTS", 10)
    [low] = [item for item in review.results if item.rule == "NET010"]
    [worst] = [item for item in review.results if item.rule == "NET005"]
    many = [replace(low, subject=replace(low.subject, id=str(index), origin=None)) for index in range(15)]
    found = run(replace(review, results=(*many, worst)))

    assert len(found["results"]) == 10
    assert found["results"][0]["ruleId"] == "NET005"
    assert any("6 results" in item["message"]["text"] for item in found["invocations"][0]["toolExecutionNotifications"])


def test_limit_is_that_of_code_scanning() -> None:
    assert MOST_RESULTS == 25_000


def test_passes_are_no_results(review: Report) -> None:
    verdicts = {item["properties"]["verdict"] for item in run(review)["results"]}

    assert verdicts == {verdict.value for verdict in Verdict} - {"PASS", "NOT_APPLICABLE"}
    assert Severity.HIGH in {item.severity for item in review.results if item.verdict is Verdict.PASS}

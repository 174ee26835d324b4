"""The JSON report against its schema and its golden file."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from checker.model.blueprint import TIERS
from checker.model.finding import Severity, State, Verdict
from checker.model.record import Status
from checker.model.report import Report
from checker.report.format import formats
from checker.report.json_report import FORMAT, SCHEMA

GOLDEN = Path(__file__).parent / "golden"
DEFINITION = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


def written(report: Report) -> str:
    out = io.StringIO()
    FORMAT.write(report, out)
    return out.getvalue()


def objects(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def test_golden(report: Report) -> None:
    assert written(report) == (GOLDEN / "report.json").read_text(encoding="utf-8")


def test_report_is_what_the_schema_says(report: Report) -> None:
    Draft202012Validator.check_schema(DEFINITION)

    assert list(Draft202012Validator(DEFINITION).iter_errors(json.loads(written(report)))) == []


def test_empty_report_is_what_the_schema_says() -> None:
    empty = Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,))

    assert list(Draft202012Validator(DEFINITION).iter_errors(json.loads(written(empty)))) == []


@pytest.mark.parametrize(
    "change", [{"verdict": "OK"}, {"state": None}, {"more": 1}, {"missing": [{"fact": "a", "supply": ""}]}]
)
def test_schema_refuses_what_is_not_in_the_contract(report: Report, change: dict[str, object]) -> None:
    document = json.loads(written(report))
    failed = next(result for result in document["results"] if result["verdict"] == "FAIL")
    failed.update(change)

    assert not Draft202012Validator(DEFINITION).is_valid(document)


def test_schema_is_closed_and_every_key_is_always_there() -> None:
    for part in objects(DEFINITION):
        if part.get("additionalProperties") is not False:
            assert not part["properties"]
        else:
            assert part["required"] == list(part["properties"])


def test_keys_are_in_the_order_of_the_schema(report: Report) -> None:
    document, parts = json.loads(written(report)), DEFINITION["$defs"]

    assert list(document) == list(DEFINITION["properties"])
    for name, part in (("results", "result"), ("stacks", "stack"), ("rules", "rule"), ("coverage", "coverage")):
        assert list(document[name][0]) == list(parts[part]["properties"])


def test_enums_are_the_models() -> None:
    parts = DEFINITION["$defs"]

    assert parts["result"]["properties"]["verdict"]["enum"] == [item.value for item in Verdict]
    assert parts["result"]["properties"]["state"]["enum"] == [*(item.value for item in State), None]
    assert parts["severity"]["enum"] == [str(item) for item in Severity]
    assert parts["coverage"]["properties"]["status"]["enum"] == [item.value for item in Status]
    assert list(parts["stack"]["properties"]["tiers"]["properties"]) == list(TIERS)
    assert DEFINITION["properties"]["schema"]["const"] == SCHEMA


def test_order_of_tags_does_not_change_a_byte(report: Report) -> None:
    def turned(result: Any) -> Any:
        tags = dict(reversed(list(result.subject.tags.items())))
        return replace(result, subject=replace(result.subject, tags=tags))

    assert written(replace(report, results=tuple(map(turned, report.results)))) == written(report)


def test_icmp_has_a_type_and_no_port(report: Report) -> None:
    document = json.loads(written(report))
    witness = next(result["witness"] for result in document["results"] if result["rule"] == "NET004")

    assert (witness["port"], witness["icmp_type"], witness["family"]) == (None, 128, "ipv6")


def test_formats_are_found() -> None:
    assert {"json", "text"} <= set(formats())


def test_names_that_are_no_text_leave_a_report_that_can_be_read_again(report: Report) -> None:
    notes = written(replace(report, notes=("ed\udcff.tf", "\U0001f600 and \\ud800")))

    msgspec.json.decode(notes)  # which refuses halves of characters, as many readers do
    assert json.loads(notes)["notes"] == ["ed\ufffd.tf", "\U0001f600 and \\ud800"]

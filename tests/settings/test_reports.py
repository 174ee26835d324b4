"""Earlier reports: the ones that can be read, and what is said of the others."""

import io
import json
from pathlib import Path

import pytest

from checker.blueprints.files import File
from checker.errors import ConfigurationError
from checker.evaluate.baseline import as_past
from checker.report.json_report import FORMAT
from checker.settings.reports import is_report, parse_report
from tests.report.sample_report import sample_report


@pytest.fixture
def written() -> str:
    """Return a report as it is written."""
    out = io.StringIO()
    FORMAT.write(sample_report(), out)
    return out.getvalue()


def parse(content: str | bytes) -> object:
    return parse_report(File("old.json", content.encode() if isinstance(content, str) else content))


def test_report_is_read_as_it_was(written: str) -> None:
    assert parse(written) == as_past(sample_report())


def test_keys_that_a_later_version_adds_do_no_harm(written: str) -> None:
    document = json.loads(written) | {"later": 1}
    document["results"][0]["later"] = 1

    assert parse(json.dumps(document, sort_keys=True)) == as_past(sample_report())


def test_report_knows_itself(written: str, tmp_path: Path) -> None:
    sorted_ = json.dumps(json.loads(written), sort_keys=True)
    # Keys in another order, and the name across the border of two pieces.
    far = " " * ((1 << 20) - sorted_.index('"schema"') - 12) + sorted_
    plan = '{"format_version": "1.2", "planned_values": {}}'

    def knows(text: str) -> bool:
        file = tmp_path / "file.json"
        file.write_text(text, encoding="utf-8")
        return is_report(file)

    assert [knows(text) for text in (written, sorted_, far, plan)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("change", "what", "where"),
    [
        (lambda text: text[: len(text) // 2], "cut off", "old.json:"),
        (lambda text: text.replace('"schema":', "schema:", 1), "not valid JSON", "old.json:2"),
        (lambda text: text.replace("tierproof.report/1", "tierproof.report/2"), "which this version", "old.json"),
        (lambda text: text.replace("tierproof.report/1", "tierproof.path/1"), "and no report", "old.json"),
        (lambda _: "[]", "this is no report", "old.json"),
        (lambda _: '{"format_version": "1.2"}', "this is no report", "old.json"),
        (lambda _: '{"schema": "tierproof.report/1"}', "rules", "old.json"),
        (lambda text: text.replace('"verdict": "PASS"', '"verdict": "GOOD"'), "verdict", "old.json"),
        (lambda _: "", "cut off", "old.json:1"),
        (lambda _: b"\xff\xfe", "not UTF-8", "old.json:1"),
    ],
)
def test_what_is_no_report_is_refused(written: str, change: object, what: str, where: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(change(written))  # type: ignore[operator]  # a function of the text

    assert what in caught.value.what
    assert caught.value.where.startswith(where)

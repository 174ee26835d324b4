"""The difference of two reports as text and as JSON, against golden files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from checker.evaluate.difference import difference
from checker.model.difference import Difference
from checker.model.finding import Severity, State, Verdict
from checker.model.past import PastResult
from checker.report import diff_json, diff_text
from tests.evaluate.past_reports import past, report, side

GOLDEN = Path(__file__).parent / "golden"
FAIL, UNKNOWN, PASS = Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS


@pytest.fixture
def found() -> Difference:
    """Return a difference with every trend in it."""
    old = report(
        past(PASS, "db-1", "shop-db", file="data.tf", line=12),
        past(UNKNOWN, "db-2", message="who else reaches db-2 is not settled"),
        past(FAIL, "db-3", message="open to \x1b[31mall"),
        past(FAIL, "db-4", state=State.REACHABLE, severity="medium"),
        past(FAIL, "db-5", stack="s-2", message="open to the office"),
        past(FAIL, "db-6", file="old.tf", line=3),
        past(FAIL, "table", kind="table", rule="DAT002", severity="low", message="not encrypted"),
        past(PASS, "gone", kind="cache", rule="DAT002"),
        stacks=("s-1", "s-2"),
    )
    new = report(
        past(FAIL, "db-1", "shop-db", file="data.tf", line=14, state=State.LATENT, severity="medium"),
        past(FAIL, "db-2", message="db-2 is open to the world", state=State.REACHABLE),
        past(PASS, "db-3"),
        past(UNKNOWN, "db-4", message="who else reaches db-4 is not settled", severity="medium"),
        past(Verdict.WAIVED, "table", kind="table", rule="DAT002", severity="low", message="not encrypted"),
        past(UNKNOWN, "come", kind="file_system", rule="DAT002", message="whether come is encrypted", severity="low"),
        rules=("NET005", "DAT002", "AZ004"),
    )
    return difference("0.1.0", side(old), side(new, "infra/"))


def shown(found: Difference, width: int = 80) -> str:
    return diff_text.render(found, Console(file=io.StringIO(), width=width, markup=False, emoji=False, highlight=False))


def written(found: Difference) -> str:
    out = io.StringIO()
    diff_json.write(found, out)
    return out.getvalue()


def test_golden_text(found: Difference) -> None:
    assert shown(found) == (GOLDEN / "diff_80.txt").read_text(encoding="utf-8")


def test_golden_json(found: Difference) -> None:
    assert written(found) == (GOLDEN / "diff.json").read_text(encoding="utf-8")


def test_nothing_a_terminal_obeys_gets_through(found: Difference) -> None:
    assert "\x1b" not in shown(found)


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_but_the_last_is_wider_than_the_terminal(found: Difference, width: int) -> None:
    assert max(map(len, shown(found, width).splitlines()[:-1])) <= width


def test_summary_counts_what_is_listed(found: Difference) -> None:
    document = json.loads(written(found))

    trends = [one["trend"] for one in document["results"]]
    assert document["summary"] == {
        "new": trends.count("new"),
        "fixed": trends.count("fixed"),
        "open": trends.count("open"),
        "unseen": trends.count("unseen"),
        "changed": trends.count("changed"),
        "appeared": 1,
        "disappeared": 3,
        "exit_code": 1,
        "exit_codes": [1, 4],
    }


@pytest.mark.parametrize(
    ("new", "options", "word"),
    [
        (past(FAIL, severity="medium"), {"fail_on": Severity.HIGH}, "TOLERATED"),
        (past(UNKNOWN), {"allow_unknown": True}, "TOLERATED"),
        (past(UNKNOWN, counts=False), {}, "NOTHING NEW"),
        (past(PASS), {}, "NOTHING NEW"),
    ],
)
def test_what_is_new_and_tolerated_is_not_called_nothing(new: PastResult, options: dict[str, Any], word: str) -> None:
    found = difference("0.1.0", side(report(past(PASS))), side(report(new)), **options)

    assert found.exit_code == 0
    assert shown(found).splitlines()[-1].startswith(f"{word}: ")

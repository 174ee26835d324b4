"""Two reports side by side as JSON: the contract `tierproof.diff/1`, described in `docs/diff.md`."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from checker.model.difference import Difference, Pair, Side, Trend
from checker.model.past import PastSubject
from checker.report.json_parts import dump
from checker.report.json_standing import past_json, subject_json

SCHEMA = "tierproof.diff/1"


def write(found: Difference, out: TextIO) -> None:
    """Write the difference with two spaces of indent; equal reports give equal bytes."""
    dump(as_json(found), out)


def as_json(found: Difference) -> dict[str, object]:
    """Return the difference as JSON values."""
    counts = Counter(pair.trend for pair in found.pairs)
    return {
        "schema": SCHEMA,
        "tool": {"name": "tierproof", "version": found.version},
        "old": _side(found.old),
        "new": _side(found.new),
        "summary": {
            **{trend.value: counts[trend] for trend in Trend},
            "appeared": len(found.appeared),
            "disappeared": len(found.disappeared),
            "exit_code": found.exit_code,
            "exit_codes": list(found.exit_codes),
        },
        "results": [_pair(pair) for pair in found.pairs],
        "appeared": _subjects(found.appeared),
        "disappeared": _subjects(found.disappeared),
        "notes": list(found.notes),
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "path": side.path,
        "what": side.what,
        "sha256": side.sha256,
        "stacks": side.report.judged,
        "results": len(side.report.results),
    }


def _pair(pair: Pair) -> dict[str, object]:
    return {
        "trend": pair.trend.value,
        "rule": pair.shown.rule,
        "why": pair.why,
        "old": past_json(pair.old) if pair.old else None,
        "new": past_json(pair.new) if pair.new else None,
    }


def _subjects(subjects: tuple[PastSubject, ...]) -> list[dict[str, object]]:
    return [subject_json(subject) for subject in subjects]

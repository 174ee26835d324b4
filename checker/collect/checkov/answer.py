"""The answer of checkov: one report, several in a list, or nothing but counts where it found nothing to check.

Source: https://www.checkov.io/8.Outputs/JSON.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from checker.model.finding import Severity
from checker.model.peer import PeerFinding, PeerRun

_SEVERITIES = {
    "CRITICAL": Severity.HIGH,
    "HIGH": Severity.HIGH,
    "MEDIUM": Severity.MEDIUM,
    "MODERATE": Severity.MEDIUM,
    "LOW": Severity.LOW,
    "INFO": Severity.LOW,
}
_COUNTS = frozenset(("passed", "failed", "skipped"))


def parse(text: str, path: Path) -> PeerRun:
    """Return what an answer about `path` says; raises `ValueError` for what is none."""
    document = json.loads(text)
    reports = document if isinstance(document, list) else [document]
    findings: list[PeerFinding] = []
    unread: list[str] = []
    passed = skipped = 0
    for report in reports:
        found = _results(report)
        findings += (_finding(check, path) for check in _list(found, "failed_checks"))
        unread += (str(file) for file in _list(found, "parsing_errors"))
        passed += len(_list(found, "passed_checks"))
        skipped += len(_list(found, "skipped_checks"))
    once = dict.fromkeys(findings)
    return PeerRun("checkov", str(path), tuple(once), passed, skipped, tuple(_named(unread, path)))


def _results(report: object) -> Mapping[str, object]:
    """Return the results of one report; one that has only counts has none."""
    if not isinstance(report, Mapping):
        raise ValueError("no report of checkov")  # noqa: TRY004  # like every other answer that is none
    results = report.get("results")
    if isinstance(results, Mapping):
        return results
    if not report.keys() >= _COUNTS or report["failed"]:
        raise ValueError("a report without results")
    return {}


def _list(results: Mapping[str, object], key: str) -> Sequence[object]:
    found = results.get(key, [])
    if not isinstance(found, list):
        raise ValueError(f"{key} is no list")  # noqa: TRY004  # as above
    return found


def _finding(check: object, path: Path) -> PeerFinding:
    """Return one failed check; what it quotes of the code stays behind, since secrets may be in it."""
    if not isinstance(check, Mapping) or not check.get("check_id"):
        raise ValueError("a failed check without an id")
    lines = check.get("file_line_range")
    first = lines[0] if isinstance(lines, list) and lines else None
    return PeerFinding(
        check=_id(str(check["check_id"])),
        title=str(check.get("check_name") or check["check_id"]),
        address=str(check.get("resource_address") or check.get("resource") or ""),
        file=next(_named([str(check["file_path"])], path), None) if check.get("file_path") else None,
        # A plan has no lines: checkov gives 0.
        line=first if isinstance(first, int) and first > 0 else None,
        severity=_SEVERITIES.get(str(check.get("severity") or "").upper()),
        url=str(check.get("guideline") or ""),
    )


def _id(text: str) -> str:
    """Return a check's id as a report may have it: a team's own may be called anything."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", text)
    return plain if plain[:1].isalpha() else f"checkov_{plain}"


def _named(files: Sequence[str], path: Path) -> Iterator[str]:
    """Yield files as the user would name them; checkov begins them with a `/` at the folder that it was given."""
    for file in files:
        if not path.is_dir():
            yield path.as_posix()
        elif file.startswith(path.absolute().as_posix() + "/"):
            yield (path / Path(file).relative_to(path.absolute())).as_posix()
        else:
            yield (path / file.lstrip("/")).as_posix()

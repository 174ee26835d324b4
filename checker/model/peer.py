"""What another tool found in the same input, told beside our verdicts and never instead of them."""

from __future__ import annotations

from dataclasses import dataclass

from checker.model.finding import Severity


@dataclass(frozen=True)
class PeerFinding:
    """A check of another tool that fails on a resource; `severity` is None where the tool gives none.

    `file` is named as the input was, `line` is the first of the resource's block.
    """

    check: str
    title: str
    address: str
    file: str | None = None
    line: int | None = None
    severity: Severity | None = None
    url: str = ""


@dataclass(frozen=True)
class PeerRun:
    """One run of another tool on one path: what it found, or why it did not end well.

    `unread` are files that it could not read, `skipped` counts checks that comments in the code switch off, `unknown`
    counts values that are not known and that the tool was not told of.
    """

    tool: str
    path: str
    findings: tuple[PeerFinding, ...] = ()
    passed: int = 0
    skipped: int = 0
    unread: tuple[str, ...] = ()
    unknown: int = 0
    error: str = ""

"""Results in SARIF: message, place, identity across runs, path and suppression."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from checker.model.finding import Result, Standing, Step, Verdict
from checker.model.record import Origin
from checker.model.report import Report
from checker.model.waiver import Waiver
from checker.report.findings import full_name, one_line, place, subject_words
from checker.report.sarif_rules import LEVELS

ROOT = "%SRCROOT%"
# Code scanning reads 10,000 of a result and shows 1,000.
_MOST_STEPS = 1000
_BASELINE = {Standing.NEW: "new", Standing.KNOWN: "unchanged"}


@dataclass
class Numbering:
    """How often each identity was given: a second result with one is told apart by its number."""

    given: Counter[str] = field(default_factory=Counter)

    def next(self, identity: str) -> int:
        """Return 1 for the first result of an identity, 2 for the second."""
        self.given[identity] += 1
        return self.given[identity]


def as_result(result: Result, report: Report, indices: Mapping[str, int], numbering: Numbering) -> dict[str, object]:
    """Return one result; `indices` are the places of the rules in the run."""
    identity = fingerprint(result)
    found: dict[str, object] = {
        "ruleId": result.rule,
        **({"ruleIndex": indices[result.rule]} if result.rule in indices else {}),
        "kind": "fail",
        "level": _level(result),
        "message": {"text": _message(result)},
        "locations": [_location(place(result), result, report)],
        "partialFingerprints": {
            # The only one that code scanning looks at; its upload action would hash the lines around the place, which
            # is one hash for all instances of a block and another after every edit nearby.
            "primaryLocationLineHash": f"{identity[:16]}:{numbering.next(identity)}",
            "tierproofResult/v1": identity,
        },
    }
    if result.path:
        found["codeFlows"] = [_flow(result.path[:_MOST_STEPS], result, report)]
    subject = result.subject.origin
    if subject and subject.file and subject != place(result):
        found["relatedLocations"] = [{**_location(subject, result, report), "message": {"text": "the subject"}}]
    if result.waiver:
        found["suppressions"] = [_suppression(result.waiver)]
    if result.baseline:
        found["baselineState"] = _BASELINE[result.baseline]
    found["properties"] = {
        "verdict": result.verdict.value,
        "severity": str(result.severity),
        "state": result.state.value if result.state else None,
        "stack": result.stack,
        "key": result.key,
        "missing": [{"fact": item.fact, "supply": item.supply} for item in result.missing],
    }
    return found


def fingerprint(result: Result) -> str:
    """Return who a result is, in hexadecimal: rule, file and address, or rule and account, Region, kind and id.

    No line is part of it, so that an edit above a block does not make a new finding.
    """
    origin = result.subject.origin
    if origin is None or not origin.address:
        parts: Sequence[str] = (result.key,)
    else:
        parts = (result.rule, result.subject.kind, origin.file or "", origin.address, result.stack or result.root)
    return sha256(_bytes("\0".join(parts))).hexdigest()


def plain(text: str) -> str:
    """Return text for a message, in which no name of somebody's can make a link."""
    return one_line(text).replace("](", "]\\(")


def _level(result: Result) -> str:
    """Return how loud a result is.

    SARIF's word for UNKNOWN is the kind `open`, whose level must be `none`; code scanning knows no kinds and shows
    nothing that has no level. What could not be decided must be seen, so it is a warning.
    """
    if result.verdict is Verdict.ERROR:
        return "error"
    if result.verdict is Verdict.WAIVED:
        return "note"
    if result.verdict is Verdict.UNKNOWN:
        return "warning" if result.counts else "note"
    return LEVELS[result.severity]


def _message(result: Result) -> str:
    """Return the sentence that is shown alone where there is little room, and then the rest."""
    word = "" if result.verdict is Verdict.FAIL else f"{result.verdict.value}: "
    lines = [f"{word}{subject_words(result.subject)}: {result.message}."]
    lines += [f"Also: {line}." for line in result.also]
    lines += [f"Missing: {item.fact}. Supply: {item.supply}." for item in result.missing]
    lines += [f"Fix: {result.fix}"] if result.fix else []
    return "\n".join(map(plain, lines))


def _location(origin: Origin | None, result: Result, report: Report) -> dict[str, object]:
    return {
        "physicalLocation": _physical(origin, result, report),
        "logicalLocations": [
            {"name": one_line(str(result.subject)), "fullyQualifiedName": full_name(result.subject), "kind": "resource"}
        ],
    }


def _physical(origin: Origin | None, result: Result, report: Report) -> dict[str, object]:
    """Return file and line; what was read from an API stands in a file of its own name that is not there.

    Code scanning refuses a whole upload for one result without a file.
    """
    if origin is None or origin.file is None:
        scope = result.subject.scope
        parts = (report.source, scope.account, scope.region, result.subject.kind, str(result.subject))
        named = "/".join(quote(_bytes(part), safe="") for part in parts if part)
        return {"artifactLocation": {"uri": named}, "region": {"startLine": 1, "endLine": 1}}
    line = origin.line or 1
    return {"artifactLocation": _artifact(origin.file), "region": {"startLine": line, "endLine": line}}


def _artifact(file: str) -> dict[str, object]:
    """Return a file as a URI, relative to where tierproof was run unless it is absolute."""
    for path in (PurePosixPath(file), PureWindowsPath(file)):
        if path.is_absolute():
            return {"uri": path.as_uri()}
    return {"uri": quote(_bytes(PurePosixPath(file).as_posix())), "uriBaseId": ROOT}


def _bytes(text: str) -> bytes:
    """Return text as bytes; a name that is not UTF-8 has parts that are no characters, and must not cost the report."""
    return text.encode("utf-8", "surrogatepass")


def _flow(steps: Sequence[Step], result: Result, report: Report) -> dict[str, object]:
    """Return the path; a step that no file tells of stands at the place of the finding."""
    locations = [
        {
            "location": {
                "physicalLocation": _physical(
                    step.origin if step.origin and step.origin.file else place(result), result, report
                ),
                "logicalLocations": [{"name": step.resource, "kind": "resource"}],
                "message": {"text": plain(f"{step.resource}: {step.fact}")},
            },
            "executionOrder": number,
        }
        for number, step in enumerate(steps, 1)
    ]
    return {"threadFlows": [{"locations": locations}]}


def _suppression(waiver: Waiver) -> dict[str, object]:
    return {
        "kind": "inSource" if waiver.block else "external",
        "status": "accepted",
        "justification": plain(waiver.reason),
        "properties": {"owner": waiver.owner, "until": waiver.until.isoformat(), "place": waiver.place},
    }

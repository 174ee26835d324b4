"""
Tierproof's verdicts as checks of checkov: one check for each rule, which looks up what tierproof said of a resource.

checkov sees one resource at a time, and a tier is never kept by one; so nothing is judged here. The verdicts come from
a JSON report: of the file that TIERPROOF_REPORT names, or of one run of `tierproof check` on what checkov is given
(TIERPROOF_COMMAND is that command, TIERPROOF_PATH another path, TIERPROOF_TIMEOUT its seconds). They are found by the
address of the resource, in HCL and in plans.

Whatever keeps a verdict from us is a failed check: no report, one that cannot be read, a resource that it has never
heard of, UNKNOWN. checkov itself would take an error in a check for nothing to say.
Source: https://www.checkov.io/3.Custom%20Policies/Python%20Custom%20Policies.html
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

PREFIX = "TIERPROOF_"
SCHEMA = "tierproof.report/1"
# What the report says of no resource, such as a tier that is missing, is said of the stack's load balancer.
EDGES = ("aws_alb", "aws_lb")
DISCOVERY = "STACKS"
NOTHING_JUDGED, UNDECIDED = 3, 4
_SECONDS = 300.0
_WORST = ("ERROR", "FAIL", "UNKNOWN", "WAIVED", "PASS", "NOT_APPLICABLE")

Json = Mapping[str, object]


class UnreadableError(Exception):
    """The report is not there, or is none."""


def read_report(environment: Mapping[str, str], arguments: Sequence[str]) -> Json:
    """Return tierproof's report; raises `UnreadableError` with what to try."""
    file = environment.get("TIERPROOF_REPORT", "")
    try:
        text = Path(file).read_text(encoding="utf-8") if file else _run(environment, arguments)
        report = json.loads(text)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        source = file or "the answer of tierproof (TIERPROOF_COMMAND)"
        raise UnreadableError(f"{source} cannot be read: {type(error).__name__}: {error}") from error
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise UnreadableError(f"{file or 'the answer of tierproof'} is no {SCHEMA}: write it with --format json=FILE")
    return report


def _run(environment: Mapping[str, str], arguments: Sequence[str]) -> str:
    """Return what `tierproof check` answers on the folders and files that checkov was given."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-d", "--directory", nargs="*", action="extend", default=[])
    parser.add_argument("-f", "--file", nargs="*", action="extend", default=[])
    given, _ = parser.parse_known_args(arguments)
    told = environment.get("TIERPROOF_PATH", "")
    paths = [told] if told else [*given.directory, *given.file] or ["."]
    command = [*shlex.split(environment.get("TIERPROOF_COMMAND", "tierproof")), "check", "--quiet", "--format", "json"]
    seconds = float(environment.get("TIERPROOF_TIMEOUT", _SECONDS))
    done = subprocess.run(  # noqa: S603  # the command is the user's own
        [*command, "--", *paths], capture_output=True, check=False, encoding="utf-8", timeout=seconds
    )
    if not done.stdout:
        raise ValueError(done.stderr.strip()[-1000:] or f"exit code {done.returncode} and no answer")
    return done.stdout


class Verdicts:
    """A report by rule and address; `standing` are the addresses that it has read."""

    def __init__(self, report: Json) -> None:
        """Look at nothing but what is there; a part that is not as the contract says raises `UnreadableError`."""
        try:
            self.rules = [_mapping(rule) for rule in _list(report["rules"])]
            results = [_mapping(result) for result in _list(report["results"])]
            self.standing = frozenset(str(address) for address in _list(report["addresses"]))
            self.codes = list(_list(_mapping(report["summary"])["exit_codes"]))
            self._found = self._by_address(results)
        except (KeyError, TypeError) as error:
            raise UnreadableError(f"the report lacks {error}: write it with this version of tierproof") from error

    def _by_address(self, results: Iterable[Json]) -> Mapping[tuple[str, str], list[Json]]:
        found: dict[tuple[str, str], list[Json]] = defaultdict(list)
        homeless: list[Json] = []
        edges: dict[object, set[str]] = defaultdict(set)
        for result in results:
            address = _mapping(result["subject"])["address"]
            if not isinstance(address, str):
                homeless.append(result)
                continue
            found[str(result["rule"]), address].append(result)
            if _type_of(address) in EDGES and result["stack"] is not None:
                edges[result["stack"]].add(address)
        every = {address for address in self.standing if _type_of(address) in EDGES}
        for result in homeless:
            for address in edges.get(result["stack"]) or (every if result["rule"] != DISCOVERY else ()):
                found[str(result["rule"]), address].append(result)
        self._questions = [
            result for result in homeless if result["rule"] == DISCOVERY and _decides(result, self.codes)
        ]
        self._judged = frozenset(address for _, address in found)
        self._alike: dict[str, set[str]] = defaultdict(set)
        for address in self._judged | self.standing:
            self._alike[_bare(address)].add(address)
        return found

    def types(self, rule: Json) -> tuple[str, ...]:
        """Return the types that a rule's check is for: those the report names, and those it has results of."""
        id = str(rule["id"])
        seen = {_type_of(address) for found, address in self._found if found == id}
        return tuple(sorted({*map(str, _list(rule["terraform_types"])), *seen})) or EDGES

    def of(self, rule: str, address: str, members: Sequence[str]) -> tuple[CheckResult, list[str]]:
        """Return checkov's word for a verdict, and what to tell of it; each one of `members` has one if in a stack."""
        ours = self._ours(address)
        found = [result for one in sorted(ours) for result in self._found.get((rule, one), ())]
        if found:
            worst = min(found, key=lambda result: _WORST.index(str(result["verdict"])))
            return _word(worst, self.codes), [line for result in found for line in _told(result)]
        if _type_of(address) not in members:
            return CheckResult.UNKNOWN, []  # which checkov leaves out
        if not ours & self.standing:
            return CheckResult.FAILED, [f"tierproof's report has never heard of {address}: make it anew"]
        if not ours & self._judged and (self._questions or NOTHING_JUDGED in self.codes):
            lines = [line for result in self._questions for line in _told(result)]
            return CheckResult.FAILED, [f"tierproof did not judge {address}: it is in no stack that was found", *lines]
        return CheckResult.UNKNOWN, []

    def _ours(self, address: str) -> set[str]:
        """Return the addresses in the report that a resource has: its own, or those of all instances of its block.

        What `count` and `for_each` give is not known to everybody alike: a list of zones, say, has no names in HCL.
        """
        alike = self._alike.get(_bare(address), set())
        return {address} if address in alike else alike


def _word(result: Json, codes: Sequence[object]) -> CheckResult:
    verdict = result["verdict"]
    if verdict == "NOT_APPLICABLE":
        return CheckResult.UNKNOWN
    if verdict in ("PASS", "WAIVED"):
        return CheckResult.PASSED
    return CheckResult.FAILED if verdict != "UNKNOWN" or _decides(result, codes) else CheckResult.PASSED


def _decides(result: Json, codes: Sequence[object]) -> bool:
    """Tell whether an UNKNOWN is one that the run was not told to allow."""
    return result["verdict"] == "UNKNOWN" and bool(result["counts"]) and UNDECIDED in codes


def _told(result: Json) -> list[str]:
    """Return what a reader needs: the verdict, the path step by step, what is missing and the remedy."""
    lines = [f"{result['verdict']} {result['rule']}: {result['message']}"]
    for item in _list(result["path"]):
        step = _mapping(item)
        place = f" ({step['file']}:{step['line']})" if step["file"] else ""
        lines.append(f"path: {step['resource']}: {step['fact']}{place}")
    for item in _list(result["missing"]):
        missing = _mapping(item)
        lines.append(f"missing: {missing['fact']} (supply: {missing['supply']})")
    if result["fix"]:
        lines.append(f"fix: {result['fix']}")
    if result["waiver"]:
        waiver = _mapping(result["waiver"])
        lines.append(f"waived by {waiver['owner']} until {waiver['until']}: {waiver['reason']}")
    return lines


def _type_of(address: str) -> str:
    """Return the type in an address: `aws_lb` of `module.edge["a"].aws_lb.main[0]`."""
    parts = _bare(address).split(".")
    return parts[-2] if len(parts) > 1 else ""


def _bare(address: str) -> str:
    """Return an address without the keys of instances, which may hold dots and brackets themselves."""
    return re.sub(r"\[(?:\"(?:[^\"\\]|\\.)*\"|[^\]]*)\]", "", address)


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError(f"a list where {type(value).__name__} is")
    return value


def _mapping(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"a mapping where {type(value).__name__} is")
    return value


class Verdict(BaseResourceCheck):
    """One rule of tierproof."""

    def __init__(self, rule: Json, types: Sequence[str], verdicts: Verdicts) -> None:
        """Register the check: checkov's own classes do so when they are made."""
        self.rule, self.verdicts = str(rule["id"]), verdicts
        self.members = [str(name) for name in _list(rule["terraform_types"])]
        super().__init__(
            name=f"tierproof: {rule['title']}",
            id=f"{PREFIX}{self.rule}",
            categories=[CheckCategories.NETWORKING],
            supported_resources=list(types),
            guideline=str(rule["url"]) if rule["url"] else None,
        )

    def scan_resource_conf(self, conf: Mapping[str, object]) -> CheckResult:
        """Look the resource up; whatever goes wrong fails the check."""
        try:
            word, details = self.verdicts.of(self.rule, str(conf["__address__"]), self.members)
        except Exception as error:  # noqa: BLE001  # checkov would drop the check's answer in silence
            word, details = CheckResult.FAILED, [f"tierproof's report cannot be used: {type(error).__name__}: {error}"]
        self.details.extend(details)
        return word


class NoReport(BaseResourceCheck):
    """What stands for all rules where there is no report: it fails every resource of AWS."""

    def __init__(self, id: str, why: str) -> None:
        """Register the check under an id, with why there is no report."""
        self.why = why
        super().__init__(
            name="tierproof: the report of tierproof is there and can be read",
            id=id,
            categories=[CheckCategories.NETWORKING],
            supported_resources=["aws_*"],
        )

    def scan_resource_conf(self, conf: Mapping[str, object]) -> CheckResult:
        """Fail: nothing is known of the resource."""
        self.details.append(self.why)
        return CheckResult.FAILED


def checks(environment: Mapping[str, str], arguments: Sequence[str]) -> list[BaseResourceCheck]:
    """Return the checks, registered: one for each rule of the report, or those that say that there is none.

    An id that is asked for by name and is none of ours fails too: checkov would find nothing wrong.
    """
    asked = re.findall(rf"\b{PREFIX}[A-Z]+[0-9]*\b", " ".join((*arguments, environment.get("CKV_CHECK", ""))))
    try:
        verdicts = Verdicts(read_report(environment, arguments))
        found: list[BaseResourceCheck] = [Verdict(rule, verdicts.types(rule), verdicts) for rule in verdicts.rules]
        missing, why = set(asked) - {check.id for check in found}, "tierproof's report has no such rule"
    except Exception as error:  # noqa: BLE001  # checkov would leave the whole file out with a line in its log
        found, missing, why = [], {f"{PREFIX}REPORT", *asked}, str(error)
    return [*found, *(NoReport(id, why) for id in sorted(missing))]


CHECKS = checks(os.environ, sys.argv[1:])

"""JUnit XML for CI servers: a suite for each stack, a case for each rule and subject.

Source: https://github.com/windyroad/JUnit-Schema/blob/master/JUnit.xsd
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TextIO
from xml.etree import ElementTree

from checker.model.finding import Result, Step, Verdict
from checker.model.report import Report
from checker.report.findings import full_name, hidden, nothing_judged, one_line, place, rules_of, subject_words, unread
from checker.report.format import Format

_UNDECIDED = 4
# The schema wants a time, and a report from files has none.
_NO_TIME = "1970-01-01T00:00:00"


def write(report: Report, out: TextIO) -> None:
    """Write the suites in the order of the stacks; equal reports give equal bytes."""
    root = ElementTree.Element("testsuites")
    # By stack, since two may have one name.
    suites: dict[str, list[ElementTree.Element]] = defaultdict(list)
    called = {stack.id: f"{stack.root} {stack.name}".strip() for stack in report.stacks}
    names = _names(report)
    is_tolerated = _UNDECIDED not in report.exit_codes
    if message := nothing_judged(report):
        case = _case("tierproof.STACKS", "something was judged")
        _child(case, "error", "NOTHING JUDGED", message)
        suites["tierproof"].append(case)
    for result in report.results:
        case = _judged(result, names[result.key], is_tolerated=is_tolerated, is_known=hidden(result, report))
        suites[result.stack or result.root or str(result.subject.scope)].append(case)
    for index, (stack, cases) in enumerate(suites.items()):
        root.append(_suite(called.get(stack, stack), index, cases, report))
    ElementTree.indent(root)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(ElementTree.tostring(root, encoding="unicode"))
    out.write("\n")


def _names(report: Report) -> Mapping[str, str]:
    """Return the names of the cases by key: of those with one name GitLab shows the first, be it one that passes.

    Source: https://docs.gitlab.com/ci/testing/unit_test_reports/
    """
    rules = rules_of(report)
    short = {
        one.key: f"{rules[one.rule].name if one.rule in rules else one.rule}: {subject_words(one.subject)}"
        for one in report.results
    }
    often = Counter((one.rule, short[one.key]) for one in report.results)
    return {
        one.key: short[one.key]
        if often[one.rule, short[one.key]] == 1
        else f"{short[one.key]} ({full_name(one.subject)} in {one.stack or one.root or one.subject.scope})"
        for one in report.results
    }


def _suite(name: str, index: int, cases: Iterable[ElementTree.Element], report: Report) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite")
    properties = ElementTree.SubElement(suite, "properties")
    for key, value in (("source", report.source), ("version", report.version), ("exit_code", str(report.exit_code))):
        ElementTree.SubElement(properties, "property", name=key, value=one_line(value))
    suite.extend(cases)
    counts = {f"{kind}s": len(suite.findall(f"testcase/{kind}")) for kind in ("failure", "error")}
    said = {
        "name": one_line(name),
        "package": "tierproof",
        "id": str(index),
        "timestamp": (report.collected_at or _NO_TIME)[:19],
        "hostname": "localhost",
        "tests": str(len(suite.findall("testcase"))),
        **{key: str(value) for key, value in counts.items()},
        "skipped": str(len(suite.findall("testcase/skipped"))),
        "time": "0",
    }
    suite.attrib.update(said)
    ElementTree.SubElement(suite, "system-out").text = "\n".join(
        one_line(f"not read: {line}") for line in unread(report)
    )
    ElementTree.SubElement(suite, "system-err")
    return suite


def _judged(result: Result, name: str, *, is_tolerated: bool, is_known: bool) -> ElementTree.Element:
    """Return a case; only PASS has nothing in it, so that nothing else can look like it.

    UNKNOWN is a failure where it decides the exit code, and else skipped, as is what the baseline knows already.
    """
    case = _case(f"tierproof.{result.rule}", name)
    match result.verdict:
        case verdict if is_known:
            _child(case, "skipped", "", f"{verdict.value}, not new or not asked for: {result.message}")
        case Verdict.PASS:
            pass
        case Verdict.FAIL:
            _child(case, "failure", "FAIL", result.message, _text(result))
        case Verdict.UNKNOWN if result.counts and not is_tolerated:
            _child(case, "failure", "UNKNOWN", f"UNKNOWN: {result.message}", _text(result))
        case Verdict.UNKNOWN:
            _child(case, "skipped", "", f"UNKNOWN, tolerated: {result.message}")
        case Verdict.ERROR:
            _child(case, "error", "ERROR", result.message, _text(result))
        case Verdict.WAIVED:
            _child(case, "skipped", "", f"WAIVED{_waiver(result)}: {result.message}")
        case Verdict.NOT_APPLICABLE:
            _child(case, "skipped", "", f"not applicable: {result.message}")
    return case


def _case(group: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", classname=group, name=one_line(name), time="0")


def _child(case: ElementTree.Element, kind: str, type_: str, message: str, text: str = "") -> None:
    said = {"message": one_line(message), **({"type": type_} if type_ else {})}
    ElementTree.SubElement(case, kind, said).text = text or None


def _waiver(result: Result) -> str:
    if result.waiver is None:
        return ""
    waiver = result.waiver
    return f" until {waiver.until.isoformat()} by {waiver.owner} ({waiver.reason})"


def _text(result: Result) -> str:
    """Return what a reader of a failed case needs: severity, place, path, what is missing and the remedy."""
    where = place(result)
    lines = [f"{result.severity}{f', {result.state.value}' if result.state else ''}"]
    lines += [f"at {where.file}:{where.line or 1}"] if where else []
    lines += [f"also: {line}" for line in result.also]
    lines += [f"path: {_step(step)}" for step in result.path]
    lines += [f"missing: {item.fact} (supply: {item.supply})" for item in result.missing]
    lines += [f"fix: {result.fix}"] if result.fix else []
    return "\n".join(map(one_line, lines))


def _step(step: Step) -> str:
    where = f" ({step.origin.file}:{step.origin.line or 1})" if step.origin and step.origin.file else ""
    return f"{step.resource}: {step.fact}{where}"


FORMAT = Format("junit", write)

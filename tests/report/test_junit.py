"""JUnit XML: what CI servers count, and what XML can hold."""

import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from checker.evaluate.merging import merged
from checker.model.finding import Verdict
from checker.model.report import Report
from checker.report.junit_report import FORMAT

GOLDEN = Path(__file__).parent / "golden"
# Source: https://github.com/windyroad/JUnit-Schema/blob/master/JUnit.xsd
SUITE = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "time"}


def text(report: Report) -> str:
    out = io.StringIO()
    FORMAT.write(report, out)
    return out.getvalue()


def cases(report: Report) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(text(report))
    return {f"{case.get('classname')} {case.get('name')}": case for case in root.iter("testcase")}


def kinds(report: Report) -> dict[str, list[str]]:
    return {name: [child.tag for child in case] for name, case in cases(report).items()}


def test_golden(review: Report) -> None:
    assert text(review) == (GOLDEN / "review.xml").read_text(encoding="utf-8")


def test_suites_have_what_the_schema_wants(report: Report, review: Report) -> None:
    for item in (report, review):
        root = ElementTree.fromstring(text(item))

        assert (root.tag, root.attrib) == ("testsuites", {})
        for index, suite in enumerate(root):
            assert suite.attrib.keys() >= SUITE
            assert suite.get("id") == str(index)
            tags = [child.tag for child in suite]
            middle = tags[1:-2]
            assert (tags[0], tags[-2], tags[-1]) == ("properties", "system-out", "system-err")
            assert set(middle) == {"testcase"}
            assert all({"name", "classname", "time"} <= case.attrib.keys() for case in suite.iter("testcase"))


def test_counts_are_those_of_the_cases(review: Report) -> None:
    for suite in ElementTree.fromstring(text(review)):
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) > 0


def test_each_verdict(review: Report) -> None:
    found = kinds(review)

    assert found["tierproof.NET005 database-reachable-from-elsewhere: database shop-db"] == ["failure"]
    assert found["tierproof.AZ004 database-in-one-zone: database shop-db"] == []
    assert found["tierproof.AZ004 database-in-one-zone: cache shop-cache"] == ["skipped"]
    assert found["tierproof.DAT003 not-encrypted-in-transit: database shop-db"] == ["failure"]
    assert found["tierproof.SES001 session-not-sticky: edge shop"] == ["skipped"]


def test_only_what_passes_looks_like_it(review: Report) -> None:
    empty = [name for name, children in kinds(review).items() if not children]

    assert len(empty) == sum(result.verdict is Verdict.PASS for result in review.results)


def test_cases_of_two_roots_have_names_of_their_own(review: Report) -> None:
    # GitLab tells the cases of a job apart by class and name, and shows one of two that have the same.
    both = merged({"envs/dev": review, "envs/prod": review})
    suites = [suite.get("name") for suite in ElementTree.fromstring(text(both)) if len(suite.findall("testcase")) > 1]

    assert len(cases(both)) == len(both.results) == 2 * len(review.results)
    assert suites == ["envs/dev shop", "envs/prod shop"]


def test_unknown_that_is_allowed_is_skipped(review: Report) -> None:
    found = kinds(replace(review, exit_codes=(0,)))

    assert found["tierproof.DAT003 not-encrypted-in-transit: database shop-db"] == ["skipped"]


def test_nothing_judged_is_an_error() -> None:
    assert list(kinds(Report("0.1.0", "aws", (), (), (), (), (), (), (), exit_codes=(3,))).values()) == [["error"]]


def test_what_xml_cannot_hold_is_gone(review: Report) -> None:
    # XML 1.0, 2.2: no control characters but tab and line ends, no surrogates, neither U+FFFE nor U+FFFF.
    bad = "".join(map(chr, (0, 8, 11, 12, 14, 31, 127, 0xD800, 0xFFFE, 0xFFFF)))
    [failed] = [result for result in review.results if result.rule == "NET005"]
    odd = replace(failed, message=f"a{bad}b", subject=replace(failed.subject, name=f"x{bad}"))
    written = text(replace(review, results=(odd,)))

    assert ElementTree.fromstring(written.encode()) is not None
    assert not set(bad) & set(written)


def test_path_and_remedy_are_told(review: Report) -> None:
    case = cases(review)["tierproof.NET005 database-reachable-from-elsewhere: database shop-db"]
    told = "".join(case.itertext())

    assert "groups.tf:44" in told
    assert "sg-0d4e5f60: rule sgr-01 allows tcp 3306 from 0.0.0.0/0" in told
    assert "Delete rule sgr-01" in told

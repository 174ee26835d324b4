"""What another tool found, in our report: beside our verdicts, which stay as they are."""

import io
import json
from dataclasses import replace
from pathlib import Path

from jsonschema import Draft202012Validator

from checker.evaluate.peers import joined
from checker.model.finding import Severity, Verdict
from checker.model.peer import PeerFinding, PeerRun
from checker.model.record import Status
from checker.report.format import formats
from tests.report.sample_review import DATABASE, STACK, sample_review

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))
ADDRESS = "module.data.aws_db_instance.main"
PUBLIC = PeerFinding(
    "CKV_AWS_17", "Ensure RDS is not public", ADDRESS, "modules/data/main.tf", 12, None, "https://x.example"
)
BUCKET = PeerFinding("CKV_AWS_18", "Ensure access logging", "aws_s3_bucket.b", "infra/logs.tf", 4, Severity.HIGH)


def test_finding_about_our_subject_is_about_it() -> None:
    found = joined(sample_review(), [PeerRun("checkov", "infra", (PUBLIC,))])
    [result] = [one for one in found.results if one.rule == "CKV_AWS_17"]
    [rule] = [one for one in found.rules if one.id == "CKV_AWS_17"]

    assert (result.subject, result.stack) == (DATABASE, STACK)
    assert (result.verdict, result.severity) == (Verdict.FAIL, Severity.MEDIUM)
    assert (rule.source, rule.title) == ("checkov", "Ensure RDS is not public")


def test_finding_about_something_else_keeps_its_place() -> None:
    found = joined(sample_review(), [PeerRun("checkov", "infra", (BUCKET,))])
    [result] = [one for one in found.results if one.rule == "CKV_AWS_18"]

    assert result.subject.origin
    assert (result.subject.origin.file, result.subject.origin.line) == ("infra/logs.tf", 4)
    assert (result.stack, result.severity) == (None, Severity.HIGH)


def test_our_verdicts_stay_as_they_are() -> None:
    before = sample_review()
    after = joined(before, [PeerRun("checkov", "infra", (PUBLIC, BUCKET))])
    ours = {rule.id for rule in before.rules}

    assert tuple(one for one in after.results if one.rule in ours) == before.results
    assert len({one.key for one in after.results}) == len(after.results) == len(before.results) + 2


def test_what_two_runs_found_is_told_once() -> None:
    found = joined(sample_review(), [PeerRun("checkov", path, (PUBLIC, BUCKET)) for path in ("infra", "infra/data")])

    assert len({one.key for one in found.results}) == len(found.results)
    assert [one.id for one in found.rules].count("CKV_AWS_17") == 1


def test_address_in_two_roots_is_that_of_the_file() -> None:
    report = sample_review()
    [one] = [item for item in report.results if item.rule == "NET005"]
    elsewhere = replace(DATABASE, origin=replace(DATABASE.origin, file="b/main.tf"))  # type: ignore[type-var]  # it has one
    results = (replace(one, root="a", stack="a//x"), replace(one, root="b", stack="b//x", subject=elsewhere))
    run = PeerRun("checkov", ".", (replace(PUBLIC, file="b/main.tf"), replace(PUBLIC, check="CKV_AWS_16", file="c.tf")))
    found = {item.rule: item for item in joined(replace(report, results=results), [run]).results}

    assert found["CKV_AWS_17"].stack == "b//x"
    assert found["CKV_AWS_16"].stack is None


def test_run_that_failed_is_an_error_and_in_the_ledger() -> None:
    found = joined(sample_review(), [PeerRun("checkov", "infra", error="it took too long")])
    [result] = [one for one in found.results if one.rule == "CHECKOV"]
    [line] = [one for one in found.coverage if one.source == "checkov"]

    assert result.verdict is Verdict.ERROR
    assert "it took too long" in result.message
    assert (line.status, line.error) == (Status.FAILED, "it took too long")


def test_what_was_not_read_or_switched_off_is_told() -> None:
    found = joined(sample_review(), [PeerRun("checkov", "infra", unread=("infra/bad.tf",), skipped=2)])

    assert [one.item for one in found.coverage if one.status is Status.UNREADABLE][-1] == "infra/bad.tf"
    assert found.notes[-1] == "comments in infra switch 2 checks of checkov off"


def test_every_format_writes_it() -> None:
    runs = [PeerRun("checkov", "infra", (PUBLIC, BUCKET)), PeerRun("checkov", "plan.json", error="no answer")]
    report = joined(sample_review(), runs)
    for format in formats().values():
        out = io.StringIO()
        format.write(report, out)

        assert "CKV_AWS_17" in out.getvalue() or format.name == "github"
        if format.name == "json":
            assert list(Draft202012Validator(SCHEMA).iter_errors(json.loads(out.getvalue()))) == []

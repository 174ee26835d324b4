"""What a real checkov finds in an exported Pulumi program, and in the same resources written in HCL."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application

TWINS = Path(__file__).parent / "twins"
PROGRAM = (str(TWINS), "--from", "pulumi-program", "--python", sys.executable)
Findings = dict[tuple[str, str], str]


def findings(checkov: str, what: str, folder: Path) -> Findings:
    """Return PASS or FAIL by check and address; `what` is the option that names a folder or a plan."""
    framework = "terraform" if what.startswith("--directory") else "terraform_plan"
    options = [what, f"--framework={framework}", "--output=json", "--compact", "--skip-download"]
    done = subprocess.run([checkov, *options], cwd=folder, capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    found: Findings = {}
    for report in answer if isinstance(answer, list) else [answer]:
        for key, word in (("failed_checks", "FAIL"), ("passed_checks", "PASS")):
            for one in report["results"][key]:
                found[one["check_id"], one["resource_address"] or one["resource"]] = word
    return found


@pytest.mark.checkov
def test_program_is_found_as_its_twin_in_hcl_is(checkov: str, tmp_path: Path) -> None:
    plan, folder = tmp_path / "plan.json", tmp_path / "hcl"
    folder.mkdir()
    (folder / "main.tf").write_bytes((TWINS / "main.tf").read_bytes())
    done = CliRunner().invoke(application(), ["export", *PROGRAM, "--as", "terraform-plan", "--output", str(plan)])
    assert done.exit_code == 0, done.stderr
    exported = findings(checkov, f"--file={plan}", tmp_path)

    assert exported == findings(checkov, f"--directory={folder}", tmp_path)
    assert len(exported) > 150
    for check, name in (
        ("CKV_AWS_16", "aws_db_instance.bad"),  # encryption at rest
        ("CKV_AWS_17", "aws_db_instance.bad"),  # a public database
        ("CKV_AWS_24", "aws_security_group.open"),  # SSH from anywhere, told in a nested block
        ("CKV_AWS_25", "aws_security_group_rule.open"),  # RDP from anywhere
        ("CKV_AWS_20", "aws_s3_bucket.public"),  # told by another resource, that names it
        ("CKV2_AWS_5", "aws_security_group.open"),  # attached to nothing
        ("CKV_AWS_289", "aws_iam_policy.bad"),
        ("CKV_AWS_27", "aws_sqs_queue.bad"),
        ("CKV_AWS_31", "aws_elasticache_replication_group.bad"),
    ):
        assert exported[check, name] == "FAIL", (check, name)
    for check, name in (
        ("CKV_AWS_20", "aws_s3_bucket.good"),
        ("CKV2_AWS_6", "aws_s3_bucket.good"),
        ("CKV_AWS_145", "aws_s3_bucket.good"),
        ("CKV_AWS_79", "aws_instance.good"),  # a block that Pulumi flattens
        ("CKV_AWS_136", "aws_ecr_repository.good"),
        ("CKV2_AWS_5", "aws_security_group.edge"),
        # Its token is a secret: that it is set is known.
        ("CKV_AWS_31", "aws_elasticache_replication_group.good"),
    ):
        assert exported[check, name] == "PASS", (check, name)


@pytest.mark.checkov
def test_findings_are_told_at_the_lines_of_the_program(checkov: str) -> None:
    command = f"{checkov} --check CKV_AWS_17,CKV_AWS_24,CKV_AWS_150"
    arguments = ["check", *PROGRAM, "--with-checkov", "--checkov-command", command, "--format", "json", "--quiet"]
    report = json.loads(CliRunner().invoke(application(), arguments).stdout)
    lines = (TWINS / "__main__.py").read_text(encoding="utf-8").splitlines()
    found = {one["rule"]: one["subject"] for one in report["results"] if one["rule"].startswith("CKV_")}

    assert {rule: Path(subject["file"]).name for rule, subject in found.items()} == dict.fromkeys(
        ("CKV_AWS_150", "CKV_AWS_17", "CKV_AWS_24"), "__main__.py"
    )
    assert lines[found["CKV_AWS_17"]["line"] - 1] == "aws.rds.Instance("
    assert lines[found["CKV_AWS_24"]["line"] - 1] == "group = aws.ec2.SecurityGroup("
    assert found["CKV_AWS_17"]["address"] == "urn:pulumi:dev::twin::aws:rds/instance:Instance::bad"
    # Ours and theirs are about one thing.
    assert found["CKV_AWS_150"]["kind"] == "load_balancer"

"""What a real checkov finds in an exported Pulumi program, and in the same resources written in HCL."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from checker.cli.main import application

TWINS = Path(__file__).parent / "twins"
PROGRAM = (str(TWINS), "--from", "pulumi-program", "--python", sys.executable)
Findings = dict[tuple[str, str], str]
Change = Mapping[str, Any]


def export(*more: str) -> Result:
    """Return how the export of the program ended."""
    done = CliRunner().invoke(application(), ["export", *PROGRAM, "--as", "terraform-plan", *more])
    assert done.exit_code == 0, done.stderr
    return done


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
    export("--output", str(plan))
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


@pytest.fixture
def real(tmp_path: Path) -> Mapping[str, Change]:
    """Return what Terraform plans for each resource of the twin in HCL, by its address."""
    terraform, mirror = shutil.which("terraform"), os.environ.get("TF_PLUGIN_MIRROR", "")
    if terraform is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform, or a mirror of its AWS provider (TF_PLUGIN_MIRROR), is not here")
    shutil.copy(TWINS / "main.tf", tmp_path)
    settings = tmp_path / "terraform.rc"
    mirrored = f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    settings.write_text(f"{mirrored}disable_checkpoint = true\n", encoding="utf-8")
    skipped = ("skip_credentials_validation", "skip_requesting_account_id", "skip_metadata_api_check")
    alone = "".join(f"  {name} = true\n" for name in skipped)
    keys = '  access_key = "x"\n  secret_key = "x"\n'
    (tmp_path / "offline_override.tf").write_text(f'provider "aws" {{\n{alone}{keys}}}\n', encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TF_CLI_CONFIG_FILE": str(settings)}

    def run(*words: str) -> bytes:
        done = subprocess.run([terraform, *words], cwd=tmp_path, env=environment, check=True, capture_output=True)
        return done.stdout

    run("init", "-input=false")
    run("plan", "-input=false", "-refresh=false", "-out=saved")
    return changes(json.loads(run("show", "-json", "saved")))


def changes(plan: Mapping[str, Any]) -> Mapping[str, Change]:
    return {one["address"]: one["change"] for one in plan["resource_changes"]}


def differing(at: str, ours: Any, theirs: Any, our_mark: Any, their_mark: Any) -> Iterator[str]:
    """Yield the paths at which an exported value is not what a real plan has; marks say what is not known."""
    if their_mark is True:
        # In a set of which one item is not known nothing is.
        whole = our_mark if isinstance(our_mark, list) else [our_mark]
        if True not in whole:
            yield at
    elif isinstance(ours, dict) and isinstance(theirs, dict):
        marks = [one if isinstance(one, dict) else {} for one in (our_mark, their_mark)]
        for key in sorted({*ours, *marks[0]}):
            yield from differing(f"{at}.{key}", ours.get(key), theirs.get(key), marks[0].get(key), marks[1].get(key))
    elif isinstance(ours, list) and isinstance(theirs, list) and ours and isinstance(ours[0], dict):
        # Blocks are a set or a list; those here are told apart by their ports.
        both = [
            sorted(
                zip(blocks, marks or [{}] * len(blocks), strict=True), key=lambda pair: str(pair[0].get("from_port"))
            )
            for blocks, marks in ((ours, our_mark), (theirs, their_mark))
        ]
        for (one, mark), (other, other_mark) in zip(*both, strict=True):
            yield from differing(f"{at}[]", one, other, mark, other_mark)
    elif at.endswith("policy") and isinstance(ours, str) and ours.startswith("{"):
        if json.loads(ours) != json.loads(theirs):
            yield at
    elif ours != theirs or type(ours) is not type(theirs):
        yield at


@pytest.mark.terraform
def test_values_are_those_of_a_real_plan(real: Mapping[str, Change]) -> None:
    exported = changes(json.loads(export().stdout))
    found = {
        path
        for address, change in exported.items()
        for path in differing(
            address, change["after"], real[address]["after"], change["after_unknown"], real[address]["after_unknown"]
        )
    }

    assert exported.keys() == real.keys()
    assert sum(len(change["after"]) for change in exported.values()) > 90
    assert found == {
        # Secrets, which Terraform's plans have in the clear.
        "aws_db_instance.bad.password",
        "aws_elasticache_replication_group.good.auth_token",
        "aws_rds_cluster.bad.master_password",
        # What the two programs say differently: the code's file, and who manages the group.
        "aws_lambda_function.bad.filename",
        "aws_security_group.open.description",
    }


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

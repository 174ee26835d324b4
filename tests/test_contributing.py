"""CONTRIBUTING.md holds: its blocks, written into a copy of the package, are found, and do what it says they do."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+) file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TIERPROOF = "from checker.cli.main import run; run()"
SCOPE = {"account": "123456789012", "region": "us-east-1"}


def blocks() -> dict[str, str]:
    """Return the files that the guide tells to write, by path."""
    return {path: code for _, path, code in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package and of its rules' tests, with the files of the guide added."""
    root = tmp_path_factory.mktemp("contribution")
    plain = shutil.ignore_patterns("__pycache__")
    for folder in ("checker", "policies", "tests/rules"):
        shutil.copytree(ROOT / folder, root / folder, ignore=plain)
    for path in ("pyproject.toml", "tests/conftest.py"):
        if (ROOT / path).exists():
            shutil.copy(ROOT / path, root / path)
    for path, text in blocks().items():
        assert not (root / path).exists(), f"{path} exists: the guide needs another example"
        (root / path).write_text(text, encoding="utf-8")
    return root


def run(copy: Path, *arguments: str) -> str:
    """Return what Python prints, run in the copy."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_shows_one_of_each() -> None:
    folders = [str(Path(path).parent) for path in blocks()]

    assert folders == ["checker/rules", "tests/rules/cases", "checker/resources", "checker/collect", "checker/report"]


def test_the_files_the_guide_points_to_are_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_a_new_rule_is_listed_and_explained(copy: Path) -> None:
    listed = {rule["id"]: rule for rule in json.loads(run(copy, "-c", TIERPROOF, "rules", "--format", "json"))}

    assert listed["ORG001"]["name"] == "database-without-owner"
    assert "Tag the database with the team" in run(copy, "-c", TIERPROOF, "explain", "ORG001")


def test_the_cases_of_a_new_rule_are_run(copy: Path) -> None:
    told = run(copy, "-m", "pytest", "-p", "no:xdist", "tests/rules/test_cases.py", "-k", "ORG001")

    assert re.search(r"\b6 passed", told), told  # five cases, and the count of each verdict


def test_the_calls_of_a_new_kind_are_permitted_and_its_records_read(copy: Path) -> None:
    program = """
from checker.model.record import Collection, Origin, Record, Scope
from checker.resources.catalog import kinds
from checker.resources.elastic_address import ElasticAddress
from checker.resources.inventory import normalise

raw = {"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.9"}
record = Record("aws-api", "Address", Scope("123456789012", "us-east-1"), raw, Origin("test"))
inventory, unread = normalise(Collection("test", (record,)), kinds())
(address,) = inventory.all(ElasticAddress).items
print(address.address.is_("203.0.113.9").is_yes, address.interface.is_(None).is_yes, unread)
"""

    assert "ec2:DescribeAddresses" in run(copy, "-c", TIERPROOF, "permissions")
    assert run(copy, "-c", program).split() == ["True", "True", "()"]


def test_a_new_source_is_found_and_what_it_cannot_read_is_a_gap(copy: Path) -> None:
    vpc = {"type": "Vpc", **SCOPE, "raw": {"VpcId": "vpc-1"}}
    (copy / "records.jsonl").write_text(json.dumps(vpc) + "\n{broken\n", encoding="utf-8")
    program = """
import checker.collect
from checker._discover import declared
from checker.collect.source import SourceSpec
from checker.resources.catalog import kinds

sources = {spec.name: spec for _, spec in declared(checker.collect, "SOURCE", SourceSpec)}
found = sources["json-lines"].open("records.jsonl").collect(kinds())
print(sorted(sources), [record.type for record in found.records], "Vpc" in {gap.type for gap in found.gaps})
print([line.status.value for line in found.coverage])
"""

    told = run(copy, "-c", program).splitlines()

    assert told == ["['aws', 'json-lines'] ['Vpc'] True", "['ok', 'unreadable']"]


def test_a_new_format_writes_the_report(copy: Path) -> None:
    program = """
import sys
from checker.model.finding import Result, Severity, Subject, Verdict
from checker.model.record import Scope
from checker.model.report import Report
from checker.report.format import formats

subject = Subject("database", "shop-db", "shop-db", Scope("123456789012", "us-east-1"))
result = Result("NET005", Verdict.FAIL, Severity.HIGH, subject, "stack", "reachable\\nfrom eni-1")
report = Report("0", "test", (), (), (), (), (), (result,), ())
formats()["lines"].write(report, sys.stdout)
"""

    assert run(copy, "-c", program) == "FAIL\tNET005\tshop-db\treachable from eni-1\n"

"""A small program in HCL and as a plan, the report that tierproof gives of it, and checkov run on both."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.model.fact import Missing
from checker.model.finding import Result, Severity, Step, Subject, Verdict
from checker.model.record import Origin, Scope
from checker.model.report import Report, RuleView, StackView
from checker.report.json_report import as_json

CHECKS = Path(__file__).parents[2] / "policies" / "checkov"
HCL = """
resource "aws_lb" "shop" {
  load_balancer_type = "application"
}

resource "aws_db_instance" "main" {
  engine = "mysql"
}

resource "aws_db_instance" "spare" {
  engine = "mysql"
}

resource "aws_lb_listener" "http" {
  port = 80
}

resource "aws_lb_listener" "https" {
  port = 443
}

module "cache" {
  source = "./cache"
}
"""
CACHE = """
resource "aws_elasticache_cluster" "this" {
  for_each   = toset(["a", "b"])
  cluster_id = each.key
}
"""
ADDRESSES = (
    "aws_db_instance.main",
    "aws_db_instance.spare",
    "aws_lb.shop",
    'module.cache.aws_elasticache_cluster.this["a"]',
    'module.cache.aws_elasticache_cluster.this["b"]',
)
STACK = "/eu-west-1/aws_lb.shop"
HERE = Scope("", "eu-west-1")
PATH = (
    Step("internet", "anyone may open a connection"),
    Step("aws_security_group.db", "allows tcp 3306", Origin("t", "sg.tf", 4)),
)
DATA, CACHES, EDGE = ("aws_db_instance",), ("aws_elasticache_cluster",), ("aws_alb", "aws_lb")
RULES = tuple(
    RuleView(id, id.lower(), f"Rule {id}", Severity.HIGH, "https://docs.aws.amazon.com/vpc/", terraform_types=types)
    for id, types in (
        ("DAT003", DATA),
        ("EDG001", ()),
        ("NET004", CACHES),
        ("NET005", DATA),
        ("SES002", ()),
        ("STACKS", (*DATA, *CACHES, *EDGE)),
    )
)


def result(rule: str, verdict: Verdict, address: str | None, message: str = "told", **more: object) -> Result:
    """Return a verdict on an address, or on the stack."""
    subject = Subject("stack", STACK, "shop", HERE)
    if address:
        subject = Subject("thing", address, address, HERE, origin=Origin("terraform-hcl", "main.tf", 2, address))
    values: dict[str, object] = {"severity": Severity.HIGH, "stack": STACK, "subject": subject, **more}
    return Result(rule=rule, verdict=verdict, message=message, **values)  # type: ignore[arg-type]  # keywords of Result


RESULTS = (
    result("NET005", Verdict.FAIL, ADDRESSES[0], "the internet gets to tcp 3306", path=PATH, fix="Remove the rule."),
    result("DAT003", Verdict.UNKNOWN, ADDRESSES[0], missing=(Missing("var.tls", "give it"),)),
    result("EDG001", Verdict.FAIL, "aws_lb_listener.http"),
    result("STACKS", Verdict.PASS, ADDRESSES[2]),
    result("NET004", Verdict.PASS, ADDRESSES[3]),
    result("NET004", Verdict.FAIL, ADDRESSES[4], path=PATH),
    result("SES002", Verdict.FAIL, None, "shop has no session store"),
)
REPORT = Report(
    version="0.1.0",
    source="terraform-hcl",
    accounts=(),
    regions=("eu-west-1",),
    paths=(".",),
    stacks=(StackView(STACK, "aws_lb.shop", "shop", HERE, (), True, None, {}, {}),),
    rules=RULES,
    results=tuple(sorted(RESULTS, key=lambda one: one.key)),
    coverage=(),
    exit_codes=(1, 4),
    addresses=tuple(sorted(ADDRESSES)),
)


@dataclass(frozen=True)
class Answer:
    """What checkov said: exit code, and by check and address its word and details."""

    code: int
    words: Mapping[tuple[str, str], tuple[str, Sequence[str]]]

    def word(self, rule: str, address: str) -> str | None:
        """Return checkov's word of a rule and address, None where it said nothing."""
        return self.words.get((f"TIERPROOF_{rule}", address), (None,))[0]

    def details(self, rule: str, address: str) -> str:
        """Return what checkov passes on of ours."""
        return "\n".join(self.words[f"TIERPROOF_{rule}", address][1])


def write_program(folder: Path) -> Path:
    """Write the program and return its folder."""
    (folder / "infra" / "cache").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text(HCL, encoding="utf-8")
    (folder / "infra" / "cache" / "main.tf").write_text(CACHE, encoding="utf-8")
    return folder / "infra"


def write_plan(folder: Path) -> Path:
    """Write what `terraform show -json` gives of a first plan of the program, as far as checkov looks at it."""

    def planned(address: str, values: Mapping[str, object]) -> dict[str, object]:
        bare, _, key = address.partition("[")
        type_, name = bare.split(".")[-2:]
        index = {"index": key.strip('"]')} if key else {}
        return {
            "address": address,
            "mode": "managed",
            "type": type_,
            "name": name,
            **index,
            "values": values,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "schema_version": 0,
        }

    def changed(one: Mapping[str, object]) -> dict[str, object]:
        change = {"actions": ["create"], "before": None, "after": one["values"], "after_unknown": {}}
        return {**{key: value for key, value in one.items() if key != "values"}, "change": change}

    root = [planned(address, {"engine": "mysql"}) for address in ADDRESSES[:2]]
    root.append(planned(ADDRESSES[2], {"load_balancer_type": "application"}))
    inner = [planned(address, {"cluster_id": address[-3]}) for address in ADDRESSES[3:]]
    modules = [{"address": "module.cache", "resources": inner}]
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": root, "child_modules": modules}},
        "resource_changes": [changed(one) for one in (*root, *inner)],
        "configuration": {"root_module": {}},
    }
    file = folder / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    return file


def write_report(folder: Path, results: Sequence[Result] = REPORT.results, **changes: object) -> Path:
    """Write a report and return its file."""
    file = folder / "report.json"
    report = replace(REPORT, results=tuple(results), **changes)  # type: ignore[arg-type]  # fields of Report
    file.write_text(json.dumps(as_json(report)), encoding="utf-8")
    return file


def ask(checkov: str, where: Sequence[str], environment: Mapping[str, str], *options: str) -> Answer:
    """Run checkov with our checks and nothing else, and return what it says of them."""
    command = [checkov, *where, "--external-checks-dir", str(CHECKS), "--skip-download", "--output", "json", *options]
    framework = ["--framework", "terraform_plan" if where[0] == "-f" else "terraform"]
    own = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run([*command, *framework], env=own, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout, done.stderr
    answer = json.loads(done.stdout)
    if "results" not in answer:
        return Answer(done.returncode, {})
    found = [
        *answer["results"]["passed_checks"],
        *answer["results"]["failed_checks"],
        *answer["results"]["skipped_checks"],
    ]
    return Answer(
        done.returncode,
        {
            (one["check_id"], one.get("resource_address") or one["resource"]): (
                one["check_result"]["result"],
                one["details"],
            )
            for one in found
            if one["check_id"].startswith("TIERPROOF_")
        },
    )

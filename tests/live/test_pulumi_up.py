"""The product's own program brought up by the real Pulumi in an emulated AWS, and judged from every side.

What it takes, `pulumi`, its Python language host and its AWS plugin, is taken from PATH: `make e2e`.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from checker.model.finding import Verdict
from checker.model.report import Report
from tests.live.pulumi_shop import PACK, shop, told, verdicts

pytestmark = pytest.mark.pulumi


@dataclass(frozen=True)
class Variant:
    """A stack and what is set for it beside its file; `tiers` are those that it must have.

    `open_before` are the rules that a preview of the new stack cannot decide: the policy that lets the app use a table
    is one text with its ARN in it, and all that a preview tells of such a text is that it will be there.
    """

    name: str
    stack: str
    tiers: frozenset[str]
    settings: dict[str, str] = field(default_factory=dict)
    open_before: frozenset[str] = frozenset()


WITH_CACHE = frozenset({"edge", "app", "cache", "data", "files"})
WITH_TABLE = frozenset({"edge", "app", "table", "data", "files"})
# Aurora has no smaller instances of this family.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.html
AURORA = {"databaseEngine": "aurora", "databaseClass": "db.t4g.medium"}
TABLE = {"sessionStore": "table"}
# What a pack has to say of a resource: the level, then the policy, whose name begins with that of the rule.
VIOLATION = re.compile(r"\[(advisory|mandatory)\] +\[severity: \w+\] +([A-Z]+[0-9]+)-")
VARIANTS = (
    Variant("dev, RDS, cache", "dev", WITH_CACHE),
    Variant("dev, Aurora, table", "dev", WITH_TABLE, AURORA | TABLE, frozenset({"SES002"})),
    Variant("prod, RDS, table", "prod", WITH_TABLE, TABLE, frozenset({"SES002"})),
    Variant("prod, Aurora, cache", "prod", WITH_CACHE, AURORA),
)


def differences(reports: Mapping[str, Report], expected: Report) -> dict[str, dict[tuple[str, str, str], int]]:
    """Return the verdicts that some reports have more often (or, below zero, less often) than the expected one."""
    found = {}
    for name, report in reports.items():
        ours = verdicts(report)
        ours.subtract(verdicts(expected))
        found[name] = {verdict: count for verdict, count in ours.items() if count}
    return {name: counts for name, counts in found.items() if counts}


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_what_comes_up_is_what_the_program_declares(variant: Variant, tmp_path: Path) -> None:
    with shop(tmp_path, variant.stack, variant.settings) as pulumi:
        views = {"program": pulumi.judged()}
        new = pulumi.judged(pulumi.written("new.json", "preview", "--json"))
        said = pulumi.run("up", "--yes", "--policy-pack", str(PACK))
        account = pulumi.audited()
        views["state"] = pulumi.judged(pulumi.written("state.json", "stack", "export"))
        views["backend"] = pulumi.judged(pulumi.state())
        unchanged = pulumi.written("unchanged.json", "preview", "--json", "--show-sames")
        views["unchanged"] = pulumi.judged(unchanged)

        # Everything that holds data is protected: nothing goes before the stack says that it may.
        refusal = pulumi.run("destroy", "--yes", refuses=True)
        kept = pulumi.audited()
        for command in pulumi.run("stack", "output", "toDestroy").split(" && "):
            agreed = ["--yes", "--skip-preview"] if "config" not in command else []
            pulumi.run(*command.split()[1:], *agreed)
        left = pulumi.audited()

    assert told(account) == []
    tiers = [{tier for tier, members in stack.tiers.items() if members} for stack in account.stacks]
    assert tiers == [variant.tiers]
    assert differences(views, account) == {}
    assert {(result.rule, result.verdict) for result in told(new)} == {
        (rule, Verdict.UNKNOWN) for rule in variant.open_before
    }
    decided = Counter(
        {verdict: count for verdict, count in verdicts(new).items() if verdict[0] not in variant.open_before}
    )
    assert decided <= verdicts(account)
    before, after = said.split("Updating (")
    assert {rule for level, rule in VIOLATION.findall(before) if level == "advisory"} == variant.open_before
    assert [level for level, _ in VIOLATION.findall(before) if level != "advisory"] == []
    assert "tierproof@" in after
    assert VIOLATION.findall(after) == []
    assert set(json.loads(unchanged.read_text(encoding="utf-8"))["changeSummary"]) == {"same"}
    assert "protect" in refusal
    assert differences({"kept": kept}, account) == {}
    assert left.stacks == ()


@dataclass(frozen=True)
class Fault:
    """A text of one of the program's files, what it is changed to, and the policy that then refuses the stack."""

    name: str
    file: str
    text: str
    now: str
    policy: str


CACHE = "        if self.cache:\n"
OPEN_TO_WORLD = """        aws.vpc.SecurityGroupIngressRule(
            "hole",
            security_group_id=self.database.id,
            cidr_ipv4=EVERYWHERE,
            ip_protocol="tcp",
            from_port=DATABASE_PORT,
            to_port=DATABASE_PORT,
        )
"""
FAULTS = (
    Fault("the database is open to the world", "firewall.py", CACHE, OPEN_TO_WORLD + CACHE, "NET005"),
    Fault("no standby", "database.py", "multi_az=True", "multi_az=False", "AZ004"),
    Fault("metadata without a token", "app.py", 'http_tokens="required"', 'http_tokens="optional"', "APP001"),
)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_refused_before_anything_is_created(fault: Fault, tmp_path: Path) -> None:
    with shop(tmp_path, "dev", {}) as pulumi:
        file = pulumi.folder / "infra" / fault.file
        text = file.read_text(encoding="utf-8")
        assert fault.text in text
        file.write_text(text.replace(fault.text, fault.now, 1), encoding="utf-8")
        said = pulumi.run("up", "--yes", "--policy-pack", str(PACK), refuses=True)
        changes = pulumi.changes()

    assert {rule for level, rule in VIOLATION.findall(said) if level == "mandatory"} == {fault.policy}
    assert changes == []


# It says itself that it is of a shop: of the one resource that a policy is shown before it is made nothing else could.
TEMPLATE = """import pulumi_aws as aws

metadata = aws.ec2.LaunchTemplateMetadataOptionsArgs(http_tokens="optional")
aws.ec2.LaunchTemplate("app", metadata_options=metadata, tags={"tierproof:stack": "shop"})
"""


@pytest.mark.slow
def test_what_one_resource_decides_alone_is_refused_even_without_a_preview(tmp_path: Path) -> None:
    with shop(tmp_path, "dev", {}) as pulumi:
        (pulumi.folder / "infra/__main__.py").write_text(TEMPLATE, encoding="utf-8")
        said = pulumi.run("up", "--yes", "--skip-preview", "--policy-pack", str(PACK), refuses=True)
        changes = pulumi.changes()

    assert ("mandatory", "APP001") in VIOLATION.findall(said)
    assert changes == []

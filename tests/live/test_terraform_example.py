"""The documented stack in Terraform: judged as written, with one fault each, and as an apply really makes it."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest

from checker.app import Choices, audit, check, recognised
from checker.collect.aws.settings import LiveSettings
from checker.collect.source import Inputs
from checker.model.finding import Result, Verdict
from checker.model.report import Report

EXAMPLE = Path(__file__).parents[2] / "examples/terraform"
REGION = "eu-west-1"
AS_WRITTEN = Choices()
# What Terraform leaves in a folder that it was run in.
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", "*.tfstate*")


def judged(path: Path, **variables: str) -> Report:
    return check(recognised([path]), AS_WRITTEN, given=Inputs(variables=variables))


def told(report: Report) -> list[Result]:
    """Return the results that are not as they should be."""
    quiet = (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return [result for result in report.results if result.verdict not in quiet]


@pytest.mark.parametrize("store", ["cache", "table"])
def test_every_rule_passes_without_credentials_or_a_password(store: str) -> None:
    report = judged(EXAMPLE, session_store=store)

    assert told(report) == []
    assert report.exit_code == 0
    assert [bool(stack.tiers[store]) for stack in report.stacks] == [True]


def in_two_programs(folder: Path) -> tuple[Path, Path]:
    """Write the example as most companies have it: the network is a program of its own, with a state of its own."""
    network, rest = folder / "network", folder / "app"
    shutil.copytree(EXAMPLE, rest, ignore=LEFT_BEHIND)
    network.mkdir()
    shutil.move(rest / "network", network / "network")
    shutil.move(rest / "network.tf", network / "network.tf")
    for shared in ("variables.tf", "versions.tf"):
        shutil.copy(rest / shared, network)
    state = 'bucket = "states"\nkey = "network"\nregion = "eu-west-1"\n'
    outputs = [f'output "{name}" {{ value = module.network.{name} }}' for name in (*OF_THE_NETWORK, "vpc_id")]
    outputs += ['output "zones" { value = local.zones }', f'terraform {{ backend "s3" {{\n{state}}} }}']
    (network / "outputs.tf").write_text("\n".join(outputs))
    told = 'data "terraform_remote_state" "network" {\nbackend = "s3"\nconfig = {\n' + state + "}\n}\n"
    zones = "locals { zones = data.terraform_remote_state.network.outputs.zones }\n"
    (rest / "remote.tf").write_text(told + zones)
    for file in rest.glob("*.tf"):
        file.write_text(file.read_text().replace("module.network.", "data.terraform_remote_state.network.outputs."))
    return network, rest


OF_THE_NETWORK = ("public_subnet_ids", "app_subnet_ids", "data_subnet_ids")


def test_the_network_in_a_program_of_its_own_changes_no_verdict(tmp_path: Path) -> None:
    network, rest = in_two_programs(tmp_path)
    whole = judged(EXAMPLE)
    apart = check(recognised([network, rest]), AS_WRITTEN)

    assert told(apart) == []
    assert Counter((one.rule, one.verdict) for one in apart.results) == Counter(
        (one.rule, one.verdict) for one in whole.results
    )


def test_a_gateway_of_another_program_makes_a_subnet_public(tmp_path: Path) -> None:
    network, rest = in_two_programs(tmp_path)
    routes = network / "network" / "routes.tf"
    text = routes.read_text()
    inner, outer = "  route_table_id = aws_route_table.data.id", "  route_table_id = aws_route_table.public.id"
    assert inner in text
    routes.write_text(text.replace(inner, outer))

    assert {one.rule for one in told(check(recognised([network, rest]), AS_WRITTEN))} == {"NET009"}


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        # A variable may hold the id of the very group that the app wears.
        ("var.app_group", Verdict.UNKNOWN),
        ('"123456789012/${aws_security_group.app.id}"', Verdict.PASS),
        ("aws_security_group.files.id", Verdict.FAIL),
    ],
)
def test_a_group_that_a_rule_names_is_known_by_its_id_alone(tmp_path: Path, source: str, verdict: Verdict) -> None:
    root = tmp_path / "root"
    shutil.copytree(EXAMPLE, root, ignore=LEFT_BEHIND)
    (root / "group.tf").write_text('variable "app_group" {}\n')
    security = root / "security.tf"
    before, rule, after = security.read_text().partition('ingress_rule" "database_from_app"')
    security.write_text(before + rule + after.replace("aws_security_group.app.id", source, 1))

    found = {one.verdict for one in judged(root).results if one.rule == "NET007" and "myclothes-app -> " in str(one)}
    reached = {Verdict.PASS, verdict}
    assert found == reached


# One line each

DATABASES = (
    "aws_db_instance.main",
    'aws_db_instance.reader["eu-west-1 zone 2"]',
    'aws_db_instance.reader["eu-west-1 zone 3"]',
)
APP_SUBNETS = tuple(f'module.network.aws_subnet.app["eu-west-1 zone {zone}"]' for zone in (2, 3))
FROM_APP = "aws_vpc_security_group_ingress_rule.database_from_app"


@dataclass(frozen=True)
class Fault:
    """A line of a block, what it is changed to, and what then fails; `by` is the resource that the path leads to."""

    name: str
    file: str
    block: str
    line: str
    now: str
    rule: str
    subjects: tuple[str, ...]
    by: str = ""


FAULTS = (
    Fault(
        "the database is open to the world", "security.tf", FROM_APP,
        "referenced_security_group_id = aws_security_group.app.id", 'cidr_ipv4 = "0.0.0.0/0"', "NET005", DATABASES,
        FROM_APP,
    ),
    Fault(
        "the database is open to addresses", "security.tf", FROM_APP,
        "referenced_security_group_id = aws_security_group.app.id", 'cidr_ipv4 = "10.0.64.0/18"', "NET008", (FROM_APP,),
    ),
    Fault(
        "the database is open on other ports", "security.tf", FROM_APP,
        "from_port                    = 5432", "from_port = 22", "NET010", (FROM_APP,),
    ),
    Fault(
        "the load balancer is open on other ports", "security.tf", "aws_vpc_security_group_ingress_rule.edge_http",
        "from_port         = 80", "from_port = 22", "NET002", ("aws_lb.main",),
        "aws_vpc_security_group_ingress_rule.edge_http",
    ),
    Fault(
        "no standby", "database.tf", "aws_db_instance.main",
        "multi_az                  = true", "multi_az = false", "AZ004", ("aws_db_instance.main",),
    ),
    Fault(
        "a database in one subnet", "database.tf", "aws_db_subnet_group.main",
        "module.network.data_subnet_ids", "[module.network.data_subnet_ids[0]]", "AZ004", ("aws_db_instance.main",),
    ),
    Fault(
        "no read replica", "database.tf", "aws_db_instance.reader",
        "toset(slice(local.zones, 1, 3))", "toset([])", "DAT001", ("aws_db_instance.main",),
    ),
    Fault(
        "sessions that do not stick", "edge.tf", "aws_lb_target_group.app",
        "cookie_duration = 3600", "enabled = false", "SES001", ("aws_lb_target_group.app",),
    ),
    Fault(
        "metadata without a token", "app.tf", "aws_launch_template.app",
        '"required"', '"optional"', "APP001", ("aws_launch_template.app",),
    ),
    Fault(
        "one NAT gateway for all zones", "network/routes.tf", "aws_route.app",
        "aws_nat_gateway.this[each.key].id", "aws_nat_gateway.this[var.zones[0]].id", "AZ006", APP_SUBNETS,
    ),
    Fault(
        "old TLS", "edge.tf", "aws_lb_listener.https",
        "TLS13-1-2-2021-06", "2016-08", "EDG003", ("aws_lb_listener.https",),
    ),
)  # fmt: skip


def header(address: str) -> str:
    """Return how the block of an address begins."""
    type_, name = address.partition("[")[0].split(".")[-2:]
    return f'resource "{type_}" "{name}" {{'


def line_of(root: Path, address: str) -> tuple[str, int]:
    """Return the file and line at which the block of an address stands."""
    for file in root.rglob("*.tf"):
        lines = file.read_text(encoding="utf-8").splitlines()
        if header(address) in lines:
            return str(file), lines.index(header(address)) + 1
    raise AssertionError(address)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_one_line_breaks_one_rule_and_is_found(fault: Fault, tmp_path: Path) -> None:
    root = tmp_path / "stack"
    shutil.copytree(EXAMPLE, root, ignore=LEFT_BEHIND)
    before, begins, block = (root / fault.file).read_text(encoding="utf-8").partition(header(fault.block))
    body, ends, after = block.partition("\n}\n")
    assert fault.line in body
    body = body.replace(fault.line, fault.now)
    (root / fault.file).write_text(before + begins + body + ends + after, encoding="utf-8")

    results = told(judged(root))
    subjects = [result.subject for result in results]

    assert {(result.rule, result.verdict) for result in results} == {(fault.rule, Verdict.FAIL)}
    assert sorted(each.origin.address or "" for each in subjects if each.origin) == sorted(fault.subjects)
    assert all(
        (each.origin.file, each.origin.line) == line_of(root, each.origin.address or "")
        for each in subjects
        if each.origin
    )
    if fault.by:
        places = {(step.origin.file, step.origin.line) for step in results[0].path if step.origin}
        assert line_of(root, fault.by) in places


# As Terraform makes it


@dataclass(frozen=True)
class Terraform:
    """Terraform in a folder, against an emulated account behind HTTP."""

    program: str
    folder: Path
    address: str
    surroundings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, expect: int = 0) -> str:
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env={**self.surroundings},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == expect, done.stdout[-4000:] + done.stderr[-4000:]
        return done.stdout

    def show(self, name: str, *what: str) -> Path:
        """Write what Terraform shows as JSON to a file beside the program."""
        file = self.folder / name
        file.write_text(self.run("show", "-json", *what), encoding="utf-8")
        return file


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[Terraform]:
    """Yield Terraform in a copy of the example, which has been initialised."""
    program, mirror = shutil.which("terraform"), os.environ.get("TF_PLUGIN_MIRROR", "")
    if program is None or not mirror or not Path(mirror).is_dir():
        pytest.skip("terraform and a mirror of its AWS provider (TF_PLUGIN_MIRROR) are not here")
    folder, settings = tmp_path / "stack", tmp_path / "terraform.rc"
    shutil.copytree(EXAMPLE, folder, ignore=LEFT_BEHIND)
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    command = [sys.executable, "-m", "checker.demo.emulator.server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            made = Terraform(
                program,
                folder,
                address,
                {
                    "PATH": os.environ["PATH"],
                    "HOME": str(tmp_path),
                    "TF_CLI_CONFIG_FILE": str(settings),
                    "CHECKPOINT_DISABLE": "1",
                    "AWS_ENDPOINT_URL": address,
                    "AWS_ACCESS_KEY_ID": "emulated",
                    "AWS_SECRET_ACCESS_KEY": "emulated",
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "TF_VAR_database_password": "only-for-the-emulator",
                },
            )
            made.run("init", "-no-color")
            yield made
        finally:
            server.terminate()


def verdicts(report: Report) -> Counter[tuple[str, str, str]]:
    """Return how often each rule gave each verdict on each kind of subject, whose ids differ from source to source."""
    return Counter((result.rule, result.subject.kind, result.verdict.value) for result in report.results)


def live(address: str) -> Report:
    keys = {"AWS_ACCESS_KEY_ID": "emulated", "AWS_SECRET_ACCESS_KEY": "emulated", "AWS_EC2_METADATA_DISABLED": "true"}
    with patch.dict(os.environ, keys):
        return audit(LiveSettings(regions=(REGION,), endpoint_url=address), AS_WRITTEN)


@pytest.mark.terraform
def test_terraform_finds_the_example_valid_and_well_formed(terraform: Terraform) -> None:
    terraform.run("fmt", "-check", "-recursive")
    assert json.loads(terraform.run("validate", "-json"))["diagnostics"] == []


@pytest.mark.slow
@pytest.mark.terraform
def test_program_plan_state_and_account_have_the_same_verdicts(terraform: Terraform) -> None:
    program = verdicts(judged(EXAMPLE))
    terraform.run("plan", "-no-color", "-out=first")
    plan = verdicts(judged(terraform.show("plan.json", "first")))
    terraform.run("apply", "-no-color", "first")
    unchanged = terraform.run("plan", "-no-color", "-detailed-exitcode")
    state = verdicts(judged(terraform.show("state.json")))
    raw = verdicts(judged(terraform.folder / "terraform.tfstate"))
    account = live(terraform.address)
    unprotected = "-var=deletion_protection=false"
    terraform.run("apply", "-no-color", "-auto-approve", unprotected)
    terraform.run("destroy", "-no-color", "-auto-approve", unprotected)

    assert "No changes" in unchanged
    assert told(account) == []
    assert program == verdicts(account)
    assert state == verdicts(account)
    assert raw == verdicts(account)
    assert plan == verdicts(account)

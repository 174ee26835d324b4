"""Broken, hostile and mistaken Terraform inputs: one clear message, the right exit code, and no secret told."""

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application

FORMATS = ("text", "json", "sarif", "junit", "markdown", "github", "csv")
EXAMPLE = Path(__file__).parents[2] / "examples/terraform"
VPC = 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'
PLAN: Mapping[str, object] = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "planned_values": {"root_module": {}},
    "resource_changes": [],
    "configuration": {"root_module": {}},
}
STATE: Mapping[str, object] = {
    "version": 4,
    "terraform_version": "1.11.4",
    "serial": 1,
    "lineage": "x",
    "resources": [],
}


@dataclass(frozen=True)
class Done:
    """What the command ended with."""

    code: int
    out: str
    err: str

    @property
    def unread(self) -> dict[str, str]:
        """Return what the ledger of a JSON report says was not read, with the reason."""
        return {line["item"]: line["error"] for line in json.loads(self.out)["coverage"] if line["error"]}


def check(path: Path, *arguments: str) -> Done:
    result = CliRunner().invoke(application(), ["check", str(path), *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stdout + result.stderr
    return Done(result.exit_code, result.stdout, result.stderr)


def ledger(path: Path, *arguments: str) -> Done:
    return check(path, "--quiet", "--format", "json", *arguments)


def write(path: Path, content: str | bytes | Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Mapping):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(done: Done, code: int, *parts: str) -> None:
    """Assert that there is no report, and that the message holds each part."""
    assert (done.code, done.out) == (code, "")
    assert [part for part in parts if part not in done.err] == []


# Plans and states

REFUSED: Mapping[str, tuple[str, str | bytes | Mapping[str, object], tuple[str, ...]]] = {
    "empty": ("plan.json", "", ("plan.json", "nothing usable", "terraform show -json")),
    "zeros": ("plan.json", b"\0" * 1000, ("plan.json:1:1", "not JSON")),
    "zeros as a state": ("x.tfstate", b"\0" * 1000, ("x.tfstate", "nothing usable", "terraform show -json")),
    "no plan": ("plan.json", {"a": 1}, ("plan.json", "nothing usable", "terraform show -json")),
    "a list": ("plan.json", "[1, 2]", ("plan.json", "nothing usable", "terraform show -json")),
    "cut off": ("plan.json", json.dumps(PLAN)[:90], ("plan.json:1:", "the file is cut off", "terraform show -json")),
    "an old format": ("plan.json", {**PLAN, "format_version": "0.1"}, ("plan.json", "format 0.1", "Terraform 1.1")),
    "a new format": ("plan.json", {**PLAN, "format_version": "2.0"}, ("plan.json", "format 2.0", "update tierproof")),
    "another shape": ("plan.json", {**PLAN, "resource_changes": {}}, ("$.resource_changes", "terraform show -json")),
    "state 3": ("x.tfstate", {**STATE, "version": 3}, ("x.tfstate", "version 3", "terraform show -json")),
    "a later state": ("x.tfstate", {**STATE, "version": 5}, ("x.tfstate", "version 5", "terraform show -json")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plan_and_no_state_is_refused_with_a_remedy(name: str, tmp_path: Path) -> None:
    file, content, said = REFUSED[name]

    refused(check(write(tmp_path / file, content)), 3, "no audit was performed", *said)


def test_a_binary_plan_is_refused_with_the_command_that_shows_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "tfplan", "w") as archive:
        archive.writestr("tfplan", b"\0")

    refused(
        check(tmp_path / "tfplan"), 3, f"{tmp_path}/tfplan", "binary plan", "terraform show -json tfplan > plan.json"
    )


def test_a_plan_of_another_cloud_has_nothing_to_judge(tmp_path: Path) -> None:
    change = {"actions": ["create"], "before": None, "after": {"name": "a"}, "after_unknown": {"id": True}}
    network = {"address": "google_compute_network.a", "mode": "managed", "type": "google_compute_network", "name": "a"}
    done = check(write(tmp_path / "plan.json", {**PLAN, "resource_changes": [{**network, "change": change}]}))

    assert done.code == 3
    assert "nothing was judged" in done.err


@pytest.mark.parametrize("content", ["", 'resource "google_compute_network" "a" {\n  name = "a"\n}\n'])
def test_a_configuration_without_aws_has_nothing_to_judge(content: str, tmp_path: Path) -> None:
    done = check(write(tmp_path / "main.tf", content).parent)

    assert done.code == 3
    assert "nothing was judged" in done.err


def test_an_empty_folder_and_a_path_that_is_not_there(tmp_path: Path) -> None:
    refused(check(tmp_path), 3, f"{tmp_path}: nothing usable is there", ".tf")
    refused(check(tmp_path / "nowhere"), 2, f"{tmp_path}/nowhere: there is no such file or folder")
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    refused(check(tmp_path / "link.json"), 2, "link.json: there is no such file or folder")


# Options that do not fit

MISUSED: Mapping[str, tuple[int, str, tuple[str, ...], tuple[str, ...]]] = {
    "an unknown source": (2, "main.tf", ("--from", "terraform"), ("--from", "terraform-hcl")),
    "a folder as a plan": (3, "", ("--from", "terraform-plan"), ("there is no plan", "terraform show -json")),
    "a folder as a state": (3, "", ("--from", "terraform-state"), ("there is no state", "terraform show -json")),
    "a plan as a state": (3, "plan.json", ("--from", "terraform-state"), ("there is no state", "plan.json")),
    "a state as a plan": (3, "x.tfstate", ("--from", "terraform-plan"), ("there is no plan", "x.tfstate")),
    "a plan as HCL": (3, "plan.json", ("--from", "terraform-hcl"), ("no Terraform configuration", "plan.json", ".tf")),
    "a variable without a value": (2, "main.tf", ("--var", "x"), ("--var", "'x' gives no value", "NAME=VALUE")),
    "a value without a variable": (2, "main.tf", ("--var", "=1"), ("--var", "NAME=VALUE")),
    "a variable for a plan": (2, "plan.json", ("--var", "a=b"), ("--var", "plan.json is terraform-plan")),
    "no such file of values": (2, "main.tf", ("--var-file", "{}/no.tfvars"), ("no.tfvars", "no such file")),
    "a folder of values": (2, "main.tf", ("--var-file", "{}"), ("--var-file", "this is a folder")),
    "broken values": (2, "main.tf", ("--var-file", "{}/bad.tfvars"), ("bad.tfvars:2", "a value was expected")),
    "broken values in JSON": (2, "main.tf", ("--var-file", "{}/bad.tfvars.json"), ("bad.tfvars.json:1", "JSON")),
    "a program for a program": (2, "main.tf", ("--hcl", "{}"), ("--hcl", "main.tf is terraform-hcl")),
    "a program that is not there": (2, "plan.json", ("--hcl", "{}/no"), ("--hcl", "no such folder")),
    "a program that is another's": (2, "made.json", ("--hcl", "{}"), ("none of the resources", "the plan was made in")),
}


@pytest.mark.parametrize("name", MISUSED)
def test_options_that_do_not_fit_are_refused(name: str, tmp_path: Path) -> None:
    code, file, options, said = MISUSED[name]
    change = {"actions": ["create"], "before": None, "after": {"cidr_block": "10.0.0.0/16"}, "after_unknown": {}}
    made = {"address": "aws_vpc.b", "mode": "managed", "type": "aws_vpc", "name": "b", "change": change}
    write(tmp_path / "main.tf", VPC)
    write(tmp_path / "plan.json", PLAN)
    write(tmp_path / "made.json", {**PLAN, "resource_changes": [made]})
    write(tmp_path / "x.tfstate", STATE)
    write(tmp_path / "bad.tfvars", "a = 1\nb = = 2\n")
    write(tmp_path / "bad.tfvars.json", "{")

    refused(check(tmp_path / file, *(option.format(tmp_path) for option in options)), code, *said)


# Files that cannot be read


def test_a_broken_file_is_told_by_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path / "good.tf", VPC)
    write(tmp_path / "bad.tf", 'resource "aws_lb" "edge" {\n  name = "a" "b"\n}\nresource "aws_vpc" "other" {}\n')
    done = ledger(tmp_path)

    assert done.code == 4
    assert list(done.unread) == [f"{tmp_path}/bad.tf:2"]
    assert any(result["rule"] == "STACKS" for result in json.loads(done.out)["results"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0" * 1000, "a name was expected"),
        ('resource "aws_vpc" "x" {}\n'.encode("utf-16"), "not text in UTF-8"),
        (b"# note\n" * 1_600_000, "larger than 10 MB"),
        (b'resource "aws_vpc" "a" {}\nresource "aws_vpc" "a" {}\n', "declared twice"),
        (b'resource "aws_vpc" "a" {\n' + b"a {\n" * 5000 + b"}\n" * 5001, "nested too deeply"),
        (b'resource "aws_vpc" "a" {\n  cidr_block = ' + b"[" * 50_000 + b"]" * 50_000 + b"\n}\n", "nested too deeply"),
        (b'resource "aws_vpc" "a" {\n  cidr_block = ' + b"!" * 50_000 + b"true\n}\n", "nested too deeply"),
    ],
    ids=["zeros", "UTF-16", "huge", "twice", "deep blocks", "deep lists", "deep operators"],
)
def test_what_cannot_be_read_is_told_and_unknown(content: bytes, said: str, tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC)
    write(tmp_path / "bad.tf", content)
    done = ledger(tmp_path)

    assert done.code == 4
    assert [error for item, error in done.unread.items() if "bad.tf" in item and said in error]


def test_links_in_circles_and_out_of_the_tree_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside/secret.tf", 'resource "aws_vpc" "outside" {}\n')
    root = write(tmp_path / "root/main.tf", VPC).parent
    (root / "self").symlink_to(root)
    (root / "one.tf").symlink_to(root / "two.tf")
    (root / "two.tf").symlink_to(root / "one.tf")
    (root / "link.tf").symlink_to(outside)
    done = ledger(root)

    assert done.code == 4
    assert set(done.unread) == {f"{root}/{name}.tf" for name in ("one", "two", "link")}
    assert "outside of the repository" in done.unread[f"{root}/link.tf"]
    assert "aws_vpc.outside" not in done.out


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC)
    write(tmp_path / "closed.tf", VPC).chmod(0)

    assert "Permission denied" in ledger(tmp_path).unread[f"{tmp_path}/closed.tf"]


CIRCLES: Mapping[str, Mapping[str, str]] = {
    "itself": {"main.tf": 'module "a" {\n  source = "./"\n}\nmodule "b" {\n  source = "./."\n}\n' + VPC},
    "two": {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n' + VPC,
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\nmodule "c" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\nmodule "d" {\n  source = "../a"\n}\n',
    },
}


@pytest.mark.parametrize("name", CIRCLES)
def test_modules_that_call_each_other_end_at_once(name: str, tmp_path: Path) -> None:
    for file, content in CIRCLES[name].items():
        write(tmp_path / file, content)
    done = ledger(tmp_path)

    assert done.code == 4
    assert 0 < len(done.unread) < 8
    assert all("it calls itself" in error for error in done.unread.values())


def test_values_that_refer_to_themselves_are_unknown(tmp_path: Path) -> None:
    circle = 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_lb" "a" {\n  internal = local.a\n}\n'

    assert "refers to itself" in ledger(write(tmp_path / "main.tf", circle).parent).out


# As the platforms write it


def test_marks_and_line_ends_of_other_systems_and_letters_of_other_scripts_are_read(tmp_path: Path) -> None:
    lines = VPC + '# größe ✓\nresource "aws_security_group" "größe" {\n  name = "ключ ✓"\n}\n'
    write(tmp_path / "main.tf", b"\xef\xbb\xbf" + lines.replace("\n", "\r\n").encode())
    done = ledger(tmp_path)

    assert done.unread == {}
    assert [line["count"] for line in json.loads(done.out)["coverage"]] == [2]


@pytest.mark.parametrize(
    "content",
    [
        f'resource "aws_security_group" "a" {{\n  count = {10**9}\n  name = "g"\n}}\n',
        (
            'locals {\n  a = setproduct(range(1000), range(1000), range(1000))\n  b = format("%1000000000d", 1)\n}\n'
            'resource "aws_vpc" "a" {\n  cidr_block = "${length(local.a)}${local.b}${pow(10, 1000000)}"\n}\n'
        ),
        "locals {\n  a = ["
        + ", ".join(f'"10.{at // 250}.{at % 250}.0/24"' for at in range(10_000))
        + ']\n}\nresource "aws_security_group" "a" {\n  ingress {\n    cidr_blocks = local.a\n  }\n}\n',
        "locals {\n" + "".join(f"  a{at} = local.a{at + 1}\n" for at in range(20_000)) + "  a20000 = 1\n}\n"
        'resource "aws_vpc" "a" {\n  cidr_block = local.a0\n}\n',
    ],
    ids=["a thousand million", "values that swell", "ten thousand", "a long chain"],
)
def test_sizes_that_nobody_means_end_in_an_answer(content: str, tmp_path: Path) -> None:
    assert ledger(write(tmp_path / "main.tf", content).parent).code in (3, 4)


# What must not be done, and must not be told

RUNS: Mapping[str, Callable[[Path], str]] = {
    "an external program": lambda hit: f'data "external" "x" {{\n  program = ["touch", "{hit}"]\n}}\n',
    "a provisioner": lambda hit: (
        'resource "null_resource" "x" {\n  provisioner "local-exec" {\n    command = "touch ' + str(hit) + '"\n  }\n}\n'
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_nothing_in_the_tree_is_run(name: str, tmp_path: Path) -> None:
    root = write(tmp_path / "root/main.tf", VPC + RUNS[name](tmp_path / "hit")).parent

    assert ledger(root).code in (3, 4)
    assert not (tmp_path / "hit").exists()


@pytest.mark.parametrize(
    "expression",
    [
        'file("{}")',
        'file("../outside.txt")',
        'templatefile("../outside.txt", {{}})',
        'file("${{path.module}}/../outside.txt")',
        'file("link.txt")',
        'filebase64("{}")',
        'join(",", fileset("..", "*"))',
    ],
)
def test_files_outside_of_the_tree_are_not_read(expression: str, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.txt", "marker-of-a-file")
    root = tmp_path / "root"
    names = f'resource "aws_lb" "a" {{\n  name = "x-${{{expression.format(outside)}}}"\n}}\n'
    write(root / "main.tf", VPC + names)
    (root / "link.txt").symlink_to(outside)

    done = ledger(root)

    assert not [one for one in ("marker-of-a-file", "bWFya2Vy", "x-outside") if one in done.out + done.err]


SECRETS = """
variable "database_password" { sensitive = true }
variable "token" {
  sensitive = true
  default   = "MARK-default"
}
locals {
  script = "#!/bin/sh\\nexport PASSWORD=MARK-script"
}
provider "aws" {
  region     = "eu-west-1"
  secret_key = "MARK-key"
}
resource "aws_db_instance" "extra" {
  identifier              = "extra"
  engine                  = "postgres"
  instance_class          = "db.t3.small"
  username                = "MARK-user"
  password                = "MARK-password"
  multi_az                = "MARK-multi-az"
  backup_retention_period = var.token
  db_subnet_group_name    = aws_db_subnet_group.main.name
  vpc_security_group_ids  = [aws_security_group.database.id]
}
resource "aws_elasticache_replication_group" "extra" {
  replication_group_id = "extra"
  description          = "extra"
  auth_token           = "MARK-auth"
  subnet_group_name    = aws_elasticache_subnet_group.sessions[0].name
  security_group_ids   = [aws_security_group.cache[0].id]
}
resource "aws_instance" "extra" {
  user_data                   = local.script
  subnet_id                   = module.network.public_subnet_ids[0]
  vpc_security_group_ids      = [aws_security_group.app.id]
  associate_public_ip_address = true
}
resource "aws_launch_template" "extra" {
  user_data = base64encode("MARK-data")
}
resource "aws_security_group_rule" "extra" {
  type              = "ingress"
  security_group_id = aws_security_group.database.id
  protocol          = "tcp"
  from_port         = sensitive("MARK-port")
  to_port           = tonumber("MARK-number")
  cidr_blocks       = [var.token, "0.0.0.0/0"]
}
resource "aws_secretsmanager_secret_version" "extra" {
  secret_string = jsonencode({ password = "MARK-secret" })
}
"""


@pytest.mark.parametrize("format_", FORMATS)
def test_secrets_are_never_told(format_: str, tmp_path: Path) -> None:
    for file in EXAMPLE.rglob("*.tf"):
        if file.name not in ("versions.tf", "variables.tf") or file.parent != EXAMPLE:
            write(tmp_path / file.relative_to(EXAMPLE), file.read_bytes())
    variables = (EXAMPLE / "variables.tf").read_text(encoding="utf-8").replace('"database_password"', '"unused"')
    write(tmp_path / "variables.tf", variables)
    write(tmp_path / "extra.tf", SECRETS)
    write(tmp_path / "terraform.tfvars", 'database_password = "MARK-tfvars"\nstray = "MARK-stray"\n')
    done = check(tmp_path, "--format", format_, "--var", "token=MARK-option")
    told = done.out + done.err

    assert done.code == 1
    assert "aws_db_instance.extra" in told or "extra" in told
    assert [line for line in told.splitlines() if "MARK" in line] == []


def test_secrets_in_what_is_broken_are_not_told(tmp_path: Path) -> None:
    write(tmp_path / "main.tf", VPC + 'resource "aws_db_instance" "a" {\n  password = "MARK" oops\n}\n')
    write(tmp_path / "terraform.tfvars", 'password = "MARK" oops\n')
    done = ledger(tmp_path)

    assert len(done.unread) == 2
    assert "MARK" not in done.out + done.err


def test_secrets_of_a_plan_are_never_told(tmp_path: Path) -> None:
    after = {"identifier": "a", "engine": "postgres", "password": "MARK", "db_name": "MARK", "user_data": "MARK"}
    change = {"actions": ["create"], "before": None, "after": {**after, "engine_version": "MARK"}, "after_unknown": {}}
    change["after_sensitive"] = {"engine_version": True}
    made = {"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a", "change": change}
    plan = {**PLAN, "resource_changes": [made], "variables": {"token": {"value": "MARK"}}}
    write(tmp_path / "plan.json", plan)

    for format_ in FORMATS:
        done = check(tmp_path / "plan.json", "--format", format_, "--all-stacks")
        assert "MARK" not in done.out + done.err

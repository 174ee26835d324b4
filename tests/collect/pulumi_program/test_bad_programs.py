"""`tierproof check --from pulumi-program` on programs that do not come to their end: one message, the right code.

Each program is run for real. What endless, printing and forking programs do to the machine: test_enclosure.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application

PROJECT = "name: shop\nruntime: python\n"
pytest.importorskip("pulumi_aws")


@pytest.fixture
def how(refusal: str) -> tuple[str, ...]:
    """Return the option that a machine needs that does not let programs be shut in."""
    return ("--unsandboxed",) if refusal else ()


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


def check(folder: Path, program: str, *options: str, **files: str) -> Ended:
    folder.mkdir(exist_ok=True)
    (folder / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "__main__.py").write_text(program, encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    own = folder.parent / "temporary"
    own.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        # A folder for temporary files that no other process uses.
        patch.setattr(tempfile, "tempdir", str(own))
        result = CliRunner().invoke(application(), ["check", str(folder), "--from", "pulumi-program", "-q", *options])

    assert not list(own.iterdir())
    assert not (folder / "__pycache__").exists()
    assert "Traceback" not in result.stderr.partition("\n  ")[0]
    return Ended(result.exit_code, result.stdout, result.stderr)


def test_what_was_registered_before_an_error_is_judged_and_the_rest_is_unknown(
    tmp_path: Path, how: tuple[str, ...]
) -> None:
    program = """\
import pulumi_aws as aws
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
edge = aws.ec2.Subnet("edge", vpc_id=vpc.id, cidr_block="10.0.0.0/24")
aws.lb.LoadBalancer("web", load_balancer_type="application", subnets=[edge.id])
raise ValueError("out of " + "luck")
"""
    ended = check(tmp_path / "shop", program, "--format", "json", *how)
    report = json.loads(ended.out)
    [line] = [line for line in report["coverage"] if line["item"].startswith("shop/dev")]

    assert ended.code == 4
    assert {result["verdict"] for result in report["results"]} == {"UNKNOWN"}
    assert line["status"] == "failed"
    assert f"{tmp_path}/shop/__main__.py:5: ValueError: out of luck" in line["error"]
    assert 'raise ValueError("out of " + "luck")' in line["error"]
    assert any("out of luck" in note for note in report["notes"])


def test_configuration_that_is_absent_names_the_key_and_the_stack(tmp_path: Path, how: tuple[str, ...]) -> None:
    program = "import pulumi\npulumi.Config().require('domain')\n"
    ended = check(tmp_path / "shop", program, *how, Pulumi_prod_yaml="config: {aws:region: eu-west-1}\n")

    assert ended.code == 2
    assert ended.err == (
        f"tierproof: {tmp_path}/shop/__main__.py: the stack prod does not set shop:domain\n"
        "  pulumi config set domain VALUE --stack prod\n"
    )


def test_program_that_cannot_begin_is_read_as_nothing(tmp_path: Path, how: tuple[str, ...]) -> None:
    file = tmp_path / "shop" / "__main__.py"
    ended = check(tmp_path / "shop", "x = (\n", *how)

    assert ended.code == 3
    said = f"the program registers nothing: {file}:1: SyntaxError: '(' was never closed"
    assert ended.err.startswith(f"tierproof: no audit was performed: {file}: {said}")


@pytest.mark.sampled(one_in=2)
@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("print('so far')\n1 / 0\n", "__main__.py:2: ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(0)\n", "__main__.py:2: SystemExit: 0"),
        ("raise ValueError(object())\n", "__main__.py:1: ValueError: <object object>"),
        ("print('so far', flush=True)\nimport os\nos._exit(0)\n", "it ended with exit code 0 before its end"),
    ],
)
def test_program_that_ends_before_it_registers_anything_is_unknown(
    tmp_path: Path, how: tuple[str, ...], program: str, what: str
) -> None:
    ended = check(tmp_path / "shop", program, "--format", "json", "--allow-no-stack", *how)
    report = json.loads(ended.out)
    [line] = [line for line in report["coverage"] if line["status"] == "failed"]

    assert ended.code == 4
    assert [result["verdict"] for result in report["results"]] == ["UNKNOWN"]
    assert what in line["error"]


def test_program_that_does_not_end_says_where_it_was(tmp_path: Path, how: tuple[str, ...]) -> None:
    program = "import time\ntime.sleep(600)\n"
    ended = check(tmp_path / "shop", program, "--program-timeout", "2", "--format", "json", *how)
    [result] = json.loads(ended.out)["results"]

    assert ended.code == 4
    assert result["missing"][0]["supply"] == "--program-timeout gives it more than 2 seconds"
    assert "__main__.py:2: it was not done in time" in ended.out


def test_what_is_wrong_before_anything_is_run(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    cases: list[tuple[list[str], int, str]] = [
        (["--python", str(tmp_path / "nowhere")], 2, "there is no such interpreter"),
        (["--stack", "qa"], 2, "shop has no stack 'qa'"),
        (["--stack", "/"], 2, "a name is needed"),
        (["--stack-outputs", str(tmp_path / "nowhere")], 2, "there is no such file"),
        (["--stack-outputs", str(shop / "Pulumi.yaml")], 2, "it is no JSON"),
        (["--program-timeout", "0"], 2, "0 is not between"),
    ]
    for options, code, what in cases:
        ended = check(shop, "1 / 0\n", *options, Pulumi_dev_yaml="config: {}\n")
        assert (ended.code, what in ended.err) == (code, True), ended.err


def test_options_of_programs_are_not_ignored_in_silence(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_vpc" "main" {}\n', encoding="utf-8")
    for command in (["check", str(tmp_path)], ["diff", str(tmp_path), str(tmp_path)]):
        result = CliRunner().invoke(application(), [*command, "--stack", "dev"])
        assert result.exit_code == 2
        assert "--from pulumi-program" in result.stderr


def test_project_is_not_run_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "__main__.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    result = CliRunner().invoke(application(), ["check", str(tmp_path)])

    assert result.exit_code == 3
    assert "executed only on request, with --from pulumi-program" in result.stderr
    assert not (tmp_path / "ran").exists()

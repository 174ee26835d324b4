"""The command line as its users meet it: help, usage errors and exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import checker
import checker.cli
from checker._discover import declared
from checker.cli.command import Command, ending
from checker.cli.main import application
from checker.demo.emulator.embedded import embedded
from checker.demo.emulator.emulator import Emulator
from checker.errors import ConfigurationError, SourceError, UsageError

COMMANDS = [command for _, command in declared(checker.cli, "COMMAND", Command)]
HEAVY = ("boto3", "botocore", "moto", "networkx", "rich", "msgspec", "yaml", "checker.app", "checker.graph.graph")
BLUEPRINT = """
blueprint: mine
tiers: {edge: {kind: load_balancer, type: application}, app: {behind: edge}}
flows: [{from: internet, to: edge, ports: [80, 443]}]
"""


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), list(arguments))
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def aws() -> Iterator[Emulator]:
    """Yield an empty emulated account."""
    with embedded() as emulator:
        yield emulator


@pytest.fixture
def blueprint(tmp_path: Path) -> str:
    """Return the path of a small blueprint."""
    file = tmp_path / "mine.yaml"
    file.write_text(BLUEPRINT, encoding="utf-8")
    return str(file)


def test_commands_are_found() -> None:
    assert {"audit", "demo", "explain", "permissions", "rules"} <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_has_examples(command: Command) -> None:
    code, out, _ = run(command.name, "--help")

    assert code == 0
    assert "Examples:" in out
    assert f"tierproof {command.name}" in out.split("Examples:")[1]


def test_root_help_lists_the_exit_codes_and_an_example() -> None:
    code, out, _ = run("--help")

    assert code == 0
    assert "Exit codes:" in out
    assert "  tierproof audit --region eu-west-1" in out


def test_version() -> None:
    assert run("--version")[:2] == (0, f"tierproof {checker.__version__}\n")


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['tierproof', 'audit', '--help']\n"
        "from checker.cli.main import run\n"
        "try: run()\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(checker.__file__).parents[1],
    )

    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nothing",), "nothing"),
        (("audit", "--nothing"), "--nothing"),
        (("audit", "--fail-on", "enormous"), "enormous"),
        (("audit", "--format", "jsn"), "did you mean json"),
        (("audit", "--format", "json", "--format", "text"), "cannot go to one place"),
        (("audit", "--format", "json=/nowhere/at/all.json"), "there is no folder"),
        (("audit", "--format", "json="), "file's name is missing"),
        (("audit", "--region", "eu-west-1", "--all-regions"), "exclude each other"),
        (("audit", "--external-id", "x"), "--role-arn"),
        (("audit", "--select", "NOPE99"), "no rule is called 'NOPE99'"),
        (("audit", "--blueprint", "/nowhere.yaml"), "no such file"),
        (("check", ".", "--checkov-timeout", "5"), "are for --with-checkov"),
        (("check", ".", "--checkov-command", "mine"), "are for --with-checkov"),
        (("rules", "--ignore", "NOPE99"), "no rule is called 'NOPE99'"),
        (("explain", "NOPE99"), "no rule is called 'NOPE99'"),
    ],
)
def test_wrong_usage_is_two_with_one_message(arguments: tuple[str, ...], message: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_bad_blueprint_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(BLUEPRINT.replace("flows", "flow"), encoding="utf-8")
    code, out, err = run("audit", "--blueprint", str(file))

    assert (code, out) == (2, "")
    assert f"tierproof: {file}:4: unknown key 'flow'" in err


def test_empty_account_is_three_and_says_so(aws: Emulator, blueprint: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    wanted = ("--format", "text", "--format", f"json={file}")
    code, out, err = run("audit", "--region", "us-east-1", "--blueprint", blueprint, *wanted)

    assert code == 3
    assert out.splitlines()[-1].startswith("NOTHING JUDGED: ")
    assert "nothing was judged: no stack was found in us-east-1" in err
    assert json.loads(file.read_text(encoding="utf-8"))["summary"]["exit_code"] == 3


def test_empty_account_may_be_allowed(aws: Emulator, blueprint: str) -> None:
    code, out, err = run("audit", "--region", "us-east-1", "--blueprint", blueprint, "--allow-no-stack", "--quiet")

    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("TOLERATED: ")


def test_denied_account_was_not_audited(aws: Emulator, blueprint: str) -> None:
    aws.deny_except(set())
    code, out, err = run("audit", "--region", "us-east-1", "--blueprint", blueprint)

    assert (code, out) == (3, "")
    assert err.startswith("tierproof: no audit was performed: ")


def test_two_audits_are_the_same_bytes(aws: Emulator, blueprint: str) -> None:
    arguments = ("audit", "--region", "us-east-1", "--blueprint", blueprint, "--format", "json")

    assert run(*arguments) == run(*arguments)


def test_permissions_are_a_policy() -> None:
    code, out, _ = run("permissions")
    statement = json.loads(out)["Statement"][0]

    assert code == 0
    assert "elasticloadbalancing:DescribeLoadBalancers" in statement["Action"]
    assert not [
        action for action in statement["Action"] if action.split(":")[1].startswith(("Create", "Put", "Delete"))
    ]


def test_rules_as_json() -> None:
    code, out, _ = run("rules", "--format", "json")

    assert code == 0
    assert isinstance(json.loads(out), list)


def interrupted() -> int:
    raise KeyboardInterrupt


def failing(error: Exception) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UsageError("what", where="here", hint="try"), 2, "tierproof: here: what\n  try\n"),
        (ConfigurationError("what"), 2, "tierproof: what\n"),
        (SourceError("what"), 3, "tierproof: no audit was performed: what\n"),
        (UsageError("a\n::error::\x1b[31m", hint="b\nc"), 2, "tierproof: a ::error:: [31m\n  b c\n"),
        (ValueError("oops"), 3, "tierproof: no audit was performed: internal error: ValueError: oops\n"),
    ],
)
def test_errors_are_one_message(error: Exception, code: int, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(lambda: failing(error)) == code
    assert capsys.readouterr().err.startswith(message)


def test_interrupt_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(interrupted) == 130
    assert capsys.readouterr() == ("", "")


def test_reader_that_went_away_is_quiet() -> None:
    program = (
        "import sys\n"
        "from checker.cli.command import ending\n"
        "sys.exit(ending(lambda: [print('x' * 1000) for _ in range(1000)] and 0))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(checker.__file__).parents[1],
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()

    assert (process.returncode, told) == (141, b"")


def test_a_role_that_cannot_be_assumed_is_a_message_without_a_traceback() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_CONFIG_FILE": os.devnull}
    options = ["--region", "us-east-1", "--role-arn", "short", "--endpoint-url", "http://127.0.0.1:9"]
    program = "from checker.cli.main import run; run()"

    done = subprocess.run(
        [sys.executable, "-c", program, "audit", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(checker.__file__).parents[1],
        env={**os.environ, **keys},
    )

    assert done.returncode == 3
    assert "the role could not be assumed" in done.stderr
    assert "Traceback" not in done.stderr

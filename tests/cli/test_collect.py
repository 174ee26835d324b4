"""`tierproof collect`: a snapshot on disk, or a refusal before anything is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checker.cli.main import application
from checker.demo.account import session_in
from checker.demo.emulator.embedded import embedded

REGION = "us-east-1"


@pytest.fixture
def account() -> Iterator[None]:
    """Yield while an emulated account with one instance that has user data answers."""
    with embedded(REGION):
        ec2 = session_in(REGION).client("ec2")
        ec2.create_launch_template(
            LaunchTemplateName="web", LaunchTemplateData={"UserData": "cGxhbnRlZA==", "InstanceType": "t3.micro"}
        )
        yield


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(application(), list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_snapshot_is_written_and_told(account: None, tmp_path: Path) -> None:
    code, out, err = run("collect", "--to", str(tmp_path / "snap"), "--region", REGION)

    assert (code, out) == (0, "")
    assert "123456789012/us-east-1" in err
    assert (tmp_path / "snap" / "manifest.json").is_file()
    content = b"".join(path.read_bytes() for path in (tmp_path / "snap").rglob("*") if path.is_file())
    assert b"t3.micro" in content
    assert b"cGxhbnRlZA==" not in content


def test_quiet_says_nothing(account: None, tmp_path: Path) -> None:
    assert run("collect", "--to", str(tmp_path / "snap"), "--region", REGION, "--quiet") == (0, "", "")


def test_snapshot_of_an_empty_account_is_checked(account: None, tmp_path: Path) -> None:
    run("collect", "--to", str(tmp_path / "snap"), "--region", REGION)

    code, _, err = run("check", str(tmp_path / "snap"), "--format", "json")

    assert code == 3
    assert "nothing was judged: no stack was found in us-east-1" in err


def test_other_folders_are_refused_before_any_call(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("a")

    # No account answers here: a call would end with 3.
    code, _, err = run("collect", "--to", str(tmp_path / "mine"), "--region", REGION)

    assert code == 2
    assert "a.txt" in err


def test_options_that_exclude_each_other(tmp_path: Path) -> None:
    code, _, err = run("collect", "--to", str(tmp_path / "snap"), "--region", REGION, "--all-regions")

    assert code == 2
    assert "exclude each other" in err

"""`tierproof init` writes files that work as they are, and never loses one that is there."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from checker.blueprints.load import load, shipped
from checker.cli.main import application
from checker.starters.starter import starters


def init(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["init", *arguments])
    return result.exit_code, result.stdout + result.stderr


def test_without_names_it_tells_what_there_is_and_writes_nothing(tmp_path: Path) -> None:
    code, out = init("--into", str(tmp_path))

    assert code == 0
    assert all(name in out for name in starters())
    assert not list(tmp_path.iterdir())


def test_the_chosen_ones_are_written(tmp_path: Path) -> None:
    code, out = init("github", "waivers", "--into", str(tmp_path))

    assert code == 0
    assert {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()} == {
        ".github/workflows/tierproof.yml",
        "tierproof-waivers.yaml",
    }
    assert "pin" in out  # what is left to do is told


def test_a_file_that_is_there_stays_and_nothing_else_is_written(tmp_path: Path) -> None:
    (tmp_path / "tierproof.toml").write_text("mine", encoding="utf-8")
    code, out = init("waivers", "settings", "--into", str(tmp_path))

    assert code == 2
    assert "tierproof.toml" in out
    assert [file.name for file in tmp_path.iterdir()] == ["tierproof.toml"]
    assert (tmp_path / "tierproof.toml").read_text(encoding="utf-8") == "mine"


def test_force_replaces(tmp_path: Path) -> None:
    (tmp_path / "tierproof.toml").write_text("mine", encoding="utf-8")

    assert init("settings", "--into", str(tmp_path), "--force")[0] == 0
    assert (tmp_path / "tierproof.toml").read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize("arguments", [("nonsense",), ("github", "--into", "not/there")])
def test_what_cannot_be_meant_is_told(arguments: tuple[str, ...]) -> None:
    code, out = init(*arguments)

    assert code == 2
    assert "Traceback" not in out


@pytest.mark.parametrize("options", [(), ("--force",)])
@pytest.mark.parametrize("in_the_way", [".github", ".github/workflows/tierproof.yml/x"])
def test_what_stands_in_the_way_is_told_before_anything_is_written(
    tmp_path: Path, in_the_way: str, options: tuple[str, ...]
) -> None:
    (tmp_path / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / in_the_way).write_text("", encoding="utf-8")

    assert init("settings", "github", "--into", str(tmp_path), *options)[0] == 2
    assert not (tmp_path / "tierproof.toml").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (tmp_path / "tierproof.toml").symlink_to(outside)

    assert init("settings", "--into", str(tmp_path))[0] == 2
    assert init("settings", "--into", str(tmp_path), "--force")[0] == 0
    assert not outside.exists()
    assert (tmp_path / "tierproof.toml").is_file()


def test_the_blueprint_is_the_default_one(tmp_path: Path) -> None:
    init("blueprint", "--into", str(tmp_path))
    file = tmp_path / "tierproof-blueprint.yaml"

    assert file.read_text(encoding="utf-8") == shipped().read_text(encoding="utf-8")
    assert load(file, {"EDG002"})[0].blueprint == "three-tier-web"


@pytest.mark.parametrize("name", [name for name, one in starters().items() if one.path.endswith((".yml", ".yaml"))])
def test_yaml_starters_are_yaml(name: str) -> None:
    assert isinstance(yaml.safe_load(starters()[name].text()), dict | list)


def test_gitlab_job_judges_by_the_latest_of_the_target_branch(tmp_path: Path) -> None:
    def git(folder: Path, *arguments: str) -> str:
        person = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        done = subprocess.run(["git", *person, *arguments], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    (tmp_path / "origin").mkdir()
    git(tmp_path / "origin", "init", "-q", "-b", "trunk")
    git(tmp_path / "origin", "commit", "-q", "--allow-empty", "-m", "old")
    git(tmp_path, "clone", "-q", "origin", "clone")
    git(tmp_path / "origin", "commit", "-q", "--allow-empty", "-m", "latest")
    for name in ("pip", "tierproof"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} $@" >> {tmp_path / "called"}\n', encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    job = yaml.safe_load(starters()["gitlab"].text())["tierproof"]
    base = job["variables"]["BASE"].replace("$CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "trunk")
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "trunk",
        "BASE": base,
    }
    subprocess.run(["sh", "-e", "-c", "\n".join(job["script"])], cwd=tmp_path / "clone", env=environment, check=True)

    called = (tmp_path / "called").read_text(encoding="utf-8").splitlines()
    assert called[-1].startswith(f"tierproof check . --base {base} ")
    assert git(tmp_path / "clone", "rev-parse", base) == git(tmp_path / "origin", "rev-parse", "trunk")

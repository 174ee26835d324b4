"""`tierproof init` writes files that work as they are, and never loses one that is there."""

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


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("", encoding="utf-8")

    assert init("github", "--into", str(tmp_path))[0] == 2


def test_the_blueprint_is_the_default_one(tmp_path: Path) -> None:
    init("blueprint", "--into", str(tmp_path))
    file = tmp_path / "tierproof-blueprint.yaml"

    assert file.read_text(encoding="utf-8") == shipped().read_text(encoding="utf-8")
    assert load(file, {"EDG002"})[0].blueprint == "three-tier-web"


@pytest.mark.parametrize("name", [name for name, one in starters().items() if one.path.endswith((".yml", ".yaml"))])
def test_yaml_starters_are_yaml(name: str) -> None:
    assert isinstance(yaml.safe_load(starters()[name].text()), dict | list)

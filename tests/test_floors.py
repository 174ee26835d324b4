"""The floors: what may import what, as `pyproject.toml` says it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def contracts() -> list[dict[str, object]]:
    """Return the contracts that are kept."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on the `checker` in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_every_contract_is_kept() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts())} kept, 0 broken" in done.stdout


def test_every_folder_of_the_package_has_its_floor() -> None:
    (layers,) = (contract["layers"] for contract in contracts() if contract["type"] == "layers")
    assert isinstance(layers, list)
    named = {name.strip().removeprefix("checker.") for layer in layers for name in layer.split("|")}
    folders = {path.parent.name for path in (ROOT / "checker").glob("*/__init__.py")}
    files = {path.stem for path in (ROOT / "checker").glob("*.py")} - {"__init__"}

    assert folders | files == named


def test_an_import_against_the_floors_is_found(tmp_path: Path) -> None:
    (tmp_path / "checker").symlink_to(ROOT / "checker", target_is_directory=True)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    floors = '    "checker.cli",\n    "checker.app",\n'
    assert floors in settings
    upside_down = settings.replace(floors, '    "checker.app",\n    "checker.cli",\n')
    (tmp_path / "pyproject.toml").write_text(upside_down, encoding="utf-8")

    done = lint(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "checker.cli.audit -> checker.app" in done.stdout

"""What is installed: the wheel has the code, the policies as data and the command, and every module can be imported."""

import configparser
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IMPORT_ALL = """
import importlib, pkgutil, sys
import checker
names = [found.name for found in pkgutil.walk_packages(checker.__path__, "checker.")]
for name in names:
    importlib.import_module(name)
print(checker.__file__)
print(*names)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel of this checkout, built without the network."""
    pytest.importorskip("hatchling.build", reason="the build backend, hatchling, is not installed here")
    target = tmp_path_factory.mktemp("wheel")
    program = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds what the wheel installs."""
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def isolated(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program that sees the folder's `checker` and none of this checkout."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{program}"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def modules_of_the_checkout() -> set[str]:
    """Return the names of every module under `checker/`."""
    parts = (path.relative_to(ROOT).with_suffix("").parts for path in (ROOT / "checker").rglob("*.py"))
    names = (".".join(part for part in path if part != "__init__") for path in parts)
    return {name for name in names if name != "checker"}


@pytest.mark.slow
def test_the_wheel_has_code_policies_and_command_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry_points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        commands = configparser.ConfigParser()
        commands.read_string(archive.read(entry_points).decode())

    blueprints = {f"checker/{path.relative_to(ROOT)}" for path in (ROOT / "policies" / "blueprints").glob("*.yaml")}
    assert blueprints
    assert blueprints <= set(names)
    assert dict(commands["console_scripts"]) == {"tierproof": "checker.cli.main:run"}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"checker", "tierproof"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name]


@pytest.mark.slow
def test_every_module_can_be_imported_from_what_is_installed(installed: Path) -> None:
    done = isolated(installed, IMPORT_ALL)

    assert done.returncode == 0, done.stderr
    place, modules = done.stdout.splitlines()
    assert Path(place).is_relative_to(installed)
    assert set(modules.split()) >= modules_of_the_checkout()


@pytest.mark.slow
def test_the_installed_command_has_its_blueprint(installed: Path) -> None:
    program = "from checker.app import Choices, prepare; print(*prepare(Choices()).blueprint.tiers)"

    done = isolated(installed, program)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["edge", "app", "cache", "table", "data", "files"]

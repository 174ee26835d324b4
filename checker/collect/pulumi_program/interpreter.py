"""Which Python runs a program: the one that its packages are installed in.

Nothing of it is run here: an environment that lies in the project is the project's own code.
Source: https://www.pulumi.com/docs/iac/languages-sdks/python/
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from checker.collect.pulumi_program.project import Project
from checker.errors import UsageError

# Where tools make an environment if nobody says otherwise.
_BESIDE = (".venv", "venv")
_PROGRAMS = ("bin/python", "bin/python3", "Scripts/python.exe")
_INSTALL = "run `pulumi install` in the project, or name another with --python"


@dataclass(frozen=True)
class Interpreter:
    """An interpreter and the folders that it needs: its own, those that it is made from, and its packages."""

    path: Path
    needs: tuple[Path, ...]

    @property
    def environment(self) -> Path:
        """Return the folder that it is installed in."""
        return self.path.parent.parent


def interpreter(project: Project, given: Path | None, environment: Mapping[str, str]) -> Interpreter:
    """Return the interpreter for a project: the one given, the project's own, the active one, or ours.

    Raises:
        UsageError: there is none, or none with Pulumi's packages.
    """
    if given is not None:
        path = _python_in(given) if given.is_dir() else given if given.is_file() else None
        if path is None or not os.access(path, os.X_OK):
            raise UsageError("there is no such interpreter", where=f"--python {given}")
        return _checked(path, f"--python {given}")
    if project.virtualenv:
        folder = project.folder / project.virtualenv
        path = _python_in(folder)
        if path is None:
            where = f"{project.file.path}:{project.file.lines.get(('runtime', 'options', 'virtualenv'), 1)}"
            raise UsageError(f"there is no Python in its virtualenv {folder}", where=where, hint=_INSTALL)
        return _checked(path, str(folder))
    for folder in _candidates(project, environment):
        path = _python_in(folder)
        if path is not None and _has_pulumi(path) is not False:
            return _checked(path, str(folder))
    if find_spec("pulumi") is not None:
        return _needing(Path(sys.executable), sys.prefix, sys.base_prefix)
    what = "there is no Python that has Pulumi's packages"
    raise UsageError(what, where=str(project.folder), hint=_INSTALL)


def _candidates(project: Project, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders where an environment may be: beside the program, up to the root of its repository if any."""
    here = Path(os.path.abspath(project.folder))  # noqa: PTH100  # links are followed by nobody here
    above = [here, *here.parents]
    last = next((at for at, folder in enumerate(above) if (folder / ".git").exists()), 0)
    for folder in above[: last + 1]:
        yield from (folder / name for name in _BESIDE)
    active = environment.get("VIRTUAL_ENV")
    if active:
        yield Path(active)


def _python_in(folder: Path) -> Path | None:
    """Return the interpreter of an environment; the link is not followed, since it says which environment it is."""
    found = next((folder / name for name in _PROGRAMS if (folder / name).is_file()), None)
    return found and Path(os.path.abspath(found))  # noqa: PTH100  # as above


def _checked(path: Path, where: str) -> Interpreter:
    path = Path(os.path.abspath(path))  # noqa: PTH100  # as above
    if _has_pulumi(path) is False:
        raise UsageError(f"{path} has no package pulumi", where=where, hint=_INSTALL)
    return _needing(path)


def _needing(path: Path, *more: str) -> Interpreter:
    real = Path(os.path.realpath(path))
    folders = [path.parent.parent, real.parent.parent, *map(Path, more)]
    home = _home_of(path)
    if home:
        folders.append(Path(home).parent)
    # An installer may only link to a package that it keeps elsewhere.
    folders += [Path(os.path.realpath(found)) for found in _packages(path)]
    return Interpreter(path, tuple(dict.fromkeys(folders)))


def _home_of(path: Path) -> str:
    """Return where the interpreter of an environment comes from, empty for one that is none.

    Source: https://docs.python.org/3/library/venv.html#how-venvs-work
    """
    try:
        lines = (path.parent.parent / "pyvenv.cfg").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    pairs = (line.partition("=") for line in lines)
    return next((value.strip() for key, _, value in pairs if key.strip() == "home"), "")


def _packages(path: Path) -> list[Path]:
    folder = path.parent.parent
    return [*folder.glob("lib/python3*/site-packages/pulumi"), *folder.glob("Lib/site-packages/pulumi")]


def _has_pulumi(path: Path) -> bool | None:
    """Tell whether an environment has Pulumi's package, None if its packages may lie elsewhere."""
    if _packages(path):
        return True
    folder = path.parent.parent
    settings = folder / "pyvenv.cfg"
    if not settings.is_file():
        return None
    text = settings.read_text(encoding="utf-8", errors="replace").replace(" ", "").lower()
    if "include-system-site-packages=true" in text:
        return None
    # A file of paths may lead elsewhere, as an editable package's does.
    paths = [one for one in folder.glob("lib/python3*/site-packages/*.pth") if not one.name.startswith("_virtualenv")]
    return None if any("/" in one.read_text(encoding="utf-8", errors="replace") for one in paths) else False

"""The project file: what the program is called, what runs it and where its stacks are configured.

Source: https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from checker.collect.pulumi_program.documents import Document, document
from checker.errors import ConfigurationError, SourceError, UsageError

FILES = ("Pulumi.yaml", "Pulumi.yml")
# How far below a folder projects are looked for, for a hint, and where none are.
_DEPTH, _MOST_FOLDERS = 4, 2000
_SKIPPED = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})
_READS = "only Python programs are run: save `pulumi preview --json --show-sames` and check that"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A Pulumi project of Python.

    `folder` is as it was given, `main` is the absolute path of the folder or file that is run. `virtualenv` and
    `toolchain` are empty where the project names none. `stacks` is the folder of the stacks' files.
    """

    name: str
    file: Document
    folder: Path
    main: Path
    virtualenv: str = ""
    toolchain: str = ""
    stacks: Path

    @property
    def main_shown(self) -> str:
        """Return what is run as a reader knows it."""
        program = self.main / "__main__.py" if self.main.is_dir() else self.main
        return os.path.normpath(self.folder / os.path.relpath(program, self.folder.absolute()))

    @property
    def declared(self) -> Mapping[str, object]:
        """Return the configuration that the project declares: a default, or a mapping that describes one."""
        return {} if isinstance(self.file.table().get("config"), str) else self.file.table("config")


def project_file(path: Path) -> Path | None:
    """Return the project file that a path is or holds, None if there is none."""
    if path.name in FILES and path.is_file():
        return path
    return next((path / name for name in FILES if (path / name).is_file()), None)


def project(path: Path) -> Project:
    """Return the project at a path.

    Raises:
        SourceError: there is none.
        UsageError: it is no Python program.
        ConfigurationError: its file cannot be read.
    """
    found = project_file(path)
    if found is None:
        below = ", ".join(str(one) for one in below_of(path))
        hint = f"there are projects in {below}" if below else "name the folder of a Pulumi project"
        raise SourceError("there is no Pulumi.yaml", where=str(path), hint=hint)
    file = document(found)
    name = file.table().get("name")
    if not isinstance(name, str) or not name:
        raise file.error(("name",), "the project has no name", "write name: NAME")
    runtime, options = _runtime(file)
    if runtime != "python":
        raise UsageError(f"the program is written for {runtime}", where=_place(file, "runtime"), hint=_READS)
    folder = found.parent
    main = _main(file, folder)
    return Project(
        name=name,
        file=file,
        folder=folder,
        main=main,
        virtualenv=_text(options, "virtualenv"),
        toolchain=_text(options, "toolchain"),
        stacks=folder / (_text(file.table(), "stackConfigDir") or _text(file.table(), "config")),
    )


def runtime_of(found: Path) -> str:
    """Return what a project file is written for, empty if it does not say; raises `ConfigurationError`."""
    try:
        return _runtime(document(found))[0]
    except ConfigurationError:
        return ""


def below_of(path: Path) -> Iterator[Path]:
    """Yield the folders of a few projects below a folder."""
    left = _MOST_FOLDERS
    top = len(path.parts)
    for folder, names, files in os.walk(path):
        here = Path(folder)
        left -= 1
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.startswith("."))
        if len(here.parts) - top >= _DEPTH or left < 0:
            names.clear()
        if here != path and any(name in files for name in FILES):
            yield here
            names.clear()


def _runtime(file: Document) -> tuple[str, Mapping[str, object]]:
    runtime = file.table().get("runtime")
    if isinstance(runtime, str) and runtime:
        return runtime, {}
    named = file.table("runtime").get("name") if runtime else None
    if not isinstance(named, str) or not named:
        raise file.error(("runtime",), "the project does not say what runs it", "write runtime: python")
    return named, file.table("runtime", "options")


def _main(file: Document, folder: Path) -> Path:
    """Return what is run; raises `ConfigurationError` if it is not there."""
    given = _text(file.table(), "main")
    main = Path(os.path.normpath((folder / given).absolute()))
    program = main / "__main__.py" if main.is_dir() else main
    if not program.is_file():
        hint = "write main: FOLDER" if not given else ""
        raise file.error(("main",), f"there is no program: {folder / given / '__main__.py'} is missing", hint)
    return main


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _place(file: Document, key: str) -> str:
    return f"{file.path}:{file.lines.get((key,), 1)}"

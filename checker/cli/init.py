"""`tierproof init`: write files to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checker.cli.command import Command


def run(
    names: Annotated[
        list[str] | None, typer.Argument(help="What to write; without any, tell what there is.", metavar="[NAME]...")
    ] = None,
    *,
    into: Annotated[Path, typer.Option(help="The folder of the repository.", metavar="FOLDER")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> int:
    """Write the files that a team starts from: CI workflows, hooks, settings, blueprint, waivers, a policy pack.

    A file that is there is never touched without --force, and either all of the files are written or none.
    """
    from checker.errors import UsageError
    from checker.starters.starter import starters

    known = starters()
    if not names:
        width = max(map(len, known))
        for one in known.values():
            typer.echo(f"  {one.name.ljust(width)}  {one.what} ({one.path})")
        return 0
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f"there is nothing called {unknown[0]!r} to start from", hint=f"there is {', '.join(known)}")
    if not into.is_dir():
        raise UsageError("there is no such folder", where=str(into))
    chosen = [known[name] for name in dict.fromkeys(names)]
    for path in (path for one in chosen for path in one.files):
        _refuse(into / path, force=force)
    for one in chosen:
        for path, text in one.files.items():
            _write(into / path, text())
        typer.echo(f"wrote {', '.join(str(into / path) for path in one.files)}: {one.then}")
    return 0


def _refuse(path: Path, *, force: bool) -> None:
    """Raise `UsageError` for a place where nothing can be written, or where something is that must stay."""
    from checker.errors import UsageError

    if path.is_dir():
        raise UsageError("this is a folder, nothing was written", where=str(path))
    # A link that leads nowhere is there too: nothing is written through it.
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError("the file exists, nothing was written", where=str(path), hint="--force replaces it")
    if wrong := [folder for folder in path.parents if folder.exists() and not folder.is_dir()]:
        raise UsageError("this is no folder, nothing was written", where=str(wrong[0]))


def _write(path: Path, text: str) -> None:
    from checker.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the file cannot be written: {error.strerror}", where=str(path)) from error


COMMAND = Command(
    "init",
    run,
    (
        "tierproof init",
        "tierproof init github settings waivers",
        "tierproof init pulumi",
        "tierproof init blueprint --into infrastructure/",
    ),
)

"""The sources that read files, and which of them a path belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import checker.collect
from checker._discover import declared
from checker.collect.source import FileSourceSpec
from checker.errors import SourceError, UsageError
from checker.model.call import Listed


@dataclass(frozen=True)
class Recognised:
    """A path, the source that reads it, and in words what it was taken for."""

    path: Path
    spec: FileSourceSpec
    what: str


@cache
def file_sources() -> Mapping[str, FileSourceSpec]:
    """Return the sources that read files, by name, in the order of their names."""
    found = (spec for _, spec in declared(checker.collect, "SOURCE", FileSourceSpec))
    return {spec.name: spec for spec in sorted(found, key=lambda spec: spec.name)}


def recognise(path: Path, name: str | None, kinds: Sequence[Listed]) -> Recognised:
    """Return what a path is; `name` says it instead of looking. Nothing is executed.

    Raises:
        UsageError: there is no such path or source, or several sources claim it.
        SourceError: no source can read it.
    """
    try:
        return _recognise(path, name, kinds)
    except OSError as error:
        raise SourceError(f"it cannot be read: {error.strerror}", where=str(error.filename or path)) from error


def _recognise(path: Path, name: str | None, kinds: Sequence[Listed]) -> Recognised:
    sources = file_sources()
    if name is not None and name not in sources:
        near = get_close_matches(name, sources, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sources)}"
        raise UsageError(f"no source of files is called {name!r}", where="--from", hint=hint)
    if not path.exists():
        raise UsageError("there is no such file or folder", where=str(path))
    if not path.is_file() and not path.is_dir():
        # Looking into a pipe takes out what it holds, and one that nobody writes to is waited for without end.
        raise UsageError(
            "this is neither a file nor a folder", where=str(path), hint="write it to a file, and give that"
        )
    if name is not None:
        return Recognised(path, sources[name], f"{name}, as --from says")
    found = [Recognised(path, spec, what) for spec in sources.values() if (what := spec.recognise(path, kinds))]
    if not found:
        said = next((said for spec in sources.values() if (said := spec.suggest(path))), None)
        looked = "; ".join(f"{spec.name}: {spec.looks_for}" for spec in sources.values())
        raise SourceError("nothing usable is there", where=str(path), hint=said or f"looked for {looked}")
    if len(found) > 1:
        claims = ", ".join(f"{one.spec.name} ({one.what})" for one in found)
        raise UsageError(f"this could be {claims}", where=str(path), hint="say which with --from NAME")
    return found[0]

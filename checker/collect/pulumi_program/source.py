"""The source of Pulumi programs: projects that are run, each shut in, and what they register."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from checker.collect.as_plan.declared import Declared
from checker.collect.pulumi_program.project import below_of, project, project_file, runtime_of
from checker.collect.source import Execution, Inputs, Progress, silent
from checker.errors import ConfigurationError, UsageError
from checker.model.call import Listed
from checker.model.record import Collection

_MOST_BYTES = 64_000_000
_ON_REQUEST = "its program is executed only on request, with --from pulumi-program"


class _Gathered(Protocol):
    """What programs registered, as `checker.collect.pulumi.gathered` keeps it, which is imported when they are run."""

    def collection(self, kinds: Sequence[Listed]) -> Collection: ...

    def declared(self) -> Declared: ...


@dataclass(frozen=True)
class ProgramSource:
    """Projects that are read as one."""

    paths: tuple[Path, ...]
    execution: Execution
    _kept: list[_Gathered] = field(default_factory=list, init=False, repr=False, compare=False)

    def collect(self, kinds: Sequence[Listed], progress: Progress = silent) -> Collection:
        """Return all that the programs register.

        Raises:
            SourceError: there is no project, or a program cannot begin.
            UsageError: a program cannot be run here, or which of its stacks is meant is not clear.
            ConfigurationError: a project's file cannot be read, or a program asks for what is not configured.
        """
        return self._gathered(progress).collection(kinds)

    def declared(self, progress: Progress = silent) -> Declared:
        """Return all that the programs register, of every type; raises as `collect` does."""
        return self._gathered(progress).declared()

    def _gathered(self, progress: Progress) -> _Gathered:
        """Return what the programs register, which are run once."""
        from checker.collect.pulumi_program.world import gathered

        if not self._kept:
            found = [project(path) for path in dict.fromkeys(self.paths)]
            outputs = _outputs(self.execution.stack_outputs)
            self._kept.append(gathered(found, self.execution, outputs, os.environ, progress))
        return self._kept[0]


def source_of(paths: Sequence[Path], inputs: Inputs) -> ProgramSource:
    """Return the source of some projects; nothing is read or run yet."""
    return ProgramSource(tuple(paths), inputs.execution)


def recognise(path: Path, kinds: Sequence[Listed]) -> None:
    """Return that nothing is of this source: a program is run only where the user says so."""


def suggested(path: Path) -> str | None:
    """Return what a path is if it is a Pulumi project, and how it is read."""
    file = project_file(path)
    if file is None:
        below = next(below_of(path), None) if path.is_dir() else None
        return f"{below} is a Pulumi project: {_ON_REQUEST}" if below else None
    if runtime_of(file) not in ("", "python"):
        return "it is a Pulumi project: check what pulumi preview --json --show-sames or pulumi stack export writes"
    return f"it is a Pulumi project: {_ON_REQUEST}"


def _outputs(path: Path | None) -> Mapping[str, Mapping[str, object]]:
    """Return the outputs of other stacks by the stack's name; raises `ConfigurationError`."""
    if path is None:
        return {}
    where, hint = f"--stack-outputs {path}", 'write {"ORGANIZATION/PROJECT/STACK": {"NAME": VALUE}}'
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError(f"it is larger than {_MOST_BYTES:,} bytes", where=where)
        read: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror}", where=where) from error
    except ValueError as error:
        raise ConfigurationError(f"it is no JSON: {error}", where=where, hint=hint) from error
    if not isinstance(read, dict) or not all(isinstance(one, dict) for one in read.values()):
        raise ConfigurationError("it does not give the outputs of stacks", where=where, hint=hint)
    return read

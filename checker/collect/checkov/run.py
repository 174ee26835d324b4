"""One run of the team's checkov on a folder or a plan, which must not load its settings or code from what it reads."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.collect.checkov.answer import parse
from checker.errors import UsageError
from checker.model.peer import PeerRun

TOOL = "checkov"
# Neither its own variables nor the platform's key: what it finds must rest on the command alone and leave the machine
# for nowhere. A home would bring its configuration along.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "COMSPEC", "PATHEXT")
_MOST_ERROR, _MOST_SECONDS = 500, 86_400
# What checkov ends with where nothing fails a check, and where something does.
_WELL = (0, 1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkov:
    """A command that runs checkov, its program first, and the seconds it may take for one path."""

    command: tuple[str, ...]
    seconds: float = 300.0


def checkov_at(command: str, seconds: float, environment: Mapping[str, str]) -> Checkov:
    """Return the checkov that a command line names.

    A bare name is looked for in the absolute folders of PATH alone: the folder that is judged may be the current one.

    Raises:
        UsageError: there is no such program, or the command or the time cannot be meant.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{command!r} is no command: {error}", where="--checkov-command") from error
    if not words:
        raise UsageError("a command is needed", where="--checkov-command")
    if not 0 < seconds <= _MOST_SECONDS:
        raise UsageError(f"{seconds:g} is not between 0 and {_MOST_SECONDS} seconds", where="--checkov-timeout")
    folders = [folder for folder in environment.get("PATH", "").split(os.pathsep) if Path(folder).is_absolute()]
    program = shutil.which(words[0], path=os.pathsep.join(folders))
    if program is None:
        hint = "install it into an environment of its own and name it: --checkov-command /opt/checkov/bin/checkov"
        raise UsageError(f"there is no program {words[0]}", where="--with-checkov", hint=hint)
    return Checkov((str(Path(program).absolute()), *words[1:]), seconds)


def run(checkov: Checkov, path: Path, environment: Mapping[str, str], *, is_plan: bool) -> PeerRun:
    """Return what checkov finds in a folder of HCL or in a plan; a run that fails says why.

    It runs in an empty folder with an empty home. The path stands behind a `=`: given as a word of its own, a folder's
    `.checkov.yaml` is loaded, which may run code and switch checks off.
    """
    what = "--file" if is_plan else "--directory" if path.is_dir() else "--file"
    options = [
        f"{what}={path.absolute()}",
        f"--framework={'terraform_plan' if is_plan else 'terraform'}",
        "--output=json",
        "--compact",
        "--skip-download",
        "--download-external-modules=false",
    ]
    with tempfile.TemporaryDirectory(prefix="tierproof-checkov-") as empty:
        own = {name: environment[name] for name in _KEPT if name in environment}
        own |= {"HOME": empty, "USERPROFILE": empty}
        try:
            output, errors, code = _finish([*checkov.command, *options], empty, own, checkov.seconds)
        except subprocess.TimeoutExpired:
            return PeerRun(TOOL, str(path), error=f"it took more than {checkov.seconds:g} seconds and was ended")
        except OSError as error:
            return PeerRun(TOOL, str(path), error=f"it could not be started: {error.strerror}")
    said = errors.strip().splitlines()
    ending = f"exit code {code}" + (f": {said[-1][:_MOST_ERROR]}" if said else "")
    try:
        found = parse(output, path)
    except ValueError as error:
        log.debug("checkov said on stderr: %s", errors)
        return PeerRun(TOOL, str(path), error=f"its answer cannot be read ({error}), {ending}")
    return found if code in _WELL else replace(found, error=ending)


def _finish(
    command: Sequence[str], folder: str, environment: Mapping[str, str], seconds: float
) -> tuple[str, str, int]:
    """Return stdout, stderr and exit code; after `seconds` the process is killed with all that it started."""
    with subprocess.Popen(  # noqa: S603  # the command is the user's own, its arguments are words
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=seconds)
        except BaseException:
            # An interrupt too: what runs in a session of its own does not hear the terminal.
            _kill(process)
            raise
        return output, errors, process.returncode


def _kill(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    else:
        process.kill()

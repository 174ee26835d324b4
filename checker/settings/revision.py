"""Files as they are at a revision of a git repository, read so that nothing in the working tree has a say or is run.

Source: https://git-scm.com/docs/git-cat-file
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from checker.blueprints.files import File, from_disk
from checker.errors import ConfigurationError, UsageError

_SECONDS = 60
# Neither hooks nor monitors nor transports that a configuration may name are run, and no repository is taken for one
# that a folder of the tree only pretends to be.
# Source: https://git-scm.com/docs/git-config#Documentation/git-config.txt-safebareRepository
_SAFE = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "protocol.allow=never"),
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.warnAmbiguousRefs=true"),
    "--no-pager",
    "--no-replace-objects",
    "--no-optional-locks",
    "--literal-pathspecs",
)
# Git sets some of these for hooks; they would name another repository than the one of the path.
# Source: https://git-scm.com/docs/git-rev-parse#Documentation/git-rev-parse.txt---local-env-vars
_LOCAL = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"),
        *("GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_IMPLICIT_WORK_TREE"),
        *("GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_INTERNAL_SUPER_PREFIX"),
    }
)
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


@dataclass(frozen=True)
class Revision:
    """A commit of a repository: its working tree's folder, the commit's id and the name that the user gave."""

    root: Path
    commit: str
    name: str

    @property
    def label(self) -> str:
        """Return the commit as a report names it."""
        return self.commit[:12]

    def read(self, path: Path, hint: str = "") -> File:
        """Return a file as it is at this revision; what lies outside of the repository is read from the disk.

        Raises `ConfigurationError` where the revision has no such file, or it is no plain one.
        """
        inside = self._inside(path)
        if inside is None:
            return from_disk(path, hint)
        source = f"{inside} at {self.label}"
        mode, kind, id = self._entry(inside) or ("", "", "")
        if not id:
            raise ConfigurationError(
                "there is no such file at this revision", where=source, hint=f"--base {self.name} reads what is in it"
            )
        if kind != "blob" or mode == "120000":
            what = "a symbolic link" if mode == "120000" else "a folder" if kind == "tree" else "another repository"
            raise ConfigurationError(f"this is {what}", where=source, hint=hint)
        found = _git(self.root, "cat-file", "blob", id)
        if found.returncode:
            raise ConfigurationError(
                f"the file cannot be read: {_said(found)}",
                where=source,
                hint="the clone may be partial: fetch it first",
            )
        return File(source, found.stdout)

    def has(self, path: Path) -> bool:
        """Tell whether the revision has a file or a symbolic link at a path of the working tree."""
        inside = self._inside(path)
        entry = self._entry(inside) if inside is not None else None
        return entry is not None and entry[1] == "blob"

    def upwards(self, path: Path) -> tuple[Path, ...]:
        """Return the folders from that of a path up to the root; a link of the working tree leads to no other ones."""
        inside = self._inside(path) or self._inside(Path(os.path.realpath(path))) or "."
        start = self.root / inside
        return tuple(
            folder
            for folder in ((start, *start.parents) if path.is_dir() else start.parents)
            if folder.is_relative_to(self.root)
        )

    def _inside(self, path: Path) -> str | None:
        """Return a path as the repository calls it.

        Only where the root lies is looked up on the disk: a link of the working tree must not lead out of the revision.
        """
        whole = Path(os.path.normpath(path.absolute()))
        for folder in reversed(whole.parents):
            if folder == self.root or Path(os.path.realpath(folder)) == self.root:
                return whole.relative_to(folder).as_posix()
        return None

    def _entry(self, inside: str) -> tuple[str, str, str] | None:
        done = _git(self.root, "ls-tree", "-z", "--full-tree", self.commit, "--", inside)
        if done.returncode:
            where = f"{inside} at {self.label}"
            raise ConfigurationError(f"the revision cannot be read: {_said(done)}", where=where)
        line = done.stdout.split(b"\0")[0].decode("utf-8", "replace")
        if not line:
            return None
        mode, kind, id = line.partition("\t")[0].split(" ")
        return mode, kind, id


def revision(name: str, beside: Path) -> Revision:
    """Return a revision of the repository that contains a path.

    Raises `UsageError` where there is no git, no repository or no such commit, or where others may choose which it is:
    by a submodule, or by a branch or tag that is called like another or like a commit's id.
    """
    if not name or name.startswith("-"):
        raise UsageError(f"{name!r} is no revision", where="--base", hint="give a branch, a tag or a commit")
    folder = beside if beside.is_dir() else beside.parent
    if not folder.is_dir():
        raise UsageError("there is no such file or folder", where=str(beside))
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise UsageError(f"{folder} is in no git repository that can be read: {_said(top)}", where="--base")
    root = Path(os.path.realpath(os.fsdecode(top.stdout.rstrip(b"\r\n"))))
    if _git(root, "rev-parse", "--show-superproject-working-tree").stdout.strip():
        what = f"{root} is a submodule: the tree under review chooses which repository that is"
        raise UsageError(what, where="--base", hint="give --config FILE instead")
    found = _git(root, "rev-parse", "--verify", f"{name}^{{commit}}")
    if found.returncode:
        hint = "in a shallow clone, fetch it first: git fetch origin BRANCH"
        raise UsageError(f"the repository {root} has no commit {name!r}", where="--base", hint=hint)
    commit = found.stdout.decode("ascii").strip()
    # A whole id is always that commit; else git takes a tag before a branch, and both before origin's.
    # Source: https://git-scm.com/docs/gitrevisions
    if b"is ambiguous" in found.stderr and name.lower() != commit:
        hint = f"give the whole name, such as refs/remotes/{name}, or the whole id of the commit"
        raise UsageError(f"{name!r} is the name of more than one branch, tag or commit", where="--base", hint=hint)
    return Revision(root, commit, name)


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # In absolute folders alone: the current one may be the tree under review.
    folders = [part for part in os.environ.get("PATH", "").split(os.pathsep) if Path(part).is_absolute()]
    program = shutil.which("git", path=os.pathsep.join(folders))
    if program is None:
        raise UsageError("git is not installed", where="--base", hint="give --config FILE instead")
    environment = {key: value for key, value in os.environ.items() if key not in _LOCAL}
    try:
        return subprocess.run(  # noqa: S603  # git's own path, and no argument can be taken for an option
            [program, *_SAFE, *arguments],
            cwd=folder,
            env={**environment, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"git could not be run: {error}", where="--base") from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit code {done.returncode}"

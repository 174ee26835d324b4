"""What a program sees of the machine: few variables, and none of the files that hold credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# All that is passed on: where programs are, and how texts and times are written.
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
_SET = {
    "PYTHONDONTWRITEBYTECODE": "1",
    # The same program says the same twice, and both runs differ by what they are given alone.
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # Each thread of the SDK's server would reserve memory of its own, which counts against the limit.
    "MALLOC_ARENA_MAX": "2",
    "AWS_EC2_METADATA_DISABLED": "true",
}
# Sockets of the system's services, a container engine's among them, and the files that services keep there.
_SERVICES = ("/run", "/var/run", "/tmp", "/var/tmp")  # noqa: S108  # they are hidden, not written to
# Variables that name files with credentials.
_NAMES = ("AWS_", "AZURE_", "GOOGLE_", "PULUMI_", "VAULT_", "KUBECONFIG", "DOCKER_CONFIG", "NETRC")


def environment(given: Mapping[str, str], virtualenv: Path) -> dict[str, str]:
    """Return the variables of a program; its home and its folder of temporary files are set when it is started."""
    kept = {name: given[name] for name in KEPT if name in given}
    home = given.get("HOME", "")
    # Packages that were installed for one user alone are found by the home that the program does not see.
    user = {"PYTHONUSERBASE": given.get("PYTHONUSERBASE") or str(Path(home, ".local"))} if home else {}
    own = {"VIRTUAL_ENV": str(virtualenv)} if (virtualenv / "pyvenv.cfg").is_file() else user
    return {**kept, **own, **_SET}


def hidden(given: Mapping[str, str], needed: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files and folders that a program must not see, none of which holds what it needs.

    Those are all whose names begin with a dot in the user's home, what variables of clouds name, and the places of the
    system's services.
    """
    real = [Path(os.path.realpath(path)) for path in needed]
    found: dict[Path, None] = {}
    for path in _secret(given):
        at = Path(os.path.realpath(path))
        if at.exists() and not any(one.is_relative_to(at) for one in real):
            found[at] = None
    # What lies in a folder that is hidden is hidden with it.
    return tuple(path for path in found if not any(parent in found for parent in path.parents))


def _secret(given: Mapping[str, str]) -> Iterator[Path]:
    yield from map(Path, _SERVICES)
    yield Path("/root")
    home = given.get("HOME", "")
    if home and Path(home).is_absolute():
        yield Path(home)
        try:
            names = sorted(os.listdir(home))  # noqa: PTH208  # names alone are wanted
        except OSError:
            names = []
        yield from (Path(home, name) for name in names if name.startswith("."))
    for name, value in given.items():
        if name.startswith(_NAMES) and value.startswith("/"):
            yield Path(value)

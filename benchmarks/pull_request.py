"""
A pull request of 5,000 resources, judged from HCL and from a plan's JSON, against checkov on the same files.

    python benchmarks/pull_request.py [--shops 77] [--checkov COMMAND] [--rounds 3]

The repository is written by `benchmarks/repository.py`. Each side runs as a program of its own, from the start of
Python to its end, one after the other; the best of the rounds counts for each. checkov runs with all of its checks, in
an environment of its own (`make checkov` makes one), without looking for downloads. Without a checkov only our own
figures are printed. Ends with 1 if a limit is missed.
"""

import argparse
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Measured, run
from repository import write

HERE = Path(__file__).parent
TIERPROOF = [sys.executable, "-c", "from checker.cli.main import run; run()", "check", "--quiet"]
CHECKOV = HERE.parent / ".venv-checkov" / "bin" / "checkov"
JUDGED = (0, 1, 4)


@dataclass(frozen=True)
class Limit:
    """How many times faster than checkov we are at least, and which part of its memory we use at most."""

    faster: float
    memory: float


LIMITS = {"hcl": Limit(5.0, 1 / 3), "plan": Limit(10.0, 1 / 3)}


def measured(command: Sequence[str], rounds: int, codes: Sequence[int], environment: Mapping[str, str]) -> Measured:
    """Return the fastest of some runs after one that is not counted, in which Python compiles what it imports.

    Raises:
        RuntimeError: a run did not end as it should.
    """
    taken = [run(command, environment) for _ in range(rounds + 1)][1:]
    if wrong := [one.code for one in taken if one.code not in codes]:
        raise RuntimeError(f"{command[0]} ended with {wrong[0]}: {shlex.join(command)}")
    return min(taken, key=lambda one: one.cpu)


def _environment(cache: Path) -> dict[str, str]:
    """Return an environment in which both sides find their modules compiled, as after an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(HERE.parent), "PYTHONPYCACHEPREFIX": str(cache), "LOG_LEVEL": "ERROR"}


def _line(name: str, taken: Measured) -> str:
    return f"  {name:10} {taken.wall:7.2f} s wall  {taken.cpu:7.2f} s cpu  {taken.memory:7.0f} MB"


def compare(form: str, path: Path, checkov: Sequence[str], rounds: int) -> bool:
    """Measure both on one form and print it; tell whether the limits hold."""
    print(f"{form}:")
    environment = _environment(path.parent / "compiled")
    ours = measured([*TIERPROOF, str(path)], rounds, JUDGED, environment)
    print(_line("tierproof", ours))
    if not checkov:
        return True
    what = ["--file", str(path)] if path.is_file() else ["--directory", str(path)]
    theirs = measured(
        [*checkov, *what, "--skip-download", "--quiet", "--compact", "-o", "json"], rounds, (0, 1), environment
    )
    print(_line("checkov", theirs))
    limit = LIMITS[form]
    faster, memory = theirs.wall / ours.wall, ours.memory / theirs.memory
    ok = faster >= limit.faster and memory <= limit.memory
    word = "ok" if ok else "MISSED"
    told = (
        f"{faster:.1f} x as fast (at least {limit.faster:g}), {memory:.2f} of its memory (at most {limit.memory:.2f})"
    )
    print(f"  {told}: {word}")
    return ok


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=int, default=77, help="65 resources each")
    parser.add_argument("--checkov", default=str(CHECKOV), help="the command that runs checkov")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    checkov = shlex.split(options.checkov)
    if not shutil.which(checkov[0]):
        print(f"no checkov at {checkov[0]} (make checkov): only our own figures")
        checkov = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"{write(root, options.shops)} resources")
        forms = {"hcl": root / "hcl", "plan": root / "plan.json"}
        kept = [compare(form, path, checkov, options.rounds) for form, path in forms.items()]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())

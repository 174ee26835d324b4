"""
A program's wall time, processor time and memory, from the operating system's own account of the process.

    python benchmarks/measure.py COMMAND...     prints them as JSON

On Linux a process begins with the peak memory of the one that started it, so a large program cannot measure a small
one: `run` puts this file, which is small, in between.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What one run took: seconds of wall and of processor time, peak resident memory in MB, and its exit code."""

    wall: float
    cpu: float
    memory: float
    code: int


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a program with its output thrown away and measure it; errors go to stderr as they come."""
    between = [sys.executable, "-I", "-S", __file__, *command]
    told = subprocess.run(between, stdout=subprocess.PIPE, env=environment, check=True)
    return Measured(**json.loads(told.stdout))


def main(command: Sequence[str]) -> None:
    """Run `command` and print what it took."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # Linux counts in kibibytes. Source: https://man7.org/linux/man-pages/man2/getrusage.2.html
    memory = usage.ru_maxrss * 1024 / 1_000_000
    taken = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": memory, "code": process.returncode}
    print(json.dumps(taken))


if __name__ == "__main__":
    main(sys.argv[1:])

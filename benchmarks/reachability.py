"""
What judging costs as accounts grow: processor time and peak memory, each account in a process of its own.

    python benchmarks/reachability.py [--most 100000]

The accounts are drawn by `benchmarks/account.py`; nothing is read from AWS or emulated. Twice the interfaces with the
same classes of them may cost at most 1.3 times the judging; reading each record once is told apart. Ends with 1 if a
limit is missed.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from pathlib import Path

SIZES = (1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 100_000)
MOST_PER_DOUBLING = 1.3
MOST_SECONDS, MOST_MEMORY = 60.0, 2000.0
# From here on judging takes long enough for its noise not to look like growth.
FROM = 4000


@dataclass(frozen=True)
class Cost:
    """What one account took: processor seconds to read and to judge, both together by the clock, peak memory in MB."""

    records: int
    read: float
    judged: float
    wall: float
    memory: float

    @property
    def cpu(self) -> float:
        """Return the processor seconds of both."""
        return self.read + self.judged


# The accounts that are compared with limits of their own: seconds of processor time, and memory in MB.
CHECKS = {
    "5,000 resources": ("budget", 2.0, 300.0),
    "1,000 groups of 60 rules in cycles": ("cycles", 10.0, MOST_MEMORY),
}
# What a wide rule may cost more than the same account without it, in processor seconds.
WIDE, MOST_EXTRA = "10,000 prefixes, 40 ACL rules, 200 routes", 1.0


def child(name: str, interfaces: int) -> Cost:
    """Build an account, judge it and return what the judging took."""
    # Only the process that is measured pays for these.
    from unittest.mock import patch

    from account import Shape, account, cyclic

    from checker import app
    from checker.resources.inventory import normalise

    wide = Shape(entries=10_000, wide_shops=1, acl_rules=40, routes=200)
    small = Shape(vpcs=5, shops=10, sets=50, groups=200, rules=800)
    made = {
        "growth": lambda: account(interfaces, Shape()),
        "wide": lambda: account(interfaces, wide),
        "budget": lambda: account(interfaces, small),
        "cycles": lambda: cyclic(1000, 60),
    }
    collection, case = [made[name]()], app.prepare(app.Choices())
    records, read = len(collection[0].records), 0.0

    def timed(*given: object) -> object:
        nonlocal read
        found = normalise(*given)  # type: ignore[arg-type]  # as it was called
        read = time.process_time()
        return found

    with patch.object(app, "normalise", timed):
        clock, started = time.perf_counter(), time.process_time()
        report = app.judge(collection.pop(), case)
        judged, wall = time.process_time(), time.perf_counter() - clock
    if report.crashes or not report.stacks:
        raise SystemExit(f"nothing was measured: {report.crashes[:1] or 'no stack was found'}")
    # Linux counts in kibibytes. Source: https://man7.org/linux/man-pages/man2/getrusage.2.html
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1_000_000
    return Cost(records, read - started, judged - read, wall, memory)


def measured(name: str, interfaces: int, rounds: int = 2) -> Cost:
    """Return the cheapest of several runs, each in a fresh process."""
    command = [sys.executable, __file__, "--one", name, str(interfaces)]
    path = {"PYTHONPATH": str(Path(__file__).resolve().parent.parent), "PYTHONHASHSEED": "0"}
    told = (subprocess.run(command, stdout=subprocess.PIPE, env=path, check=True).stdout for _ in range(rounds))
    return min((Cost(**json.loads(text)) for text in told), key=lambda cost: cost.cpu)


def grown(most: int) -> Iterator[bool]:
    """Print the table of growth and yield whether each limit held."""
    print("interfaces   records      read     judge       all   doubling    wall   memory")
    before: tuple[int, Cost] | None = None
    for size in (size for size in SIZES if size <= most):
        cost = measured("growth", size)
        ratio = ""
        if before:
            times = (cost.judged / before[1].judged) ** (1 / log2(size / before[0]))
            held = before[0] < FROM or times <= MOST_PER_DOUBLING
            ratio = f"{times:.2f} x" + ("" if held else " MISSED")
            yield held
        print(
            f"{size:10,} {cost.records:9,} {cost.read:7.2f} s {cost.judged:7.2f} s {cost.cpu:7.2f} s {ratio:>10}"
            f" {cost.wall:5.1f} s {cost.memory:5.0f} MB",
            flush=True,
        )
        before = size, cost
    if before:
        yield _limit(f"{before[0]:,} interfaces", before[1].cpu, MOST_SECONDS, "s")
        yield _limit(f"{before[0]:,} interfaces", before[1].memory, MOST_MEMORY, "MB")


def checked() -> Iterator[bool]:
    """Measure the other accounts and yield whether each limit held."""
    for title, (name, seconds, memory) in CHECKS.items():
        cost = measured(name, 2800)
        yield _limit(title, cost.cpu, seconds, "s")
        yield _limit(title, cost.memory, memory, "MB")
    plain, wide = measured("growth", FROM), measured("wide", FROM)
    yield _limit(WIDE, wide.cpu - plain.cpu, MOST_EXTRA, "s more")


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="interfaces of the largest account")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "INTERFACES"), help="measure one account and print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(vars(child(options.one[0], int(options.one[1])))))
        return 0
    held = [*grown(options.most), *checked()]
    return 0 if all(held) else 1


def _limit(name: str, value: float, most: float, unit: str) -> bool:
    held = value <= most
    print(f"  {name:42} {value:8.2f} {unit:6} limit {most:g}: {'ok' if held else 'MISSED'}", flush=True)
    return held


if __name__ == "__main__":
    sys.exit(main())

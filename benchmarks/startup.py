"""
How much `tierproof --help` costs beyond starting Python: processor seconds of paired runs.

    python benchmarks/startup.py [--pairs 15] [--limit 0.3]

Each pair runs `python -c pass` and `tierproof --help` one after the other, so that what else the machine does falls on
both. Ends with 1 if the median difference is above the limit.
"""

import argparse
import statistics
import sys

from measure import run

PYTHON = [sys.executable, "-c", "pass"]
HELP = [sys.executable, "-c", "from checker.cli.main import run; run()", "--help"]


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15, help="paired runs after one that is not counted")
    parser.add_argument("--limit", type=float, default=0.3, help="median difference, in processor seconds")
    options = parser.parse_args()
    # The first pair reads files that the next ones have in memory.
    pairs = [(run(PYTHON).cpu, run(HELP).cpu) for _ in range(options.pairs + 1)][1:]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    more = statistics.median(helped - plain for plain, helped in pairs)
    print(f"python -c pass     {bare:6.3f} s cpu  (median of {options.pairs})")
    print(f"tierproof --help   {ours:6.3f} s cpu  {ours / bare:.1f} x")
    word = "ok" if more <= options.limit else "MISSED"
    print(f"difference         {more:6.3f} s cpu  limit {options.limit:g} s: {word}")
    return int(more > options.limit)


if __name__ == "__main__":
    sys.exit(main())
